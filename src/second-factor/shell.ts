/**
 * The loop around the pure core: read the record, pass the gate, open the secrets, decide, write if
 * the row is unchanged. After a lost write another request has won, so the next try begins at once.
 */
import { OtpError } from '../errors.js';
import { createKey, type OtpKey } from '../key.js';
import { looksLikeSeconds, wrongKind } from './arguments.js';
import type {
  FactorCommand,
  FactorEnvironment,
  FactorEvent,
  FactorPolicy,
  FactorResults,
  FactorStore,
  SealedFor,
  Sealer,
  StoredFactor,
} from './contract.js';
import { act, gate, secretsToOpen } from './decide.js';
import {
  asciiJson,
  emptyRecord,
  epochToReset,
  type FactorRecord,
  firstEpoch,
  MAX_RECORD,
  readRecord,
  sealedWith,
  withSealed,
} from './record.js';
import type { Decision, SecretToOpen } from './rules.js';
import { resealedEvents, stateOf } from './settings.js';

type CommandType = keyof FactorResults;

/** The parts that run a command. */
export interface Shell {
  readonly store: FactorStore;
  readonly sealer: Sealer;
  readonly policy: FactorPolicy;
  readonly onEvent: (event: FactorEvent) => unknown;
  readonly now: () => number;
}

/** A command with its extras: a secret to seal, fresh recovery codes. */
export interface Request<Type extends CommandType> {
  readonly userId: string;
  readonly command: FactorCommand<Type>;
  readonly recoveryCodes?: readonly string[] | undefined;
  /** The new secret of `enroll` and `adopt`. */
  readonly secret?: Uint8Array | undefined;
}

const TRIES = 8;
/** The last moment of a Date. */
const LAST_MOMENT = 8.64e15;
/** With the most authenticators and recovery codes, a record then stays below its own bound. */
const MAX_SEALED = 1024;

/** The opened secrets of a command. */
interface Opened {
  readonly keys: ReadonlyMap<string, OtpKey>;
  /** Those under a former key, by their sealed texts. */
  readonly outdated: ReadonlyMap<string, Outdated>;
}

interface Outdated {
  readonly secret: Uint8Array;
  readonly about: SealedFor;
}

const NO_KEYS: ReadonlyMap<string, OtpKey> = new Map();

/**
 * Runs a command until its write wins, or it has nothing to write.
 *
 * @throws {OtpError} `record-unreadable`, `secret-unreadable`, or `store-conflict` after 8 tries
 */
export async function runCommand<Type extends CommandType>(
  shell: Shell,
  request: Request<Type>,
): Promise<FactorResults[Type]> {
  const { userId, secret } = request;
  let { command } = request;
  let isSealed = secret === undefined;
  for (let tries = 0; tries < TRIES; tries++) {
    const stored = checkStored(await shell.store.read(userId));
    const record = stored && recordOf(stored, command.type, shell);
    const environment = environmentOf(shell, request);
    const early = gate<Type>(record, command, environment);
    if (early !== undefined) return early;
    const opened = await openSecrets(shell, userId, record, command);
    if (!isSealed) {
      command = await withSealedSecret(shell.sealer, userId, command, secret as Uint8Array);
      isSealed = true;
    }
    const { keys, outdated } = opened;
    const given = { ...environment, keys, outdated: outdated.size };
    const decision = ownFields(act<Type>(record, command, given));
    if (await keep(shell, environment, stored, decision, opened)) return decision.result;
  }
  throw new OtpError('store-conflict', 0, `other requests won ${TRIES} writes in a row`);
}

function checkStored(stored: StoredFactor | undefined): StoredFactor | undefined {
  if (stored === undefined) return undefined;
  if (typeof stored?.record !== 'string' || typeof stored.version !== 'string') {
    wrongKind('store.read()', 'undefined, or a record and a version as strings', stored);
  }
  return stored;
}

/** The record; for a reset its epoch is enough. */
function recordOf({ record }: StoredFactor, type: CommandType, { now }: Shell): FactorRecord {
  try {
    return readRecord(record);
  } catch (error) {
    if (type !== 'reset') throw error;
    return emptyRecord(Math.max(epochToReset(record), firstEpoch(readClock(now))));
  }
}

function environmentOf(
  { policy, now }: Shell,
  { userId, recoveryCodes = [] }: { userId: string; recoveryCodes?: readonly string[] | undefined },
): FactorEnvironment {
  return { userId, now: readClock(now), keys: NO_KEYS, outdated: 0, recoveryCodes, policy };
}

/** @throws {TypeError | RangeError} for a broken clock: it must not shorten a wait. */
function readClock(now: () => number): number {
  const given: unknown = now();
  const moment = typeof given === 'number' ? Math.floor(given) : Number.NaN;
  if (!(moment >= 0 && moment <= LAST_MOMENT) || looksLikeSeconds(moment)) {
    throw new RangeError('"now" must give milliseconds since 1970, as Date.now does');
  }
  return moment;
}

// Secrets --------------------------------------------------------------------------------------------

/** Opens every secret of a command before anything is compared. */
async function openSecrets<Type extends CommandType>(
  { sealer }: Shell,
  userId: string,
  record: FactorRecord | undefined,
  command: FactorCommand<Type>,
): Promise<Opened> {
  const keys = new Map<string, OtpKey>();
  const outdated = new Map<string, Outdated>();
  const open = async ({ id, sealed, algorithm }: SecretToOpen): Promise<void> => {
    const isCurrent: unknown = sealer.isCurrent(sealed);
    // A promise would count as true, and no secret would ever be sealed anew.
    if (typeof isCurrent !== 'boolean') wrongKind('sealer.isCurrent()', 'a boolean', isCurrent);
    if (command.type === 'reseal' && isCurrent) return;
    const about = { userId, authenticatorId: id };
    const secret = await sealer.open(sealed, about);
    if (!(secret instanceof Uint8Array)) wrongKind('sealer.open()', 'a Uint8Array', secret);
    keys.set(id, createKey(secret, { algorithm }));
    if (!isCurrent) outdated.set(sealed, { secret, about });
  };
  // At once: a key service is asked once for all, as far as time goes.
  await Promise.all(secretsToOpen<Type>(record, command).map(open));
  return { keys, outdated };
}

/** @throws {TypeError | RangeError} if the sealer gives no text of 1 to 2,048 characters. */
async function sealSecret(sealer: Sealer, secret: Uint8Array, about: SealedFor): Promise<string> {
  const sealed = await sealer.seal(secret, about);
  if (typeof sealed !== 'string') wrongKind('sealer.seal()', 'a string', sealed);
  if (sealed === '' || sealed.length > MAX_SEALED) {
    throw new RangeError(`"sealer.seal()" must give 1 to ${MAX_SEALED} characters`);
  }
  return sealed;
}

/** The command with its secret sealed for the new authenticator. */
async function withSealedSecret<Type extends CommandType>(
  sealer: Sealer,
  userId: string,
  command: FactorCommand<Type>,
  secret: Uint8Array,
): Promise<FactorCommand<Type>> {
  const authenticatorId = (command as unknown as { readonly id: string }).id;
  const sealed = await sealSecret(sealer, secret, { userId, authenticatorId });
  return { ...command, sealed };
}

/** Seals anew all secrets under a former key. */
async function sealAnew(
  sealer: Sealer,
  outdated: ReadonlyMap<string, Outdated>,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const [former, { secret, about }] of outdated) {
    texts.set(former, await sealSecret(sealer, secret, about));
  }
  return texts;
}

// Writing --------------------------------------------------------------------------------------------

/** The same without a prototype, which pollution could give a record. */
function ownFields<T extends object>(decision: T): T {
  return Object.assign(Object.create(null) as T, decision);
}

/** Writes a decision, if there is anything to write; false if another request won. */
async function keep<Result>(
  { store, sealer, onEvent }: Shell,
  environment: FactorEnvironment,
  stored: StoredFactor | undefined,
  { record, events }: Decision<Result>,
  { outdated }: Opened,
): Promise<boolean> {
  let all = events;
  if (record !== undefined) {
    let renewed = record;
    if (outdated.size > 0) {
      const texts = await sealAnew(sealer, outdated);
      renewed = withSealed(record, texts);
      all = [...events, ...resealedEvents(record, texts, environment)];
    }
    const text = asciiJson(renewed);
    if (text.length > MAX_RECORD)
      throw new RangeError('the record is longer than 16,384 characters');
    const state = stateOf(renewed, environment);
    const details = { state, sealedWith: sealedWith(renewed), events: all };
    const isKept = await store.write(environment.userId, text, stored?.version, details);
    if (typeof isKept !== 'boolean') wrongKind('store.write()', 'true or false', isKept);
    if (!isKept) return false;
  }
  for (const event of all) await onEvent(event);
  return true;
}
