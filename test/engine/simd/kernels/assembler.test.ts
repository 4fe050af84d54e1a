/** The assembler: a module byte by byte against the specification, and each instruction run. */
import { describe, expect, test } from 'vitest';
import {
  type Code,
  call,
  emit,
  type Func,
  I32,
  I64,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  keep,
  type Local,
  leb128,
  local,
  newFunction,
  newLocal,
  popAll,
  pushAll,
  repeat,
  shuffleWords,
  V128,
  type Value,
  v128,
  wipe,
} from '../../../../src/engine/simd/kernels/assembler.js';
import { assemble as assembleAll } from '../../../../src/engine/simd/kernels/module.js';
import { instantiate, webAssembly } from '../../../support/wasm.js';

const { validate } = webAssembly;
type Vector = readonly [number, number, number, number];

/** A module without data. */
function assemble(functions: readonly Func[], exported: Record<string, number>): Uint8Array {
  return assembleAll(functions, exported, 0, []);
}

/** The only function of a module, called. */
function run(func: Func, ...input: (number | bigint)[]): unknown {
  const { run: called } = instantiate(assemble([func], { run: 0 }));
  return (called as (...values: unknown[]) => unknown)(...input);
}

/** Where the result lies, in words, behind three operands. */
const RESULT = 12;

/** The vector that some code pushes, as unsigned words; it gets locals with the operands. */
function vectorOf(operands: readonly Vector[], code: (...locals: Local[]) => Value): number[] {
  const func = newFunction([], []);
  const locals = operands.map((_, i) => keep(func, V128, v128.load(4 * i)));
  emit(func, v128.store(RESULT, code(...locals)));
  const { memory, run: called } = instantiate(assemble([func], { run: 0 }));
  const words = new Uint32Array(memory.buffer);
  words.set(unsigned(operands.flat()));
  (called as () => void)();
  return [...words.subarray(RESULT, RESULT + 4)];
}

/** The 32-bit number that some code pushes. */
function numberOf(code: Code): number {
  const func = newFunction([], [I32]);
  emit(func, code);
  return run(func) as number;
}

const unsigned = (words: readonly number[]) => words.map((word) => word >>> 0);

/** Lanes that differ, with both signs and both ends. */
const A: Vector = [0x80000000, 0x7fffffff, 5, 0xfffffffe];
const B: Vector = [1, 0xffffffff, 5, 0x80000001];
const C: Vector = [0xffff0000, 0x00ff00ff, 0xffffffff, 0];

/** The 64-bit lanes of a vector, the lower word of each first. */
function joined([a, b, c, d]: readonly number[]): bigint[] {
  const join = (low = 0, high = 0) => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  return [join(a, b), join(c, d)];
}

/** The result of an operation on each pair of 32-bit lanes. */
function lanewise(operation: (a: number, b: number) => number): number[] {
  return unsigned(A.map((a, i) => operation(a, B[i] as number)));
}

/** The same for each pair of bytes. */
function bytewise(operation: (a: number, b: number) => number): number[] {
  const [a, b] = [A, B].map((words) => new Uint8Array(Uint32Array.from(words).buffer));
  const bytes = Uint8Array.from(a ?? [], (byte, i) => operation(byte, b?.[i] as number));
  return [...new Uint32Array(bytes.buffer)];
}

describe('A module', () => {
  test('has the bytes that the specification gives it', () => {
    const nothing = newFunction([], []);
    const difference = newFunction([I32, I32], [I32]);
    const [a, b] = difference.parameters as [Local, Local];
    const counter = newLocal(difference, I32);
    const vector = keep(difference, V128, i32x4.splat(a));
    emit(
      difference,
      local.tee(counter, i32.sub(a, b)),
      local.set(vector, i32x4.add(vector, vector)),
    );
    const expected = [
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      // Types: nothing to nothing, two i32 to one.
      ...[0x01, 0x0a, 0x02, 0x60, 0x00, 0x00, 0x60, 0x02, 0x7f, 0x7f, 0x01, 0x7f],
      // Functions, by type.
      ...[0x03, 0x03, 0x02, 0x00, 0x01],
      // One memory of one page, which cannot grow.
      ...[0x05, 0x04, 0x01, 0x01, 0x01, 0x01],
      // Exports: "memory", "run".
      ...[0x07, 0x10, 0x02, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00],
      ...[0x03, 0x72, 0x75, 0x6e, 0x00, 0x01],
      // Code: each with its length and its locals; the second has one i32 and one vector.
      ...[0x0a, 0x21, 0x02, 0x02, 0x00, 0x0b],
      ...[0x1c, 0x02, 0x01, 0x7f, 0x01, 0x7b, 0x20, 0x00, 0xfd, 0x11, 0x21, 0x03],
      ...[0x20, 0x00, 0x20, 0x01, 0x6b, 0x22, 0x02],
      ...[0x20, 0x03, 0x20, 0x03, 0xfd, 0xae, 0x01, 0x21, 0x03, 0x0b],
      // Data: of memory 0, at i32.const 64, eight bytes.
      ...[0x0b, 0x0f, 0x01, 0x00, 0x41, 0xc0, 0x00, 0x0b],
      ...[0x08, 0x04, 0x03, 0x02, 0x01, 0xfe, 0xff, 0xff, 0xff],
    ];
    const words = [0x01020304, -2];
    expect([...assembleAll([nothing, difference], { run: 1 }, 16, words)]).toEqual(expected);
  });

  test('is valid when it is empty', () => {
    expect(validate(assemble([], {}))).toBe(true);
  });

  test('has one page of memory, all zeros, and no more', () => {
    const { memory } = instantiate(assemble([], {}));
    expect(memory.buffer.byteLength).toBe(65536);
    expect(new Uint8Array(memory.buffer).some((byte) => byte !== 0)).toBe(false);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });

  test.each([0, 1, 15, 16, 2047, 2048, 16_376])(
    'has its data in memory from word %i on, and zeros elsewhere',
    (address) => {
      const words = [0x80000001, -1, 0, 0x7f00ff80, 1, 2, 3, 4];
      const { memory } = instantiate(assembleAll([], {}, address, words));
      const expected = new Int32Array(16_384);
      expected.set(words, address);
      expect(Buffer.compare(new Uint8Array(memory.buffer), new Uint8Array(expected.buffer))).toBe(
        0,
      );
    },
  );

  test('exports its functions under the names given, and no others', () => {
    const functions = [11, 22, 33].map((value) => {
      const func = newFunction([], [I32]);
      emit(func, i32.const(value));
      return func;
    });
    const { memory, ...exported } = instantiate(assemble(functions, { last: 2, first: 0 }));
    expect(memory).toBeDefined();
    expect(Object.keys(exported).sort()).toEqual(['first', 'last']);
    expect((exported.last as () => number)()).toBe(33);
    expect((exported.first as () => number)()).toBe(11);
  });

  test('with code that does not add up is refused by the runtime', () => {
    expect(validate(assemble([newFunction([], [I32])], {}))).toBe(false);
  });

  test('may have bodies of any length', () => {
    // Lengths of one, two and three bytes.
    for (const turns of [1, 40, 100, 20_000]) {
      const func = newFunction([I32], [I32]);
      emit(func, pushAll(func.parameters));
      for (let i = 0; i < turns; i++) emit(func, i32.sub([], 1));
      expect(run(func, 7)).toBe(7 - turns);
    }
  });
});

describe('A function', () => {
  test('may have more locals than one byte counts, of every type', () => {
    const func = newFunction([I32], [I32]);
    const integers = Array.from({ length: 70 }, (_, i) => keep(func, I32, i));
    const vectors = Array.from({ length: 70 }, (_, i) => keep(func, V128, v128.const(i)));
    const longs = Array.from({ length: 70 }, (_, i) => keep(func, I64, i64.const(0, i)));
    const last = (locals: readonly Local[]) => locals.at(-1) as Local;
    const vector = i32x4.extract_lane(last(vectors), 0);
    const sum = i32.add(i32.add(last(integers), vector), i32.wrap_i64(last(longs)));
    emit(func, i32.add(sum, func.parameters[0] as Local));
    expect(run(func, 1000)).toBe(1000 + 3 * 69);
  });

  test('calls another by its index, and takes several results', () => {
    const both = newFunction([I32, I32], [I32, I32]);
    const [a, b] = both.parameters as [Local, Local];
    emit(both, pushAll([i32.sub(a, b), i32.add(a, b)]));
    const caller = newFunction([], [I32]);
    const [difference, sum] = [newLocal(caller, I32), newLocal(caller, I32)];
    emit(caller, call(0, 63, 21), popAll([difference, sum]), i32.sub(difference, sum));
    const { run: called } = instantiate(assemble([both, caller], { run: 1 }));
    expect((called as () => number)()).toBe(42 - 84);
  });

  test('has every number as a constant', () => {
    const powers = Array.from({ length: 32 }, (_, i) => 2 ** i);
    const numbers = powers.flatMap((power) => [power - 1, power, -power, -power - 1]);
    for (const number of numbers) {
      expect(numberOf(i32.const(number)), `${number}`).toBe(number | 0);
      const func = newFunction([], [I64]);
      emit(func, i64.const(number, number + 1));
      const expected = (BigInt(number | 0) << 32n) | BigInt((number + 1) >>> 0);
      expect(run(func), `${number}`).toBe(expected);
    }
  });

  test('keeps on the stack the value of `local.tee`', () => {
    expect(vectorOf([A], (a) => i32x4.add(local.tee(a, a), a))).toEqual(
      unsigned(A.map((lane) => 2 * lane)),
    );
  });
});

test.each([0, 1, 127, 128, 300, 16_383, 16_384, 2 ** 21])('%i is itself in LEB128', (value) => {
  const decoded = leb128(value).reduce((sum, byte, i) => sum + (byte & 127) * 128 ** i, 0);
  expect(decoded).toBe(value);
  expect(leb128(value).map((byte) => byte >= 128)).toEqual(
    leb128(value).map((_, i, all) => i < all.length - 1),
  );
});

describe('A loop', () => {
  /** Writes a turn that notes the counter: the number tells all turns and their order. */
  function turn(counter: Local, seen: Local): Code {
    const product = i32x4.mul(seen, v128.const(31));
    return local.set(seen, i32x4.add(i32x4.add(product, i32x4.splat(counter)), v128.const(7)));
  }

  function seenOf(counters: readonly number[]): number {
    return counters.reduce((seen, counter) => (Math.imul(seen, 31) + counter + 7) | 0, 0);
  }

  /** The counters of a loop that runs once at least. */
  function countersOf(from: number, step: number, end: number): number[] {
    const counters = [from];
    for (let counter = from + step; counter < end; counter += step) counters.push(counter);
    return counters;
  }

  test.each([
    ...Array.from({ length: 14 }, (_, end) => ({ from: 0, step: 4, end })),
    ...[0, 1, 2, 3, 50].map((end) => ({ from: 0, step: 1, end })),
    // The tables of SHA-256 and SHA-512.
    { from: 64, step: 64, end: 256 },
    { from: 128, step: 128, end: 640 },
    { from: 5, step: 3, end: 4 },
    { from: 8191, step: 8192, end: 100_000 },
    // Numbers are compared without a sign.
    { from: 0, step: 2 ** 29, end: 2 ** 31 + 5 },
  ])('from $from by $step to $end runs once, and again below the end', ({ from, step, end }) => {
    const func = newFunction([I32], [I32]);
    const [counter, seen] = [newLocal(func, I32), newLocal(func, V128)];
    emit(func, repeat(counter, from, step, func.parameters[0] as Local, turn(counter, seen)));
    emit(func, i32x4.extract_lane(seen, 0));
    expect(run(func, end)).toBe(seenOf(countersOf(from, step, end)));
  });

  test('may follow another and lie in another', () => {
    const func = newFunction([I32], [I32]);
    const outer = func.parameters[0] as Local;
    const [inner, seen] = [newLocal(func, I32), newLocal(func, V128)];
    const body = [
      repeat(inner, 10, 5, outer, turn(inner, seen)),
      repeat(inner, 0, 1, outer, turn(inner, seen)),
      turn(outer, seen),
    ];
    emit(func, repeat(outer, 0, 1, 3, body), repeat(outer, 40, 20, 90, turn(outer, seen)));
    emit(func, i32x4.extract_lane(seen, 0));
    expect(run(func, 0)).toBe(seenOf([...[10, 0, 0], 10, 0, 1, ...[10, 0, 1, 2], 40, 60, 80]));
  });

  test('reads memory behind its counter', () => {
    const words = Array.from({ length: 40 }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
    const func = newFunction([], [I32]);
    const [counter, sum] = [newLocal(func, I32), newLocal(func, V128)];
    const word = v128.load32_splat(75 + 1, counter);
    const body = local.set(sum, i32x4.add(sum, word));
    emit(func, repeat(counter, 80, 8, 160, body), i32x4.extract_lane(sum, 0));
    const { run: called } = instantiate(assembleAll([func], { run: 0 }, 75, words));
    const read = words.filter((_, i) => i >= 20 && i % 2 === 1);
    expect((called as () => number)()).toBe(read.reduce((total, each) => (total + each) | 0, 0));
  });
});

describe('Of two vectors', () => {
  test.each([
    { name: 'i32x4.add', code: i32x4.add, expected: lanewise((a, b) => a + b) },
    { name: 'i32x4.sub', code: i32x4.sub, expected: lanewise((a, b) => a - b) },
    { name: 'i32x4.mul', code: i32x4.mul, expected: lanewise(Math.imul) },
    { name: 'v128.and', code: v128.and, expected: lanewise((a, b) => a & b) },
    { name: 'v128.or', code: v128.or, expected: lanewise((a, b) => a | b) },
    { name: 'v128.xor', code: v128.xor, expected: lanewise((a, b) => a ^ b) },
    { name: 'i32x4.lt_u', code: i32x4.lt_u, expected: lanewise((a, b) => (a < b ? -1 : 0)) },
    { name: 'i32x4.le_u', code: i32x4.le_u, expected: lanewise((a, b) => (a <= b ? -1 : 0)) },
    {
      name: 'i32x4.lt_s',
      code: i32x4.lt_s,
      expected: lanewise((a, b) => ((a | 0) < (b | 0) ? -1 : 0)),
    },
    {
      name: 'i32x4.ge_s',
      code: i32x4.ge_s,
      expected: lanewise((a, b) => ((a | 0) >= (b | 0) ? -1 : 0)),
    },
    {
      name: 'i32x4.max_s',
      code: i32x4.max_s,
      expected: lanewise((a, b) => Math.max(a | 0, b | 0)),
    },
    { name: 'i8x16.add', code: i8x16.add, expected: bytewise((a, b) => a + b) },
    { name: 'i8x16.sub', code: i8x16.sub, expected: bytewise((a, b) => a - b) },
    {
      name: 'i32x4.dot_i16x8_s',
      code: i32x4.dot_i16x8_s,
      expected: lanewise((a, b) => (a >> 16) * (b >> 16) + ((a << 16) >> 16) * ((b << 16) >> 16)),
    },
  ])('$name works lane by lane', ({ code, expected }) => {
    expect(vectorOf([A, B], (a, b) => code(a, b))).toEqual(expected);
  });

  test('i8x16.lt_u tells every byte from every other', () => {
    const wrong: number[][] = [];
    for (let a = 0; a < 256; a++) {
      for (let b = 0; b < 256; b += 64) {
        const left = v128.const(a * 0x01010101);
        const right = Array.from({ length: 4 }, (_, i) => v128.const((b + 16 * i) * 0x01010101));
        const found = right.map((code) => numberOf(i32x4.extract_lane(i8x16.lt_u(left, code), 0)));
        found.forEach((word, i) => {
          if (word !== (a < b + 16 * i ? -1 : 0)) wrong.push([a, b + 16 * i]);
        });
      }
    }
    expect(wrong).toEqual([]);
  });

  test('v128.bitselect takes bits of the first where the mask is set, else of the second', () => {
    const expected = A.map(
      (a, i) => (a & (C[i] as number)) | ((B[i] as number) & ~(C[i] as number)),
    );
    const found = vectorOf([A, B, C], (a, b, c) => v128.bitselect(a, b, c));
    expect(found).toEqual(unsigned(expected));
  });

  test.each([[[0, 1, 2, 3]], [[7, 0, 4, 2]], [[1, 0, 3, 2]], [[5, 5, 6, 6]]])(
    'a shuffle of words picks %j of both',
    (indices) => {
      const both = unsigned([...A, ...B]);
      const found = vectorOf([A, B], (a, b) => shuffleWords(a, b, ...indices));
      expect(found).toEqual(indices.map((index) => both[index]));
    },
  );

  test('i8x16.shuffle picks bytes of both by their index', () => {
    const indices = [31, 0, 16, 15, 1, 2, 3, 4, 20, 21, 22, 23, 5, 5, 5, 17];
    const bytes = new Uint8Array(Uint32Array.of(...unsigned([...A, ...B])).buffer);
    const picked = Uint8Array.from(indices, (index) => bytes[index] as number);
    const found = vectorOf([A, B], (a, b) => i8x16.shuffle(a, b, ...indices));
    expect(found).toEqual([...new Uint32Array(picked.buffer)]);
  });
});

describe('Of one vector', () => {
  type Shift = (value: Value, bits: Value) => Code;
  const shifted = (shift: Shift, bits: number) => vectorOf([A], (a) => shift(a, bits));

  test('the shifts of 32-bit lanes are those of JavaScript, by every number of bits', () => {
    for (let bits = 0; bits < 32; bits++) {
      expect(shifted(i32x4.shl, bits)).toEqual(unsigned(A.map((lane) => lane << bits)));
      expect(shifted(i32x4.shr_s, bits)).toEqual(unsigned(A.map((lane) => lane >> bits)));
      expect(shifted(i32x4.shr_u, bits)).toEqual(A.map((lane) => lane >>> bits));
    }
  });

  test('the shifts of 64-bit lanes are those of BigInt, by every number of bits', () => {
    const lanes = joined(A);
    for (let bits = 0n; bits < 64n; bits++) {
      const left = lanes.map((lane) => BigInt.asUintN(64, lane << bits));
      expect(joined(shifted(i64x2.shl, Number(bits)))).toEqual(left);
      const right = lanes.map((lane) => lane >> bits);
      expect(joined(shifted(i64x2.shr_u, Number(bits)))).toEqual(right);
    }
  });

  test('the shifts of 16-bit lanes drop bits that leave a lane, by every number of bits', () => {
    const halves = (operation: (half: number) => number) =>
      A.map((lane) => {
        const [low, high] = [operation(lane & 0xffff), operation(lane >>> 16)];
        return ((low & 0xffff) | (high << 16)) >>> 0;
      });
    for (let bits = 0; bits < 16; bits++) {
      expect(shifted(i16x8.shl, bits)).toEqual(halves((half) => half << bits));
      expect(shifted(i16x8.shr_u, bits)).toEqual(halves((half) => half >>> bits));
    }
  });

  test('v128.not inverts every bit', () => {
    expect(vectorOf([A], (a) => v128.not(a))).toEqual(unsigned(A.map((lane) => ~lane)));
  });

  test('v128.any_true is 1 if a single bit is set, else 0', () => {
    const anyOf = (words: Vector) => numberOf(v128.any_true(v128.const(...words)));
    expect(anyOf([0, 0, 0, 0])).toBe(0);
    expect(anyOf([-1, -1, -1, -1])).toBe(1);
    for (let bit = 0; bit < 128; bit++) {
      const words = [0, 0, 0, 0];
      words[bit >> 5] = 1 << (bit & 31);
      expect(anyOf(words as unknown as Vector)).toBe(1);
    }
  });

  test.each([0, 1, 2, 3])('lane %i is extracted as a signed number', (lane) => {
    expect(numberOf(i32x4.extract_lane(v128.const(...A), lane))).toBe((A[lane] as number) | 0);
  });

  test('a number is splatted into all lanes, and a constant of fewer words repeats', () => {
    expect(vectorOf([], () => i32x4.splat(-7))).toEqual(unsigned([-7, -7, -7, -7]));
    expect(vectorOf([], () => v128.const(...A))).toEqual(unsigned(A));
    expect(vectorOf([], () => v128.const(7, 9))).toEqual([7, 9, 7, 9]);
  });
});

describe('Of integers', () => {
  const [LEFT, RIGHT] = [0xfedcba9876543210n, 0x8000000000000001n];
  const long = (value: bigint) =>
    i64.const(Number(value >> 32n), Number(BigInt.asUintN(32, value)));
  const rotated = (value: bigint, by: number) =>
    BigInt.asUintN(64, (value << BigInt(by)) | (value >> BigInt(64 - by)));

  test.each([
    { name: 'add', code: i64.add, expected: LEFT + RIGHT },
    { name: 'sub', code: i64.sub, expected: LEFT - RIGHT },
    { name: 'and', code: i64.and, expected: LEFT & RIGHT },
    { name: 'or', code: i64.or, expected: LEFT | RIGHT },
    { name: 'xor', code: i64.xor, expected: LEFT ^ RIGHT },
  ])('i64.$name works modulo 2^64', ({ code, expected }) => {
    const func = newFunction([], [I64]);
    emit(func, code(long(LEFT), long(RIGHT)));
    expect(run(func)).toBe(BigInt.asIntN(64, expected));
  });

  test('i64 is shifted and rotated by every number of bits', () => {
    for (let bits = 0; bits < 64; bits++) {
      const expected = [LEFT << BigInt(bits), LEFT >> BigInt(bits), rotated(LEFT, bits)];
      const found = [i64.shl, i64.shr_u, i64.rotl].map((code) => {
        const func = newFunction([], [I64]);
        emit(func, code(long(LEFT), long(BigInt(bits))));
        return run(func);
      });
      expect(found).toEqual(expected.map((value) => BigInt.asIntN(64, value)));
      const right = newFunction([], [I64]);
      emit(right, i64.rotr(long(rotated(LEFT, bits)), long(BigInt(bits))));
      expect(run(right)).toBe(BigInt.asIntN(64, LEFT));
    }
  });

  test('the widths convert without a sign, and by the lower half', () => {
    const func = newFunction([], [I64]);
    emit(func, i64.extend_i32_u(-1));
    expect(run(func)).toBe(0xffffffffn);
    expect(numberOf(i32.wrap_i64(long(LEFT)))).toBe(0x76543210);
  });

  test('i32 is computed modulo 2^32 and compared without a sign', () => {
    expect(numberOf(i32.add(-1, 3))).toBe(2);
    expect(numberOf(i32.sub(2, 3))).toBe(-1);
    expect(numberOf(i32.and(0x55aa, 0x0ff0))).toBe(0x05a0);
    expect([numberOf(i32.lt_u(1, -1)), numberOf(i32.lt_u(-1, 1))]).toEqual([1, 0]);
  });
});

describe('Memory', () => {
  test.each([0, 1, 31, 32, 4095, 4096, 16_380])('is loaded and stored at word %i', (address) => {
    const func = newFunction([], []);
    emit(func, v128.store(address, i32x4.add(v128.load(address), v128.const(1))));
    const { memory, run: called } = instantiate(assemble([func], { run: 0 }));
    const words = new Uint32Array(memory.buffer);
    words.set(unsigned(A), address);
    (called as () => void)();
    expect([...words.subarray(address, address + 4)]).toEqual(unsigned(A.map((lane) => lane + 1)));
    words.fill(0, address, address + 4);
    expect(words.some((word) => word !== 0)).toBe(false);
  });

  test('is loaded and stored in units of 4, 8 and 16 bytes, behind a base in bytes', () => {
    const [a, b] = unsigned(A);
    expect(vectorOf([A], () => v128.load(0))).toEqual(unsigned(A));
    expect(vectorOf([A], () => v128.load32_splat(1))).toEqual([b, b, b, b]);
    const func = newFunction([I32], []);
    const base = func.parameters[0] as Local;
    emit(func, i32.store(40, i32.load(1, base), base), i64.store(50, i64.load(0, base), base));
    const { memory, run: called } = instantiate(assemble([func], { run: 0 }));
    const words = new Uint32Array(memory.buffer);
    words.set([a as number, b as number], 3);
    (called as (base: number) => void)(12);
    expect([words[43], words[44], words[53], words[54]]).toEqual([b, 0, a, b]);
  });

  test.each([0, 1, 2, 3])('takes lane %i alone', (lane) => {
    const func = newFunction([I32], []);
    emit(func, v128.store32_lane(250, v128.const(...A), lane, func.parameters[0] as Local));
    const { memory, run: called } = instantiate(assemble([func], { run: 0 }));
    (called as (base: number) => void)(8);
    const words = new Uint32Array(memory.buffer);
    expect([...words.subarray(251, 254)]).toEqual([0, A[lane], 0]);
    expect(words.filter((word) => word !== 0)).toHaveLength(1);
  });

  test.each([0, 1, 4, 5, 8, 40])('is wiped for %i words, in whole vectors', (length) => {
    const func = newFunction([], []);
    emit(func, wipe(124, length));
    const { memory, run: called } = instantiate(assemble([func], { run: 0 }));
    const words = new Int32Array(memory.buffer).fill(-1);
    (called as () => void)();
    const expected = new Int32Array(16_384).fill(-1);
    expected.fill(0, 124, 124 + 4 * Math.ceil(length / 4));
    expect(Buffer.compare(new Uint8Array(memory.buffer), new Uint8Array(expected.buffer))).toBe(0);
    expect(words).toHaveLength(16_384);
  });
});
