// Part of `npm run test:migrating`: the libraries that people come from are those of the benchmark.
import { ensureInstalled } from '../../scripts/install.mjs';

ensureInstalled('bench', 'the rivals');
