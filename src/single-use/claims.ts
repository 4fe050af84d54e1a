/**
 * Calls to a store and the reading of its answers.
 *
 * Only the boolean true grants a claim; a non-boolean answer is an error.
 */
import { wrongKind } from '../arguments/guards.js';
import { clockMs, MAX_STEP } from '../step/clock.js';

/** The part of a store in use here; the public interface stands beside the public functions. */
interface Claimer {
  claim(id: string, step: number): unknown;
}

/** The reserved id of a check; an application must not use it for a user. */
const CHECK_ID = 'otpcore:check-store';
/** The most retries with a later step; the last lies 2^40 milliseconds ahead, 35 years. */
const MAX_LEAPS = 52;

/** @throws {TypeError} unless `store` has a claim method */
export function requireStore<Store extends Claimer>(store: Store | undefined): Store {
  if (typeof store?.claim !== 'function')
    wrongKind(
      'store',
      'a store with a claim method, such as postgresStore(pool) or memoryStore()',
      store,
    );
  return store;
}

/**
 * Whether a claim was granted.
 *
 * @throws {TypeError} for a non-boolean, such as undefined, 1 or 'true'
 */
export function isGranted(answer: unknown): boolean {
  if (typeof answer !== 'boolean') wrongKind('store.claim()', 'true or false', answer);
  return answer;
}

/**
 * Claims a step twice and requires exactly one grant.
 *
 * Steps are milliseconds since 1970, so they rise from one check to the next. Another server may have
 * claimed a later step, in the same millisecond or by a clock ahead of this one. A refused step is
 * therefore followed by later steps: 1, 2, 3 … 16 milliseconds ahead, then 32, 64, 128 ….
 *
 * @throws {Error} if the step is granted twice, or every step is refused
 */
export async function requireOneClaim(store: Claimer): Promise<void> {
  const start = clockMs();
  let step = start;
  for (let leap = 1; !isGranted(await store.claim(CHECK_ID, step)); leap++) {
    if (leap > MAX_LEAPS) {
      throw new Error(`the store refuses every claim of the id "${CHECK_ID}"`);
    }
    step = Math.min(start + Math.max(leap, 2 ** (leap - 12)), MAX_STEP);
  }
  if (isGranted(await store.claim(CHECK_ID, step))) {
    throw new Error('the store grants one step twice: it would accept each code repeatedly');
  }
}
