/**
 * What is asked of a store, and what counts as its answer.
 *
 * A store that answers anything but a boolean has granted nothing.
 */
import { wrongKind } from '../arguments/guards.js';
import { clockMs, MAX_STEP } from '../step/clock.js';

/** What is used of a store here; the public interface stands with the functions that take it. */
interface Claimer {
  claim(id: string, step: number): unknown;
}

/** The id of a check. No user may have it. */
const CHECK_ID = 'otpcore:check-store';
/** How often a later step is tried; the last lies 2^40 milliseconds ahead, 35 years. */
const MAX_LEAPS = 52;

/** @throws {TypeError} unless `store` has a claim method */
export function requireStore<Store extends Claimer>(store: Store | undefined): Store {
  if (typeof store?.claim !== 'function')
    wrongKind('store', 'a store with a claim method, such as memoryStore()', store);
  return store;
}

/**
 * Whether a claim was granted.
 *
 * @throws {TypeError} for undefined, 1, 'true' and the like
 */
export function isGranted(answer: unknown): boolean {
  if (typeof answer !== 'boolean') wrongKind('store.claim()', 'true or false', answer);
  return answer;
}

/**
 * Claims a step twice, and wants it granted once.
 *
 * Steps are milliseconds since 1970, so that they rise from one check to the next. Another server may
 * have claimed a later one: in the same millisecond, or by a clock that is ahead. So a refused step is
 * followed by later ones: 1, 2, 3 … 16 milliseconds ahead, then 32, 64, 128 ….
 *
 * @throws {Error} if the step is granted twice, or no step is granted
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
    throw new Error('the store grants one step twice: each code would count again and again');
  }
}
