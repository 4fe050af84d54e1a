/**
 * The engine in plain TypeScript, close to the text of FIPS 180-4. It runs wherever JavaScript
 * does, and it is what other engines are checked against.
 */
import { laterMatch } from '../internal/decimal.js';
import { lengthOf } from '../internal/guards.js';
import {
  type Attempt,
  type Engine,
  hashIndex,
  LEFT_TO_CALLER,
  type Midstates,
  type SecretAttempt,
} from './engine.js';
import type { HashFunction } from './hash.js';
import { hmacOfCounter, prepareHmac } from './hmac.js';
import { truncate } from './truncate.js';

export const name: Engine['name'] = 'portable';

/** The hash functions that keys have been prepared with. A key brings its own. */
const hashes: (HashFunction | undefined)[] = [undefined, undefined, undefined];

/**
 * Working memory, shared by all calls: nothing here outlives one, and none waits for another. The last
 * HMAC and the message words it came from are not left lying about.
 */
const schedule = new Int32Array(160);
const state = new Int32Array(16);

/** See `Engine.prepareKey`. */
export function prepareKey(hash: HashFunction, secret: Uint8Array): Midstates {
  registerHash(hash);
  return prepareHmac(hash, secret, lengthOf(secret));
}

/** Makes a hash function known, so that keys prepared with it by any engine can be used by this one. */
export function registerHash(hash: HashFunction): void {
  hashes[hash.index] = hash;
}

/** See `Engine.prepareBase32Key`: to decode here would spare no more than one short-lived array. */
export function prepareBase32Key(_hash: HashFunction, _text: string): Midstates | undefined {
  return undefined;
}

/** See `Engine.truncateHmacs`. */
export function truncateHmacs(midstates: Midstates, first: number, values: Int32Array): void {
  const hash = hashOf(midstates);
  try {
    for (let i = 0; i < values.length; i++) values[i] = truncatedHmac(hash, midstates, first + i);
  } finally {
    // Here and not in a function: where the stack ended, none can be called that is not compiled.
    schedule.fill(0);
    state.fill(0);
  }
}

/** See `Engine.matchOne`. */
export function matchOne(
  midstates: Midstates,
  first: number,
  count: number,
  typed: number,
  digits: number,
): number {
  const hash = hashOf(midstates);
  const modulus = 10 ** digits;
  let highest = -1;
  try {
    for (let i = 0; i < count; i++) {
      const value = truncatedHmac(hash, midstates, first + i);
      highest = laterMatch(highest, i, value, typed, modulus);
    }
  } finally {
    schedule.fill(0);
    state.fill(0);
  }
  return highest;
}

/** See `Engine.matchBatch`. */
export function matchBatch(attempts: readonly Attempt[], digits: number): void {
  for (const attempt of attempts) {
    const { midstates, first, count, typed } = attempt;
    attempt.matchIndex = typed < 0 ? -1 : matchOne(midstates, first, count, typed, digits);
  }
}

/** See `Engine.matchSecrets`. */
export function matchSecrets(
  _hash: HashFunction,
  attempts: readonly SecretAttempt[],
  _digits: number,
): void {
  for (const attempt of attempts) attempt.matchIndex = LEFT_TO_CALLER;
}

function hashOf(midstates: Midstates): HashFunction {
  return hashes[hashIndex(midstates)] as HashFunction;
}

function truncatedHmac(hash: HashFunction, midstates: Midstates, counter: number): number {
  // The upper half by division, because JavaScript's shifts see only the lower 32 bits.
  const high = Math.floor(counter / 2 ** 32);
  hmacOfCounter(hash, midstates, high, counter >>> 0, schedule, state);
  return truncate(state, hash.stateWords);
}
