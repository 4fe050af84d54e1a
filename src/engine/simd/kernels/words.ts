/**
 * The words of a kernel. SHA-1 and SHA-256 have a 32-bit word in each lane of a vector, so four
 * candidates are hashed at once. SHA-512 has a single 64-bit integer and hashes candidates one by
 * one: two lanes of 64 bits were a third slower.
 *
 * A word known to be zero is `zero` itself, and its addition is left out. So most words of HMAC over
 * a counter drop out of the first sixteen rounds.
 */
import {
  type Code,
  type Func,
  I64,
  i32x4,
  i64,
  type Local,
  V128,
  type Value,
  type ValueType,
  v128,
} from './assembler.js';

/** The arithmetic of one kind of word. */
export interface Words {
  readonly type: ValueType;
  readonly bits: 32 | 64;
  readonly zero: Code;
  /** A constant: of 64 bits by its upper and lower half. */
  constant(high: number, low?: number): Code;
  /** Loads a word, into every lane if there are several. */
  load(word: number, base?: Value): Code;
  add(left: Value, right: Value): Code;
  and(left: Value, right: Value): Code;
  xor(left: Value, right: Value): Code;
  /** Bits of `ones` where `mask` is set, of `zeros` elsewhere. */
  choose(mask: Value, ones: Value, zeros: Value): Code;
  shiftRight(word: Value, bits: number): Code;
  rotateRight(word: Local, bits: number): Code;
  /** The xor of three rotations to the right, by rising numbers of bits. */
  xorRotations(word: Local, first: number, second: number, third: number): Code;
}

/** A 32-bit word in each of four lanes. */
export const LANE_WORDS: Words = {
  type: V128,
  bits: 32,
  zero: v128.const(0),
  constant: (word) => v128.const(word),
  load: v128.load32_splat,
  add: i32x4.add,
  and: v128.and,
  xor: v128.xor,
  choose: (mask, ones, zeros) => v128.bitselect(ones, zeros, mask),
  shiftRight: i32x4.shr_u,
  // Vectors have no rotation.
  rotateRight: (word, bits) => v128.or(i32x4.shr_u(word, bits), i32x4.shl(word, 32 - bits)),
  xorRotations: (word, first, second, third) => {
    const rotated = (bits: number) => LANE_WORDS.rotateRight(word, bits);
    return v128.xor(v128.xor(rotated(first), rotated(second)), rotated(third));
  },
};

function rotated(word: Value, bits: number): Code {
  return i64.rotr(word, i64.const(0, bits));
}

/** A single 64-bit word. */
export const LONG_WORDS: Words = {
  type: I64,
  bits: 64,
  zero: i64.const(0),
  constant: i64.const,
  load: i64.load,
  add: i64.add,
  and: i64.and,
  xor: i64.xor,
  // By masks: `select` may become a branch.
  choose: (mask, ones, zeros) => i64.xor(i64.and(i64.xor(ones, zeros), mask), zeros),
  shiftRight: (word, bits) => i64.shr_u(word, i64.const(0, bits)),
  rotateRight: rotated,
  // Nested: x64 rotates in place, so this saves two copies and a thirtieth of the time.
  xorRotations: (word, first, second, third) => {
    const inner = i64.xor(rotated(word, third - second), word);
    return rotated(i64.xor(rotated(inner, second - first), word), first);
  },
};

/** Loads a word stored by JavaScript: of 64 bits with the upper half first. */
export function loadKept(words: Words, word: number): Code {
  return words === LONG_WORDS ? i64.rotl(i64.load(word), i64.const(0, 32)) : words.load(word);
}

/** Stores a 64-bit word for JavaScript, the upper half first. */
export function storeKept(word: number, value: Local): Code {
  return i64.store(word, i64.rotl(value, i64.const(0, 32)));
}

/** The sum of a value and a word, possibly `zero`. */
export function plus(words: Words, sum: Value, word: Value): Value {
  return word === words.zero ? sum : words.add(sum, word);
}

/**
 * A state's words by their names after `t` rounds, at most 80. Each round renames every word instead
 * of moving it at run time. 80 is a multiple of both state lengths, 5 and 8.
 */
export function renamed(state: readonly Local[], t: number): Local[] {
  return state.map((_, i) => state[(80 - t + i) % state.length] as Local);
}

/** Rounds before the message schedule: one for each word of a block. */
export const FIRST_ROUNDS = 16;

/** One compression function, ready to be written as code in two parts. */
export interface RoundFunction {
  readonly words: Words;
  /** Words of the state. */
  readonly stateWords: number;
  /** H(0), from which key blocks start. */
  readonly initialState: readonly Code[];
  /** 32-bit words for the rounds to read from memory. */
  readonly table: readonly number[];
  /**
   * Writes the first sixteen rounds, or all others.
   *
   * @param state - overwritten
   * @param block - its sixteen words: unchanged in the first rounds; in the others, locals to be
   *   overwritten
   * @returns the locals of `state` in their new order
   */
  rounds(
    func: Func,
    state: readonly Local[],
    block: readonly Value[],
    areFirst: boolean,
  ): readonly Local[];
}
