/**
 * The shapes of the second factor: the commands, their results, the events, and the application's two
 * parts, a store and a sealer.
 *
 * `ok` tells a success from a refusal. Durations in results are seconds. Moments, whose names end
 * in `At`, are milliseconds as `Date.now()` gives them.
 */
import type { Algorithm, OtpKey } from '../key.js';
import type { FactorState } from './record.js';
import type { ThrottlePolicy } from './throttle.js';

/** The current step and the steps around it whose codes count. */
export interface FactorWindow {
  readonly past: number;
  readonly future: number;
}

/** Permission to change the factor. */
export type Proof =
  | { readonly code: unknown }
  | { readonly recoveryCode: unknown }
  | {
      readonly session: {
        /** `epoch` of the result at sign-in. */
        readonly epoch: number;
        /** When the session passed the second factor, in milliseconds; at most 15 minutes ago. */
        readonly verifiedAt: number;
      };
    };

/** Why a code was refused. */
export type Refusal =
  | {
      readonly ok: false;
      readonly reason: 'malformed' | 'reused';
      readonly attemptsLeft: number;
      readonly retryAfter: number;
    }
  | {
      readonly ok: false;
      readonly reason: 'mismatch';
      /** Wrong codes still answered without a wait. */
      readonly attemptsLeft: number;
      /** Seconds until the next code is looked at. */
      readonly retryAfter: number;
      /** After two wrong codes in a row: the phone's clock may be off. Offer `resync`. */
      readonly hint?: 'check-clock';
    }
  | { readonly ok: false; readonly reason: 'throttled'; readonly retryAfter: number }
  | { readonly ok: false; readonly reason: 'locked' | 'not-enrolled' };

/** A failure that carries its reason alone. */
export interface FailedWith<Name extends string> {
  readonly ok: false;
  readonly reason: Name;
}

/** One authenticator, as a page of settings shows it. */
export interface AuthenticatorInfo {
  readonly id: string;
  readonly name: string;
  /** In milliseconds. */
  readonly addedAt: number;
  /** In milliseconds; 0 before the first use. */
  readonly usedAt: number;
}

/** A user's second factor at this moment. */
export interface FactorStatus {
  readonly state: FactorState;
  readonly authenticators: readonly AuthenticatorInfo[];
  readonly recoveryCodesLeft: number;
  readonly retryAfter: number;
  readonly attemptsLeft: number;
  readonly epoch: number;
}

/** The decision about `enroll`; the shell adds the secret and its URI. */
export type EnrollDecision =
  | { readonly ok: true; readonly enrollmentId: string; readonly expiresIn: number }
  | FailedWith<'proof-required' | 'too-many' | 'unknown'>
  | Refusal;

/** The answer of `enroll`. Show `uri` as a QR code and `secret` beside it, once. */
export type EnrollResult =
  | {
      readonly ok: true;
      readonly enrollmentId: string;
      readonly uri: string;
      /** In base32, for typing. */
      readonly secret: string;
      /** Seconds. */
      readonly expiresIn: number;
    }
  | Exclude<EnrollDecision, { readonly ok: true }>;

/** The answer of `confirm`. `clockOff` is in seconds, negative if the phone is slow. */
export type ConfirmResult =
  | {
      readonly ok: true;
      readonly authenticatorId: string;
      readonly clockOff: number;
      readonly epoch: number;
      /** Show them once: only their hashes are stored. */
      readonly recoveryCodes?: readonly string[];
    }
  | (FailedWith<'second-code'> & { readonly clockOff: number })
  | FailedWith<'malformed' | 'mismatch' | 'reused' | 'superseded' | 'expired'>;

/** The answer of `verify` and `unlock`. */
export type VerifyResult =
  | {
      readonly ok: true;
      readonly authenticatorId: string;
      /** The matched step less the current one. */
      readonly delta: number;
      readonly recoveryCodesLeft: number;
      readonly epoch: number;
    }
  | Refusal;

/** The answer of `resync`. */
export type ResyncResult =
  | {
      readonly ok: true;
      readonly authenticatorId: string;
      readonly clockOff: number;
      readonly epoch: number;
    }
  | Refusal;

/** The answer of `recover`. */
export type RecoverResult =
  | { readonly ok: true; readonly recoveryCodesLeft: number; readonly epoch: number }
  | Refusal;

/** The answer of `regenerateRecoveryCodes`. */
export type RegenerateResult =
  | { readonly ok: true; readonly recoveryCodes: readonly string[] }
  | FailedWith<'proof-required'>
  | Refusal;

/** The answer of `remove`. */
export type RemoveResult =
  | { readonly ok: true; readonly state: FactorState; readonly epoch: number }
  | FailedWith<'unknown' | 'proof-required'>
  | Refusal;

/** The answer of each command. */
export interface FactorResults {
  status: FactorStatus;
  enroll: EnrollDecision;
  confirm: ConfirmResult;
  verify: VerifyResult;
  unlock: VerifyResult;
  resync: ResyncResult;
  recover: RecoverResult;
  regenerate: RegenerateResult;
  rename: { readonly ok: true } | FailedWith<'unknown'>;
  remove: RemoveResult;
  reset: { readonly ok: true; readonly epoch: number };
  adopt: { readonly ok: true; readonly authenticatorId: string } | FailedWith<'enrolled'>;
  reseal: { readonly ok: true; readonly resealed: number };
}

/** An authenticator to add: its new id, its sealed secret, and how codes are made of it. */
export interface SealedSecret {
  readonly id: string;
  readonly sealed: string;
  readonly algorithm: Algorithm;
  readonly digits: number;
  readonly period: number;
}

/** The arguments of each command. Those of type unknown may come from a form as they are. */
export interface FactorArguments {
  status: object;
  enroll: SealedSecret & {
    readonly name?: string | undefined;
    readonly replaces?: unknown;
    readonly proof?: unknown;
  };
  confirm: { readonly enrollmentId: unknown; readonly codes: unknown };
  verify: { readonly code: unknown };
  unlock: { readonly codes: unknown };
  resync: { readonly codes: unknown };
  recover: { readonly recoveryCode: unknown };
  regenerate: { readonly proof?: unknown };
  rename: { readonly authenticatorId: unknown; readonly name: string };
  remove: { readonly authenticatorId: unknown; readonly proof?: unknown };
  reset: { readonly by: string };
  adopt: SealedSecret & {
    readonly lastStep: number;
    readonly drift: number;
    readonly name?: string | undefined;
  };
  reseal: object;
}

/** One command, named by `type`. */
export type FactorCommand<Type extends keyof FactorArguments = keyof FactorArguments> = {
  [T in Type]: { readonly type: T } & FactorArguments[T];
}[Type];

/** The settings behind a decision. */
export interface FactorPolicy {
  readonly window: FactorWindow;
  readonly maxAuthenticators: number;
  readonly keepRecoveryCodes: boolean;
  /** Seconds. */
  readonly pendingFor: number;
  readonly throttle: ThrottlePolicy;
}

/** The inputs of a decision beside the record and the command. */
export interface FactorEnvironment {
  readonly userId: string;
  /** Milliseconds. */
  readonly now: number;
  /** The keys to compare with, by authenticator id. */
  readonly keys: ReadonlyMap<string, OtpKey>;
  /** Number of opened secrets under a former key. */
  readonly outdated: number;
  /** Fresh recovery codes to hand out. */
  readonly recoveryCodes: readonly string[];
  readonly policy: FactorPolicy;
}

/** The kinds of event. */
export type FactorEventType =
  | 'enrollment-started'
  | 'authenticator-added'
  | 'authenticator-replaced'
  | 'authenticator-removed'
  | 'renamed'
  | 'adopted'
  | 'accepted'
  | 'refused'
  | 'reused'
  | 'guessing'
  | 'locked'
  | 'resynced'
  | 'recovery-code-used'
  | 'recovery-codes-regenerated'
  | 'reset'
  | 'resealed';

/** A change or an attempt. It holds no code, no secret and no URI. */
export interface FactorEvent {
  readonly type: FactorEventType;
  readonly userId: string;
  /** Milliseconds. */
  readonly at: number;
  /** Whether NIST SP 800-63B-4 §4.6 wants the user told. */
  readonly notify: boolean;
  readonly authenticatorId?: string;
  /** Which kind of code a `refused`, `reused` or `guessing` is about. */
  readonly reason?: 'code' | 'recovery-code';
  /** Wrong codes in a row. */
  readonly failures?: number;
  /** Remaining recovery codes. */
  readonly left?: number;
  /** The person of support behind a reset. */
  readonly by?: string;
  /** Ids of the replaced authenticators. */
  readonly replaced?: readonly string[];
}

/** Whose secret is sealed. A sealed text must open for these two ids alone. */
export interface SealedFor {
  readonly userId: string;
  readonly authenticatorId: string;
}

/** Encrypts secrets at rest. `aesGcmSealer` makes one; a key management service fits as well. */
export interface Sealer {
  /** Whether a text is sealed with the key in use today. Others are sealed anew when opened. */
  isCurrent(sealed: string): boolean;
  /** @returns 1 to 2,048 characters. The part before the first dot is taken as the key's id. */
  seal(secret: Uint8Array, about: SealedFor): string | Promise<string>;
  /** Throws or rejects if the text was changed, or was sealed for other ids. */
  open(sealed: string, about: SealedFor): Uint8Array | Promise<Uint8Array>;
}

/** A record as a store gives it back. */
export interface StoredFactor {
  readonly record: string;
  /** Changes with each write, and never returns to an earlier value of the same user. */
  readonly version: string;
}

/** Details for columns beside a record. */
export interface WriteDetails {
  readonly state: FactorState;
  /** Ids of the record's sealing keys, in order. */
  readonly sealedWith: readonly string[];
  readonly events: readonly FactorEvent[];
}

/** Where records are kept: one row a user, read and written whole. */
export interface FactorStore {
  /** Reads from the primary. Undefined: the user has no row. */
  read(userId: string): StoredFactor | undefined | Promise<StoredFactor | undefined>;
  /**
   * Keeps the record if the row's version is still `version`; undefined stands for no row.
   *
   * @returns true and kept, or false and unchanged. Throws or rejects if unsure.
   */
  write(
    userId: string,
    record: string,
    version: string | undefined,
    more: WriteDetails,
  ): boolean | Promise<boolean>;
}
