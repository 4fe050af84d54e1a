/** From a moment to its step, against the division of BigInt. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { MAX_STEP, remainingMsOf, requirePeriod, stepOf } from '../../src/step/clock.js';

const numRuns = process.env.SLOW ? 100_000 : 1000;

/** The largest epoch whose milliseconds are a safe integer. */
const LAST_EPOCH = 9_007_199_254_740;

describe('stepOf', () => {
  const timestamps = fc
    .oneof(
      fc.maxSafeNat(),
      fc.nat({ max: 5_000 }),
      // Where a double has no room left for a fraction.
      fc.integer({ min: MAX_STEP - 1_000_000, max: MAX_STEP }),
    )
    .filter((timestamp) => timestamp < 1e9 || timestamp > 1e11);
  const periods = fc.oneof(fc.integer({ min: 1, max: 86_400 }), fc.constantFrom(1, 30, 60, 86_400));
  const epochs = fc.oneof(fc.integer({ min: 0, max: LAST_EPOCH }), fc.nat({ max: 100 }));

  test('A step is the exact floor of a division that BigInt does too', () => {
    fc.assert(
      fc.property(timestamps, periods, epochs, (timestamp, period, epoch) => {
        const since = BigInt(timestamp) - 1000n * BigInt(epoch);
        const periodMs = 1000n * BigInt(period);
        const options = { timestamp, period, epoch };
        if (since < 0n) {
          expect(() => stepOf(options)).toThrow(RangeError);
          expect(() => remainingMsOf(options)).toThrow(RangeError);
          return;
        }
        const step = since / periodMs;
        expect(stepOf(options)).toBe(Number(step));
        expect(remainingMsOf(options)).toBe(Number((step + 1n) * periodMs - since));
      }),
      { numRuns },
    );
  });

  test('A step begins at its first millisecond and not one before', () => {
    fc.assert(
      fc.property(periods, fc.maxSafeNat(), (period, seed) => {
        const step = 1 + (seed % Math.floor(MAX_STEP / (1000 * period)));
        const timestamp = step * period * 1000;
        fc.pre(timestamp < 1e9 || timestamp > 1e11 + 1);
        expect(stepOf({ timestamp, period })).toBe(step);
        expect(remainingMsOf({ timestamp, period })).toBe(1000 * period);
        expect(stepOf({ timestamp: timestamp - 1, period })).toBe(step - 1);
        expect(remainingMsOf({ timestamp: timestamp - 1, period })).toBe(1);
      }),
      { numRuns },
    );
  });

  test.each([
    { timestamp: 59_999, epoch: 60 },
    { timestamp: 0, epoch: 1 },
    { timestamp: 1_700_000_000_000, epoch: 1_700_000_001 },
    { timestamp: 0, epoch: 100_000_000_000 },
  ])('The moment %j before the epoch is a RangeError that says so', (options) => {
    expect(() => stepOf(options)).toThrow(RangeError);
    expect(() => stepOf(options)).toThrow('"timestamp" must not lie before "epoch"');
    expect(() => remainingMsOf(options)).toThrow('"timestamp" must not lie before "epoch"');
  });

  test('The first moment of the epoch is step 0', () => {
    expect(stepOf({ timestamp: 60_000, epoch: 60 })).toBe(0);
    expect(remainingMsOf({ timestamp: 60_000, epoch: 60 })).toBe(30_000);
  });

  test.each([1e9, 1_700_000_000, 1e11])('A timestamp of %d looks like seconds', (timestamp) => {
    expect(() => stepOf({ timestamp })).toThrow(RangeError);
    expect(() => stepOf({ timestamp })).toThrow('"timestamp" must be in milliseconds');
  });

  test.each([1e9 - 1, 1e11 + 1])('A timestamp of %d is milliseconds', (timestamp) => {
    expect(stepOf({ timestamp })).toBe(Math.floor(timestamp / 30_000));
  });

  test('The clock is never taken for seconds: a board may start in 1970', () => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000);
    try {
      expect(stepOf({})).toBe(56_666);
      expect(stepOf({ timestamp: undefined })).toBe(56_666);
    } finally {
      clock.mockRestore();
    }
  });

  test.each([1_700_000_000_000, 9_007_199_254_740])(
    'An epoch of %d looks like milliseconds',
    (epoch) => {
      expect(() => stepOf({ epoch })).toThrow(RangeError);
      expect(() => stepOf({ epoch, timestamp: 1_700_000_000_000 })).toThrow(
        '"epoch" must be in seconds',
      );
    },
  );

  // The lengths whose quotient comes closest to the next number.
  test('A step is exact at both ends of time and of the epoch', () => {
    for (const period of [1, 2, 3, 7, 30, 59, 60, 86_399, 86_400]) {
      for (const [timestamp, epoch] of [
        [1000 * LAST_EPOCH, LAST_EPOCH],
        [MAX_STEP, 0],
        [MAX_STEP - 1, 0],
        [MAX_STEP, LAST_EPOCH],
      ] as const) {
        const since = BigInt(timestamp) - 1000n * BigInt(epoch);
        const step = since / (1000n * BigInt(period));
        expect(stepOf({ timestamp, epoch, period })).toBe(Number(step));
      }
    }
  });

  test('No options are the clock, steps of 30 seconds and the epoch of Unix', () => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(59_000.75);
    try {
      expect(stepOf({})).toBe(1);
      expect(remainingMsOf({})).toBe(1000);
    } finally {
      clock.mockRestore();
    }
  });

  test.each([
    ['timestamp', MAX_STEP],
    ['epoch', LAST_EPOCH],
    ['period', 86_400],
  ])('The highest "%s" is %d, and one more is a RangeError', (name, highest) => {
    expect(Number.isSafeInteger(stepOf({ timestamp: MAX_STEP, [name]: highest }))).toBe(true);
    for (const read of [stepOf, remainingMsOf]) {
      expect(() => read({ timestamp: MAX_STEP, [name]: highest + 1 })).toThrow(RangeError);
    }
  });
});

describe('requirePeriod', () => {
  test.each([1, 30, 86_400])('A period of %d seconds is taken', (period) => {
    expect(requirePeriod(period)).toBe(period);
  });

  test.each([0, 86_401])('A period of %d seconds is a RangeError', (period) => {
    expect(() => requirePeriod(period)).toThrow(RangeError);
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, -1])(
  'A clock that says %d is refused like such an argument',
  (broken) => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(broken);
    try {
      expect(() => stepOf({})).toThrow(RangeError);
      expect(() => remainingMsOf({})).toThrow(RangeError);
    } finally {
      clock.mockRestore();
    }
  },
);

test.each([null, undefined, '59000', new Date(0)])(
  'A clock that answers %j is a TypeError',
  (broken) => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(broken as never);
    try {
      expect(() => stepOf({})).toThrow(TypeError);
      expect(() => remainingMsOf({})).toThrow(TypeError);
    } finally {
      clock.mockRestore();
    }
  },
);
