// The last step of `npm run test:mutation`: the report covers every source, the page shows the
// report, and a wrong report is found. Run by Node's own test runner.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { GROUPS, isIn } from './groups.mjs';
import { faultsOf, LEAST, nameOf, pageOf, readReport, totalOf } from './report.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
const report = readReport();

/** Names and whole numbers only, which Stryker does not change. */
const EMPTY = /(?:^index|\/layout)\.ts$/;
const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !EMPTY.test(file))
  .map((file) => `src/${file}`)
  .sort();

test('Enough changes are noticed, and every survivor has a reason', () => {
  assert.deepEqual(faultsOf(report), []);
});

test('The report has every source and no other file', () => {
  assert.deepEqual(Object.keys(report.files).sort(), sources);
});

test('The report counts as many survivors as it lists', () => {
  const { detected, valid } = totalOf(Object.values(report.files));
  assert.equal(report.survivors.length, valid - detected);
  assert.ok(valid > 3000);
});

test('The page shows the report', () => {
  assert.equal(page, pageOf(report, page));
});

test('Every source is in exactly one group', () => {
  const grouped = Object.values(GROUPS).flatMap((group) =>
    sources.filter((file) => isIn(group, file)),
  );
  assert.deepEqual(grouped.sort(), sources);
});

const file = 'src/step.ts';
const survivor = { file, line: 1, code: 'if (a < b) return;', from: 'a < b', to: 'true' };

test('A survivor without a reason is named', () => {
  const wrong = { ...report, survivors: [survivor] };
  assert.deepEqual(faultsOf(wrong, []), [`not explained: ${nameOf(survivor)}`]);
});

test('A reason without a survivor is named', () => {
  const reasons = [{ title: '', why: '', survivors: [nameOf(survivor)] }];
  assert.deepEqual(faultsOf({ ...report, survivors: [] }, reasons), [
    `explained, but gone: ${nameOf(survivor)}`,
  ]);
});

test('A report with too few changes noticed is named', () => {
  const counts = { killed: 94, timeout: 0, survived: 6, noCoverage: 0, unloadable: 9 };
  const wrong = { ...report, survivors: [], files: { [file]: counts } };
  assert.deepEqual(faultsOf(wrong, []), [`fewer than ${LEAST} % noticed`]);
  const right = { ...counts, timeout: 1, survived: 5 };
  assert.deepEqual(faultsOf({ ...wrong, files: { [file]: right } }, []), []);
});

test('Other figures and another date make another page', () => {
  const counts = { killed: 1, timeout: 2, survived: 3, noCoverage: 4, unloadable: 0 };
  const wrong = { ...report, files: { ...report.files, [file]: counts } };
  assert.notEqual(pageOf(wrong, page), page);
  assert.notEqual(pageOf({ ...report, date: '2020-01-01' }, page), page);
});
