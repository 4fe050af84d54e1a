/**
 * Each code accepted once: verify, then claim the step or counter in a store shared by all processes.
 * RFC 6238 §5.2 and RFC 4226 §7.2: a verifier must not accept a code a second time.
 *
 * Reading the last step, verifying and writing the new one leaves a gap: two requests may both see
 * the old value. A claim is one atomic compare-and-set. Of any number of requests with one code, on
 * any servers and at any time, one is accepted.
 */
import { wrongKind } from './arguments/guards.js';
import { openOptions, refuseForeignNames } from './arguments/options.js';
import { copySequence, digitsOf, parseCode } from './code/digits.js';
import {
  type HotpResult,
  type ResyncHotpOptions,
  resyncHotp,
  type VerifyHotpOptions,
  verifyHotp,
} from './hotp.js';
import { midstatesOf, type OtpKey } from './key/otp-key.js';
import { hotpClaimId, MAX_ID_LENGTH, requireId, totpClaimId } from './single-use/claim-id.js';
import { isGranted, requireOneClaim, requireStore } from './single-use/claims.js';
import { lastStepWithCode, verifyForClaim } from './totp/judge.js';
import { readAttempt } from './totp/options.js';
import {
  type ResyncTotpOptions,
  type ResyncTotpResult,
  resyncTotp,
  type TotpResult,
  type VerifyTotpOptions,
} from './totp.js';

/** Remembers claims. Write your own in three lines, or use a ready one, such as `memoryStore`. */
export interface SingleUseStore {
  /**
   * Claims a step, or an HOTP counter, for an id, in one atomic step.
   *
   * @param id - up to 1,029 characters. `verifyTotpOnce` passes its own `id`, with `totp:` in front if
   *   it begins with `totp:` or `hotp:`. `verifyHotpOnce` passes `hotp:` and its `id`. Compare ids
   *   character by character: a store must not fold case, trim or cut them
   * @param step - a whole number from 0 to 2^53 - 1
   * @returns true, and remembers the step, if it is above every step claimed for the id so far; else
   *   false. Throws or rejects if the outcome is unknown.
   */
  claim(id: string, step: number): boolean | Promise<boolean>;
}

/** The store and the id of a claim. */
interface ClaimOptions {
  /** Remembers accepted steps and counters; shared by all processes. */
  readonly store: SingleUseStore;
  /** The secret's id, 1 to 1,024 characters. Each secret has its own id, never reused for another. */
  readonly id: string;
}

/** Options of {@link verifyTotpOnce}. */
export interface VerifyTotpOnceOptions extends VerifyTotpOptions, ClaimOptions {}

/** Options of {@link verifyHotpOnce}. */
export interface VerifyHotpOnceOptions extends VerifyHotpOptions, ClaimOptions {}

/** Options of {@link resyncTotpOnce}. */
export interface ResyncTotpOnceOptions extends ResyncTotpOptions, ClaimOptions {}

/** Options of {@link resyncHotpOnce}. */
export interface ResyncHotpOnceOptions extends ResyncHotpOptions, ClaimOptions {}

/** Like {@link HotpResult}; `reused` if the counter, or a later one, was claimed before. */
export type HotpOnceResult = HotpResult | { readonly valid: false; readonly reason: 'reused' };

const REUSED: { readonly valid: false; readonly reason: 'reused' } = Object.freeze({
  valid: false,
  reason: 'reused',
});

/**
 * Verifies a TOTP code and accepts it at most once. It claims `step`, or the next step if the two
 * have the same code. So digits shown for two periods count once.
 *
 * @param code - the typed code. Any value gives a result
 * @param options - those of `verifyTotp`, with `store` and `id`
 * @returns as `verifyTotp`; `reused` also if the step, or a later one, was claimed before
 * @throws {TypeError | RangeError} as a rejection, for wrong arguments, or if the store's answer is
 *   not a boolean
 * @throws the store's own error, as a rejection. The claim may have been made even so: ask the user
 *   for the next code
 * @see {@link https://www.rfc-editor.org/rfc/rfc6238#section-5.2 | RFC 6238 §5.2}
 *
 * @example
 * ```ts
 * import { createKey, memoryStore, verifyTotpOnce } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const options = { store: memoryStore(), id: 'alice', timestamp: 59_000 };
 * const first = await verifyTotpOnce(key, '287082', options);
 * const second = await verifyTotpOnce(key, '287082', options);
 * console.log(first.valid, second.valid); // → true false
 * ```
 */
export async function verifyTotpOnce(
  key: OtpKey,
  code: unknown,
  options: VerifyTotpOnceOptions,
): Promise<TotpResult> {
  const opened = openOptions(options);
  const { store, id } = requireClaimOptions(opened);
  const { result, claimStep } = verifyForClaim(readAttempt(key, code, opened));
  if (!result.valid) {
    refuseForeignNames(opened, key.algorithm);
    return result;
  }
  const answer = store.claim(totpClaimId(id), claimStep);
  // Only a promise is awaited; a store in memory answers synchronously.
  return isGranted(typeof answer === 'boolean' ? answer : await answer) ? result : REUSED;
}

/**
 * Verifies an HOTP code and accepts it at most once. After an accepted code, store `nextCounter`
 * and pass it as `counter` the next time. If that write is lost, the claim still holds.
 *
 * @param code - the typed code. Any value gives a result
 * @param options - those of `verifyHotp`, with `store` and `id`
 * @returns as `verifyHotp`; `reused` if the counter, or a later one, was claimed before
 * @throws {TypeError | RangeError} as a rejection, for wrong arguments, or if the store's answer is
 *   not a boolean
 * @throws the store's own error, as a rejection. The claim may have been made even so: ask the user
 *   for the next code
 * @see {@link https://www.rfc-editor.org/rfc/rfc4226#section-7.2 | RFC 4226 §7.2}
 *
 * @example
 * ```ts
 * import { createKey, memoryStore, verifyHotpOnce } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const options = { store: memoryStore(), id: 'alice', counter: 0, lookAhead: 5 };
 * const first = await verifyHotpOnce(key, '287082', options);
 * const second = await verifyHotpOnce(key, '287082', options);
 * console.log(first.valid, second.valid); // → true false
 * ```
 */
export async function verifyHotpOnce(
  key: OtpKey,
  code: unknown,
  options: VerifyHotpOnceOptions,
): Promise<HotpOnceResult> {
  const opened = openOptions(options);
  const { store, id } = requireClaimOptions(opened);
  const result = verifyHotp(key, code, opened);
  if (!result.valid) return result;
  const answer = store.claim(hotpClaimId(id), result.counter);
  return isGranted(typeof answer === 'boolean' ? answer : await answer) ? result : REUSED;
}

/**
 * Finds a drifted clock as `resyncTotp` does, and claims the steps of all codes in ascending order.
 * The last code's claim works as in {@link verifyTotpOnce}. So each code must be fresh, and counts
 * once.
 *
 * @param codes - 2 to 10 typed codes, in the order of display
 * @param options - those of `resyncTotp`, with `store` and `id`
 * @returns as `resyncTotp`; `reused` also if the first code's step, or a later one, was claimed before
 * @throws {TypeError | RangeError} as a rejection, for wrong arguments, or if the store's answer is
 *   not a boolean
 * @throws the store's own error, as a rejection
 * @see {@link https://www.rfc-editor.org/rfc/rfc6238#section-6 | RFC 6238 §6}
 *
 * @example
 * ```ts
 * import { createKey, memoryStore, resyncTotpOnce } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const options = { store: memoryStore(), id: 'alice', timestamp: 300_000 };
 * const codes = ['755224', '287082'];
 * const first = await resyncTotpOnce(key, codes, options);
 * const second = await resyncTotpOnce(key, codes, options);
 * console.log(first.valid && first.drift, second.valid); // → -9 false
 * ```
 */
export async function resyncTotpOnce(
  key: OtpKey,
  codes: readonly unknown[],
  options: ResyncTotpOnceOptions,
): Promise<ResyncTotpResult> {
  const opened = openOptions(options);
  const { store, id } = requireClaimOptions(opened);
  const typed = copySequence(codes);
  const result = resyncTotp(key, typed, opened);
  if (!result.valid) return result;
  const digits = digitsOf(opened);
  const { length } = typed;
  const lastCode = parseCode(typed[length - 1], digits);
  const last = lastStepWithCode(midstatesOf(key), result.step, lastCode, digits);
  const isFresh = await claimSequence(
    store,
    totpClaimId(id),
    result.step - length + 1,
    length,
    last,
  );
  return isFresh ? result : REUSED;
}

/**
 * Finds a counter far ahead as `resyncHotp` does, and claims the counters of all codes in ascending
 * order. So each code must be fresh, and counts once. Store `nextCounter` as after `verifyHotpOnce`.
 *
 * @param codes - 2 to 10 typed codes, in the order of display
 * @param options - those of `resyncHotp`, with `store` and `id`
 * @returns as `resyncHotp`; `reused` if the first code's counter, or a later one, was claimed before
 * @throws {TypeError | RangeError} as a rejection, for wrong arguments, or if the store's answer is
 *   not a boolean
 * @throws the store's own error, as a rejection
 * @see {@link https://www.rfc-editor.org/rfc/rfc4226#section-7.4 | RFC 4226 §7.4}
 *
 * @example
 * ```ts
 * import { createKey, memoryStore, resyncHotpOnce } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * const options = { store: memoryStore(), id: 'alice', counter: 0 };
 * const codes = ['162583', '399871'];
 * const first = await resyncHotpOnce(key, codes, options);
 * const second = await resyncHotpOnce(key, codes, options);
 * console.log(first.valid && first.nextCounter, second.valid); // → 9 false
 * ```
 */
export async function resyncHotpOnce(
  key: OtpKey,
  codes: readonly unknown[],
  options: ResyncHotpOnceOptions,
): Promise<HotpOnceResult> {
  const opened = openOptions(options);
  const { store, id } = requireClaimOptions(opened);
  const typed = copySequence(codes);
  const result = resyncHotp(key, typed, opened);
  if (!result.valid) return result;
  const { counter } = result;
  const { length } = typed;
  const isFresh = await claimSequence(
    store,
    hotpClaimId(id),
    counter - length + 1,
    length,
    counter,
  );
  return isFresh ? result : REUSED;
}

/**
 * Checks a store at server start by claiming one step twice. The step is the time in milliseconds, so
 * each check uses a later one. The id `otpcore:check-store` is reserved for it.
 *
 * It detects an unreachable store and a missing table. It also detects a table without its key, where
 * a code would be accepted repeatedly. `testSingleUseStore` of `otpcore/testing` checks far more.
 *
 * @param store - the store used for the server's sign-ins
 * @throws {TypeError} as a rejection, if `store` has no claim method, or its answer is not a boolean
 * @throws {RangeError} as a rejection, if the system clock gives no valid time
 * @throws a plain Error, as a rejection, unless the first claim is granted and the second refused
 * @throws the store's own error, as a rejection
 *
 * @example
 * ```ts
 * import { checkStore, memoryStore } from 'otpcore';
 *
 * const store = memoryStore();
 * await checkStore(store);
 * const broken = { claim: () => true };
 * await checkStore(broken).catch((error) => console.log(error.message));
 * // → the store grants one step twice: it would accept each code repeatedly
 * ```
 */
export async function checkStore(store: SingleUseStore): Promise<void> {
  requireStore(store);
  await requireOneClaim(store);
}

/**
 * Claims the steps of `length` codes from `first` on, with `last` in place of the final step.
 *
 * Every step is claimed, in ascending order. Two lists with a code in common both claim its step, so
 * one list is refused. Claiming only both ends would grant two overlapping lists of three at once.
 *
 * @returns whether all were granted; claiming stops at the first refusal
 */
async function claimSequence(
  store: SingleUseStore,
  claimId: string,
  first: number,
  length: number,
  last: number,
): Promise<boolean> {
  for (let i = 0; i < length; i++) {
    const step = i === length - 1 ? last : first + i;
    if (!isGranted(await store.claim(claimId, step))) return false;
  }
  return true;
}

/** Checks the store and the id before any hashing. */
function requireClaimOptions(options: ClaimOptions): ClaimOptions {
  const { store, id } = options;
  // The caller passed the store itself instead of the options.
  if (store === undefined && 'claim' in options) {
    wrongKind('options', 'an object with options: pass { store, id }', options);
  }
  return { store: requireStore(store), id: requireId(id, MAX_ID_LENGTH) };
}
