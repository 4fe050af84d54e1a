// The figures of docs/evidence/second-factor.md are those of the built package, and its tests exist.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FIXED, MEASURED, readTable, tableOf } from '../../bench/factors/figures.mjs';

const url = new URL('../../docs/evidence/second-factor.md', import.meta.url);
const page = readFileSync(url, 'utf8');

test.each(Object.entries(FIXED))(
  'The table of %s holds of the built package',
  async (name, table) => {
    expect(readTable(page, name)).toBe(await tableOf(table));
  },
);

test.each(Object.entries(MEASURED))(
  'The table of %s has a figure for each answer',
  (name, table) => {
    const lines = readTable(page, name)?.split('\n') ?? [];
    expect(lines[0]).toBe(`| ${table.head.join(' | ')} |`);
    expect(lines.length).toBeGreaterThan(6);
  },
);

test('Each test that the page names is a test of the file beside it', () => {
  let text = '';
  const named: string[] = [];
  for (const row of page.split('\n').filter((line) => line.startsWith('| '))) {
    const [, cell = ''] = row.split(' | ');
    const file = /\]\((\.\.\/\.\.\/test\/[\w./-]+\.test\.m?[jt]s)\)/.exec(cell)?.[1];
    if (file !== undefined) text = readFileSync(new URL(file, url), 'utf8');
    const title = /\*(.+)\*$/.exec(cell)?.[1];
    if (title === undefined) continue;
    named.push(title);
    expect(text, title).toContain(title);
  }
  expect(named.length).toBeGreaterThan(10);
});
