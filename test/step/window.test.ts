import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  MAX_STEP,
  readExistingStep,
  readRemainingMs,
  readStep,
  readWindow,
  requirePeriod,
  runAround,
} from '../../src/step/window.js';

const numRuns = process.env.SLOW ? 100_000 : 1000;

/** The largest epoch whose milliseconds are a safe integer. */
const LAST_EPOCH = 9_007_199_254_740;

/** Floor division, as BigInt's own rounds towards zero. */
function floorDivide(dividend: bigint, divisor: bigint): bigint {
  return dividend < 0n ? -((-dividend + divisor - 1n) / divisor) : dividend / divisor;
}

describe('readStep', () => {
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
        expect(readStep(options)).toBe(Number(step));
        if (step < 0n) return;
        expect(readExistingStep(options)).toBe(Number(step));
        expect(readRemainingMs(options)).toBe(Number((step + 1n) * periodMs - since));
      }),
      { numRuns },
    );
  });

  test('A step begins at its first millisecond and not one before', () => {
    fc.assert(
      fc.property(periods, fc.maxSafeNat(), (period, seed) => {
        const step = 1 + (seed % Math.floor(MAX_STEP / (1000 * period)));
        const timestamp = step * period * 1000;
        expect(readStep({ timestamp, period })).toBe(step);
        expect(readRemainingMs({ timestamp, period })).toBe(1000 * period);
        expect(readStep({ timestamp: timestamp - 1, period })).toBe(step - 1);
        expect(readRemainingMs({ timestamp: timestamp - 1, period })).toBe(1);
      }),
      { numRuns },
    );
  });

  test('A moment before the epoch has a negative step, which only readStep gives', () => {
    const options = { timestamp: 59_999, epoch: 60 };
    expect(readStep(options)).toBe(-1);
    expect(readStep({ timestamp: 30_000, epoch: 60 })).toBe(-1);
    expect(readStep({ timestamp: 29_999, epoch: 60 })).toBe(-2);
    expect(() => readExistingStep(options)).toThrow(RangeError);
    expect(() => readRemainingMs(options)).toThrow(RangeError);
    expect(() => readExistingStep(options)).toThrow('"timestamp" must not lie before "epoch"');
    expect(readExistingStep({ timestamp: 60_000, epoch: 60 })).toBe(0);
    expect(readRemainingMs({ timestamp: 60_000, epoch: 60 })).toBe(30_000);
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
        expect(readStep({ timestamp, epoch, period })).toBe(Number(step));
      }
    }
  });

  test.each([null, 7, 'x', [], new Date(0)])(
    'Options that are value %# are a TypeError',
    (options) => {
      expect(() => readExistingStep(options as never)).toThrow(TypeError);
      expect(() => readRemainingMs(options as never)).toThrow(TypeError);
    },
  );

  test('No options are the clock, steps of 30 seconds and the epoch of Unix', () => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(59_000.75);
    try {
      expect(readStep({})).toBe(1);
      expect(readExistingStep({})).toBe(1);
      expect(readRemainingMs({})).toBe(1000);
    } finally {
      clock.mockRestore();
    }
  });

  test.each([
    ['timestamp', MAX_STEP],
    ['epoch', LAST_EPOCH],
    ['period', 86_400],
  ])('The highest "%s" is %d, and one more is a RangeError', (name, highest) => {
    expect(Number.isSafeInteger(readStep({ timestamp: 0, [name]: highest }))).toBe(true);
    for (const read of [readStep, readExistingStep, readRemainingMs]) {
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

describe('readWindow', () => {
  test.each([
    [undefined, { past: 1, future: 1 }],
    [0, { past: 0, future: 0 }],
    [50, { past: 50, future: 50 }],
    [
      { past: 50, future: 0 },
      { past: 50, future: 0 },
    ],
    [
      { past: 0, future: 50 },
      { past: 0, future: 50 },
    ],
  ])('The window %j is %j', (window, sides) => {
    expect(readWindow({ window })).toEqual(sides);
  });

  test.each([51, -1, { past: 51, future: 0 }, { past: 0, future: 51 }, { past: -1, future: 0 }])(
    'The window %j is a RangeError',
    (window) => {
      expect(() => readWindow({ window })).toThrow(RangeError);
    },
  );

  test.each([{}, { past: 1 }, { future: 1 }, { past: '1', future: 1 }, [1, 1]])(
    'The window %j, which lacks a side, is a TypeError',
    (window) => {
      expect(() => readWindow({ window })).toThrow(TypeError);
    },
  );

  test('The sides that are read are not the object of the caller', () => {
    const window = { past: 1, future: 2 };
    expect(readWindow({ window })).not.toBe(window);
  });
});

describe('runAround', () => {
  const centres = fc.oneof(
    fc.integer({ min: -200, max: 200 }),
    fc.maxSafeInteger(),
    fc.integer({ min: MAX_STEP - 200, max: MAX_STEP }),
    // Even numbers are the ones that doubles have beyond 2^53.
    fc.nat({ max: 200 }).map((n) => 2 ** 53 + 2 * n),
  );
  const sides = fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 10_009 }));

  test('A run holds exactly the steps from 0 to 2^53 - 1 that lie around its centre', () => {
    fc.assert(
      fc.property(centres, sides, sides, (centre, past, future) => {
        const lowest = BigInt(centre) - BigInt(past);
        const highest = BigInt(centre) + BigInt(future);
        const first = lowest < 0n ? 0n : lowest;
        const last = highest > BigInt(MAX_STEP) ? BigInt(MAX_STEP) : highest;

        const run = runAround(centre, past, future);
        expect(run.count).toBe(last < first ? 0 : Number(last - first) + 1);
        if (run.count > 0) expect(run.first).toBe(Number(first));
      }),
      { numRuns },
    );
  });

  test.each([
    { centre: 0, past: 50, future: 50, first: 0, count: 51 },
    { centre: 10, past: 50, future: 50, first: 0, count: 61 },
    { centre: -1, past: 1, future: 1, first: 0, count: 1 },
    { centre: -2, past: 1, future: 1, first: 0, count: 0 },
    { centre: MAX_STEP, past: 0, future: 1000, first: MAX_STEP, count: 1 },
    { centre: MAX_STEP - 1, past: 1, future: 1, first: MAX_STEP - 2, count: 3 },
  ])('$past steps before and $future after $centre are $count from $first', (row) => {
    const { centre, past, future, first, count } = row;
    expect(runAround(centre, past, future)).toEqual({ first, count });
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, -1])(
  'A clock that says %d is refused like such an argument',
  (broken) => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(broken);
    try {
      expect(() => readStep({})).toThrow(RangeError);
      expect(() => readExistingStep({})).toThrow(RangeError);
      expect(() => readRemainingMs({})).toThrow(RangeError);
    } finally {
      clock.mockRestore();
    }
  },
);
