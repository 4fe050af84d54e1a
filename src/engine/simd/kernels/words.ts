/**
 * The words that a kernel computes with: one word of a hash function in every lane of a vector,
 * which has four lanes of 32 bits or two of 64.
 *
 * A word is either a local vector or a constant known while the code is written. What is known to be
 * zero need not be added: most words of HMAC over a counter drop out of the first sixteen rounds.
 */
import {
  type Code,
  constant,
  I32_CONST,
  I32X4_ADD,
  I32X4_SHL,
  I32X4_SHR_U,
  type Local,
  type Part,
  V128_LOAD32_SPLAT,
  V128_OR,
  ZERO,
} from './assembler.js';

/** Bits of a word. */
export type Bits = 32 | 64;

/** The instruction for lanes of so many bits, by that for 32: the numbering has it so (§5.4.8). */
export function ofLanes(bits: Bits, opcode: number): number {
  return opcode + bits - 32;
}

/** Loads one word into all lanes. */
export function loadSplat(bits: Bits): number {
  return V128_LOAD32_SPLAT + (bits >> 6);
}

/** A constant of 32 bits, or one of 64 by its upper half, the lower one being zero or given too. */
export function constantOf(bits: Bits, high: number, low = 0): Part {
  return bits === 32 ? constant(high) : constant(low, high);
}

/** Adds a word to that on the stack, or nothing for {@link ZERO}. */
export function plus(bits: Bits, word: Part): Part {
  return word === ZERO ? [] : [word, ofLanes(bits, I32X4_ADD)];
}

/** A word shifted to the left, or to the right without its sign. */
export function shifted(bits: Bits, word: Part, left: number): Part {
  const opcode = left < 0 ? I32X4_SHR_U : I32X4_SHL;
  return [word, I32_CONST + Math.abs(left), ofLanes(bits, opcode)];
}

/** A local rotated right: there is no such instruction. */
export function rotated(bits: Bits, local: Local, right: number): Part {
  const [shrU, shl] = [ofLanes(bits, I32X4_SHR_U), ofLanes(bits, I32X4_SHL)];
  return [local, I32_CONST + right, shrU, local, I32_CONST + bits - right, shl, V128_OR];
}

/**
 * The words of a state by their names after `t` rounds, at most 80: they change places by name, one
 * each round, and nothing moves at run time. (80 is a multiple of both numbers of words there are.)
 */
export function renamed(state: readonly Local[], t: number): Local[] {
  return state.map((_, i) => state[(80 - t + i) % state.length] as Local);
}

/** Rounds that need no message schedule: as many as a block has words. */
export const FIRST_ROUNDS = 16;

/** One compression function, ready to be written as code: two parts, and locals for its words. */
export interface RoundFunction {
  readonly bits: Bits;
  /** Words of the state. */
  readonly stateWords: number;
  /** H(0), which key blocks start from. */
  initialState(): readonly Part[];
  /** 32-bit words that the rounds want to find in memory. */
  table(): readonly number[];
  /**
   * Writes the first sixteen rounds, or all others.
   *
   * @param state - changed on the way
   * @param block - its sixteen words: they stay as they are in the first rounds, and are locals that
   *   change in the others
   * @returns the same locals in their new order
   */
  rounds(
    code: Code,
    state: readonly Local[],
    block: readonly Part[],
    areFirst: boolean,
  ): readonly Local[];
}

/** Words of the midstates and of a counter in each lane: 64 bits, or two times 32. */
export function inputWords({ bits, stateWords }: RoundFunction): number {
  return 2 * stateWords + 64 / bits;
}
