// Verification in one worker thread and in two: `threads:1`, `threads:2`. All threads start together;
// the time is from the start to the last one's end, the users are those of all.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const workers = [];

/** The first `count` workers, started if they are not. */
async function team(count) {
  while (workers.length < count) {
    const worker = new Worker(new URL('../lane/thread.mjs', import.meta.url));
    await once(worker, 'message');
    workers.push(worker);
  }
  return workers.slice(0, count);
}

/** All of a team verify `which` codes for some milliseconds. */
async function runTeam(count, which, milliseconds) {
  const members = await team(count);
  const start = performance.now();
  for (const worker of members) worker.postMessage({ which, milliseconds });
  const answers = await Promise.all(members.map((worker) => once(worker, 'message')));
  const elapsed = performance.now() - start;
  const sum = (name) => answers.reduce((total, [answer]) => total + answer[name], 0);
  return { users: sum('users'), accepted: sum('accepted'), elapsed };
}

export const subject = {
  label: 'otpcore',
  keeps: 'HMAC midstates',

  jobOf(row) {
    const count = Number(row.split(':')[1]);
    return {
      async check() {
        const { users, accepted } = await runTeam(count, 'right', 20);
        assert.equal(accepted, users, 'right codes are accepted');
      },
      async time(milliseconds) {
        const { users, accepted, elapsed } = await runTeam(count, 'wrong', milliseconds);
        return `${users} ${Math.round(1e6 * elapsed)} ${accepted}`;
      },
    };
  },
};
