/** The assembler: a module byte by byte against the specification, and each instruction run. */
import { describe, expect, test } from 'vitest';
import * as wasm from '../../../src/engine/wasm/assembler.js';
import {
  assemble,
  type Code,
  I32,
  newFunction,
  newLocal,
} from '../../../src/engine/wasm/assembler.js';

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly [name: string]: unknown;
}

/** The part of the WebAssembly API that is needed here: no types at hand name it. */
const { Module, Instance, validate } = (
  globalThis as unknown as {
    readonly WebAssembly: {
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: Exports };
      validate(bytes: Uint8Array): boolean;
    };
  }
).WebAssembly;

function instantiate(bytes: Uint8Array): Exports {
  return new Instance(new Module(bytes)).exports;
}

const OPERANDS = [0, 16, 32] as const;
const RESULT = 48;

type Vector = readonly [number, number, number, number];

/**
 * The vector that some code leaves on the stack, as unsigned words.
 *
 * @param write - gets the addresses' contents in locals, one for each operand
 */
function vectorOf(operands: readonly Vector[], write: (code: Code, locals: number[]) => void) {
  const code = newFunction([], []);
  const locals = operands.map((_, i) => {
    wasm.load(code, wasm.V128_LOAD, OPERANDS[i] as number);
    const local = newLocal(code);
    wasm.set(code, local);
    return local;
  });
  wasm.store(code, RESULT, () => write(code, locals));
  const { memory, run } = instantiate(assemble([code], { run: 0 }));
  const words = new Uint32Array(memory.buffer);
  words.set(operands.flat().map((word) => word >>> 0));
  (run as () => void)();
  return [...words.subarray(RESULT / 4, RESULT / 4 + 4)];
}

/** The operands on the stack, then the instruction. */
function resultOf(opcode: number, ...operands: Vector[]) {
  return vectorOf(operands, (code, locals) => {
    for (const local of locals) wasm.get(code, local);
    wasm.vector(code, opcode);
  });
}

/** The number that some code leaves on the stack. */
function numberOf(write: (code: Code) => void): number {
  const code = newFunction([], [I32]);
  write(code);
  const { run } = instantiate(assemble([code], { run: 0 }));
  return (run as () => number)();
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

/** What an operation makes of each pair of 32-bit lanes. */
function lanewise(operation: (a: number, b: number) => number): number[] {
  return unsigned(A.map((a, i) => operation(a, B[i] as number)));
}

describe('A module', () => {
  test('is what the specification spells for it, byte by byte', () => {
    const nothing = newFunction([], []);
    const sum = newFunction([I32], [wasm.V128]);
    wasm.get(sum, 0);
    wasm.vector(sum, wasm.I32X4_SPLAT);
    wasm.set(sum, newLocal(sum));
    wasm.get(sum, 1);
    wasm.get(sum, 1);
    wasm.vector(sum, wasm.I32X4_ADD);
    const expected = [
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      // Types: nothing to nothing, i32 to v128.
      ...[0x01, 0x09, 0x02, 0x60, 0x00, 0x00, 0x60, 0x01, 0x7f, 0x01, 0x7b],
      // Functions, by type.
      ...[0x03, 0x03, 0x02, 0x00, 0x01],
      // One memory of one page, which cannot grow.
      ...[0x05, 0x04, 0x01, 0x01, 0x01, 0x01],
      // Exports: "memory", "sum".
      ...[0x07, 0x10, 0x02, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00],
      ...[0x03, 0x73, 0x75, 0x6d, 0x00, 0x01],
      // Code: each with its length and one group of v128 locals.
      ...[0x0a, 0x18, 0x02, 0x04, 0x01, 0x00, 0x7b, 0x0b],
      ...[0x11, 0x01, 0x01, 0x7b, 0x20, 0x00, 0xfd, 0x11, 0x21, 0x01],
      ...[0x20, 0x01, 0x20, 0x01, 0xfd, 0xae, 0x01, 0x0b],
    ];
    expect([...assemble([nothing, sum], { sum: 1 })]).toEqual(expected);
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

  test('exports its functions under the names given, and no others', () => {
    const functions = [11, 22, 33].map((value) => {
      const code = newFunction([], [I32]);
      wasm.smallInteger(code, value);
      return code;
    });
    const { memory, ...exported } = instantiate(assemble(functions, { last: 2, first: 0 }));
    expect(memory).toBeDefined();
    expect(Object.keys(exported).sort()).toEqual(['first', 'last']);
    expect((exported.last as () => number)()).toBe(33);
    expect((exported.first as () => number)()).toBe(11);
  });

  test('that does not add up is refused by the runtime', () => {
    const code = newFunction([], [I32]);
    expect(validate(assemble([code], {}))).toBe(false);
  });

  test('that is too long is a RangeError', () => {
    const code = newFunction([], []);
    for (let i = 0; i < 2 ** 15; i++) {
      wasm.smallInteger(code, 1);
      wasm.smallInteger(code, 1);
    }
    expect(() => assemble([code], {})).toThrow(RangeError);
  });

  test('may have bodies of any length below that', () => {
    // Lengths of one, two and three bytes.
    for (const turns of [1, 40, 100, 5000, 20000]) {
      const code = newFunction([I32], [I32]);
      wasm.get(code, 0);
      for (let i = 0; i < turns; i++) {
        wasm.smallInteger(code, 1);
        wasm.scalar(code, wasm.I32_SUB);
      }
      const { run } = instantiate(assemble([code], { run: 0 }));
      expect((run as (value: number) => number)(7)).toBe(7 - turns);
    }
  });
});

describe('A function', () => {
  test('may have 128 parameters and locals, and no more', () => {
    const code = newFunction([I32, I32], []);
    for (let i = 2; i < 128; i++) expect(newLocal(code)).toBe(i);
    expect(validate(assemble([code], {}))).toBe(true);
    expect(() => newLocal(code)).toThrow(RangeError);
  });

  test('calls another by its index', () => {
    const difference = newFunction([I32, I32], [I32]);
    wasm.get(difference, 0);
    wasm.get(difference, 1);
    wasm.scalar(difference, wasm.I32_SUB);
    const caller = newFunction([], [I32]);
    wasm.smallInteger(caller, 63);
    wasm.smallInteger(caller, 21);
    wasm.call(caller, 0);
    const { run } = instantiate(assemble([difference, caller], { run: 1 }));
    expect((run as () => number)()).toBe(42);
  });

  test('has all numbers from 0 to 63', () => {
    const numbers = Array.from({ length: 64 }, (_, i) => i);
    const found = numbers.map((value) => numberOf((code) => wasm.smallInteger(code, value)));
    expect(found).toEqual(numbers);
  });

  test('keeps on the stack what it stores by tee', () => {
    const found = vectorOf([A], (code, [a]) => {
      wasm.get(code, a as number);
      wasm.tee(code, newLocal(code));
      wasm.get(code, 1);
      wasm.vector(code, wasm.I32X4_ADD);
    });
    expect(found).toEqual(unsigned(A.map((lane) => 2 * lane)));
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
      name: 'I32X4_GE_S',
      opcode: wasm.I32X4_GE_S,
      expected: lanewise((a, b) => ((a | 0) >= (b | 0) ? -1 : 0)),
    },
  ])('$name works lane by lane', ({ opcode, expected }) => {
    expect(resultOf(opcode, A, B)).toEqual(expected);
  });

  test('I64X2_ADD carries from the lower word to the upper', () => {
    const [a, b] = [joined(A), joined(B)];
    const sums = a.map((lane, i) => BigInt.asUintN(64, lane + (b[i] as bigint)));
    expect(joined(resultOf(wasm.I64X2_ADD, A, B))).toEqual(sums);
    expect(joined(resultOf(wasm.I64X2_ADD, [0xffffffff, 0, 1, 0], [1, 0, 1, 0]))).toEqual([
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

  test('a shuffle picks bytes of both by their index', () => {
    const indices = [31, 0, 16, 15, 1, 2, 3, 4, 20, 21, 22, 23, 5, 5, 5, 17];
    const bytes = new Uint8Array(Uint32Array.of(...unsigned([...A, ...B])).buffer);
    const picked = Uint8Array.from(indices, (index) => bytes[index] as number);
    const found = vectorOf([A, B], (code, [a, b]) => {
      wasm.get(code, a as number);
      wasm.get(code, b as number);
      wasm.shuffle(code, indices);
    });
    expect(found).toEqual([...new Uint32Array(picked.buffer)]);
  });
});

describe('Of one vector', () => {
  const shifted = (opcode: number, bits: number) =>
    vectorOf([A], (code, [a]) => {
      wasm.get(code, a as number);
      wasm.shift(code, opcode, bits);
    });

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
      expect(joined(shifted(wasm.I64X2_SHL, by))).toEqual(left);
      expect(joined(shifted(wasm.I64X2_SHR_S, by))).toEqual(signed);
      expect(joined(shifted(wasm.I64X2_SHR_U, by))).toEqual(lanes.map((lane) => lane >> bits));
    }
  });

  test('I32X4_BITMASK is the sign of each lane, the first in the lowest bit', () => {
    const code = newFunction([I32, I32], [I32]);
    wasm.get(code, 0);
    wasm.vector(code, wasm.I32X4_SPLAT);
    wasm.get(code, 1);
    wasm.vector(code, wasm.I32X4_SPLAT);
    wasm.shuffle(code, [0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 4, 5, 6, 7]);
    wasm.vector(code, wasm.I32X4_BITMASK);
    const { run } = instantiate(assemble([code], { run: 0 }));
    expect((run as (a: number, b: number) => number)(-1, 1)).toBe(0b1001);
    expect((run as (a: number, b: number) => number)(0x7fffffff, -(2 ** 31))).toBe(0b0110);
  });
});

describe('A vector is made', () => {
  test('of a constant, its first lane first', () => {
    const words = [0x01020304, -1, 0x80000000, 0x7f80ff00];
    expect(vectorOf([], (code) => wasm.constant(code, words))).toEqual(unsigned(words));
  });

  test('of a number, the same in all lanes', () => {
    const splat = vectorOf([], (code) => {
      wasm.smallInteger(code, 63);
      wasm.vector(code, wasm.I32X4_SPLAT);
    });
    expect(splat).toEqual([63, 63, 63, 63]);
  });

  test('of 4, 8 or 16 bytes of memory', () => {
    const loaded = (opcode: number) => vectorOf([A], (code) => wasm.load(code, opcode, 0));
    const [a, b] = unsigned(A);
    expect(loaded(wasm.V128_LOAD)).toEqual(unsigned(A));
    expect(loaded(wasm.V128_LOAD32_SPLAT)).toEqual([a, a, a, a]);
    expect(loaded(wasm.V128_LOAD64_SPLAT)).toEqual([a, b, a, b]);
  });

  test('and half of it stored, with nothing behind', () => {
    const code = newFunction([], []);
    wasm.storeHalf(code, 1000, () => wasm.load(code, wasm.V128_LOAD, 0));
    const { memory, run } = instantiate(assemble([code], { run: 0 }));
    const words = new Uint32Array(memory.buffer);
    words.set(unsigned(A));
    (run as () => void)();
    expect([...words.subarray(249, 254)]).toEqual([0, ...unsigned(A).slice(0, 2), 0, 0]);
  });

  test.each([0, 4, 124, 127, 128, 16_380, 16_384, 65_520])(
    'of the memory at %i and stored there',
    (address) => {
      const code = newFunction([], []);
      wasm.store(code, address, () => {
        wasm.load(code, wasm.V128_LOAD, address);
        wasm.constant(code, [1, 1, 1, 1]);
        wasm.vector(code, wasm.I32X4_ADD);
      });
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
