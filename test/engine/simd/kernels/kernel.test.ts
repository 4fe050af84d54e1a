/**
 * The kernels around a hash that hashes nothing, so that truncation, counters, lanes and comparison
 * meet chosen values; that the real hashes are right is for the tests of the engines.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SHA256_K, SHA512_K } from '../../../../src/engine/sha2-constants.js';
import { emit, i32x4, i64, local } from '../../../../src/engine/simd/kernels/assembler.js';
import { kernelModule } from '../../../../src/engine/simd/kernels/kernel.js';
import { sha1Rounds } from '../../../../src/engine/simd/kernels/sha1-rounds.js';
import { sha256Rounds, sha512Rounds } from '../../../../src/engine/simd/kernels/sha2-rounds.js';
import {
  LANE_WORDS,
  LONG_WORDS,
  type RoundFunction,
  type Words,
} from '../../../../src/engine/simd/kernels/words.js';
import * as layout from '../../../../src/engine/simd/layout.js';
import type { KernelExports, LaneKernel } from '../../../../src/engine/simd/memory.js';
import { truncate } from '../../../../src/engine/truncate.js';
import { instantiate, type Memory, webAssembly } from '../../../support/wasm.js';

type Kernel = KernelExports & LaneKernel & { readonly memory: Memory };

const { Module, validate } = webAssembly;
const MAX_VALUE = 0x7fffffff;
const ALL_DIGITS = [6, 7, 8, 9] as const;
const LAST_COUNTER = 2 ** 53 - 1;
const WORDS = 65_536 / 4;
/** Where the parts of the memory lie, in bytes. */
const MEMORY = {
  midstates: 4 * layout.MIDSTATES,
  lanes: 4 * layout.LANE_INPUTS,
  values: 4 * layout.VALUES,
  keys: 4 * layout.KEYS,
  prepared: 4 * layout.PREPARED,
  text: 4 * layout.TEXT,
  table: 4 * layout.TABLE,
};

/**
 * A "hash" whose new state is the block's words, the counter's or the inner state's; the old state
 * stays where the block is padding. The "HMAC" of a counter is then the counter, followed by the
 * inner midstates from there on.
 *
 * The first rounds take the old state away, which the kernel adds in the end, and what the table
 * holds; the others add the table and the block. So each gets its part, or nothing adds up.
 */
function echo(words: Words, stateWords: number): RoundFunction {
  const halves = words.bits / 32;
  const table = Array.from({ length: halves * stateWords }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
  /** A word of the table, which has lower halves first. */
  const tableWord = (i: number): [number, number] =>
    halves === 1 ? [table[i] as number, 0] : [table[2 * i + 1] as number, table[2 * i] as number];
  const subtract = words === LANE_WORDS ? i32x4.sub : i64.sub;
  return {
    words,
    stateWords,
    initialState: Array.from({ length: stateWords }, (_, i) => words.constant(i)),
    table,

    rounds: (func, state, block, areFirst) => {
      state.forEach((word, i) => {
        const from = block[i] ?? word;
        if (areFirst) {
          const isKnown = typeof from === 'object' && !('index' in from);
          const sum = words.add(isKnown ? from : word, words.constant(...tableWord(i)));
          emit(func, local.set(word, subtract(words.zero, sum)));
        } else {
          const sum = words.add(words.add(word, from), words.load(layout.TABLE + halves * i));
          emit(func, local.set(word, sum));
        }
      });
      return state;
    },
  };
}

const echoes = [
  { name: '32 bits', hash: echo(LANE_WORDS, 5), macWords: 5, lanes: 4 },
  { name: '64 bits', hash: echo(LONG_WORDS, 8), macWords: 16, lanes: 1 },
];

function load(hash: RoundFunction) {
  const kernel = instantiate<Kernel>(kernelModule(hash));
  return { kernel, words: new Int32Array(kernel.memory.buffer) };
}

/** Where two memories differ, as word addresses: much faster than to compare arrays. */
function differences(words: Int32Array, others: Int32Array): number[] {
  if (Buffer.compare(bytesOf(words), bytesOf(others)) === 0) return [];
  return [...words.keys()].filter((i) => words[i] !== others[i]);
}

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** What one lane of `matchLanes` is given. */
interface LaneInput {
  readonly first: number;
  readonly typed: number;
  readonly count: number;
  /** Where truncation begins: 0 for the counter's upper word, 4 for the lower. */
  readonly offset: 0 | 4;
}

type Modulo = readonly [inverse: number, digits: number, limit: number];

/** What `match` needs to know of 10^digits: the inverse of 5^digits mod 2^32, the largest quotient. */
function moduloOf(digits: number): Modulo {
  const two32 = 2n ** 32n;
  let inverse = 1n;
  // Euler: 5^(2^30) is 1, so the inverse is 5^digits to the power of 2^30 - 1.
  let square = 5n ** BigInt(digits);
  for (let exponent = 2 ** 30 - 1; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) inverse = (inverse * square) % two32;
    square = (square * square) % two32;
  }
  return [Number(inverse), digits, Math.floor((2 ** 32 - 1) / 10 ** digits)];
}

/** Where the parts of the memory lie, in words. */
const { TABLE } = layout;

describe.each([
  { name: 'SHA-1', rounds: sha1Rounds, table: [], stateBytes: 20, blockBytes: 64 },
  { name: 'SHA-256', rounds: sha256Rounds, table: [...SHA256_K], stateBytes: 32, blockBytes: 64 },
  {
    name: 'SHA-512',
    rounds: sha512Rounds,
    // 64-bit words, their lower halves first.
    table: Array.from(SHA512_K, (_, i) => SHA512_K[i ^ 1] as number),
    stateBytes: 64,
    blockBytes: 128,
  },
])('The module of $name', ({ rounds, table, stateBytes, blockBytes }) => {
  const image = new Int32Array(WORDS);
  image.set(table, TABLE);

  /** What a function leaves that was not there: of its results the words, elsewhere all that is new. */
  function leftBy(run: (kernel: Kernel) => void, prepareMemory: (words: Int32Array) => void) {
    const { kernel, words } = load(rounds);
    prepareMemory(words);
    run(kernel);
    return differences(words, image).map((word) => 4 * word);
  }

  /** Byte addresses of a region's words. */
  const region = (address: number, bytes: number) =>
    Array.from({ length: bytes / 4 }, (_, i) => address + 4 * i);

  test('is valid, and the same bytes each time', () => {
    const bytes = kernelModule(rounds);
    expect(validate(bytes)).toBe(true);
    expect(Buffer.compare(kernelModule(rounds), bytes)).toBe(0);
  });

  test('needs nothing and exports its memory and its functions', () => {
    const module = new Module(kernelModule(rounds));
    expect(Module.imports(module)).toEqual([]);
    const names = Module.exports(module).map(({ name }) => name);
    const ofLanes = rounds.words === LANE_WORDS ? ['prepareLanes', 'matchLanes'] : [];
    const expected = ['decode', 'matchOne', 'memory', 'prepareOne', 'prepareText', 'truncate'];
    expect(names.sort()).toEqual([...expected, ...ofLanes].sort());
  });

  test('starts with zeros in its memory, but for the table', () => {
    expect(differences(load(rounds).words, image)).toEqual([]);
  });

  const rubbish = (address: number, bytes: number) => (words: Int32Array) => {
    for (let i = 0; i < bytes / 4; i++) words[address / 4 + i] = Math.imul(i + 1, 0x9e3779b1);
  };
  const lanes = rounds.words === LANE_WORDS ? 4 : 1;
  const nothing = () => {};
  const prepared = region(MEMORY.prepared, 2 * stateBytes);
  const values = region(MEMORY.values, 4 * lanes);

  test('keeps what is outside its places as it was', () => {
    expect(leftBy((kernel) => kernel.matchOne(1, 2, 9, 3, ...moduloOf(6)), nothing)).toEqual([]);
    expect(leftBy((kernel) => kernel.truncate(1, 2), nothing)).toEqual(values);
    expect(leftBy((kernel) => kernel.prepareOne(), nothing)).toEqual(prepared);
    expect(leftBy((kernel) => kernel.prepareText(), nothing)).toEqual(prepared);
  });

  test('wipes what it reads: midstates, a key, a text', () => {
    const midstates = rubbish(MEMORY.midstates, 2 * stateBytes);
    expect(leftBy((kernel) => kernel.matchOne(1, 2, 9, 3, ...moduloOf(6)), midstates)).toEqual([]);
    const key = rubbish(MEMORY.keys, lanes * blockBytes);
    expect(leftBy((kernel) => kernel.prepareOne(), key)).toEqual(prepared);
    expect(leftBy((kernel) => kernel.prepareText(), key)).toEqual(prepared);
    const faultyText = rubbish(MEMORY.text, blockBytes);
    expect(leftBy((kernel) => expect(kernel.prepareText()).toBe(1), faultyText)).toEqual(prepared);
    const text = (words: Int32Array) =>
      bytesOf(words).fill(0x37, MEMORY.text, MEMORY.text + blockBytes);
    expect(leftBy((kernel) => expect(kernel.prepareText()).toBe(0), text)).toEqual(prepared);
  });

  test.runIf(lanes === 4)('wipes the inputs and the keys of four lanes', () => {
    // Counters, codes and counts of four lanes come after their midstates.
    const inputs = rubbish(MEMORY.lanes, 4 * (2 * stateBytes + 16));
    // Four times -1.
    expect(leftBy((kernel) => kernel.matchLanes(1, ...moduloOf(6)), inputs)).toEqual(values);
    expect(leftBy((kernel) => kernel.matchLanes(3, ...moduloOf(6)), nothing)).toEqual(values);
    const keys = rubbish(MEMORY.keys, 4 * blockBytes);
    const midstates = region(MEMORY.lanes, 4 * 2 * stateBytes);
    expect(leftBy((kernel) => kernel.prepareLanes(), keys)).toEqual(midstates);
  });

  test('writes no constant of its table anew', () => {
    const { kernel, words } = load(rounds);
    words.fill(0, TABLE);
    kernel.prepareText();
    kernel.matchOne(1, 2, 9, 3, ...moduloOf(6));
    expect(words.subarray(TABLE).some((word) => word !== 0)).toBe(false);
  });
});

describe.each(echoes)('With words of $name,', ({ hash, macWords, lanes }) => {
  const { kernel, words } = load(hash);
  const MIDSTATES = MEMORY.midstates / 4;
  const VALUES = MEMORY.values / 4;
  const LANES = MEMORY.lanes / 4;

  /** Sets the inner midstates behind the counter; the first two words of the MAC are the counter. */
  function setMac(mac: readonly number[]): void {
    words.set(mac, MIDSTATES);
  }

  /** The lowest four bits say where truncation begins: 0 for the counter's upper word, 4 for the lower. */
  function pointAt(offset: number): void {
    setMac([...new Array(macWords - 1).fill(0), offset]);
  }

  function truncated(high: number, low: number): number[] {
    kernel.truncate(high, low);
    return [...words.subarray(VALUES, VALUES + lanes)];
  }

  /** Points at the counter's lower word, where `matchOne` has wiped everything else. */
  function pointAtLower(): void {
    words[MIDSTATES + macWords - 1] = 4;
  }

  /** The index that `matchOne` finds among `count` counters. */
  function matched(first: number, count: number, typed: number, modulo: Modulo): number {
    return kernel.matchOne(Math.floor(first / 2 ** 32), first | 0, count, typed, ...modulo);
  }

  /** One lane of `matchLanes`: midstates with an offset, counter, code, how many counters. */
  function setLane(lane: number, { first, typed, count, offset }: LaneInput): void {
    const midstates = new Array<number>(2 * macWords).fill(0);
    midstates[macWords - 1] = offset;
    const input = [...midstates, Math.floor(first / 2 ** 32), first | 0, typed, count];
    input.forEach((word, i) => {
      words[LANES + 4 * i + lane] = word;
    });
  }

  function matchedEach(four: readonly LaneInput[], modulo: Modulo, most?: number): number[] {
    four.forEach((lane, i) => {
      setLane(i, lane);
    });
    kernel.matchLanes(most ?? Math.max(...four.map(({ count }) => count)), ...modulo);
    return [...words.subarray(VALUES, VALUES + 4)];
  }

  /** The codes of a run of counters at whose word `offset` points. */
  function codesOf(first: number, count: number, offset: number, digits: number): number[] {
    return Array.from({ length: count }, (_, i) => {
      const word = offset === 0 ? Math.floor((first + i) / 2 ** 32) : first + i;
      return (word & MAX_VALUE) % 10 ** digits;
    });
  }

  test('the values of the next counters are those of truncate.ts, for every offset', () => {
    const macs = fc.array(fc.integer(), { minLength: macWords, maxLength: macWords });
    const counter = fc.integer({ min: 0, max: 2 ** 53 - 4 });
    for (let offset = 0; offset < 16; offset++) {
      fc.assert(
        fc.property(macs, counter, (mac, first) => {
          const pointing = [...mac.slice(0, -1), ((mac.at(-1) as number) & ~15) | offset];
          setMac(pointing);
          const expected = [0, 1, 2, 3].slice(0, lanes).map((i) => {
            const [high, low] = [Math.floor((first + i) / 2 ** 32), (first + i) | 0];
            return truncate(Int32Array.of(high, low, ...pointing.slice(2)), macWords);
          });
          expect(truncated(Math.floor(first / 2 ** 32), first | 0)).toEqual(expected);
        }),
      );
    }
  });

  test('counters follow one another over every border of their words', () => {
    const borders = [0, 2 ** 31, 2 ** 32, 2 ** 32 + 2 ** 31, 2 ** 33, 2 ** 52, 2 ** 53 - 1];
    for (const border of borders) {
      for (
        let first = Math.max(0, border - 5);
        first <= Math.min(2 ** 53 - 4, border + 1);
        first++
      ) {
        const counters = [first, first + 1, first + 2, first + 3].slice(0, lanes);
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

    /** Whether four values in a row match as by the division that RFC 4226 §5.3 writes. */
    function wrongOf(first: number, typed: number): string | undefined {
      const values = [0, 1, 2, 3].map((i) => (first + i) & MAX_VALUE);
      const codes = values.map((value) => value % modulus);
      let count = 4;
      // A match hides those below it, so the run is then cut below it.
      for (let expected = 4; expected >= 0 && count > 0; count = expected) {
        expected = codes.slice(0, count).lastIndexOf(typed);
        pointAtLower();
        const found = kernel.matchOne(0, first, count, typed, ...modulo);
        if (found !== expected) {
          return `${count} from ${first}: ${found}, not ${expected}, for ${typed}`;
        }
      }
      return undefined;
    }

    function wrongAmong(starts: Iterable<number>): string[] {
      const wrong: string[] = [];
      for (const first of starts) {
        for (const typed of typedCodes) {
          const message = wrongOf(first, typed);
          if (message !== undefined) wrong.push(message);
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
        pointAtLower();
        expect(kernel.matchOne(0, typed - wrapped, 1, typed, ...modulo)).toBe(-1);
      }
    });

    test('matches as plain arithmetic says, for any value and code', () => {
      const value = fc.integer({ min: 0, max: MAX_VALUE });
      const typed = fc.integer({ min: 0, max: modulus - 1 });
      fc.assert(
        fc.property(value, typed, fc.boolean(), (first, random, isRight) => {
          expect(wrongOf(first, isRight ? first % modulus : random)).toBeUndefined();
        }),
        { numRuns: 2000 },
      );
    });

    test.runIf(lanes === 4)('matches lane by lane, each its own counter and code', () => {
      const value = fc.integer({ min: 0, max: MAX_VALUE });
      const lane = fc.record({ value, random: value, isRight: fc.boolean() });
      fc.assert(
        fc.property(fc.tuple(lane, lane, lane, lane), (four) => {
          const inputs = four.map(({ value: first, random, isRight }): LaneInput => {
            return { first, typed: (isRight ? first : random) % modulus, count: 1, offset: 4 };
          });
          const expected = inputs.map(({ first, typed }) => (first % modulus === typed ? 0 : -1));
          expect(matchedEach(inputs, modulo)).toEqual(expected);
        }),
        { numRuns: 500 },
      );
    });
  });

  describe('a run', () => {
    const modulo = moduloOf(9);
    const borders = [2 ** 31, 2 ** 32, 7 * 2 ** 32, 2 ** 52, 2 ** 53 - 2 ** 32];
    const firsts = [
      0,
      ...borders.flatMap((border) => Array.from({ length: 15 }, (_, i) => border - i)),
    ];

    /** What is found of every code of the run and of those around it, against a plain search. */
    function wrongOf(first: number, count: number, offset: 0 | 4): string[] {
      const codes = codesOf(first, count, offset, 9);
      const around = codesOf(Math.max(0, first - 2), count + 6, offset, 9);
      const wrong: string[] = [];
      for (const typed of new Set([...around, 10 ** 9 - 1])) {
        pointAt(offset);
        const found = matched(first, count, typed, modulo);
        if (found !== codes.lastIndexOf(typed)) wrong.push(`${typed} at ${found} from ${first}`);
      }
      return wrong;
    }

    test.each(Array.from({ length: 14 }, (_, count) => count))(
      'of %i counters has its highest match found, over every border of their words',
      (count) => {
        for (const offset of [0, 4] as const) {
          expect(firsts.flatMap((first) => wrongOf(first, count, offset))).toEqual([]);
        }
      },
    );

    test('of any length has it found', () => {
      const run = fc.record({ first: fc.maxSafeNat(), count: fc.nat({ max: 120 }) });
      fc.assert(
        fc.property(run, fc.constantFrom(0, 4), ({ first, count }, offset) => {
          const from = Math.min(first, LAST_COUNTER + 1 - count);
          expect(wrongOf(from, count, offset)).toEqual([]);
        }),
        { numRuns: 300 },
      );
    });

    test('may end with the counter 2^53 - 1', () => {
      for (let count = 1; count <= 13; count++) {
        for (const offset of [0, 4] as const) {
          expect(wrongOf(LAST_COUNTER + 1 - count, count, offset)).toEqual([]);
        }
      }
    });

    test('of ten thousand counters has the highest of those with one code', () => {
      pointAt(0);
      expect(matched(3 * 2 ** 32 - 4000, 10_009, 2, modulo)).toBe(3999);
      pointAt(0);
      expect(matched(3 * 2 ** 32 - 4000, 10_009, 3, modulo)).toBe(10_008);
      pointAt(0);
      expect(matched(3 * 2 ** 32 - 4000, 10_009, 4, modulo)).toBe(-1);
    });
  });

  describe.runIf(lanes === 4)('the runs of four keys', () => {
    const modulo = moduloOf(9);
    const first = fc.oneof(
      fc
        .tuple(fc.constantFrom(2 ** 31, 2 ** 32, 5 * 2 ** 32, 2 ** 52), fc.nat({ max: 9 }))
        .map(([border, before]) => border - before),
      fc.constantFrom(0, LAST_COUNTER - 8),
      fc.nat(),
    );
    const lane = fc
      .record({
        first,
        count: fc.nat({ max: 9 }),
        offset: fc.constantFrom(0 as const, 4 as const),
        place: fc.integer({ min: -1, max: 10 }),
      })
      .map(({ place, ...rest }): LaneInput => {
        const around = codesOf(Math.max(0, rest.first - 1), 12, rest.offset, 9);
        return { ...rest, typed: around[place + 1] as number };
      });

    function expectedOf(lanes: readonly LaneInput[]): number[] {
      return lanes.map(({ first: from, count, offset, typed }) =>
        codesOf(from, count, offset, 9).lastIndexOf(typed),
      );
    }

    test('have each its own first counter, code and length', () => {
      fc.assert(
        fc.property(fc.tuple(lane, lane, lane, lane), (lanes) => {
          expect(matchedEach(lanes, modulo)).toEqual(expectedOf(lanes));
        }),
        { numRuns: 2000 },
      );
    });

    test('may have every four lengths from 0 to 3, and each ends where it ends', () => {
      const wrong: string[] = [];
      for (let lengths = 0; lengths < 256; lengths++) {
        for (let place = 0; place < 4; place++) {
          const lanes = [0, 1, 2, 3].map((i): LaneInput => {
            const from = 2 ** 32 - 1 + 100 * i;
            const count = (lengths >> (2 * i)) & 3;
            const typed = codesOf(from, 4, 4, 9)[place] as number;
            return { first: from, count, typed, offset: 4 };
          });
          const found = matchedEach(lanes, modulo);
          const expected = lanes.map(({ count }) => (place < count ? place : -1));
          if (`${found}` !== `${expected}`) wrong.push(`${found}, not ${expected}`);
        }
      }
      expect(wrong).toEqual([]);
    });

    test('end where they end, however often the kernel goes round', () => {
      const lanes = [0, 1, 2, 5].map((count): LaneInput => {
        return { first: 1000, count, typed: 1002, offset: 4 };
      });
      for (const most of [5, 6, 7, 50]) {
        expect(matchedEach(lanes, modulo, most)).toEqual([-1, -1, -1, 2]);
      }
    });

    test('match nothing in a lane without a code or without anything', () => {
      const lanes = [-1, 1002, -1, 1002].map((typed, i): LaneInput => {
        return { first: 1000, count: i < 2 ? 5 : 0, typed, offset: 4 };
      });
      expect(matchedEach(lanes, modulo)).toEqual([-1, 2, -1, -1]);
      kernel.matchLanes(9, ...modulo);
      expect([...words.subarray(VALUES, VALUES + 4)]).toEqual([-1, -1, -1, -1]);
    });
  });

  const padded = (key: readonly number[], pad: number) =>
    key.slice(0, macWords).map((word) => word ^ pad);

  test('a key block is hashed under both pads, the inner and then the outer', () => {
    const key = Array.from({ length: hash.words.bits / 2 }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
    key.forEach((word, i) => {
      words[MEMORY.keys / 4 + lanes * i] = word;
    });
    kernel.prepareOne();
    const prepared = words.subarray(MEMORY.prepared / 4, MEMORY.prepared / 4 + 2 * macWords);
    expect([...prepared]).toEqual([...padded(key, 0x36363636), ...padded(key, 0x5c5c5c5c)]);
  });

  test.runIf(lanes === 4)('four key blocks are hashed under both pads, each in its lane', () => {
    const keys = [0, 1, 2, 3].map((lane) =>
      Array.from({ length: 16 }, (_, i) => Math.imul(i + 1 + 16 * lane, 0x9e3779b1)),
    );
    keys.forEach((key, lane) => {
      key.forEach((word, i) => {
        words[MEMORY.keys / 4 + 4 * i + lane] = word;
      });
    });
    kernel.prepareLanes();
    const found = keys.map((_, lane) =>
      Array.from({ length: 2 * macWords }, (_, i) => words[LANES + 4 * i + lane]),
    );
    expect(found).toEqual(
      keys.map((key) => [...padded(key, 0x36363636), ...padded(key, 0x5c5c5c5c)]),
    );
  });
});

describe.each([
  // As many words as a state may have and a text can fill.
  { name: '32 bits', hash: echo(LANE_WORDS, 10), longest: 64 },
  { name: '64 bits', hash: echo(LONG_WORDS, 10), longest: 128 },
])('A text for words of $name', ({ hash, longest }) => {
  const { kernel, words } = load(hash);
  const stateWords = (hash.stateWords * hash.words.bits) / 32;
  const image = words.slice();
  const shownBytes = (5 * longest) / 8;
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

  /** What is prepared of a text in memory, filled up with A: whether it is base32, and the key of each pad. */
  function prepare(text: Uint8Array) {
    bytesOf(words)
      .fill(0x41, MEMORY.text, MEMORY.text + longest)
      .set(text, MEMORY.text);
    const isFaulty = kernel.prepareText();
    const keys = [0x36363636, 0x5c5c5c5c].map((pad, outer) => {
      const key = Buffer.alloc(shownBytes);
      for (let i = 0; i < shownBytes / 4; i++) {
        const place = MEMORY.prepared / 4 + stateWords * outer + i;
        key.writeInt32BE((words[place] as number) ^ pad, 4 * i);
      }
      return key.toString('hex');
    });
    words.fill(0, MEMORY.prepared / 4, MEMORY.prepared / 4 + 2 * stateWords);
    expect(differences(words, image)).toEqual([]);
    return { isFaulty, keys };
  }

  /** The text's bits as a text of zeros and ones, as many bytes as are shown. */
  function decodeNaively(text: string): string {
    const symbols = text.toUpperCase().padEnd(longest, 'A');
    const digits = Array.from(symbols, (symbol) =>
      ALPHABET.indexOf(symbol).toString(2).padStart(5, '0'),
    ).join('');
    const bytes = (digits.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
    return Buffer.from(bytes)
      .toString('hex')
      .padEnd(2 * shownBytes, '0');
  }

  test('of any length up to a block is decoded, in either case', () => {
    const symbol = fc.constantFrom(...ALPHABET, ...ALPHABET.toLowerCase());
    fc.assert(
      fc.property(fc.string({ unit: symbol, maxLength: longest }), (text) => {
        const expected = decodeNaively(text);
        expect(prepare(Buffer.from(text))).toEqual({ isFaulty: 0, keys: [expected, expected] });
      }),
      { numRuns: 1000 },
    );
  });

  test('has each symbol at each place', () => {
    for (let place = 0; place < longest; place++) {
      for (const symbol of ALPHABET) {
        const text = `${'A'.repeat(place)}${symbol}${'7'.repeat(longest - place - 1)}`;
        const expected = decodeNaively(text);
        expect(prepare(Buffer.from(text)).keys).toEqual([expected, expected]);
      }
    }
  });

  test.runIf(hash.words === LANE_WORDS)('is decoded into a lane, and the other lanes stay', () => {
    for (const lane of [0, 1, 2, 3]) {
      const keys = words.subarray(MEMORY.keys / 4, MEMORY.keys / 4 + 64).fill(-1);
      bytesOf(words).fill(0x41, MEMORY.text, MEMORY.text + longest);
      words[MEMORY.text / 4] = 0x37373737;
      expect(kernel.decode(4 * lane)).toBe(0);
      const others = keys.filter((_, i) => i % 4 !== lane);
      expect(others.every((word) => word === -1)).toBe(true);
      const key = keys.filter((_, i) => i % 4 === lane);
      expect([...key]).toEqual([0xfffff000 | 0, ...new Array(15).fill(0)]);
    }
    words.fill(0, MEMORY.keys / 4, MEMORY.keys / 4 + 64);
  });

  test('is refused for each byte that is no symbol, at each place, and for no other', () => {
    const symbols = new Set(Buffer.from(ALPHABET + ALPHABET.toLowerCase()));
    const wrong: number[][] = [];
    for (let place = 0; place < longest; place++) {
      for (let byte = 0; byte < 256; byte++) {
        const text = Buffer.alloc(longest, 'Q');
        text[place] = byte;
        if (prepare(text).isFaulty !== (symbols.has(byte) ? 0 : 1)) wrong.push([place, byte]);
      }
    }
    expect(wrong).toEqual([]);
  });
});
