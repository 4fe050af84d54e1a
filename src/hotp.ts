/**
 * HOTP: codes by a counter. RFC 4226; verification with look-ahead and resynchronisation by §7.4.
 *
 * Left to the caller: storing `nextCounter` after every accepted code (§7.2), or better the claim
 * of `verifyHotpOnce`, and limiting attempts (§7.3).
 */
import { highestMatch, truncateRun } from '#engine';
import { requireInteger } from './arguments/guards.js';
import { NO_OPTIONS, openOptions, refuseForeignNames } from './arguments/options.js';
import {
  type DigitsOptions,
  digitsOf,
  formatCode,
  matchSequence,
  parseCode,
  parseSequence,
} from './code/digits.js';
import { midstatesOf, type OtpKey } from './key/otp-key.js';
import { MAX_STEP } from './step/clock.js';

/** Options of {@link generateHotp}. */
export interface GenerateHotpOptions extends DigitsOptions {}

/** Options of {@link verifyHotp}. */
export interface VerifyHotpOptions extends DigitsOptions {
  /** The next counter that is expected: `nextCounter` of the last accepted code. 0 to 2^53 - 2. */
  readonly counter: number;
  /**
   * How many further counters to try, for button presses that were never sent (§7.4's s). 0 to
   * 1,000, default 0. Each one more is one more code that a guess may hit.
   */
  readonly lookAhead?: number | undefined;
}

/** Options of {@link resyncHotp}. */
export interface ResyncHotpOptions extends DigitsOptions {
  /** The next counter that is expected. 0 to 2^53 - 2. */
  readonly counter: number;
  /** How many further counters the first code may lie ahead. 0 to 10,000, default 100. */
  readonly range?: number | undefined;
}

/** An accepted code's counter and the one to store, or why a code was refused. */
export type HotpResult =
  | {
      readonly valid: true;
      /** The counter whose code it is; the highest, should two in reach share a code. */
      readonly counter: number;
      /** `counter + 1`, at most 2^53 - 1: store it and pass it as `counter` the next time. */
      readonly nextCounter: number;
    }
  | { readonly valid: false; readonly reason: 'malformed' | 'mismatch' };

const MAX_LOOK_AHEAD = 1000;
/** The highest counter whose code is accepted: the one after it is a safe integer too. */
const LAST_COUNTER = MAX_STEP - 1;
const MAX_RANGE = 10_000;
const DEFAULT_RANGE = 100;

/**
 * The code of a counter.
 *
 * @param counter - the moving factor, a whole number from 0 to 2^53 - 1
 * @returns exactly `digits` ASCII digits
 * @throws {TypeError} if an argument is of the wrong kind
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
  const midstates = midstatesOf(key);
  requireInteger('counter', counter, 0, MAX_STEP);
  const digits = digitsOf(openOptions(options));
  const values = new Int32Array(1);
  truncateRun(midstates, counter, values);
  return formatCode(values[0] as number, digits);
}

/**
 * Verifies a code against `counter` and the `lookAhead` counters behind it. All of them are
 * computed and compared, whichever matches. The highest match is taken, so that no counter in
 * reach leaves the same digits good for a second time.
 *
 * Not single use by itself: two requests may verify before either has stored `nextCounter`.
 * `verifyHotpOnce` closes that gap.
 *
 * @param code - what was typed; any value at all is answered, only `digits` ASCII digits can match
 * @returns always an object, which is truthy: test its `valid`
 * @throws {TypeError} if `key` or an option is of the wrong kind
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
export function verifyHotp(key: OtpKey, code: string, options: VerifyHotpOptions): HotpResult {
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
      : resultOf(counter, highestMatch(midstates, counter, count, typed, digits));
  if (!result.valid) refuseForeignNames(opened, key.algorithm);
  return result;
}

/**
 * Finds a counter that ran far ahead, without claiming anything (`resyncHotpOnce` does), by two or more codes of consecutive counters, which are as
 * hard to guess as one code of all their digits.
 *
 * @param codes - what was typed, 2 to 10 codes in the order in which they were shown; anything else
 *   is `malformed`
 * @returns the counter of the last code and the one to store
 * @throws {TypeError} if `key` or an option is of the wrong kind
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
  codes: readonly string[],
  options: ResyncHotpOptions,
): HotpResult {
  const midstates = midstatesOf(key);
  const opened = openOptions(options);
  const digits = digitsOf(opened);
  const counter = requireCounter(opened.counter);
  const range = requireRange(opened.range);
  const typed = parseSequence(codes, digits);
  if (typed === undefined) return { valid: false, reason: 'malformed' };

  const values = new Int32Array(countersFrom(counter, range + typed.length - 1));
  truncateRun(midstates, counter, values);
  const start = matchSequence(values, typed, digits);
  return resultOf(counter, start < 0 ? start : start + typed.length - 1);
}

function requireCounter(counter: unknown): number {
  return requireInteger('counter', counter, 0, LAST_COUNTER);
}

/** How many counters there are from `counter` to `further` above it. */
function countersFrom(counter: number, further: number): number {
  return Math.min(further, LAST_COUNTER - counter) + 1;
}

function requireLookAhead(lookAhead: unknown): number {
  return lookAhead === undefined ? 0 : requireInteger('lookAhead', lookAhead, 0, MAX_LOOK_AHEAD);
}

function requireRange(range: unknown): number {
  return range === undefined ? DEFAULT_RANGE : requireInteger('range', range, 0, MAX_RANGE);
}

/** The result of the match `index` counters above the first, or of no match if it is negative. */
function resultOf(first: number, index: number): HotpResult {
  if (index < 0) return { valid: false, reason: 'mismatch' };
  return { valid: true, counter: first + index, nextCounter: first + index + 1 };
}
