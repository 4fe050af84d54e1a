// The SQL of docs/stores.md is what the stores themselves say. Its TypeScript is run with that of all
// documents, in docs.test.ts.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mysqlSchema } from '../../src/stores/mysql.js';
import { postgresSchema } from '../../src/stores/postgres.js';
import { sqliteSchema } from '../../src/stores/sqlite.js';

test('The guide shows the table of each database as it is made', () => {
  const guide = readFileSync(new URL('../../docs/stores.md', import.meta.url), 'utf8');
  const shown = [...guide.matchAll(/^```sql\n(.*?)\n```$/gms)].map(([, sql]) => sql);
  const made = [postgresSchema(), sqliteSchema(), mysqlSchema()].map((sql) => `${sql};`);
  expect(shown).toEqual(made);
});

// A driver that is installed for the tests on servers alone stands as js; types.test.mjs holds its type.
test('The guide has no fence in a language that no test knows', () => {
  const guide = readFileSync(new URL('../../docs/stores.md', import.meta.url), 'utf8');
  const languages = [...guide.matchAll(/^```(.+)$/gm)].map(([, language]) => language);
  expect(new Set(languages)).toEqual(new Set(['ts', 'ts no-run', 'js', 'sql']));
});

test('The time limit that is tried on real servers is the one of the guide', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const tried = read('../servers/support/in-time.mjs').split('export ')[1] ?? '';
  const types = [
    ': SingleUseStore',
    ': number',
    ': ReturnType<typeof setTimeout> | undefined',
    '<never>',
  ];
  const shown = types.reduce(
    (text, type) => text.replaceAll(type, ''),
    read('../../docs/stores.md'),
  );
  expect(tried).toMatch(/^const inTime/);
  expect(shown).toContain(tried);
});
