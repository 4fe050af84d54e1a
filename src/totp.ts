/**
 * TOTP: codes by the clock. RFC 6238; a window of steps by §5.2, resynchronisation by §6.
 *
 * Left to the caller: a correct clock, limiting attempts, and refusing a step the second time (by
 * `lastStep`). `verifyTotpOnce` does the last of these safely.
 */
import { truncateHmacs } from '#engine';
import { wrongKind } from './arguments/guards.js';
import { NO_OPTIONS, openOptions, refuseForeignNames } from './arguments/options.js';
import { digitsOf, formatCode } from './code/digits.js';
import { midstatesOf, type OtpKey } from './key/otp-key.js';
import { stepOf } from './step/clock.js';
import { type TotpBatchItem, type VerifyTotpBatchOptions, verifyBatch } from './totp/batch.js';
import { type TotpResult, verifyAttempt } from './totp/judge.js';
import { type GenerateTotpOptions, readAttempt, type VerifyTotpOptions } from './totp/options.js';
import {
  findSequence,
  openResyncOptions,
  type ResyncTotpOptions,
  type ResyncTotpResult,
} from './totp/resync.js';

export type {
  KeyBatchItem,
  SecretBatchItem,
  TotpBatchItem,
  VerifyTotpBatchOptions,
} from './totp/batch.js';
export type { TotpResult } from './totp/judge.js';
export type {
  GenerateTotpOptions,
  UserOptions,
  VerifyTotpOptions,
  WindowOptions,
} from './totp/options.js';
export type { ResyncTotpOptions, ResyncTotpResult } from './totp/resync.js';

/**
 * The code of a moment.
 *
 * @param options - `timestamp` in milliseconds (default now), `period` and `epoch` in seconds,
 *   `digits` 6 to 9
 * @returns exactly `digits` ASCII digits
 * @throws {TypeError} if an argument is of the wrong kind, or an option has another library's name
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
  const midstates = midstatesOf(key, 'key, options');
  const opened = openOptions(options);
  refuseForeignNames(opened, key.algorithm);
  const step = stepOf(opened);
  const digits = digitsOf(opened);
  const values = new Int32Array(1);
  truncateHmacs(midstates, step, values);
  return formatCode(values[0] as number, digits);
}

/**
 * Verifies a code against the current step and the window around it. Every step of the window is
 * computed and compared, wherever the match lies. The highest match counts.
 *
 * Not single use by itself: store `step` and pass it back as `lastStep`, atomically, or let
 * `verifyTotpOnce` do it.
 *
 * @param code - the typed code. Any value gives a result; only `digits` ASCII digits can match
 * @param options - see each option for its unit and range
 * @returns always an object, and thus truthy: test its `valid`
 * @throws {TypeError} if `key` or an option is of the wrong kind. Before refusing a code, also if an
 *   option has another library's name, such as `time` or `step`
 * @throws {RangeError} if an option is out of its range, or the timestamp lies before the epoch
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
  code: unknown,
  options: VerifyTotpOptions = NO_OPTIONS,
): TotpResult {
  const opened = openOptions(options);
  const result = verifyAttempt(readAttempt(key, code, opened));
  if (!result.valid) refuseForeignNames(opened, key.algorithm);
  return result;
}

/**
 * Verifies many users' codes at one moment, with the results of {@link verifyTotp} called one by one.
 * A batch is not single use by itself either: claim each accepted `step`.
 *
 * @param items - each user's key or secret, code, drift and last step. Pass the secret if a key is
 *   used only once: secrets are decoded and hashed four at a time
 * @param options - the shared options; the clock is read once
 * @returns one result per item, in the same order
 * @throws {TypeError | RangeError} as `verifyTotp`, before any code is compared; or if an item has both
 *   `key` and `secret`
 * @throws {OtpError} if a secret's text is unreadable, as in `createKey`
 *
 * @example
 * ```ts
 * import { createKey, verifyTotpBatch } from 'otpcore';
 *
 * const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
 * const items = [{ secret, code: '287082' }, { key: createKey(secret), code: '000000' }];
 * const results = verifyTotpBatch(items, { timestamp: 59_000 });
 * console.log(results.map((result) => result.valid)); // → [ true, false ]
 * ```
 */
export function verifyTotpBatch(
  items: readonly TotpBatchItem[],
  options: VerifyTotpBatchOptions = NO_OPTIONS,
): TotpResult[] {
  if (!Array.isArray(items)) wrongKind('items', 'an array', items);
  return verifyBatch(items, openOptions(options));
}

/**
 * Finds the drift of a phone's clock by two or more codes of consecutive steps. A guess must hit all of
 * them. It does not claim the codes; `resyncTotpOnce` does.
 *
 * @param codes - 2 to 10 typed codes, in the order of display; any other value is `malformed`
 * @param options - see each option for its unit and range
 * @returns the last code's step and the drift to store
 * @throws {TypeError} if `key` or an option is of the wrong kind, or an option has an unknown name
 * @throws {RangeError} if an option is out of its range, or the timestamp lies before the epoch
 * @see {@link https://www.rfc-editor.org/rfc/rfc6238#section-6 | RFC 6238 §6}
 *
 * @example
 * ```ts
 * import { createKey, generateTotp, resyncTotp } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const timestamp = 1_700_000_000_000;
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
  codes: readonly unknown[],
  options: ResyncTotpOptions = NO_OPTIONS,
): ResyncTotpResult {
  const midstates = midstatesOf(key, 'key, codes, options');
  return findSequence(midstates, codes, openResyncOptions(options, key));
}
