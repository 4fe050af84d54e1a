// Part of `npm run test:runtimes`. The runtimes' install scripts, which download or copy binaries, are
// not needed.
import { ensureInstalled } from '../../scripts/install.mjs';

ensureInstalled('test/runtimes', 'the runtimes', '--ignore-scripts');
