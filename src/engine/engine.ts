/**
 * The contract of an engine: the only thing that the rest of the library knows about hashing.
 *
 * There is one engine at a time. The build chooses it for each form of the package.
 * All engines give the same answers and share one form of prepared key, so that any can check another.
 */
import type { HashFunction } from './hash.js';

/**
 * A prepared HMAC key: the hash state after the block `key ^ ipad`, then the one after
 * `key ^ opad` (RFC 2104 §4 suggests keeping them). SHA1 has 2 × 5 words, SHA256 2 × 8 and SHA512
 * 2 × 16, each 64-bit word as high and low half; so the length tells the algorithm.
 *
 * A plain array of int32 and not an Int32Array: that takes 110 bytes a key more, and longer to make.
 */
export type Midstates = readonly number[];

/** Which hash function midstates are of: 0 for SHA1, 1 for SHA256, 2 for SHA512. */
export function hashIndex(midstates: Midstates): number {
  return midstates.length >> 4;
}

/**
 * What an engine's module exports, each a function of its own, so that a bundler keeps only what is
 * in use. Arguments have been checked; results go into arrays of the caller's. "Truncated" is RFC
 * 4226 §5.3's `Snum`: 31 bits, before the reduction to decimal digits.
 *
 * The hash function is named once, when a key is prepared: only those stand in a bundle that it
 * prepares keys for.
 */
export interface Engine {
  readonly name: 'portable' | 'simd';

  /** Prepares a key of one byte or more. `secret` is neither kept nor changed. */
  prepareKey(hash: HashFunction, secret: Uint8Array): Midstates;

  /**
   * Prepares a key of a base32 text of either case; bits behind the last whole byte are dropped.
   *
   * @returns undefined for a text of anything else, and for an empty one. An engine may also leave to
   *   the caller what is very long, or of a length that base32 cannot have, or all of it
   */
  prepareBase32Key(hash: HashFunction, text: string): Midstates | undefined;

  /**
   * Fills `values` with the truncated values of consecutive counters, `first` and on, under one
   * key. The last counter is at most 2^53 - 1.
   */
  truncateHmacs(midstates: Midstates, first: number, values: Int32Array): void;

  /**
   * The index of the highest of `count` counters from `first` whose code is `typed`, or -1. All are
   * computed and compared, whichever of them matches.
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

  /** Sets each attempt's `matchIndex` as {@link matchOne} does, for many keys at once. */
  matchBatch(attempts: readonly Attempt[], digits: number): void;

  /**
   * The same for secrets that no key was prepared of. An engine may leave any of them to the caller
   * ({@link LEFT_TO_CALLER}); it leaves those that are unreadable, and those without a code.
   */
  matchSecrets(hash: HashFunction, attempts: readonly SecretAttempt[], digits: number): void;
}

/** The candidates of one user in a batch. */
export interface Search {
  /** The first counter. */
  readonly first: number;
  /** How many consecutive counters. */
  readonly count: number;
  /** The typed code as a number, or -1 for a malformed one, which matches nothing. */
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

/** A `matchIndex` that says: the engine did not look for a match. */
export const LEFT_TO_CALLER = -2;
