/**
 * Time steps and runs of steps: the arithmetic of RFC 6238 §4.2 and of the windows around it.
 *
 * All results are exact integers below 2^53. A run never holds a step below 0 or above 2^53 - 1:
 * near either end it gets shorter, and nothing wraps around.
 */
import { now } from './clock.js';
import {
  given,
  type IntegerOption,
  POLLUTION,
  readInteger,
  requireInteger,
  requireOptions,
} from '../arguments/guards.js';

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

// Taken at import: who replaces them later must not choose which step it is.
const { floor, max, min } = Math;

/** Options left out altogether; frozen, so that nobody can slip a default in. */
export const NO_OPTIONS: Readonly<Record<never, never>> = Object.freeze({});

export const MAX_STEP: number = Number.MAX_SAFE_INTEGER;
export const MAX_PERIOD_SECONDS = 86_400;
export const DEFAULT_PERIOD_SECONDS = 30;
const PERIOD: IntegerOption = {
  name: 'period',
  min: 1,
  max: MAX_PERIOD_SECONDS,
  fallback: DEFAULT_PERIOD_SECONDS,
};
/** Times 1,000 the latest is still a safe integer. */
const EPOCH: IntegerOption = {
  name: 'epoch',
  min: 0,
  max: Math.floor(Number.MAX_SAFE_INTEGER / 1000),
  fallback: 0,
};
const MAX_WINDOW_STEPS = 50;
/** RFC 6238 §5.2 recommends at most one step for the delay of typing and the network. */
const DEFAULT_WINDOW_STEPS = 1;

/** @throws {TypeError | RangeError} if `period` is not a whole number from 1 to 86,400. */
export function requirePeriod(period: unknown): number {
  return requireInteger('period', period, PERIOD.min, PERIOD.max);
}

function readPeriodMs(options: TimeOptions): number {
  return 1000 * readInteger(PERIOD, options, options.period, POLLUTION.period);
}

/** Milliseconds from the epoch to the moment that `options` name; negative before it. */
function readElapsedMs(options: TimeOptions): number {
  const epoch = readInteger(EPOCH, options, options.epoch, POLLUTION.epoch);
  const timestamp = given(options, 'timestamp', options.timestamp, POLLUTION.timestamp, undefined);
  // The clock is checked like an argument: a broken one must not give codes of step 0.
  const timestampMs = timestamp === undefined ? floor(now()) : timestamp;
  return requireInteger('timestamp', timestampMs, 0, Number.MAX_SAFE_INTEGER) - 1000 * epoch;
}

/** `elapsed` and `period` are whole and below 2^53, in the same unit. */
function stepOf(elapsed: number, period: number): number {
  // Exact: in doubles, too, the floor is the true quotient's, because the quotient's last place is
  // never coarser than 1 / period.
  return floor(elapsed / period);
}

/**
 * The step that `options` name. Before the epoch it is negative: such a step does not exist, and
 * what that means is the caller's to say.
 */
export function readStep(options: TimeOptions): number {
  const periodMs = readPeriodMs(options);
  return stepOf(readElapsedMs(options), periodMs);
}

/**
 * The step that `options` name, where only one that exists will do.
 *
 * @throws {RangeError} if the timestamp lies before the epoch
 */
export function readExistingStep(options: TimeOptions): number {
  requireOptions(options);
  return requireExisting(readStep(options));
}

/**
 * How many milliseconds the step that `options` name still lasts.
 *
 * @throws {RangeError} if the timestamp lies before the epoch
 */
export function readRemainingMs(options: TimeOptions): number {
  requireOptions(options);
  const periodMs = readPeriodMs(options);
  const elapsedMs = readElapsedMs(options);
  const step = requireExisting(stepOf(elapsedMs, periodMs));
  return periodMs - (elapsedMs - step * periodMs);
}

function requireExisting(step: number): number {
  if (step < 0) throw new RangeError('"timestamp" must not lie before "epoch"');
  return step;
}

/** @throws {TypeError | RangeError} if `window` is neither 0 to 50 nor a pair of such numbers. */
export function readWindow(options: { readonly window?: unknown }): WindowSides {
  const { window } = options;
  const steps = given(options, 'window', window, POLLUTION.window, DEFAULT_WINDOW_STEPS);
  if (typeof steps === 'object' && steps !== null) return readSides(steps as WindowSides);
  const side = requireInteger('window', steps, 0, MAX_WINDOW_STEPS);
  return { past: side, future: side };
}

function readSides(sides: WindowSides): WindowSides {
  const past = given(sides, 'past', sides.past, POLLUTION.past, undefined);
  const future = given(sides, 'future', sides.future, POLLUTION.future, undefined);
  return {
    past: requireInteger('window.past', past, 0, MAX_WINDOW_STEPS),
    future: requireInteger('window.future', future, 0, MAX_WINDOW_STEPS),
  };
}

/**
 * The steps that exist among `centre - past … centre + future`.
 *
 * @param centre - any whole number within ±2^54, so that the sums stay exact enough to clip
 */
export function runAround(centre: number, past: number, future: number): Run {
  const first = max(0, centre - past);
  const last = min(MAX_STEP, centre + future);
  return { first, count: max(0, last - first + 1) };
}
