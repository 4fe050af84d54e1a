/**
 * The engine in plain TypeScript, close to the text of FIPS 180-4. It runs wherever JavaScript does,
 * and it is the oracle for other engines.
 */

import { lengthOf } from '../arguments/guards.js';
import { laterMatch } from '../code/digits.js';
import {
  type Attempt,
  type Engine,
  hashIndex,
  LEFT_TO_CALLER,
  type Midstates,
  type SecretAttempt,
} from './engine.js';
import type { HashFunction } from './hash.js';
import { hmacOfCounter, newWorkspace, prepareHmac, type Workspace } from './hmac.js';
import { truncate } from './truncate.js';

export const name: Engine['name'] = 'portable';

/** A hash function and its working memory, shared by all calls. */
interface Registered {
  readonly hash: HashFunction;
  readonly work: Workspace;
}

/** The hash functions of all keys so far, by their index. */
const registered: (Registered | undefined)[] = [undefined, undefined, undefined];

/** See `Engine.prepareKey`. */
export function prepareKey(hash: HashFunction, secret: Uint8Array): Midstates {
  registerHash(hash);
  return prepareHmac(hash, secret, lengthOf(secret));
}

/** Registers a hash function. From now on its keys can be used, even if another engine made them. */
export function registerHash(hash: HashFunction): void {
  registered[hash.index] ??= { hash, work: newWorkspace(hash) };
}

/** See `Engine.prepareBase32Key`. Decoding here would save only one short-lived array. */
export function prepareBase32Key(_hash: HashFunction, _text: string): Midstates | undefined {
  return undefined;
}

/** See `Engine.truncateHmacs`. */
export function truncateHmacs(midstates: Midstates, first: number, values: Int32Array): void {
  const { hash, work } = registeredOf(midstates);
  try {
    for (let i = 0; i < values.length; i++) {
      values[i] = truncatedHmac(hash, work, midstates, first + i);
    }
  } finally {
    // Inlined: after a stack overflow, calling a function that is not compiled yet overflows again.
    work.outer.fill(0, 0, hash.stateWords).fill(0, hash.blockWords);
    work.state.fill(0);
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
  const { hash, work } = registeredOf(midstates);
  const modulus = 10 ** digits;
  let highest = -1;
  try {
    for (let i = 0; i < count; i++) {
      const value = truncatedHmac(hash, work, midstates, first + i);
      highest = laterMatch(highest, i, value, typed, modulus);
    }
  } finally {
    work.outer.fill(0, 0, hash.stateWords).fill(0, hash.blockWords);
    work.state.fill(0);
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

function registeredOf(midstates: Midstates): Registered {
  return registered[hashIndex(midstates)] as Registered;
}

function truncatedHmac(
  hash: HashFunction,
  work: Workspace,
  midstates: Midstates,
  counter: number,
): number {
  // The upper half by division, because JavaScript's shifts see only the lower 32 bits.
  const high = Math.floor(counter / 2 ** 32);
  hmacOfCounter(hash, midstates, high, counter >>> 0, work);
  return truncate(work.state, hash.stateWords);
}
