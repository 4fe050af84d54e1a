/**
 * A single-use store in this process's memory: for tests, and for a single process allowed to forget
 * on restart. With two processes, each accepts a code once.
 *
 * Its memory is bounded. When full, it forgets the oldest steps of users not seen since. From then
 * on it refuses every step up to the highest forgotten one, for any unknown id. So a forgotten code
 * stays used, even if the clock is set back.
 */

import { requireInteger, requireString } from '../arguments/guards.js';
import { NO_OPTIONS, requireKnownOptions } from '../arguments/options.js';
import { isHotpClaim, MAX_CLAIM_ID_LENGTH } from '../single-use/claim-id.js';
import type { SingleUseStore } from '../single-use.js';
import { MAX_STEP } from '../step/clock.js';

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /**
   * The most ids remembered, counted separately for TOTP and HOTP: 1 to 10,000,000, default 1,000,000.
   * Each takes about 60 bytes and its text. Allow for all sign-ins within a few minutes; with fewer,
   * the code of a late user may be refused.
   */
  readonly maxIds?: number | undefined;
}

/** A Map holds at most 2^24 entries. */
const MAX_IDS = 10_000_000;
const DEFAULT_IDS = 1_000_000;

/** Below every step. */
const NO_STEP = -1;

/** The reach of forgetting above the oldest steps: ten minutes, in steps of 30 seconds. */
const REACH_STEPS = 20;

/**
 * Makes a store for claims in memory.
 *
 * Only steps are forgotten, because their codes expire. HOTP counters never expire, so all of them
 * are kept: a store full of counters throws a RangeError on a new id.
 *
 * Forgetting pauses the store once in many claims. With a million ids, it takes 0.1 to 0.5 seconds for
 * every 250,000 new ids, in proportion with more. Ids with steps far ahead are forgotten last, as
 * after a clock jump or a resynchronisation. The store serves new ids as long as fewer than 63 of 64
 * are far ahead.
 *
 * Use one store for TOTP secrets of one period and epoch. Steps of different lengths look alike: after
 * forgetting a high step of a short period, the store would refuse all steps of a longer one.
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
  /** The highest forgotten step. */
  let floor = NO_STEP;

  function claimStep(id: string, step: number): boolean {
    const last = steps.get(id);
    if (step <= (last ?? floor)) return false;
    steps.set(last === undefined ? ownCopy(id) : id, step);
    if (steps.size > limit) {
      // Raised before forgetting: if this is interrupted, every forgotten step is at or below it.
      floor = highestToForget(steps, step);
      forgetUpTo(steps, floor);
    }
    return true;
  }

  function claimCounter(id: string, counter: number): boolean {
    const last = counters.get(id);
    if (last !== undefined && counter <= last) return false;
    if (last === undefined && counters.size >= limit) {
      throw new RangeError(`the store is full: it holds "maxIds" (${limit}) HOTP ids`);
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
 * The same text in memory of its own. Some engines let a slice share its parent's characters, so an
 * id cut from a request would keep the whole request alive.
 */
function ownCopy(id: string): string {
  const copy = `${id} `.slice(0, -1);
  return copy === id ? copy : id;
}

/**
 * The highest step to forget. It lies above the current floor, because all kept steps do.
 *
 * The lowest 64th is always forgotten, so the sorting is spread over many claims. Up to a quarter goes
 * with it: steps below the newest claim's, and within `REACH_STEPS`. A step far ahead must not become
 * the floor, because every new id would then be refused until that time.
 */
function highestToForget(steps: Map<string, number>, newest: number): number {
  // Through an array: in Hermes 0.12, `from` an iterator gives an empty array.
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
