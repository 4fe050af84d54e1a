/**
 * From an attempt to its result: match the candidates, then compare with the last accepted step.
 *
 * `verifyTotp`, the batch and `verifyTotpOnce` share it, so their answers agree.
 */
import { matchOne } from '#engine';
import type { Midstates } from '../engine/engine.js';
import { MAX_STEP } from '../step/clock.js';
import { NO_STEP, type UserAttempt } from './options.js';

/** Why a code was refused. */
export interface TotpRefusal {
  readonly valid: false;
  /**
   * `malformed`: not `digits` ASCII digits. `mismatch`: no candidate step has this code. `reused`:
   * the right code, but of a step at or below the last accepted one.
   */
  readonly reason: 'malformed' | 'mismatch' | 'reused';
}

/** An accepted code's step, or why a code was refused. */
export type TotpResult =
  | {
      readonly valid: true;
      /** The step of the code, counted from the epoch; the highest that matches. */
      readonly step: number;
      /** `step` less the current step. It may be stored as `drift`. */
      readonly delta: number;
    }
  | TotpRefusal;

/** A result, and the step to claim for it if it is valid. */
interface Claimable {
  readonly result: TotpResult;
  readonly claimStep: number;
}

/** The result of an attempt whose highest match has this `index` among the candidates, or -1. */
export function resultOf(attempt: UserAttempt, index: number): TotpResult {
  if (attempt.typed < 0) return { valid: false, reason: 'malformed' };
  // Not `index < 0`: NaN must be refused as well.
  if (!(index >= 0)) return { valid: false, reason: 'mismatch' };
  const step = attempt.first + index;
  // The highest match decides: if it was used, all lower ones were.
  if (!(step > attempt.lastStep)) return { valid: false, reason: 'reused' };
  return { valid: true, step, delta: step - attempt.current };
}

/** Matches an attempt. A malformed code costs no hashing. */
export function verifyAttempt(attempt: UserAttempt): TotpResult {
  return resultOf(attempt, attempt.typed < 0 ? -1 : matchAttempt(attempt, attempt.count));
}

/**
 * As {@link verifyAttempt}, with the step to claim: the matched one, or the next one if it shows the
 * same code. So digits that stay on the display for two periods count once, even where the second
 * step is still beyond the window.
 *
 * The step beyond the window is compared in the same call. A window of three fills three lanes of
 * four, so this costs no time.
 */
export function verifyForClaim(attempt: UserAttempt): Claimable {
  const { first, count } = attempt;
  if (attempt.typed < 0) return { result: resultOf(attempt, -1), claimStep: NO_STEP };
  const index = matchAttempt(attempt, first + count > MAX_STEP ? count : count + 1);
  if (index < count) return { result: resultOf(attempt, index), claimStep: first + index };
  // About once in a million: the step beyond the window has the code. Compare the window alone.
  const inWindow = matchAttempt(attempt, count);
  const { midstates, typed, digits } = attempt;
  const claimStep = lastStepWithCode(midstates, first + inWindow, typed, digits);
  return { result: resultOf(attempt, inWindow), claimStep };
}

/** The last of the consecutive steps from `step` on that show the code `typed`, as `step` does. */
export function lastStepWithCode(
  midstates: Midstates,
  step: number,
  typed: number,
  digits: number,
): number {
  let last = step;
  while (last < MAX_STEP && matchOne(midstates, last + 1, 1, typed, digits) === 0) last++;
  return last;
}

/** The index of the highest match among the first `count` steps of the attempt, or -1. */
function matchAttempt({ midstates, first, typed, digits }: UserAttempt, count: number): number {
  return matchOne(midstates, first, count, typed, digits);
}
