/**
 * HMAC over a counter and its dynamic truncation: of four counters in the lanes of a vector, or of
 * one with 64-bit words. RFC 2104 §2, RFC 4226 §5.3.
 *
 * No branch and no address depends on a computed word.
 */

import { BLOCK_WORDS } from '../layout.js';
import {
  type Code,
  call,
  emit,
  type Func,
  I32,
  I64,
  i32,
  i32x4,
  i64,
  keep,
  type Local,
  local,
  newFunction,
  popAll,
  pushAll,
  V128,
  type Value,
  v128,
} from './assembler.js';
import { OTHER_ROUNDS } from './functions.js';
import { LONG_WORDS, plus, type RoundFunction, type Words } from './words.js';

/** The bit appended to a message (FIPS 180-4 §5.1), at the top of a word. */
const END_OF_MESSAGE = 0x80000000;
const VALUE_BITS = 0x7fffffff;

/** As many values of a hash function's type. */
export function typesOf({ type }: Words, count: number): Words['type'][] {
  return new Array<Words['type']>(count).fill(type);
}

/** Words of a counter. */
export function counterWords({ bits }: Words): number {
  return 64 / bits;
}

/** state…, block… -> state…: all rounds but the first sixteen. */
export function otherRounds({ words, stateWords, rounds }: RoundFunction): Func {
  const func = newFunction(typesOf(words, stateWords + BLOCK_WORDS), typesOf(words, stateWords));
  const { parameters } = func;
  const [state, block] = [parameters.slice(0, stateWords), parameters.slice(stateWords)];
  emit(func, pushAll(rounds(func, state, block, false)));
  return func;
}

/**
 * Writes one run of the compression function. The first rounds are written out each time, so known
 * words of the block drop out. The others are a function: two or three copies of them would exceed
 * the processor's instruction cache.
 *
 * @param state - locals or constants; they keep their values
 * @returns new locals with the new state
 */
export function compress(
  func: Func,
  { words, rounds }: RoundFunction,
  state: readonly Value[],
  block: readonly Value[],
): Local[] {
  const copies = state.map((word) => keep(func, words.type, word));
  emit(func, call(OTHER_ROUNDS, ...rounds(func, copies, block, true), ...block), popAll(copies));
  copies.forEach((word, i) => {
    emit(func, local.set(word, plus(words, word, state[i] as Value)));
  });
  return copies;
}

/** midstates…, counter… -> the truncated value: in each lane, or a 32-bit integer. */
export function hmacOfCounter(hash: RoundFunction): Func {
  const { words, stateWords } = hash;
  const isLong = words === LONG_WORDS;
  const inputs = 2 * stateWords + counterWords(words);
  const func = newFunction(typesOf(words, inputs), [isLong ? I32 : V128]);
  const { parameters } = func;
  const first = closedBlock(words, parameters.slice(2 * stateWords));
  const inner = compress(func, hash, parameters.slice(0, stateWords), first);
  const outer = parameters.slice(stateWords, 2 * stateWords);
  const mac = compress(func, hash, outer, closedBlock(words, inner));
  emit(func, isLong ? truncatedLong(func, mac) : truncatedLanes(func, mac));
  return func;
}

/** A message's second block, after a key block: the words, the mark, the length. */
function closedBlock(words: Words, content: readonly Local[]): Value[] {
  const block: Value[] = [...content, words.constant(END_OF_MESSAGE)];
  while (block.length < BLOCK_WORDS - 1) block.push(words.zero);
  const length = (BLOCK_WORDS + content.length) * words.bits;
  return [...block, words.bits === 32 ? words.constant(length) : words.constant(0, length)];
}

/**
 * The 31 bits at the offset in the last four bits of each lane's MAC. Each bit of the offset moves
 * the wanted bytes by 8, 4, 2 or 1 to the front, or not, by a mask.
 */
function truncatedLanes(func: Func, mac: readonly Local[]): Code {
  const last = mac.at(-1) as Local;
  let words = mac;
  for (let bit = 3; bit >= 0; bit--) {
    // All ones in the lanes where the bit is set.
    const mask = keep(func, V128, i32x4.shr_s(i32x4.shl(last, 31 - bit), 31));
    // The wanted bytes, and those a later move may skip.
    const count = Math.ceil((3 + 2 ** bit) / 4);
    words = words
      .slice(0, count)
      .map((word, i) => keep(func, V128, v128.bitselect(moved(words, i, 8 << bit), word, mask)));
  }
  return v128.and(words[0] as Local, v128.const(VALUE_BITS));
}

/** A word after a move to the front by so many bits. */
function moved(words: readonly Local[], i: number, bits: number): Value {
  if (bits >= 32) return words[i + bits / 32] as Local;
  const upper = i32x4.shl(words[i] as Local, bits);
  const next = words[i + 1];
  return next === undefined ? upper : v128.or(upper, i32x4.shr_u(next, 32 - bits));
}

/**
 * The same of one MAC. A mask picks the two words from the offset's bit 3; the other three bits
 * shift them. The bytes end up in the upper half.
 */
function truncatedLong(func: Func, mac: readonly Local[]): Code {
  const [first, second, third] = mac as [Local, Local, Local];
  const offset = mac.at(-1) as Local;
  const bit3 = i64.and(i64.shr_u(offset, i64.const(0, 3)), i64.const(0, 1));
  const mask = keep(func, I64, i64.sub(i64.const(0), bit3));
  const upper = LONG_WORDS.choose(mask, second, first);
  const lower = LONG_WORDS.choose(mask, third, second);
  const shift = keep(func, I64, i64.shl(i64.and(offset, i64.const(0, 7)), i64.const(0, 3)));
  // Two shifts to the right, because a shift by 64 is one by 0.
  const behind = i64.shr_u(i64.shr_u(lower, i64.const(0, 1)), i64.sub(i64.const(0, 63), shift));
  const bytes = i64.shr_u(i64.or(i64.shl(upper, shift), behind), i64.const(0, 32));
  return i32.and(i32.wrap_i64(bytes), VALUE_BITS);
}
