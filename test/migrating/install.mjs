// Part of `npm run test:migrating`: the libraries that people come from are those of the benchmark.
import { ensureInstalled } from '../support/install.mjs';

ensureInstalled('bench', 'the rivals');
