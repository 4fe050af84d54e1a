/** Copies inputs into a kernel's memory and results out of it, and wipes both. */
import { EITHER_CASE, symbolBits, symbolOf } from '../../base32/symbols.js';
import type { Midstates, Search } from '../engine.js';
import { KEYS, LANE_INPUTS, LANES, MIDSTATES, PREPARED, TEXT } from './layout.js';

/** The exports of a module. Numbers are int32; the kernels document each. */
export interface KernelExports {
  prepareOne(): void;
  decode(laneBytes: number): number;
  prepareText(): number;
  matchOne(
    high: number,
    low: number,
    count: number,
    typed: number,
    inverse: number,
    digits: number,
    limit: number,
  ): number;
  truncate(high: number, low: number): void;
  /** Undefined with 64-bit words, as is `matchLanes`. */
  prepareLanes: (() => void) | undefined;
  matchLanes: ((most: number, inverse: number, digits: number, limit: number) => void) | undefined;
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** A compiled module and its memory in two forms. */
export interface Kernel extends Omit<KernelExports, 'memory'> {
  readonly words: Int32Array;
  readonly pairs: Float64Array;
  readonly blockBytes: number;
  /** 32-bit words of one state: half the midstates. */
  readonly stateWords: number;
  /** The number of keys, or counters, computed at once: 4 or 1. */
  readonly lanes: number;
}

/** A kernel of 32-bit words: it takes four keys at once. */
export interface LaneKernel extends Kernel {
  prepareLanes: NonNullable<KernelExports['prepareLanes']>;
  matchLanes: NonNullable<KernelExports['matchLanes']>;
}

export function hasLanes(kernel: Kernel | null): kernel is LaneKernel {
  return kernel !== null && kernel.lanes === LANES;
}

/** The character of five zero bits, four times: it pads texts. */
const FOUR_ZERO_SYMBOLS = 0x41414141;
const ZERO_SYMBOL = FOUR_ZERO_SYMBOLS & 0xff;
export const TWO_32: number = 2 ** 32;

/** Stores a key's midstates for `matchOne` and `truncate`. */
export function loadMidstates({ words }: Kernel, midstates: Midstates): void {
  if (midstates.length === 10) {
    // A loop of its own: the constant length saves a bounds check a word for SHA-1.
    for (let i = 0; i < 10; i++) words[MIDSTATES + i] = midstates[i] as number;
  } else {
    for (let i = 0; i < midstates.length; i++) words[MIDSTATES + i] = midstates[i] as number;
  }
}

/** Overwrites words with zeros, two at a time. `from` is even; an odd `count` is rounded up. */
export function wipe({ pairs }: Kernel, from: number, count: number): void {
  const end = (from + count + 1) >> 1;
  for (let i = from >> 1; i < end; i++) pairs[i] = 0;
}

/**
 * Stores a key's big-endian words in a lane and pads the whole block with zeros, because an
 * interrupted call may have left stale words there.
 */
export function loadKey(
  { words, blockBytes, lanes }: Kernel,
  lane: number,
  secret: Uint8Array,
  length: number,
): void {
  const whole = length >> 2;
  for (let i = 0; i < whole; i++) {
    const at = 4 * i;
    words[KEYS + lane + lanes * i] =
      ((secret[at] as number) << 24) |
      ((secret[at + 1] as number) << 16) |
      ((secret[at + 2] as number) << 8) |
      (secret[at + 3] as number);
  }
  let last = 0;
  for (let at = 4 * whole; at < length; at++) last |= (secret[at] as number) << (24 - 8 * (at & 3));
  for (let i = whole; i < blockBytes >> 2; i++) {
    words[KEYS + lane + lanes * i] = last;
    last = 0;
  }
}

/**
 * Whether the kernels accept a text of this length: at most a key block, with all trailing bits in
 * the last character.
 */
export function takesText({ blockBytes }: Kernel, length: number): boolean {
  return length > 0 && length <= blockBytes && looseBitsOf(length) <= 4;
}

/** The number of trailing bits, after the last whole byte. */
function looseBitsOf(length: number): number {
  return (5 * length) & 7;
}

/**
 * Stores a text for `decode` and pads the area with zero symbols. It writes four characters at a time,
 * because the kernel reads sixteen: the processor would wait for single bytes.
 *
 * @returns nonzero if a character is outside the alphabet and invisible to the kernel
 */
export function loadText({ words, blockBytes }: Kernel, text: string): number {
  const { length } = text;
  const looseBits = looseBitsOf(length);
  const whole = looseBits === 0 ? length & ~3 : (length - 1) & ~3;
  let seen = 0;
  for (let i = 0; i < whole; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    seen |= a | b | c | d;
    words[TEXT + (i >> 2)] = a | (b << 8) | (c << 16) | (d << 24);
  }
  let at = whole >> 2;
  if (looseBits !== 0) {
    seen |= loadEnd(words, text, whole, looseBits);
    at++;
  }
  for (; at < blockBytes >> 2; at++) words[TEXT + at] = FOUR_ZERO_SYMBOLS;
  // The kernel sees only the lower byte of each character.
  return seen >> 8;
}

/** The last one to four characters of a text, with its trailing bits set to zero. */
function loadEnd(words: Int32Array, text: string, from: number, looseBits: number): number {
  const last = text.length - 1;
  let seen = 0;
  let word = FOUR_ZERO_SYMBOLS;
  for (let i = from; i < last; i++) {
    const code = text.charCodeAt(i);
    seen |= code;
    word ^= (code ^ ZERO_SYMBOL) << (8 * (i & 3));
  }
  const symbol = symbolBits(text.charCodeAt(last), EITHER_CASE);
  const kept = symbolOf(symbol & (31 << looseBits) & 31);
  words[TEXT + (from >> 2)] = word ^ ((kept ^ ZERO_SYMBOL) << (8 * (last & 3)));
  // Negative for a character outside the alphabet.
  return seen | symbol;
}

/** Collects the midstates of `prepareOne` and wipes them. */
export function takePrepared(kernel: Kernel): Midstates {
  const { words, stateWords } = kernel;
  const midstates = stateWords === 5 ? takeSha1(words) : takeSha2(words, 2 * stateWords);
  wipe(kernel, PREPARED, 2 * stateWords);
  return midstates;
}

/** `takeSha2` for SHA-1, written out: a literal takes half the time, and nearly all keys are SHA-1. */
function takeSha1(words: Int32Array): Midstates {
  return [
    words[PREPARED] as number,
    words[PREPARED + 1] as number,
    words[PREPARED + 2] as number,
    words[PREPARED + 3] as number,
    words[PREPARED + 4] as number,
    words[PREPARED + 5] as number,
    words[PREPARED + 6] as number,
    words[PREPARED + 7] as number,
    words[PREPARED + 8] as number,
    words[PREPARED + 9] as number,
  ];
}

function takeSha2(words: Int32Array, count: number): Midstates {
  const midstates = new Array<number>(count);
  for (let i = 0; i < count; i++) midstates[i] = words[PREPARED + i] as number;
  return midstates;
}

/** Stores midstates in a lane for `matchLanes`. */
export function loadLaneMidstates({ words }: Kernel, lane: number, midstates: Midstates): void {
  for (let i = 0; i < midstates.length; i++) {
    words[LANE_INPUTS + lane + LANES * i] = midstates[i] as number;
  }
}

/** Stores the rest of an attempt in its lane: the counter, upper half first, the code, the count. */
export function loadLane(
  { words, stateWords }: Kernel,
  lane: number,
  { first, typed, count }: Search,
): void {
  const at = LANE_INPUTS + lane + LANES * 2 * stateWords;
  words[at] = Math.floor(first / TWO_32);
  words[at + LANES] = first | 0;
  words[at + 2 * LANES] = typed;
  words[at + 3 * LANES] = count;
}
