/** The window around a step, and how it is clipped at both ends. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_STEP } from '../../src/step/clock.js';
import { stepsAround, windowSides } from '../../src/step/window.js';

const numRuns = process.env.SLOW ? 100_000 : 1000;

describe('windowSides', () => {
  test.each([
    [undefined, { past: 1, future: 1 }],
    [0, { past: 0, future: 0 }],
    [10, { past: 10, future: 10 }],
    [
      { past: 10, future: 0 },
      { past: 10, future: 0 },
    ],
    [
      { past: 0, future: 10 },
      { past: 0, future: 10 },
    ],
  ])('The window %j is %j', (window, sides) => {
    expect(windowSides(window)).toEqual(sides);
  });

  test.each([
    11,
    30,
    -1,
    { past: 11, future: 0 },
    { past: 0, future: 11 },
    { past: -1, future: 0 },
  ])('The window %j is a RangeError', (window) => {
    expect(() => windowSides(window)).toThrow(RangeError);
    expect(() => windowSides(window)).toThrow(/counts steps.*"drift", which resyncTotp finds/);
  });

  test.each([{}, { past: 1 }, { future: 1 }, { past: '1', future: 1 }, [1, 1]])(
    'The window %j, which lacks a side, is a TypeError',
    (window) => {
      expect(() => windowSides(window)).toThrow(TypeError);
    },
  );
});

describe('stepsAround', () => {
  const centres = fc.oneof(
    fc.integer({ min: -200, max: 200 }),
    fc.maxSafeInteger(),
    fc.integer({ min: MAX_STEP - 200, max: MAX_STEP }),
    // Even numbers are the ones that doubles have beyond 2^53.
    fc.nat({ max: 200 }).map((n) => 2 ** 53 + 2 * n),
  );
  const sides = fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 10_009 }));

  test('A range holds exactly the steps from 0 to 2^53 - 1 that lie around its centre', () => {
    fc.assert(
      fc.property(centres, sides, sides, (centre, past, future) => {
        const lowest = BigInt(centre) - BigInt(past);
        const highest = BigInt(centre) + BigInt(future);
        const first = lowest < 0n ? 0n : lowest;
        const last = highest > BigInt(MAX_STEP) ? BigInt(MAX_STEP) : highest;

        const range = stepsAround(centre, past, future);
        expect(range.count).toBe(last < first ? 0 : Number(last - first) + 1);
        if (range.count > 0) expect(range.first).toBe(Number(first));
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
    expect(stepsAround(centre, past, future)).toEqual({ first, count });
  });
});
