/**
 * From an attempt to its result: match the candidates, then compare with the last accepted step.
 *
 * `verifyTotp`, the batch and `verifyTotpOnce` share it, so their answers agree.
 */
import { matchOne } from '#engine';
import type { Midstates } from '../engine/engine.js';
import { MAX_STEP } from '../step/clock.js';
import { NO_STEP, type UserAttempt } from './options.js';

/** The refusal of a code, with its reason. */
export interface TotpRefusal {
  readonly valid: false;
  /**
   * `malformed`: not `digits` ASCII digits. `mismatch`: no candidate step has this code. `reused`:
   * a matching code, but its step is at or below the last accepted step.
   */
  readonly reason: 'malformed' | 'mismatch' | 'reused';
}

/** The step of an accepted code, or the reason for a refusal. */
export type TotpResult =
  | {
      readonly valid: true;
      /** The step of the code, counted from the epoch; the highest matching step. */
      readonly step: number;
      /** `step` minus the current step. It may be stored as `drift`. */
      readonly delta: number;
    }
  | TotpRefusal;

/** A result, with the step to claim if it is valid. */
interface Claimable {
  readonly result: TotpResult;
  readonly claimStep: number;
}

/** The result of an attempt. `index` is its highest match among the candidates, or -1. */
export function resultOf(attempt: UserAttempt, index: number): TotpResult {
  if (attempt.typed < 0) return { valid: false, reason: 'malformed' };
  // Negated, because NaN must be refused as well.
  if (!(index >= 0)) return { valid: false, reason: 'mismatch' };
  const step = attempt.first + index;
  // The highest match decides: if it is used, all lower matches are used too.
  if (!(step > attempt.lastStep)) return { valid: false, reason: 'reused' };
  return { valid: true, step, delta: step - attempt.current };
}

/** Matches an attempt. A malformed code costs no hashing. */
export function verifyAttempt(attempt: UserAttempt): TotpResult {
  return resultOf(attempt, attempt.typed < 0 ? -1 : matchAttempt(attempt, attempt.count));
}

/**
 * Like {@link verifyAttempt}, with the step to claim: the matched step, or the next one if it has the
 * same code. So digits shown for two periods count once, even if the second step is still beyond the
 * window.
 *
 * The step beyond the window is compared in the same call. A window of three steps leaves the fourth
 * lane free, so this takes no extra time.
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

/** The last of the consecutive steps with the code `typed`, starting at `step`. */
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
