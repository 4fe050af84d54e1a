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
   * clock. From 1e9 to 1e11 it is refused: that is a time of today in seconds.
   */
  readonly timestamp?: number | undefined;
  /** Seconds a step lasts (RFC 6238's X), 1 to 86,400. Default 30. */
  readonly period?: number | undefined;
  /**
   * Unix time in seconds at which step 0 begins (RFC 6238's T0), at most the timestamp. Default 0.
   */
  readonly epoch?: number | undefined;
}

export const MAX_STEP: number = Number.MAX_SAFE_INTEGER;
export const MAX_PERIOD_SECONDS = 86_400;
export const DEFAULT_PERIOD_SECONDS = 30;
/** Times 1,000 it is still a safe integer. */
const MAX_EPOCH_SECONDS = Math.floor(Number.MAX_SAFE_INTEGER / 1000);
/**
 * A time in seconds lies between these from 2001 to the year 5138. As milliseconds they are 12 January
 * 1970 and 3 March 1973, before any code was made.
 */
const MIN_RECENT_SECONDS = 1e9;
const MAX_RECENT_SECONDS = 1e11;

/** @throws {TypeError | RangeError} if `period` is not a whole number from 1 to 86,400. */
export function requirePeriod(period: unknown): number {
  return requireInteger('period', period, 1, MAX_PERIOD_SECONDS);
}

/** `period` in milliseconds. */
function periodMsOf({ period }: TimeOptions): number {
  return 1000 * (period === undefined ? DEFAULT_PERIOD_SECONDS : requirePeriod(period));
}

/** Milliseconds from the epoch to the timestamp. */
function elapsedMsOf({ timestamp, epoch }: TimeOptions): number {
  const epochMs = epoch === undefined ? 0 : 1000 * requireEpoch(epoch);
  const elapsedMs = (timestamp === undefined ? clockMs() : requireTimestamp(timestamp)) - epochMs;
  if (elapsedMs < 0) refuseEpoch(epochMs);
  return elapsedMs;
}

function requireEpoch(epoch: unknown): number {
  return requireInteger('epoch', epoch, 0, MAX_EPOCH_SECONDS, ', in seconds');
}

/** Only a time that was passed is judged by its size: the clock of a board may start in 1970. */
function requireTimestamp(timestamp: unknown): number {
  const timestampMs = requireInteger('timestamp', timestamp, 0, Number.MAX_SAFE_INTEGER);
  if (timestampMs <= MAX_RECENT_SECONDS && timestampMs >= MIN_RECENT_SECONDS) {
    throw new RangeError(
      '"timestamp" must be in milliseconds, as Date.now() gives: it looks like seconds',
    );
  }
  return timestampMs;
}

/** The clock is checked like an argument: a broken one must not give the codes of step 0. */
export function clockMs(): number {
  const now: unknown = Date.now();
  // Rounding would turn null into 0.
  const wholeMs = typeof now === 'number' ? Math.floor(now) : now;
  return requireInteger('Date.now()', wholeMs, 0, Number.MAX_SAFE_INTEGER);
}

function refuseEpoch(epochMs: number): never {
  // The time of now in milliseconds lies beyond every time in seconds.
  const isMilliseconds = epochMs > 1000 * MAX_RECENT_SECONDS;
  throw new RangeError(
    isMilliseconds
      ? '"epoch" must be in seconds: it looks like milliseconds; the time of a code is "timestamp"'
      : '"timestamp" must not lie before "epoch"',
  );
}

/**
 * The step of the moment that `options` name.
 *
 * The floor is exact in doubles: the last place of the quotient is never coarser than 1 / period.
 *
 * @throws {TypeError | RangeError} if an option is wrong, or the timestamp lies before the epoch
 */
export function stepOf(options: TimeOptions): number {
  const periodMs = periodMsOf(options);
  return Math.floor(elapsedMsOf(options) / periodMs);
}

/**
 * How many milliseconds the current step still lasts.
 *
 * @throws as {@link stepOf}
 */
export function remainingMsOf(options: TimeOptions): number {
  const periodMs = periodMsOf(options);
  const elapsedMs = elapsedMsOf(options);
  return periodMs - (elapsedMs - Math.floor(elapsedMs / periodMs) * periodMs);
}
