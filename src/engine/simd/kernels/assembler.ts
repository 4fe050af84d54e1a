/**
 * A small assembler for WebAssembly: the instructions of the kernels, named as in the text format.
 * WebAssembly Core Specification 2.0, §5 "Binary Format".
 *
 * An instruction is a function. It returns code: first that of its operands, then its own bytes, in
 * the order in which the stack machine reads them. The runtime's validator checks the types.
 */

/** Bytes, or lists of bytes. */
export type Code = readonly (number | Code)[];

/** A value type (§5.3.1, §5.3.2). */
export type ValueType = typeof I32 | typeof I64 | typeof V128;
export const I32 = 0x7f;
export const I64 = 0x7e;
export const V128 = 0x7b;

/** A parameter or a local variable of a function. */
export interface Local {
  readonly type: ValueType;
  readonly index: number;
}

/**
 * An operand: code pushing it, a local, or a number for `i32.const`. An empty list stands for a value
 * already on the stack.
 */
export type Value = Code | Local | number;

/** A function under construction. */
export interface Func {
  readonly parameters: readonly Local[];
  readonly results: readonly ValueType[];
  /** The locals after the parameters. */
  readonly locals: Local[];
  readonly code: Code[];
}

/** Starts a function. */
export function newFunction(parameters: readonly ValueType[], results: readonly ValueType[]): Func {
  return {
    parameters: parameters.map((type, index) => ({ type, index })),
    results,
    locals: [],
    code: [],
  };
}

/** Declares a local variable. */
export function newLocal(func: Func, type: ValueType): Local {
  const { parameters, locals } = func;
  const declared = { type, index: parameters.length + locals.length };
  locals.push(declared);
  return declared;
}

/** Appends code to a function. */
export function emit(func: Func, ...code: readonly Code[]): void {
  func.code.push(...code);
}

/** Stores a value in a new local. */
export function keep(func: Func, type: ValueType, value: Value): Local {
  const kept = newLocal(func, type);
  emit(func, local.set(kept, value));
  return kept;
}

/** An unsigned number in LEB128 (§5.2.2). */
export function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)];
}

/** A signed number of 64 bits at most in LEB128. */
function signedLeb128(value: bigint): number[] {
  const low = Number(value & 127n);
  if (value >= -64n && value < 64n) return [low];
  return [low | 128, ...signedLeb128(value >> 7n)];
}

/** The bytes of 32-bit words, the lowest byte first. */
export function littleEndian(words: readonly number[]): number[] {
  return words.flatMap((word) => [word & 255, (word >> 8) & 255, (word >> 16) & 255, word >>> 24]);
}

function push(value: Value): Code {
  if (typeof value === 'number') return i32.const(value);
  return 'index' in value ? [0x20, leb128(value.index)] : value;
}

type Unary = (operand: Value) => Code;
type Binary = (left: Value, right: Value) => Code;
/** Instructions of one kind by their names. */
type All<Kind, Name extends string> = Readonly<Record<Name, Kind>>;

function unary(...opcode: number[]): Unary {
  return (operand) => [push(operand), opcode];
}

function binary(...opcode: number[]): Binary {
  return (left, right) => [push(left), push(right), opcode];
}

/** The prefix of vector instructions, and an opcode behind it (§5.4.8). */
function vector(opcode: number): number[] {
  return [0xfd, ...leb128(opcode)];
}

type Load = (word: number, base?: Value) => Code;
type Store = (word: number, value: Value, base?: Value) => Code;
type StoreLane = (word: number, value: Value, lane: number, base?: Value) => Code;

/** `word` is an address in 32-bit words, as in layout.ts; `base` adds bytes to it. */
function load(...opcode: number[]): Load {
  return (word, base = 0) => [push(base), opcode, memoryArgument(word)];
}

function store(...opcode: number[]): Store {
  return (word, value, base = 0) => [push(base), push(value), opcode, memoryArgument(word)];
}

function storeLane(...opcode: number[]): StoreLane {
  return (word, value, lane, base = 0) => [store(...opcode)(word, value, base), lane];
}

/** Without an alignment hint; the offset is in bytes. */
function memoryArgument(word: number): Code {
  return [0, leb128(4 * word)];
}

export const local: All<(target: Local, value: Value) => Code, 'set' | 'tee'> = {
  set: (target: Local, value: Value): Code => [push(value), 0x21, leb128(target.index)],
  tee: (target: Local, value: Value): Code => [push(value), 0x22, leb128(target.index)],
};

export const i32: All<Binary, 'lt_u' | 'add' | 'sub' | 'and'> &
  All<Unary, 'wrap_i64'> &
  All<Load, 'load'> &
  All<Store, 'store'> &
  All<(value: number) => Code, 'const'> = {
  const: (value: number): Code => [0x41, signedLeb128(BigInt(value | 0))],
  load: load(0x28),
  store: store(0x36),
  lt_u: binary(0x49),
  add: binary(0x6a),
  sub: binary(0x6b),
  and: binary(0x71),
  wrap_i64: unary(0xa7),
};

export const i64: All<
  Binary,
  'add' | 'sub' | 'and' | 'or' | 'xor' | 'shl' | 'shr_u' | 'rotl' | 'rotr'
> &
  All<Unary, 'extend_i32_u'> &
  All<Load, 'load'> &
  All<Store, 'store'> &
  All<(high: number, low?: number) => Code, 'const'> = {
  /** By the upper and the lower half. */
  const: (high: number, low = 0): Code => [
    0x42,
    signedLeb128((BigInt(high | 0) << 32n) | BigInt(low >>> 0)),
  ],
  load: load(0x29),
  store: store(0x37),
  add: binary(0x7c),
  sub: binary(0x7d),
  and: binary(0x83),
  or: binary(0x84),
  xor: binary(0x85),
  shl: binary(0x86),
  shr_u: binary(0x88),
  rotl: binary(0x89),
  rotr: binary(0x8a),
  extend_i32_u: unary(0xad),
};

export const v128: All<Binary, 'and' | 'or' | 'xor'> &
  All<Unary, 'not' | 'any_true'> &
  All<(ones: Value, zeros: Value, mask: Value) => Code, 'bitselect'> &
  All<Load, 'load' | 'load32_splat'> &
  All<Store, 'store'> &
  All<StoreLane, 'store32_lane'> &
  All<(...words: readonly number[]) => Code, 'const'> = {
  load: load(...vector(0)),
  load32_splat: load(...vector(9)),
  store: store(...vector(11)),
  store32_lane: storeLane(...vector(90)),
  /** By 32-bit words, the first lane first: all four, or fewer that repeat. */
  const: (...words: readonly number[]): Code => {
    const lanes = [0, 1, 2, 3].map((lane) => words[lane % words.length] as number);
    return [vector(12), littleEndian(lanes)];
  },
  not: unary(...vector(77)),
  and: binary(...vector(78)),
  or: binary(...vector(80)),
  xor: binary(...vector(81)),
  /** Bits of `ones` where `mask` is set, of `zeros` elsewhere. */
  bitselect: (ones: Value, zeros: Value, mask: Value): Code => [
    push(ones),
    push(zeros),
    push(mask),
    vector(82),
  ],
  any_true: unary(...vector(83)),
};

export const i8x16: All<Binary, 'lt_u' | 'add' | 'sub'> &
  All<(left: Value, right: Value, ...indices: readonly number[]) => Code, 'shuffle'> = {
  /** Picks bytes of both operands by their index. */
  shuffle: (left: Value, right: Value, ...indices: readonly number[]): Code => [
    binary(...vector(13))(left, right),
    indices,
  ],
  lt_u: binary(...vector(38)),
  add: binary(...vector(110)),
  sub: binary(...vector(113)),
};

export const i16x8: All<Binary, 'shl' | 'shr_u'> = {
  shl: binary(...vector(139)),
  shr_u: binary(...vector(141)),
};

export const i32x4: All<
  Binary,
  | 'lt_s'
  | 'lt_u'
  | 'le_u'
  | 'ge_s'
  | 'shl'
  | 'shr_s'
  | 'shr_u'
  | 'add'
  | 'sub'
  | 'mul'
  | 'max_s'
  | 'dot_i16x8_s'
> &
  All<Unary, 'splat'> &
  All<(value: Value, lane: number) => Code, 'extract_lane'> = {
  splat: unary(...vector(17)),
  extract_lane: (value: Value, lane: number): Code => [push(value), vector(27), lane],
  lt_s: binary(...vector(57)),
  lt_u: binary(...vector(58)),
  le_u: binary(...vector(62)),
  ge_s: binary(...vector(63)),
  shl: binary(...vector(171)),
  shr_s: binary(...vector(172)),
  shr_u: binary(...vector(173)),
  add: binary(...vector(174)),
  sub: binary(...vector(177)),
  mul: binary(...vector(181)),
  max_s: binary(...vector(184)),
  dot_i16x8_s: binary(...vector(186)),
};

export const i64x2: All<Binary, 'shl' | 'shr_u'> = {
  shl: binary(...vector(203)),
  shr_u: binary(...vector(205)),
};

/** A byte shuffle by whole 32-bit lanes. */
export function shuffleWords(left: Value, right: Value, ...indices: readonly number[]): Code {
  const bytes = indices.flatMap((i) => [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3]);
  return i8x16.shuffle(left, right, ...bytes);
}

/** Overwrites words of memory with zeros, whole vectors of them. */
export function wipe(word: number, words: number): Code {
  const vectors = Array.from({ length: Math.ceil(words / 4) }, (_, i) => word + 4 * i);
  return vectors.map((address) => v128.store(address, v128.const(0)));
}

/** Calls a function by its index. */
export function call(index: number, ...operands: readonly Value[]): Code {
  return [operands.map(push), 0x10, leb128(index)];
}

/** Pushes several values. */
export function pushAll(values: readonly Value[]): Code {
  return values.map(push);
}

/** Stores the values on the stack in locals; the last local takes the top of the stack. */
export function popAll(targets: readonly Local[]): Code {
  return targets.map((target) => local.set(target, [])).reverse();
}

/**
 * A loop with at least one iteration: `counter` starts at `from` and grows by `step`. The body repeats
 * while `counter` is below `end`, compared as unsigned numbers.
 */
export function repeat(counter: Local, from: number, step: number, end: Value, body: Code): Code {
  const next = local.tee(counter, i32.add(counter, step));
  // `loop` without a result, `br_if` to its start, `end`.
  return [local.set(counter, from), 0x03, 0x40, body, i32.lt_u(next, end), 0x0d, 0, 0x0b];
}
