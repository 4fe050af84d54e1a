/** From a moment to its step, against the division of BigInt. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  existingStepOf,
  MAX_STEP,
  remainingMsOf,
  requirePeriod,
  stepOf,
} from '../../src/step/clock.js';

const numRuns = process.env.SLOW ? 100_000 : 1000;

/** The largest epoch whose milliseconds are a safe integer. */
const LAST_EPOCH = 9_007_199_254_740;

/** Floor division, as BigInt's own rounds towards zero. */
function floorDivide(dividend: bigint, divisor: bigint): bigint {
  return dividend < 0n ? -((-dividend + divisor - 1n) / divisor) : dividend / divisor;
}

describe('stepOf', () => {
  const timestamps = fc.oneof(
    fc.maxSafeNat(),
    fc.nat({ max: 5_000 }),
    // Where a double has no room left for a fraction.
    fc.integer({ min: MAX_STEP - 1_000_000, max: MAX_STEP }),
  );
  const periods = fc.oneof(fc.integer({ min: 1, max: 86_400 }), fc.constantFrom(1, 30, 60, 86_400));
  const epochs = fc.oneof(fc.integer({ min: 0, max: LAST_EPOCH }), fc.nat({ max: 100 }));

  test('A step is the exact floor of a division that BigInt does too', () => {
    fc.assert(
      fc.property(timestamps, periods, epochs, (timestamp, period, epoch) => {
        const since = BigInt(timestamp) - 1000n * BigInt(epoch);
        const periodMs = 1000n * BigInt(period);
        const step = floorDivide(since, periodMs);
        const options = { timestamp, period, epoch };
        expect(stepOf(options)).toBe(Number(step));
        if (step < 0n) return;
        expect(existingStepOf(options)).toBe(Number(step));
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
        expect(stepOf({ timestamp, period })).toBe(step);
        expect(remainingMsOf({ timestamp, period })).toBe(1000 * period);
        expect(stepOf({ timestamp: timestamp - 1, period })).toBe(step - 1);
        expect(remainingMsOf({ timestamp: timestamp - 1, period })).toBe(1);
      }),
      { numRuns },
    );
  });

  test('A moment before the epoch has a negative step, given by stepOf alone', () => {
    const options = { timestamp: 59_999, epoch: 60 };
    expect(stepOf(options)).toBe(-1);
    expect(stepOf({ timestamp: 30_000, epoch: 60 })).toBe(-1);
    expect(stepOf({ timestamp: 29_999, epoch: 60 })).toBe(-2);
    expect(() => existingStepOf(options)).toThrow(RangeError);
    expect(() => remainingMsOf(options)).toThrow(RangeError);
    expect(() => existingStepOf(options)).toThrow('"timestamp" must not lie before "epoch"');
    expect(existingStepOf({ timestamp: 60_000, epoch: 60 })).toBe(0);
    expect(remainingMsOf({ timestamp: 60_000, epoch: 60 })).toBe(30_000);
  });

  // The earliest step of all, and the lengths whose quotient comes closest to the next number.
  test('A step is exact at both ends of time and of the epoch', () => {
    for (const period of [1, 2, 3, 7, 30, 59, 60, 86_399, 86_400]) {
      for (const [timestamp, epoch] of [
        [0, LAST_EPOCH],
        [MAX_STEP, 0],
        [MAX_STEP - 1, 0],
        [MAX_STEP, LAST_EPOCH],
      ] as const) {
        const since = BigInt(timestamp) - 1000n * BigInt(epoch);
        const step = floorDivide(since, 1000n * BigInt(period));
        expect(stepOf({ timestamp, epoch, period })).toBe(Number(step));
      }
    }
  });

  test('No options are the clock, steps of 30 seconds and the epoch of Unix', () => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(59_000.75);
    try {
      expect(stepOf({})).toBe(1);
      expect(existingStepOf({})).toBe(1);
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
    expect(Number.isSafeInteger(stepOf({ timestamp: 0, [name]: highest }))).toBe(true);
    for (const read of [stepOf, existingStepOf, remainingMsOf]) {
      expect(() => read({ timestamp: 0, [name]: highest + 1 })).toThrow(RangeError);
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
      expect(() => existingStepOf({})).toThrow(RangeError);
      expect(() => remainingMsOf({})).toThrow(RangeError);
    } finally {
      clock.mockRestore();
    }
  },
);
