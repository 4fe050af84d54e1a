/**
 * Time steps: the step of a moment and the time left in it. RFC 6238 §4.2.
 *
 * Arithmetic only, without a secret. A correct clock is left to the caller.
 */
import { NO_OPTIONS, requireKnownOptions } from './arguments/options.js';
import { remainingMsOf, stepOf, type TimeOptions } from './step/clock.js';

export type { TimeOptions } from './step/clock.js';
export type { WindowSides } from './step/window.js';

/** The options, and options of verifications often kept in the same object. */
const OPTION_NAMES = ['timestamp', 'period', 'epoch', 'window', 'drift', 'lastStep', 'store'];

/**
 * The time step of a moment: `floor((timestamp / 1000 - epoch) / period)`.
 *
 * @param options - `timestamp` in milliseconds, `period` and `epoch` in seconds
 * @returns a whole number from 0 to 2^53 - 1
 * @throws {TypeError} if an option is not a number, or has an unknown name
 * @throws {RangeError} if one is out of its range, or the timestamp lies before the epoch
 * @see {@link https://www.rfc-editor.org/rfc/rfc6238#section-4.2 | RFC 6238 §4.2}
 *
 * @example
 * ```ts
 * import { timeStep } from 'otpcore';
 *
 * console.log(timeStep({ timestamp: 59_000 })); // → 1
 * ```
 */
export function timeStep(options: TimeOptions = NO_OPTIONS): number {
  return stepOf(requireKnownOptions(options, OPTION_NAMES));
}

/**
 * The time left for the current code, for a countdown beside it.
 *
 * @param options - `timestamp` in milliseconds, `period` and `epoch` in seconds
 * @returns whole seconds, rounded up: from `period` at the first moment of a step down to 1
 * @throws {TypeError} if an option is not a number, or has an unknown name
 * @throws {RangeError} if one is out of its range, or the timestamp lies before the epoch
 * @see {@link https://www.rfc-editor.org/rfc/rfc6238#section-4.2 | RFC 6238 §4.2}
 *
 * @example
 * ```ts
 * import { secondsRemaining } from 'otpcore';
 *
 * console.log(secondsRemaining({ timestamp: 59_000 })); // → 1
 * ```
 */
export function secondsRemaining(options: TimeOptions = NO_OPTIONS): number {
  return Math.ceil(remainingMsOf(requireKnownOptions(options, OPTION_NAMES)) / 1000);
}
