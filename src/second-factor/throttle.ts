/**
 * How many wrong codes are looked at: a wait after the third in a row, a lock after the hundredth,
 * and a budget of one a day beside them. RFC 4226 §7.3; NIST SP 800-63B-4 §3.2.2.
 *
 * A success ends the row and leaves the budget. With the row alone, an attacker with the
 * password of a daily user gets 12,775 guesses a year, and with the budget 465.
 */
import { openOptions, requireInteger } from './arguments.js';

/** Wrong codes in a row. Moments are milliseconds. */
export interface Streak {
  readonly failures: number;
  /** No code is looked at before this moment. */
  readonly retryAt: number;
  /**
   * The budget: each wrong code moves this a day ahead, and none is looked at while it lies more
   * than 99 days ahead. Left out, there is no budget and no lock.
   */
  readonly spentUntil?: number | undefined;
}

/** How guesses are held back. */
export interface ThrottlePolicy {
  /** Wrong codes in a row without a wait, 1 to 10. Default 3. */
  readonly free: number;
  /** Seconds of the first wait, 1 to 3,600; each further one doubles. Default 4. */
  readonly firstWait: number;
  /** Seconds of the longest wait, `firstWait` to 86,400. Default 3,600. */
  readonly longestWait: number;
  /** Wrong codes in a row until the factor is locked, and the whole budget, 10 to 100. Default 100. */
  readonly maxFailures: number;
  /** Guesses regained a day, 1 to 24. Default 1. */
  readonly refillPerDay: number;
}

/** Options of {@link chance}. */
export interface ChanceOptions {
  /** Digits of a code, 6 to 9. Default 6. */
  readonly digits?: number | undefined;
  /** Steps on either side of the current one, 0 to 10. Default 1. */
  readonly window?: number | undefined;
  /** Authenticators a user, 1 to 5. Default 1. */
  readonly authenticators?: number | undefined;
  /** Guesses at each account. */
  readonly guesses: number;
  /** Accounts. Default 1. */
  readonly accounts?: number | undefined;
}

export const DEFAULT_THROTTLE: ThrottlePolicy = Object.freeze({
  free: 3,
  firstWait: 4,
  longestWait: 3600,
  maxFailures: 100,
  refillPerDay: 1,
});

const DAY = 86_400_000;
/**
 * How far the clocks of a fleet may differ. A moment further ahead than
 * policy and skew allow was written by a wrong clock.
 */
export const CLOCK_SKEW = 60_000;

/**
 * Fills in and checks a policy.
 *
 * @throws {TypeError | RangeError} if a field is unknown or out of its range
 */
export function readThrottle(policy: Partial<ThrottlePolicy> | undefined): ThrottlePolicy {
  const known = Object.keys(DEFAULT_THROTTLE) as (keyof ThrottlePolicy)[];
  const given = openOptions<Partial<ThrottlePolicy>>('throttle', policy ?? {}, known);
  const read = (name: keyof ThrottlePolicy, min: number, max: number): number =>
    requireInteger(`throttle.${name}`, given[name] ?? DEFAULT_THROTTLE[name], min, max);
  const firstWait = read('firstWait', 1, 3600);
  return {
    free: read('free', 1, 10),
    firstWait,
    longestWait: read('longestWait', firstWait, 86_400),
    maxFailures: read('maxFailures', 10, 100),
    refillPerDay: read('refillPerDay', 1, 24),
  };
}

/**
 * Seconds until the next code is looked at: the later of the wait and the budget.
 *
 * @param streak - as stored; a new user's is `{ failures: 0, retryAt: 0, spentUntil: 0 }`
 * @param now - milliseconds since the Unix epoch
 * @returns whole seconds, rounded up; 0 if a code may come now
 * @throws {TypeError | RangeError} if a number of the streak, or `now`, is none
 *
 * @example
 * ```ts
 * import { retryAfter } from 'otpcore/second-factor';
 *
 * const now = 1_800_000_000_000;
 * console.log(retryAfter({ failures: 3, retryAt: now + 4_000, spentUntil: 0 }, now)); // → 4
 * ```
 */
export function retryAfter(
  streak: Streak,
  now: number,
  policy: ThrottlePolicy = DEFAULT_THROTTLE,
): number {
  const { retryAt, spentUntil } = readStreak(streak, now);
  const wait = retryAt - now > 1000 * policy.longestWait + CLOCK_SKEW ? 0 : retryAt - now;
  const budget =
    spentUntil === undefined || isBeyondBudget(spentUntil, now, policy)
      ? 0
      : spentUntil - now - (policy.maxFailures - 1) * costOf(policy);
  return Math.ceil(Math.max(0, wait, budget) / 1000);
}

/**
 * Wrong codes still looked at without a wait; 0 during one, and if locked.
 *
 * @param now - milliseconds since the Unix epoch
 * @throws {TypeError | RangeError} if a number of the streak, or `now`, is none
 *
 * @example
 * ```ts
 * import { attemptsLeft } from 'otpcore/second-factor';
 *
 * const now = 1_800_000_000_000;
 * console.log(attemptsLeft({ failures: 1, retryAt: 0, spentUntil: 0 }, now)); // → 2
 * ```
 */
export function attemptsLeft(
  streak: Streak,
  now: number,
  policy: ThrottlePolicy = DEFAULT_THROTTLE,
): number {
  const { failures, spentUntil } = readStreak(streak, now);
  if (isLockedOut(streak, policy) || retryAfter(streak, now, policy) > 0) return 0;
  const inRow = Math.max(policy.free - failures, 1);
  if (spentUntil === undefined) return inRow;
  if (isBeyondBudget(spentUntil, now, policy)) return 1;
  const spent = Math.max(0, spentUntil - now) / costOf(policy);
  return Math.min(inRow, Math.floor(policy.maxFailures - spent));
}

/**
 * The streak after one more wrong code.
 *
 * @param now - milliseconds since the Unix epoch
 * @throws {TypeError | RangeError} if a number of the streak, or `now`, is none
 *
 * @example
 * ```ts
 * import { afterFailure } from 'otpcore/second-factor';
 *
 * const now = 1_800_000_000_000;
 * const { failures, retryAt } = afterFailure({ failures: 2, retryAt: 0, spentUntil: 0 }, now);
 * console.log(failures, retryAt - now); // → 3 4000
 * ```
 */
export function afterFailure<Held extends Streak>(
  streak: Held,
  now: number,
  policy: ThrottlePolicy = DEFAULT_THROTTLE,
): Held {
  const { failures, spentUntil } = readStreak(streak, now);
  const doublings = failures + 1 - policy.free;
  const wait = Math.min(policy.longestWait, policy.firstWait * 2 ** doublings);
  const counted = { failures: failures + 1, retryAt: doublings < 0 ? 0 : now + 1000 * wait };
  if (spentUntil === undefined) return { ...streak, ...counted };
  const cost = costOf(policy);
  // Cut on writing only: cut on reading, it would move along with a corrected clock.
  const spent = Math.min(Math.max(spentUntil, now) + cost, now + policy.maxFailures * cost);
  return { ...streak, ...counted, spentUntil: spent };
}

/**
 * The streak after a right code: the row ends, and the budget stays as it is.
 *
 * @example
 * ```ts
 * import { afterSuccess } from 'otpcore/second-factor';
 *
 * const streak = { failures: 2, retryAt: 0, spentUntil: 1_800_000_000_000 };
 * console.log(afterSuccess(streak)); // → { failures: 0, retryAt: 0, spentUntil: 1800000000000 }
 * ```
 */
export function afterSuccess<Held extends Streak>(streak: Held): Held {
  return { ...streak, failures: 0, retryAt: 0 };
}

/** Whether the row of wrong codes has reached the lock. */
export function isLockedOut(streak: Streak, { maxFailures }: ThrottlePolicy): boolean {
  return Object.hasOwn(streak, 'spentUntil') && !(streak.failures < maxFailures);
}

/**
 * The chance of at least one success by guessing.
 *
 * @returns 0 to 1
 * @throws {TypeError | RangeError} if an option is unknown, or out of its range
 *
 * @example
 * ```ts
 * import { chance } from 'otpcore/second-factor';
 *
 * console.log(chance({ guesses: 465 }).toFixed(4)); // → 0.0014
 * ```
 */
export function chance(options: ChanceOptions): number {
  const known = ['digits', 'window', 'authenticators', 'guesses', 'accounts'] as const;
  const given = openOptions('options', options, known);
  const read = (name: keyof ChanceOptions, fallback: unknown, min: number, max: number): number =>
    requireInteger(name, given[name] ?? fallback, min, max);
  const steps = 2 * read('window', 1, 0, 10) + 1;
  const codes = steps * read('authenticators', 1, 1, 5);
  const all = read('guesses', undefined, 0, 1e9) * read('accounts', 1, 0, 1e9);
  // 1 - (1 - p)^n, exact for a small p.
  return -Math.expm1(all * Math.log1p(-codes / 10 ** read('digits', 6, 6, 9)));
}

/** How far one guess moves the budget, in milliseconds. */
function costOf({ refillPerDay }: ThrottlePolicy): number {
  return Math.floor(DAY / refillPerDay);
}

/**
 * Whether a guess at this moment spends the first, second or third quarter of the budget: an attacker
 * who stays below ten in a row is noticed by that.
 */
export function isQuarterSpent(
  { spentUntil = 0 }: Streak,
  now: number,
  policy: ThrottlePolicy,
): boolean {
  const quarters = 4 / (policy.maxFailures * costOf(policy));
  const before = Math.max(0, spentUntil - now);
  const after = Math.floor(quarters * (before + costOf(policy)));
  return after > Math.floor(quarters * before) && after < 4;
}

/** Whether the budget was written by a fast clock: one guess is then open. */
function isBeyondBudget(spentUntil: number, now: number, policy: ThrottlePolicy): boolean {
  return spentUntil - now > policy.maxFailures * costOf(policy) + CLOCK_SKEW;
}

/** @throws {TypeError | RangeError} unless all are whole numbers: NaN would hold nobody back. */
function readStreak(streak: Streak, now: number): Streak {
  const read = (name: string, value: unknown): number =>
    requireInteger(name, value, 0, Number.MAX_SAFE_INTEGER);
  read('now', now);
  return {
    failures: read('failures', streak.failures),
    retryAt: read('retryAt', streak.retryAt),
    spentUntil: Object.hasOwn(streak, 'spentUntil')
      ? read('spentUntil', streak.spentUntil)
      : undefined,
  };
}
