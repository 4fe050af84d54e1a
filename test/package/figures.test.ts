/** The figures of speed in the documents are those of the runs that bench/results keeps. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chartOf, pages, readResults, withFigures } from '../../bench/report/pages.mjs';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const results = readResults();

const MARK = /<!-- figures: |"figure: /;
const withMarks = pages().filter((page) => MARK.test(read(page)));

test('README and the page on performance hold figures', () => {
  expect(withMarks).toEqual(expect.arrayContaining(['README.md', 'docs/evidence/performance.md']));
});

test.each(withMarks)('Every figure of %s is that of the results', (path) => {
  const page = read(path);
  expect(page).not.toMatch(/NaN|undefined µs/);
  expect(withFigures(page, results)).toBe(page);
});

test('The chart is drawn from the results', () => {
  expect(read('docs/evidence/performance.svg')).toBe(chartOf(results));
});

test('A table is written between its marks and nowhere else', () => {
  const page =
    'a\n<!-- figures: machine -->\n<!-- end -->\nb\n<!-- figures: speed -->\n<!-- end -->\nc\n';
  const written = withFigures(page, results);
  expect(written).toMatch(/^a\n<!-- figures: machine -->\nMeasured .*\n<!-- end -->\nb\n/);
  expect(written).toMatch(/\| otpauth [\s\S]*\|\n<!-- end -->\nc\n$/);
  expect(withFigures(written, results)).toBe(written);
});

describe('A figure', () => {
  test('that differs from the results is found', () => {
    const stale = '[999 µs](docs/evidence/performance.md "figure: from text")';
    expect(withFigures(stale, results)).not.toBe(stale);
  });

  test('of an unknown name is an error', () => {
    const unknown = '[1 µs](performance.md "figure: luck")';
    expect(() => withFigures(unknown, results)).toThrow('no figure is named "luck"');
  });
});
