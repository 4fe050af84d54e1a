/**
 * The engine in WebAssembly with 128-bit vectors: four candidates in the time of one.
 *
 * The module is written on first use, by the assembler and the kernels in `wasm/`, one for each
 * hash function and only for those in use. Where WebAssembly or its vectors are missing, or may not
 * be compiled, the portable engine takes over by itself.
 *
 * What a call puts into a module's memory is overwritten with zeros before the call returns.
 */
import type { Algorithm } from '../internal/algorithm.js';
import { type Attempt, algorithmOf, type Engine, type Midstates } from './engine.js';
import { HASHES, engine as portable } from './portable.js';
import { kernelModule, MEMORY } from './wasm/kernel.js';
import { sha1Rounds } from './wasm/sha1-rounds.js';
import { sha256Rounds, sha512Rounds } from './wasm/sha2-rounds.js';
import type { RoundFunction } from './wasm/words.js';

/** What a module exports. Numbers are int32. */
interface KernelExports {
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
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** A compiled module and its memory as words and as pairs of them. */
interface Kernel extends KernelExports {
  readonly words: Int32Array;
  readonly pairs: Float64Array;
  readonly blockBytes: number;
  /** 32-bit words of one state: half the midstates. */
  readonly stateWords: number;
  /** 32-bit words of one lane's input, and the place of each, lane by lane. */
  readonly laneWords: number;
  readonly places: Int32Array;
  /** 1 where the halves of 64-bit words change places in memory, else 0. */
  readonly swap: 0 | 1;
}

/** The part of the WebAssembly API that is needed; `src` names no runtime's own types. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const LANES = 4;
const MIDSTATES = MEMORY.midstates / 4;
const LANE_INPUT = MEMORY.lanes / 4;
const VALUES = MEMORY.values / 4;
const KEY = MEMORY.key / 4;
const PREPARED = MEMORY.prepared / 4;
const TWO_32 = 2 ** 32;

const ROUNDS: Readonly<Record<Algorithm, RoundFunction>> = {
  SHA1: sha1Rounds,
  SHA256: sha256Rounds,
  SHA512: sha512Rounds,
};

/** Compiled modules by algorithm; null where the runtime would not have one. */
const kernels: Partial<Record<Algorithm, Kernel | null>> = {};

/** The kernel of an algorithm, compiled on first use, or null. */
function kernelOf(algorithm: Algorithm): Kernel | null {
  const known = kernels[algorithm];
  if (known !== undefined) return known;
  const compiled = compile(algorithm);
  kernels[algorithm] = compiled;
  return compiled;
}

/**
 * Compiles a kernel. Only trying tells whether that can be: there are runtimes where
 * `WebAssembly.validate` says yes and the compiler then refuses.
 */
function compile(algorithm: Algorithm): Kernel | null {
  try {
    const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi })
      .WebAssembly;
    const { exports } = new Instance(new Module(kernelModule(ROUNDS[algorithm])));
    const { match, matchEach, truncate, prepare, memory } = exports as KernelExports;
    const { blockWords, stateWords } = HASHES[algorithm];
    const swap = algorithm === 'SHA512' ? 1 : 0;
    return {
      match,
      matchEach,
      truncate,
      prepare,
      memory,
      words: new Int32Array(memory.buffer),
      pairs: new Float64Array(memory.buffer),
      blockBytes: 4 * blockWords,
      stateWords,
      laneWords: 2 * stateWords + 3,
      places: lanePlaces(stateWords, swap),
      swap,
    };
  } catch {
    return null;
  }
}

/** Puts a key's midstates where `match` and `truncate` look for them. */
function loadMidstates({ words, swap }: Kernel, midstates: Midstates): void {
  for (let i = 0; i < midstates.length; i++) words[MIDSTATES + (i ^ swap)] = midstates[i] as number;
}

/** Overwrites words with zeros, two at a time: both numbers are even, or rounded up to be. */
function wipe({ pairs }: Kernel, from: number, count: number): void {
  const end = (from + count + 1) >> 1;
  for (let i = from >> 1; i < end; i++) pairs[i] = 0;
}

/** What the kernels need to compare modulo 10^digits; see `pushMatches` in the kernels. */
interface Modulus {
  /** The inverse of 5^digits modulo 2^32. */
  readonly inverse: number;
  /** The largest quotient of a 32-bit number by 10^digits. */
  readonly limit: number;
}

const MODULI: readonly Modulus[] = Array.from({ length: 10 }, (_, digits) => {
  let inverse = 5 ** digits;
  // Newton's iteration: each turn doubles the number of right bits, from three on.
  for (let i = 0; i < 4; i++) inverse = Math.imul(inverse, 2 - Math.imul(5 ** digits, inverse));
  return { inverse, limit: Math.floor((TWO_32 - 1) / 10 ** digits) };
});

export const engine: Engine = {
  name: 'simd',

  prepare(algorithm: Algorithm, secret: Uint8Array, length: number = secret.length): Midstates {
    const kernel = kernelOf(algorithm);
    // Keys longer than a block are hashed first (RFC 2104 §2): rare enough for the portable way.
    if (kernel === null || length > kernel.blockBytes) {
      return portable.prepare(algorithm, secret, length);
    }
    loadKey(kernel, secret, length);
    kernel.prepare();
    wipe(kernel, KEY, kernel.blockBytes / 4);
    return takePrepared(kernel);
  },

  truncateRun(midstates: Midstates, first: number, values: Int32Array): void {
    const kernel = kernelOf(algorithmOf(midstates));
    if (kernel === null) {
      portable.truncateRun(midstates, first, values);
      return;
    }
    loadMidstates(kernel, midstates);
    for (let start = 0; start < values.length; start += LANES) {
      const counter = first + start;
      kernel.truncate(Math.floor(counter / TWO_32), counter | 0);
      for (let i = 0; i < LANES && start + i < values.length; i++) {
        values[start + i] = kernel.words[VALUES + i] as number;
      }
    }
    wipe(kernel, MIDSTATES, midstates.length);
    wipe(kernel, VALUES, LANES);
  },

  highestMatch(
    midstates: Midstates,
    first: number,
    count: number,
    typed: number,
    digits: number,
  ): number {
    const kernel = kernelOf(algorithmOf(midstates));
    if (kernel === null) return portable.highestMatch(midstates, first, count, typed, digits);
    const { inverse, limit } = MODULI[digits] as Modulus;
    loadMidstates(kernel, midstates);
    let highest = -1;
    for (let start = 0; start < count; start += LANES) {
      const counter = first + start;
      const bits = kernel.match(
        Math.floor(counter / TWO_32),
        counter | 0,
        typed,
        inverse,
        digits,
        limit,
      );
      highest = laterIndex(highest, start, bits & lanesBelow(count - start));
    }
    wipe(kernel, MIDSTATES, midstates.length);
    return highest;
  },

  highestMatches(attempts: readonly Attempt[], digits: number): void {
    const waiting: Record<Algorithm, Attempt[]> = { SHA1: [], SHA256: [], SHA512: [] };
    for (const attempt of attempts) {
      attempt.highest = -1;
      // As in a single verification, what is no code costs no hashing.
      if (attempt.typed < 0) continue;
      const algorithm = algorithmOf(attempt.midstates);
      const lanes = waiting[algorithm];
      lanes.push(attempt);
      if (lanes.length === LANES) {
        matchLanes(algorithm, lanes, digits);
        waiting[algorithm] = [];
      }
    }
    for (const algorithm of ['SHA1', 'SHA256', 'SHA512'] as const) {
      if (waiting[algorithm].length > 0) matchLanes(algorithm, waiting[algorithm], digits);
    }
  },
};

/** Puts a key block's words, big-endian in the secret, where `prepare` looks for them. */
function loadKey({ words, swap }: Kernel, secret: Uint8Array, length: number): void {
  const whole = length >> 2;
  for (let i = 0; i < whole; i++) {
    const at = 4 * i;
    words[KEY + (i ^ swap)] =
      ((secret[at] as number) << 24) |
      ((secret[at + 1] as number) << 16) |
      ((secret[at + 2] as number) << 8) |
      (secret[at + 3] as number);
  }
  let last = 0;
  for (let at = 4 * whole; at < length; at++) last |= (secret[at] as number) << (24 - 8 * (at & 3));
  words[KEY + (whole ^ swap)] = last;
}

/** Collects the midstates that `prepare` left and wipes them. */
function takePrepared(kernel: Kernel): Midstates {
  const { words, stateWords, swap } = kernel;
  const midstates = new Array<number>(2 * stateWords);
  for (let i = 0; i < stateWords; i++) {
    // A word of the inner state, the same of the outer; 64-bit words with the lower half first.
    const at = swap === 0 ? PREPARED + 2 * i : PREPARED + 4 * (i >> 1) + (1 - (i & 1));
    midstates[i] = words[at] as number;
    midstates[stateWords + i] = words[at + 1 + swap] as number;
  }
  wipe(kernel, PREPARED, 2 * stateWords);
  return midstates;
}

/** One bit for each of `count` lanes, four at the most. */
function lanesBelow(count: number): number {
  return 15 >> Math.max(0, LANES - count);
}

/** The index of the highest bit, `start` being bit 0's, or `highest` if none is set; by a mask. */
function laterIndex(highest: number, start: number, bits: number): number {
  const isAny = -bits >> 31;
  return ((start + 31 - Math.clz32(bits)) & isAny) | (highest & ~isAny);
}

/** Matches up to four keys' candidates, the k-th of each at once. */
function matchLanes(algorithm: Algorithm, attempts: readonly Attempt[], digits: number): void {
  const kernel = kernelOf(algorithm);
  if (kernel === null) {
    portable.highestMatches(attempts, digits);
    return;
  }
  const { inverse, limit } = MODULI[digits] as Modulus;
  let longest = 0;
  for (let lane = 0; lane < attempts.length; lane++) {
    const attempt = attempts[lane] as Attempt;
    loadLane(kernel, lane, attempt);
    longest = Math.max(longest, attempt.count);
  }
  for (let k = 0; k < longest; k++) {
    for (let lane = 0; lane < attempts.length; lane++) {
      loadCounter(kernel, lane, (attempts[lane] as Attempt).first + k);
    }
    const bits = kernel.matchEach(inverse, digits, limit);
    for (let lane = 0; lane < attempts.length; lane++) {
      const attempt = attempts[lane] as Attempt;
      // No bit behind the end of a run that is shorter than others.
      const isMatch = (bits >> lane) & ((k - attempt.count) >>> 31);
      attempt.highest = laterIndex(attempt.highest, k, isMatch);
    }
  }
  wipe(kernel, LANE_INPUT, LANES * kernel.laneWords);
}

/** Puts one attempt's midstates and code into its lane. */
function loadLane({ words, places, laneWords }: Kernel, lane: number, attempt: Attempt): void {
  const { midstates, typed } = attempt;
  const from = lane * laneWords;
  for (let i = 0; i < midstates.length; i++) {
    words[places[from + i] as number] = midstates[i] as number;
  }
  words[places[from + laneWords - 1] as number] = typed;
}

function loadCounter({ words, places, laneWords }: Kernel, lane: number, counter: number): void {
  const from = (lane + 1) * laneWords - 3;
  words[places[from] as number] = Math.floor(counter / TWO_32);
  words[places[from + 1] as number] = counter | 0;
}

/**
 * Where the 32-bit words of each lane's input lie: midstates, counter (upper word first) and code.
 * A word lies behind the same word of the lanes before it. With 64-bit words two lanes stand side by
 * side, lower halves first, and the other two lanes behind all of theirs.
 */
function lanePlaces(stateWords: number, swap: 0 | 1): Int32Array {
  const inputWords = 2 * stateWords + 2;
  const places: number[] = [];
  for (let lane = 0; lane < LANES; lane++) {
    for (let i = 0; i < inputWords; i++) {
      const vector = swap === 0 ? i : (lane >> 1) * (inputWords / 2) + (i >> 1);
      const word = swap === 0 ? lane : 2 * (lane & 1) + (1 - (i & 1));
      places.push(LANE_INPUT + LANES * vector + word);
    }
    places.push(LANE_INPUT + LANES * inputWords + lane);
  }
  return Int32Array.from(places);
}
