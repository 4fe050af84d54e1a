/** The words of a kernel: what is emitted for them, and what is folded, against plain BigInt. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  assemble,
  type Code,
  type Local,
  load,
  newFunction,
  store,
  V128_LOAD,
  vector,
} from '../../../src/engine/wasm/assembler.js';
import {
  addTerm,
  foldSigma,
  keep,
  LANES_32,
  LANES_64,
  push,
  pushRotated,
  pushSigma,
  type Sigma,
} from '../../../src/engine/wasm/words.js';

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  run(): void;
}

/** The part of the WebAssembly API that is needed here: no types at hand name it. */
const { Module, Instance } = (
  globalThis as unknown as {
    readonly WebAssembly: {
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: Exports };
    };
  }
).WebAssembly;

const RESULT = 16;

describe.each([LANES_32, LANES_64])('Words of $bits bits', (lanes) => {
  const { bits } = lanes;
  const word = fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
  const vectorOfWords = fc.array(word, { minLength: 128 / bits, maxLength: 128 / bits });
  const rotation = fc.integer({ min: 1, max: bits - 1 });
  const sigma: fc.Arbitrary<Sigma> = fc.record(
    { rotations: fc.array(rotation, { minLength: 1, maxLength: 3 }), shift: rotation },
    { requiredKeys: ['rotations'] },
  );

  const truncated = (value: bigint) => BigInt.asUintN(bits, value);
  const rotated = (value: bigint, by: number) =>
    truncated((value >> BigInt(by)) | (value << BigInt(bits - by)));
  const sigmaOf = ({ rotations, shift }: Sigma, value: bigint) =>
    [
      ...rotations.map((by) => rotated(value, by)),
      ...(shift === undefined ? [] : [value >> BigInt(shift)]),
    ].reduce((a, b) => a ^ b);

  /** The lanes that some code leaves on the stack; it gets a local with the lanes of `input`. */
  function lanesOf(input: readonly bigint[], write: (code: Code, local: Local) => void): bigint[] {
    const code = newFunction([], []);
    load(code, V128_LOAD, 0);
    const local = keep(code);
    store(code, RESULT, () => write(code, local));
    const { memory, run } = new Instance(new Module(assemble([code], { run: 0 }))).exports;
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
        const found = lanesOf(input, (code) => push(code, lanes, value));
        expect(found).toEqual(input.map(() => value));
      }),
    );
  });

  test('that are locals come as they are', () => {
    fc.assert(
      fc.property(vectorOfWords, (input) => {
        expect(lanesOf(input, (code, local) => push(code, lanes, local))).toEqual(input);
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

  test('have the sigmas of FIPS 180-4, emitted and folded alike', () => {
    fc.assert(
      fc.property(vectorOfWords, sigma, (input, which) => {
        const expected = input.map((lane) => sigmaOf(which, lane));
        expect(lanesOf(input, (code, local) => pushSigma(code, lanes, which, local))).toEqual(
          expected,
        );
        expect(input.map((lane) => foldSigma(lanes, which, lane))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('are added with a round constant, modulo their size', () => {
    fc.assert(
      fc.property(vectorOfWords, word, word, (input, k, w) => {
        const withLocal = lanesOf(input, (code, local) => {
          push(code, lanes, k);
          addTerm(code, lanes, k, local);
        });
        expect(withLocal).toEqual(input.map((lane) => truncated(2n * k + lane)));
        const folded = lanesOf(input, (code, local) => {
          push(code, lanes, local);
          addTerm(code, lanes, k, w);
        });
        expect(folded).toEqual(input.map((lane) => truncated(lane + k + w)));
      }),
    );
  });

  test('are kept in a new local, or in the one that is given', () => {
    const input = Array.from({ length: 128 / bits }, (_, i) => BigInt(i));
    const found = lanesOf(input, (code, local) => {
      push(code, lanes, 5n);
      const kept = keep(code);
      expect(kept).not.toBe(local);
      push(code, lanes, 7n);
      expect(keep(code, kept)).toBe(kept);
      push(code, lanes, local);
      push(code, lanes, kept);
      vector(code, lanes.add);
    });
    expect(found).toEqual(input.map((lane) => lane + 7n));
  });
});
