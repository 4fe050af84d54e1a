/**
 * The constants of SHA-2, computed by their definition in FIPS 180-4 §4.2.2, §4.2.3 and §5.3: the
 * fractions of roots of the first primes. That is a fifth of the size of their tables, and nobody has
 * to compare 176 numbers with the standard; a test does.
 *
 * They are computed on first use, and kept. So they are made without a function that somebody could
 * have replaced for that moment, or else found out by their sum; and the first word is written last:
 * where it is 0, an earlier attempt was cut off, or there was none.
 */

const K512 = new Int32Array(160);
const K256 = new Int32Array(64);
const H512: number[] = new Array<number>(16).fill(0);
const H256: number[] = new Array<number>(8).fill(0);
/** What all words add up to, modulo 2^32. */
const K512_SUM = -1_719_593_549;
const H512_SUM = 751_258_778;

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor < n; divisor++) if (n % divisor === 0) return false;
  return true;
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
  return root & 0xffffffffffffffffn;
}

/** Fills `words` with fractions of the first primes' roots, each as its high and its low half. */
function compute(words: number[] | Int32Array, degree: bigint, expectedSum: number): void {
  const found = new Int32Array(words.length);
  let sum = 0;
  for (let n = 2, at = 0; at < words.length; n++) {
    if (!isPrime(n)) continue;
    const fraction = rootFraction(n, degree);
    const [high, low] = [Number(fraction >> 32n), Number(fraction & 0xffffffffn)];
    sum = (sum + high + low) | 0;
    found[at++] = high;
    found[at++] = low;
  }
  if (sum !== expectedSum) throw new Error('the constants of SHA-2 came out wrong');
  for (let i = words.length - 1; i >= 0; i--) words[i] = (found[i] as number) >>> 0;
}

/** Copies the high half of each 64-bit word. */
function takeHighHalves(words: number[] | Int32Array, pairs: ArrayLike<number>): void {
  for (let i = words.length - 1; i >= 0; i--) words[i] = pairs[2 * i] as number;
}

/** K of SHA-512, 80 pairs of words. */
export function sha512K(): Int32Array {
  if (K512[0] === 0) compute(K512, 3n, K512_SUM);
  return K512;
}

/** H(0) of SHA-512, 8 pairs of words. */
export function sha512H(): readonly number[] {
  if (H512[0] === 0) compute(H512, 2n, H512_SUM);
  return H512;
}

/** K of SHA-256: the high halves of the first 64 of SHA-512. */
export function sha256K(): Int32Array {
  if (K256[0] === 0) takeHighHalves(K256, sha512K());
  return K256;
}

/** H(0) of SHA-256, likewise. */
export function sha256H(): readonly number[] {
  if (H256[0] === 0) takeHighHalves(H256, sha512H());
  return H256;
}
