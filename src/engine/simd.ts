/**
 * The engine in WebAssembly with 128-bit vectors: four candidates in the time of one.
 *
 * Each hash function has a module of its own, compiled on first use. If the runtime lacks
 * WebAssembly or vectors, or refuses to compile, the portable engine takes over.
 *
 * Every call wipes its inputs and results in the module's memory before it returns. After a stack
 * overflow the `catch` wipes them, inlined: calling a function that is not compiled yet would
 * overflow again.
 */
import { lengthOf } from '../arguments/guards.js';
import {
  type Attempt,
  type Engine,
  hashIndex,
  LEFT_TO_CALLER,
  type Midstates,
  type Search,
  type SecretAttempt,
} from './engine.js';
import type { HashFunction } from './hash.js';
import * as portable from './portable.js';
import { kernelBytes } from './simd/kernel-bytes.js';
import { BLOCK_WORDS, KEYS, LANES, MIDSTATES, TABLE, VALUES } from './simd/layout.js';
import {
  hasLanes,
  type Kernel,
  type KernelExports,
  type LaneKernel,
  loadKey,
  loadLane,
  loadLaneMidstates,
  loadMidstates,
  loadText,
  TWO_32,
  takePrepared,
  takesText,
  wipe,
} from './simd/memory.js';

/** The part of the WebAssembly API in use; `src` has no runtime's own types. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

export const name: Engine['name'] = 'simd';

/** Compiled kernels by `hashIndex`; null if the runtime refuses one. */
const kernels: (Kernel | null | undefined)[] = [undefined, undefined, undefined];

/** The kernel of a hash function, compiled on first use; null if the runtime refuses it. */
function kernelAt(index: number): Kernel | null {
  const known = kernels[index];
  if (known !== undefined) return known;
  const compiled = compile(index);
  if (compiled !== undefined) kernels[index] = compiled;
  return compiled ?? null;
}

/**
 * Compiles a kernel. Compiling is the only reliable test: on some runtimes, `WebAssembly.validate`
 * accepts the module and the compiler then refuses it.
 *
 * @returns null if the runtime refuses the module; undefined after a stack overflow, so the next call
 *   tries again
 */
function compile(index: number): Kernel | null | undefined {
  try {
    const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi })
      .WebAssembly;
    const { exports } = new Instance(new Module(kernelBytes(index)));
    const { memory, ...functions } = exports as KernelExports;
    const is512 = index === 2;
    return {
      // Listed one by one, so all kernels share one object shape.
      prepareOne: functions.prepareOne,
      decode: functions.decode,
      prepareText: functions.prepareText,
      matchOne: functions.matchOne,
      truncate: functions.truncate,
      prepareLanes: functions.prepareLanes,
      matchLanes: functions.matchLanes,
      words: new Int32Array(memory.buffer),
      pairs: new Float64Array(memory.buffer),
      blockBytes: is512 ? 128 : 64,
      stateWords: is512 ? 16 : 5 + 3 * index,
      lanes: is512 ? 1 : LANES,
    };
  } catch (error) {
    return isStackOverflow(error) ? undefined : null;
  }
}

/** Whether an error is a stack overflow, caused by the caller's depth. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}

/** The numbers for comparing modulo 10^digits; see `matches` in simd/kernels/match.ts. */
interface Modulus {
  /** The inverse of 5^digits modulo 2^32. */
  readonly inverse: number;
  /** The largest quotient of a 32-bit number by 10^digits. */
  readonly limit: number;
}

const MODULI: readonly Modulus[] = Array.from({ length: 10 }, (_, digits) => {
  let inverse = 5 ** digits;
  // Newton's iteration: each step doubles the number of correct bits, starting from three.
  for (let i = 0; i < 4; i++) inverse = Math.imul(inverse, 2 - Math.imul(5 ** digits, inverse));
  return { inverse, limit: Math.floor((TWO_32 - 1) / 10 ** digits) };
});

/** See `Engine.prepareKey`. */
export function prepareKey(hash: HashFunction, secret: Uint8Array): Midstates {
  portable.registerHash(hash);
  const kernel = kernelAt(hash.index);
  const length = lengthOf(secret);
  // Keys longer than a block are hashed first (RFC 2104 §2): rare, so left to the portable engine.
  if (kernel === null || length > kernel.blockBytes) return portable.prepareKey(hash, secret);
  try {
    loadKey(kernel, 0, secret, length);
    kernel.prepareOne();
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
  if (kernel === null || !takesText(kernel, text.length)) return undefined;
  try {
    const unseen = loadText(kernel, text);
    // A separate call site for SHA-1: V8 calls a function directly at a site with a single target.
    const seen = hash.index === 0 ? kernel.prepareText() : kernel.prepareText();
    const midstates = takePrepared(kernel);
    return (unseen | seen) === 0 ? midstates : undefined;
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
  const { lanes, words } = kernel;
  try {
    loadMidstates(kernel, midstates);
    for (let start = 0; start < values.length; start += lanes) {
      const counter = first + start;
      kernel.truncate(Math.floor(counter / TWO_32), counter | 0);
      for (let i = 0; i < lanes && start + i < values.length; i++) {
        values[start + i] = words[VALUES + i] as number;
      }
    }
    wipe(kernel, MIDSTATES, midstates.length);
    wipe(kernel, VALUES, lanes);
  } catch (error) {
    words.fill(0, 0, TABLE);
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
  const index = hashIndex(midstates);
  const kernel = kernelAt(index);
  if (kernel === null) return portable.matchOne(midstates, first, count, typed, digits);
  const { inverse, limit } = MODULI[digits] as Modulus;
  try {
    loadMidstates(kernel, midstates);
    const high = Math.floor(first / TWO_32);
    return index === 0
      ? kernel.matchOne(high, first | 0, count, typed, inverse, digits, limit)
      : kernel.matchOne(high, first | 0, count, typed, inverse, digits, limit);
  } catch (error) {
    kernel.words.fill(0, 0, TABLE);
    throw error;
  }
}

/** See `Engine.matchBatch`. */
export function matchBatch(attempts: readonly Attempt[], digits: number): void {
  const groups: (Group | undefined)[] = [undefined, undefined];
  try {
    for (const attempt of attempts) {
      const { midstates, first, count, typed } = attempt;
      attempt.matchIndex = -1;
      // As in a single verification, a malformed code costs no hashing.
      if (typed < 0) continue;
      const index = hashIndex(midstates);
      const kernel = kernelAt(index);
      if (!hasLanes(kernel)) {
        attempt.matchIndex = matchOne(midstates, first, count, typed, digits);
        continue;
      }
      groups[index] ??= newGroup(kernel);
      const group = groups[index];
      loadLaneMidstates(kernel, group.size, midstates);
      join(group, attempt);
      if (group.size === LANES) matchGroup(group, digits);
    }
    for (const group of groups) {
      if (group !== undefined && group.size > 0) matchGroup(group, digits);
    }
  } catch (error) {
    for (let i = 0; i < groups.length; i++) groups[i]?.kernel.words.fill(0, 0, TABLE);
    throw error;
  }
}

/** See `Engine.matchSecrets`. */
export function matchSecrets(
  hash: HashFunction,
  attempts: readonly SecretAttempt[],
  digits: number,
): void {
  portable.registerHash(hash);
  const kernel = kernelAt(hash.index);
  if (!hasLanes(kernel)) {
    portable.matchSecrets(hash, attempts, digits);
    return;
  }
  const group = newGroup(kernel);
  try {
    for (const attempt of attempts) {
      attempt.matchIndex = LEFT_TO_CALLER;
      if (attempt.typed < 0 || !loadSecret(kernel, group.size, attempt.secret)) continue;
      join(group, attempt);
      if (group.size === LANES) prepareAndMatch(group, digits);
    }
    if (group.size > 0) prepareAndMatch(group, digits);
    // A refused text may have left its bytes in the first lane.
    else wipe(kernel, KEYS, LANES * BLOCK_WORDS);
  } catch (error) {
    kernel.words.fill(0, 0, TABLE);
    throw error;
  }
}

/** Prepares the keys in the lanes, which wipes them, and matches. */
function prepareAndMatch(group: Group, digits: number): void {
  group.kernel.prepareLanes();
  matchGroup(group, digits);
}

/** Stores a secret in a lane; false if it is left to the caller. */
function loadSecret(kernel: Kernel, lane: number, secret: Uint8Array | string): boolean {
  if (typeof secret === 'string') {
    if (!takesText(kernel, secret.length)) return false;
    return (loadText(kernel, secret) | kernel.decode(4 * lane)) === 0;
  }
  const length = lengthOf(secret);
  if (length === 0 || length > kernel.blockBytes) return false;
  loadKey(kernel, lane, secret, length);
  return true;
}

/** Attempts in the lanes of a kernel. Elements from index `size` on are stale. */
interface Group {
  readonly kernel: LaneKernel;
  readonly members: Search[];
  size: number;
  /** The largest count of candidates. */
  most: number;
}

function newGroup(kernel: LaneKernel): Group {
  return { kernel, members: [], size: 0, most: 0 };
}

/** Takes an attempt into the next lane. */
function join(group: Group, attempt: Search): void {
  loadLane(group.kernel, group.size, attempt);
  group.members[group.size++] = attempt;
  group.most = Math.max(group.most, attempt.count);
}

/** Matches the candidates of up to four keys, the k-th of each at once, and empties the group. */
function matchGroup(group: Group, digits: number): void {
  const { kernel, members, size, most } = group;
  const { inverse, limit } = MODULI[digits] as Modulus;
  group.size = 0;
  group.most = 0;
  kernel.matchLanes(most, inverse, digits, limit);
  for (let lane = 0; lane < size; lane++) {
    (members[lane] as Search).matchIndex = kernel.words[VALUES + lane] as number;
  }
  wipe(kernel, VALUES, LANES);
}
