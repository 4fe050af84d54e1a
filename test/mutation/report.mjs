/**
 * The results of a run: report.json, and its tables in README.md beside it. survivors.json has the
 * reason for each change that no test notices.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { jsonRows } from '../../scripts/json-rows.mjs';

const REPORT = new URL('./report.json', import.meta.url);
/** @type {readonly { title: string, why: string, survivors: readonly string[] }[]} */
const REASONS = JSON.parse(readFileSync(new URL('./survivors.json', import.meta.url), 'utf8'));
const PAGE = new URL('./README.md', import.meta.url);
/** Percent of all changes that have to be noticed. */
export const LEAST = 95;

/**
 * @typedef {object} Counts - the changes of one file, by what became of them
 * @property {number} killed - a test failed
 * @property {number} timeout - a test did not end
 * @property {number} survived - every test that reaches the change passed
 * @property {number} noCoverage - no test reaches the change
 * @property {number} unloadable - a test file could not be loaded; not counted
 *
 * @typedef {object} Survivor
 * @property {string} file
 * @property {number} line - its place in that run; no part of its name
 * @property {string} code - the line's text
 * @property {string} from - what was changed
 * @property {string} to
 *
 * @typedef {object} Report
 * @property {string} date
 * @property {string} stryker
 * @property {string} vitest
 * @property {Readonly<Record<string, Counts>>} files
 * @property {readonly Survivor[]} survivors
 */

/** @returns {Report} */
export function readReport() {
  return JSON.parse(readFileSync(REPORT, 'utf8'));
}

export function writeReport(report) {
  const inOrder = sorted(report);
  writeFileSync(REPORT, jsonRows(inOrder, 2));
  writeFileSync(PAGE, pageOf(inOrder));
}

function sorted(report) {
  const byName = ([one], [other]) => (one < other ? -1 : 1);
  const placeOf = ({ file, line, from, to }) =>
    [file, String(line).padStart(6), from, to].join(' ');
  const byPlace = (one, other) => (placeOf(one) < placeOf(other) ? -1 : 1);
  return {
    ...report,
    files: Object.fromEntries(Object.entries(report.files).sort(byName)),
    survivors: [...report.survivors].sort(byPlace),
  };
}

/** @returns {Counts} of Stryker's list of a file's mutants */
export function countsOf(mutants) {
  const count = (status) => mutants.filter((mutant) => mutant.status === status).length;
  return {
    killed: count('Killed'),
    timeout: count('Timeout'),
    survived: count('Survived'),
    noCoverage: count('NoCoverage'),
    unloadable: count('RuntimeError'),
  };
}

/** @returns {Survivor[]} */
export function survivorsOf(file, { source, mutants }) {
  const lines = source.split('\n');
  return mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ location: { start, end }, replacement }) => {
      const text = lines[start.line - 1];
      const isOneLine = start.line === end.line;
      const changed = text.slice(start.column - 1, isOneLine ? end.column - 1 : undefined);
      const from = oneLine(isOneLine ? changed : `${changed} …`);
      return { file, line: start.line, code: oneLine(text), from, to: oneLine(replacement) };
    });
}

function oneLine(text) {
  return text.trim().replace(/\s+/g, ' ');
}

/** How many changes there are, and how many were noticed. */
export function totalOf(counts) {
  const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
  const detected = sum('killed') + sum('timeout');
  return { detected, valid: detected + sum('survived') + sum('noCoverage') };
}

/** A survivor's name, which stays the same when its line moves. */
export function nameOf({ file, code, from, to }) {
  return `${file} | ${code} | ${from} | ${to}`;
}

/** The faults of a report: too few changes noticed, survivors and reasons that do not match. */
export function faultsOf(report, reasons = REASONS) {
  const { detected, valid } = totalOf(Object.values(report.files));
  const faults = [];
  if (detected < (LEAST / 100) * valid) faults.push(`fewer than ${LEAST} % noticed`);
  const found = new Set(report.survivors.map(nameOf));
  const said = reasons.flatMap(({ survivors }) => survivors);
  for (const name of found) if (!said.includes(name)) faults.push(`not explained: ${name}`);
  for (const name of said) if (!found.has(name)) faults.push(`explained, but gone: ${name}`);
  return faults;
}

// The page ----------------------------------------------------------------------------------------

/** The page with its tables made anew. */
export function pageOf(report, page = readFileSync(PAGE, 'utf8')) {
  const withFigures = between(page, 'figures', figuresOf(report));
  return between(withFigures, 'survivors', explanationsOf(report));
}

function between(page, name, text) {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no place for the ${name}`);
  return `${page.slice(0, from + start.length)}\n${text}\n${page.slice(to)}`;
}

function figuresOf({ date, stryker, vitest, files }) {
  const counts = Object.values(files);
  const { detected, valid } = totalOf(counts);
  const unloadable = counts.reduce((total, count) => total + count.unloadable, 0);
  const rows = Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    `${day(date)}, Stryker ${stryker} with vitest ${vitest}: **${detected.toLocaleString('en')} of ${valid.toLocaleString('en')} changes noticed, ${percent(counts)} %**. Not counted are ${unloadable}, which kept a file of tests from being loaded.`,
    '',
    '| file | noticed | % | of these by a time limit | survived | no test comes by |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(([file, count]) => row(`\`${file.replace('src/', '')}\``, [count])),
    row('all', counts),
    '',
  ].join('\n');
}

function row(name, counts) {
  const sum = (status) => counts.reduce((total, count) => total + count[status], 0);
  const { detected, valid } = totalOf(counts);
  const cells = [`${detected} of ${valid}`, percent(counts)];
  for (const status of ['timeout', 'survived', 'noCoverage']) cells.push(sum(status));
  return `| ${[name, ...cells].join(' | ')} |`;
}

function percent(counts) {
  const { detected, valid } = totalOf(counts);
  // Rounded down, so that 100 means all.
  return valid === 0 ? '–' : (Math.floor((1000 * detected) / valid) / 10).toFixed(1);
}

function day(date) {
  const options = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' };
  return new Intl.DateTimeFormat('en-GB', options).format(new Date(`${date}T00:00:00Z`));
}

function explanationsOf({ survivors }) {
  return REASONS.flatMap(({ title, why, survivors: names }) => {
    const own = survivors.filter((survivor) => names.includes(nameOf(survivor)));
    if (own.length === 0) return [];
    return [`### ${title}`, '', `${why}`, '', ...linesOf(own), ''];
  }).join('\n');
}

/** One line for each line of the sources, with all changes to it that survive. */
function linesOf(survivors) {
  const changesOf = new Map();
  for (const { file, code, from, to } of survivors) {
    const line = `- \`${file.replace('src/', '')}\`, ${fenced(code)}`;
    const changes = changesOf.get(line) ?? new Set();
    changesOf.set(line, changes.add(`${fenced(from)} → ${fenced(to)}`));
  }
  return [...changesOf].map(([line, changes]) => `${line}: ${[...changes].join('; ')}`);
}

/** Code in a line of Markdown. */
function fenced(code) {
  const quote = code.includes('`') ? '``' : '`';
  const room = /^`|`$/.test(code) ? ' ' : '';
  return code === '' ? 'nothing' : quote + room + code + room + quote;
}
