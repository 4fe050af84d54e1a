/**
 * The contract of an engine: the library's whole interface to hashing.
 *
 * The build chooses one engine for each form of the package. All engines give the same answers and
 * share one form of prepared key, so each can check another.
 */
import type { HashFunction } from './hash.js';

/**
 * A prepared HMAC key: the hash state after the block `key ^ ipad`, then the state after
 * `key ^ opad` (RFC 2104 §4 suggests keeping them). The length identifies the hash: 2 × 5 words for
 * SHA1, 2 × 8 for SHA256, 2 × 16 for SHA512 with each 64-bit word as its upper and lower half.
 *
 * A plain array of int32: an Int32Array takes 110 more bytes for each key, and is slower to create.
 */
export type Midstates = readonly number[];

/** The index of a key's hash function: 0 for SHA1, 1 for SHA256, 2 for SHA512. */
export function hashIndex(midstates: Midstates): number {
  return midstates.length >> 4;
}

/**
 * The exports of an engine. They are separate functions, so a bundler keeps only the used ones.
 * Callers have checked all arguments. "Truncated" is RFC 4226 §5.3's `Snum`: 31 bits, before the
 * reduction to decimal digits.
 *
 * A caller names the hash function when it prepares a key. A bundle therefore contains only the hash
 * functions of its own keys.
 */
export interface Engine {
  readonly name: 'portable' | 'simd';

  /** Prepares a key of one byte or more. The engine does not keep or change `secret`. */
  prepareKey(hash: HashFunction, secret: Uint8Array): Midstates;

  /**
   * Prepares a key from base32 text of either case. Trailing bits are dropped.
   *
   * @returns undefined for any other text, and for an empty one; an engine may also leave long texts,
   *   impossible lengths, or every text to the caller
   */
  prepareBase32Key(hash: HashFunction, text: string): Midstates | undefined;

  /**
   * Fills `values` with the truncated HMACs of consecutive counters, from `first`. The last counter
   * is at most 2^53 - 1.
   */
  truncateHmacs(midstates: Midstates, first: number, values: Int32Array): void;

  /**
   * Returns the index of the highest matching counter among `count` counters from `first`, or -1.
   * Every candidate is computed and compared.
   *
   * @param typed - a code as a number, 0 to 10^digits - 1
   */
  matchOne(
    midstates: Midstates,
    first: number,
    count: number,
    typed: number,
    digits: number,
  ): number;

  /** Sets the `matchIndex` of each attempt, as {@link matchOne} does, for many keys at once. */
  matchBatch(attempts: readonly Attempt[], digits: number): void;

  /**
   * The same for secrets without a prepared key. Unreadable secrets and malformed codes are left to
   * the caller ({@link LEFT_TO_CALLER}), and an engine may leave any other secret too.
   */
  matchSecrets(hash: HashFunction, attempts: readonly SecretAttempt[], digits: number): void;
}

/** The candidates of one user in a batch. */
export interface Search {
  /** The first counter. */
  readonly first: number;
  /** The number of consecutive counters. */
  readonly count: number;
  /** The typed code as a number, or -1 for a malformed code. */
  readonly typed: number;
  /** Set by the engine: the index of the highest match, -1, or {@link LEFT_TO_CALLER}. */
  matchIndex: number;
}

export interface Attempt extends Search {
  readonly midstates: Midstates;
}

export interface SecretAttempt extends Search {
  /** Its bytes or its base32 text. */
  readonly secret: Uint8Array | string;
}

/** A `matchIndex`: the engine did not look for a match. */
export const LEFT_TO_CALLER = -2;
