/**
 * The constants of SHA-2, computed by their definition in FIPS 180-4 §4.2.2, §4.2.3 and §5.3: the
 * fractions of roots of the first primes. That is a fifth of the size of their tables, and nobody has
 * to compare 176 numbers with the standard; a test does.
 */

/** The first `count` primes. */
function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    if (found.every((prime) => n % prime !== 0)) found.push(n);
  }
  return found;
}

/** The first 64 bits of the fraction of the square root (degree 2) or cube root (3) of a prime. */
function rootFraction(prime: number, degree: bigint): bigint {
  const power = BigInt(prime) << (64n * degree);
  // Newton's iteration over whole numbers. From above, as 8 is of all these roots, it falls until
  // it has reached the root, rounded down.
  let root = 8n << 64n;
  for (let next = root - 1n; next < root; ) {
    root = next;
    next = ((degree - 1n) * root + power / root ** (degree - 1n)) / degree;
  }
  return BigInt.asUintN(64, root);
}

/** The fractions of the first `count` primes' roots, each as its high and its low half. */
function fractions(count: number, degree: bigint): number[] {
  return primes(count).flatMap((prime) => {
    const fraction = rootFraction(prime, degree);
    return [Number(fraction >> 32n), Number(BigInt.asUintN(32, fraction))];
  });
}

/** What `make` gives, made on first use: who computes no SHA-2 does not wait for it. */
function lazily<T>(make: () => T): () => T {
  const made: T[] = [];
  return () => {
    if (made.length === 0) made.push(make());
    return made[0] as T;
  };
}

function highHalves(words: readonly number[]): number[] {
  return words.filter((_, i) => i % 2 === 0);
}

/** K of SHA-512, 80 pairs of words. */
export const sha512K: () => Int32Array = lazily(() => Int32Array.from(fractions(80, 3n)));
/** H(0) of SHA-512, 8 pairs of words. */
export const sha512H: () => readonly number[] = lazily(() => fractions(8, 2n));
/** K of SHA-256: the high halves of the first 64 of SHA-512. */
export const sha256K: () => Int32Array = lazily(() =>
  Int32Array.from(highHalves(fractions(64, 3n))),
);
/** H(0) of SHA-256, likewise. */
export const sha256H: () => readonly number[] = lazily(() => highHalves(fractions(8, 2n)));
