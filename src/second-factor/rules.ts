/** The rules of a command: a gate, the secrets to open, and the decision. */
import type { FactorArguments, FactorEnvironment, FactorEvent, FactorResults } from './contract.js';
import type { Authenticator, FactorRecord } from './record.js';

/** A decision: the answer, the record to write if it changed, and the events of the change. */
export interface Decision<Result> {
  readonly result: Result;
  readonly record?: FactorRecord | undefined;
  readonly events: readonly FactorEvent[];
}

/** A sealed secret, and the algorithm of its key. */
export type SecretToOpen = Pick<Authenticator, 'id' | 'sealed' | 'algorithm'>;

/** The rules of one command. */
export interface Rules<Type extends keyof FactorResults> {
  /** The early answer without a secret, if there is one. */
  gate(
    record: FactorRecord | undefined,
    command: FactorArguments[Type],
    environment: FactorEnvironment,
  ): FactorResults[Type] | undefined;
  /** The sealed secrets to open before the decision. */
  opens(record: FactorRecord, command: FactorArguments[Type]): readonly SecretToOpen[];
  /** The decision, once the gate has let the command through. */
  act(
    record: FactorRecord,
    command: FactorArguments[Type],
    environment: FactorEnvironment,
  ): Decision<FactorResults[Type]>;
}
