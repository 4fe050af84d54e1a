/** The assembler: a module byte by byte against the specification, and each instruction run. */
import { describe, expect, test } from 'vitest';
import * as wasm from '../../../../src/engine/simd/kernels/assembler.js';
import {
  type Code,
  I32,
  type Local,
  newFunction,
  newLocal,
  type Part,
  write,
} from '../../../../src/engine/simd/kernels/assembler.js';
import { assemble as assembleAll } from '../../../../src/engine/simd/kernels/module.js';
import { loadSplat, ofLanes } from '../../../../src/engine/simd/kernels/words.js';
import { instantiate, webAssembly } from '../../../support/wasm.js';

const { validate } = webAssembly;

/** A module without data. */
function assemble(functions: readonly Code[], exported: Record<string, number>): Uint8Array {
  return assembleAll(functions, exported, 0, []);
}

const OPERANDS = [0, 16, 32] as const;
const RESULT = 48;

type Vector = readonly [number, number, number, number];

/**
 * The vector that some code leaves on the stack, as unsigned words.
 *
 * @param part - gets locals with the operands
 */
function vectorOf(operands: readonly Vector[], part: (...locals: Local[]) => Part): number[] {
  const code = newFunction(I32, 0, 0);
  const locals = operands.map((_, i) =>
    wasm.keep(code, wasm.load(wasm.V128_LOAD, (OPERANDS[i] as number) / 4)),
  );
  write(code, wasm.store(RESULT / 4, part(...locals)));
  const { memory, run } = instantiate(assemble([code], { run: 0 }));
  const words = new Uint32Array(memory.buffer);
  words.set(operands.flat().map((word) => word >>> 0));
  (run as () => void)();
  return [...words.subarray(RESULT / 4, RESULT / 4 + 4)];
}

/** The operands on the stack, then the instruction. */
function resultOf(opcode: number, ...operands: Vector[]) {
  return vectorOf(operands, (...locals) => [locals, opcode]);
}

/** The number that some code leaves on the stack. */
function numberOf(...parts: Part[]): number {
  const code = newFunction(I32, 0, 1);
  write(code, parts);
  const { run } = instantiate(assemble([code], { run: 0 }));
  return (run as () => number)();
}

/** The first lane as a number. */
const FIRST_LANE: Part = [wasm.I32X4_EXTRACT_LANE, 0];

/** Instructions for lanes of 64 bits. */
const I64X2_ADD = ofLanes(64, wasm.I32X4_ADD);
const I64X2_SHL = ofLanes(64, wasm.I32X4_SHL);
const I64X2_SHR_S = ofLanes(64, wasm.I32X4_SHR_S);
const I64X2_SHR_U = ofLanes(64, wasm.I32X4_SHR_U);

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

/** What an operation makes of each pair of 32-bit lanes. */
function lanewise(operation: (a: number, b: number) => number): number[] {
  return unsigned(A.map((a, i) => operation(a, B[i] as number)));
}

/** What an operation makes of each pair of bytes. */
function bytewise(operation: (a: number, b: number) => number): number[] {
  const [a, b] = [A, B].map((words) => new Uint8Array(Uint32Array.from(words).buffer));
  const bytes = Uint8Array.from(a ?? [], (byte, i) => operation(byte, b?.[i] as number));
  return [...new Uint32Array(bytes.buffer)];
}

describe('A module', () => {
  test('is what the specification spells for it, byte by byte', () => {
    const nothing = newFunction(I32, 0, 0);
    const difference = newFunction(I32, 2, 1);
    const [a, b] = difference.parameters as [Local, Local];
    const vector = newLocal(difference);
    write(difference, a, wasm.I32X4_SPLAT, vector + wasm.SET, [a, [[b], wasm.I32_SUB]]);
    write(difference, vector, wasm.I32X4_ADD, difference.counter + wasm.TEE);
    const expected = [
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      // Types: nothing to nothing, two i32 to one. Lengths have three bytes where they come late.
      ...[0x01, 0x8a, 0x80, 0x00, 0x02, 0x60, 0x00, 0x00, 0x60, 0x02, 0x7f, 0x7f, 0x01, 0x7f],
      // Functions, by type.
      ...[0x03, 0x83, 0x80, 0x00, 0x02, 0x00, 0x01],
      // One memory of one page, which cannot grow.
      ...[0x05, 0x84, 0x80, 0x00, 0x01, 0x01, 0x01, 0x01],
      // Exports: "memory", "run".
      ...[0x07, 0x90, 0x80, 0x00, 0x02, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00],
      ...[0x03, 0x72, 0x75, 0x6e, 0x00, 0x01],
      // Code: each with its length and two groups of locals, one i32 and vectors.
      ...[0x0a, 0xa5, 0x80, 0x00, 0x02, 0x86, 0x80, 0x00, 0x02, 0x01, 0x7f, 0x00, 0x7b, 0x0b],
      ...[0x98, 0x80, 0x00, 0x02, 0x01, 0x7f, 0x01, 0x7b],
      ...[0x20, 0x00, 0xfd, 0x11, 0x21, 0x03, 0x20, 0x00, 0x20, 0x01, 0x6b],
      ...[0x20, 0x03, 0xfd, 0xae, 0x01, 0x22, 0x02, 0x0b],
      // Data: of memory 0, at i32.const 64, eight bytes.
      ...[0x0b, 0x8f, 0x80, 0x00, 0x01, 0x00, 0x41, 0xc0, 0x00, 0x0b],
      ...[0x08, 0x04, 0x03, 0x02, 0x01, 0xfe, 0xff, 0xff, 0xff],
    ];
    const words = [0x01020304, -2];
    expect([...assembleAll([nothing, difference], { run: 1 }, 64, words)]).toEqual(expected);
  });

  test('is one that the runtime accepts', () => {
    expect(validate(assemble([], {}))).toBe(true);
  });

  test('has one page of memory, all zeros, and no more to be had', () => {
    const { memory } = instantiate(assemble([], {}));
    expect(memory.buffer.byteLength).toBe(65536);
    expect(new Uint8Array(memory.buffer).some((byte) => byte !== 0)).toBe(false);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });

  test.each([0, 4, 63, 64, 8191, 8192, 65_504])(
    'has its data in memory from %i on, and zeros elsewhere',
    (address) => {
      const words = [0x80000001, -1, 0, 0x7f00ff80, 1, 2, 3, 4];
      const { memory } = instantiate(assembleAll([], {}, address, words));
      const expected = new Uint8Array(65_536);
      const view = new DataView(expected.buffer);
      words.forEach((word, i) => {
        view.setInt32(address + 4 * i, word, true);
      });
      expect(Buffer.compare(new Uint8Array(memory.buffer), expected)).toBe(0);
    },
  );

  test('exports its functions under the names given, and no others', () => {
    const functions = [11, 22, 33].map((value) => {
      const code = newFunction(I32, 0, 1);
      write(code, wasm.I32_CONST + value);
      return code;
    });
    const { memory, ...exported } = instantiate(assemble(functions, { last: 2, first: 0 }));
    expect(memory).toBeDefined();
    expect(Object.keys(exported).sort()).toEqual(['first', 'last']);
    expect((exported.last as () => number)()).toBe(33);
    expect((exported.first as () => number)()).toBe(11);
  });

  test('that does not add up is refused by the runtime', () => {
    expect(validate(assemble([newFunction(I32, 0, 1)], {}))).toBe(false);
  });

  test('may have bodies of any length up to eight kilobytes', () => {
    // Lengths of one and two bytes.
    for (const turns of [1, 40, 100, 2700]) {
      const code = newFunction(I32, 1, 1);
      const [value] = code.parameters as [Local];
      write(code, value);
      for (let i = 0; i < turns; i++) write(code, wasm.I32_CONST + 1, wasm.I32_SUB);
      const { run } = instantiate(assemble([code], { run: 0 }));
      expect((run as (value: number) => number)(7)).toBe(7 - turns);
    }
  });
});

describe('A function', () => {
  test('may have 128 parameters and locals, and no more', () => {
    const code = newFunction(I32, 2, 0);
    // Two parameters and the integer.
    for (let i = 3; i < 127; i++) newLocal(code);
    write(code, wasm.constant(0), newLocal(code) + wasm.SET);
    expect(validate(assemble([code], {}))).toBe(true);
    write(code, wasm.constant(0), newLocal(code) + wasm.SET);
    expect(validate(assemble([code], {}))).toBe(false);
  });

  test('has an integer behind its parameters, zero at first, and its vectors behind that', () => {
    const code = newFunction(I32, 1, 1);
    const [parameter] = code.parameters as [Local];
    const integer = code.counter;
    expect(integer).toBe(parameter + 1);
    expect([newLocal(code), newLocal(code)]).toEqual([parameter + 2, parameter + 3]);
    write(code, parameter, integer, wasm.I32_SUB);
    const { run } = instantiate(assemble([code], { run: 0 }));
    expect((run as (value: number) => number)(77)).toBe(77);
  });

  test('calls another by its index', () => {
    const difference = newFunction(I32, 2, 1);
    const [a, b] = difference.parameters as [Local, Local];
    write(difference, a, b, wasm.I32_SUB);
    const caller = newFunction(I32, 0, 1);
    write(caller, wasm.I32_CONST + 63, wasm.I32_CONST + 21, wasm.CALL + 0);
    const { run } = instantiate(assemble([difference, caller], { run: 1 }));
    expect((run as () => number)()).toBe(42);
  });

  test('has all numbers from 0 to 63', () => {
    const numbers = Array.from({ length: 64 }, (_, i) => i);
    expect(numbers.map((value) => numberOf(wasm.I32_CONST + value))).toEqual(numbers);
  });

  test('has all numbers that are not negative', () => {
    const powers = Array.from({ length: 31 }, (_, i) => 2 ** i);
    const numbers = [...powers.flatMap((power) => [power - 1, power, power + 1]), 2 ** 31 - 1];
    expect(numbers.map((value) => numberOf(wasm.integer(value)))).toEqual(numbers);
    for (let value = 0; value < 300; value++) {
      expect(numberOf(wasm.integer(value))).toBe(value);
    }
  });

  test('keeps on the stack what it stores by tee', () => {
    const found = vectorOf([A], (a = 0) => [a, a + wasm.TEE, a, wasm.I32X4_ADD]);
    expect(found).toEqual(unsigned(A.map((lane) => 2 * lane)));
  });
});

describe('A loop', () => {
  /** Writes a turn that takes down the counter; a number tells which turns there were, in which order. */
  function turn(counter: Local, seen: Local): Part {
    const product = [seen, wasm.constant(31), wasm.I32X4_MUL];
    const sum = [product, counter, wasm.I32X4_SPLAT, wasm.I32X4_ADD];
    return [sum, wasm.constant(7), wasm.I32X4_ADD, seen + wasm.SET];
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

  const loops = [
    ...Array.from({ length: 14 }, (_, end) => ({ from: 0, step: 4, end })),
    ...[0, 1, 2, 3, 50].map((end) => ({ from: 0, step: 1, end })),
    // The tables of SHA-256 and SHA-512.
    ...[
      { from: 64, step: 64, end: 256 },
      { from: 128, step: 128, end: 640 },
    ],
    ...[
      { from: 5, step: 3, end: 4 },
      { from: 8191, step: 8192, end: 100_000 },
    ],
    // Numbers are compared without a sign.
    { from: 0, step: 2 ** 29, end: 2 ** 31 + 5 },
  ];

  test.each(loops)('from $from by $step to $end runs once, and again below the end', (loop) => {
    const { from, step, end } = loop;
    const code = newFunction(I32, 1, 1);
    const { counter } = code;
    const seen = newLocal(code);
    write(code, wasm.repeat(counter, from, step, code.parameters[0] as Local, turn(counter, seen)));
    write(code, seen, FIRST_LANE);
    const { run } = instantiate(assemble([code], { run: 0 }));
    const expected = seenOf(countersOf(from, step, end));
    expect((run as (end: number) => number)(end)).toBe(expected);
    expect((run as (end: number) => number)(end)).toBe(expected);
  });

  test('may follow another and lie in another, with a counter of its own or the same', () => {
    const code = newFunction(I32, 1, 1);
    const [outer, inner] = [code.parameters[0] as Local, code.counter];
    const seen = newLocal(code);
    const body = [
      wasm.repeat(inner, 10, 5, outer, turn(inner, seen)),
      wasm.repeat(inner, 0, 1, outer, turn(inner, seen)),
      turn(outer, seen),
    ];
    write(code, wasm.repeat(outer, 0, 1, wasm.I32_CONST + 3, body));
    write(code, wasm.repeat(outer, 40, 20, wasm.integer(90), turn(outer, seen)));
    write(code, seen, FIRST_LANE);
    const { run } = instantiate(assemble([code], { run: 0 }));
    const expected = [...[10, 0, 0], ...[10, 0, 1], ...[10, 0, 1, 2], ...[40, 60, 80]];
    expect((run as () => number)()).toBe(seenOf(expected));
  });

  test('reads memory behind its counter', () => {
    const words = Array.from({ length: 40 }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
    const code = newFunction(I32, 0, 1);
    const { counter } = code;
    const sum = newLocal(code);
    const word = wasm.load(wasm.V128_LOAD32_SPLAT, 75 + 1, counter);
    const body = [sum, word, wasm.I32X4_ADD, sum + wasm.SET];
    write(code, wasm.repeat(counter, 80, 8, wasm.integer(160), body), sum, FIRST_LANE);
    const { run } = instantiate(assembleAll([code], { run: 0 }, 300, words));
    const read = words.filter((_, i) => i >= 20 && i % 2 === 1);
    expect((run as () => number)()).toBe(read.reduce((total, word) => (total + word) | 0, 0));
  });
});

describe('Of two vectors', () => {
  test.each([
    { name: 'I32X4_ADD', opcode: wasm.I32X4_ADD, expected: lanewise((a, b) => a + b) },
    { name: 'I32X4_SUB', opcode: wasm.I32X4_SUB, expected: lanewise((a, b) => a - b) },
    { name: 'I32X4_MUL', opcode: wasm.I32X4_MUL, expected: lanewise(Math.imul) },
    { name: 'V128_AND', opcode: wasm.V128_AND, expected: lanewise((a, b) => a & b) },
    { name: 'V128_OR', opcode: wasm.V128_OR, expected: lanewise((a, b) => a | b) },
    { name: 'V128_XOR', opcode: wasm.V128_XOR, expected: lanewise((a, b) => a ^ b) },
    { name: 'I32X4_LT_U', opcode: wasm.I32X4_LT_U, expected: lanewise((a, b) => (a < b ? -1 : 0)) },
    {
      name: 'I32X4_LE_U',
      opcode: wasm.I32X4_LE_U,
      expected: lanewise((a, b) => (a <= b ? -1 : 0)),
    },
    {
      name: 'I32X4_LT_S',
      opcode: wasm.I32X4_LT_S,
      expected: lanewise((a, b) => ((a | 0) < (b | 0) ? -1 : 0)),
    },
    {
      name: 'I32X4_MAX_S',
      opcode: wasm.I32X4_MAX_S,
      expected: lanewise((a, b) => Math.max(a | 0, b | 0)),
    },
    {
      name: 'I8X16_ADD',
      opcode: wasm.I8X16_ADD,
      expected: bytewise((a, b) => a + b),
    },
    {
      name: 'I8X16_SUB',
      opcode: wasm.I8X16_SUB,
      expected: bytewise((a, b) => a - b),
    },
    {
      name: 'I8X16_LT_U',
      opcode: wasm.I8X16_LT_U,
      expected: bytewise((a, b) => (a < b ? -1 : 0)),
    },
    {
      name: 'I32X4_DOT_I16X8_S',
      opcode: wasm.I32X4_DOT_I16X8_S,
      expected: lanewise((a, b) => (a >> 16) * (b >> 16) + ((a << 16) >> 16) * ((b << 16) >> 16)),
    },
    {
      name: 'I32X4_GE_S',
      opcode: wasm.I32X4_GE_S,
      expected: lanewise((a, b) => ((a | 0) >= (b | 0) ? -1 : 0)),
    },
  ])('$name works lane by lane', ({ opcode, expected }) => {
    expect(resultOf(opcode, A, B)).toEqual(expected);
  });

  test('I8X16_LT_U tells every byte from every other', () => {
    const code = newFunction(I32, 0, 0);
    const operands = [0, 4].map((word) => wasm.load(wasm.V128_LOAD, word));
    write(code, wasm.store(RESULT / 4, [operands, wasm.I8X16_LT_U]));
    const { memory, run } = instantiate(assemble([code], { run: 0 }));
    const bytes = new Uint8Array(memory.buffer);
    const wrong: number[][] = [];
    for (let a = 0; a < 256; a++) {
      for (let b = 0; b < 256; b += 16) {
        bytes.fill(a, 0, 16);
        for (let i = 0; i < 16; i++) bytes[16 + i] = b + i;
        (run as () => void)();
        for (let i = 0; i < 16; i++) {
          if (bytes[RESULT + i] !== (a < b + i ? 255 : 0)) wrong.push([a, b + i]);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('I64X2_ADD carries from the lower word to the upper', () => {
    const [a, b] = [joined(A), joined(B)];
    const sums = a.map((lane, i) => BigInt.asUintN(64, lane + (b[i] as bigint)));
    expect(joined(resultOf(I64X2_ADD, A, B))).toEqual(sums);
    expect(joined(resultOf(I64X2_ADD, [0xffffffff, 0, 1, 0], [1, 0, 1, 0]))).toEqual([
      2n ** 32n,
      2n,
    ]);
  });

  test('V128_BITSELECT takes bits of the first where the third has ones, else of the second', () => {
    const expected = A.map(
      (a, i) => (a & (C[i] as number)) | ((B[i] as number) & ~(C[i] as number)),
    );
    expect(resultOf(wasm.V128_BITSELECT, A, B, C)).toEqual(unsigned(expected));
  });

  test('a shuffle of words picks four of both by their index', () => {
    const both = unsigned([...A, ...B]);
    for (const indices of [
      [0, 1, 2, 3],
      [7, 0, 4, 2],
      [1, 0, 3, 2],
      [5, 5, 6, 6],
    ]) {
      const found = vectorOf([A, B], (...operands) => [operands, wasm.shuffleWords(...indices)]);
      expect(found).toEqual(indices.map((index) => both[index]));
    }
  });

  test('a shuffle picks bytes of both by their index', () => {
    const indices = [31, 0, 16, 15, 1, 2, 3, 4, 20, 21, 22, 23, 5, 5, 5, 17];
    const bytes = new Uint8Array(Uint32Array.of(...unsigned([...A, ...B])).buffer);
    const picked = Uint8Array.from(indices, (index) => bytes[index] as number);
    const found = vectorOf([A, B], (...operands) => [operands, wasm.shuffle(...indices)]);
    expect(found).toEqual([...new Uint32Array(picked.buffer)]);
  });
});

describe('Of one vector', () => {
  const shifted = (opcode: number, bits: number) =>
    vectorOf([A], (a = 0) => [a, wasm.I32_CONST + bits, opcode]);

  test('the shifts of 32-bit lanes are those of JavaScript, by every number of bits', () => {
    for (let bits = 0; bits < 32; bits++) {
      expect(shifted(wasm.I32X4_SHL, bits)).toEqual(unsigned(A.map((lane) => lane << bits)));
      expect(shifted(wasm.I32X4_SHR_S, bits)).toEqual(unsigned(A.map((lane) => lane >> bits)));
      expect(shifted(wasm.I32X4_SHR_U, bits)).toEqual(A.map((lane) => lane >>> bits));
    }
  });

  test('the shifts of 64-bit lanes are those of BigInt, by every number of bits', () => {
    const lanes = joined(A);
    for (let bits = 0n; bits < 64n; bits++) {
      const by = Number(bits);
      const left = lanes.map((lane) => BigInt.asUintN(64, lane << bits));
      const signed = lanes.map((lane) => BigInt.asUintN(64, BigInt.asIntN(64, lane) >> bits));
      expect(joined(shifted(I64X2_SHL, by))).toEqual(left);
      expect(joined(shifted(I64X2_SHR_S, by))).toEqual(signed);
      expect(joined(shifted(I64X2_SHR_U, by))).toEqual(lanes.map((lane) => lane >> bits));
    }
  });

  test('the shifts of 16-bit lanes lose what leaves a lane, by every number of bits', () => {
    const halves = (operation: (half: number) => number) =>
      A.map((lane) => {
        const [low, high] = [operation(lane & 0xffff), operation(lane >>> 16)];
        return ((low & 0xffff) | (high << 16)) >>> 0;
      });
    for (let bits = 0; bits < 16; bits++) {
      expect(shifted(wasm.I16X8_SHL, bits)).toEqual(halves((half) => half << bits));
      expect(shifted(wasm.I16X8_SHR_U, bits)).toEqual(halves((half) => half >>> bits));
    }
  });

  test('V128_NOT turns every bit', () => {
    expect(resultOf(wasm.V128_NOT, A)).toEqual(unsigned(A.map((lane) => ~lane)));
  });

  test('the two lower and the two upper lanes extend to 64 bits without a sign', () => {
    const [a, b, c, d] = unsigned(A);
    expect(resultOf(wasm.I64X2_EXTEND_LOW_I32X4_U, A)).toEqual([a, 0, b, 0]);
    expect(resultOf(wasm.I64X2_EXTEND_HIGH_I32X4_U, A)).toEqual([c, 0, d, 0]);
  });

  test('V128_ANY_TRUE is 1 if a single bit of any byte is set, else 0', () => {
    const anyOf = (words: Vector) => numberOf(wasm.constant(...words), wasm.V128_ANY_TRUE);
    expect(anyOf([0, 0, 0, 0])).toBe(0);
    expect(anyOf([-1, -1, -1, -1])).toBe(1);
    for (let bit = 0; bit < 128; bit++) {
      const words = [0, 0, 0, 0];
      words[bit >> 5] = 1 << (bit & 31);
      expect(anyOf(words as unknown as Vector)).toBe(1);
    }
  });

  test('the first lane comes as a number, with its sign', () => {
    const firstOf = (words: Vector) => numberOf(wasm.constant(...words), FIRST_LANE);
    expect(firstOf([5, 6, 7, 8])).toBe(5);
    expect(firstOf([-1, 0, 0, 0])).toBe(-1);
    expect(firstOf([0x7fffffff, -1, -1, -1])).toBe(0x7fffffff);
    expect(firstOf([0x80000000, 1, 1, 1])).toBe(-(2 ** 31));
  });
});

describe('A vector is made', () => {
  test('of a constant, its first lane first', () => {
    const words = [0x01020304, -1, 0x80000000, 0x7f80ff00];
    expect(vectorOf([], () => wasm.constant(...words))).toEqual(unsigned(words));
  });

  test('of a constant of fewer words, which recur', () => {
    expect(vectorOf([], () => wasm.constant(7))).toEqual([7, 7, 7, 7]);
    expect(vectorOf([], () => wasm.constant(7, 9))).toEqual([7, 9, 7, 9]);
    expect(vectorOf([], () => wasm.ZERO)).toEqual([0, 0, 0, 0]);
  });

  test('of a number, the same in all lanes', () => {
    expect(vectorOf([], () => [wasm.I32_CONST + 63, wasm.I32X4_SPLAT])).toEqual([63, 63, 63, 63]);
  });

  test('of 4, 8 or 16 bytes of memory', () => {
    const loaded = (opcode: number) => vectorOf([A], () => wasm.load(opcode, 0));
    const [a, b] = unsigned(A);
    expect(loaded(wasm.V128_LOAD)).toEqual(unsigned(A));
    expect(loaded(loadSplat(32))).toEqual([a, a, a, a]);
    expect(loaded(loadSplat(64))).toEqual([a, b, a, b]);
  });

  test.each([0, 4, 300, 65_516])('of memory %i bytes behind a local', (base) => {
    for (const address of [0, 4, 200]) {
      const at = base + address;
      if (at + 16 > 65_536) continue;
      const code = newFunction(I32, 1, 1);
      write(code, wasm.load(wasm.V128_LOAD, address / 4, code.parameters[0] as Local), FIRST_LANE);
      const { memory, run } = instantiate(assemble([code], { run: 0 }));
      new DataView(memory.buffer).setInt32(at, 0x12345678, true);
      expect((run as (base: number) => number)(base)).toBe(0x12345678);
    }
  });

  test.each([0, 1, 2, 3])('and its 32-bit lane %i stored, with nothing around', (lane) => {
    expect(storedLane(wasm.V128_STORE32_LANE, lane)).toEqual([0, A[lane], 0, 0]);
  });

  test.each([0, 1])('and its 64-bit lane %i stored, with nothing around', (lane) => {
    expect(storedLane(wasm.V128_STORE64_LANE, lane)).toEqual([0, A[2 * lane], A[2 * lane + 1], 0]);
  });

  /** What is stored of a vector at 1,000, with the word before and those behind. */
  function storedLane(opcode: number, lane: number): number[] {
    const code = newFunction(I32, 0, 0);
    write(code, wasm.store(250, wasm.load(wasm.V128_LOAD, 0), opcode), lane);
    const { memory, run } = instantiate(assemble([code], { run: 0 }));
    const words = new Uint32Array(memory.buffer);
    words.set(unsigned(A));
    (run as () => void)();
    expect(words.subarray(4).filter((word) => word !== 0).length).toBeLessThan(3);
    return [...words.subarray(249, 253)];
  }

  test.each([0, 1, 4, 5, 8, 40])('and %i words are wiped, in whole vectors', (length) => {
    const code = newFunction(I32, 0, 0);
    wasm.wipe(code, 124, length);
    const { memory, run } = instantiate(assemble([code], { run: 0 }));
    const bytes = new Uint8Array(memory.buffer).fill(0xa5);
    (run as () => void)();
    const expected = new Uint8Array(65_536).fill(0xa5);
    expected.fill(0, 496, 496 + 16 * Math.ceil(length / 4));
    expect(Buffer.compare(bytes, expected)).toBe(0);
  });

  test.each([0, 4, 124, 127, 128, 16_380, 16_384, 65_520])(
    'of the memory at %i and stored there',
    (address) => {
      const code = newFunction(I32, 0, 0);
      const loaded = wasm.load(wasm.V128_LOAD, address / 4);
      write(code, wasm.store(address / 4, [loaded, wasm.constant(1), wasm.I32X4_ADD]));
      const { memory, run } = instantiate(assemble([code], { run: 0 }));
      const view = new DataView(memory.buffer);
      for (let i = 0; i < 4; i++) view.setUint32(address + 4 * i, A[i] as number, true);
      (run as () => void)();
      const found = A.map((_, i) => view.getUint32(address + 4 * i, true));
      expect(found).toEqual(unsigned(A.map((lane) => lane + 1)));
      const elsewhere = new Uint8Array(memory.buffer).fill(0, address, address + 16);
      expect(elsewhere.some((byte) => byte !== 0)).toBe(false);
    },
  );
});
