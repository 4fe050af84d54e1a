// One subject in a process of its own, so that its heap, its garbage and its compiled code are its
// own: `node lane.mjs MODULE ALGORITHM ENGINE`. It says `ready {…}` and then answers line by line, as
// the native programs do (native/harness.h):
//   check ROW          with `ok`, or `absent` or `failed` and a reason
//   time ROW MILLIS    with `USERS NANOSECONDS ACCEPTED`
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { createInterface } from 'node:readline';
import { makeUsers, TIMESTAMP } from '../users.mjs';
import { stopClock } from './clock.mjs';
import { jobOf } from './jobs.mjs';

const [module, algorithm, engine] = process.argv.slice(2);
/** A slice of this many milliseconds is long beside two readings of the clock. */
const SLICE_MS = 0.2;
const MAX_SLICE_CALLS = 1000;

/** Processor time, of all threads of the process, in milliseconds. */
function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
const clock = process.env.OTPCORE_BENCH_CLOCK === 'cpu' ? processorMs : () => performance.now();

// What a browser runs.
if (engine === 'portable') register('./portable-engine.mjs', import.meta.url);

const { subject } = await import(new URL(`../subjects/${module}.mjs`, import.meta.url));
const setClock = subject.readsClock ? stopClock : () => {};
const users = makeUsers(algorithm);
const rows = new Map();

/** Version of the installed package that a subject names. */
function versionOf(name) {
  if (name === undefined) return undefined;
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

async function openRow(row) {
  const job = await (subject.jobOf ?? jobOf)(row, subject, algorithm, users);
  const loops = await import(`./loop.mjs?${row}`);
  return { job, turns: 0, sliceCalls: 1, loops };
}

async function check(row) {
  try {
    const opened = await openRow(row);
    if (typeof opened.job === 'string') return `absent ${opened.job}`;
    await opened.job.check(setClock);
    setClock(TIMESTAMP);
    rows.set(row, opened);
    return 'ok';
  } catch (error) {
    return `failed ${String(error?.message ?? error).replaceAll('\n', ' ')}`;
  }
}

async function time(row, milliseconds) {
  const opened = rows.get(row);
  const { job, loops } = opened;
  // Threads keep their own time.
  if (job.time !== undefined) return job.time(milliseconds);
  const isAsync = job.isAsync ?? subject.isAsync;
  let [calls, accepted, elapsed] = [0, 0, 0];
  while (elapsed < milliseconds) {
    const count = opened.sliceCalls;
    // What happens outside of the library, such as the arrival of requests, is not timed.
    job.beforeSlice?.(count);
    const start = clock();
    accepted += isAsync
      ? await loops.passAsync(job, opened.turns, count)
      : loops.pass(job, opened.turns, count);
    const slice = clock() - start;
    opened.turns += count;
    calls += count;
    elapsed += slice;
    if (slice < SLICE_MS && count < MAX_SLICE_CALLS) opened.sliceCalls *= 2;
  }
  return `${calls * job.usersACall} ${Math.round(1e6 * elapsed)} ${accepted}`;
}

const { label, keeps } = subject;
console.log(`ready ${JSON.stringify({ label, keeps, version: versionOf(subject.package) })}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [command, row, milliseconds] = line.split(' ');
  console.log(command === 'check' ? await check(row) : await time(row, Number(milliseconds)));
}
process.exit();
