/**
 * A whole second factor: enrolment, sign-in, waits, recovery codes, new and lost phones, and secrets
 * sealed at rest, over one record a user and one conditional write. Preview.
 *
 * Left to the caller: sessions, the right to reset, and telling users of events marked `notify`.
 */
import { encodeBase32 } from './base32.js';
import { buildOtpauthUri } from './otpauth-uri.js';
import { generateRecoveryCodes } from './recovery-codes.js';
import {
  openOptions,
  requireActor,
  requireName,
  requireUserId,
} from './second-factor/arguments.js';
import type {
  ConfirmResult,
  EnrollResult,
  FactorArguments,
  FactorCommand,
  FactorResults,
  FactorStatus,
  Proof,
  RecoverResult,
  RegenerateResult,
  RemoveResult,
  ResyncResult,
  VerifyResult,
} from './second-factor/contract.js';
import {
  type AdoptOptions,
  type EnrollOptions,
  type ProofOptions,
  readAdopted,
  readEnrolment,
  readOptions,
  type SecondFactorOptions,
  type Settings,
} from './second-factor/options.js';
import { copyProof } from './second-factor/proof.js';
import { type Request, runCommand } from './second-factor/shell.js';
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
  AdoptOptions,
  EnrollOptions,
  ProofOptions,
  SecondFactorOptions,
} from './second-factor/options.js';
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

/** The least of `generateSecret`: ids of 128 bits. */
const ID_BYTES = 16;

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
  const { settings, shell } = readOptions(options);
  const run: Run = async (type, userId, args, more = {}) => {
    const command = { type, ...args } as unknown as FactorCommand<typeof type>;
    // Own properties, so that a polluted prototype adds no secret.
    const own = { userId: requireUserId(userId), command, secret: undefined };
    return runCommand<typeof type>(shell, { ...own, recoveryCodes: undefined, ...more });
  };
  return {
    ...signInMethods(run, settings),
    ...enrolmentMethods(run, settings),
    ...settingsMethods(run, settings),
  };
}

/** Runs a command for a user. */
type Run = <Type extends keyof FactorResults>(
  type: Type,
  userId: string,
  args: FactorArguments[Type],
  more?: Pick<Request<Type>, 'secret' | 'recoveryCodes'>,
) => Promise<FactorResults[Type]>;

type SignInMethod = 'verify' | 'unlock' | 'resync' | 'recover';

function signInMethods(run: Run, settings: Settings): Pick<SecondFactor, SignInMethod> {
  return {
    verify: (userId, code) => run('verify', userId, { code }),
    async unlock(userId, codes) {
      if (!settings.unlock) throw new TypeError('"unlock" is switched off by its option');
      return run('unlock', userId, { codes });
    },
    resync: (userId, codes) => run('resync', userId, { codes }),
    recover: (userId, recoveryCode) => run('recover', userId, { recoveryCode }),
  };
}

type EnrolmentMethod = 'enroll' | 'confirm' | 'adopt';

function enrolmentMethods(run: Run, settings: Settings): Pick<SecondFactor, EnrolmentMethod> {
  return {
    async enroll(userId, options) {
      const read = readEnrolment(options, settings);
      const { account, issuer, name, replaces, proof, ...shape } = read;
      const secret = generateSecret();
      const uri = buildOtpauthUri({ issuer, account, secret, ...shape });
      const sealed = { ...newSealed(), ...shape };
      const args = { ...sealed, name, replaces, proof: copyProof(proof) };
      const result = await run('enroll', userId, args, { secret });
      return result.ok ? { ...result, uri, secret: encodeBase32(secret) } : result;
    },
    async confirm(userId, enrollmentId, codes) {
      return run('confirm', userId, { enrollmentId, codes }, freshCodes(settings));
    },
    async adopt(userId, options) {
      const { secret, ...fields } = readAdopted(options);
      return run('adopt', userId, { ...newSealed(), ...fields }, { secret });
    },
  };
}

type SettingsMethod = Exclude<keyof SecondFactor, SignInMethod | EnrolmentMethod>;

function settingsMethods(run: Run, settings: Settings): Pick<SecondFactor, SettingsMethod> {
  return {
    status: (userId) => run('status', userId, {}),
    async regenerateRecoveryCodes(userId, options) {
      const args = { proof: readProofOption(options) };
      return run('regenerate', userId, args, freshCodes(settings));
    },
    async rename(userId, authenticatorId, name) {
      return run('rename', userId, { authenticatorId, name: requireName(name) });
    },
    async remove(userId, authenticatorId, options) {
      return run('remove', userId, { authenticatorId, proof: readProofOption(options) });
    },
    async reset(userId, options) {
      return run('reset', userId, { by: requireActor(openOptions('options', options, ['by']).by) });
    },
    reseal: (userId) => run('reseal', userId, {}),
  };
}

function freshCodes({ recoveryCodes }: Settings): { recoveryCodes: readonly string[] } {
  return { recoveryCodes: recoveryCodes > 0 ? generateRecoveryCodes(recoveryCodes) : [] };
}

function readProofOption(options: ProofOptions): Proof | undefined {
  return copyProof(openOptions('options', options, ['proof']).proof);
}

/** A new authenticator; its secret is sealed after the gate. */
function newSealed(): { readonly id: string; readonly sealed: string } {
  return { id: encodeBase32(generateSecret(ID_BYTES)), sealed: '' };
}
