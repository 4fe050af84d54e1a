/**
 * The compression functions as vector code against the portable ones, which are held to the
 * standard's examples: each lane by itself, with words of the block that are known and that are not.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HashFunction } from '../../../../src/engine/hash.js';
import { sha1 } from '../../../../src/engine/sha1.js';
import { SHA256_K, SHA512_K } from '../../../../src/engine/sha2-constants.js';
import { sha256 } from '../../../../src/engine/sha256.js';
import { sha512 } from '../../../../src/engine/sha512.js';
import {
  emit,
  type Func,
  i64,
  keep,
  type Local,
  newFunction,
  type Value,
  v128,
} from '../../../../src/engine/simd/kernels/assembler.js';
import { assemble } from '../../../../src/engine/simd/kernels/module.js';
import { sha1Rounds } from '../../../../src/engine/simd/kernels/sha1-rounds.js';
import { sha256Rounds, sha512Rounds } from '../../../../src/engine/simd/kernels/sha2-rounds.js';
import { FIRST_ROUNDS, LANE_WORDS } from '../../../../src/engine/simd/kernels/words.js';
import { TABLE } from '../../../../src/engine/simd/layout.js';
import { instantiate, type Memory } from '../../../support/wasm.js';

interface Exports {
  readonly memory: Memory;
  run(): void;
}

/** Word addresses. */
const STATE = 0;
const BLOCK = 128;
const RESULT = 256;

const functions = [
  { name: 'SHA-1', hash: sha1, rounds: sha1Rounds },
  { name: 'SHA-256', hash: sha256, rounds: sha256Rounds },
  { name: 'SHA-512', hash: sha512, rounds: sha512Rounds },
];

/** One lane's input; a 64-bit word is its upper, then its lower half. */
interface LaneInput {
  readonly state: readonly number[];
  readonly block: readonly number[];
}

/** The words of a block that are known while the code is written, by their place. */
type Known = ReadonlyMap<number, readonly number[]>;

describe.each(functions)('The rounds of $name', ({ hash, rounds }) => {
  const { words: kind, stateWords } = rounds;
  const halves = kind.bits / 32;
  const isVector = kind === LANE_WORDS;
  const laneCount = isVector ? 4 : 1;

  /** Where a 32-bit word of a lane lies: lane by lane, or the lower half of a long word first. */
  function placeOf(address: number, word: number, lane: number): number {
    return isVector ? address + 4 * word + lane : address + (word ^ 1);
  }

  function loaded(func: Func, address: number, i: number): Local {
    const value = isVector ? v128.load(address + 4 * i) : i64.load(address + 2 * i);
    return keep(func, kind.type, value);
  }

  function storeResult(func: Func, word: Value, i: number): void {
    emit(func, isVector ? v128.store(RESULT + 4 * i, word) : i64.store(RESULT + 2 * i, word));
  }

  /** A module of one compression function without the last sum. */
  function moduleOf(known: Known): Exports {
    const func = newFunction([], []);
    const state = Array.from({ length: stateWords }, (_, i) => loaded(func, STATE, i));
    const block = Array.from({ length: FIRST_ROUNDS }, (_, i): Value => {
      const [high = 0, low = 0] = known.get(i) ?? [];
      if (!known.has(i)) return loaded(func, BLOCK, i);
      return (high | low) === 0 ? kind.zero : kind.constant(high, low);
    });
    const indices = (locals: readonly Local[]) => locals.map(({ index }) => index).sort();
    const first = rounds.rounds(func, state, block, true);
    expect(indices(first)).toEqual(indices(state));
    const ordered = first.map((word) => keep(func, kind.type, word));
    const w = block.map((word) => keep(func, kind.type, word));
    const last = rounds.rounds(func, ordered, w, false);
    expect(indices(last)).toEqual(indices(ordered));
    last.forEach((word, i) => {
      storeResult(func, word, i);
    });
    return instantiate<Exports>(assemble([func], { run: 0 }, TABLE, rounds.table));
  }

  /** What the vector code makes of the lanes, word by word, without the last sum. */
  function compressed(inputs: readonly LaneInput[], known: Known): number[][] {
    const { memory, run } = moduleOf(known);
    const words = new Int32Array(memory.buffer);
    inputs.forEach(({ state, block }, lane) => {
      state.forEach((word, i) => {
        words[placeOf(STATE, i, lane)] = word;
      });
      block.forEach((word, i) => {
        words[placeOf(BLOCK, i, lane)] = word;
      });
    });
    run();
    return inputs.map((_, lane) =>
      Array.from({ length: hash.stateWords }, (_, i) => words[placeOf(RESULT, i, lane)] as number),
    );
  }

  /** The same by the portable function, the last sum taken back. */
  function expectedOf({ state, block }: LaneInput, known: Known): number[] {
    const schedule = new Int32Array(hash.scheduleWords);
    schedule.set(block);
    for (const [i, word] of known) schedule.set(word, halves * i);
    const result = Int32Array.from(state);
    hash.compress(result, schedule);
    return differencesOf(hash, result, Int32Array.from(state));
  }

  const words = (length: number) =>
    fc.array(fc.integer(), { minLength: length, maxLength: length });
  const input = fc.record({ state: words(hash.stateWords), block: words(hash.blockWords) });
  const inputs = fc.array(input, { minLength: laneCount, maxLength: laneCount });
  const knownWords = fc
    .array(fc.option(fc.oneof(fc.constant([0, 0]), words(2)), { freq: 2 }), {
      minLength: FIRST_ROUNDS,
      maxLength: FIRST_ROUNDS,
    })
    .map((drawn) => {
      const known = drawn.map((word, i) => [i, word?.slice(0, halves)] as const);
      return new Map(known.filter((entry): entry is [number, number[]] => entry[1] !== undefined));
    });

  test('are those of the portable function in every lane', () => {
    fc.assert(
      fc.property(inputs, (drawn) => {
        const known: Known = new Map();
        const expected = drawn.map((one) => expectedOf(one, known));
        expect(compressed(drawn, known)).toEqual(expected);
      }),
    );
  });

  test('are the same whatever of the block is known', () => {
    fc.assert(
      fc.property(inputs, knownWords, (drawn, known) => {
        const expected = drawn.map((one) => expectedOf(one, known));
        expect(compressed(drawn, known)).toEqual(expected);
      }),
    );
  });

  test('are the same with a block of zeros that are all known', () => {
    const known = new Map(
      Array.from({ length: FIRST_ROUNDS }, (_, i) => [i, [0, 0].slice(0, halves)]),
    );
    const zeros = new Array<number>(hash.blockWords).fill(0);
    const drawn = Array.from({ length: laneCount }, (_, lane) => ({
      state: hash.initialState.map((word) => word ^ lane),
      block: zeros,
    }));
    expect(compressed(drawn, known)).toEqual(drawn.map((one) => expectedOf(one, known)));
  });

  test('start from the state of the standard', () => {
    const func = newFunction([], []);
    rounds.initialState.forEach((word, i) => {
      storeResult(func, word, i);
    });
    const { memory, run } = instantiate<Exports>(assemble([func], { run: 0 }, 0, []));
    run();
    const found = new Int32Array(memory.buffer);
    for (let lane = 0; lane < laneCount; lane++) {
      const state = hash.initialState.map((_, i) => found[placeOf(RESULT, i, lane)]);
      expect(state).toEqual([...Int32Array.from(hash.initialState)]);
    }
  });

  test('set no local of others', () => {
    const func = newFunction([], []);
    const bystander = loaded(func, BLOCK, 0);
    const state = Array.from({ length: stateWords }, (_, i) => loaded(func, STATE, i));
    const block = Array.from({ length: FIRST_ROUNDS }, (_, i) => loaded(func, STATE, i));
    rounds.rounds(func, rounds.rounds(func, state, block, true), block, false);
    storeResult(func, bystander, 0);
    const { memory, run } = instantiate<Exports>(assemble([func], { run: 0 }, 0, []));
    const found = new Int32Array(memory.buffer);
    found.set([1, 2, 3, 4], BLOCK);
    run();
    expect([...found.subarray(RESULT, RESULT + 4)]).toEqual(isVector ? [1, 2, 3, 4] : [1, 2, 0, 0]);
  });
});

/** Word by word `a - b`, modulo 2^32 or, for SHA-512, 2^64. */
function differencesOf(hash: HashFunction, a: Int32Array, b: Int32Array): number[] {
  if (hash.blockWords === 16) return Array.from(a, (word, i) => (word - (b[i] as number)) | 0);
  const join = (words: Int32Array, i: number) =>
    (BigInt((words[i] as number) >>> 0) << 32n) | BigInt((words[i + 1] as number) >>> 0);
  return Array.from({ length: a.length / 2 }, (_, i) => {
    const difference = join(a, 2 * i) - join(b, 2 * i);
    return [Number(BigInt.asIntN(32, difference >> 32n)), Number(BigInt.asIntN(32, difference))];
  }).flat();
}

describe('The table', () => {
  const joined = (halves: ArrayLike<number>) =>
    Array.from({ length: halves.length }, (_, i) => halves[i ^ 1] as number);

  test('of SHA-1 is empty: its four constants are part of the code', () => {
    expect(sha1Rounds.table).toEqual([]);
  });

  test('of SHA-256 is that of the standard', () => {
    expect(Array.from(sha256Rounds.table, (word) => word | 0)).toEqual([...SHA256_K]);
  });

  test('of SHA-512 is that of the standard, lower halves first', () => {
    expect(Array.from(sha512Rounds.table, (word) => word | 0)).toEqual(joined(SHA512_K));
  });
});
