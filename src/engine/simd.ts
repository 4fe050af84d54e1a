/**
 * The engine in WebAssembly with 128-bit vectors: four candidates in the time of one.
 *
 * The module is written on first use, by the assembler and the kernels in `simd/`, one for each
 * hash function and only for those in use. Where WebAssembly or its vectors are missing, or may not
 * be compiled, the portable engine takes over by itself.
 *
 * What a call puts into a module's memory is overwritten before the call returns. A call fails where
 * the stack ends in the midst of it; what it left behind is wiped right there, because no function can
 * be called then that is not compiled yet.
 */
import { lengthOf } from '../arguments/guards.js';
import { type Attempt, type Engine, hashIndex, type Midstates } from './engine.js';
import type { HashFunction } from './hash.js';
import * as portable from './portable.js';
import { kernelBytes } from './simd/kernel-bytes.js';
import { LANES, TABLE } from './simd/layout.js';
import {
  type Kernel,
  type KernelExports,
  loadKey,
  loadLane,
  loadMidstates,
  loadText,
  MIDSTATES,
  TWO_32,
  takePrepared,
  VALUES,
  wipe,
} from './simd/memory.js';

/** The part of the WebAssembly API that is needed; `src` names no runtime's own types. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

export const name: Engine['name'] = 'simd';

/** What differs from hash function to hash function, in the order of `hashIndex`. */
const STATE_WORDS = [5, 8, 16];

/** Compiled modules, in the same order; null where the runtime would not have one. */
const kernels: (Kernel | null | undefined)[] = [undefined, undefined, undefined];

/** The kernel of a hash function, compiled on first use, or null where it cannot be. */
function kernelAt(place: number): Kernel | null {
  const known = kernels[place];
  if (known !== undefined) return known;
  const compiled = compile(place);
  if (compiled !== undefined) kernels[place] = compiled;
  return compiled ?? null;
}

/**
 * Compiles a kernel. Only trying tells whether that can be: there are runtimes where
 * `WebAssembly.validate` says yes and the compiler then refuses.
 *
 * @returns null where it cannot be, and undefined where the stack ended, which says nothing of that
 */
function compile(place: number): Kernel | null | undefined {
  try {
    const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi })
      .WebAssembly;
    const { exports } = new Instance(new Module(kernelBytes(place)));
    const { prepare, prepareText, match, matchEach, truncate, memory } = exports as KernelExports;
    const swap = place === 2 ? 1 : 0;
    const words = new Int32Array(memory.buffer);
    // Who replaced `Int32Array` or the getter of `buffer` gets no kernel that answers from elsewhere.
    if (words.length !== PAGE_WORDS) return null;
    return {
      prepare,
      prepareText,
      match,
      matchEach,
      truncate,
      memory,
      words,
      pairs: new Float64Array(memory.buffer),
      blockBytes: 64 << swap,
      stateWords: STATE_WORDS[place] as number,
      swap,
    };
  } catch (error) {
    return isStackOverflow(error) ? undefined : null;
  }
}

/** One page of memory, in 32-bit words. */
const PAGE_WORDS = 2 ** 14;

/** Whether an error only says that whoever called had called too deep. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}

/** What the kernels need to compare modulo 10^digits; see `matches` in simd/kernels/match.ts. */
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

/** See `Engine.prepareKey`. */
export function prepareKey(hash: HashFunction, secret: Uint8Array): Midstates {
  portable.registerHash(hash);
  const kernel = kernelAt(hash.index);
  const length = lengthOf(secret);
  // Keys longer than a block are hashed first (RFC 2104 §2): rare enough for the portable way.
  if (kernel === null || length > kernel.blockBytes) return portable.prepareKey(hash, secret);
  try {
    loadKey(kernel, secret, length);
    kernel.prepare();
    return takePrepared(kernel);
  } catch (error) {
    kernel.words.fill(0, 0, TABLE);
    throw error;
  }
}

/** See `Engine.prepareBase32Key`. */
export function prepareBase32Key(hash: HashFunction, text: string): Midstates | undefined {
  portable.registerHash(hash);
  const kernel = kernelAt(hash.index);
  // Bits that make no whole byte are dropped from the last character; here, if it holds them all.
  const looseBits = (5 * text.length) & 7;
  const { length } = text;
  if (kernel === null || length === 0 || length > kernel.blockBytes || looseBits > 4) {
    return undefined;
  }
  try {
    const invalid = loadText(kernel, text, looseBits) | kernel.prepareText();
    const midstates = takePrepared(kernel);
    return invalid === 0 ? midstates : undefined;
  } catch (error) {
    kernel.words.fill(0, 0, TABLE);
    throw error;
  }
}

/** See `Engine.truncateHmacs`. */
export function truncateHmacs(midstates: Midstates, first: number, values: Int32Array): void {
  const kernel = kernelAt(hashIndex(midstates));
  if (kernel === null) {
    portable.truncateHmacs(midstates, first, values);
    return;
  }
  try {
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
  } catch (error) {
    kernel.words.fill(0, 0, TABLE);
    throw error;
  }
}

/** See `Engine.matchOne`. */
export function matchOne(
  midstates: Midstates,
  first: number,
  count: number,
  typed: number,
  digits: number,
): number {
  const kernel = kernelAt(hashIndex(midstates));
  if (kernel === null) return portable.matchOne(midstates, first, count, typed, digits);
  const { inverse, limit } = MODULI[digits] as Modulus;
  try {
    loadMidstates(kernel, midstates);
    const high = Math.floor(first / TWO_32);
    return kernel.match(high, first | 0, count, typed, inverse, digits, limit);
  } catch (error) {
    kernel.words.fill(0, 0, TABLE);
    throw error;
  }
}

/** See `Engine.matchBatch`. */
export function matchBatch(attempts: readonly Attempt[], digits: number): void {
  const groups = STATE_WORDS.map((_, place): Group => ({ place, lanes: [], count: 0 }));
  for (const attempt of attempts) {
    attempt.matchIndex = -1;
    // As in a single verification, what is no code costs no hashing.
    if (attempt.typed < 0) continue;
    const group = groups[hashIndex(attempt.midstates)] as Group;
    group.lanes[group.count++] = attempt;
    if (group.count === LANES) matchGroup(group, digits);
  }
  for (const group of groups) {
    if (group.count > 0) matchGroup(group, digits);
  }
}

/** Attempts under one hash function that wait for the lanes to be full; behind `count` lie old ones. */
interface Group {
  readonly place: number;
  readonly lanes: Attempt[];
  count: number;
}

/** Matches up to four keys' candidates, the k-th of each at once, and empties the group. */
function matchGroup(group: Group, digits: number): void {
  const { place, lanes, count } = group;
  group.count = 0;
  const kernel = kernelAt(place);
  if (kernel === null) {
    portable.matchBatch(lanes.slice(0, count), digits);
    return;
  }
  const { inverse, limit } = MODULI[digits] as Modulus;
  try {
    let most = 0;
    for (let lane = 0; lane < count; lane++) {
      const attempt = lanes[lane] as Attempt;
      loadLane(kernel, lane, attempt);
      most = Math.max(most, attempt.count);
    }
    kernel.matchEach(most, inverse, digits, limit);
    for (let lane = 0; lane < count; lane++) {
      (lanes[lane] as Attempt).matchIndex = kernel.words[VALUES + lane] as number;
    }
    wipe(kernel, VALUES, LANES);
  } catch (error) {
    kernel.words.fill(0, 0, TABLE);
    throw error;
  }
}
