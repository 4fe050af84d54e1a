// A sign-in as an application does it, and what came of it in one word.
import { randomUUID } from 'node:crypto';
import { createKey, generateTotp, verifyTotpOnce } from '../../../dist/node/index.js';

const PERIOD_MS = 30_000;
const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');

/** An id that nobody has used. */
export const newId = () => randomUUID();

/**
 * Types the right code of a step.
 *
 * @returns 'accepted' or the reason; 'failed' with the error's code or message if the store failed
 */
export async function attempt(store, id, step = 50_000_000) {
  const timestamp = step * PERIOD_MS;
  const code = generateTotp(key, { timestamp });
  try {
    const result = await verifyTotpOnce(key, code, { store, id, timestamp, window: 0 });
    return result.valid ? 'accepted' : result.reason;
  } catch (error) {
    return `failed: ${describeError(error)}`;
  }
}

/**
 * Signs in with one new, long id after the other until one is not accepted, as on a disk that gets
 * full.
 */
export async function attemptUntilRefused(store, most = 5000) {
  const accepted = [];
  let outcome;
  for (let i = 0; i < most; i++) {
    const id = newId().repeat(20);
    outcome = await attempt(store, id);
    if (outcome !== 'accepted') break;
    accepted.push(id);
  }
  return { accepted, outcome };
}

/** A rejection's class, code and message; of the first cause where the error has none itself. */
export function describeError(error) {
  const { name, code, message, errors } = error;
  if (!message && errors?.length > 0) return describeError(errors[0]);
  return [name, code, message].filter(Boolean).join(' ');
}

/** What `attempt` answers if the store failed. */
export const FAILED = /^failed: /;
