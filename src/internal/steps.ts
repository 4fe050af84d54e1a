/**
 * Time steps and runs of steps: the arithmetic of RFC 6238 §4.2 and of the windows around it.
 *
 * All results are exact integers below 2^53. A run never holds a step below 0 or above 2^53 - 1:
 * near either end it gets shorter, and nothing wraps around.
 */
import { now } from './clock.js';
import { given, integerOption, requireInteger, requireOptions } from './guards.js';

/** Which step it is. */
export interface TimeOptions {
  /**
   * Milliseconds since the Unix epoch, as `Date.now()` gives, 0 to 2^53 - 1; with seconds nothing
   * matches. Default: the system clock.
   */
  readonly timestamp?: number | undefined;
  /** Seconds a step lasts (RFC 6238's X), 1 to 86,400. Default 30. */
  readonly period?: number | undefined;
  /** Unix time in seconds at which step 0 begins (RFC 6238's T0). Default 0. */
  readonly epoch?: number | undefined;
}

/** Which steps around the current one are accepted. */
export interface WindowSides {
  /** Steps before the current one, 0 to 50: late typing, a slow phone. */
  readonly past: number;
  /** Steps after the current one, 0 to 50: a fast phone. */
  readonly future: number;
}

/** `count` consecutive steps or counters from `first`; none if `count` is 0. */
export interface Run {
  readonly first: number;
  readonly count: number;
}

/** Where a moment lies: the step, and the milliseconds that have passed since that step began. */
interface Moment {
  readonly step: number;
  readonly elapsedMs: number;
  readonly periodMs: number;
}

/** Options left out altogether; frozen, so that nobody can slip a default in. */
export const NO_OPTIONS: Readonly<Record<never, never>> = Object.freeze({});

export const MAX_STEP: number = Number.MAX_SAFE_INTEGER;
export const MAX_PERIOD_SECONDS = 86_400;
export const DEFAULT_PERIOD_SECONDS = 30;
const DEFAULT_EPOCH_SECONDS = 0;
/** Times 1,000 it is still a safe integer. */
const MAX_EPOCH_SECONDS: number = Math.floor(Number.MAX_SAFE_INTEGER / 1000);
const MAX_WINDOW_STEPS = 50;
/** RFC 6238 §5.2 recommends at most one step for the delay of typing and the network. */
const DEFAULT_WINDOW_STEPS = 1;

/** @throws {TypeError | RangeError} if `period` is not a whole number from 1 to 86,400. */
export function requirePeriod(period: unknown): number {
  return requireInteger('period', period, 1, MAX_PERIOD_SECONDS);
}

/**
 * The moment that `options` name. Before the epoch its step is negative: such a step does not
 * exist, and what that means is the caller's to say.
 */
export function readMoment(options: TimeOptions): Moment {
  const { timestamp, period, epoch } = options;
  const periodMs = 1000 * requirePeriod(given(options, 'period', period, DEFAULT_PERIOD_SECONDS));
  const epochMs =
    1000 * integerOption(options, 'epoch', epoch, DEFAULT_EPOCH_SECONDS, 0, MAX_EPOCH_SECONDS);
  const setTimestamp = given(options, 'timestamp', timestamp, undefined);
  // The clock is checked like an argument: a broken one must not give codes of step 0.
  const timestampMs = requireInteger(
    'timestamp',
    setTimestamp === undefined ? Math.floor(now()) : setTimestamp,
    0,
    Number.MAX_SAFE_INTEGER,
  );
  // Exact: for whole a < 2^53 and b, floor(a / b) in doubles is the true quotient, because the
  // quotient's last place is never coarser than 1 / b.
  const step = Math.floor((timestampMs - epochMs) / periodMs);
  return { step, elapsedMs: timestampMs - epochMs - step * periodMs, periodMs };
}

/**
 * The moment that `options` name, where only a step that exists will do.
 *
 * @throws {RangeError} if the timestamp lies before the epoch
 */
export function readExistingMoment(options: TimeOptions): Moment {
  requireOptions(options);
  const moment = readMoment(options);
  if (moment.step < 0) throw new RangeError('"timestamp" must not lie before "epoch"');
  return moment;
}

/** @throws {TypeError | RangeError} if `window` is neither 0 to 50 nor a pair of such numbers. */
export function readWindow(options: { readonly window?: unknown }): WindowSides {
  const window = given(options, 'window', options.window, DEFAULT_WINDOW_STEPS);
  if (typeof window === 'object' && window !== null) {
    const sides = window as WindowSides;
    const past = given(sides, 'past', sides.past, undefined);
    const future = given(sides, 'future', sides.future, undefined);
    return {
      past: requireInteger('window.past', past, 0, MAX_WINDOW_STEPS),
      future: requireInteger('window.future', future, 0, MAX_WINDOW_STEPS),
    };
  }
  const steps = requireInteger('window', window, 0, MAX_WINDOW_STEPS);
  return { past: steps, future: steps };
}

/**
 * The steps that exist among `centre - past … centre + future`.
 *
 * @param centre - any whole number within ±2^54, so that the sums stay exact enough to clip
 */
export function runAround(centre: number, past: number, future: number): Run {
  const first = Math.max(0, centre - past);
  const last = Math.min(MAX_STEP, centre + future);
  return { first, count: Math.max(0, last - first + 1) };
}
