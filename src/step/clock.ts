/**
 * From a moment to its time step: the arithmetic of RFC 6238 §4.2.
 *
 * All results are exact integers below 2^53. This is the only file that reads the clock.
 */
import { requireInteger } from '../arguments/guards.js';

/** Which step it is. */
export interface TimeOptions {
  /**
   * Milliseconds since the Unix epoch, as `Date.now()` gives, 0 to 2^53 - 1. Default: the system
   * clock.
   */
  readonly timestamp?: number | undefined;
  /** Seconds a step lasts (RFC 6238's X), 1 to 86,400. Default 30. */
  readonly period?: number | undefined;
  /** Unix time in seconds at which step 0 begins (RFC 6238's T0). Default 0. */
  readonly epoch?: number | undefined;
}

export const MAX_STEP: number = Number.MAX_SAFE_INTEGER;
export const MAX_PERIOD_SECONDS = 86_400;
export const DEFAULT_PERIOD_SECONDS = 30;
/** Times 1,000 it is still a safe integer. */
const MAX_EPOCH_SECONDS = Math.floor(Number.MAX_SAFE_INTEGER / 1000);

/** @throws {TypeError | RangeError} if `period` is not a whole number from 1 to 86,400. */
export function requirePeriod(period: unknown): number {
  return requireInteger('period', period, 1, MAX_PERIOD_SECONDS);
}

/** `period` in milliseconds. */
function periodMsOf({ period }: TimeOptions): number {
  return 1000 * (period === undefined ? DEFAULT_PERIOD_SECONDS : requirePeriod(period));
}

/** Milliseconds from the epoch to the timestamp; negative before the epoch. */
function elapsedMsOf({ timestamp, epoch }: TimeOptions): number {
  const epochMs =
    epoch === undefined ? 0 : 1000 * requireInteger('epoch', epoch, 0, MAX_EPOCH_SECONDS);
  return requireTimestamp(timestamp) - epochMs;
}

/** The clock is checked like an argument: a broken one must not give the codes of step 0. */
function requireTimestamp(timestamp: number | undefined): number {
  if (timestamp === undefined) return currentMs();
  return requireInteger('timestamp', timestamp, 0, Number.MAX_SAFE_INTEGER);
}

/**
 * The clock in whole milliseconds; a test's clock may give a fraction.
 *
 * @throws {TypeError | RangeError} for null and the like, which a Math.floor would make 0
 */
export function currentMs(): number {
  const now: unknown = Date.now();
  const floored = typeof now === 'number' ? Math.floor(now) : now;
  return requireInteger('Date.now()', floored, 0, Number.MAX_SAFE_INTEGER);
}

/**
 * The step of the moment that `options` name. Negative before the epoch.
 *
 * The floor is exact in doubles: the last place of the quotient is never coarser than 1 / period.
 */
export function stepOf(options: TimeOptions): number {
  const periodMs = periodMsOf(options);
  return Math.floor(elapsedMsOf(options) / periodMs);
}

/**
 * As {@link stepOf}, for callers that need a step that exists.
 *
 * @throws {RangeError} if the timestamp lies before the epoch
 */
export function existingStepOf(options: TimeOptions): number {
  return requireExisting(stepOf(options));
}

/**
 * How many milliseconds the current step still lasts.
 *
 * @throws {RangeError} if the timestamp lies before the epoch
 */
export function remainingMsOf(options: TimeOptions): number {
  const periodMs = periodMsOf(options);
  const elapsedMs = elapsedMsOf(options);
  const step = requireExisting(Math.floor(elapsedMs / periodMs));
  return periodMs - (elapsedMs - step * periodMs);
}

function requireExisting(step: number): number {
  if (step < 0) throw new RangeError('"timestamp" must not lie before "epoch"');
  return step;
}
