/**
 * The engine in WebAssembly with 128-bit vectors: four candidates in the time of one.
 *
 * The module is written on first use, by the assembler and the kernels in `wasm/`, one for each
 * hash function and only for those in use. Where WebAssembly or its vectors are missing, or may not
 * be compiled, the portable engine takes over by itself.
 *
 * What a call puts into a module's memory is overwritten before the call returns.
 */
import type { Algorithm } from '../internal/algorithm.js';
import { EITHER_CASE, symbolBits, symbolOf } from '../internal/base32-symbols.js';
import { type Attempt, algorithmOf, type Engine, type Midstates } from './engine.js';
import { HASHES, engine as portable } from './portable.js';
import { kernelModule } from './wasm/kernel.js';
import { FOUR_ZERO_SYMBOLS, LANES, MEMORY } from './wasm/layout.js';
import { sha1Rounds } from './wasm/sha1-rounds.js';
import { sha256Rounds, sha512Rounds } from './wasm/sha2-rounds.js';
import type { RoundFunction } from './wasm/words.js';

/** What a module exports. Numbers are int32; what each function does stands in wasm/kernel.ts. */
interface KernelExports {
  prepare(): void;
  prepareText(): number;
  match(
    high: number,
    low: number,
    count: number,
    typed: number,
    inverse: number,
    digits: number,
    limit: number,
  ): number;
  matchEach(most: number, inverse: number, digits: number, limit: number): void;
  truncate(high: number, low: number): void;
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** A compiled module and its memory in several forms. */
interface Kernel extends KernelExports {
  readonly words: Int32Array;
  readonly pairs: Float64Array;
  readonly blockBytes: number;
  /** 32-bit words of one state: half the midstates. */
  readonly stateWords: number;
  /** 1 where the halves of 64-bit words change places in memory, else 0. */
  readonly swap: 0 | 1;
}

/** The part of the WebAssembly API that is needed; `src` names no runtime's own types. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const MIDSTATES = MEMORY.midstates / 4;
const LANE_INPUT = MEMORY.lanes / 4;
const VALUES = MEMORY.values / 4;
const KEY = MEMORY.key / 4;
const PREPARED = MEMORY.prepared / 4;
const TEXT = MEMORY.text / 4;
/** The character of five zero bits, which is what the text is filled up with. */
const ZERO_SYMBOL = 0x41;
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
    const { prepare, prepareText, match, matchEach, truncate, memory } = exports as KernelExports;
    const { blockWords, stateWords } = HASHES[algorithm];
    const swap = algorithm === 'SHA512' ? 1 : 0;
    return {
      prepare,
      prepareText,
      match,
      matchEach,
      truncate,
      memory,
      words: new Int32Array(memory.buffer),
      pairs: new Float64Array(memory.buffer),
      blockBytes: 4 * blockWords,
      stateWords,
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

  prepare(algorithm: Algorithm, secret: Uint8Array): Midstates {
    const kernel = kernelOf(algorithm);
    // Keys longer than a block are hashed first (RFC 2104 §2): rare enough for the portable way.
    if (kernel === null || secret.length > kernel.blockBytes) {
      return portable.prepare(algorithm, secret);
    }
    loadKey(kernel, secret);
    kernel.prepare();
    return takePrepared(kernel);
  },

  prepareText(algorithm: Algorithm, text: string): Midstates | undefined {
    const kernel = kernelOf(algorithm);
    // Bits that make no whole byte are dropped from the last character; here, if it holds them all.
    const looseBits = (5 * text.length) & 7;
    if (kernel === null) return portable.prepareText(algorithm, text);
    if (text.length === 0 || text.length > kernel.blockBytes || looseBits > 4) return undefined;
    const invalid = loadText(kernel, text, looseBits) | kernel.prepareText();
    const midstates = takePrepared(kernel);
    return invalid === 0 ? midstates : undefined;
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
    const high = Math.floor(first / TWO_32);
    return kernel.match(high, first | 0, count, typed, inverse, digits, limit);
  },

  highestMatches(attempts: readonly Attempt[], digits: number): void {
    const groups = {
      SHA1: newGroup('SHA1'),
      SHA256: newGroup('SHA256'),
      SHA512: newGroup('SHA512'),
    };
    for (const attempt of attempts) {
      attempt.highest = -1;
      // As in a single verification, what is no code costs no hashing.
      if (attempt.typed < 0) continue;
      const group = groups[algorithmOf(attempt.midstates)];
      group.lanes[group.count++] = attempt;
      if (group.count === LANES) matchGroup(group, digits);
    }
    for (const group of [groups.SHA1, groups.SHA256, groups.SHA512]) {
      if (group.count > 0) matchGroup(group, digits);
    }
  },
};

/** Puts a key block's words, big-endian in the secret, where `prepare` looks for them. */
function loadKey({ words }: Kernel, secret: Uint8Array): void {
  const { length } = secret;
  const whole = length >> 2;
  for (let i = 0; i < whole; i++) {
    const at = 4 * i;
    words[KEY + i] =
      ((secret[at] as number) << 24) |
      ((secret[at + 1] as number) << 16) |
      ((secret[at + 2] as number) << 8) |
      (secret[at + 3] as number);
  }
  let last = 0;
  for (let at = 4 * whole; at < length; at++) last |= (secret[at] as number) << (24 - 8 * (at & 3));
  words[KEY + whole] = last;
}

/**
 * Puts a text where `prepareText` looks for it, its last character without its `looseBits` lowest
 * bits. Four characters at a time: the kernel reads sixteen, which the processor could not do until
 * long after sixteen writes of one.
 *
 * @returns something other than 0 if a character is not in the alphabet and the kernel cannot see it
 */
function loadText({ words }: Kernel, text: string, looseBits: number): number {
  const last = text.length - 1;
  const whole = last & ~3;
  let beyond = 0;
  for (let i = 0; i < whole; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    beyond |= a | b | c | d;
    words[TEXT + (i >> 2)] = a | (b << 8) | (c << 16) | (d << 24);
  }
  let rest = FOUR_ZERO_SYMBOLS;
  for (let i = whole; i < last; i++) {
    const code = text.charCodeAt(i);
    beyond |= code;
    rest ^= (code ^ ZERO_SYMBOL) << (8 * (i & 3));
  }
  const symbol = symbolBits(text.charCodeAt(last), EITHER_CASE);
  const kept = symbolOf(symbol & (31 << looseBits) & 31);
  words[TEXT + (whole >> 2)] = rest ^ ((kept ^ ZERO_SYMBOL) << (8 * (last & 3)));
  // A byte holds what the kernel is to see, and nothing beyond.
  return (beyond >> 8) | (symbol >> 31);
}

/** Collects the midstates that `prepare` left and wipes them. */
function takePrepared(kernel: Kernel): Midstates {
  const midstates = kernel.stateWords === 5 ? takeSha1(kernel) : takeSha2(kernel);
  wipe(kernel, PREPARED, 2 * kernel.stateWords);
  return midstates;
}

/** As below; written out, because an array literal takes half the time and is what nearly all need. */
function takeSha1({ words }: Kernel): Midstates {
  return [
    words[PREPARED] as number,
    words[PREPARED + 2] as number,
    words[PREPARED + 4] as number,
    words[PREPARED + 6] as number,
    words[PREPARED + 8] as number,
    words[PREPARED + 1] as number,
    words[PREPARED + 3] as number,
    words[PREPARED + 5] as number,
    words[PREPARED + 7] as number,
    words[PREPARED + 9] as number,
  ];
}

/** A word of the inner state, the same of the outer; 64-bit words with the lower half first. */
function takeSha2({ words, stateWords, swap }: Kernel): Midstates {
  const midstates = new Array<number>(2 * stateWords);
  for (let i = 0; i < stateWords; i++) {
    const at = swap === 0 ? PREPARED + 2 * i : PREPARED + 4 * (i >> 1) + (1 - (i & 1));
    midstates[i] = words[at] as number;
    midstates[stateWords + i] = words[at + 1 + swap] as number;
  }
  return midstates;
}

/** Attempts under one algorithm that wait for the lanes to be full; behind `count` lie old ones. */
interface Group {
  readonly algorithm: Algorithm;
  readonly lanes: Attempt[];
  count: number;
}

function newGroup(algorithm: Algorithm): Group {
  return { algorithm, lanes: [], count: 0 };
}

/** Matches up to four keys' candidates, the k-th of each at once, and empties the group. */
function matchGroup(group: Group, digits: number): void {
  const { algorithm, lanes, count } = group;
  group.count = 0;
  const kernel = kernelOf(algorithm);
  if (kernel === null) {
    portable.highestMatches(lanes.slice(0, count), digits);
    return;
  }
  const { inverse, limit } = MODULI[digits] as Modulus;
  let most = 0;
  for (let lane = 0; lane < count; lane++) {
    const attempt = lanes[lane] as Attempt;
    loadLane(kernel, lane, attempt);
    most = Math.max(most, attempt.count);
  }
  kernel.matchEach(most, inverse, digits, limit);
  for (let lane = 0; lane < count; lane++) {
    (lanes[lane] as Attempt).highest = kernel.words[VALUES + lane] as number;
  }
  wipe(kernel, VALUES, LANES);
}

/**
 * Puts what describes one attempt into its lane: midstates, counter (upper word first), code, count.
 * A word lies behind the same word of the lanes before it. With 64-bit words two lanes stand side by
 * side, lower halves first, and the other two lanes behind all of theirs.
 */
function loadLane({ words, stateWords, swap }: Kernel, lane: number, attempt: Attempt): void {
  const { midstates, first, typed, count } = attempt;
  const inputWords = 2 * stateWords + 2;
  let place = LANE_INPUT + lane;
  if (swap === 1) place = LANE_INPUT + 2 * inputWords * (lane >> 1) + 2 * (lane & 1);
  for (let i = 0; i < midstates.length; i++) {
    words[place + offsetOf(i, swap)] = midstates[i] as number;
  }
  words[place + offsetOf(inputWords - 2, swap)] = Math.floor(first / TWO_32);
  words[place + offsetOf(inputWords - 1, swap)] = first | 0;
  const end = LANE_INPUT + LANES * inputWords + lane;
  words[end] = typed;
  words[end + LANES] = count;
}

/** From a lane's first word to its `i`-th. */
function offsetOf(i: number, swap: 0 | 1): number {
  return swap === 0 ? LANES * i : LANES * (i >> 1) + 1 - (i & 1);
}
