// A thread that holds one memoryStore for all others. A message is a list of ids and steps in turn; the
// answer is the list of what each claim gave.
import { parentPort } from 'node:worker_threads';
import { memoryStore } from '../subjects/library.mjs';

const store = memoryStore({ maxIds: 10_000_000 });

parentPort.on('message', ({ port }) => {
  port.on('message', (claims) => {
    const answers = [];
    for (let i = 0; i < claims.length; i += 2) answers.push(store.claim(claims[i], claims[i + 1]));
    port.postMessage(answers);
  });
});
parentPort.postMessage('ready');
