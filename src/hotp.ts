/**
 * HOTP: codes by a counter. RFC 4226; verification with look-ahead and resynchronisation by §7.4.
 *
 * Left to the caller: storing `nextCounter` after every accepted code (§7.2), or better the claim
 * of `verifyHotpOnce`, and limiting attempts (§7.3).
 */
import { matchOne, truncateHmacs } from '#engine';
import { midstatesOf, type OtpKey } from './engine/otp-key.js';
import { readCodes } from './internal/codes.js';
import {
  type DigitsOptions,
  formatCode,
  highestRun,
  parseCode,
  readDigits,
} from './internal/decimal.js';
import {
  given,
  type IntegerOption,
  POLLUTION,
  readInteger,
  requireInteger,
  requireObject,
  requireOptions,
} from './internal/guards.js';
import { MAX_STEP, NO_OPTIONS, runAround } from './internal/steps.js';

/** Options of {@link generateHotp}. */
export interface GenerateHotpOptions extends DigitsOptions {}

/** Options of {@link verifyHotp}. */
export interface VerifyHotpOptions extends DigitsOptions {
  /** The next counter that is expected: `nextCounter` of the last accepted code. 0 to 2^53 - 1. */
  readonly counter: number;
  /**
   * How many further counters to try, for button presses that were never sent (§7.4's s). 0 to
   * 1,000, default 0. Each one more is one more code that a guess may hit.
   */
  readonly lookAhead?: number | undefined;
}

/** Options of {@link resyncHotp}. */
export interface ResyncHotpOptions extends DigitsOptions {
  /** The next counter that is expected. 0 to 2^53 - 1. */
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
      /** `counter + 1`: store it and pass it as `counter` the next time. */
      readonly nextCounter: number;
    }
  | { readonly valid: false; readonly reason: 'malformed' | 'mismatch' };

const LOOK_AHEAD: IntegerOption = { name: 'lookAhead', min: 0, max: 1000, fallback: 0 };
const RANGE: IntegerOption = { name: 'range', min: 0, max: 10_000, fallback: 100 };

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
  requireOptions(options);
  const digits = readDigits(options);
  const values = new Int32Array(1);
  truncateHmacs(midstates, counter, values);
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
  requireObject('options', options);
  const digits = readDigits(options);
  const counter = readCounter(options);
  const ahead = readInteger(LOOK_AHEAD, options, options.lookAhead, POLLUTION.lookAhead);
  const typed = parseCode(code, digits);
  if (typed < 0) return { valid: false, reason: 'malformed' };

  const { count } = runAround(counter, 0, ahead);
  return result(counter, matchOne(midstates, counter, count, typed, digits));
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
  requireObject('options', options);
  const digits = readDigits(options);
  const counter = readCounter(options);
  const range = readInteger(RANGE, options, options.range, POLLUTION.range);
  const typed = readCodes(codes, digits);
  if (typed === undefined) return { valid: false, reason: 'malformed' };

  const values = new Int32Array(runAround(counter, 0, range + typed.length - 1).count);
  truncateHmacs(midstates, counter, values);
  const start = highestRun(values, typed, digits);
  return result(counter, start < 0 ? start : start + typed.length - 1);
}

function readCounter(options: { readonly counter: number }): number {
  const counter = given(options, 'counter', options.counter, POLLUTION.counter, undefined);
  return requireInteger('counter', counter, 0, MAX_STEP);
}

/** The result of the match `index` counters behind the first, or of no match if it is negative. */
function result(first: number, index: number): HotpResult {
  if (index < 0) return { valid: false, reason: 'mismatch' };
  return { valid: true, counter: first + index, nextCounter: first + index + 1 };
}
