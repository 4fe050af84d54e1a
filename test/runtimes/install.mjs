// Part of `npm run test:runtimes`. The runtimes' install scripts, which download or copy binaries, are
// not needed.
import { ensureInstalled } from '../support/install.mjs';

ensureInstalled('test/runtimes', 'the runtimes', '--ignore-scripts');
