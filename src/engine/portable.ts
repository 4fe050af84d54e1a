/**
 * The engine in plain TypeScript, close to the text of FIPS 180-4. It runs wherever JavaScript
 * does, and it is what other engines are checked against.
 */
import type { Algorithm } from '../internal/algorithm.js';
import { decodeSymbols, EITHER_CASE } from '../internal/base32-symbols.js';
import { laterMatch } from '../internal/decimal.js';
import { lengthOf } from '../internal/guards.js';
import { type Attempt, algorithmOf, type Engine, type Midstates } from './engine.js';
import type { HashFunction } from './hash.js';
import { hmacOfCounter, prepareHmac } from './hmac.js';
import { sha1 } from './sha1.js';
import { sha256 } from './sha256.js';
import { sha512 } from './sha512.js';
import { truncate } from './truncate.js';

export const HASHES: Readonly<Record<Algorithm, HashFunction>> = {
  SHA1: sha1,
  SHA256: sha256,
  SHA512: sha512,
};

/** Working memory, shared by all calls: nothing here outlives one, and none waits for another. */
const schedule = new Int32Array(sha512.scheduleWords);
const state = new Int32Array(sha512.stateWords);
const MAX_TEXT_LENGTH = 256;
/** Room for the secrets of all but the longest texts. */
const scratch = new Uint8Array((5 * MAX_TEXT_LENGTH) / 8);

function truncatedHmac(hash: HashFunction, midstates: Midstates, counter: number): number {
  // The upper half by division, because JavaScript's shifts see only the lower 32 bits.
  const high = Math.floor(counter / 2 ** 32);
  hmacOfCounter(hash, midstates, high, counter >>> 0, schedule, state);
  return truncate(state, hash.stateWords);
}

/** The last HMAC and the message words it came from are not left lying about. */
function wipe(): void {
  schedule.fill(0);
  state.fill(0);
}

export const engine: Engine = {
  name: 'portable',

  prepare(algorithm: Algorithm, secret: Uint8Array): Midstates {
    return prepareHmac(HASHES[algorithm], secret, lengthOf(secret));
  },

  prepareText(algorithm: Algorithm, text: string): Midstates | undefined {
    const length = (5 * text.length) >> 3;
    if (length === 0 || text.length > MAX_TEXT_LENGTH) return undefined;
    const isText = decodeSymbols(text, text.length, EITHER_CASE, scratch) >= 0;
    const midstates = prepareHmac(HASHES[algorithm], scratch, length);
    for (let i = 0; i < length; i++) scratch[i] = 0;
    return isText ? midstates : undefined;
  },

  truncateRun(midstates: Midstates, first: number, values: Int32Array): void {
    const hash = HASHES[algorithmOf(midstates)];
    for (let i = 0; i < values.length; i++) {
      values[i] = truncatedHmac(hash, midstates, first + i);
    }
    wipe();
  },

  highestMatch(
    midstates: Midstates,
    first: number,
    count: number,
    typed: number,
    digits: number,
  ): number {
    const hash = HASHES[algorithmOf(midstates)];
    const modulus = 10 ** digits;
    let highest = -1;
    for (let i = 0; i < count; i++) {
      const value = truncatedHmac(hash, midstates, first + i);
      highest = laterMatch(highest, i, value, typed, modulus);
    }
    wipe();
    return highest;
  },

  highestMatches(attempts: readonly Attempt[], digits: number): void {
    for (const attempt of attempts) {
      const { midstates, first, count, typed } = attempt;
      attempt.highest =
        typed < 0 ? -1 : engine.highestMatch(midstates, first, count, typed, digits);
    }
  },
};
