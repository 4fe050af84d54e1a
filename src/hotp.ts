/**
 * HOTP: codes by a counter. RFC 4226; verification with look-ahead and resynchronisation by §7.4.
 *
 * Left to the caller: limiting attempts (§7.3), and storing `nextCounter` after every accepted code
 * (§7.2). `verifyHotpOnce` does the latter safely.
 */
import { matchOne, truncateHmacs } from '#engine';
import { requireInteger } from './arguments/guards.js';
import {
  NO_OPTIONS,
  openOptions,
  refuseForeignNames,
  requireKnownOptions,
} from './arguments/options.js';
import {
  type DigitsOptions,
  digitsOf,
  formatCode,
  matchSequence,
  parseCode,
  parseSequence,
} from './code/digits.js';
import type { Midstates } from './engine/engine.js';
import { midstatesOf, type OtpKey } from './key/otp-key.js';
import { MAX_STEP } from './step/clock.js';

/** Options of {@link generateHotp}. */
export interface GenerateHotpOptions extends DigitsOptions {}

/** Options of {@link verifyHotp}. */
export interface VerifyHotpOptions extends DigitsOptions {
  /** The next expected counter: `nextCounter` of the last accepted code. 0 to 2^53 - 2. */
  readonly counter: number;
  /**
   * The number of further counters to try, for codes shown but never submitted (§7.4's s). 0 to 100,
   * default 0. Each further counter is one more code for a guess to hit.
   */
  readonly lookAhead?: number | undefined;
}

/** Options of {@link resyncHotp}. */
export interface ResyncHotpOptions extends DigitsOptions {
  /** The next expected counter. 0 to 2^53 - 2. */
  readonly counter: number;
  /** The first code's greatest distance ahead of `counter`. 0 to 10,000, default 100. */
  readonly range?: number | undefined;
}

/** The counter of an accepted code and the counter to store, or the reason for a refusal. */
export type HotpResult =
  | {
      readonly valid: true;
      /** The code's counter; the highest, if two counters in reach share a code. */
      readonly counter: number;
      /** `counter + 1`, at most 2^53 - 1: store it and pass it as `counter` the next time. */
      readonly nextCounter: number;
    }
  | { readonly valid: false; readonly reason: 'malformed' | 'mismatch' };

const MAX_LOOK_AHEAD = 100;
const LOOK_AHEAD_ADVICE = ': a device further ahead needs resyncHotp';
/** The highest accepted counter: its successor is still a safe integer. */
const LAST_COUNTER = MAX_STEP - 1;
const MAX_RANGE = 10_000;
const DEFAULT_RANGE = 100;
/** Options of a resynchronisation, and options of verifications often kept in the same object. */
const RESYNC_NAMES = ['counter', 'digits', 'range', 'lookAhead', 'store'];

/**
 * The code of a counter.
 *
 * @param counter - the moving factor, a whole number from 0 to 2^53 - 1
 * @returns exactly `digits` ASCII digits
 * @throws {TypeError} if an argument is of the wrong kind, or an option has another library's name
 * @throws {RangeError} if a number is out of its range
 * @see {@link https://www.rfc-editor.org/rfc/rfc4226#section-5.3 | RFC 4226 §5.3}
 *
 * @example
 * ```ts
 * import { createKey, generateHotp } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * console.log(generateHotp(key, 1)); // → 287082
 * ```
 */
export function generateHotp(
  key: OtpKey,
  counter: number,
  options: GenerateHotpOptions = NO_OPTIONS,
): string {
  const midstates = midstatesOf(key, 'key, counter, options');
  requireInteger('counter', counter, 0, MAX_STEP);
  const opened = openOptions(options);
  refuseForeignNames(opened, key.algorithm);
  const digits = digitsOf(opened);
  return formatCode(truncatedAt(midstates, counter), digits);
}

/**
 * The 31-bit number behind a code: RFC 4226's `Snum`, before the reduction to decimal digits. For codes
 * in another alphabet, such as Steam's five letters.
 *
 * It reveals more of the HMAC than a code does: show users the code alone.
 *
 * @param counter - the moving factor, or the step of TOTP; a whole number from 0 to 2^53 - 1
 * @returns a whole number from 0 to 2^31 - 1
 * @throws {TypeError} if an argument is of the wrong kind
 * @throws {RangeError} if `counter` is out of its range
 * @see {@link https://www.rfc-editor.org/rfc/rfc4226#section-5.3 | RFC 4226 §5.3}
 *
 * @example
 * ```ts
 * import { createKey, truncatedHmac } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * console.log(truncatedHmac(key, 1)); // → 1094287082
 * ```
 */
export function truncatedHmac(key: OtpKey, counter: number): number {
  const midstates = midstatesOf(key, 'key, counter');
  requireInteger('counter', counter, 0, MAX_STEP);
  return truncatedAt(midstates, counter);
}

function truncatedAt(midstates: Midstates, counter: number): number {
  const values = new Int32Array(1);
  truncateHmacs(midstates, counter, values);
  return values[0] as number;
}

/**
 * Verifies a code against `counter` and the next `lookAhead` counters. Every counter is computed and
 * compared, wherever the match lies. The highest match wins, so the same digits cannot match again at
 * a later counter in reach.
 *
 * Not single use by itself: two requests may verify before either has stored `nextCounter`.
 * `verifyHotpOnce` closes that gap.
 *
 * @param code - the typed code. Any value gives a result; only `digits` ASCII digits can match
 * @returns always an object, and thus truthy: test its `valid`
 * @throws {TypeError} if `key` or an option is of the wrong kind. Before refusing a code, also if an
 *   option has another library's name, such as `step` or `algo`
 * @throws {RangeError} if an option is out of its range
 * @see {@link https://www.rfc-editor.org/rfc/rfc4226#section-7.2 | RFC 4226 §7.2 and §7.4}
 *
 * @example
 * ```ts
 * import { createKey, verifyHotp } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const result = verifyHotp(key, '287082', { counter: 0, lookAhead: 5 });
 * if (result.valid) console.log(result.nextCounter); // → 2
 * ```
 */
export function verifyHotp(key: OtpKey, code: unknown, options: VerifyHotpOptions): HotpResult {
  const midstates = midstatesOf(key);
  const opened = openOptions(options);
  const digits = digitsOf(opened);
  const counter = requireCounter(opened.counter);
  const lookAhead = requireLookAhead(opened.lookAhead);
  const typed = parseCode(code, digits);
  const count = countersFrom(counter, lookAhead);
  const result: HotpResult =
    typed < 0
      ? { valid: false, reason: 'malformed' }
      : resultOf(counter, matchOne(midstates, counter, count, typed, digits));
  if (!result.valid) refuseForeignNames(opened, key.algorithm);
  return result;
}

/**
 * Finds a counter far ahead by two or more codes of consecutive counters. A guess must hit all of
 * them. It does not claim the codes; `resyncHotpOnce` does.
 *
 * @param codes - 2 to 10 typed codes, in the order of display; any other value is `malformed`
 * @param options - see each option for its unit and range
 * @returns the counter of the last code and the counter to store
 * @throws {TypeError} if `key` or an option is of the wrong kind, or an option has an unknown name
 * @throws {RangeError} if an option is out of its range
 * @see {@link https://www.rfc-editor.org/rfc/rfc4226#section-7.4 | RFC 4226 §7.4}
 *
 * @example
 * ```ts
 * import { createKey, resyncHotp } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const result = resyncHotp(key, ['162583', '399871'], { counter: 0 });
 * if (result.valid) console.log(result.nextCounter); // → 9
 * ```
 */
export function resyncHotp(
  key: OtpKey,
  codes: readonly unknown[],
  options: ResyncHotpOptions,
): HotpResult {
  const midstates = midstatesOf(key, 'key, codes, options');
  const opened = requireKnownOptions(options, RESYNC_NAMES);
  refuseForeignNames(opened, key.algorithm);
  const digits = digitsOf(opened);
  const counter = requireCounter(opened.counter);
  const range = requireRange(opened.range);
  const typed = parseSequence(codes, digits);
  if (typed === undefined) return { valid: false, reason: 'malformed' };

  const values = new Int32Array(countersFrom(counter, range + typed.length - 1));
  truncateHmacs(midstates, counter, values);
  const start = matchSequence(values, typed, digits);
  return resultOf(counter, start < 0 ? start : start + typed.length - 1);
}

function requireCounter(counter: unknown): number {
  return requireInteger('counter', counter, 0, LAST_COUNTER);
}

/** The number of counters from `counter` to `further` above it, within the accepted range. */
function countersFrom(counter: number, further: number): number {
  return Math.min(further, LAST_COUNTER - counter) + 1;
}

function requireLookAhead(lookAhead: unknown): number {
  return lookAhead === undefined
    ? 0
    : requireInteger('lookAhead', lookAhead, 0, MAX_LOOK_AHEAD, LOOK_AHEAD_ADVICE);
}

function requireRange(range: unknown): number {
  return range === undefined ? DEFAULT_RANGE : requireInteger('range', range, 0, MAX_RANGE);
}

/** The result for a match `index` counters above the first; a negative `index` is a mismatch. */
function resultOf(first: number, index: number): HotpResult {
  if (index < 0) return { valid: false, reason: 'mismatch' };
  return { valid: true, counter: first + index, nextCounter: first + index + 1 };
}
