/**
 * Every decision of the second factor, as a pure function: a record, a command and the environment
 * give an answer, and the record to write if it changed.
 */
import { wrongKind } from './arguments.js';
import type {
  FactorArguments,
  FactorCommand,
  FactorEnvironment,
  FactorResults,
} from './contract.js';
import { adopt, confirm, enroll } from './enrolment.js';
import { emptyRecord, type FactorRecord, firstEpoch } from './record.js';
import type { Decision, Rules, SecretToOpen } from './rules.js';
import { regenerate, remove, rename, reseal, reset, status } from './settings.js';
import { recover, resync, unlock, verify } from './sign-in.js';

type CommandType = keyof FactorResults;

const RULES: { readonly [Type in CommandType]: Rules<Type> } = Object.assign(
  Object.create(null),
  { status, enroll, confirm, verify, unlock, resync, recover, regenerate },
  { rename, remove, reset, adopt, reseal },
);

/**
 * Decides a command. It reads no clock, asks for no random bytes, and changes nothing itself.
 *
 * @param record - as stored; undefined for a user without one
 * @param command - `type` names it; the rest are its arguments
 * @param environment - the moment, the policy, and the keys to compare with
 * @returns the answer; `record` if it has to be written before the answer may be given; `events`
 * @throws {TypeError} if the command is unknown, `keys` lacks a key, or there are two proofs at once
 * @throws {RangeError} if a number of the record is out of its range
 *
 * @example
 * ```ts
 * import { decide } from 'otpcore/second-factor';
 *
 * const throttle = { free: 3, firstWait: 4, longestWait: 3600, maxFailures: 100, refillPerDay: 1 };
 * const limits = { maxAuthenticators: 5, keepRecoveryCodes: false, pendingFor: 900 };
 * const { result } = decide(undefined, { type: 'verify', code: '287082' }, {
 *   userId: 'user-1',
 *   now: Date.now(),
 *   keys: new Map(),
 *   outdated: 0,
 *   recoveryCodes: [],
 *   policy: { window: { past: 1, future: 1 }, ...limits, throttle },
 * });
 * console.log(result); // → { ok: false, reason: 'not-enrolled' }
 * ```
 */
export function decide<Type extends CommandType>(
  record: FactorRecord | undefined,
  command: FactorCommand<Type>,
  environment: FactorEnvironment,
): Decision<FactorResults[Type]> {
  const result = gate<Type>(record, command, environment);
  return result === undefined ? act<Type>(record, command, environment) : { result, events: [] };
}

/** The decision about a command, past the gate. */
export function act<Type extends CommandType>(
  record: FactorRecord | undefined,
  command: FactorCommand<Type>,
  environment: FactorEnvironment,
): Decision<FactorResults[Type]> {
  const held = record ?? emptyRecord(firstEpoch(environment.now));
  const given = command as unknown as FactorArguments[Type];
  return rulesOf<Type>(command).act(held, given, environment);
}

/** The early answer without a secret, if there is one. */
export function gate<Type extends CommandType>(
  record: FactorRecord | undefined,
  command: FactorCommand<Type>,
  environment: FactorEnvironment,
): FactorResults[Type] | undefined {
  return rulesOf<Type>(command).gate(
    record,
    command as unknown as FactorArguments[Type],
    environment,
  );
}

/** The secrets to open for a command, past the gate. */
export function secretsToOpen<Type extends CommandType>(
  record: FactorRecord | undefined,
  command: FactorCommand<Type>,
): readonly SecretToOpen[] {
  if (record === undefined) return [];
  return rulesOf<Type>(command).opens(record, command as unknown as FactorArguments[Type]);
}

function rulesOf<Type extends CommandType>({ type }: { readonly type: Type }): Rules<Type> {
  return RULES[type] ?? wrongKind('command.type', 'the name of a command', type);
}
