/**
 * From a moment to its time step: the arithmetic of RFC 6238 §4.2.
 *
 * All results are exact integers below 2^53. Only this file reads the clock.
 */
import { requireInteger, wrongKind } from '../arguments/guards.js';

/** The options determining a time step. */
export interface TimeOptions {
  /**
   * Milliseconds since the Unix epoch, like `Date.now()`, 0 to 2^53 - 1. Default: the system clock.
   * Values from 1e9 to 1e11 are refused: they are present-day times in seconds.
   */
  readonly timestamp?: number | undefined;
  /** The length of a step in seconds (RFC 6238's X), 1 to 86,400. Default 30. */
  readonly period?: number | undefined;
  /**
   * The start of step 0 as Unix time in seconds (RFC 6238's T0), at most the timestamp. Default 0.
   */
  readonly epoch?: number | undefined;
}

export const MAX_STEP: number = Number.MAX_SAFE_INTEGER;
export const MAX_PERIOD_SECONDS = 86_400;
export const DEFAULT_PERIOD_SECONDS = 30;
/** Multiplied by 1,000, it is still a safe integer. */
const MAX_EPOCH_SECONDS = Math.floor(Number.MAX_SAFE_INTEGER / 1000);
const DAY_MS = 86_400_000;
/**
 * Times in seconds lie between these from 2001 to the year 5138. As milliseconds they are 12 January
 * 1970 and 3 March 1973, before the first code was made.
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
  // Another library's "epoch" is the present time: every code would be that of step 0.
  if (epochMs > 0 && timestamp === undefined && elapsedMs < DAY_MS) refusePresentEpoch();
  return elapsedMs;
}

function requireEpoch(epoch: unknown): number {
  return requireInteger('epoch', epoch, 0, MAX_EPOCH_SECONDS, ', in seconds');
}

/** Only an explicit time is checked for seconds: the clock of a small device may start in 1970. */
function requireTimestamp(timestamp: unknown): number {
  const unit = ' in milliseconds, as Date.now() and date.getTime() give';
  if (typeof timestamp !== 'number') wrongKind('timestamp', `a number${unit}`, timestamp);
  const timestampMs = requireInteger('timestamp', timestamp, 0, Number.MAX_SAFE_INTEGER, unit);
  if (timestampMs <= MAX_RECENT_SECONDS && timestampMs >= MIN_RECENT_SECONDS) {
    throw new RangeError(
      '"timestamp" must be in milliseconds, as Date.now() gives: it looks like seconds',
    );
  }
  return timestampMs;
}

/** The clock is checked like an argument: a broken clock must not give the codes of step 0. */
export function clockMs(): number {
  const now: unknown = Date.now();
  // Rounding would turn null into 0.
  const wholeMs = typeof now === 'number' ? Math.floor(now) : now;
  return requireInteger('Date.now()', wholeMs, 0, Number.MAX_SAFE_INTEGER);
}

function refusePresentEpoch(): never {
  throw new RangeError(
    '"epoch" must lie at least a day back: the time of a code is "timestamp", in milliseconds',
  );
}

function refuseEpoch(epochMs: number): never {
  // The present time in milliseconds lies beyond every plausible time in seconds.
  const isMilliseconds = epochMs > 1000 * MAX_RECENT_SECONDS;
  throw new RangeError(
    isMilliseconds
      ? '"epoch" must be in seconds: it looks like milliseconds; the time of a code is "timestamp"'
      : '"timestamp" must not lie before "epoch"',
  );
}

/**
 * The step of the moment given by `options`.
 *
 * The floor is exact in doubles: the quotient's last place is at most 1 / period.
 *
 * @throws {TypeError | RangeError} if an option is wrong, or the timestamp lies before the epoch
 */
export function stepOf(options: TimeOptions): number {
  const periodMs = periodMsOf(options);
  return Math.floor(elapsedMsOf(options) / periodMs);
}

/**
 * The milliseconds left in the current step.
 *
 * @throws as {@link stepOf}
 */
export function remainingMsOf(options: TimeOptions): number {
  const periodMs = periodMsOf(options);
  const elapsedMs = elapsedMsOf(options);
  return periodMs - (elapsedMs - Math.floor(elapsedMs / periodMs) * periodMs);
}
