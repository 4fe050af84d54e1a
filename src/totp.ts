/**
 * TOTP: codes by the clock. RFC 6238; a window of steps by §5.2, resynchronisation by §6.
 *
 * Left to the caller: a clock that is right, refusing a step a second time (`lastStep`, or better
 * the claim of `verifyTotpOnce`), and limiting attempts.
 */
import { matchBatch, matchOne, matchSecrets, truncateHmacs } from '#engine';
import { LEFT_TO_CALLER, type Midstates } from './engine/engine.js';
import type { HashFunction } from './engine/hash.js';
import { HASHES } from './engine/hashes.js';
import { checkSecret, prepareSecret, requireSecretKind } from './engine/key-material.js';
import { midstatesOf, type OtpKey } from './engine/otp-key.js';
import {
  type GenerateTotpOptions,
  judge,
  judgeAttempt,
  readAttempt,
  readLastStep,
  readShared,
  readUser,
  type TotpRefusal,
  type TotpResult,
  type UserAttempt,
  type UserOptions,
  type VerifyTotpOptions,
  type WindowOptions,
} from './engine/totp-attempt.js';
import { type Algorithm, DEFAULT_ALGORITHM, requireAlgorithm } from './internal/algorithm.js';
import { readCodes } from './internal/codes.js';
import { formatCode, highestRun, readDigits } from './internal/decimal.js';
import {
  given,
  type IntegerOption,
  POLLUTION,
  readInteger,
  requireObject,
  requireOptions,
  wrongKind,
} from './internal/guards.js';
import { NO_OPTIONS, readExistingStep, readStep, runAround } from './internal/steps.js';

export type {
  GenerateTotpOptions,
  TotpResult,
  UserOptions,
  VerifyTotpOptions,
  WindowOptions,
} from './engine/totp-attempt.js';

/** Options of {@link resyncTotp}. */
export interface ResyncTotpOptions extends GenerateTotpOptions {
  /** Steps to search on either side of the current one, 0 to 10,000. Default 200: 100 minutes. */
  readonly range?: number | undefined;
  /** The highest step accepted so far, 0 to 2^53 - 1: no code of it or of one below is taken. */
  readonly lastStep?: number | undefined;
}

/** One user's part of a batch: a `key`, or the `secret` in its place. */
export type TotpBatchItem = KeyBatchItem | SecretBatchItem;

/** A user whose key is prepared. */
export interface KeyBatchItem extends UserOptions {
  readonly key: OtpKey;
  readonly secret?: undefined;
  /** The typed code. */
  readonly code: string;
}

/** A user whose secret is read for this code alone: no key object is made. */
export interface SecretBatchItem extends UserOptions {
  /** The secret's bytes, or its base32 text, read as `createKey` does. */
  readonly secret: Uint8Array | string;
  readonly key?: undefined;
  /** The typed code. */
  readonly code: string;
}

/** Options of {@link verifyTotpBatch}: all of `verifyTotp` but the user's own. */
export interface VerifyTotpBatchOptions extends WindowOptions {
  /** The hash of every `secret`; a `key` has its own. Default `'SHA1'`. */
  readonly algorithm?: Algorithm | undefined;
}

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

const NO_MIDSTATES: Midstates = [];
const RANGE: IntegerOption = { name: 'range', min: 0, max: 10_000, fallback: 200 };

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
  const step = readExistingStep(options);
  const digits = readDigits(options);
  const values = new Int32Array(1);
  truncateHmacs(midstates, step, values);
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
 * @returns always an object, which is truthy: test its `valid`
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
  return judgeAttempt(readAttempt(key, code, options));
}

/**
 * Verifies many users' codes at one moment; the answers are those of {@link verifyTotp} one by one.
 * Like it, a batch is not single use by itself: claim each accepted `step`.
 *
 * @param items - each user's key or secret, code, drift and last step. Secrets cost least where keys
 *   are used once: they are decoded and hashed four at a time
 * @param options - what all share; the clock is read once
 * @returns one result an item, in their order
 * @throws {TypeError | RangeError} as `verifyTotp`, or if an item has both `key` and `secret`, or
 *   neither of them
 * @throws {OtpError} as `createKey`, if a secret is not base32; no result is returned then
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
  requireOptions(options);
  const shared = readShared(options);
  const { algorithm } = options;
  const hash =
    HASHES[
      requireAlgorithm(
        given(options, 'algorithm', algorithm, POLLUTION.algorithm, DEFAULT_ALGORITHM),
      )
    ];
  const attempts: UserAttempt[] = [];
  const byKey: UserAttempt[] = [];
  const bySecret: UserAttempt[] = [];
  for (let i = 0; i < items.length; i++) {
    const item: TotpBatchItem = items[i];
    requireObject('items[]', item);
    const key = given(item, 'key', item.key, POLLUTION.key, undefined);
    const secret = given(item, 'secret', item.secret, POLLUTION.secret, undefined);
    const code = given(item, 'code', item.code, POLLUTION.code, undefined);
    if (key !== undefined && secret !== undefined) {
      throw new TypeError('"items[]" must have "key" or "secret", not both');
    }
    const attempt =
      secret === undefined
        ? readUser(midstatesOf(key), '', code, item, shared)
        : readUser(NO_MIDSTATES, requireSecretKind(secret), code, item, shared);
    attempts.push(attempt);
    (secret === undefined ? byKey : bySecret).push(attempt);
  }
  matchBatch(byKey, shared.digits);
  if (bySecret.length > 0) matchAllSecrets(hash, bySecret, shared.digits);
  return attempts.map((attempt) => judge(attempt, attempt.matchIndex));
}

/** Matches secrets in the engine, and one by one those it leaves. */
function matchAllSecrets(
  hash: HashFunction,
  attempts: readonly UserAttempt[],
  digits: number,
): void {
  matchSecrets(hash, attempts, digits);
  for (const attempt of attempts) {
    if (attempt.matchIndex !== LEFT_TO_CALLER) continue;
    const { secret, first, count, typed } = attempt;
    if (typed < 0) {
      // Malformed codes cost no hashing, but an unreadable secret is an error for any code.
      checkSecret(secret);
    } else {
      attempt.matchIndex = matchOne(prepareSecret(hash, secret), first, count, typed, digits);
    }
  }
}

/**
 * Finds how far a phone's clock is off, without claiming anything (`resyncTotpOnce` does), by two or more codes of consecutive steps, which are as
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
  const step = readStep(options);
  const digits = readDigits(options);
  const range = readInteger(RANGE, options, options.range, POLLUTION.range);
  const lastStep = readLastStep(options);
  const typed = readCodes(codes, digits);
  if (typed === undefined) return { valid: false, reason: 'malformed' };

  // The last code's step lies in the range; those before it may lie just outside.
  const before = typed.length - 1;
  const run = runAround(step, range + before, range);
  const values = new Int32Array(run.count);
  truncateHmacs(midstates, run.first, values);
  const start = highestRun(values, typed, digits);
  if (start < 0) return { valid: false, reason: 'mismatch' };
  // Every one of the codes must be fresh, not the last alone.
  if (run.first + start <= lastStep) return { valid: false, reason: 'reused' };
  const found = run.first + start + before;
  return { valid: true, step: found, drift: found - step };
}
