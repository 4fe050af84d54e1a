// The throughput benchmark: `npm run bench`, and `npm run bench:peers` for the race. --help tells the
// options. README.md of this folder tells how it measures.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { ensureInstalled } from '../scripts/install.mjs';
import { drawChart } from './chart.mjs';
import { openContestants, openModule } from './contestants.mjs';
import { judge } from './goals.mjs';
import { busyWarning, describeMachine } from './machine.mjs';
import { compileNative } from './native.mjs';
import { commandOf, readOptions } from './options.mjs';
import { ALGORITHMS, planRows, planSolo, titleOf } from './plan.mjs';
import { probeMemory, probeStart } from './probes.mjs';
import { makeProgress } from './progress.mjs';
import { race } from './race.mjs';
import * as report from './report.mjs';

const SOLO_LABELS = {
  once: 'verifyTotpOnce beside verifyTotp, right codes, a million users in memoryStore',
  'once:verify': 'verifyTotp alone',
  'once:claim': 'verifyTotpOnce',
  'once:claim-near': 'verifyTotpOnce, the same thousand',
  threads: 'Worker threads, SHA-1, window 1, wrong code, key prepared',
  'threads:1': 'one thread',
  'threads:2': 'two threads',
};

/** All rows of one algorithm, everyone in a process of its own, closed at the end. */
async function runAlgorithm(algorithm, rows, context) {
  const { races, progress, labels } = context;
  const contestants = await openContestants(algorithm, context);
  for (const { id, label } of contestants) labels.set(id, label);
  try {
    for (const { id, row, length, takesPart } of rows) {
      const title = titleOf(algorithm, row);
      progress.begin(title);
      const entries = contestants.filter(takesPart).map((contestant) => ({ ...contestant, row }));
      races.set(id, { id, title, ...(await race(entries, length)) });
    }
  } finally {
    for (const { lane } of contestants) lane?.close();
  }
}

/** otpcore in two ways of use, one process for both. */
async function runSolo({ id, module, rows, length }, { races, progress }) {
  progress.begin(SOLO_LABELS[id]);
  const lane = await openModule(module, 'SHA1');
  try {
    const entries = rows.map((row) => ({
      id: row,
      row,
      kind: 'ours',
      label: SOLO_LABELS[row],
      lane,
    }));
    races.set(id, { id, title: SOLO_LABELS[id], ...(await race(entries, length)) });
  } finally {
    lane.close();
  }
}

function writeTables(races, { memory, start }) {
  const isShown = new Set();
  for (const algorithm of ALGORITHMS) {
    for (const form of ['prepared', 'text']) {
      if (!report.writeVerification(algorithm, form, races)) continue;
      for (const id of races.keys()) {
        if (id.startsWith(`${algorithm}:verify:${form}`)) isShown.add(id);
      }
    }
  }
  for (const [id, one] of races) if (!isShown.has(id)) report.writeRace(one);
  if (memory !== undefined) report.writeMemory(memory);
  if (start !== undefined) report.writeStart(start);
  report.writeAbsent(races);
}

/** For JSON: no more digits than a measurement has. */
function rounded(_, value) {
  return Number.isFinite(value) && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}

async function main(argv) {
  const options = readOptions(argv);
  if (options === undefined) return;
  if (options.peers) ensureInstalled('bench');
  const { quick, only, peers: withRivals } = options;
  const machine = await describeMachine();
  // Every process inherits it.
  if (options.cpu) process.env.OTPCORE_BENCH_CLOCK = 'cpu';
  const native = compileNative();
  const command = commandOf(options);
  report.writeHead({ machine, command, native, warning: busyWarning(machine) });

  const plans = ALGORITHMS.map((algorithm) => [algorithm, planRows(algorithm, options)]);
  const solos = planSolo(options);
  const probes = ['memory', 'start'].filter((name) => only.test(name));
  const total = plans.flatMap(([, rows]) => rows).length + solos.length + probes.length;
  const races = new Map();
  const labels = new Map();
  const progress = makeProgress(total);
  const context = { races, labels, progress, withRivals, ...native, engineName: machine.engine };
  const begun = performance.now();
  const measured = {};
  try {
    for (const [algorithm, rows] of plans) {
      if (rows.length > 0) await runAlgorithm(algorithm, rows, context);
    }
    for (const solo of solos) await runSolo(solo, context);
    if (probes.includes('memory')) {
      progress.begin('memory');
      measured.memory = await probeMemory(quick);
    }
    if (probes.includes('start')) {
      progress.begin('time to first verification');
      measured.start = await probeStart({ quick, withRivals, labels });
    }
  } finally {
    progress.end();
    native.remove();
  }

  const goals = judge(races);
  writeTables(races, measured);
  report.writeGoals(goals);
  const seconds = Math.round((performance.now() - begun) / 1000);
  process.stdout.write(`\n${total} rows in ${seconds} s\n`);
  const everything = {
    command,
    machine: { ...machine, loadAfter: os.loadavg()[0], compiler: native.compiler },
    seconds,
    races: [...races.values()],
    ...measured,
    goals,
  };
  if (options.json) writeFileSync(options.json, `${JSON.stringify(everything, rounded)}\n`);
  const chart = options.svg && drawChart({ machine, command, races });
  if (chart) writeFileSync(options.svg, chart);
  // Only for who asks: on a machine that others use, a ratio says nothing about the code.
  if (options.assert && !goals.every(({ isReached }) => isReached)) process.exitCode = 1;
}

await main(process.argv.slice(2));
