// A storm of all commands of the second factor from several processes, with a kill in the middle.
import { fileURLToPath } from 'node:url';
import { startWorker } from './claimers.mjs';
import { judgeFactors } from './factor-judge.mjs';
import { sleep } from './server.mjs';

const WORKER = fileURLToPath(new URL('factor-worker.mjs', import.meta.url));
const PROCESSES = 4;
const LANES = 3;
const USERS = 6;
/** Until the storm is well under way, and until it is again after the kill. */
const WAY_MS = 800;
/** On a busy machine that takes longer. */
const MOST_MS = 15_000;
/** All of them are accepted before the kill, and this many after it. */
const COMMANDS = [
  ...['adopt', 'confirm', 'enroll', 'recover', 'regenerate', 'remove'],
  ...['rename', 'reseal', 'reset', 'resync', 'unlock', 'verify'],
];
const AFTER_KILL = 20;
export const START = 1_800_000_000_000;
/** A step lasts 0.3 s. */
const RATE = 100;

let storms = 0;

/** What a client is set to in a storm: by itself postgres.js waits for up to 20 s after a cut. */
const OPTIONS = { 'postgres.js': { backoff: 0.1 } };

/** A process with a second factor over a client; unless told otherwise its clock stands still. */
export function startFactorWorker(job) {
  return startWorker(WORKER, { clock: { start: START, begun: 0, rate: 0 }, ...job });
}

/**
 * @param clients - `[kind, address]` pairs, dealt to the processes in turn
 * @param kill - is given the processes in the middle of the storm
 * @param isLeaky - whether the stores write without looking
 * @returns the judgement, and figures
 */
export async function runFactorStorm({ clients, kill = () => {}, isLeaky = false }) {
  storms += 1;
  const users = Array.from({ length: USERS }, (_, i) => `storm ${storms} ü🔑 ${i}`);
  const clock = { start: START, begun: Date.now(), rate: RATE };
  const workers = await Promise.all(
    Array.from({ length: PROCESSES }, (_, i) => {
      const [kind, address] = clients[i % clients.length];
      const own = { kind, address, options: OPTIONS[kind], current: `k${1 + (i >> 1)}` };
      return startFactorWorker({ ...own, isLeaky, clock });
    }),
  );
  try {
    const answers = workers.map(({ ask }) => ask('storm', { users, lanes: LANES }));
    const settled = Promise.allSettled(answers);
    const figures = () => figuresOf(workers.flatMap((worker) => worker.told));
    await sleep(300 * Math.random());
    await underWay(() => figures().missing.length === 0);
    const before = figures().accepted;
    await kill(workers);
    await underWay(() => figures().accepted >= before + AFTER_KILL);
    const acceptedAfterKill = figures().accepted - before;
    await Promise.allSettled(workers.map(({ ask, isDead }) => (isDead() ? 0 : ask('settle'))));
    const outcomes = (await settled).flatMap(({ value }) => value ?? []);
    const told = workers.flatMap((worker) => worker.told);
    const [kind, address] = clients[0];
    const judgement = await judgeAnew({ kind, address }, users, told);
    const failures = failuresOf(outcomes);
    return { told, ...figuresOf(told), acceptedAfterKill, failures, ...judgement };
  } finally {
    await Promise.all(workers.map(({ end }) => end()));
  }
}

/** Judges by a process that comes later. */
async function judgeAnew(job, users, told) {
  const reader = await startFactorWorker(job);
  try {
    return await judgeWith(reader, users, told);
  } finally {
    await reader.end();
  }
}

/** Reads what the database kept, and judges it. */
export async function judgeWith({ ask }, users, told) {
  const events = await ask('readEvents');
  const rows = [];
  for (const userId of users) {
    rows.push([userId, await ask('read', { userId })]);
    // Rejects if the record cannot be read.
    await ask('command', { name: 'status', args: [userId] });
  }
  const history = { told, events, rows };
  return { verdict: judgeFactors(history), history };
}

/** Waits for a while, and for what has to have happened. */
async function underWay(hasHappened) {
  const begun = Date.now();
  await sleep(WAY_MS);
  while (!hasHappened() && Date.now() - begun < MOST_MS) await sleep(50);
}

function figuresOf(told) {
  const accepted = told.filter(({ ok }) => ok).map(({ command }) => command);
  const missing = COMMANDS.filter((command) => !accepted.includes(command));
  return { accepted: accepted.length, missing };
}

function failuresOf(outcomes) {
  const failures = {};
  for (const [name, count] of outcomes.flatMap((outcome) => Object.entries(outcome.failures))) {
    failures[name] = (failures[name] ?? 0) + count;
  }
  return failures;
}

export function describeFactorStorm(name, { told, accepted, failures, history }) {
  const failed = Object.values(failures).reduce((total, count) => total + count, 0);
  return [
    `storm of commands on ${name}: ${told.filter(({ isKept }) => isKept).length} writes kept`,
    `${told.filter(({ isKept }) => isKept === false).length} lost to others`,
    `${accepted} commands accepted`,
    `${failed} failed`,
    `${history.events.length} events`,
  ].join(', ');
}
