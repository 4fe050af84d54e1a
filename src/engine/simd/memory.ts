/** What goes into a kernel's memory and what comes out of it, and the wiping of both. */
import { EITHER_CASE, symbolBits, symbolOf } from '../../base32/symbols.js';
import type { Attempt, Midstates } from '../engine.js';
import { KEY, LANE_INPUTS, LANES, MIDSTATES, PREPARED, TEXT } from './layout.js';

export { MIDSTATES, VALUES } from './layout.js';

/** What a module exports. Numbers are int32; what each does stands where it is written. */
export interface KernelExports {
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
export interface Kernel extends KernelExports {
  readonly words: Int32Array;
  readonly pairs: Float64Array;
  readonly blockBytes: number;
  /** 32-bit words of one state: half the midstates. */
  readonly stateWords: number;
  /** 1 where the halves of 64-bit words change places in memory, else 0. */
  readonly swap: 0 | 1;
}

/** What a text is filled up with: the character of five zero bits, four times. */
const FOUR_ZERO_SYMBOLS = 0x41414141;
const ZERO_SYMBOL = FOUR_ZERO_SYMBOLS & 0xff;
export const TWO_32: number = 2 ** 32;

/** Puts a key's midstates where `match` and `truncate` look for them. */
export function loadMidstates({ words, swap }: Kernel, midstates: Midstates): void {
  for (let i = 0; i < midstates.length; i++) words[MIDSTATES + (i ^ swap)] = midstates[i] as number;
}

/** Overwrites words with zeros, two at a time: both numbers are even, or rounded up to be. */
export function wipe({ pairs }: Kernel, from: number, count: number): void {
  const end = (from + count + 1) >> 1;
  for (let i = from >> 1; i < end; i++) pairs[i] = 0;
}

/**
 * Puts a key's words, big-endian in the secret, where `prepare` looks for them, with zeros behind: the
 * whole block, so that nothing that an interrupted call left there becomes part of it.
 */
export function loadKey({ words, blockBytes }: Kernel, secret: Uint8Array, length: number): void {
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
  for (let i = whole; i < blockBytes >> 2; i++) {
    words[KEY + i] = last;
    last = 0;
  }
}

/**
 * Puts a text where `prepareBase32Key` looks for it, its last character without its `looseBits` lowest
 * bits, and fills the area up, as in {@link loadKey}. Four characters at a time: the kernel reads
 * sixteen, which the processor could not do until long after sixteen writes of one.
 *
 * @returns something other than 0 if a character is not in the alphabet and the kernel cannot see it
 */
export function loadText({ words, blockBytes }: Kernel, text: string, looseBits: number): number {
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
  for (let i = (whole >> 2) + 1; i < blockBytes >> 2; i++) words[TEXT + i] = FOUR_ZERO_SYMBOLS;
  // A byte holds what the kernel is to see, and nothing beyond.
  return (beyond >> 8) | (symbol >> 31);
}

/** Collects the midstates that `prepare` left and wipes them. */
export function takePrepared(kernel: Kernel): Midstates {
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
    const at = PREPARED + (swap === 0 ? 2 * i : offsetOf(i, swap));
    midstates[i] = words[at] as number;
    midstates[stateWords + i] = words[at + 1 + swap] as number;
  }
  return midstates;
}

/**
 * Puts what describes one attempt into its lane: midstates, counter (upper word first), code, count.
 * A word lies behind the same word of the lanes before it. With 64-bit words two lanes stand side by
 * side, lower halves first, and the other two lanes behind all of theirs.
 */
export function loadLane(
  { words, stateWords, swap }: Kernel,
  lane: number,
  attempt: Attempt,
): void {
  const { midstates, first, typed, count } = attempt;
  const inputWords = 2 * stateWords + 2;
  let place = LANE_INPUTS + lane;
  if (swap === 1) place = LANE_INPUTS + 2 * inputWords * (lane >> 1) + 2 * (lane & 1);
  for (let i = 0; i < midstates.length; i++) {
    words[place + offsetOf(i, swap)] = midstates[i] as number;
  }
  words[place + offsetOf(inputWords - 2, swap)] = Math.floor(first / TWO_32);
  words[place + offsetOf(inputWords - 1, swap)] = first | 0;
  const end = LANE_INPUTS + LANES * inputWords + lane;
  words[end] = typed;
  words[end + LANES] = count;
}

/** From a lane's first word to its `i`-th. */
function offsetOf(i: number, swap: 0 | 1): number {
  return swap === 0 ? LANES * i : LANES * (i >> 1) + 1 - (i & 1);
}
