/**
 * The window: the candidate steps around the current step. RFC 6238 §5.2.
 *
 * A range of steps is clipped to 0 … 2^53 - 1.
 */
import { requireInteger } from '../arguments/guards.js';
import { openOptions } from '../arguments/options.js';
import { MAX_STEP } from './clock.js';

/** The steps accepted around the current step. */
export interface WindowSides {
  /** Steps before the current step, 0 to 10: late typing, a slow phone clock. */
  readonly past: number;
  /** Steps after the current step, 0 to 10: a fast phone clock. */
  readonly future: number;
}

/** `count` consecutive steps or counters from `first`; empty if `count` is 0. */
export interface StepRange {
  readonly first: number;
  readonly count: number;
}

/** A larger clock error needs a shifted window, because each further step is one more code to guess. */
const MAX_WINDOW_STEPS = 10;
const WINDOW_ADVICE =
  ': it counts steps, not seconds; a clock that is further off needs "drift", which resyncTotp finds';
/** RFC 6238 §5.2 recommends at most one step for the delay of typing and the network. */
const DEFAULT_WINDOW: WindowSides = Object.freeze({ past: 1, future: 1 });

/** @throws {TypeError | RangeError} unless `window` is 0 to 10 steps, or a pair of such numbers. */
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
 * The valid steps among `centre - past … centre + future`.
 *
 * @param centre - a whole number within ±2^54, so the sums stay exact enough to clip
 */
export function stepsAround(centre: number, past: number, future: number): StepRange {
  const first = Math.max(0, centre - past);
  const last = Math.min(MAX_STEP, centre + future);
  return { first, count: Math.max(0, last - first + 1) };
}
