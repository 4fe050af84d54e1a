import { afterEach, describe, expect, test, vi } from 'vitest';
import { secondsRemaining, timeStep } from '../src/step.js';
import { rfc6238 } from './vectors/rfc6238.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const LAST_MS = Number.MAX_SAFE_INTEGER;

describe('timeStep', () => {
  test.each(rfc6238.cases)('RFC 6238 has step $step at $timeSeconds s ($algorithm)', (row) => {
    const { timeSeconds, step } = row;
    expect(timeStep({ timestamp: 1000 * timeSeconds, period: 30, epoch: 0 })).toBe(step);
  });

  test.each([
    [0, { timestamp: 0 }],
    [0, { timestamp: 29_999 }],
    [1, { timestamp: 30_000 }],
    [1, { timestamp: 59_999 }],
    [2, { timestamp: 60_000 }],
    [0, { timestamp: 999, period: 1 }],
    [1, { timestamp: 1000, period: 1 }],
    [0, { timestamp: 86_399_999, period: 86_400 }],
    [1, { timestamp: 86_400_000, period: 86_400 }],
    [0, { timestamp: 100_000, epoch: 100 }],
    [0, { timestamp: 129_999, epoch: 100 }],
    [1, { timestamp: 130_000, epoch: 100 }],
    [9_007_199_254_740, { timestamp: LAST_MS, period: 1 }],
    [0, { timestamp: LAST_MS, period: 1, epoch: 9_007_199_254_740 }],
  ])('Step %d holds the moment %j', (step, options) => {
    expect(timeStep(options)).toBe(step);
  });

  test('A step is never minus zero', () => {
    expect(timeStep({ timestamp: -0 })).toBe(0);
  });

  test('Without a timestamp it is the step of the system clock', () => {
    vi.spyOn(Date, 'now').mockReturnValue(90_000);
    expect(timeStep()).toBe(3);
    expect(timeStep({ period: 60 })).toBe(1);
    expect(timeStep({ timestamp: undefined })).toBe(3);
  });
});

describe('secondsRemaining', () => {
  test.each([
    [30, { timestamp: 0 }],
    [30, { timestamp: 1 }],
    [30, { timestamp: 999 }],
    [29, { timestamp: 1000 }],
    [2, { timestamp: 28_999 }],
    [1, { timestamp: 29_000 }],
    [1, { timestamp: 29_999 }],
    [30, { timestamp: 30_000 }],
    [1, { timestamp: 999, period: 1 }],
    [86_400, { timestamp: 86_400_000, period: 86_400 }],
    [1, { timestamp: 86_399_999, period: 86_400 }],
    [23, { timestamp: 100_000, epoch: 93 }],
    [1, { timestamp: LAST_MS, period: 1 }],
  ])('%d s are left at the moment %j', (seconds, options) => {
    expect(secondsRemaining(options)).toBe(seconds);
  });

  test('Over a whole step it counts from the period down to 1, rounded up', () => {
    for (let elapsed = 0; elapsed < 7000; elapsed++) {
      const timestamp = 700_000 + elapsed;
      expect(secondsRemaining({ timestamp, period: 7 })).toBe(Math.ceil((7000 - elapsed) / 1000));
    }
  });

  test('Without a timestamp it counts by the system clock', () => {
    vi.spyOn(Date, 'now').mockReturnValue(89_000);
    expect(secondsRemaining()).toBe(1);
  });
});

describe.each([
  { name: 'timeStep', read: timeStep },
  { name: 'secondsRemaining', read: secondsRemaining },
])('$name', ({ read }) => {
  test.each([
    [null, TypeError],
    [undefined, TypeError],
    ['90000', TypeError],
    [true, TypeError],
    [90_000n, TypeError],
    [[90_000], TypeError],
    [new Date(90_000), TypeError],
    [Number.NaN, RangeError],
    [-1, RangeError],
  ])('A system clock that answers %o is refused', (now, error) => {
    vi.spyOn(Date, 'now').mockReturnValue(now as never);
    expect(() => read()).toThrow(error);
    expect(() => read()).toThrow(/^"Date\.now\(\)" must be/);
  });

  test('A system clock with fractions of a millisecond is read as whole ones', () => {
    vi.spyOn(Date, 'now').mockReturnValue(59_999.999);
    expect(read()).toBe(read({ timestamp: 59_999 }));
  });

  test.each([
    { timestamp: 99_999, epoch: 100 },
    { timestamp: 0, epoch: 1 },
    { timestamp: 0, epoch: 9_007_199_254_740 },
    { timestamp: 1_700_000_000_000, epoch: 1_700_000_000_000 },
  ])('The moment %j lies before the epoch, which is a RangeError', (options) => {
    expect(() => read(options)).toThrow(RangeError);
  });

  test.each([
    { period: 0 },
    { period: 86_401 },
    { epoch: -1 },
    { epoch: 9_007_199_254_741 },
    { timestamp: -1 },
    { timestamp: LAST_MS + 1 },
    { timestamp: 0.5 },
    { timestamp: 1_700_000_000 },
  ])('%j is a RangeError', (options) => {
    expect(() => read({ timestamp: 0, ...options })).toThrow(RangeError);
  });
});
