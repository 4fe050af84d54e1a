// Verifications a second on this machine: `npm run bench`, and `npm run bench:peers` with the rivals.
// --help lists the options; README.md of this folder describes the method.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { ensureInstalled } from '../scripts/install.mjs';
import { judge } from './goals.mjs';
import { compileNative } from './native/compile.mjs';
import { commandOf, hasRivals, readOptions } from './options.mjs';
import { ALGORITHMS, FIRST_ROWS, planRows, titleOf } from './plan.mjs';
import { busyWarning, describeMachine } from './probes/machine.mjs';
import { probeMemory, probeStart } from './probes/probes.mjs';
import { drawChart } from './report/chart.mjs';
import { publish, writePages } from './report/pages.mjs';
import { makeProgress } from './report/progress.mjs';
import { toJson } from './report/results.mjs';
import * as report from './report.mjs';
import { openSubjects, SUBJECTS } from './subjects/subjects.mjs';
import { timeInTurn } from './worker/rounds.mjs';
import { CORES, onAllCores, secondsOfMillion, withSharedStore } from './worker/throughput.mjs';

/** Fresh processes of each subject for the first answer. */
const STARTS = 15;

/** All rows of one algorithm, each subject in a process of its own, ended afterwards. */
async function runAlgorithm(algorithm, plan, context) {
  const { rows, progress } = context;
  const isNeeded = (subject) => plan.some(({ takesPart }) => takesPart(subject));
  const subjects = await openSubjects(algorithm, isNeeded, context);
  try {
    for (const { id, row, length, takesPart } of plan) {
      const title = titleOf(algorithm, row);
      progress.begin(title);
      // A subject with a row of its own answers that one instead.
      const entries = subjects.filter(takesPart).map((subject) => ({ row, ...subject }));
      rows.set(id, { id, title, ...(await timeInTurn(entries, length)) });
    }
  } finally {
    for (const { worker } of subjects) worker?.close();
  }
}

/** Users a second of a row: `{ id, label, one, all }` for each subject, the fastest first. */
function linesOf({ results }, row, allCores) {
  return [...results]
    .sort((a, b) => a.median - b.median)
    .map(({ id, label, median }) => ({
      id,
      label,
      one: 1e6 / median,
      all: allCores[id][row]?.median,
    }));
}

/** The first screen: one core by rounds in turn, then all cores, one subject after the other. */
async function runFirst(context) {
  const { progress } = context;
  const rows = new Map();
  await runAlgorithm('SHA1', planRows('SHA1', { mode: 'first' }), { ...context, rows });
  const [text, prepared] = FIRST_ROWS.map((row) => rows.get(`SHA1:${row}`));
  const labels = new Map(
    [...text.results, ...prepared.results].map(({ id, label }) => [id, label]),
  );
  const allCores = {};
  for (const [id, label] of labels) {
    progress.begin(`${label}, all ${CORES} cores`);
    const { module } = SUBJECTS.find((subject) => subject.id === id);
    allCores[id] = await onAllCores(module, FIRST_ROWS);
  }
  progress.begin('one store for all threads');
  const shared = await withSharedStore();
  progress.begin('a million sign-ins, on one core and on all');
  const million = { one: await secondsOfMillion(1), all: await secondsOfMillion(CORES) };
  const [textRow, preparedRow] = FIRST_ROWS;
  return {
    cores: CORES,
    // The recommended path stands for us where the rivals verify from text.
    text: linesOf(text, textRow, allCores).filter(({ id }) => id !== 'otpcore'),
    prepared: linesOf(prepared, preparedRow, allCores),
    shared,
    million,
  };
}

/** The rows of `--all`, `--only` and `--targets`. */
async function runRows(options, context, native) {
  const { mode, only } = options;
  const { rows, progress, withRivals } = context;
  const plans = ALGORITHMS.map((algorithm) => [algorithm, planRows(algorithm, options)]);
  const isAll = mode === 'all';
  const hasStart = !isAll || only.test('start');
  const hasMemory = isAll && only.test('memory');
  progress.expect(plans.flatMap(([, plan]) => plan).length + Number(hasStart) + Number(hasMemory));
  for (const [algorithm, plan] of plans) {
    if (plan.length > 0) await runAlgorithm(algorithm, plan, { ...context, ...native });
  }
  if (hasStart) {
    progress.begin('first answer of a fresh process');
    const ids = isAll ? undefined : ['otpcore', ...(withRivals ? ['otpauth'] : [])];
    rows.set('start', {
      id: 'start',
      ...(await probeStart({ withRivals, runs: STARTS, only: ids })),
    });
  }
  if (!hasMemory) return undefined;
  progress.begin('memory');
  return probeMemory();
}

async function main(argv) {
  const options = readOptions(argv);
  if (options === undefined) return;
  if (options.pages) return writePages();
  if (options.peers || options.publish) ensureInstalled('bench', 'the rivals');
  // Every process inherits it.
  if (options.cpu) process.env.OTPCORE_BENCH_CLOCK = 'cpu';
  const machine = await describeMachine();
  const command = commandOf(options);
  const isFirst = options.mode === 'first';
  const native = isFirst ? undefined : compileNative();
  report.writeHead({ machine, command, native, warning: busyWarning(machine) });

  const begun = performance.now();
  const progress = makeProgress();
  const rows = new Map();
  const withRivals = hasRivals();
  const context = { rows, progress, withRivals, engineName: machine.engine };
  let [first, memory] = [];
  try {
    if (isFirst || options.publish) first = await runFirst(context);
    if (!isFirst) memory = await runRows(options, context, native);
  } finally {
    progress.end();
    native?.remove();
  }

  const goals = isFirst ? undefined : judge(rows);
  const seconds = Math.round((performance.now() - begun) / 1000);
  const about = { ...machine, loadAfter: os.loadavg()[0], compiler: native?.compiler };
  const run = { command, machine: about, seconds, first, memory, goals, rows: [...rows.values()] };
  // Written before anything is printed: a long run is not lost to a table.
  if (options.json) writeFileSync(options.json, toJson(run));
  const chart = options.chart && drawChart(run);
  if (chart) writeFileSync(options.chart, chart);
  if (options.publish) publish(run);

  if (first !== undefined) report.writeFirst(first, { withRivals });
  if (options.mode === 'all') report.writeTables(rows, memory);
  if (options.targets || options.publish) report.writeGoals(goals);
  process.stdout.write(`\n${seconds} s\n`);
}

await main(process.argv.slice(2));
