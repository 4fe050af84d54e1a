/** SHA-256's compression function by the standard's examples. FIPS 180-4 §6.2.2. */
import { expect, test } from 'vitest';
import { sha256 } from '../../src/engine/sha256.js';
import { fips180 } from '../vectors/fips180.js';

/** "abc" as the one block that the examples print: padded, its length in bits at the end. */
function blockOfAbc(): Int32Array {
  const schedule = new Int32Array(sha256.scheduleWords);
  schedule.set([0x61626380, ...new Array(14).fill(0), 24]);
  return schedule;
}

test('The block of "abc" gives the digest of FIPS 180', () => {
  const state = Int32Array.from(sha256.initialState);
  sha256.compress(state, blockOfAbc());
  const words = Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0'));
  const example = fips180.find(({ algorithm, unit }) => algorithm === 'SHA256' && unit === 'abc');
  expect(words.join('')).toBe(example?.digestHex);
});

test('The block stays in the schedule', () => {
  const schedule = blockOfAbc();
  sha256.compress(Int32Array.from(sha256.initialState), schedule);
  expect(schedule.subarray(0, 16)).toEqual(blockOfAbc().subarray(0, 16));
});

test('Words above those of the block do not count', () => {
  const [clean, dirty] = [new Int32Array(8), new Int32Array(8)];
  sha256.compress(clean, blockOfAbc());
  sha256.compress(dirty, blockOfAbc().fill(-1, 16));
  expect(dirty).toEqual(clean);
});

test('Its sizes are those of the standard', () => {
  expect(sha256).toMatchObject({ blockWords: 16, stateWords: 8, scheduleWords: 64 });
});

/** §5.3.3: the first 32 bits of the fractional parts of the square roots of eight primes. */
test('The initial state is what the standard derives it from', () => {
  const roots = [2, 3, 5, 7, 11, 13, 17, 19].map((prime) => Math.sqrt(prime) % 1);
  expect(sha256.initialState).toEqual(roots.map((root) => Math.floor(root * 2 ** 32)));
});
