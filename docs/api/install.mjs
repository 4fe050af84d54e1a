// Part of `npm run docs:api`.
import { ensureInstalled } from '../../scripts/install.mjs';

ensureInstalled('docs/api', 'TypeDoc');
