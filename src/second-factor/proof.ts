/**
 * The proof for a change: a code, a recovery code, or a session that passed the second factor a short
 * time ago.
 */

import { looksLikeSeconds, wrongKind } from './arguments.js';
import {
  type Accepted,
  type Failed,
  gateCodes,
  gateRecoveryCode,
  useCodes,
  useRecoveryCode,
} from './attempt.js';
import { matchCode, readCode } from './codes.js';
import type { FactorEnvironment, Proof, Refusal } from './contract.js';
import type { FactorRecord } from './record.js';
import { CLOCK_SKEW } from './throttle.js';

/** A session's proof ends 15 minutes after it passed the second factor. */
const SESSION_PROOF = 15 * 60_000;
const KINDS = ['code', 'recoveryCode', 'session'] as const;

interface Reading {
  readonly kind: (typeof KINDS)[number];
  readonly value: unknown;
}

/** Whether a secret has to be opened to check the proof. */
export function isCodeProof(proof: unknown): boolean {
  return readProof(proof)?.kind === 'code';
}

/** Refuses a proof before any secret is opened. */
export function gateProof(
  record: FactorRecord | undefined,
  proof: unknown,
  environment: FactorEnvironment,
): Refusal | { readonly ok: false; readonly reason: 'proof-required' } | undefined {
  const given = readProof(proof);
  if (given?.kind === 'code') return gateCodes(record, readCode(given.value), environment);
  if (given?.kind === 'recoveryCode') return gateRecoveryCode(record, given.value, environment);
  if (given === undefined || !isRecentSession(record, given.value, environment.now)) {
    return { ok: false, reason: 'proof-required' };
  }
  return undefined;
}

/** Checks the proof and uses it up; the caller writes it together with the change. */
export function useProof(
  record: FactorRecord,
  proof: unknown,
  environment: FactorEnvironment,
): Accepted | Failed {
  const given = readProof(proof);
  if (given?.kind === 'code') {
    return useCodes(record, readCode(given.value), matchCode, environment);
  }
  if (given?.kind === 'recoveryCode') return useRecoveryCode(record, given.value, environment);
  if (given === undefined || !isRecentSession(record, given.value, environment.now)) {
    throw new TypeError('"proof" changed while it was checked');
  }
  return { ok: true, record, events: [] };
}

/** A copy of a proof, read once: the caller's object may change while secrets are opened. */
export function copyProof(proof: unknown): Proof | undefined {
  const given = readProof(proof);
  if (given === undefined) return undefined;
  const { kind, value } = given;
  const isObject = typeof value === 'object' && value !== null;
  return { [kind]: isObject ? { ...value } : value } as unknown as Proof;
}

/** @throws {TypeError} for two proofs at once: one of them has to count. */
function readProof(proof: unknown): Reading | undefined {
  if (typeof proof !== 'object' || proof === null) return undefined;
  const given: Readonly<Record<string, unknown>> = Object.assign(Object.create(null), proof);
  const [kind, another] = KINDS.filter((name) => given[name] !== undefined);
  if (another !== undefined) wrongKind('proof', 'one of code, recoveryCode and session', proof);
  return kind && { kind, value: given[kind] };
}

function isRecentSession(record: FactorRecord | undefined, session: unknown, now: number): boolean {
  if (typeof session !== 'object' || session === null) return false;
  const { epoch, verifiedAt } = Object.assign(Object.create(null), session);
  requireMilliseconds(verifiedAt);
  if (!Number.isSafeInteger(epoch) || !Number.isSafeInteger(verifiedAt)) return false;
  const age = now - verifiedAt;
  return epoch === record?.epoch && age <= SESSION_PROOF && age >= -CLOCK_SKEW;
}

/**
 * A session's time is the application's own value, so a wrong unit is its mistake and no refusal.
 *
 * @throws {TypeError | RangeError} for a Date, a text, or seconds of today
 */
function requireMilliseconds(verifiedAt: unknown): void {
  if (verifiedAt === undefined) return;
  const name = 'proof.session.verifiedAt';
  if (typeof verifiedAt !== 'number') {
    wrongKind(name, 'a number in milliseconds, as Date.now() gives', verifiedAt);
  }
  if (looksLikeSeconds(verifiedAt)) {
    throw new RangeError(`"${name}" must be in milliseconds: it looks like seconds`);
  }
}
