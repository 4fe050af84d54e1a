/** The words of a kernel: what is emitted for them, and what is folded, against plain BigInt. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Code,
  type Local,
  load,
  newFunction,
  shift,
  store,
  V128_LOAD,
  vector,
} from '../../../src/engine/wasm/assembler.js';
import { assemble } from '../../../src/engine/wasm/module.js';
import {
  constantOf,
  FIRST_ROUNDS,
  isConstant,
  isZero,
  keep,
  LANES_32,
  LANES_64,
  push,
  pushRotated,
} from '../../../src/engine/wasm/words.js';
import { instantiate, type Memory } from '../../support/wasm.js';

interface Exports {
  readonly memory: Memory;
  run(): void;
}

const RESULT = 16;

describe.each([LANES_32, LANES_64])('Words of $bits bits', (lanes) => {
  const { bits } = lanes;
  const word = fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
  const vectorOfWords = fc.array(word, { minLength: 128 / bits, maxLength: 128 / bits });

  const truncated = (value: bigint) => BigInt.asUintN(bits, value);
  const rotated = (value: bigint, by: number) =>
    truncated((value >> BigInt(by)) | (value << BigInt(bits - by)));
  /** A word known while the code is written, from one of any size. */
  const known = (value: bigint) =>
    bits === 32
      ? constantOf(lanes, Number(value))
      : constantOf(lanes, Number(value >> 32n), Number(BigInt.asUintN(32, value)));

  /** The lanes that some code leaves on the stack; it gets a local with the lanes of `input`. */
  function lanesOf(input: readonly bigint[], write: (code: Code, local: Local) => void): bigint[] {
    const code = newFunction([], []);
    load(code, V128_LOAD, 0);
    const local = keep(code);
    store(code, RESULT, () => write(code, local));
    const { memory, run } = instantiate<Exports>(assemble([code], { run: 0 }));
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
        const found = lanesOf(input, (code) => push(code, known(value)));
        expect(found).toEqual(input.map(() => value));
      }),
    );
  });

  test('that are locals come as they are', () => {
    fc.assert(
      fc.property(vectorOfWords, (input) => {
        expect(lanesOf(input, (code, local) => push(code, local))).toEqual(input);
      }),
    );
  });

  test('are rotated to the right by any number of bits, each in its lane', () => {
    const input = Array.from({ length: 128 / bits }, (_, i) =>
      truncated(0xfedcba9876543210n << BigInt(i)),
    );
    for (let by = 1; by < bits; by++) {
      const found = lanesOf(input, (code, local) => pushRotated(code, lanes, local, by));
      expect(found).toEqual(input.map((lane) => rotated(lane, by)));
    }
  });

  test('are added, each in its lane, modulo their size', () => {
    fc.assert(
      fc.property(vectorOfWords, word, (input, value) => {
        const found = lanesOf(input, (code, local) => {
          push(code, local);
          push(code, known(value));
          vector(code, lanes.add);
        });
        expect(found).toEqual(input.map((lane) => truncated(lane + value)));
      }),
    );
  });

  test('are shifted by any number of bits, each in its lane', () => {
    const input = Array.from({ length: 128 / bits }, (_, i) =>
      truncated(0xfedcba9876543210n << BigInt(i)),
    );
    for (let by = 0; by < bits; by++) {
      const shifted = (opcode: number) =>
        lanesOf(input, (code, local) => {
          push(code, local);
          shift(code, opcode, by);
        });
      expect(shifted(lanes.shl)).toEqual(input.map((lane) => truncated(lane << BigInt(by))));
      expect(shifted(lanes.shrU)).toEqual(input.map((lane) => lane >> BigInt(by)));
    }
  });

  test('are loaded from memory into every lane', () => {
    fc.assert(
      fc.property(vectorOfWords, (input) => {
        const found = lanesOf(input, (code) => load(code, lanes.loadSplat, lanes.bytes));
        expect(found).toEqual(input.map(() => input[1]));
      }),
    );
  });

  test('are constants or locals, and zero only if all bits of a constant are', () => {
    fc.assert(
      fc.property(word, fc.nat({ max: 127 }), (value, local) => {
        expect(isConstant(known(value))).toBe(true);
        expect(isZero(known(value))).toBe(value === 0n);
        expect(isConstant(local)).toBe(false);
        expect(isZero(local)).toBe(false);
      }),
    );
    expect(isZero(constantOf(lanes, 0))).toBe(true);
    for (let bit = 0; bit < bits; bit++) expect(isZero(known(1n << BigInt(bit)))).toBe(false);
  });

  test('are kept in a new local, or in the one that is given', () => {
    const input = Array.from({ length: 128 / bits }, (_, i) => BigInt(i));
    const found = lanesOf(input, (code, local) => {
      push(code, known(5n));
      const kept = keep(code);
      expect(kept).not.toBe(local);
      push(code, known(7n));
      expect(keep(code, kept)).toBe(kept);
      push(code, local);
      push(code, kept);
      vector(code, lanes.add);
    });
    expect(found).toEqual(input.map((lane) => lane + 7n));
  });
});

test('A constant of 64 bits that is given by its upper half has a lower half of zeros', () => {
  expect(constantOf(LANES_64, 5)).toEqual(constantOf(LANES_64, 5, 0));
  expect(constantOf(LANES_64, 5)).toEqual([0, 5]);
  expect(constantOf(LANES_32, 5)).toEqual([5, 5]);
});

test('As many rounds need no message schedule as a block has words', () => {
  expect(FIRST_ROUNDS).toBe(16);
});
