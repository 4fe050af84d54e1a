/**
 * Attempts with a code or a recovery code: at sign-in, and as the proof for a change.
 *
 * First the gate, without opening a secret: enrolled, not locked, well-formed, not throttled. Then the
 * comparison: a wrong code is counted, a right one is used up.
 */
import { hashRecoveryCode, readRecoveryCode } from '../recovery-codes.js';
import { haveShape, type Match } from './codes.js';
import type { FactorEnvironment, FactorEvent, Refusal } from './contract.js';
import { eventOf } from './events.js';
import { type Authenticator, type FactorRecord, recoveryCodesLeft } from './record.js';
import {
  afterFailure,
  afterSuccess,
  attemptsLeft,
  isLockedOut,
  isQuarterSpent,
  retryAfter,
} from './throttle.js';

/** The record after a success. */
export interface Accepted {
  readonly ok: true;
  readonly record: FactorRecord;
  readonly events: readonly FactorEvent[];
  /** Where the code matched first; undefined for a recovery code. */
  readonly match?: Match | undefined;
}

/** Why an attempt failed. `record` is there if the failure was counted. */
export interface Failed {
  readonly ok: false;
  readonly result: Refusal;
  readonly record?: FactorRecord | undefined;
  readonly events: readonly FactorEvent[];
}

type Kind = 'code' | 'recovery-code';
type Matcher = (
  authenticator: Authenticator,
  codes: readonly string[],
  environment: FactorEnvironment,
) => Match | undefined;

/** This many wrong codes in a row: the attacker knows the password. */
const GUESSING = 10;
/** This many: the phone's clock may be off. */
const CHECK_CLOCK = 2;

/** Whether codes are refused for good, until every authenticator is replaced. */
export function isLocked(record: FactorRecord | undefined, { policy }: FactorEnvironment): boolean {
  if (record === undefined || record.authenticators.length === 0) return false;
  return isLockedOut(record.code, policy.throttle);
}

/** Refuses codes before any secret is opened; `isHeld` if waits apply. */
export function gateCodes(
  record: FactorRecord | undefined,
  codes: readonly string[] | undefined,
  environment: FactorEnvironment,
  isHeld = true,
): Refusal | undefined {
  if (!record?.authenticators.length) return { ok: false, reason: 'not-enrolled' };
  if (isLocked(record, environment)) return { ok: false, reason: 'locked' };
  const isCode = codes && record.authenticators.some((shape) => haveShape(codes, shape));
  if (!isCode) return refusal('malformed', record, 'code', environment);
  const wait = retryAfter(record.code, environment.now, environment.policy.throttle);
  return isHeld && wait > 0 ? { ok: false, reason: 'throttled', retryAfter: wait } : undefined;
}

/**
 * Compares codes with every authenticator of their length, and uses them up wherever they match.
 *
 * @param isCounted - whether a miss is a failure
 */
export function useCodes(
  record: FactorRecord,
  codes: readonly string[],
  matcher: Matcher,
  environment: FactorEnvironment,
  isCounted = true,
): Accepted | Failed {
  const matches = record.authenticators
    .filter((shape) => haveShape(codes, shape))
    .flatMap((authenticator) => matcher(authenticator, codes, environment) ?? []);
  const fresh = matches.filter(({ isFresh }) => isFresh);
  const [first] = fresh;
  if (first !== undefined) return accept(record, first, fresh, environment);
  if (matches.length > 0) return reuse(record, 'code', environment);
  if (isCounted) return fail(record, 'code', environment);
  return { ok: false, result: refusal('mismatch', record, 'code', environment), events: [] };
}

function accept(
  record: FactorRecord,
  match: Match,
  fresh: readonly Match[],
  environment: FactorEnvironment,
): Accepted {
  const authenticators = record.authenticators.map((held) => {
    const found = fresh.find(({ authenticator }) => authenticator === held);
    if (found === undefined) return held;
    const { lastStep, drift } = found;
    return { ...held, lastStep, drift, usedAt: environment.now };
  });
  const { id: authenticatorId } = match.authenticator;
  return {
    ok: true,
    record: { ...record, authenticators, code: afterSuccess(record.code) },
    events: [eventOf(environment, 'accepted', { authenticatorId })],
    match,
  };
}

/** Refuses a recovery code before the comparison. */
export function gateRecoveryCode(
  record: FactorRecord | undefined,
  typed: unknown,
  environment: FactorEnvironment,
): Refusal | undefined {
  if (record === undefined || record.authenticators.length + record.recovery.length === 0) {
    return { ok: false, reason: 'not-enrolled' };
  }
  const isCode = readRecoveryCode(typed) !== undefined;
  return isCode ? undefined : refusal('malformed', record, 'recovery-code', environment);
}

/** Uses up a recovery code. A right, unused one passes the wait. */
export function useRecoveryCode(
  record: FactorRecord,
  typed: unknown,
  environment: FactorEnvironment,
): Accepted | Failed {
  const { userId, now, policy } = environment;
  const hash = hashRecoveryCode(userId, readRecoveryCode(typed) ?? '');
  const held = record.recovery.find((recovery) => recovery.hash === hash);
  if (held !== undefined && held.usedAt === undefined) {
    const recovery = record.recovery.map((code) => (code === held ? { hash, usedAt: now } : code));
    const used = { ...record, recovery, recover: afterSuccess(record.recover) };
    const left = recoveryCodesLeft(used);
    const events = [eventOf(environment, 'recovery-code-used', { left })];
    return { ok: true, record: used, events };
  }
  const wait = retryAfter(record.recover, now, policy.throttle);
  if (wait > 0) {
    return { ok: false, result: { ok: false, reason: 'throttled', retryAfter: wait }, events: [] };
  }
  return held
    ? reuse(record, 'recovery-code', environment)
    : fail(record, 'recovery-code', environment);
}

function reuse(record: FactorRecord, reason: Kind, environment: FactorEnvironment): Failed {
  const events = [eventOf(environment, 'reused', { reason })];
  return { ok: false, result: refusal('reused', record, reason, environment), events };
}

/** Counts a wrong code. */
function fail(record: FactorRecord, reason: Kind, environment: FactorEnvironment): Failed {
  const { now, policy } = environment;
  const counted =
    reason === 'code'
      ? { ...record, code: afterFailure(record.code, now, policy.throttle) }
      : { ...record, recover: afterFailure(record.recover, now, policy.throttle) };
  const { failures } = reason === 'code' ? counted.code : counted.recover;
  const details = { reason, failures };
  const events = [eventOf(environment, 'refused', details)];
  if (
    failures === GUESSING ||
    (reason === 'code' && isQuarterSpent(record.code, now, policy.throttle))
  ) {
    events.push(eventOf(environment, 'guessing', details));
  }
  const isLockedNow = reason === 'code' && failures === policy.throttle.maxFailures;
  if (isLockedNow) events.push(eventOf(environment, 'locked', details));
  const refused = refusal('mismatch', counted, reason, environment);
  const isHinted = reason === 'code' && failures >= CHECK_CLOCK;
  const result: Refusal = isHinted ? ({ ...refused, hint: 'check-clock' } as Refusal) : refused;
  return { ok: false, result, record: counted, events };
}

function refusal(
  reason: 'malformed' | 'reused' | 'mismatch',
  record: FactorRecord,
  kind: Kind,
  { now, policy }: FactorEnvironment,
): Refusal {
  const streak = kind === 'code' ? record.code : record.recover;
  return {
    ok: false,
    reason,
    attemptsLeft: attemptsLeft(streak, now, policy.throttle),
    retryAfter: retryAfter(streak, now, policy.throttle),
  };
}
