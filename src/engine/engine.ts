/**
 * The contract of an engine: the only thing that the rest of the library knows about hashing.
 *
 * There is one engine at a time, chosen by the platform through `#engine` in package.json. All
 * engines give the same answers and share one form of prepared key, so that any can check another.
 */

import type { Algorithm } from '../internal/algorithm.js';

/**
 * A prepared HMAC key: the hash state after the block `key ^ ipad`, then the one after
 * `key ^ opad` (RFC 2104 §4 suggests keeping them). SHA1 has 2 × 5 words, SHA256 2 × 8 and SHA512
 * 2 × 16, each 64-bit word as high and low half; so the length tells the algorithm.
 */
export type Midstates = Int32Array;

/**
 * What an engine can do. Arguments have been checked; results go into arrays of the caller's.
 * "Truncated" is RFC 4226 §5.3's `Snum`: 31 bits, before the reduction to decimal digits.
 */
export interface Engine {
  readonly name: 'portable' | 'simd';

  /** Prepares a key. `secret` has at least one byte and is neither kept nor changed. */
  prepare(algorithm: Algorithm, secret: Uint8Array): Midstates;

  /**
   * Fills `values` with the truncated values of consecutive counters, `first` and on, under one
   * key. The last counter is at most 2^53 - 1.
   */
  truncateRun(midstates: Midstates, first: number, values: Int32Array): void;

  /**
   * Sets `values[i]` to the truncated value of `counters[i]` under `keys[i]`, for each key.
   * Counters are whole numbers from 0 to 2^53 - 1.
   */
  truncateEach(keys: readonly Midstates[], counters: Float64Array, values: Int32Array): void;
}
