/** The one reader of the clock. */
import { afterEach, expect, test, vi } from 'vitest';
import { now } from '../../src/step/clock.js';

afterEach(() => {
  vi.useRealTimers();
});

test.each([0, 59_000, 1_700_000_000_123, 20_000_000_000_000])(
  'The clock is read in milliseconds since the Unix epoch: %d',
  (time) => {
    vi.useFakeTimers({ now: time });
    expect(now()).toBe(time);
  },
);

test('The clock is read anew each time, also when it is set back', () => {
  vi.useFakeTimers({ now: 90_000 });
  const readings = [90_000, 120_000, 30_000].map((time) => {
    vi.setSystemTime(time);
    return now();
  });
  expect(readings).toEqual([90_000, 120_000, 30_000]);
});
