/** The two kinds of words a kernel computes with, against plain BigInt. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  emit,
  i64,
  keep,
  type Local,
  newFunction,
  type Value,
  v128,
} from '../../../../src/engine/simd/kernels/assembler.js';
import { assemble } from '../../../../src/engine/simd/kernels/module.js';
import {
  FIRST_ROUNDS,
  LANE_WORDS,
  LONG_WORDS,
  loadKept,
  plus,
  renamed,
  storeKept,
} from '../../../../src/engine/simd/kernels/words.js';
import { instantiate, type Memory } from '../../../support/wasm.js';

interface Exports {
  readonly memory: Memory;
  run(): void;
}

/** Where operands and the result lie, in 32-bit words. */
const [FIRST, SECOND, THIRD, RESULT] = [0, 4, 8, 12] as const;

describe.each([
  { name: 'in four lanes of 32 bits', words: LANE_WORDS, lanes: 4 },
  { name: 'of 64 bits', words: LONG_WORDS, lanes: 1 },
])('Words $name', ({ words, lanes }) => {
  const { bits } = words;
  const truncated = (value: bigint) => BigInt.asUintN(bits, value);
  const lane = fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
  const operand = fc.array(lane, { minLength: lanes, maxLength: lanes });
  /** A constant by a value of any size. */
  const constant = (value: bigint) =>
    bits === 32
      ? words.constant(Number(value))
      : words.constant(Number(value >> 32n), Number(BigInt.asUintN(32, value)));

  /** The lanes of the value that `code` makes of three operands. */
  function lanesOf(
    operands: readonly (readonly bigint[])[],
    code: (a: Local, b: Local, c: Local) => Value,
  ): bigint[] {
    const func = newFunction([], []);
    const [load, store] = bits === 32 ? [v128.load, v128.store] : [i64.load, i64.store];
    const [a, b, c] = [FIRST, SECOND, THIRD].map((at) => keep(func, words.type, load(at)));
    emit(func, store(RESULT, code(a as Local, b as Local, c as Local)));
    const { memory, run } = instantiate<Exports>(assemble([func], { run: 0 }, 0, []));
    const view = bits === 32 ? new Uint32Array(memory.buffer) : new BigUint64Array(memory.buffer);
    operands.forEach((values, i) => {
      values.forEach((value, k) => {
        view[(4 * 32 * i) / bits + k] = bits === 32 ? Number(value) : value;
      });
    });
    run();
    const from = (RESULT * 32) / bits;
    return Array.from(view.slice(from, from + lanes), BigInt);
  }

  test('are constants with the same value in every lane', () => {
    fc.assert(
      fc.property(lane, (value) => {
        expect(lanesOf([], () => constant(value))).toEqual(new Array(lanes).fill(value));
      }),
    );
  });

  test('are added, and combined bit by bit', () => {
    fc.assert(
      fc.property(operand, operand, operand, (a, b, c) => {
        const each = (operation: (x: bigint, y: bigint, z: bigint) => bigint) =>
          a.map((x, i) => truncated(operation(x, b[i] as bigint, c[i] as bigint)));
        expect(lanesOf([a, b], (x, y) => words.add(x, y))).toEqual(each((x, y) => x + y));
        expect(lanesOf([a, b], (x, y) => words.and(x, y))).toEqual(each((x, y) => x & y));
        expect(lanesOf([a, b], (x, y) => words.xor(x, y))).toEqual(each((x, y) => x ^ y));
        expect(lanesOf([a, b, c], (x, y, z) => words.choose(x, y, z))).toEqual(
          each((x, y, z) => (x & y) | (~x & z)),
        );
      }),
    );
  });

  test('are rotated and shifted to the right by any number of bits', () => {
    const input = Array.from({ length: lanes }, (_, i) =>
      truncated(0xfedcba9876543210n << BigInt(i)),
    );
    for (let by = 1; by < bits; by++) {
      const right = (value: bigint) => value >> BigInt(by);
      const rotated = (value: bigint) => truncated(right(value) | (value << BigInt(bits - by)));
      expect(lanesOf([input], (x) => words.rotateRight(x, by))).toEqual(input.map(rotated));
      expect(lanesOf([input], (x) => words.shiftRight(x, by))).toEqual(input.map(right));
    }
  });

  test('are combined from three rotations', () => {
    const input = Array.from({ length: lanes }, (_, i) =>
      truncated(0xfedcba9876543210n << BigInt(i)),
    );
    const rotated = (value: bigint, by: number) =>
      truncated((value >> BigInt(by)) | (value << BigInt(bits - by)));
    const triples: readonly (readonly [number, number, number])[] = [
      [2, 13, 22],
      [1, 2, 31],
      [6, 11, 25],
    ];
    for (const by of triples) {
      const expected = input.map((x) => by.reduce((sum, each) => sum ^ rotated(x, each), 0n));
      expect(lanesOf([input], (x) => words.xorRotations(x, ...by))).toEqual(expected);
    }
  });

  test('are added unless they are known to be zero', () => {
    const func = newFunction([words.type, words.type], []);
    const [a, b] = func.parameters as [Local, Local];
    expect(plus(words, a, words.zero)).toBe(a);
    expect(plus(words, a, b)).toEqual(words.add(a, b));
    fc.assert(
      fc.property(operand, operand, (left, right) => {
        const sums = left.map((x, i) => truncated(x + (right[i] as bigint)));
        expect(lanesOf([left, right], (x, y) => plus(words, x, y))).toEqual(sums);
      }),
    );
  });

  test('are loaded from memory into every lane', () => {
    const values = Array.from({ length: lanes }, (_, i) => BigInt(i + 1) << 20n);
    const [first] = values;
    expect(lanesOf([values], () => words.load(FIRST))).toEqual(new Array(lanes).fill(first));
  });
});

test('A long word is kept for JavaScript with its upper half first', () => {
  const func = newFunction([], []);
  const word = keep(func, LONG_WORDS.type, loadKept(LONG_WORDS, FIRST));
  emit(func, i64.store(SECOND, word), storeKept(THIRD, word));
  const { memory, run } = instantiate<Exports>(assemble([func], { run: 0 }, 0, []));
  const words = new Int32Array(memory.buffer);
  words.set([0x01234567, 0x0abcdef0]);
  run();
  expect(new BigInt64Array(memory.buffer)[SECOND / 2]).toBe(0x012345670abcdef0n);
  expect([...words.subarray(THIRD, THIRD + 2)]).toEqual([0x01234567, 0x0abcdef0]);
});

test.each([5, 8])('The names of %i words go round by one each round', (count) => {
  const state = newFunction(new Array(count).fill(LANE_WORDS.type), []).parameters;
  expect(renamed(state, 0)).toEqual(state);
  for (let t = 0; t < 80; t++) {
    const [first, ...rest] = renamed(state, t + 1);
    expect([...rest, first]).toEqual(renamed(state, t));
  }
});

test('As many rounds need no message schedule as a block has words', () => {
  expect(FIRST_ROUNDS).toBe(16);
});
