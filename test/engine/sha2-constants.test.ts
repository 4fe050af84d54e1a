/** The tables of SHA-2's constants, computed anew by their definition in FIPS 180-4 §4.2 and §5.3. */
import { expect, test } from 'vitest';
import { SHA256_H, SHA256_K, SHA512_H, SHA512_K } from '../../src/engine/sha2-constants.js';

/** The first primes. */
function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let n = 2n; found.length < count; n++) {
    if (found.every((prime) => n % prime !== 0n)) found.push(n);
  }
  return found;
}

/** The first 64 bits of the fraction of a root: the largest whole number whose power is not above. */
function rootFraction(prime: bigint, degree: bigint): bigint {
  const power = prime << (64n * degree);
  let root = 0n;
  // From the highest bit down: roots of the first 80 primes are below 32.
  for (let bit = 1n << 69n; bit > 0n; bit >>= 1n) {
    if ((root + bit) ** degree <= power) root += bit;
  }
  return BigInt.asUintN(64, root);
}

/** The fractions as signed 32-bit words, upper halves first. */
function wordsOf(count: number, degree: bigint): number[] {
  return primes(count)
    .map((prime) => rootFraction(prime, degree))
    .flatMap((fraction) => [Number(fraction >> 32n) | 0, Number(fraction & 0xffffffffn) | 0]);
}

const upperHalves = (words: readonly number[]) => words.filter((_, i) => i % 2 === 0);

test('K of SHA-512 has the cube roots of the first 80 primes', () => {
  expect([...SHA512_K]).toEqual(wordsOf(80, 3n));
});

test('K of SHA-256 has those of the first 64', () => {
  expect([...SHA256_K]).toEqual(upperHalves(wordsOf(64, 3n)));
});

test('H(0) of SHA-512 has the square roots of the first 8 primes', () => {
  expect(SHA512_H.map((word) => word | 0)).toEqual(wordsOf(8, 2n));
});

test('H(0) of SHA-256 has the same in 32 bits', () => {
  expect(SHA256_H.map((word) => word | 0)).toEqual(upperHalves(wordsOf(8, 2n)));
});
