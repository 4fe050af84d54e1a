/** SHA-1's compression function by the standard's examples. FIPS 180-4 §6.1.2. */
import { expect, test } from 'vitest';
import { sha1 } from '../../src/engine/sha1.js';
import { fips180 } from '../vectors/fips180.js';

/** "abc" as the one block that the examples print: padded, its length in bits at the end. */
function blockOfAbc(): Int32Array {
  return Int32Array.of(0x61626380, ...new Array<number>(14).fill(0), 24);
}

test('The block of "abc" gives the digest of FIPS 180', () => {
  const state = Int32Array.from(sha1.initialState);
  sha1.compress(state, blockOfAbc());
  const words = Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0'));
  const example = fips180.find(({ algorithm, unit }) => algorithm === 'SHA1' && unit === 'abc');
  expect(words.join('')).toBe(example?.digestHex);
});

test('The block stays as it is', () => {
  const block = blockOfAbc();
  sha1.compress(Int32Array.from(sha1.initialState), block);
  expect(block).toEqual(blockOfAbc());
});

test('Its sizes are those of the standard', () => {
  expect(sha1).toMatchObject({ blockWords: 16, stateWords: 5, scheduleWords: 16 });
});
