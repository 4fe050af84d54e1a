// Part of `npm run test:consumers`. None of the tools needs a script to be ready.
import { ensureInstalled } from '../../scripts/install.mjs';

ensureInstalled('test/consumers', 'compilers, bundlers and test runners', '--ignore-scripts');
