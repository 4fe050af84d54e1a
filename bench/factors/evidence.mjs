// Writes the figures of docs/evidence/second-factor.md: `node bench/factors/evidence.mjs` after a build.
import { readFileSync, writeFileSync } from 'node:fs';
import { FIXED, MEASURED, tableOf, withTable } from './figures.mjs';

const file = new URL('../../docs/evidence/second-factor.md', import.meta.url);
let page = readFileSync(file, 'utf8');
for (const [name, table] of Object.entries({ ...FIXED, ...MEASURED })) {
  page = withTable(page, name, await tableOf(table));
}
writeFileSync(file, page);
