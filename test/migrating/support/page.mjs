// A page of docs/migrating: its tables' rows and its differences are run one by one, and none of them
// stands there without a check, nor a check without a line that it is of.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const folder = new URL('../../../docs/migrating/', import.meta.url);

export function readPage(name) {
  return readFileSync(new URL(`${name}.md`, folder), 'utf8');
}

/** The first cells of all tables whose first column is `there`. */
export function readRows(text) {
  const rows = [];
  let isInside = false;
  for (const line of text.split('\n')) {
    const cell = /^\| (.*?) \|/.exec(line)?.[1];
    if (cell === undefined) isInside = false;
    else if (cell === 'there') isInside = true;
    else if (isInside && !/^-+$/.test(cell)) rows.push(cell);
  }
  return rows;
}

/** What each item of a list states first, in bold. */
export function readDifferences(text) {
  return [...text.matchAll(/^- \*\*(.+?)\*\*/gm)].map(([, statement]) => statement);
}

/** Which of the names a page's tables leave out: names are whole words in the first column. */
export function missingNames(text, names) {
  const column = readRows(text).join(' ');
  return names.filter((name) => !new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(column));
}

/** What is on one side only: lines of a page without a check, and checks without a line. */
export function strayLines(text, { rows, differences }) {
  const written = [...readRows(text), ...readDifferences(text)];
  const checked = [...Object.keys(rows), ...Object.keys(differences)];
  return {
    unchecked: written.filter((line) => !checked.includes(line)),
    unwritten: checked.filter((line) => !written.includes(line)),
  };
}

/** Runs a page's checks: one for each row, and one for each difference. */
export function testPage(name, { rows, differences }) {
  const text = readPage(name);

  test(`${name}.md: each row and each difference has a check, and each check has one`, () => {
    expect(strayLines(text, { rows, differences })).toEqual({ unchecked: [], unwritten: [] });
    expect(readRows(text).length).toBeGreaterThan(10);
    expect(readDifferences(text).length).toBeGreaterThan(10);
  });
  describe(`${name}.md, on both libraries:`, () => {
    for (const [row, check] of Object.entries(rows)) test(row, check);
    for (const [statement, check] of Object.entries(differences)) test(statement, check);
  });
}
