import { describe, expect, test } from 'vitest';
import { DEFAULT_THROTTLE, isLockedOut, readThrottle } from '../../src/second-factor/throttle.js';
import {
  afterFailure,
  afterSuccess,
  attemptsLeft,
  chance,
  retryAfter,
  type ThrottlePolicy,
} from '../../src/second-factor.js';
import { DAY, START } from './support.js';

const NEW = { failures: 0, retryAt: 0, spentUntil: 0 };

/** A row of wrong codes, each as soon as it is looked at. */
function failTimes(times: number, from = NEW, start = START) {
  let now = start;
  let streak = from;
  const waits: number[] = [];
  for (let i = 0; i < times; i++) {
    const wait = retryAfter(streak, now);
    now += 1000 * wait;
    if (wait > 0) waits.push(wait);
    streak = afterFailure(streak, now);
  }
  return { streak, now, waits };
}

describe('The wait', () => {
  test('begins with the third wrong code, at 4 seconds, and doubles up to an hour', () => {
    const { waits } = failTimes(16);
    expect(waits).toEqual([4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600]);
  });

  test('makes 100 wrong codes in a row take 3.7 days', () => {
    const { now, streak } = failTimes(100);
    expect((now - START) / DAY).toBeCloseTo(3.67, 2);
    expect(isLockedOut(streak, DEFAULT_THROTTLE)).toBe(true);
    expect(isLockedOut(failTimes(99).streak, DEFAULT_THROTTLE)).toBe(false);
  });

  test('is over at the very millisecond that is stored', () => {
    const { streak, now } = failTimes(3);
    expect(retryAfter(streak, now + 3_999)).toBe(1);
    expect(retryAfter(streak, now + 4_000)).toBe(0);
  });

  test.each([
    [3_600_000, 3600],
    [3_660_000, 3660],
    [3_660_001, 0],
    [365 * DAY, 0],
  ])('that ends %d ms ahead lasts %d s: a clock that was ahead makes none', (ahead, wait) => {
    expect(retryAfter({ ...NEW, failures: 20, retryAt: START + ahead }, START)).toBe(wait);
  });

  test('ends with a success, and the budget stays', () => {
    const { streak } = failTimes(5);
    expect(afterSuccess(streak)).toEqual({
      failures: 0,
      retryAt: 0,
      spentUntil: streak.spentUntil,
    });
  });
});

describe('The budget', () => {
  /** An attacker who guesses whenever the user's daily sign-in has set the row back. */
  function guessForDays(days: number, hasBudget: boolean): number {
    let streak = NEW;
    let guesses = 0;
    for (let day = 0; day < days; day++) {
      let now = START + day * DAY;
      const end = now + DAY;
      while (now < end) {
        const wait = retryAfter(streak, now);
        if (wait > 0) {
          now += 1000 * wait;
          continue;
        }
        streak = afterFailure(streak, now);
        if (!hasBudget) streak = { ...streak, spentUntil: 0 };
        guesses++;
      }
      streak = afterSuccess(streak);
    }
    return guesses;
  }

  test('bounds the guesses of a year to 465 at a daily user; the row alone allows 12,000', () => {
    expect(guessForDays(365, true)).toBe(464);
    expect(guessForDays(365, false)).toBeGreaterThan(12_000);
  });

  test('moves by a day with each wrong code, from the present at least', () => {
    const first = afterFailure(NEW, START);
    expect(first.spentUntil).toBe(START + DAY);
    expect(afterFailure(first, START + 5).spentUntil).toBe(START + 2 * DAY);
    expect(afterFailure(first, START + 9 * DAY).spentUntil).toBe(START + 10 * DAY);
  });

  test.each([
    [98 * DAY, 0, 2],
    [99 * DAY, 0, 1],
    [99 * DAY + 1, 1, 0],
    [99.5 * DAY, DAY / 2000, 0],
    [100 * DAY, DAY / 1000, 0],
  ])('that reaches %d ms ahead opens in %d s, with %d guesses left', (ahead, wait, left) => {
    const streak = { ...NEW, spentUntil: START + ahead };
    expect(retryAfter(streak, START)).toBe(wait);
    expect(attemptsLeft(streak, START)).toBe(left);
  });

  test('that only a clock ahead can have spent counts as one guess open, and one guess closes it', () => {
    const ahead = { ...NEW, spentUntil: START + 500 * DAY };
    expect([retryAfter(ahead, START), attemptsLeft(ahead, START)]).toEqual([0, 1]);
    const after = afterFailure(ahead, START);
    expect(after.spentUntil).toBe(START + 100 * DAY);
    expect(retryAfter(after, START)).toBe(DAY / 1000);
  });

  test('holds no more guesses for servers whose clocks differ by a minute', () => {
    let streak = { ...NEW, spentUntil: START + 99 * DAY };
    streak = afterFailure(streak, START + 60_000);
    for (const now of [START, START + 30_000, START + 60_000]) {
      expect(retryAfter({ ...streak, retryAt: 0 }, now)).toBeGreaterThan(80_000);
    }
  });

  test('is none for a streak without one, which never locks', () => {
    const streak = { failures: 500, retryAt: 0 };
    expect([retryAfter(streak, START), attemptsLeft(streak, START)]).toEqual([0, 1]);
    expect(isLockedOut(streak, DEFAULT_THROTTLE)).toBe(false);
    expect(afterFailure(streak, START)).toEqual({ failures: 501, retryAt: START + 3_600_000 });
  });
});

describe('attemptsLeft', () => {
  test.each([
    [0, 3],
    [1, 2],
    [2, 1],
    [3, 1],
    [50, 1],
    [99, 1],
    [100, 0],
  ])('after %d failures, with no wait running, is %d', (failures, left) => {
    expect(attemptsLeft({ failures, retryAt: 0, spentUntil: 0 }, START)).toBe(left);
  });

  test('is 0 while a wait lasts', () => {
    const { streak, now } = failTimes(3);
    expect(attemptsLeft(streak, now)).toBe(0);
    expect(attemptsLeft(streak, now + 4_000)).toBe(1);
  });
});

describe('The chance of guessing', () => {
  test.each([
    ['a year at a daily user, by the row alone', { guesses: 12_775 }, 0.038],
    ['a year at a daily user, with the budget', { guesses: 465 }, 0.0014],
    ['three free guesses on 10,000 accounts', { guesses: 3, accounts: 10_000 }, 0.086],
    ['the same with 8 digits', { digits: 8, guesses: 3, accounts: 10_000 }, 0.0009],
  ])('%s: %o', (_, options, expected) => {
    const found = chance(options);
    expect(Math.abs(found - expected) / expected).toBeLessThan(0.02);
  });

  test('is exact: one guess at one account', () => {
    expect(chance({ guesses: 1 })).toBeCloseTo(3e-6, 18);
    expect(chance({ guesses: 1, window: 10, authenticators: 5 })).toBeCloseTo(105e-6, 16);
    expect(chance({ guesses: 0 })).toBe(0);
    expect(chance({ guesses: 1e9, accounts: 1e9 })).toBe(1);
  });

  test.each([{}, { guesses: -1 }, { guesses: 0.5 }, { guesses: 1, digits: 5 }])(
    '%o is an error',
    (options) => {
      expect(() => chance(options as never)).toThrow(/guesses|digits/);
    },
  );
});

describe('A number that is none', () => {
  test.each([Number.NaN, undefined, '3', -1, 1.5])(
    '%s holds everybody back by an error',
    (value) => {
      const wrong = value as number;
      for (const streak of [
        { ...NEW, failures: wrong },
        { ...NEW, retryAt: wrong },
        { ...NEW, spentUntil: wrong },
      ]) {
        for (const check of [retryAfter, afterFailure, attemptsLeft]) {
          expect(() => check(streak, START)).toThrow(/must be/);
        }
      }
      expect(() => retryAfter(NEW, wrong)).toThrow(/"now"/);
    },
  );
});

describe('A policy', () => {
  test('has defaults for what is left out', () => {
    expect(readThrottle(undefined)).toEqual(DEFAULT_THROTTLE);
    expect(readThrottle({ free: 5 })).toEqual({ ...DEFAULT_THROTTLE, free: 5 });
  });

  test.each<[Partial<ThrottlePolicy>, string]>([
    [{ free: 0 }, 'free'],
    [{ maxFailures: 101 }, 'maxFailures'],
    [{ refillPerDay: 0 }, 'refillPerDay'],
    [{ firstWait: 10, longestWait: 9 }, 'longestWait'],
    [{ free: '3' as never }, 'free'],
    [{ frre: 3 } as never, 'frre'],
  ])('%o is an error that names the field', (policy, name) => {
    expect(() => readThrottle(policy)).toThrow(name);
  });
});
