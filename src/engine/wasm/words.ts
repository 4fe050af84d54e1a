/**
 * The words that a kernel computes with: one word of a hash function in every lane of a vector.
 *
 * A word is either a local vector or a constant known while the code is written. What is known need
 * not be computed: the zero words of HMAC over a counter drop out of the first sixteen rounds.
 */
import {
  type Code,
  constant,
  get,
  getRotated,
  I32X4_ADD,
  I32X4_SHL,
  I32X4_SHR_U,
  I64X2_ADD,
  I64X2_SHL,
  I64X2_SHR_U,
  type Local,
  newLocal,
  set,
  V128_LOAD32_SPLAT,
  V128_LOAD64_SPLAT,
} from './assembler.js';

/** What differs between four lanes of 32 bits and two of 64. */
export interface Lanes {
  readonly bits: 32 | 64;
  readonly bytes: 4 | 8;
  readonly add: number;
  readonly shl: number;
  readonly shrU: number;
  /** Loads one word into all lanes. */
  readonly loadSplat: number;
}

export const LANES_32: Lanes = {
  bits: 32,
  bytes: 4,
  add: I32X4_ADD,
  shl: I32X4_SHL,
  shrU: I32X4_SHR_U,
  loadSplat: V128_LOAD32_SPLAT,
};
export const LANES_64: Lanes = {
  bits: 64,
  bytes: 8,
  add: I64X2_ADD,
  shl: I64X2_SHL,
  shrU: I64X2_SHR_U,
  loadSplat: V128_LOAD64_SPLAT,
};

/** A known word, as the two int32 that fill half a vector: one twice, or the lower and the upper. */
export type Constant = readonly [number, number];

/** A local or a constant. */
export type Word = Local | Constant;

/** A constant of 32 bits, or one of 64 by its upper half, the lower one being zero or given too. */
export function constantOf({ bits }: Lanes, high: number, low = 0): Constant {
  return bits === 32 ? [high, high] : [low, high];
}

export function isConstant(word: Word): word is Constant {
  return typeof word !== 'number';
}

export function isZero(word: Word): boolean {
  return isConstant(word) && (word[0] | word[1]) === 0;
}

/** Pushes a word. */
export function push(code: Code, word: Word): void {
  if (isConstant(word)) constant(code, [word[0], word[1], word[0], word[1]]);
  else get(code, word);
}

/** Pushes a local rotated right. */
export function pushRotated(code: Code, lanes: Lanes, local: Local, bits: number): void {
  getRotated(code, local, lanes.shrU, bits, lanes.shl, lanes.bits - bits);
}

/** The local that a pushed value is kept in. */
export function keep(code: Code, local: Local = newLocal(code)): Local {
  set(code, local);
  return local;
}

/** Rounds that need no message schedule: as many as a block has words. */
export const FIRST_ROUNDS = 16;

/** One compression function, ready to be written as code: two parts, and locals for its words. */
export interface RoundFunction {
  readonly lanes: Lanes;
  /** H(0), which key blocks start from. */
  readonly initialState: readonly Constant[];
  /** 32-bit words that the rounds want to find in memory. */
  readonly table: readonly number[];
  /**
   * Writes the first sixteen rounds.
   *
   * @param state - changed on the way
   * @param block - its sixteen words, which stay as they are
   * @param table - byte address of the table
   * @returns the same locals in their new order
   */
  firstRounds(
    code: Code,
    state: readonly Local[],
    block: readonly Word[],
    table: number,
  ): readonly Local[];
  /**
   * Writes the rounds from the seventeenth on.
   *
   * @param state - changed on the way
   * @param w - the words of the block, changed too
   * @param table - byte address of the table
   * @returns locals of the state in their order
   */
  otherRounds(
    code: Code,
    state: readonly Local[],
    w: readonly Local[],
    table: number,
  ): readonly Local[];
}
