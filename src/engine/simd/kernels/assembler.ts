/**
 * A small assembler for WebAssembly with 128-bit vectors: just what the kernels need.
 *
 * Code is a list that stands as the stack machine reads it, operands first, then the instruction; a
 * local variable stands for its own value. Nothing is checked here: the runtime's own validator
 * refuses code that does not add up. WebAssembly Core Specification 2.0, §5 "Binary Format".
 */

/**
 * A part of a function's code: a byte, a vector instruction (0x100 and its opcode, §5.4.8), another
 * instruction and its operand of one byte, or a list of parts.
 */
export type Part = number | readonly Part[];

/** A local variable or parameter: the instruction that pushes it, opcode and index. */
export type Local = number;

/** Bytes in an array that is large enough; whatever went beyond it, the runtime would not accept. */
export interface Writer {
  readonly bytes: Uint8Array;
  length: number;
}

/** One function under construction. */
export interface Code extends Writer {
  /** §5.3.6 */
  readonly type: Part;
  readonly parameters: readonly Local[];
  /** A local 32-bit integer, behind the parameters. */
  readonly counter: Local;
  /** Local vectors declared so far, behind the integer. */
  vectors: number;
}

/** The longest function, in bytes; the longest there is, SHA-1's rounds, has 6,400. */
const CAPACITY = 1 << 13;

/** Value types (§5.3.1, §5.3.2). */
export const I32 = 0x7f;
export const V128 = 0x7b;

/** Scalar instructions (§5.4.1, §5.4.7). */
const LOOP = 0x03;
const I32_LT_U = 0x49;
const I32_ADD = 0x6a;
export const I32_SUB = 0x6b;
export const END = 0x0b;
/** The type of a block that leaves nothing on the stack. */
const NO_RESULT = 0x40;
/** With an operand of one byte to be added. */
const BR_IF = 0x0d00;
export const CALL = 0x1000;
const LOCAL_GET = 0x2000;
/** A number from 0 to 63, which is all that shifts need. */
export const I32_CONST = 0x4100;
/** Added to a local, what stores the top of the stack there. */
export const SET = 0x0100;
/** Likewise, and leaves it on the stack. */
export const TEE = 0x0200;

/** Vector instructions (§5.4.8). */
const VECTOR = 0xfd;
export const V128_LOAD = 0x100;
export const V128_LOAD32_SPLAT = 0x109;
const V128_STORE = 0x10b;
const V128_CONST = 0x10c;
const I8X16_SHUFFLE = 0x10d;
export const I32X4_SPLAT = 0x111;
export const I32X4_EXTRACT_LANE = 0x11b;
export const I8X16_LT_U = 0x126;
export const I32X4_LT_S = 0x139;
export const I32X4_LT_U = 0x13a;
export const I32X4_LE_U = 0x13e;
export const I32X4_GE_S = 0x13f;
export const V128_NOT = 0x14d;
export const V128_AND = 0x14e;
export const V128_OR = 0x150;
export const V128_XOR = 0x151;
export const V128_BITSELECT = 0x152;
export const V128_ANY_TRUE = 0x153;
export const V128_STORE32_LANE = 0x15a;
export const V128_STORE64_LANE = 0x15b;
export const I8X16_ADD = 0x16e;
export const I8X16_SUB = 0x171;
export const I16X8_SHL = 0x18b;
export const I16X8_SHR_U = 0x18d;
export const I32X4_SHL = 0x1ab;
export const I32X4_SHR_S = 0x1ac;
export const I32X4_SHR_U = 0x1ad;
export const I32X4_ADD = 0x1ae;
export const I32X4_SUB = 0x1b1;
export const I32X4_MUL = 0x1b5;
export const I32X4_MAX_S = 0x1b8;
export const I32X4_DOT_I16X8_S = 0x1ba;
export const I64X2_EXTEND_LOW_I32X4_U = 0x1c9;
export const I64X2_EXTEND_HIGH_I32X4_U = 0x1ca;

/** 32-bit words of a vector. */
export const VECTOR_WORDS = 4;

/** Starts a function of so many parameters and results, all of one type. */
export function newFunction(type: number, parameters: number, results: number): Code {
  const types = (count: number) => [count, new Array<number>(count).fill(type)];
  return {
    bytes: new Uint8Array(CAPACITY),
    length: 0,
    type: [0x60, types(parameters), types(results)],
    parameters: Array.from({ length: parameters }, (_, i) => LOCAL_GET + i),
    counter: LOCAL_GET + parameters,
    vectors: 0,
  };
}

/** Declares a local vector; the index of the last one that fits is 127. */
export function newLocal(code: Code): Local {
  return code.counter + ++code.vectors;
}

/** Writes code. */
export function write(code: Writer, ...parts: readonly Part[]): void {
  code.length = append(code.bytes, code.length, parts);
}

/**
 * Writes parts from `at` on; returns where they end. This is done some ten thousand times before any
 * compiler has looked at it, so it takes few steps.
 */
function append(bytes: Uint8Array, at: number, parts: readonly Part[]): number {
  let end = at;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Part;
    if (typeof part !== 'number') {
      end = append(bytes, end, part);
    } else if (part < 0x100) {
      bytes[end++] = part;
    } else {
      const isVector = part < 0x200;
      bytes[end++] = isVector ? VECTOR : part >> 8;
      bytes[end++] = part;
      // Unsigned LEB128 of 128 to 255: the byte as it is, then 1.
      if (isVector && part >= 0x180) bytes[end++] = 1;
    }
  }
  return end;
}

/** Writes code whose value is kept in a new local. */
export function keep(code: Code, ...parts: readonly Part[]): Local {
  write(code, parts);
  const local = newLocal(code);
  write(code, local + SET);
  return local;
}

/** A whole number in LEB128 (§5.2.2), of which the sign's place, the last byte's bit 6, stays zero. */
export function leb128(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)];
}

/** Pushes a whole number that is not negative. */
export function integer(value: number): Part {
  return [I32_CONST >> 8, leb128(value)];
}

/** The bytes of 32-bit words, the lowest first. */
export function littleEndian(words: readonly number[]): number[] {
  const bytes: number[] = [];
  for (const word of words) {
    bytes.push(word & 255, (word >> 8) & 255, (word >> 16) & 255, word >>> 24);
  }
  return bytes;
}

/** A constant vector by its words, the first lane first: all four, or fewer that recur. */
export function constant(...words: readonly number[]): Part {
  const lanes = [0, 1, 2, 3].map((lane) => words[lane % words.length] as number);
  return [V128_CONST, littleEndian(lanes)];
}

/** Zeros in all lanes. */
export const ZERO: Part = constant(0);

/** Picks 16 bytes of the two vectors on the stack, by index. */
export function shuffle(...indices: readonly number[]): Part {
  return [I8X16_SHUFFLE, indices];
}

/** Likewise by 32-bit words. */
export function shuffleWords(...indices: readonly number[]): Part {
  return shuffle(...indices.flatMap((i) => [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3]));
}

/** What loads from or stores to the word address that is on the stack, or so many words behind. */
function access(opcode: number, word: number): Part {
  return [opcode, 0, leb128(4 * word)];
}

/** Loads from a word address, which may lie behind the byte address that a local holds. */
export function load(opcode: number, word: number, base: Local = I32_CONST): Part {
  return [base, access(opcode, word)];
}

/** Stores a vector at a word address; an instruction that stores a lane takes its index behind. */
export function store(word: number, value: Part, opcode: number = V128_STORE): Part {
  return [I32_CONST, value, access(opcode, word)];
}

/** Overwrites words of memory with zeros, whole vectors of them. */
export function wipe(code: Code, word: number, words: number): void {
  for (let i = 0; i < words; i += VECTOR_WORDS) write(code, store(word + i, ZERO));
}

/**
 * Does what `body` says once, and then again as long as `counter`, which starts from `from` and
 * grows by `step` each time, is below `end`.
 */
export function repeat(counter: Local, from: number, step: number, end: Part, body: Part): Part {
  const next = [counter, integer(step), I32_ADD, counter + TEE];
  return [integer(from), counter + SET, LOOP, NO_RESULT, body, next, end, I32_LT_U, BR_IF, END];
}
