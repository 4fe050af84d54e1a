/**
 * A small assembler for WebAssembly with 128-bit vectors: just what the kernels need.
 *
 * A function's code is written as the stack machine reads it, operands first, then the
 * instruction. Nothing is checked here: the runtime's own validator refuses code that does not add
 * up. WebAssembly Core Specification 2.0, §5 "Binary Format".
 */

import { CAPACITY, ONE_BYTE, type Writer, writeByte, writeUnsigned, writeWord } from './bytes.js';

/** Value types (§5.3.1, §5.3.2). */
export const I32 = 0x7f;
export const V128 = 0x7b;

/** Scalar instructions (§5.4.1, §5.4.7). */
const LOOP = 0x03;
const BR_IF = 0x0d;
const CALL = 0x10;
const I32_LT_U = 0x49;
const I32_ADD = 0x6a;
export const I32_SUB = 0x6b;
/** The type of a block that leaves nothing on the stack. */
const NO_RESULT = 0x40;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const I32_CONST = 0x41;
export const END = 0x0b;

/** Vector instructions (§5.4.8), all behind the prefix 0xfd. */
const VECTOR = 0xfd;
export const V128_LOAD = 0x00;
export const V128_LOAD32_SPLAT = 0x09;
export const V128_LOAD64_SPLAT = 0x0a;
const V128_STORE = 0x0b;
export const V128_STORE32_LANE = 0x5a;
export const V128_STORE64_LANE = 0x5b;
const V128_CONST = 0x0c;
const I8X16_SHUFFLE = 0x0d;
export const I32X4_SPLAT = 0x11;
const I32X4_EXTRACT_LANE = 0x1b;
export const I8X16_LT_U = 0x26;
export const I32X4_LT_S = 0x39;
export const I32X4_LT_U = 0x3a;
export const I32X4_LE_U = 0x3e;
export const I32X4_GE_S = 0x3f;
export const V128_NOT = 0x4d;
export const V128_AND = 0x4e;
export const V128_OR = 0x50;
export const V128_XOR = 0x51;
export const V128_BITSELECT = 0x52;
export const V128_ANY_TRUE = 0x53;
export const I8X16_ADD = 0x6e;
export const I8X16_SUB = 0x71;
export const I16X8_SHL = 0x8b;
export const I16X8_SHR_U = 0x8d;
export const I32X4_SHL = 0xab;
export const I32X4_SHR_S = 0xac;
export const I32X4_SHR_U = 0xad;
export const I32X4_ADD = 0xae;
export const I32X4_SUB = 0xb1;
export const I32X4_MUL = 0xb5;
export const I32X4_MAX_S = 0xb8;
export const I32X4_DOT_I16X8_S = 0xba;
export const I64X2_EXTEND_LOW_I32X4_U = 0xc9;
export const I64X2_EXTEND_HIGH_I32X4_U = 0xca;
export const I64X2_SHL = 0xcb;
export const I64X2_SHR_S = 0xcc;
export const I64X2_SHR_U = 0xcd;
export const I64X2_ADD = 0xce;

/** Bytes of a vector. */
export const VECTOR_BYTES = 16;

/** A local variable or parameter, by its index. */
export type Local = number;

/** One function under construction. Its parameters are its first locals, then come the integers. */
export interface Code extends Writer {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
  /** Local 32-bit integers. */
  readonly integers: number;
  /** Vectors declared so far. */
  vectors: number;
}

/** Starts a function of these parameter and result types, with so many local 32-bit integers. */
export function newFunction(
  parameters: readonly number[],
  results: readonly number[],
  integers = 0,
): Code {
  return { bytes: new Uint8Array(CAPACITY), length: 0, parameters, results, integers, vectors: 0 };
}

/** The `index`-th local integer. */
export function integer(code: Code, index: number): Local {
  return code.parameters.length + index;
}

/** Declares a local vector. */
export function newLocal(code: Code): Local {
  const local = code.parameters.length + code.integers + code.vectors++;
  if (local >= ONE_BYTE) throw new RangeError('a kernel has too many locals');
  return local;
}

// The functions below are called some ten thousand times before any compiler has looked at them,
// so each writes its bytes by itself.

function access(code: Code, opcode: number, local: Local): void {
  const { bytes, length } = code;
  bytes[length] = opcode;
  bytes[length + 1] = local;
  code.length = length + 2;
}

export function get(code: Code, local: Local): void {
  code.bytes[code.length++] = LOCAL_GET;
  code.bytes[code.length++] = local;
}

export function set(code: Code, local: Local): void {
  code.bytes[code.length++] = LOCAL_SET;
  code.bytes[code.length++] = local;
}

/** Stores the top of the stack and leaves it there. */
export function tee(code: Code, local: Local): void {
  access(code, LOCAL_TEE, local);
}

export function call(code: Code, functionIndex: number): void {
  access(code, CALL, functionIndex);
}

/** A whole number that is not negative (signed LEB128, §5.2.2). */
export function pushInteger(code: Writer, value: number): void {
  writeByte(code, I32_CONST);
  let rest = value;
  // The highest bit of the last byte is the sign.
  while (rest >= ONE_BYTE / 2) {
    writeByte(code, (rest % ONE_BYTE) | ONE_BYTE);
    rest >>>= 7;
  }
  writeByte(code, rest);
}

/**
 * Does what `body` writes once, and then again as long as `counter`, which starts from `from` and
 * grows by `step` each time, is below what `pushEnd` leaves on the stack.
 */
export function repeat(
  code: Code,
  counter: Local,
  from: number,
  step: number,
  pushEnd: () => void,
  body: () => void,
): void {
  pushInteger(code, from);
  set(code, counter);
  writeByte(code, LOOP);
  writeByte(code, NO_RESULT);
  body();
  get(code, counter);
  pushInteger(code, step);
  scalar(code, I32_ADD);
  tee(code, counter);
  pushEnd();
  scalar(code, I32_LT_U);
  access(code, BR_IF, 0);
  scalar(code, END);
}

/** A number from 0 to 63, which is all that shifts and addresses need. */
export function smallInteger(code: Code, value: number): void {
  access(code, I32_CONST, value);
}

/** Pushes an integer in all 32-bit lanes of a vector. */
export function getSplat(code: Code, local: Local): void {
  get(code, local);
  vector(code, I32X4_SPLAT);
}

/** An instruction without operands of its own. */
export function scalar(code: Code, opcode: number): void {
  writeByte(code, opcode);
}

/** A vector instruction without operands of its own. */
export function vector(code: Code, opcode: number): void {
  const { bytes, length } = code;
  bytes[length] = VECTOR;
  bytes[length + 1] = opcode;
  if (opcode < ONE_BYTE) {
    code.length = length + 2;
  } else {
    // Unsigned LEB128 of 128 to 255: the byte as it is, then 1.
    bytes[length + 2] = 1;
    code.length = length + 3;
  }
}

/** A shift of all lanes by a constant. */
export function shift(code: Code, opcode: number, bits: number): void {
  access(code, I32_CONST, bits);
  vector(code, opcode);
}

/**
 * A local with all lanes rotated right. There is no such instruction: two shifts and an or. Their
 * opcodes are above 127, so each has a second byte.
 */
export function getRotated(
  code: Code,
  local: Local,
  shrU: number,
  right: number,
  shl: number,
  left: number,
): void {
  const { bytes } = code;
  let at = code.length;
  bytes[at++] = LOCAL_GET;
  bytes[at++] = local;
  bytes[at++] = I32_CONST;
  bytes[at++] = right;
  bytes[at++] = VECTOR;
  bytes[at++] = shrU;
  bytes[at++] = 1;
  bytes[at++] = LOCAL_GET;
  bytes[at++] = local;
  bytes[at++] = I32_CONST;
  bytes[at++] = left;
  bytes[at++] = VECTOR;
  bytes[at++] = shl;
  bytes[at++] = 1;
  bytes[at++] = VECTOR;
  bytes[at++] = V128_OR;
  code.length = at;
}

/** A constant vector by its four words, the first lane first. */
export function constant(code: Code, words: readonly number[]): void {
  vector(code, V128_CONST);
  for (const word of words) writeWord(code, word);
}

/** Picks 16 bytes of the two vectors on the stack, by index. */
export function shuffle(code: Code, bytes: readonly number[]): void {
  vector(code, I8X16_SHUFFLE);
  for (const byte of bytes) writeByte(code, byte);
}

/** Loads from a byte address, which may lie behind a local's. */
export function load(code: Code, opcode: number, address: number, base?: Local): void {
  if (base === undefined) smallInteger(code, 0);
  else get(code, base);
  writeAddress(code, opcode, address);
}

/** Stores the vector that `value` leaves on the stack at a byte address. */
export function store(code: Code, address: number, value: () => void): void {
  smallInteger(code, 0);
  value();
  writeAddress(code, V128_STORE, address);
}

/** Overwrites memory, whole vectors of it, with a 32-bit word. */
export function wipe(code: Code, address: number, bytes: number, word = 0): void {
  for (let at = 0; at < bytes; at += VECTOR_BYTES) {
    store(code, address + at, () => constant(code, [word, word, word, word]));
  }
}

/** Stores one lane of the vector that `value` leaves on the stack. */
export function storeLane(
  code: Code,
  opcode: number,
  lane: number,
  address: number,
  value: () => void,
): void {
  smallInteger(code, 0);
  value();
  writeAddress(code, opcode, address);
  writeByte(code, lane);
}

/** Takes the vector on the stack to the 32-bit integer in its first lane. */
export function firstLane(code: Code): void {
  vector(code, I32X4_EXTRACT_LANE);
  writeByte(code, 0);
}

function writeAddress(code: Code, opcode: number, address: number): void {
  vector(code, opcode);
  writeByte(code, 0);
  writeUnsigned(code, address);
}
