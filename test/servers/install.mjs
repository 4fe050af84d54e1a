// Part of `npm run test:servers` and `npm run bench:stores`.
import { ensureInstalled } from '../../scripts/install.mjs';

ensureInstalled('test/servers', "the databases' drivers");
