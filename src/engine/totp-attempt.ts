/**
 * One attempt at a TOTP code: reading its options, matching it, judging the match. RFC 6238 §5.2.
 *
 * Shared by `verifyTotp`, the batch and `verifyTotpOnce`, which need the same answers.
 */
import { matchOne } from '#engine';
import { type DigitsOptions, parseCode, readDigits } from '../internal/decimal.js';
import {
  given,
  type IntegerOption,
  POLLUTION,
  readInteger,
  requireInteger,
  requireOptions,
} from '../internal/guards.js';
import {
  MAX_STEP,
  readStep,
  readWindow,
  runAround,
  type TimeOptions,
  type WindowSides,
} from '../internal/steps.js';
import type { Attempt, Midstates, SecretAttempt } from './engine.js';
import { midstatesOf, type OtpKey } from './otp-key.js';

/** Options of `generateTotp`. */
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

/** Options that do not depend on the user. */
export interface WindowOptions extends GenerateTotpOptions {
  /**
   * Steps accepted around the current one: a number for both sides, or each side by itself; 0 to
   * 50, default 1. 0 is strict. Each one more is one more code that a guess may hit.
   */
  readonly window?: number | WindowSides | undefined;
}

/** Options of `verifyTotp`. */
export interface VerifyTotpOptions extends WindowOptions, UserOptions {}

/** Why a code was refused. */
export interface TotpRefusal {
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

/** What all users of a batch share. */
interface Shared {
  /** The current step; negative before the epoch. */
  readonly step: number;
  readonly digits: number;
  readonly window: WindowSides;
}

/** One user's attempt. */
export interface UserAttempt extends Attempt, SecretAttempt {
  readonly digits: number;
  readonly current: number;
  readonly lastStep: number;
}

/** A result, and the step to claim for it if it is valid. */
interface Claimable {
  readonly result: TotpResult;
  readonly claimStep: number;
}

/** A sum of a step, a drift and a window then stays a safe integer. */
const DRIFT: IntegerOption = { name: 'drift', min: -(2 ** 52), max: 2 ** 52, fallback: 0 };
/** Below every step. */
const NO_STEP = -1;

/** Reads what a batch shares. */
export function readShared(options: WindowOptions): Shared {
  const step = readStep(options);
  return { step, digits: readDigits(options), window: readWindow(options) };
}

/**
 * Reads one user's part and finds the steps that are candidates.
 *
 * @param midstates - those of the key, or none if there is a secret
 * @param secret - the secret, or '' if there is a key
 */
export function readUser(
  midstates: Midstates,
  secret: Uint8Array | string,
  code: unknown,
  options: UserOptions,
  { step, digits, window: { past, future } }: Shared,
): UserAttempt {
  const centre = step + readInteger(DRIFT, options, options.drift, POLLUTION.drift);
  const { first, count } = runAround(centre, past, future);
  return {
    midstates,
    secret,
    first,
    count,
    typed: parseCode(code, digits),
    matchIndex: -1,
    digits,
    current: step,
    lastStep: readLastStep(options),
  };
}

/** Reads the arguments of a single verification. */
export function readAttempt(key: OtpKey, code: string, options: VerifyTotpOptions): UserAttempt {
  requireOptions(options);
  const shared = readShared(options);
  return readUser(midstatesOf(key), '', code, options, shared);
}

/** The `lastStep` option, or a step below all if it was not given. */
export function readLastStep(options: { readonly lastStep?: number | undefined }): number {
  const lastStep = given(options, 'lastStep', options.lastStep, POLLUTION.lastStep, undefined);
  return lastStep === undefined ? NO_STEP : requireInteger('lastStep', lastStep, 0, MAX_STEP);
}

/** The result of an attempt whose highest match is the step `index` behind the first, or -1. */
export function judge(attempt: UserAttempt, index: number): TotpResult {
  if (attempt.typed < 0) return { valid: false, reason: 'malformed' };
  // Not `index < 0`: what is no number at all must not get past.
  if (!(index >= 0)) return { valid: false, reason: 'mismatch' };
  const step = attempt.first + index;
  // The highest match is the one that decides: if even that was used, all were.
  if (!(step > attempt.lastStep)) return { valid: false, reason: 'reused' };
  return { valid: true, step, delta: step - attempt.current };
}

/** Matches and judges an attempt. A malformed code costs no hashing. */
export function judgeAttempt(attempt: UserAttempt): TotpResult {
  return judge(attempt, attempt.typed < 0 ? -1 : highestOf(attempt, attempt.first, attempt.count));
}

/**
 * As {@link judgeAttempt}, with the step to claim: the one that matched; or the step right after it,
 * if that has the same code. So digits that stay on the display for two periods count once, even
 * where the second step is still beyond the window.
 *
 * The step beyond the window is matched along with it, which for the window of three takes the place
 * of an empty lane.
 */
export function judgeForClaim(attempt: UserAttempt): Claimable {
  const { first, count } = attempt;
  if (attempt.typed < 0) return { result: judge(attempt, -1), claimStep: NO_STEP };
  const index = highestOf(attempt, first, first + count > MAX_STEP ? count : count + 1);
  if (index < count) return { result: judge(attempt, index), claimStep: first + index };
  // About once in a million: the step beyond has the code. Does one in the window?
  const inWindow = highestOf(attempt, first, count);
  const { midstates, typed, digits } = attempt;
  const claimStep = endOfRow(midstates, first + inWindow, typed, digits);
  return { result: judge(attempt, inWindow), claimStep };
}

/** The last of the steps in a row, `step` and on, whose code is `typed`, which is that of `step`. */
export function endOfRow(
  midstates: Midstates,
  step: number,
  typed: number,
  digits: number,
): number {
  let last = step;
  while (last < MAX_STEP && matchOne(midstates, last + 1, 1, typed, digits) === 0) last++;
  return last;
}

function highestOf(attempt: UserAttempt, first: number, count: number): number {
  return matchOne(attempt.midstates, first, count, attempt.typed, attempt.digits);
}
