/**
 * HMAC over a counter, and its dynamic truncation, in four lanes. RFC 2104 §2, RFC 4226 §5.3.
 *
 * Truncation stays in the lanes: no branch and no address depends on what is computed.
 */

import { BLOCK_WORDS, OTHER_ROUNDS } from '../layout.js';
import {
  CALL,
  type Code,
  constant,
  I32_CONST,
  I32X4_SHR_S,
  keep,
  type Local,
  newFunction,
  type Part,
  SET,
  V128,
  V128_AND,
  V128_BITSELECT,
  V128_OR,
  write,
  ZERO,
} from './assembler.js';
import {
  type Bits,
  constantOf,
  inputWords,
  ofLanes,
  plus,
  type RoundFunction,
  shifted,
} from './words.js';

/** The bit that follows a message (FIPS 180-4 §5.1), at the top of a word. */
const END_OF_MESSAGE = 0x80000000;

/** state…, block… -> state…: all rounds but the first sixteen, which is what all have in common. */
export function otherRounds({ stateWords, rounds }: RoundFunction): Code {
  const code = newFunction(V128, stateWords + BLOCK_WORDS, stateWords);
  const { parameters } = code;
  const [state, block] = [parameters.slice(0, stateWords), parameters.slice(stateWords)];
  write(code, rounds(code, state, block, false));
  return code;
}

/**
 * Writes one turn of the compression function. The first rounds are written out each time, so that
 * what is known of the block drops out; the others are a function, because twice or three times
 * their code would be more than the processor's instruction caches hold.
 *
 * @param state - locals or constants, which stay as they are
 * @returns new locals that hold the new state
 */
export function compress(
  code: Code,
  { bits, rounds }: RoundFunction,
  state: readonly Part[],
  block: readonly Part[],
): Local[] {
  const copies = state.map((word) => keep(code, word));
  write(code, rounds(code, copies, block, true), block, CALL + OTHER_ROUNDS);
  // The last result lies on top.
  write(code, copies.map((word) => word + SET).reverse());
  write(
    code,
    copies.map((word, i) => [word, plus(bits, state[i] as Part), word + SET]),
  );
  return copies;
}

/** midstates…, counter… -> truncated values, in the lower 32 bits of each lane. */
export function hmacOfCounters(hash: RoundFunction): Code {
  const { bits, stateWords } = hash;
  const code = newFunction(V128, inputWords(hash), 1);
  const { parameters } = code;
  const first = closedBlock(hash, parameters.slice(2 * stateWords));
  const inner = compress(code, hash, parameters.slice(0, stateWords), first);
  const outer = parameters.slice(stateWords, 2 * stateWords);
  write(code, truncated(code, bits, compress(code, hash, outer, closedBlock(hash, inner))));
  return code;
}

/** The second block of a message that began with a key block: the words, the mark, the length. */
function closedBlock({ bits }: RoundFunction, words: readonly Local[]): Part[] {
  const block: Part[] = [...words, constantOf(bits, END_OF_MESSAGE)];
  while (block.length < 15) block.push(ZERO);
  const length = (16 + words.length) * bits;
  return [...block, constant(length, bits === 32 ? length : 0)];
}

/**
 * The 31 bits at the offset that the last four bits give. Each bit of the offset moves what is wanted
 * by 8, 4, 2 or 1 bytes to the front, or not, by a mask. With 64-bit words it ends up in the upper
 * halves.
 */
function truncated(code: Code, bits: Bits, mac: readonly Local[]): Part {
  const last = mac[mac.length - 1] as Local;
  let words = mac;
  for (let bit = 3; bit >= 0; bit--) {
    // All ones in the lanes where the bit is set.
    const top = shifted(bits, last, bits - 1 - bit);
    const mask = keep(code, top, I32_CONST + bits - 1, ofLanes(bits, I32X4_SHR_S));
    // Of the bytes that are wanted and those that a later move may skip.
    const count = Math.ceil((3 + 2 ** bit) / (bits / 8));
    words = words
      .slice(0, count)
      .map((word, i) => keep(code, moved(bits, words, i, 8 << bit), word, mask, V128_BITSELECT));
  }
  const [word] = words as [Local];
  return bits === 32
    ? [word, constant(0x7fffffff), V128_AND]
    : [shifted(64, word, -32), constant(0x7fffffff, 0), V128_AND];
}

/** A word after a move to the front by so many bits. */
function moved(bits: Bits, words: readonly Local[], i: number, by: number): Part {
  if (by >= bits) return words[i + by / bits] as Local;
  const next = words[i + 1];
  const upper = shifted(bits, words[i] as Local, by);
  return next === undefined ? upper : [upper, shifted(bits, next, by - bits), V128_OR];
}
