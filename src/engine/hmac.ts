/**
 * HMAC over a counter, with the key's two blocks hashed ahead. RFC 2104 §2 and §4.
 *
 * The message of a one-time password is an 8-byte counter. After `prepareHmac` an HMAC therefore
 * takes two runs of the compression function: the inner block and the outer block.
 */
import type { Midstates } from './engine.js';
import { type HashFunction, hashBytes } from './hash.js';

const INNER_PAD = 0x36363636;
const OUTER_PAD = 0x5c5c5c5c;
const COUNTER_WORDS = 2;
/** The bit appended to a message (FIPS 180-4 §5.1), at the top of a word. */
const END_OF_MESSAGE = 0x80000000;

/**
 * Hashes the two key blocks of HMAC.
 *
 * @param length - the number of key bytes in `secret`, one or more. A key longer than a block is
 *   hashed first (RFC 2104 §2)
 */
export function prepareHmac(hash: HashFunction, secret: Uint8Array, length: number): Midstates {
  const schedule = new Int32Array(hash.scheduleWords);
  const key = keyBlock(hash, secret, length, schedule);
  const midstates = [
    ...absorbKey(hash, key, INNER_PAD, schedule),
    ...absorbKey(hash, key, OUTER_PAD, schedule),
  ];
  // A later heap snapshot must not show the key.
  key.fill(0);
  schedule.fill(0);
  return midstates;
}

/** The key as one block of words, padded with zeros. */
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
 * Working memory for HMACs over counters. Both blocks are padded in advance, and `compress` keeps a
 * block's words. So each HMAC writes only the words before the padding.
 */
export interface Workspace {
  /** The block of the counter, and its schedule. */
  readonly inner: Int32Array;
  /** The block of the inner digest, and its schedule. */
  readonly outer: Int32Array;
  /** The state; at the end, the HMAC. */
  readonly state: Int32Array;
}

export function newWorkspace(hash: HashFunction): Workspace {
  const { stateWords } = hash;
  return {
    inner: paddedBlock(hash, COUNTER_WORDS),
    outer: paddedBlock(hash, stateWords),
    state: new Int32Array(stateWords),
  };
}

/** A message's second block, after a key block: room for `words` words, the mark, the length. */
function paddedBlock({ blockWords, scheduleWords }: HashFunction, words: number): Int32Array {
  const block = new Int32Array(scheduleWords);
  block[words] = END_OF_MESSAGE;
  block[blockWords - 1] = 32 * (blockWords + words);
  return block;
}

/**
 * Computes the HMAC of one counter into the workspace's `state`.
 *
 * @param high - the counter's upper 32 bits (RFC 4226 §5.1: eight bytes, big-endian)
 * @param low - its lower 32 bits
 */
export function hmacOfCounter(
  { stateWords, compress }: HashFunction,
  midstates: Midstates,
  high: number,
  low: number,
  { inner, outer, state }: Workspace,
): void {
  inner[0] = high;
  inner[1] = low;
  for (let i = 0; i < stateWords; i++) state[i] = midstates[i] as number;
  compress(state, inner);
  for (let i = 0; i < stateWords; i++) {
    outer[i] = state[i] as number;
    state[i] = midstates[stateWords + i] as number;
  }
  compress(state, outer);
}
