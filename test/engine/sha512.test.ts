/** SHA-512's compression function by the standard's examples. FIPS 180-4 §6.4.2. */
import { expect, test } from 'vitest';
import { sha512 } from '../../src/engine/sha512.js';
import { fips180 } from '../vectors/fips180.js';

/** "abc" as the one block that the examples print: padded, its length in bits at the end. */
function blockOfAbc(): Int32Array {
  const schedule = new Int32Array(sha512.scheduleWords);
  schedule.set([0x61626380, ...new Array(30).fill(0), 24]);
  return schedule;
}

test('The block of "abc" gives the digest of FIPS 180', () => {
  const state = Int32Array.from(sha512.initialState);
  sha512.compress(state, blockOfAbc());
  const words = Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0'));
  const example = fips180.find(({ algorithm, unit }) => algorithm === 'SHA512' && unit === 'abc');
  expect(words.join('')).toBe(example?.digestHex);
});

test('The block stays in the schedule', () => {
  const schedule = blockOfAbc();
  sha512.compress(Int32Array.from(sha512.initialState), schedule);
  expect(schedule.subarray(0, 32)).toEqual(blockOfAbc().subarray(0, 32));
});

test('Words above those of the block do not count', () => {
  const [clean, dirty] = [new Int32Array(16), new Int32Array(16)];
  sha512.compress(clean, blockOfAbc());
  sha512.compress(dirty, blockOfAbc().fill(-1, 32));
  expect(dirty).toEqual(clean);
});

test('Its sizes are those of the standard', () => {
  expect(sha512).toMatchObject({ blockWords: 32, stateWords: 16, scheduleWords: 160 });
});

/** The whole part of a square root, by Newton's method from above. */
function wholeRoot(square: bigint): bigint {
  let root = square;
  for (let next = (root + 1n) / 2n; next < root; next = (root + square / root) / 2n) root = next;
  return root;
}

/** §5.3.5: the first 64 bits of the fractional parts of the square roots of eight primes. */
test('The initial state is what the standard derives it from', () => {
  const words = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n].flatMap((prime) => {
    const fraction = BigInt.asUintN(64, wholeRoot(prime << 128n));
    return [Number(fraction >> 32n), Number(fraction & 0xffffffffn)];
  });
  expect(sha512.initialState).toEqual(words);
});
