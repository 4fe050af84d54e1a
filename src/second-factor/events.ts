/** Events: changes and attempts, for an audit table and for telling the user. */
import type { FactorEnvironment, FactorEvent, FactorEventType } from './contract.js';

/** NIST SP 800-63B-4 §4.6: the user is told of each of these. */
const NOTIFY: readonly FactorEventType[] = [
  'authenticator-added',
  'authenticator-replaced',
  'authenticator-removed',
  'guessing',
  'locked',
  'recovery-code-used',
  'recovery-codes-regenerated',
  'reset',
];

/** An event at this moment. */
export function eventOf(
  { userId, now }: Pick<FactorEnvironment, 'userId' | 'now'>,
  type: FactorEventType,
  details: Partial<FactorEvent> = {},
): FactorEvent {
  return { type, userId, at: now, notify: NOTIFY.includes(type), ...details };
}
