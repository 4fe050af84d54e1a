/**
 * The window: which steps around the current one are candidates. RFC 6238 §5.2.
 *
 * A range of steps never reaches below 0 or above 2^53 - 1. It is clipped there.
 */
import { requireInteger } from '../arguments/guards.js';
import { openOptions } from '../arguments/options.js';
import { MAX_STEP } from './clock.js';

/** Which steps around the current one are accepted. */
export interface WindowSides {
  /** Steps before the current one, 0 to 10: late typing, a slow phone. */
  readonly past: number;
  /** Steps after the current one, 0 to 10: a fast phone. */
  readonly future: number;
}

/** `count` consecutive steps or counters from `first`; empty if `count` is 0. */
export interface StepRange {
  readonly first: number;
  readonly count: number;
}

/** A phone further off needs a moved window, not a wider one: each step is one more code to guess. */
const MAX_WINDOW_STEPS = 10;
const WINDOW_ADVICE =
  ': it counts steps, not seconds; a clock that is further off needs "drift", which resyncTotp finds';
/** RFC 6238 §5.2 recommends at most one step for the delay of typing and the network. */
const DEFAULT_WINDOW: WindowSides = Object.freeze({ past: 1, future: 1 });

/** @throws {TypeError | RangeError} if `window` is neither 0 to 10 steps nor a pair of such numbers. */
export function windowSides(window: unknown): WindowSides {
  if (window === undefined) return DEFAULT_WINDOW;
  if (typeof window === 'object' && window !== null) {
    const { past, future } = openOptions(window as WindowSides, 'window');
    return {
      past: requireSteps('window.past', past),
      future: requireSteps('window.future', future),
    };
  }
  const steps = requireSteps('window', window);
  return { past: steps, future: steps };
}

function requireSteps(name: string, steps: unknown): number {
  return requireInteger(name, steps, 0, MAX_WINDOW_STEPS, WINDOW_ADVICE);
}

/**
 * The steps that exist among `centre - past … centre + future`.
 *
 * @param centre - a whole number within ±2^54, so that the sums stay exact enough to clip
 */
export function stepsAround(centre: number, past: number, future: number): StepRange {
  const first = Math.max(0, centre - past);
  const last = Math.min(MAX_STEP, centre + future);
  return { first, count: Math.max(0, last - first + 1) };
}
