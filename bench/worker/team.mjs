// One subject in several worker threads at once: users a second of all of them together.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Starts the thread that holds the shared store. */
export async function openOwner() {
  const owner = new Worker(new URL('./store-owner.mjs', import.meta.url));
  await once(owner, 'message');
  return owner;
}

/** Starts `count` threads of a subject; with `owner`, each gets a port to that thread. */
export async function openTeam(module, count, owner) {
  const threads = await Promise.all(
    Array.from({ length: count }, async (_, thread) => {
      const { port1: port, port2 } = new MessageChannel();
      owner?.postMessage({ port: port2 }, [port2]);
      const worker = new Worker(new URL('./thread.mjs', import.meta.url), {
        workerData: { module, thread, port },
        transferList: [port],
      });
      await once(worker, 'message');
      return worker;
    }),
  );

  const askAll = (message) =>
    Promise.all(
      threads.map(async (worker) => {
        worker.postMessage(message);
        const [answer] = await once(worker, 'message');
        return answer;
      }),
    );

  return {
    /** Why the row cannot be run, or undefined. */
    async check(row) {
      const answers = await askAll({ command: 'check', row });
      return answers.find((answer) => answer !== 'ok');
    },

    /** Users a second: each thread's own rate, all threads running, summed. */
    async perSecond(row, milliseconds) {
      const answers = await askAll({ command: 'time', row, milliseconds });
      let sum = 0;
      for (const answer of answers) {
        const [users, nanoseconds, accepted] = answer.split(' ').map(Number);
        assert.equal(accepted, users, `wrong answers while timed: ${row}`);
        sum += users / (nanoseconds / 1e9);
      }
      return sum;
    },

    close: () => Promise.all(threads.map((worker) => worker.terminate())),
  };
}
