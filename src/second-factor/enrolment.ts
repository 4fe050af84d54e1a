/** The commands for a new authenticator: enroll, confirm, adopt. */
import { hashRecoveryCode } from '../recovery-codes.js';
import { isLocked } from './attempt.js';
import { haveShape, matchFirst, readCode, readCodes } from './codes.js';
import type { ConfirmResult, FactorEnvironment, FactorEvent } from './contract.js';
import { eventOf } from './events.js';
import { gateProof, isCodeProof, useProof } from './proof.js';
import {
  type Authenticator,
  type FactorRecord,
  isPending,
  type PendingAuthenticator,
  UNTRIED,
} from './record.js';
import type { Decision, Rules } from './rules.js';

/** The name of an unnamed authenticator. */
const DEFAULT_NAME = 'Authenticator';

/** Puts an authenticator beside the others, where it waits for its first code. */
export const enroll: Rules<'enroll'> = {
  gate(record, { replaces, proof }, environment) {
    const held = record?.authenticators ?? [];
    const isKnown = replaces === undefined || replaces === 'all' || held.some(isNamed(replaces));
    if (!isKnown) return { ok: false, reason: 'unknown' };
    const isFull = held.length >= environment.policy.maxAuthenticators;
    if (replaces === undefined && isFull) return { ok: false, reason: 'too-many' };
    if (held.length === 0) return undefined;
    const refused = gateProof(record, proof, environment);
    if (refused?.reason === 'proof-required') return refused;
    const isShut = isLocked(record, environment) && replaces !== 'all';
    return isShut ? { ok: false, reason: 'locked' } : refused;
  },
  opens: (record, { proof }) => (isCodeProof(proof) ? record.authenticators : []),
  act(record, command, environment) {
    const isProven = record.authenticators.length > 0;
    const proven = isProven
      ? useProof(record, command.proof, environment)
      : ({ ok: true, record, events: [] } as const);
    if (!proven.ok) return proven;
    const { id, sealed, algorithm, digits, period } = command;
    const { pendingFor } = environment.policy;
    const pending: PendingAuthenticator = {
      ...{ id, name: nameOf(record, command), sealed, algorithm, digits, period },
      expiresAt: environment.now + 1000 * pendingFor,
      replaces: command.replaces as string | undefined,
    };
    const started = eventOf(environment, 'enrollment-started', { authenticatorId: id });
    return {
      result: { ok: true, enrollmentId: id, expiresIn: pendingFor },
      record: { ...proven.record, pending },
      events: [...proven.events, started],
    };
  },
};

function isNamed(id: unknown): (authenticator: { readonly id: string }) => boolean {
  return (authenticator) => authenticator.id === id;
}

/** The given name, the name of the one replaced authenticator, or the default. */
function nameOf(
  { authenticators }: FactorRecord,
  { name, replaces }: { readonly name?: string | undefined; readonly replaces?: unknown },
): string {
  const replaced = replaces === 'all' ? authenticators : authenticators.filter(isNamed(replaces));
  return name ?? (replaced.length === 1 ? replaced[0]?.name : undefined) ?? DEFAULT_NAME;
}

/** Confirms an enrolment by its first code, or by two where the phone's clock is off. */
export const confirm: Rules<'confirm'> = {
  gate(record, { enrollmentId, codes }, environment) {
    const pending = record?.pending;
    if (record?.authenticators.some(isNamed(enrollmentId))) return no('reused');
    if (pending === undefined || pending.id !== enrollmentId) return no('superseded');
    if (!isPending(record, environment.now, environment.policy.pendingFor)) return no('expired');
    return haveShape(readFirst(codes), pending) ? undefined : no('malformed');
  },
  opens: ({ pending }) => (pending ? [pending] : []),
  act(record, { codes }, environment) {
    const pending = record.pending as PendingAuthenticator;
    const typed = readFirst(codes);
    const match = matchFirst(pending, typed, environment);
    if (match === undefined) return { result: no('mismatch'), events: [] };
    const drift = match.isInWindow ? 0 : match.delta;
    const clockOff = drift * pending.period;
    if (!match.isInWindow && typed.length === 1) {
      return { result: { ok: false, reason: 'second-code', clockOff }, events: [] };
    }
    const { now } = environment;
    const { expiresAt: _expiresAt, replaces: _replaces, ...shape } = pending;
    const { lastStep } = match;
    const added: Authenticator = { ...shape, lastStep, drift, addedAt: now, usedAt: now };
    return add(record, added, pending.replaces, clockOff, environment);
  },
};

function no<Reason extends string>(
  reason: Reason,
): { readonly ok: false; readonly reason: Reason } {
  return { ok: false, reason };
}

/** One code, alone or in a list, or two. An empty code has no authenticator's shape. */
function readFirst(codes: unknown): readonly string[] {
  return readCodes(codes, 2) ?? readCodes(codes, 1) ?? readCode(codes);
}

/** Puts a confirmed authenticator in, in the place of the replaced ones. */
function add(
  record: FactorRecord,
  added: Authenticator,
  replaces: string | undefined,
  clockOff: number,
  environment: FactorEnvironment,
): Decision<ConfirmResult> {
  const isReplaced = ({ id }: Authenticator): boolean => replaces === 'all' || replaces === id;
  const replaced = record.authenticators.filter(isReplaced).map(({ id }) => id);
  const former = record.authenticators.filter((held) => !isReplaced(held));
  const epoch = record.epoch + (replaced.length > 0 ? 1 : 0);
  const authenticators = [...former, added];
  const changed = { ...record, epoch, authenticators, pending: undefined };
  const { id: authenticatorId } = added;
  const result = { ok: true, authenticatorId, clockOff, epoch } as const;
  const events = [addedEvent(authenticatorId, replaced, environment)];
  if (former.length > 0) return { result, record: changed, events };
  const { recoveryCodes } = environment;
  const fresh = { ...withRecoveryCodes(changed, environment), code: UNTRIED };
  return {
    result: recoveryCodes.length ? { ...result, recoveryCodes } : result,
    record: fresh,
    events,
  };
}

function addedEvent(
  authenticatorId: string,
  replaced: readonly string[],
  environment: FactorEnvironment,
): FactorEvent {
  return replaced.length > 0
    ? eventOf(environment, 'authenticator-replaced', { authenticatorId, replaced })
    : eventOf(environment, 'authenticator-added', { authenticatorId });
}

/** The record with the hashes of fresh recovery codes in the place of all earlier ones. */
export function withRecoveryCodes(
  record: FactorRecord,
  { userId, recoveryCodes }: FactorEnvironment,
): FactorRecord {
  const recovery = recoveryCodes.map((code) => ({ hash: hashRecoveryCode(userId, code) }));
  return { ...record, recovery };
}

/** Takes over a secret of another library. A job may run it twice. */
export const adopt: Rules<'adopt'> = {
  gate: (record) => (record?.authenticators.length ? no('enrolled') : undefined),
  opens: () => [],
  act(record, { id, name = DEFAULT_NAME, ...command }, environment) {
    const { sealed, algorithm, digits, period, lastStep, drift } = command;
    const adopted: Authenticator = {
      ...{ id, name, sealed, algorithm, digits, period, lastStep, drift },
      addedAt: environment.now,
      usedAt: 0,
    };
    return {
      result: { ok: true, authenticatorId: id },
      record: { ...record, authenticators: [adopted], pending: undefined },
      events: [eventOf(environment, 'adopted', { authenticatorId: id })],
    };
  },
};
