/**
 * TOTP: codes by the clock. RFC 6238; a window of steps by §5.2, resynchronisation by §6.
 *
 * Left to the caller: a clock that is right, refusing a step a second time (`lastStep`, or better
 * the claim of `verifyTotpOnce`), and limiting attempts.
 */
import { engine } from '#engine';
import type { Attempt } from './engine/engine.js';
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
  integerOption,
  requireInteger,
  requireObject,
  requireOptions,
  wrongKind,
} from './internal/guards.js';
import {
  MAX_STEP,
  NO_OPTIONS,
  type Run,
  readExistingMoment,
  readMoment,
  readWindow,
  runAround,
  type TimeOptions,
  type WindowSides,
} from './internal/steps.js';

/** Options of {@link generateTotp}. */
export interface GenerateTotpOptions extends TimeOptions, DigitsOptions {}

/** What is known of one user's phone and past codes. */
export interface UserOptions {
  /**
   * How many steps the user's clock is ahead of ours, or behind if negative: the window is centred
   * there. -2^52 to 2^52, default 0. The `drift` of `resyncTotp`, or the last accepted `delta`.
   */
  readonly drift?: number | undefined;
  /**
   * The highest step accepted so far, 0 to 2^53 - 1: it and all below are `reused`. Default: none.
   */
  readonly lastStep?: number | undefined;
}

/** Options that a batch shares: all of {@link verifyTotp} but the user's own. */
export interface VerifyTotpBatchOptions extends GenerateTotpOptions {
  /**
   * Steps accepted around the current one: a number for both sides, or each side by itself; 0 to
   * 50, default 1. 0 is strict. Each one more is one more code that a guess may hit.
   */
  readonly window?: number | WindowSides | undefined;
}

/** Options of {@link verifyTotp}. */
export interface VerifyTotpOptions extends VerifyTotpBatchOptions, UserOptions {}

/** Options of {@link resyncTotp}. */
export interface ResyncTotpOptions extends GenerateTotpOptions {
  /** Steps to search on either side of the current one, 0 to 10,000. Default 200: 100 minutes. */
  readonly range?: number | undefined;
  /** The highest step accepted so far, 0 to 2^53 - 1: no code of it or of one below is taken. */
  readonly lastStep?: number | undefined;
}

/** One user's part of a batch. */
export interface TotpBatchItem extends UserOptions {
  readonly key: OtpKey;
  /** What was typed. */
  readonly code: string;
}

/** Why a code was refused. */
interface TotpRefusal {
  readonly valid: false;
  /**
   * `malformed`: not `digits` ASCII digits. `mismatch`: no step in reach has this code. `reused`:
   * the right code, but of a step at or below the last one accepted.
   */
  readonly reason: 'malformed' | 'mismatch' | 'reused';
}

/** An accepted code's step, or why a code was refused. */
export type TotpResult =
  | {
      readonly valid: true;
      /** The step whose code it is, counted from the epoch; the highest that matches. */
      readonly step: number;
      /** `step` less the current step: store it as `drift`, if you like. */
      readonly delta: number;
    }
  | TotpRefusal;

/** Where a drifted clock was found, or why not. */
export type ResyncTotpResult =
  | {
      readonly valid: true;
      /** The step of the last code: store it as `lastStep`. */
      readonly step: number;
      /** That step less the current one: store it and pass it as `drift`. */
      readonly drift: number;
    }
  | TotpRefusal;

/** A sum of a step, a drift and a window then stays a safe integer. */
const MAX_DRIFT = 2 ** 52;
const DEFAULT_DRIFT = 0;
/** Below every step. */
const NO_STEP = -1;
const DEFAULT_RANGE = 200;
const MAX_RANGE = 10_000;

/**
 * The code of a moment.
 *
 * @param options - `timestamp` in milliseconds (default now), `period` and `epoch` in seconds,
 *   `digits` 6 to 9
 * @returns exactly `digits` ASCII digits
 * @throws {TypeError} if an argument is of the wrong kind
 * @throws {RangeError} if a number is out of its range, or the timestamp lies before the epoch
 * @see {@link https://www.rfc-editor.org/rfc/rfc6238#section-4.2 | RFC 6238 §4.2}
 *
 * @example
 * ```ts
 * import { createKey, generateTotp } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * console.log(generateTotp(key, { timestamp: 59_000, digits: 8 })); // → 94287082
 * ```
 */
export function generateTotp(key: OtpKey, options: GenerateTotpOptions = NO_OPTIONS): string {
  const midstates = midstatesOf(key);
  const { step } = readExistingMoment(options);
  const digits = readDigits(options);
  const values = new Int32Array(1);
  engine.truncateRun(midstates, step, values);
  return formatCode(values[0] as number, digits);
}

/**
 * Verifies a code against the current step and the window around it. All steps of the window are
 * computed and compared, whichever matches, and the highest match counts.
 *
 * Not single use by itself: store `step` and pass it back as `lastStep`, atomically, or let
 * `verifyTotpOnce` do it.
 *
 * @param code - what was typed; any value at all is answered, only `digits` ASCII digits can match
 * @param options - units and ranges stand with each option
 * @throws {TypeError} if `key` or an option is of the wrong kind
 * @throws {RangeError} if an option is out of its range
 * @see {@link https://www.rfc-editor.org/rfc/rfc6238#section-5.2 | RFC 6238 §5.2}
 *
 * @example
 * ```ts
 * import { createKey, verifyTotp } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const result = verifyTotp(key, '287082', { timestamp: 80_000 });
 * if (result.valid) console.log(result.step, result.delta); // → 1 -1
 * ```
 */
export function verifyTotp(
  key: OtpKey,
  code: string,
  options: VerifyTotpOptions = NO_OPTIONS,
): TotpResult {
  const midstates = midstatesOf(key);
  requireOptions(options);
  const { step } = readMoment(options);
  const digits = readDigits(options);
  const run = userRun(step, readWindow(options), options);
  const lastStep = readLastStep(options);
  const typed = parseCode(code, digits);
  if (typed < 0) return { valid: false, reason: 'malformed' };

  const index = engine.highestMatch(midstates, run.first, run.count, typed, digits);
  return verdict(run.first, index, lastStep, step);
}

/**
 * Verifies many users' codes at one moment; the answers are those of {@link verifyTotp} one by one.
 *
 * @param items - each user's key, code, drift and last step
 * @param options - what all share; the clock is read once
 * @returns one result an item, in their order
 * @throws {TypeError | RangeError} as `verifyTotp`, before anything is verified
 *
 * @example
 * ```ts
 * import { createKey, verifyTotpBatch } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const items = [{ key, code: '287082' }, { key, code: '000000' }];
 * const results = verifyTotpBatch(items, { timestamp: 59_000 });
 * console.log(results.map((result) => result.valid)); // → [ true, false ]
 * ```
 */
export function verifyTotpBatch(
  items: readonly TotpBatchItem[],
  options: VerifyTotpBatchOptions = NO_OPTIONS,
): TotpResult[] {
  if (!Array.isArray(items)) wrongKind('items', 'an array', items);
  requireOptions(options);
  const { step } = readMoment(options);
  const digits = readDigits(options);
  const window = readWindow(options);
  const attempts: UserAttempt[] = [];
  for (let i = 0; i < items.length; i++) {
    attempts.push(readAttempt(items[i] as TotpBatchItem, step, window, digits));
  }
  engine.highestMatches(attempts, digits);
  return attempts.map(({ typed, first, highest, lastStep }) =>
    typed < 0 ? { valid: false, reason: 'malformed' } : verdict(first, highest, lastStep, step),
  );
}

/**
 * Finds how far a phone's clock is off, by two or more codes of consecutive steps, which are as
 * hard to guess as one code of all their digits.
 *
 * @param codes - what was typed, 2 to 10 codes in the order in which they were shown; anything else
 *   is `malformed`
 * @returns the last code's step and the drift to store
 * @throws {TypeError} if `key` or an option is of the wrong kind
 * @throws {RangeError} if an option is out of its range
 * @see {@link https://www.rfc-editor.org/rfc/rfc6238#section-6 | RFC 6238 §6}
 *
 * @example
 * ```ts
 * import { createKey, generateTotp, resyncTotp } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const timestamp = 1_000_000_000;
 * const codes = [
 *   generateTotp(key, { timestamp: timestamp - 270_000 }),
 *   generateTotp(key, { timestamp: timestamp - 240_000 }),
 * ];
 * const result = resyncTotp(key, codes, { timestamp });
 * if (result.valid) console.log(result.drift); // → -8
 * ```
 */
export function resyncTotp(
  key: OtpKey,
  codes: readonly string[],
  options: ResyncTotpOptions = NO_OPTIONS,
): ResyncTotpResult {
  const midstates = midstatesOf(key);
  requireOptions(options);
  const { step } = readMoment(options);
  const digits = readDigits(options);
  const range = integerOption(options, 'range', options.range, DEFAULT_RANGE, 0, MAX_RANGE);
  const lastStep = readLastStep(options);
  const typed = readCodes(codes, digits);
  if (typed === undefined) return { valid: false, reason: 'malformed' };

  // The last code's step lies in the range; those before it may lie just outside.
  const before = typed.length - 1;
  const run = runAround(step, range + before, range);
  const values = new Int32Array(run.count);
  engine.truncateRun(midstates, run.first, values);
  const start = highestRun(values, typed, digits);
  if (start < 0) return { valid: false, reason: 'mismatch' };
  // Every one of the codes must be fresh, not the last alone.
  if (run.first + start <= lastStep) return { valid: false, reason: 'reused' };
  const found = run.first + start + before;
  return { valid: true, step: found, drift: found - step };
}

/** One user of a batch on the way to a result. */
interface UserAttempt extends Attempt {
  readonly lastStep: number;
}

function readAttempt(
  item: TotpBatchItem,
  step: number,
  window: WindowSides,
  digits: number,
): UserAttempt {
  requireObject('items[]', item);
  const { first, count } = userRun(step, window, item);
  return {
    midstates: midstatesOf(given(item, 'key', item.key, undefined)),
    first,
    count,
    typed: parseCode(given(item, 'code', item.code, undefined), digits),
    highest: -1,
    lastStep: readLastStep(item),
  };
}

/** The steps that are candidates for one user. */
function userRun(step: number, { past, future }: WindowSides, options: UserOptions): Run {
  const { drift } = options;
  const centre =
    step + integerOption(options, 'drift', drift, DEFAULT_DRIFT, -MAX_DRIFT, MAX_DRIFT);
  return runAround(centre, past, future);
}

function readLastStep(options: { readonly lastStep?: number | undefined }): number {
  const lastStep = given(options, 'lastStep', options.lastStep, undefined);
  return lastStep === undefined ? NO_STEP : requireInteger('lastStep', lastStep, 0, MAX_STEP);
}

/** The result of the match at `index` of the run from `first`, or of no match if it is negative. */
function verdict(first: number, index: number, lastStep: number, current: number): TotpResult {
  if (index < 0) return { valid: false, reason: 'mismatch' };
  const step = first + index;
  // The highest match is the one that decides: if even that was used, all were.
  if (step <= lastStep) return { valid: false, reason: 'reused' };
  return { valid: true, step, delta: step - current };
}
