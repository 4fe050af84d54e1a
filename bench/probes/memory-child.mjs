// Bytes a prepared key and a store's entry take: `node --expose-gc memory-child.mjs KIND COUNT`, where
// KIND is an algorithm or `store`. Prints the bytes of one.
import { createKey, memoryStore, verifyTotp } from '../subjects/library.mjs';
import { codeAt, TIMESTAMP } from '../worker/users.mjs';

const [kind, count] = [process.argv[2], Number(process.argv[3])];

/** The JavaScript heap and what it holds outside, as array buffers. */
function bytesHeld() {
  for (let i = 0; i < 3; i++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A secret that no other key has, in bytes that are let go. */
function secretOf(i) {
  const secret = new Uint8Array(20);
  new DataView(secret.buffer).setUint32(0, i);
  return secret;
}

function keyBytes(algorithm) {
  // The array itself is there before: only what it points to is counted.
  const keys = new Array(count).fill(undefined);
  const before = bytesHeld();
  for (let i = 0; i < count; i++) keys[i] = createKey(secretOf(i), { algorithm });
  const bytes = (bytesHeld() - before) / count;
  const last = codeAt(algorithm, secretOf(count - 1), Math.floor(TIMESTAMP / 30_000));
  const result = verifyTotp(keys[count - 1], last, { timestamp: TIMESTAMP, window: 0 });
  if (!result.valid) throw new Error('the last key does not verify its code');
  return bytes;
}

/** With its id, a text of 12 characters that only the store holds. */
function entryBytes() {
  const store = memoryStore();
  const before = bytesHeld();
  for (let i = 0; i < count; i++) {
    const id = Buffer.from(`user-${String(i).padStart(7, '0')}`).toString('latin1');
    if (store.claim(id, 1) !== true) throw new Error('a fresh claim is granted');
  }
  const bytes = (bytesHeld() - before) / count;
  if (store.claim('user-0000000', 1) !== false) throw new Error('a second claim is refused');
  return bytes;
}

console.log(kind === 'store' ? entryBytes() : keyBytes(kind));
