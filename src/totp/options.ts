/**
 * What a caller passes for one attempt at a TOTP code: options and code, read into the range of
 * steps that are candidates. RFC 6238 §5.2.
 */
import { requireInteger } from '../arguments/guards.js';
import { type DigitsOptions, digitsOf, parseCode } from '../code/digits.js';
import type { Attempt, Midstates, SecretAttempt } from '../engine/engine.js';
import { midstatesOf } from '../key/otp-key.js';
import { MAX_STEP, stepOf, type TimeOptions } from '../step/clock.js';
import { stepsAround, type WindowSides, windowSides } from '../step/window.js';

/** Options of `generateTotp`. */
export interface GenerateTotpOptions extends TimeOptions, DigitsOptions {}

/** What is known of one user's phone and past codes. */
export interface UserOptions {
  /**
   * Steps by which the user's clock is ahead of ours, negative if it is behind: the centre of the
   * window. -2^52 to 2^52, default 0. Take it from `resyncTotp`, or from the last accepted `delta`.
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
   * 10, default 1. 0 is strict. Each further step is one more code that a guess may hit.
   */
  readonly window?: number | WindowSides | undefined;
}

/** Options of `verifyTotp`. */
export interface VerifyTotpOptions extends WindowOptions, UserOptions {}

/** The options that all users of a batch share, as read. */
export interface Shared {
  /** The current step. */
  readonly current: number;
  readonly digits: number;
  readonly window: WindowSides;
}

/** One user's attempt: the candidates that the engine compares, and the limits of a result. */
export interface UserAttempt extends Attempt, SecretAttempt {
  readonly digits: number;
  readonly current: number;
  readonly lastStep: number;
}

/** The sum of a step, a drift and a window then stays a safe integer. */
const MAX_DRIFT_STEPS = 2 ** 52;
/** Below every step. */
export const NO_STEP = -1;

/** Reads the arguments of a single verification. `options` are open. */
export function readAttempt(key: unknown, code: unknown, options: VerifyTotpOptions): UserAttempt {
  return readUserAttempt(midstatesOf(key), '', code, options, readShared(options));
}

/** Reads the options that a batch shares. */
export function readShared(options: WindowOptions): Shared {
  return {
    current: stepOf(options),
    digits: digitsOf(options),
    window: windowSides(options.window),
  };
}

/**
 * Reads one user's part and finds the steps that are candidates.
 *
 * @param midstates - those of the key, or an empty list if the user has a secret
 * @param secret - the secret, or '' if the user has a key
 */
export function readUserAttempt(
  midstates: Midstates,
  secret: Uint8Array | string,
  code: unknown,
  { drift, lastStep }: UserOptions,
  { current, digits, window: { past, future } }: Shared,
): UserAttempt {
  const { first, count } = stepsAround(current + requireDrift(drift), past, future);
  return {
    midstates,
    secret,
    first,
    count,
    typed: parseCode(code, digits),
    matchIndex: -1,
    digits,
    current,
    lastStep: requireLastStep(lastStep),
  };
}

function requireDrift(drift: number | undefined): number {
  if (drift === undefined) return 0;
  return requireInteger('drift', drift, -MAX_DRIFT_STEPS, MAX_DRIFT_STEPS);
}

/** `lastStep`, or a step below all if it was left out. */
export function requireLastStep(lastStep: number | undefined): number {
  return lastStep === undefined ? NO_STEP : requireInteger('lastStep', lastStep, 0, MAX_STEP);
}
