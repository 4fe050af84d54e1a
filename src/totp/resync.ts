/**
 * Two or more codes of consecutive steps find a drifted clock. RFC 6238 §6.
 *
 * A guess must hit all of them, so the search may be wider than the window. An observer of unused
 * codes need not guess: the range limits the age of such codes.
 */
import { truncateHmacs } from '#engine';
import { requireInteger } from '../arguments/guards.js';
import { refuseForeignNames, requireKnownOptions } from '../arguments/options.js';
import { digitsOf, matchSequence, parseSequence } from '../code/digits.js';
import type { Midstates } from '../engine/engine.js';
import type { OtpKey } from '../key/otp-key.js';
import { stepOf } from '../step/clock.js';
import { stepsAround } from '../step/window.js';
import type { TotpRefusal } from './judge.js';
import { type GenerateTotpOptions, requireLastStep } from './options.js';

/** Options of `resyncTotp`. */
export interface ResyncTotpOptions extends GenerateTotpOptions {
  /**
   * Steps to search on either side of the current step, 0 to 10,000. Default 20: 10 minutes. A wider
   * range accepts older codes, possibly seen by another person and never submitted by the user.
   */
  readonly range?: number | undefined;
  /** The highest step accepted so far, 0 to 2^53 - 1. A code up to this step is `reused`. */
  readonly lastStep?: number | undefined;
}

/** The drift of a clock, or the reason for a refusal. */
export type ResyncTotpResult =
  | {
      readonly valid: true;
      /** The step of the last code: store it as `lastStep`. */
      readonly step: number;
      /** `step` minus the current step: store it and pass it as `drift`. */
      readonly drift: number;
    }
  | TotpRefusal;

const MAX_RANGE_STEPS = 10_000;
const DEFAULT_RANGE_STEPS = 20;

/** Options of a resynchronisation, and options of verifications often kept in the same object. */
const RESYNC_NAMES = [
  ...['timestamp', 'period', 'epoch', 'digits', 'range', 'lastStep'],
  ...['window', 'drift', 'store'],
];

/**
 * Opens the options of a resynchronisation.
 *
 * @throws {TypeError} for an unknown option name
 */
export function openResyncOptions<T extends ResyncTotpOptions>(options: T, key: OtpKey): T {
  const opened = requireKnownOptions(options, RESYNC_NAMES);
  refuseForeignNames(opened, key.algorithm);
  return opened;
}

/** Searches for the codes around the current step. `options` come from `openResyncOptions`. */
export function findSequence(
  midstates: Midstates,
  codes: unknown,
  options: ResyncTotpOptions,
): ResyncTotpResult {
  const current = stepOf(options);
  const digits = digitsOf(options);
  const range = requireRange(options.range);
  const lastStep = requireLastStep(options.lastStep);
  const typed = parseSequence(codes, digits);
  if (typed === undefined) return { valid: false, reason: 'malformed' };

  // The last code's step lies in the range. Earlier codes may lie just outside.
  const before = typed.length - 1;
  const { first, count } = stepsAround(current, range + before, range);
  const values = new Int32Array(count);
  truncateHmacs(midstates, first, values);
  const start = matchSequence(values, typed, digits);
  if (start < 0) return { valid: false, reason: 'mismatch' };
  // Every code must be fresh, the first included.
  if (first + start <= lastStep) return { valid: false, reason: 'reused' };
  const step = first + start + before;
  return { valid: true, step, drift: step - current };
}

function requireRange(range: number | undefined): number {
  return range === undefined
    ? DEFAULT_RANGE_STEPS
    : requireInteger('range', range, 0, MAX_RANGE_STEPS);
}
