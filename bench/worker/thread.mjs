// One subject in a worker thread, as a server with a thread a core would run it: a copy of the library
// and a store of its own. The messages are those of `worker.mjs`.
import { parentPort, workerData } from 'node:worker_threads';
import { openSubject } from './timer.mjs';

const { module, thread } = workerData;
const subject = await openSubject(module, 'SHA1', thread);

parentPort.on('message', async ({ command, row, milliseconds }) => {
  parentPort.postMessage(
    command === 'check' ? await subject.check(row) : await subject.time(row, milliseconds),
  );
});
parentPort.postMessage('ready');
