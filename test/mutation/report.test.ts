// The figures of docs/testing.md are those of report.json, each survivor is explained, and every file of
// the sources has been measured. Stryker itself runs with `npm run test:mutation`.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { GROUPS, isIn } from './groups.mjs';
import { faultsOf, LEAST, nameOf, pageOf, readReport, totalOf } from './report.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const report = readReport();
const page = readFileSync(`${root}docs/testing.md`, 'utf8');

/** Names and whole numbers alone, which Stryker does not change. */
const EMPTY = ['index.ts', 'engine/simd/layout.ts'];
const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !EMPTY.includes(file))
  .map((file) => `src/${file.replaceAll('\\', '/')}`)
  .sort();

describe('The report', () => {
  test('has enough changes noticed, and something said of every other', () => {
    expect(faultsOf(report)).toEqual([]);
  });

  test('has every file of the sources, and no other', () => {
    expect(Object.keys(report.files).sort()).toEqual(sources);
  });

  test('counts as many survivors as it lists', () => {
    const counts = Object.values(report.files);
    const { detected, valid } = totalOf(counts);
    expect(report.survivors).toHaveLength(valid - detected);
    expect(valid).toBeGreaterThan(3000);
  });
});

test('The page says what the report says', () => {
  expect(page).toBe(pageOf(report, page));
});

test('Every file that can be changed is in exactly one group', () => {
  const grouped = Object.values(GROUPS).flatMap((group) =>
    sources.filter((file) => isIn(group, file)),
  );
  expect(grouped.sort()).toEqual(sources);
});

describe('Of a wrong report', () => {
  const file = 'src/window.ts';
  const survivor = { file, line: 1, code: 'if (a < b) return;', from: 'a < b', to: 'true' };

  test('a survivor that nothing is said of is named', () => {
    const wrong = { ...report, survivors: [...report.survivors, survivor] };
    expect(faultsOf(wrong)).toEqual([`not explained: ${nameOf(survivor)}`]);
  });

  test('an explanation of what does not survive is named', () => {
    const said = [{ title: '', why: '', survivors: [nameOf(survivor)] }];
    expect(faultsOf({ ...report, survivors: [] }, said)).toEqual([
      `explained, but gone: ${nameOf(survivor)}`,
    ]);
  });

  test('too few changes noticed are named', () => {
    const counts = { killed: 94, timeout: 0, survived: 6, noCoverage: 0, unloadable: 9 };
    const wrong = { ...report, survivors: [], files: { [file]: counts } };
    expect(faultsOf(wrong, [])).toEqual([`fewer than ${LEAST} % noticed`]);
    const right = { ...counts, timeout: 1, survived: 5 };
    expect(faultsOf({ ...wrong, files: { [file]: right } }, [])).toEqual([]);
  });

  test('the page is another one', () => {
    const counts = { killed: 1, timeout: 2, survived: 3, noCoverage: 4, unloadable: 0 };
    const wrong = { ...report, files: { ...report.files, [file]: counts } };
    expect(pageOf(wrong, page)).not.toBe(page);
    expect(pageOf({ ...report, date: '2020-01-01' }, page)).not.toBe(page);
  });
});
