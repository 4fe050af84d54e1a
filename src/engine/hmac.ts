/**
 * HMAC over a counter, with the key's two blocks hashed ahead. RFC 2104 §2 and §4.
 *
 * A one-time password hashes nothing but an 8-byte counter, so after `prepareHmac` an HMAC is two
 * turns of the compression function: one block inside, one outside.
 */
import type { Midstates } from './engine.js';
import { type HashFunction, hashBytes } from './hash.js';

const INNER_PAD = 0x36363636;
const OUTER_PAD = 0x5c5c5c5c;
const COUNTER_BITS = 64;
/** The bit that follows a message (FIPS 180-4 §5.1), at the top of a word. */
const END_OF_MESSAGE = 0x80000000;

/**
 * Hashes the two key blocks of HMAC.
 *
 * @param length - how many bytes of `secret` are the key, one or more; they are hashed first if they
 *   are more than a block (RFC 2104 §2)
 */
export function prepareHmac(hash: HashFunction, secret: Uint8Array, length: number): Midstates {
  const schedule = new Int32Array(hash.scheduleWords);
  const key = keyBlock(hash, secret, length, schedule);
  const midstates = [
    ...absorbKey(hash, key, INNER_PAD, schedule),
    ...absorbKey(hash, key, OUTER_PAD, schedule),
  ];
  // What a heap snapshot might find from here on is not the key itself.
  key.fill(0);
  schedule.fill(0);
  return midstates;
}

/** The key as one block of words, zeros behind it. */
function keyBlock(
  hash: HashFunction,
  secret: Uint8Array,
  length: number,
  schedule: Int32Array,
): Int32Array {
  const block = new Int32Array(hash.blockWords);
  if (length > 4 * hash.blockWords) {
    const digest = hashBytes(hash, secret, length, schedule);
    block.set(digest);
    digest.fill(0);
  } else {
    for (let i = 0; i < length; i++) {
      block[i >> 2] = (block[i >> 2] as number) | ((secret[i] as number) << (24 - 8 * (i & 3)));
    }
  }
  return block;
}

/** The state after the block `key ^ pad`. */
function absorbKey(
  hash: HashFunction,
  key: Int32Array,
  pad: number,
  schedule: Int32Array,
): Int32Array {
  for (let i = 0; i < hash.blockWords; i++) schedule[i] = (key[i] as number) ^ pad;
  const state = Int32Array.from(hash.initialState);
  hash.compress(state, schedule);
  return state;
}

/**
 * The HMAC of one counter.
 *
 * @param high - the counter's upper 32 bits (RFC 4226 §5.1: eight bytes, big-endian)
 * @param low - its lower 32 bits
 * @param schedule - `scheduleWords` words of working space
 * @param state - `stateWords` words; holds the HMAC afterwards
 */
export function hmacOfCounter(
  hash: HashFunction,
  midstates: Midstates,
  high: number,
  low: number,
  schedule: Int32Array,
  state: Int32Array,
): void {
  const { stateWords } = hash;
  schedule[0] = high;
  schedule[1] = low;
  closeBlock(hash, schedule, 2, COUNTER_BITS);
  for (let i = 0; i < stateWords; i++) state[i] = midstates[i] as number;
  hash.compress(state, schedule);

  for (let i = 0; i < stateWords; i++) {
    schedule[i] = state[i] as number;
    state[i] = midstates[stateWords + i] as number;
  }
  closeBlock(hash, schedule, stateWords, 32 * stateWords);
  hash.compress(state, schedule);
}

/** Pads a message that began with a whole key block and ends with `words` words of `bits` bits. */
function closeBlock(hash: HashFunction, schedule: Int32Array, words: number, bits: number): void {
  const { blockWords } = hash;
  schedule[words] = END_OF_MESSAGE;
  for (let i = words + 1; i < blockWords - 1; i++) schedule[i] = 0;
  schedule[blockWords - 1] = 32 * blockWords + bits;
}
