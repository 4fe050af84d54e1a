/** The options of the second factor, read once and checked. */
import { decodeBase32Lenient } from '../base32.js';
import { type Algorithm, createKey } from '../key.js';
import { buildOtpauthUri } from '../otpauth-uri.js';
import {
  openOptions,
  requireFunction,
  requireInteger,
  requireName,
  requireText,
  wrongKind,
} from './arguments.js';
import type { FactorEvent, FactorStore, FactorWindow, Proof, Sealer } from './contract.js';
import type { Shell } from './shell.js';
import { readThrottle, type ThrottlePolicy } from './throttle.js';

/** Options of `createSecondFactor`. */
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

const OPTIONS = [
  ...(['issuer', 'store', 'sealer', 'algorithm', 'digits', 'period', 'window', 'unlock'] as const),
  ...(['maxAuthenticators', 'recoveryCodes', 'keepRecoveryCodes', 'pendingFor'] as const),
  ...(['throttle', 'onEvent', 'now'] as const),
];
const ENROLL = ['account', 'issuer', 'algorithm', 'digits', 'name', 'replaces', 'proof'] as const;
const ADOPT = ['secret', 'algorithm', 'digits', 'period', 'lastStep', 'drift', 'name'] as const;
const MAX_DRIFT = 2880;

/** The settings of a second factor. */
export interface Settings {
  readonly issuer: string;
  readonly algorithm: Algorithm;
  readonly digits: number;
  readonly period: number;
  readonly recoveryCodes: number;
  readonly unlock: boolean;
}

/** Opens and checks the options of `createSecondFactor`. */
export function readOptions(options: SecondFactorOptions): {
  readonly settings: Settings;
  readonly shell: Shell;
} {
  const given = openOptions('options', options, OPTIONS);
  return { settings: readSettings(given), shell: readShell(given) };
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

/** Opens the options of `enroll`; those left out are the second factor's. */
export function readEnrolment(
  options: EnrollOptions,
  settings: Settings,
): Pick<EnrollOptions, 'account' | 'replaces' | 'proof'> & NewAuthenticator {
  const { account, name, replaces, proof, ...own } = openOptions('options', options, ENROLL);
  const { issuer, algorithm, digits, period } = { ...settings, ...definedOf(own) };
  return { account, issuer, algorithm, digits, period, name: nameOf(name), replaces, proof };
}

interface NewAuthenticator {
  readonly issuer: string;
  readonly algorithm: Algorithm;
  readonly digits: number;
  readonly period: number;
  readonly name: string | undefined;
}

/** The given options: undefined counts as left out. */
function definedOf<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]: NonNullable<Fields[Name]> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Name in keyof Fields]: NonNullable<Fields[Name]> };
}

/** Opens and checks the options of `adopt`. */
export function readAdopted(options: AdoptOptions): Omit<AdoptOptions, 'secret'> & {
  readonly secret: Uint8Array;
  readonly algorithm: Algorithm;
  readonly digits: number;
  readonly period: number;
  readonly lastStep: number;
  readonly drift: number;
} {
  const given = openOptions('options', options, ADOPT);
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

function nameOf(name: unknown): string | undefined {
  return name === undefined ? undefined : requireName(name);
}
