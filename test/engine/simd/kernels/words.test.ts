/** The words of a kernel: what is emitted for them, and what is folded, against plain BigInt. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  constant,
  I32,
  I32X4_ADD,
  keep,
  type Local,
  load,
  newFunction,
  type Part,
  store,
  V128_LOAD,
  write,
  ZERO,
} from '../../../../src/engine/simd/kernels/assembler.js';
import { assemble } from '../../../../src/engine/simd/kernels/module.js';
import {
  constantOf,
  FIRST_ROUNDS,
  loadSplat,
  ofLanes,
  plus,
  renamed,
  rotated as rotatedRight,
  shifted as shiftedLeft,
} from '../../../../src/engine/simd/kernels/words.js';
import { instantiate, type Memory } from '../../../support/wasm.js';

interface Exports {
  readonly memory: Memory;
  run(): void;
}

const RESULT = 16;

describe.each([32, 64] as const)('Words of %i bits', (bits) => {
  const word = fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
  const vectorOfWords = fc.array(word, { minLength: 128 / bits, maxLength: 128 / bits });

  const truncated = (value: bigint) => BigInt.asUintN(bits, value);
  const rotated = (value: bigint, by: number) =>
    truncated((value >> BigInt(by)) | (value << BigInt(bits - by)));
  /** A word known while the code is written, from one of any size. */
  const known = (value: bigint) =>
    bits === 32
      ? constantOf(bits, Number(value))
      : constantOf(bits, Number(value >> 32n), Number(BigInt.asUintN(32, value)));

  /** The lanes that some code leaves on the stack; it gets a local with the lanes of `input`. */
  function lanesOf(input: readonly bigint[], part: (local: Local) => Part): bigint[] {
    const code = newFunction(I32, 0, 0);
    const local = keep(code, load(V128_LOAD, 0));
    write(code, store(RESULT / 4, part(local)));
    const { memory, run } = instantiate<Exports>(assemble([code], { run: 0 }, 0, []));
    const words = bits === 32 ? new Uint32Array(memory.buffer) : new BigUint64Array(memory.buffer);
    input.forEach((lane, i) => {
      words[i] = bits === 32 ? Number(lane) : lane;
    });
    run();
    const from = (8 * RESULT) / bits;
    return Array.from(words.slice(from, from + input.length), BigInt);
  }

  test('that are constants stand in every lane', () => {
    fc.assert(
      fc.property(vectorOfWords, word, (input, value) => {
        const found = lanesOf(input, () => known(value));
        expect(found).toEqual(input.map(() => value));
      }),
    );
  });

  test('that are locals come as they are', () => {
    fc.assert(
      fc.property(vectorOfWords, (input) => {
        expect(lanesOf(input, (local) => local)).toEqual(input);
      }),
    );
  });

  test('are rotated to the right by any number of bits, each in its lane', () => {
    const input = Array.from({ length: 128 / bits }, (_, i) =>
      truncated(0xfedcba9876543210n << BigInt(i)),
    );
    for (let by = 1; by < bits; by++) {
      const found = lanesOf(input, (local) => rotatedRight(bits, local, by));
      expect(found).toEqual(input.map((lane) => rotated(lane, by)));
    }
  });

  test('are added, each in its lane, modulo their size', () => {
    fc.assert(
      fc.property(vectorOfWords, word, (input, value) => {
        const found = lanesOf(input, (local) => [local, plus(bits, known(value))]);
        expect(found).toEqual(input.map((lane) => truncated(lane + value)));
      }),
    );
  });

  test('are shifted by any number of bits, each in its lane', () => {
    const input = Array.from({ length: 128 / bits }, (_, i) =>
      truncated(0xfedcba9876543210n << BigInt(i)),
    );
    for (let by = 0; by < bits; by++) {
      const found = lanesOf(input, (local) => shiftedLeft(bits, local, by));
      expect(found).toEqual(input.map((lane) => truncated(lane << BigInt(by))));
    }
    for (let right = 1; right < bits; right++) {
      const found = lanesOf(input, (local) => shiftedLeft(bits, local, -right));
      expect(found).toEqual(input.map((lane) => lane >> BigInt(right)));
    }
  });

  test('are loaded from memory into every lane', () => {
    fc.assert(
      fc.property(vectorOfWords, (input) => {
        const found = lanesOf(input, () => load(loadSplat(bits), bits / 32));
        expect(found).toEqual(input.map(() => input[1]));
      }),
    );
  });

  test('are added only if they are not the zero that is known', () => {
    expect(plus(bits, ZERO)).toEqual([]);
    expect(plus(bits, 0x2000)).toEqual([0x2000, ofLanes(bits, I32X4_ADD)]);
    const one = constantOf(bits, 1);
    expect(plus(bits, one)).toEqual([one, ofLanes(bits, I32X4_ADD)]);
  });

  test('are kept in a new local', () => {
    const code = newFunction(I32, 0, 0);
    const local = keep(code, load(V128_LOAD, 0));
    const kept = keep(code, constantOf(bits, 5));
    expect(kept).not.toBe(local);
    write(code, store(RESULT / 4, [local, plus(bits, kept)]));
    const { memory, run } = instantiate<Exports>(assemble([code], { run: 0 }, 0, []));
    const words = new Uint32Array(memory.buffer);
    words.fill(3, 0, 4);
    run();
    const sums = { 32: [8, 8, 8, 8], 64: [3, 8, 3, 8] };
    expect([...words.subarray(RESULT / 4, RESULT / 4 + 4)]).toEqual(sums[bits]);
  });
});

test('A constant of 64 bits that is given by its upper half has a lower half of zeros', () => {
  expect(constantOf(64, 5)).toEqual(constantOf(64, 5, 0));
  expect(constantOf(64, 5)).toEqual(constant(0, 5));
  expect(constantOf(32, 5)).toEqual(constant(5));
});

test.each([5, 8])('The names of %i words go round by one each round', (count) => {
  const state = Array.from({ length: count }, (_, i) => i);
  expect(renamed(state, 0)).toEqual(state);
  for (let t = 0; t < 80; t++) {
    const [first, ...rest] = renamed(state, t + 1);
    expect([...rest, first]).toEqual(renamed(state, t));
  }
});

test('As many rounds need no message schedule as a block has words', () => {
  expect(FIRST_ROUNDS).toBe(16);
});
