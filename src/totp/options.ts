/**
 * Reads the arguments of one attempt at a TOTP code, and finds its candidate steps. RFC 6238 §5.2.
 */
import { requireInteger } from '../arguments/guards.js';
import { type DigitsOptions, digitsOf, parseCode } from '../code/digits.js';
import type { Attempt, Midstates, SecretAttempt } from '../engine/engine.js';
import { midstatesOf } from '../key/otp-key.js';
import { MAX_STEP, stepOf, type TimeOptions } from '../step/clock.js';
import { stepsAround, type WindowSides, windowSides } from '../step/window.js';

/** Options of `generateTotp`. */
export interface GenerateTotpOptions extends TimeOptions, DigitsOptions {}

/** The drift of a user's clock, and the last accepted step. */
export interface UserOptions {
  /**
   * Steps by which the user's clock is ahead of the server's, negative if it is behind: the centre of
   * the window. -2^52 to 2^52, default 0. Take it from `resyncTotp`, or the last accepted `delta`.
   */
  readonly drift?: number | undefined;
  /**
   * The highest step accepted so far, 0 to 2^53 - 1. Codes up to this step are `reused`. Default: no
   * step is used yet.
   */
  readonly lastStep?: number | undefined;
}

/** Options independent of the user. */
export interface WindowOptions extends GenerateTotpOptions {
  /**
   * Steps accepted around the current step: a number for both sides, or each side separately. 0 to
   * 10, default 1. 0 is strict. Each further step is one more code for a guess to hit.
   */
  readonly window?: number | WindowSides | undefined;
}

/** Options of `verifyTotp`. */
export interface VerifyTotpOptions extends WindowOptions, UserOptions {}

/** The shared options of all users in a batch, checked and resolved. */
export interface Shared {
  /** The current step. */
  readonly current: number;
  readonly digits: number;
  readonly window: WindowSides;
}

/** One user's attempt: the candidates for the engine, and the values needed for a result. */
export interface UserAttempt extends Attempt, SecretAttempt {
  readonly digits: number;
  readonly current: number;
  readonly lastStep: number;
}

/** Keeps the sum of a step, a drift and a window a safe integer. */
const MAX_DRIFT_STEPS = 2 ** 52;
/** Below every step. */
export const NO_STEP = -1;

/** Reads the arguments of a single verification. `options` come from `openOptions`. */
export function readAttempt(key: unknown, code: unknown, options: VerifyTotpOptions): UserAttempt {
  return readUserAttempt(midstatesOf(key), '', code, options, readShared(options));
}

/** Reads the shared options of a batch. */
export function readShared(options: WindowOptions): Shared {
  return {
    current: stepOf(options),
    digits: digitsOf(options),
    window: windowSides(options.window),
  };
}

/**
 * Reads one user's part and finds the candidate steps.
 *
 * @param midstates - those of the key; empty if the user has a secret
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

/** `lastStep`, or a step below all others if it is absent. */
export function requireLastStep(lastStep: number | undefined): number {
  return lastStep === undefined ? NO_STEP : requireInteger('lastStep', lastStep, 0, MAX_STEP);
}
