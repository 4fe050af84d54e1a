/**
 * The record of a user's second factor, version 1: plain JSON, one row a user.
 *
 * States are derived from it and never stored, so no flag can disagree with the authenticators.
 * An unreadable text is an error: it never stands for a user without a factor.
 */
import { OtpError } from '../errors.js';
import type { Algorithm } from '../key.js';
import { isName } from './arguments.js';
import { CLOCK_SKEW, type Streak } from './throttle.js';

/** `locked`: 100 wrong codes in a row. `pending`: an enrolment waits for its first code. */
export type FactorState = 'none' | 'pending' | 'active' | 'locked';

/** A confirmed authenticator. */
export interface Authenticator {
  readonly id: string;
  readonly name: string;
  readonly sealed: string;
  readonly algorithm: Algorithm;
  readonly digits: number;
  /** Seconds. */
  readonly period: number;
  /** The highest step used so far; -1 for none. */
  readonly lastStep: number;
  /** Steps the phone is ahead; negative if it is slow. */
  readonly drift: number;
  readonly addedAt: number;
  readonly usedAt: number;
}

/** An authenticator before its first code. */
export interface PendingAuthenticator {
  readonly id: string;
  readonly name: string;
  readonly sealed: string;
  readonly algorithm: Algorithm;
  readonly digits: number;
  readonly period: number;
  readonly expiresAt: number;
  /** The id of the replaced authenticator, or `'all'`. */
  readonly replaces?: string | undefined;
}

/** The hash of a recovery code. A used one stays, to recognise a form sent twice. */
export interface RecoveryHash {
  readonly hash: string;
  readonly usedAt?: number | undefined;
}

/** The stored second factor of a user. Moments are milliseconds. */
export interface FactorRecord {
  readonly v: 1;
  /** Rises whenever sessions and remembered devices should end. */
  readonly epoch: number;
  readonly authenticators: readonly Authenticator[];
  readonly pending?: PendingAuthenticator | undefined;
  readonly code: Streak & { readonly spentUntil: number };
  readonly recover: Streak;
  readonly recovery: readonly RecoveryHash[];
}

const NO_FAILURES: Streak = Object.freeze({ failures: 0, retryAt: 0 });
/** No code has been refused, and the budget is untouched. */
export const UNTRIED: FactorRecord['code'] = Object.freeze({ ...NO_FAILURES, spentUntil: 0 });

/** A record without authenticators: a new one, or the tombstone of a removed factor. */
export function emptyRecord(epoch: number): FactorRecord {
  return {
    v: 1,
    epoch,
    authenticators: [],
    pending: undefined,
    code: UNTRIED,
    recover: NO_FAILURES,
    recovery: [],
  };
}

/** The first epoch of a record. A row made anew repeats no former epoch. */
export function firstEpoch(now: number): number {
  return Math.floor(now / 1000);
}

/**
 * Whether an enrolment waits for its first code. An end too far
 * ahead was written by a fast clock, and counts as expired.
 *
 * @param pendingFor - seconds
 */
export function isPending(
  record: FactorRecord | undefined,
  now: number,
  pendingFor: number,
): record is FactorRecord & { readonly pending: PendingAuthenticator } {
  const left = (record?.pending?.expiresAt ?? now) - now;
  return left > 0 && left <= 1000 * pendingFor + CLOCK_SKEW;
}

/** How many recovery codes are unused. */
export function recoveryCodesLeft(record: FactorRecord | undefined): number {
  return record?.recovery.filter(({ usedAt }) => usedAt === undefined).length ?? 0;
}

/** Every sealed secret of a record, a pending one included. */
export function secretsOf({
  authenticators,
  pending,
}: FactorRecord): readonly (Authenticator | PendingAuthenticator)[] {
  return pending ? [...authenticators, pending] : authenticators;
}

/** Ids of the record's sealing keys. */
export function sealedWith(record: FactorRecord): string[] {
  const ids = secretsOf(record).flatMap(({ sealed }) => /^[\w-]{1,32}(?=\.)/.exec(sealed) ?? []);
  return [...new Set(ids)].sort();
}

/** The record with other texts in the place of sealed ones. */
export function withSealed(record: FactorRecord, texts: ReadonlyMap<string, string>): FactorRecord {
  const renewed = <Sealed extends { readonly sealed: string }>(holder: Sealed): Sealed => ({
    ...holder,
    sealed: texts.get(holder.sealed) ?? holder.sealed,
  });
  const { authenticators, pending } = record;
  return {
    ...record,
    authenticators: authenticators.map(renewed),
    pending: pending && renewed(pending),
  };
}

/** JSON in ASCII alone, safe from the character sets of databases and connections. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

// Reading --------------------------------------------------------------------------------------------

/** The longest record; stores keep at least 16 kB. */
export const MAX_RECORD = 16_384;
const MAX_TEXT = 2_048;
/** A higher one is unreadable, so that a reset begins anew. */
const MAX_EPOCH = 2 ** 52;
const UNKNOWN_VERSION = 'has a version that this release does not read';

/** Gives back a part of the record as it is, or refuses it. */
type Reader = (value: unknown) => unknown;
type Shape = Readonly<Record<string, Reader>>;

const SECRET: Shape = {
  id: readText,
  name: (value) => (isName(readText(value)) ? value : refuse('has a name that is none')),
  sealed: readText,
  algorithm: (value) =>
    ['SHA1', 'SHA256', 'SHA512'].includes(value as string)
      ? value
      : refuse('has an unknown algorithm'),
  digits: whole(6, 9),
  period: whole(1, 86_400),
};
const AUTHENTICATOR: Shape = {
  ...SECRET,
  lastStep: whole(-1),
  drift: whole(-(2 ** 52), 2 ** 52),
  addedAt: whole(0),
  usedAt: whole(0),
};
const PENDING: Shape = { ...SECRET, expiresAt: whole(0), replaces: optional(readText) };
const STREAK: Shape = { failures: whole(0), retryAt: whole(0) };
const readRecordFields = fields({
  v: (value) => (value === 1 ? value : refuse(UNKNOWN_VERSION)),
  epoch: whole(0, MAX_EPOCH),
  authenticators: list(AUTHENTICATOR),
  pending: optional(fields(PENDING)),
  code: fields({ ...STREAK, spentUntil: whole(0) }),
  recover: fields(STREAK),
  recovery: list({ hash: readText, usedAt: optional(whole(0)) }),
});

/** The fields of a damaged record for a reset. */
const readHead = fields({ v: (value) => value, epoch: (value) => value });

/**
 * Reads a stored record. Unknown fields are dropped.
 *
 * @throws {OtpError} `record-unreadable` if the text is no record of version 1
 */
export function readRecord(text: string): FactorRecord {
  return readRecordFields(parse(text)) as FactorRecord;
}

/**
 * The epoch to count on from when everything is thrown away, or -1 if none can be read.
 *
 * @throws {OtpError} `record-unreadable` if the version is another number:
 *   a newer release wrote it, and has to take it down
 */
export function epochToReset(text: string): number {
  let v: unknown;
  let epoch: unknown;
  try {
    ({ v, epoch } = readHead(parse(text)) as { v: unknown; epoch: unknown });
  } catch {
    return -1;
  }
  if (typeof v === 'number' && v !== 1) refuse(UNKNOWN_VERSION);
  return Number.isSafeInteger(epoch) && (epoch as number) < MAX_EPOCH ? (epoch as number) : -1;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('is no JSON');
  }
}

/** Reads the fields of a shape, in its order. Each is an own one: a prototype may be polluted. */
function fields(shape: Shape): Reader {
  const entries = Object.entries(shape);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      refuse('lacks an object');
    }
    const read: Record<string, unknown> = {};
    for (const [name, reader] of entries) {
      const isOwn = Object.hasOwn(value, name);
      read[name] = reader(isOwn ? (value as Record<string, unknown>)[name] : undefined);
    }
    return read;
  };
}

function list(shape: Shape): Reader {
  const read = fields(shape);
  return (value) => (Array.isArray(value) ? value.map(read) : refuse('lacks a list'));
}

function optional(read: Reader): Reader {
  return (value) => (value === undefined ? value : read(value));
}

function readText(value: unknown): string {
  const isText = typeof value === 'string' && value !== '' && value.length <= MAX_TEXT;
  return isText ? value : refuse('lacks a text');
}

function whole(min: number, max: number = Number.MAX_SAFE_INTEGER): Reader {
  return (value) => {
    const isWhole =
      Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
    return isWhole ? value : refuse('lacks a whole number');
  };
}

function refuse(what: string): never {
  throw new OtpError('record-unreadable', 0, `the stored record ${what}`);
}
