/** Random numbers from a seed, so that what was found can be found again. */

export interface Random {
  /** A whole number from 0 to `bound - 1`; `bound` is at most 2^32. */
  below(bound: number): number;
  /** One of a list. */
  pick<T>(list: ArrayLike<T>): T;
}

/** xorshift128 (Marsaglia 2003), its state filled by splitmix32. */
export function newRandom(seed: number): Random {
  let filler = seed | 0;
  const fill = (): number => {
    filler = (filler + 0x9e3779b9) | 0;
    let z = Math.imul(filler ^ (filler >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let x = fill();
  let y = fill();
  let z = fill();
  let w = fill() | 1;
  const below = (bound: number): number => {
    const t = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    // The upper part of the product: no bias worth the name for small bounds, and no division.
    return Math.floor(((w >>> 0) * bound) / 2 ** 32);
  };
  return { below, pick: <T>(list: ArrayLike<T>) => list[below(list.length)] as T };
}
