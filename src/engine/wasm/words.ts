/**
 * The words that a kernel computes with: one word of a hash function in every lane of a vector.
 *
 * A word is either a local vector or a constant known while the code is written. Constants are
 * folded on the spot, so the zero words of HMAC over a counter drop out of the message schedule.
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
  shift,
  V128_XOR,
  vector,
} from './assembler.js';

/** What differs between four lanes of 32 bits and two of 64. */
export interface Lanes {
  readonly bits: 32 | 64;
  readonly add: number;
  readonly shl: number;
  readonly shrU: number;
}

export const LANES_32: Lanes = { bits: 32, add: I32X4_ADD, shl: I32X4_SHL, shrU: I32X4_SHR_U };
export const LANES_64: Lanes = { bits: 64, add: I64X2_ADD, shl: I64X2_SHL, shrU: I64X2_SHR_U };

/** A local, or a constant of `Lanes.bits` bits. */
export type Word = Local | bigint;

/** Pushes a word. */
export function push(code: Code, lanes: Lanes, word: Word): void {
  if (typeof word === 'number') {
    get(code, word);
    return;
  }
  const low = Number(BigInt.asIntN(32, word));
  const high = lanes.bits === 32 ? low : Number(BigInt.asIntN(32, word >> 32n));
  constant(code, [low, high, low, high]);
}

/** Pushes a local rotated right. */
export function pushRotated(code: Code, lanes: Lanes, local: Local, bits: number): void {
  getRotated(code, local, lanes.shrU, bits, lanes.shl, lanes.bits - bits);
}

/** A linear function of FIPS 180-4: the xor of rotations to the right and, last, a shift or none. */
export interface Sigma {
  readonly rotations: readonly number[];
  readonly shift?: number;
}

/** Pushes a sigma of a local. */
export function pushSigma(code: Code, lanes: Lanes, sigma: Sigma, local: Local): void {
  sigma.rotations.forEach((bits, i) => {
    pushRotated(code, lanes, local, bits);
    if (i > 0) vector(code, V128_XOR);
  });
  if (sigma.shift === undefined) return;
  get(code, local);
  shift(code, lanes.shrU, sigma.shift);
  vector(code, V128_XOR);
}

/** The sigma of a constant. */
export function foldSigma(lanes: Lanes, sigma: Sigma, value: bigint): bigint {
  const { bits } = lanes;
  const rotated = sigma.rotations.map(
    (by) => (value >> BigInt(by)) | BigInt.asUintN(bits, value << BigInt(bits - by)),
  );
  if (sigma.shift !== undefined) rotated.push(value >> BigInt(sigma.shift));
  return rotated.reduce((a, b) => a ^ b);
}

/** The local that a pushed value is kept in. */
export function keep(code: Code, local: Local = newLocal(code)): Local {
  set(code, local);
  return local;
}

/**
 * Adds a round constant and a schedule word to the top of the stack, as one constant if both are.
 *
 * @param kept - a local that holds the round constant, if there is one
 */
export function addTerm(code: Code, lanes: Lanes, k: bigint, w: Word, kept: Word = k): void {
  if (typeof w === 'number') {
    get(code, w);
    vector(code, lanes.add);
  }
  push(code, lanes, typeof w === 'number' ? kept : BigInt.asUintN(lanes.bits, k + w));
  vector(code, lanes.add);
}

/** One compression function, ready to be written as code. */
export interface RoundFunction {
  readonly lanes: Lanes;
  /** H(0), which key blocks start from. */
  readonly initialState: readonly bigint[];
  /**
   * Writes one turn of it.
   *
   * @param state - locals, which stay as they are
   * @param block - the sixteen words of the block, which stay too
   * @returns new locals that hold the new state
   */
  compress(code: Code, state: readonly Local[], block: readonly Word[]): Local[];
}
