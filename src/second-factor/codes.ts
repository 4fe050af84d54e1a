/**
 * Typed codes, and where they match: at one authenticator, at all of a user, or far from the clock.
 *
 * The window, drift and replay rules are those of `otpcore/totp`; this file adds the
 * authenticators of a code and the step it uses up.
 */
import { normalizeCode } from '../code.js';
import type { OtpKey } from '../key.js';
import { resyncTotp, verifyTotp } from '../totp.js';
import type { FactorEnvironment } from './contract.js';
import type { Authenticator } from './record.js';

/** The shape of codes, of a confirmed or a pending authenticator. */
interface CodeShape {
  readonly id: string;
  readonly digits: number;
  readonly period: number;
}

/** Where a code, or a row of codes, matched at an authenticator. */
export interface Match {
  readonly isFresh: boolean;
  readonly authenticator: Authenticator;
  /** The step to store as `lastStep`. */
  readonly lastStep: number;
  /** The drift to store. */
  readonly drift: number;
  /** The matched step less the current one. */
  readonly delta: number;
}

/** Steps on either side for `resync`: 10 minutes. */
const RESYNC_STEPS = 20;
/** Steps on either side for `confirm`: a day, for a phone set to a wrong time zone. */
const CONFIRM_STEPS = 2880;
/** Steps of one call: the widest window. */
const BLOCK_STEPS = 21;

/** A list of exactly `count` typed codes, each normalised; undefined for anything else. */
export function readCodes(typed: unknown, count: number): readonly string[] | undefined {
  try {
    if (!Array.isArray(typed) || typed.length !== count) return undefined;
    return Array.from({ length: count }, (_, i) => normalizeCode(typed[i]));
  } catch {
    // A proxy may throw on being looked at.
    return undefined;
  }
}

/** A single code. A list is none: form parsers make lists of repeated fields. */
export function readCode(typed: unknown): readonly string[] {
  return [normalizeCode(typed as string)];
}

/** Whether all have an authenticator's number of digits. */
export function haveShape(
  codes: readonly string[],
  { digits }: { readonly digits: number },
): boolean {
  return codes.every((code) => code.length === digits && /^[0-9]+$/.test(code));
}

/** The moment to compare with: the clock, moved by whole steps. */
function momentOf(shape: CodeShape, now: number, steps: number): number {
  return now + 1000 * steps * shape.period;
}

/** `lastStep` as an option: -1 stands for none. */
function freshness(lastStep: number): { readonly lastStep: number | undefined } {
  return { lastStep: lastStep < 0 ? undefined : lastStep };
}

/** The key of an authenticator, opened before anything is compared. */
export function keyOf({ id }: { readonly id: string }, { keys }: FactorEnvironment): OtpKey {
  const key = keys.get(id);
  if (key === undefined) throw new TypeError('"keys" must hold a key of each authenticator');
  return key;
}

/** Compares one code with the window of an authenticator. */
export function matchCode(
  authenticator: Authenticator,
  [code = '']: readonly string[],
  environment: FactorEnvironment,
): Match | undefined {
  const { digits, period, drift, lastStep } = authenticator;
  const key = keyOf(authenticator, environment);
  const { now: timestamp, policy } = environment;
  const options = { timestamp, digits, period, drift, window: policy.window };
  const result = verifyTotp(key, code, { ...options, ...freshness(lastStep) });
  if (!result.valid) return result.reason === 'reused' ? used(authenticator) : undefined;
  const last = lastStepWithCode(key, code, authenticator, result.step);
  return { isFresh: true, authenticator, lastStep: last, drift, delta: result.delta };
}

/** Finds two consecutive codes around the clock, or around the clock as the phone had it. */
export function matchDrifted(
  authenticator: Authenticator,
  codes: readonly string[],
  environment: FactorEnvironment,
): Match | undefined {
  const found = [0, authenticator.drift].map((drift) =>
    matchRow(authenticator, codes, environment, drift, RESYNC_STEPS),
  );
  const match = found.find((row) => row?.isFresh) ?? found.find((row) => row !== undefined);
  return match && { ...match, drift: match.delta };
}

/** Finds consecutive codes, the last within the window. */
export function matchInWindow(
  authenticator: Authenticator,
  codes: readonly string[],
  environment: FactorEnvironment,
): Match | undefined {
  const { past, future } = environment.policy.window;
  const { drift } = authenticator;
  const match = matchRow(authenticator, codes, environment, drift, Math.max(past, future));
  if (!match?.isFresh) return match;
  const off = match.delta - drift;
  return off >= -past && off <= future ? match : undefined;
}

/** Finds consecutive codes, the last within `range` steps of the clock moved by `drift`. */
function matchRow(
  authenticator: Authenticator,
  codes: readonly string[],
  { keys, ...environment }: FactorEnvironment,
  drift: number,
  range: number,
): Match | undefined {
  const { digits, period, lastStep } = authenticator;
  const key = keyOf(authenticator, { keys, ...environment });
  const timestamp = momentOf(authenticator, environment.now, drift);
  const result = resyncTotp(key, codes, {
    timestamp,
    digits,
    period,
    range,
    ...freshness(lastStep),
  });
  if (!result.valid) return result.reason === 'reused' ? used(authenticator) : undefined;
  const last = lastStepWithCode(key, codes[codes.length - 1] ?? '', authenticator, result.step);
  const delta = result.drift + drift;
  return { isFresh: true, authenticator, lastStep: last, drift: authenticator.drift, delta };
}

function used(authenticator: Authenticator): Match {
  const { lastStep, drift } = authenticator;
  return { isFresh: false, authenticator, lastStep, drift, delta: 0 };
}

/** The last step in a row with the same code, from `step` on: all of them are used up. */
function lastStepWithCode(key: OtpKey, code: string, shape: CodeShape, step: number): number {
  const { digits, period } = shape;
  let last = step;
  const shows = (next: number): boolean =>
    verifyTotp(key, code, { timestamp: 1000 * period * next, digits, period, window: 0 }).valid;
  while (shows(last + 1)) last++;
  return last;
}

/** Where the first code of an enrolment matched. */
export interface FirstMatch {
  readonly isInWindow: boolean;
  /** The last code's step less the current one. */
  readonly delta: number;
  readonly lastStep: number;
}

/**
 * Finds one code, or two consecutive ones, of a phone at enrolment: the match
 * nearest to the clock, within a day. The secret is on the user's screen, so the width and the time of
 * the search reveal no more.
 */
export function matchFirst(
  shape: CodeShape,
  codes: readonly string[],
  environment: FactorEnvironment,
): FirstMatch | undefined {
  const { now, policy } = environment;
  const key = keyOf(shape, environment);
  const { past, future } = policy.window;
  const last = codes[codes.length - 1] ?? '';
  for (let distance = 0; distance <= CONFIRM_STEPS; distance++) {
    if (distance % BLOCK_STEPS === 0 && !isInBlock(key, last, shape, now, distance)) {
      distance += BLOCK_STEPS - 1;
      continue;
    }
    const delta = [distance, -distance].find((steps) => isRowAt(key, codes, shape, now, steps));
    if (delta === undefined) continue;
    const step = Math.floor(momentOf(shape, now, delta) / (1000 * shape.period));
    const lastStep = lastStepWithCode(key, last, shape, step);
    return { isInWindow: delta >= -past && delta <= future, delta, lastStep };
  }
  return undefined;
}

/** Whether any step from `distance` on, in either direction, has the code: two calls for 42 steps. */
function isInBlock(
  key: OtpKey,
  code: string,
  { digits, period }: CodeShape,
  timestamp: number,
  distance: number,
): boolean {
  const window = (BLOCK_STEPS - 1) / 2;
  return [distance + window, -distance - window].some(
    (drift) => verifyTotp(key, code, { timestamp, digits, period, window, drift }).valid,
  );
}

/** Whether the codes are those of consecutive steps, the last `delta` steps from the clock. */
function isRowAt(
  key: OtpKey,
  codes: readonly string[],
  shape: CodeShape,
  now: number,
  delta: number,
): boolean {
  const { digits, period } = shape;
  return codes.every((code, i) => {
    const timestamp = momentOf(shape, now, delta - (codes.length - 1) + i);
    return timestamp >= 0 && verifyTotp(key, code, { timestamp, digits, period, window: 0 }).valid;
  });
}
