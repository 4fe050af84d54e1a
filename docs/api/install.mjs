// Part of `npm run docs:api`.
import { ensureInstalled } from '../../test/support/install.mjs';

ensureInstalled('docs/api', 'TypeDoc');
