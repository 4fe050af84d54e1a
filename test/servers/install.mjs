// Part of `npm run test:servers` and `npm run bench:stores`.
import { ensureInstalled } from '../support/install.mjs';

ensureInstalled('test/servers', "the databases' drivers");
