/**
 * A whole second factor: enrolment, sign-in, waits, recovery codes, new and lost phones, and secrets
 * sealed at rest, over one record a user and one conditional write. Preview.
 *
 * Left to the caller: sessions, the right to reset, and telling users of events marked `notify`.
 */
import { decodeBase32Lenient, encodeBase32 } from './base32.js';
import { type Algorithm, createKey } from './key.js';
import { buildOtpauthUri } from './otpauth-uri.js';
import { generateRecoveryCodes } from './recovery-codes.js';
import {
  openOptions,
  requireActor,
  requireFunction,
  requireInteger,
  requireName,
  requireText,
  requireUserId,
  wrongKind,
} from './second-factor/arguments.js';
import type {
  ConfirmResult,
  EnrollResult,
  FactorArguments,
  FactorCommand,
  FactorEvent,
  FactorResults,
  FactorStatus,
  FactorStore,
  FactorWindow,
  Proof,
  RecoverResult,
  RegenerateResult,
  RemoveResult,
  ResyncResult,
  Sealer,
  VerifyResult,
} from './second-factor/contract.js';
import { copyProof } from './second-factor/proof.js';
import { type Request, runCommand, type Shell } from './second-factor/shell.js';
import { readThrottle, type ThrottlePolicy } from './second-factor/throttle.js';
import { generateSecret } from './secret.js';

export type {
  AuthenticatorInfo,
  ConfirmResult,
  EnrollDecision,
  EnrollResult,
  FactorArguments,
  FactorCommand,
  FactorEnvironment,
  FactorEvent,
  FactorEventType,
  FactorPolicy,
  FactorResults,
  FactorStatus,
  FactorStore,
  FactorWindow,
  FailedWith,
  Proof,
  RecoverResult,
  Refusal,
  RegenerateResult,
  RemoveResult,
  ResyncResult,
  SealedFor,
  SealedSecret,
  Sealer,
  StoredFactor,
  VerifyResult,
  WriteDetails,
} from './second-factor/contract.js';
export { decide } from './second-factor/decide.js';
export type {
  Authenticator,
  FactorRecord,
  FactorState,
  PendingAuthenticator,
  RecoveryHash,
} from './second-factor/record.js';
export type { Decision } from './second-factor/rules.js';
export { type AesGcmSealerOptions, aesGcmSealer } from './second-factor/sealing.js';
export {
  afterFailure,
  afterSuccess,
  attemptsLeft,
  type ChanceOptions,
  chance,
  retryAfter,
  type Streak,
  type ThrottlePolicy,
} from './second-factor/throttle.js';

/** Options of {@link createSecondFactor}. */
export interface SecondFactorOptions {
  /** Your service's name, as authenticator apps show it. */
  readonly issuer: string;
  /** Where records are kept, such as `postgresFactorStore(pool)`. */
  readonly store: FactorStore;
  /** Encrypts secrets at rest, such as `aesGcmSealer({ current, keys })`. */
  readonly sealer: Sealer;
  /** The hash of new authenticators. Default `'SHA1'`: every app computes it. */
  readonly algorithm?: Algorithm | undefined;
  /** Digits of new authenticators' codes, 6 to 9. Default 6. */
  readonly digits?: number | undefined;
  /** Seconds a code lasts, 1 to 86,400. Default 30: every app computes it. */
  readonly period?: number | undefined;
  /** Steps accepted on either side of the current one, 0 to 10 each. Default 1. */
  readonly window?: number | FactorWindow | undefined;
  /** Authenticators a user may have, 1 to 5. Default 5. */
  readonly maxAuthenticators?: number | undefined;
  /** Recovery codes handed out at once, 0 to 20. Default 10. */
  readonly recoveryCodes?: number | undefined;
  /** Whether recovery codes outlive the last authenticator. Default false. */
  readonly keepRecoveryCodes?: boolean | undefined;
  /** Seconds until an enrolment expires, 60 to 86,400. Default 900. */
  readonly pendingFor?: number | undefined;
  /** How guesses are held back. */
  readonly throttle?: Partial<ThrottlePolicy> | undefined;
  /** Whether three consecutive codes end a wait. Default true. */
  readonly unlock?: boolean | undefined;
  /** Called after the write with each event, and awaited. Its error rejects the call. */
  readonly onEvent?: ((event: FactorEvent) => unknown) | undefined;
  /** The clock, in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Options of {@link SecondFactor.enroll}. */
export interface EnrollOptions {
  /** The user's name with you, as the app shows it: typically an email address. */
  readonly account: string;
  /** Default: as of the second factor. */
  readonly issuer?: string | undefined;
  /** Default: as of the second factor. */
  readonly algorithm?: Algorithm | undefined;
  /** Digits of a code, 6 to 9. Default: as of the second factor. */
  readonly digits?: number | undefined;
  /** The user's name for this authenticator, 1 to 64 characters. */
  readonly name?: string | undefined;
  /** The id of the replaced authenticator, or `'all'`. Default: it is added. */
  readonly replaces?: unknown;
  /** Needed once an authenticator is confirmed. */
  readonly proof?: Proof | undefined;
}

/** A secret enrolled by another library. */
export interface AdoptOptions {
  /** The bytes, or their base32 text. 10 bytes are taken. */
  readonly secret: Uint8Array | string;
  /** Default `'SHA1'`. */
  readonly algorithm?: Algorithm | undefined;
  /** Digits of a code, 6 to 9. Default 6. */
  readonly digits?: number | undefined;
  /** Seconds a code lasts, 1 to 86,400. Default 30. */
  readonly period?: number | undefined;
  /** The highest step used so far; default -1, for none. */
  readonly lastStep?: number | undefined;
  /** Steps the phone is ahead, -2,880 to 2,880. Default 0. */
  readonly drift?: number | undefined;
  /** The user's name for this authenticator, 1 to 64 characters. */
  readonly name?: string | undefined;
}

/** Options of a change. */
export interface ProofOptions {
  /** A code, a recovery code or a session; without one the answer is `proof-required`. */
  readonly proof?: Proof | undefined;
}

/**
 * A second factor over one store. Errors of the store and the sealer come through. An unreadable
 * record or secret is an OtpError, and so is `store-conflict`, after 8 lost writes.
 * Arguments of type unknown may come from a form as they are.
 */
export interface SecondFactor {
  /** The factor as it stands. */
  status(userId: string): Promise<FactorStatus>;
  /** Makes a secret, pending until its first code. A former authenticator works until `confirm`. */
  enroll(userId: string, options: EnrollOptions): Promise<EnrollResult>;
  /** Confirms an enrolment: `codes` is one code, or the first and the next. */
  confirm(userId: string, enrollmentId: unknown, codes: unknown): Promise<ConfirmResult>;
  /** Checks a code at sign-in, and accepts it once. */
  verify(userId: string, code: unknown): Promise<VerifyResult>;
  /** Signs in with three consecutive codes, past every wait. */
  unlock(userId: string, codes: unknown): Promise<VerifyResult>;
  /** Finds out by two consecutive codes how far the phone's clock is off: 20 steps at most. */
  resync(userId: string, codes: unknown): Promise<ResyncResult>;
  /** Signs in with a recovery code, and accepts it once. */
  recover(userId: string, recoveryCode: unknown): Promise<RecoverResult>;
  /** Hands out new recovery codes; the former ones end. */
  regenerateRecoveryCodes(userId: string, options: ProofOptions): Promise<RegenerateResult>;
  /** Gives an authenticator another name, of 1 to 64 characters. */
  rename(userId: string, authenticatorId: unknown, name: string): Promise<FactorResults['rename']>;
  /** Takes an authenticator away. */
  remove(userId: string, authenticatorId: unknown, options: ProofOptions): Promise<RemoveResult>;
  /** Takes everything away; `by` names the person of support who asked for it. */
  reset(userId: string, options: { readonly by: string }): Promise<FactorResults['reset']>;
  /** Takes over a secret of another library, where no authenticator is confirmed. */
  adopt(userId: string, options: AdoptOptions): Promise<FactorResults['adopt']>;
  /** Seals the user's secrets with the current key. */
  reseal(userId: string): Promise<FactorResults['reseal']>;
}

const OPTIONS = [
  ...(['issuer', 'store', 'sealer', 'algorithm', 'digits', 'period', 'window', 'unlock'] as const),
  ...(['maxAuthenticators', 'recoveryCodes', 'keepRecoveryCodes', 'pendingFor'] as const),
  ...(['throttle', 'onEvent', 'now'] as const),
];
const ENROLL = ['account', 'issuer', 'algorithm', 'digits', 'name', 'replaces', 'proof'] as const;
const PROOF = ['proof'] as const;
const ADOPT = ['secret', 'algorithm', 'digits', 'period', 'lastStep', 'drift', 'name'] as const;
/** The least of `generateSecret`: ids of 128 bits. */
const ID_BYTES = 16;
const MAX_DRIFT = 2880;

/**
 * Makes a second factor over a store and a sealer.
 *
 * @throws {TypeError} if an option is unknown or of the wrong kind
 * @throws {RangeError} if an option is out of its range
 * @throws {OtpError} as a rejection of its methods, for an unreadable record or secret
 * @see {@link https://pages.nist.gov/800-63-4/sp800-63b.html | NIST SP 800-63B-4}
 *
 * @example
 * ```ts
 * import { createKey, generateTotp } from 'otpcore';
 * import { aesGcmSealer, createSecondFactor } from 'otpcore/second-factor';
 * import { memoryFactorStore } from 'otpcore/second-factor/memory';
 *
 * const second = createSecondFactor({
 *   issuer: 'ACME',
 *   store: memoryFactorStore(),
 *   sealer: aesGcmSealer({ current: 'k1', keys: { k1: new Uint8Array(32).fill(7) } }),
 * });
 * const enrolled = await second.enroll('user-1', { account: 'alice@example.com' });
 * if (enrolled.ok) {
 *   const code = generateTotp(createKey(enrolled.secret)); // the phone
 *   const confirmed = await second.confirm('user-1', enrolled.enrollmentId, code);
 *   console.log(confirmed.ok, (await second.verify('user-1', code)).ok); // → true false
 * }
 * ```
 */
export function createSecondFactor(options: SecondFactorOptions): SecondFactor {
  const given = openOptions('options', options, OPTIONS);
  const settings = readSettings(given);
  const shell = readShell(given);

  async function run<Type extends keyof FactorResults>(
    type: Type,
    userId: string,
    args: FactorArguments[Type],
    more: Pick<Request<Type>, 'secret' | 'recoveryCodes'> = {},
  ): Promise<FactorResults[Type]> {
    const command = { type, ...args } as unknown as FactorCommand<Type>;
    // Own properties, so that a polluted prototype adds no secret.
    const own = { userId: requireUserId(userId), command, secret: undefined };
    return runCommand<Type>(shell, { ...own, recoveryCodes: undefined, ...more });
  }
  const freshCodes = (): { recoveryCodes: readonly string[] } => ({
    recoveryCodes: settings.recoveryCodes > 0 ? generateRecoveryCodes(settings.recoveryCodes) : [],
  });

  return {
    status: (userId) => run('status', userId, {}),
    verify: (userId, code) => run('verify', userId, { code }),
    resync: (userId, codes) => run('resync', userId, { codes }),
    recover: (userId, recoveryCode) => run('recover', userId, { recoveryCode }),
    reseal: (userId) => run('reseal', userId, {}),
    async unlock(userId, codes) {
      if (!settings.unlock) throw new TypeError('"unlock" is switched off by its option');
      return run('unlock', userId, { codes });
    },
    async enroll(userId, options) {
      const { account, name, replaces, proof, ...own } = openOptions('options', options, ENROLL);
      const { issuer, algorithm, digits, period } = { ...settings, ...definedOf(own) };
      const secret = generateSecret();
      const uri = buildOtpauthUri({ issuer, account, secret, algorithm, digits, period });
      const shape = { ...newSealed(), algorithm, digits, period };
      const args = { ...shape, name: nameOf(name), replaces, proof: copyProof(proof) };
      const result = await run('enroll', userId, args, { secret });
      return result.ok ? { ...result, uri, secret: encodeBase32(secret) } : result;
    },
    async confirm(userId, enrollmentId, codes) {
      return run('confirm', userId, { enrollmentId, codes }, freshCodes());
    },
    async regenerateRecoveryCodes(userId, options) {
      const { proof } = openOptions('options', options, PROOF);
      return run('regenerate', userId, { proof: copyProof(proof) }, freshCodes());
    },
    async rename(userId, authenticatorId, name) {
      return run('rename', userId, { authenticatorId, name: requireName(name) });
    },
    async remove(userId, authenticatorId, options) {
      const { proof } = openOptions('options', options, PROOF);
      return run('remove', userId, { authenticatorId, proof: copyProof(proof) });
    },
    async reset(userId, options) {
      return run('reset', userId, { by: requireActor(openOptions('options', options, ['by']).by) });
    },
    async adopt(userId, options) {
      const { secret, ...fields } = readAdopted(openOptions('options', options, ADOPT));
      return run('adopt', userId, { ...newSealed(), ...fields }, { secret });
    },
  };
}

/** The given options: undefined counts as left out. */
function definedOf<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]: NonNullable<Fields[Name]> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Name in keyof Fields]: NonNullable<Fields[Name]> };
}

/** A new authenticator; its secret is sealed after the gate. */
function newSealed(): { readonly id: string; readonly sealed: string } {
  return { id: encodeBase32(generateSecret(ID_BYTES)), sealed: '' };
}

function nameOf(name: unknown): string | undefined {
  return name === undefined ? undefined : requireName(name);
}

// Options --------------------------------------------------------------------------------------------

interface Settings {
  readonly issuer: string;
  readonly algorithm: Algorithm;
  readonly digits: number;
  readonly period: number;
  readonly recoveryCodes: number;
  readonly unlock: boolean;
}

function readSettings(given: SecondFactorOptions): Settings {
  const settings = {
    issuer: requireText('issuer', given.issuer, 1024),
    algorithm: given.algorithm ?? 'SHA1',
    digits: given.digits ?? 6,
    period: given.period ?? 30,
    recoveryCodes: requireInteger('recoveryCodes', given.recoveryCodes ?? 10, 0, 20),
    unlock: requireFlag('unlock', given.unlock ?? true),
  };
  // Settings unfit for a URI are refused here, before the first user comes.
  const { recoveryCodes: _codes, unlock: _unlock, ...fields } = settings;
  buildOtpauthUri({ ...fields, account: 'account', secret: new Uint8Array(20) });
  return settings;
}

function readShell(given: SecondFactorOptions): Shell {
  const { store, sealer, onEvent = () => undefined, now = () => Date.now() } = given;
  const aStore = 'a factor store, such as postgresFactorStore(pool) or memoryFactorStore()';
  requireMethods('store', store, ['read', 'write'], aStore);
  const aSealer = 'a sealer, such as aesGcmSealer({ current, keys })';
  requireMethods('sealer', sealer, ['isCurrent', 'seal', 'open'], aSealer);
  return {
    store,
    sealer,
    policy: {
      window: readWindow(given.window ?? 1),
      maxAuthenticators: requireInteger('maxAuthenticators', given.maxAuthenticators ?? 5, 1, 5),
      keepRecoveryCodes: requireFlag('keepRecoveryCodes', given.keepRecoveryCodes ?? false),
      pendingFor: requireInteger('pendingFor', given.pendingFor ?? 900, 60, 86_400),
      throttle: readThrottle(given.throttle),
    },
    onEvent: requireFunction('onEvent', onEvent),
    now: requireFunction('now', now),
  };
}

function readWindow(window: number | FactorWindow): FactorWindow {
  const sides =
    typeof window === 'object' ? openOptions('window', window, ['past', 'future']) : undefined;
  const unit = ': it counts steps on either side, of 30 seconds by default';
  return {
    past: requireInteger('window', sides ? sides.past : window, 0, 10, unit),
    future: requireInteger('window', sides ? sides.future : window, 0, 10, unit),
  };
}

function requireFlag(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') wrongKind(name, 'true or false', value);
  return value;
}

function requireMethods(
  name: string,
  value: unknown,
  methods: readonly string[],
  expected: string,
): void {
  const held = (value ?? {}) as Readonly<Record<string, unknown>>;
  for (const method of methods) {
    if (typeof held[method] !== 'function') wrongKind(name, expected, value);
  }
}

function readAdopted(given: AdoptOptions): Omit<AdoptOptions, 'secret'> & {
  readonly secret: Uint8Array;
  readonly algorithm: Algorithm;
  readonly digits: number;
  readonly period: number;
  readonly lastStep: number;
  readonly drift: number;
} {
  const { secret, algorithm = 'SHA1', name } = given;
  // Checks the secret and the algorithm.
  createKey(secret, { algorithm });
  return {
    secret: typeof secret === 'string' ? decodeBase32Lenient(secret) : new Uint8Array(secret),
    algorithm,
    digits: requireInteger('digits', given.digits ?? 6, 6, 9),
    period: requireInteger('period', given.period ?? 30, 1, 86_400),
    lastStep: requireInteger('lastStep', given.lastStep ?? -1, -1, Number.MAX_SAFE_INTEGER),
    drift: requireInteger('drift', given.drift ?? 0, -MAX_DRIFT, MAX_DRIFT),
    name: nameOf(name),
  };
}
