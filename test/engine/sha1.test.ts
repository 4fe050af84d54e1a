/** SHA-1's compression function by the standard's examples. FIPS 180-4 §6.1.2. */
import { expect, test } from 'vitest';
import { sha1 } from '../../src/engine/sha1.js';
import { fips180 } from '../vectors/fips180.js';

/** "abc" as the one block that the examples print: padded, its length in bits at the end. */
function blockOfAbc(): Int32Array {
  const schedule = new Int32Array(sha1.scheduleWords);
  schedule.set([0x61626380, ...new Array(14).fill(0), 24]);
  return schedule;
}

test('The block of "abc" gives the digest of FIPS 180', () => {
  const state = Int32Array.from(sha1.initialState);
  sha1.compress(state, blockOfAbc());
  const words = Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0'));
  const example = fips180.find(({ algorithm, unit }) => algorithm === 'SHA1' && unit === 'abc');
  expect(words.join('')).toBe(example?.digestHex);
});

test('The block stays in the schedule', () => {
  const schedule = blockOfAbc();
  sha1.compress(Int32Array.from(sha1.initialState), schedule);
  expect(schedule.subarray(0, 16)).toEqual(blockOfAbc().subarray(0, 16));
});

test('Words above those of the block do not count', () => {
  const [clean, dirty] = [new Int32Array(5), new Int32Array(5)];
  sha1.compress(clean, blockOfAbc());
  sha1.compress(dirty, blockOfAbc().fill(-1, 16));
  expect(dirty).toEqual(clean);
});

test('Its sizes are those of the standard', () => {
  expect(sha1).toMatchObject({ blockWords: 16, stateWords: 5, scheduleWords: 80 });
});
