/**
 * What a caller passes for one attempt at a TOTP code: options and code, read into the range of
 * steps that are candidates. RFC 6238 §5.2.
 */
import { requireInteger } from '../arguments/guards.js';
import { openOptions } from '../arguments/options.js';
import { type DigitsOptions, digitsOf, parseCode } from '../code/digits.js';
import type { Attempt } from '../engine/engine.js';
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

/** Options that a batch shares: all of `verifyTotp` but the user's own. */
export interface VerifyTotpBatchOptions extends GenerateTotpOptions {
  /**
   * Steps accepted around the current one: a number for both sides, or each side by itself; 0 to
   * 10, default 1. 0 is strict. Each further step is one more code that a guess may hit.
   */
  readonly window?: number | WindowSides | undefined;
}

/** Options of `verifyTotp`. */
export interface VerifyTotpOptions extends VerifyTotpBatchOptions, UserOptions {}

/** The options that all users of a batch share, as read. */
interface Shared {
  /** The current step. */
  readonly current: number;
  readonly digits: number;
  readonly window: WindowSides;
}

/** One user's attempt: the candidates that the engine compares, and how to read its answer. */
export interface UserAttempt extends Attempt {
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
  return readUserAttempt(key, code, options, readShared(options));
}

/** Reads the options that a batch shares. */
export function readShared(options: VerifyTotpBatchOptions): Shared {
  return {
    current: stepOf(options),
    digits: digitsOf(options),
    window: windowSides(options.window),
  };
}

/** Reads one user's part and finds the steps that are candidates. */
export function readUserAttempt(
  key: unknown,
  code: unknown,
  { drift, lastStep }: UserOptions,
  { current, digits, window: { past, future } }: Shared,
): UserAttempt {
  const midstates = midstatesOf(key);
  const { first, count } = stepsAround(current + requireDrift(drift), past, future);
  return {
    midstates,
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

/** Opens the options of a verification and reads the attempt. */
export function openAttempt(key: unknown, code: unknown, options: VerifyTotpOptions): UserAttempt {
  return readAttempt(key, code, openOptions(options));
}
