/**
 * The kernels around a hash that hashes nothing, so that truncation, counters, lanes and comparison
 * meet chosen values; that the real hashes are right is for the tests of the engines.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { truncate } from '../../../src/engine/truncate.js';
import { get } from '../../../src/engine/wasm/assembler.js';
import { kernelModule, MEMORY } from '../../../src/engine/wasm/kernel.js';
import { sha1Rounds } from '../../../src/engine/wasm/sha1-rounds.js';
import { sha256Rounds, sha512Rounds } from '../../../src/engine/wasm/sha2-rounds.js';
import {
  keep,
  LANES_32,
  LANES_64,
  type Lanes,
  type RoundFunction,
} from '../../../src/engine/wasm/words.js';

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  match(
    high: number,
    low: number,
    typed: number,
    inverse: number,
    digits: number,
    limit: number,
  ): number;
  matchEach(inverse: number, digits: number, limit: number): number;
  truncate(high: number, low: number): void;
  prepare(): void;
}

/** The part of the WebAssembly API that is needed here: no types at hand name it. */
const { Module, Instance, validate } = (
  globalThis as unknown as {
    readonly WebAssembly: {
      readonly Module: {
        new (bytes: Uint8Array): object;
        imports(module: object): object[];
        exports(module: object): { name: string }[];
      };
      readonly Instance: new (module: object) => { readonly exports: Kernel };
      validate(bytes: Uint8Array): boolean;
    };
  }
).WebAssembly;

const MAX_VALUE = 0x7fffffff;
const ALL_DIGITS = [6, 7, 8, 9] as const;

/**
 * A "hash" whose new state is the block's words, the counter's or the inner state's; the old state
 * stays where the block is padding. The "HMAC" of a counter is then the counter, followed by the
 * inner midstates from there on.
 */
function echo(lanes: Lanes, words: number): RoundFunction {
  return {
    lanes,
    initialState: Array.from({ length: words }, (_, i) => BigInt(i)),
    compress: (code, state, block) =>
      state.map((word, i) => {
        const from = block[i];
        get(code, typeof from === 'number' ? from : word);
        return keep(code);
      }),
  };
}

const echoes = [
  { name: '32 bits', hash: echo(LANES_32, 5), macWords: 5 },
  { name: '64 bits', hash: echo(LANES_64, 8), macWords: 16 },
];

function load(hash: RoundFunction) {
  const kernel = new Instance(new Module(kernelModule(hash))).exports;
  return { kernel, words: new Int32Array(kernel.memory.buffer) };
}

/** 64-bit words stand in memory with their lower half first; ours are written upper half first. */
function placeOf(word: number, hash: RoundFunction): number {
  return hash.lanes.bits === 64 ? word ^ 1 : word;
}

/** What `match` needs to know of 10^digits: the inverse of 5^digits mod 2^32, the largest quotient. */
function moduloOf(digits: number) {
  const two32 = 2n ** 32n;
  let inverse = 1n;
  // Euler: 5^(2^30) is 1, so the inverse is 5^digits to the power of 2^30 - 1.
  let square = 5n ** BigInt(digits);
  for (let exponent = 2 ** 30 - 1; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) inverse = (inverse * square) % two32;
    square = (square * square) % two32;
  }
  return [Number(inverse), digits, Math.floor((2 ** 32 - 1) / 10 ** digits)] as const;
}

describe.each([
  { name: 'SHA-1', rounds: sha1Rounds },
  { name: 'SHA-256', rounds: sha256Rounds },
  { name: 'SHA-512', rounds: sha512Rounds },
])('The module of $name', ({ rounds }) => {
  test('is valid, and the same bytes each time', () => {
    const bytes = kernelModule(rounds);
    expect(validate(bytes)).toBe(true);
    expect(Buffer.compare(kernelModule(rounds), bytes)).toBe(0);
  });

  test('needs nothing and exports its memory and four functions', () => {
    const module = new Module(kernelModule(rounds));
    expect(Module.imports(module)).toEqual([]);
    const names = Module.exports(module).map(({ name }) => name);
    expect(names.sort()).toEqual(['match', 'matchEach', 'memory', 'prepare', 'truncate']);
  });

  test('starts with its memory full of zeros, and keeps what is outside its places so', () => {
    const { kernel, words } = load(rounds);
    expect(words.some((word) => word !== 0)).toBe(false);
    kernel.match(1, 2, 3, ...moduloOf(6));
    kernel.matchEach(...moduloOf(6));
    expect(words.some((word) => word !== 0)).toBe(false);
    kernel.truncate(1, 2);
    words.fill(0, MEMORY.values / 4, MEMORY.values / 4 + 4);
    kernel.prepare();
    words.fill(0, MEMORY.prepared / 4, MEMORY.end / 4);
    expect(words.some((word) => word !== 0)).toBe(false);
  });
});

describe.each(echoes)('With words of $name,', ({ hash, macWords }) => {
  const { kernel, words } = load(hash);
  const { bits } = hash.lanes;

  /** Sets the inner midstates behind the counter; the first two words of the MAC are the counter. */
  function setMac(mac: readonly number[]): void {
    mac.forEach((word, i) => {
      words[MEMORY.midstates / 4 + placeOf(i, hash)] = word;
    });
  }

  /** The lowest four bits say where truncation begins: 0 for the counter's upper word, 4 for the lower. */
  function pointAt(offset: number): void {
    setMac([...new Array(macWords - 1).fill(0), offset]);
  }

  function truncated(high: number, low: number): number[] {
    kernel.truncate(high, low);
    return [...words.subarray(MEMORY.values / 4, MEMORY.values / 4 + 4)];
  }

  /** One lane of `matchEach`: midstates that point at the counter's lower word, counter, code. */
  function setLane(lane: number, counter: readonly [number, number], typed: number): void {
    const stateWords = macWords;
    const input = [...new Array(2 * stateWords).fill(0), ...counter];
    input[stateWords - 1] = 4;
    input.forEach((word, i) => {
      words[MEMORY.lanes / 4 + lanePlace(i, lane, stateWords)] = word;
    });
    words[MEMORY.lanes / 4 + 4 * (2 * stateWords + 2) + lane] = typed;
  }

  /** 32-bit words have four lanes side by side; 64-bit words two, and the other two behind them all. */
  function lanePlace(word: number, lane: number, stateWords: number): number {
    if (bits === 32) return 4 * word + lane;
    const group = 2 * (2 * stateWords + 2) * (lane >> 1);
    return group + 4 * (word >> 1) + 2 * (lane & 1) + (1 - (word & 1));
  }

  test('the values of four counters are those of truncate.ts, for every offset', () => {
    const macs = fc.array(fc.integer(), { minLength: macWords, maxLength: macWords });
    const counter = fc.integer({ min: 0, max: 2 ** 53 - 4 });
    for (let offset = 0; offset < 16; offset++) {
      fc.assert(
        fc.property(macs, counter, (mac, first) => {
          const pointing = [...mac.slice(0, -1), ((mac.at(-1) as number) & ~15) | offset];
          setMac(pointing);
          const expected = [0, 1, 2, 3].map((i) => {
            const [high, low] = [Math.floor((first + i) / 2 ** 32), (first + i) | 0];
            return truncate(Int32Array.of(high, low, ...pointing.slice(2)), macWords);
          });
          expect(truncated(Math.floor(first / 2 ** 32), first | 0)).toEqual(expected);
        }),
      );
    }
  });

  test('four counters follow one another over every border of their words', () => {
    const borders = [0, 2 ** 31, 2 ** 32, 2 ** 32 + 2 ** 31, 2 ** 33, 2 ** 52, 2 ** 53 - 1];
    for (const border of borders) {
      for (
        let first = Math.max(0, border - 5);
        first <= Math.min(2 ** 53 - 4, border + 1);
        first++
      ) {
        const counters = [first, first + 1, first + 2, first + 3];
        const [high, low] = [Math.floor(first / 2 ** 32), first | 0];
        pointAt(0);
        expect(truncated(high, low)).toEqual(
          counters.map((counter) => Math.floor(counter / 2 ** 32) & MAX_VALUE),
        );
        pointAt(4);
        expect(truncated(high, low)).toEqual(counters.map((counter) => counter & MAX_VALUE));
      }
    }
  });

  describe.each(ALL_DIGITS)('a code of %i digits', (digits) => {
    const modulus = 10 ** digits;
    const modulo = moduloOf(digits);
    /** 2^32 mod 10^digits: by so much is a difference off that was negative. */
    const wrapped = 2 ** 32 % modulus;
    const typedCodes = [
      ...[0, 1, 7, modulus / 2, modulus - 2, modulus - 1],
      ...[MAX_VALUE % modulus, wrapped, wrapped + 1, wrapped + 5, modulus - wrapped],
    ];

    /** Four values in a row, matched and by the division that RFC 4226 §5.3 writes. */
    function judged(first: number, typed: number) {
      const found = kernel.match(0, first, typed, ...modulo);
      const values = [0, 1, 2, 3].map((i) => (first + i) & MAX_VALUE);
      const expected = values.reduce(
        (mask, value, i) => mask | (value % modulus === typed ? 1 << i : 0),
        0,
      );
      return { found, expected };
    }

    function wrongAmong(starts: Iterable<number>): string[] {
      pointAt(4);
      const wrong: string[] = [];
      for (const first of starts) {
        for (const typed of typedCodes) {
          const { found, expected } = judged(first, typed);
          if (found !== expected) wrong.push(`${first}…: ${found}, not ${expected}, for ${typed}`);
        }
      }
      return wrong;
    }

    function* around(remainders: readonly number[]): Generator<number> {
      for (const remainder of remainders) {
        for (let value = remainder; value <= MAX_VALUE; value += modulus) {
          for (const first of [value - 3, value - 1, value]) if (first >= 0) yield first;
        }
      }
    }

    test('matches every value that has it, and none of their neighbours', () => {
      expect(wrongAmong(around(typedCodes))).toEqual([]);
    });

    // Below the code, value - code wraps around to a number that may well be a multiple of 10^digits.
    test('matches no value below itself', () => {
      expect((5 - (wrapped + 5) + 2 ** 32) % modulus).toBe(0);
      expect(wrongAmong([0, 1, 2, 3, 4, 5, 6])).toEqual([]);
      for (let typed = wrapped; typed < wrapped + 2000; typed++) {
        expect(kernel.match(0, typed - wrapped, typed, ...modulo) & 1).toBe(0);
      }
    });

    test('matches as plain arithmetic says, for any value and code', () => {
      pointAt(4);
      const value = fc.integer({ min: 0, max: MAX_VALUE });
      const typed = fc.integer({ min: 0, max: modulus - 1 });
      fc.assert(
        fc.property(value, typed, fc.boolean(), (first, random, isRight) => {
          const { found, expected } = judged(first, isRight ? first % modulus : random);
          expect(found).toBe(expected);
        }),
        { numRuns: 2000 },
      );
    });

    test('matches lane by lane, each its own counter and code', () => {
      const value = fc.integer({ min: 0, max: MAX_VALUE });
      const lane = fc.record({ value, random: value, isRight: fc.boolean() });
      fc.assert(
        fc.property(fc.tuple(lane, lane, lane, lane), (four) => {
          const typed = four.map((one) => (one.isRight ? one.value : one.random) % modulus);
          four.forEach((one, i) => {
            setLane(i, [0, one.value], typed[i] as number);
          });
          const expected = four.reduce(
            (mask, one, i) => mask | (one.value % modulus === typed[i] ? 1 << i : 0),
            0,
          );
          expect(kernel.matchEach(...modulo)).toBe(expected);
        }),
        { numRuns: 500 },
      );
    });
  });

  test('a key block is hashed under both pads, word by word the inner and then the outer', () => {
    const key = Array.from({ length: bits / 2 }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
    key.forEach((word, i) => {
      words[MEMORY.key / 4 + placeOf(i, hash)] = word;
    });
    kernel.prepare();
    const prepared = [0, 1].map((pad) =>
      Array.from({ length: macWords }, (_, i) => {
        // Halves of 64-bit words stay together, the lower one first.
        const place = bits === 32 ? 2 * i + pad : 4 * (i >> 1) + 2 * pad + (1 - (i & 1));
        return words[MEMORY.prepared / 4 + place];
      }),
    );
    const padded = (pad: number) => key.slice(0, macWords).map((word) => word ^ pad);
    expect(prepared).toEqual([padded(0x36363636), padded(0x5c5c5c5c)]);
  });
});
