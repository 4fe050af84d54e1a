/**
 * A single-use store in this process's memory: for tests, and for a service of one process that
 * may forget on restart. With two processes, each accepts a code once.
 *
 * Its memory is bounded. When it is full it forgets the oldest steps of users it has not seen since
 * and refuses from then on, for any id it does not know, every step up to the highest it forgot:
 * what is forgotten is used. So neither forgetting nor a clock that steps back reopens a code.
 */

import { requireInteger, requireString } from '../arguments/guards.js';
import { NO_OPTIONS, requireKnownOptions } from '../arguments/options.js';
import { isHotpClaim, MAX_CLAIM_ID_LENGTH } from '../single-use/claim-id.js';
import type { SingleUseStore } from '../single-use.js';
import { MAX_STEP } from '../step/clock.js';

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /**
   * Ids remembered at once, TOTP and HOTP each for themselves: 1 to 10,000,000, default 1,000,000.
   * Some 60 bytes an id and its text. Allow for all users who sign in within a few minutes; with
   * fewer, a late one may find the code refused.
   */
  readonly maxIds?: number | undefined;
}

/** A Map holds no more than 2^24. */
const MAX_IDS = 10_000_000;
const DEFAULT_IDS = 1_000_000;

/** Below every step. */
const NO_STEP = -1;

/** How far above the oldest steps forgetting may reach: ten minutes, in steps of 30 seconds. */
const REACH_STEPS = 20;

/**
 * Makes a store that remembers claims in memory.
 *
 * Only steps are ever forgotten, because time moves on and makes them useless. HOTP counters stay
 * good for ever, so none is forgotten: a store full of them throws a RangeError on a new id.
 *
 * Forgetting takes a moment once in many claims: with a million ids a tenth to half a second for
 * every 250,000 new ones, in proportion with more. Ids whose steps lie far ahead stay to the last,
 * as after a clock that jumped or a resynchronisation. The store serves new ids as long as those far
 * ahead are fewer than 63 of 64.
 *
 * Use one store for TOTP secrets of one period and epoch: steps of different lengths cannot be told
 * apart, and forgetting those of short periods would refuse the lower ones of long periods.
 *
 * @throws {TypeError | RangeError} if `maxIds` is not a whole number from 1 to 10,000,000
 *
 * @example
 * ```ts
 * import { memoryStore } from 'otpcore';
 *
 * const store = memoryStore();
 * console.log(store.claim('alice', 7), store.claim('alice', 7), store.claim('alice', 6));
 * // → true false false
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = NO_OPTIONS): SingleUseStore {
  const { maxIds = DEFAULT_IDS } = requireKnownOptions(options, ['maxIds']);
  const limit = requireInteger('maxIds', maxIds, 1, MAX_IDS);
  const steps = new Map<string, number>();
  const counters = new Map<string, number>();
  /** The highest step that was forgotten. */
  let floor = NO_STEP;

  function claimStep(id: string, step: number): boolean {
    const last = steps.get(id);
    if (step <= (last ?? floor)) return false;
    steps.set(last === undefined ? ownCopy(id) : id, step);
    if (steps.size > limit) {
      // Raised before forgetting: if this is interrupted, nothing forgotten lies above it.
      floor = highestToForget(steps, step);
      forgetUpTo(steps, floor);
    }
    return true;
  }

  function claimCounter(id: string, counter: number): boolean {
    const last = counters.get(id);
    if (last !== undefined && counter <= last) return false;
    if (last === undefined && counters.size >= limit) {
      throw new RangeError(`the store holds "maxIds" (${limit}) HOTP ids and forgets none`);
    }
    counters.set(last === undefined ? ownCopy(id) : id, counter);
    return true;
  }

  return {
    claim(id: string, step: number): boolean {
      if (requireString('id', id).length > MAX_CLAIM_ID_LENGTH) {
        throw new RangeError(`"id" must have at most ${MAX_CLAIM_ID_LENGTH} characters`);
      }
      requireInteger('step', step, 0, MAX_STEP);
      return isHotpClaim(id) ? claimCounter(id, step) : claimStep(id, step);
    },
  };
}

/**
 * The same text in memory of its own. An id that was cut out of a request would otherwise keep the
 * whole request alive, in engines that share the characters of a slice with the text it is from.
 */
function ownCopy(id: string): string {
  const copy = `${id} `.slice(0, -1);
  return copy === id ? copy : id;
}

/**
 * The highest step to forget. It lies above the floor so far, since only steps above that are kept.
 *
 * The lowest 64th goes in any case, so that many claims pay for the sorting. Up to a quarter goes with
 * it: steps below the newest claim's, and within `REACH_STEPS`. So steps that lie far ahead do not
 * become the floor, which would refuse every new id until that time.
 */
function highestToForget(steps: Map<string, number>, newest: number): number {
  // By way of an array: in Hermes 0.12, `from` an iterator gives nothing.
  const ascending = Float64Array.from([...steps.values()]).sort();
  const least = ascending[ascending.length >> 6] as number;
  const most = Math.max(least, Math.min(least + REACH_STEPS, newest - 1));
  let index = ascending.length >> 2;
  while ((ascending[index] as number) > most) index--;
  return ascending[index] as number;
}

function forgetUpTo(steps: Map<string, number>, highest: number): void {
  for (const [id, step] of steps) {
    if (step <= highest) steps.delete(id);
  }
}
