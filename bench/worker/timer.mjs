// One subject, opened for one algorithm: checks a row and times it. Used by a process (`worker.mjs`)
// and by a thread (`thread.mjs`).
import { isMainThread } from 'node:worker_threads';
import { aboutOf } from '../subjects/version.mjs';
import { stopClock } from './clock.mjs';
import { jobOf } from './jobs.mjs';
import { makeUsers, TIMESTAMP } from './users.mjs';

/** A slice of this many milliseconds is long beside two readings of the clock. */
const SLICE_MS = 0.2;
const MAX_SLICE_CALLS = 1000;

/** Processor time, of all threads of the process, in milliseconds. */
function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
// Threads of one process share its processor time, so they go by the wall.
const isByProcessor = process.env.OTPCORE_BENCH_CLOCK === 'cpu' && isMainThread;
const clock = isByProcessor ? processorMs : () => performance.now();

/** Opens a subject of `subjects/`; `thread` numbers it among others of its kind. */
export async function openSubject(module, algorithm, thread = 0) {
  const { subject } = await import(new URL(`../subjects/${module}.mjs`, import.meta.url));
  const setClock = subject.readsClock ? stopClock : () => {};
  const users = makeUsers(algorithm);
  const rows = new Map();

  async function openRow(row) {
    const job = await (subject.jobOf ?? jobOf)(row, subject, algorithm, users, thread);
    const loops = await import(`./loop.mjs?${row}`);
    return { job, turns: 0, sliceCalls: 1, loops };
  }

  return {
    about: aboutOf(subject),

    /** `ok`, or `absent` or `failed` and a reason. */
    async check(row) {
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
    },

    /** `USERS NANOSECONDS ACCEPTED` of so many milliseconds. */
    async time(row, milliseconds) {
      const opened = rows.get(row);
      const { job, loops } = opened;
      if (job.time !== undefined) return job.time(milliseconds);
      const isAsync = job.isAsync ?? subject.isAsync;
      let [calls, accepted, elapsed] = [0, 0, 0];
      while (elapsed < milliseconds) {
        const count = opened.sliceCalls;
        // The arrival of requests belongs to the application and is not timed.
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
    },
  };
}
