/** The commands of a settings page and of support: status, rename, remove, codes, reset, reseal. */
import { isLocked } from './attempt.js';
import type { FactorEnvironment } from './contract.js';
import { withRecoveryCodes } from './enrolment.js';
import { eventOf } from './events.js';
import { gateProof, isCodeProof, useProof } from './proof.js';
import {
  emptyRecord,
  type FactorRecord,
  type FactorState,
  isPending,
  recoveryCodesLeft,
  secretsOf,
  UNTRIED,
} from './record.js';
import type { Rules } from './rules.js';
import { attemptsLeft, retryAfter } from './throttle.js';

/** The state of a record; a user without one has none. */
export function stateOf(
  record: FactorRecord | undefined,
  environment: FactorEnvironment,
): FactorState {
  if (isLocked(record, environment)) return 'locked';
  if (record?.authenticators.length) return 'active';
  return isPending(record, environment.now, environment.policy.pendingFor) ? 'pending' : 'none';
}

/** The factor as it stands; it changes nothing. */
export const status: Rules<'status'> = {
  gate(record, _command, environment) {
    const { now, policy } = environment;
    const code = record?.code ?? UNTRIED;
    const authenticators = record?.authenticators ?? [];
    return {
      state: stateOf(record, environment),
      authenticators: authenticators.map(({ id, name, addedAt, usedAt }) => ({
        ...{ id, name, addedAt, usedAt },
      })),
      recoveryCodesLeft: recoveryCodesLeft(record),
      retryAfter: retryAfter(code, now, policy.throttle),
      attemptsLeft: attemptsLeft(code, now, policy.throttle),
      epoch: record?.epoch ?? 0,
    };
  },
  opens: () => [],
  act: (record, command, environment) => ({
    result: status.gate(record, command, environment) as never,
    events: [],
  }),
};

/** Gives an authenticator another name. */
export const rename: Rules<'rename'> = {
  gate: (record, { authenticatorId }) => gateKnown(record, authenticatorId),
  opens: () => [],
  act(record, { authenticatorId, name }, environment) {
    const authenticators = record.authenticators.map((held) =>
      held.id === authenticatorId ? { ...held, name } : held,
    );
    const details = { authenticatorId: authenticatorId as string };
    return {
      result: { ok: true },
      record: { ...record, authenticators },
      events: [eventOf(environment, 'renamed', details)],
    };
  },
};

function gateKnown(
  record: FactorRecord | undefined,
  authenticatorId: unknown,
): { readonly ok: false; readonly reason: 'unknown' } | undefined {
  const isKnown = record?.authenticators.some(({ id }) => id === authenticatorId);
  return isKnown ? undefined : { ok: false, reason: 'unknown' };
}

/** Takes an authenticator away; with the last one goes everything but the epoch. */
export const remove: Rules<'remove'> = {
  gate: (record, { authenticatorId, proof }, environment) =>
    gateKnown(record, authenticatorId) ?? gateProof(record, proof, environment),
  opens: (record, { proof }) => (isCodeProof(proof) ? record.authenticators : []),
  act(record, { authenticatorId, proof }, environment) {
    const proven = useProof(record, proof, environment);
    if (!proven.ok) return proven;
    const authenticators = proven.record.authenticators.filter(({ id }) => id !== authenticatorId);
    const { epoch, recovery } = proven.record;
    const isKept = environment.policy.keepRecoveryCodes;
    const changed: FactorRecord =
      authenticators.length > 0
        ? { ...proven.record, authenticators, epoch: epoch + 1, pending: undefined }
        : { ...emptyRecord(epoch + 1), recovery: isKept ? recovery : [] };
    const details = { authenticatorId: authenticatorId as string };
    return {
      result: { ok: true, state: stateOf(changed, environment), epoch: changed.epoch },
      record: changed,
      events: [...proven.events, eventOf(environment, 'authenticator-removed', details)],
    };
  },
};

/** Hands out new recovery codes; the former ones end. */
export const regenerate: Rules<'regenerate'> = {
  gate(record, { proof }, environment) {
    const refused = gateProof(record, proof, environment);
    if (refused !== undefined) return refused;
    return record?.authenticators.length ? undefined : { ok: false, reason: 'not-enrolled' };
  },
  opens: (record, { proof }) => (isCodeProof(proof) ? record.authenticators : []),
  act(record, { proof }, environment) {
    const proven = useProof(record, proof, environment);
    if (!proven.ok) return proven;
    return {
      result: { ok: true, recoveryCodes: environment.recoveryCodes },
      record: withRecoveryCodes(proven.record, environment),
      events: [...proven.events, eventOf(environment, 'recovery-codes-regenerated')],
    };
  },
};

/** Throws everything away but the epoch, for a user identified by support. */
export const reset: Rules<'reset'> = {
  gate: () => undefined,
  opens: () => [],
  act(record, { by }, environment) {
    const epoch = record.epoch + 1;
    return {
      result: { ok: true, epoch },
      record: emptyRecord(epoch),
      events: [eventOf(environment, 'reset', { by })],
    };
  },
};

/** Writes the record again, with every outdated secret sealed by the current key. */
export const reseal: Rules<'reseal'> = {
  gate: (record) => (record ? undefined : { ok: true, resealed: 0 }),
  opens: secretsOf,
  act: (record, _command, { outdated }) => ({
    result: { ok: true, resealed: outdated },
    record: outdated > 0 ? record : undefined,
    events: [],
  }),
};

/** One event for each secret sealed anew. */
export function resealedEvents(
  record: FactorRecord,
  sealed: ReadonlyMap<string, string>,
  environment: FactorEnvironment,
): ReturnType<typeof eventOf>[] {
  return secretsOf(record)
    .filter((held) => sealed.has(held.sealed))
    .map(({ id: authenticatorId }) => eventOf(environment, 'resealed', { authenticatorId }));
}
