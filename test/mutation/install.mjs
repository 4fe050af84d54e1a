// Part of `npm run test:mutation`. Vitest, which Stryker's runner asks for, is that of the root.
import { ensureInstalled } from '../../scripts/install.mjs';

ensureInstalled('test/mutation', 'Stryker', '--ignore-scripts', '--legacy-peer-deps');
