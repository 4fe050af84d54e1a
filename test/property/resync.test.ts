import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { generateHotp, type HotpResult, resyncHotp } from '../../src/hotp.js';
import { type Algorithm, createKey, type OtpKey } from '../../src/key.js';
import { type ResyncTotpResult, resyncTotp } from '../../src/totp.js';
import { collisions } from '../vectors/collisions.js';
import { rfc4226 } from '../vectors/rfc4226.js';

// Room for a machine that is busy with other things.
vi.setConfig({ testTimeout: 60_000 });

const numRuns = process.env.SLOW ? 20_000 : 300;
const LAST = Number.MAX_SAFE_INTEGER;

const keys = (['SHA1', 'SHA256', 'SHA512'] as const).map((algorithm: Algorithm) =>
  createKey(new Uint8Array(Buffer.from(rfc4226.secretHex, 'hex')), { algorithm }),
);
const someKey = fc.constantFrom(...keys);
const someDigits = fc.integer({ min: 6, max: 9 });
const someCount = fc.constantFrom(2, 3, 10);

/** The codes of `count` steps or counters that end with `last`. */
function codesUpTo(key: OtpKey, last: number, count: number, digits: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    generateHotp(key, last - count + 1 + i, { digits }),
  );
}

/** A step counted from 2001: from 1970 on, the times of some would look like seconds. */
function since2001(step: number): { epoch: number; timestamp: number } {
  return { epoch: 1e9, timestamp: 1e12 + 30_000 * step };
}

/** The highest step or counter from `lowest` to `highest` with which the codes end, by trying all. */
function naiveEnd(
  key: OtpKey,
  codes: readonly string[],
  digits: number,
  lowest: number,
  highest: number,
): number | undefined {
  for (let last = Math.min(LAST, highest); last >= lowest; last--) {
    if (last - codes.length + 1 < 0) continue;
    const own = codesUpTo(key, last, codes.length, digits);
    if (own.every((code, i) => code === codes[i])) return last;
  }
  return undefined;
}

describe('resyncTotp', () => {
  interface Story {
    readonly key: OtpKey;
    readonly digits: number;
    readonly count: number;
    readonly current: number;
    readonly range: number;
    readonly drift: number;
  }

  /** A phone that is `drift` steps off, now and then as far as the range goes. */
  const stories: fc.Arbitrary<Story> = fc
    .record({
      key: someKey,
      digits: someDigits,
      count: someCount,
      range: fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 1000 })),
      sinceReachable: fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 100_000_000_000 })),
    })
    .chain(({ sinceReachable, ...story }) => {
      const { range, count } = story;
      const drift = fc.oneof(
        fc.constantFrom(-range, range),
        fc.integer({ min: -range, max: range }),
      );
      // All codes of the slowest phone are of steps that exist.
      const current = range + count - 1 + sinceReachable;
      return drift.map((steps) => ({ ...story, current, drift: steps }));
    });

  test('It finds any drift in its range, at the ends too', () => {
    fc.assert(
      fc.property(stories, ({ key, digits, count, current, range, drift }) => {
        const codes = codesUpTo(key, current + drift, count, digits);
        const options = { ...since2001(current), digits, range };
        const result = resyncTotp(key, codes, options);
        expect(result.valid).toBe(true);
        if (!result.valid) return;
        // Only a later run of the very same codes could have been found instead.
        expect(result.drift).toBeGreaterThanOrEqual(drift);
        expect(result.step).toBe(current + result.drift);
        expect(codesUpTo(key, result.step, count, digits)).toEqual(codes);
      }),
      { numRuns },
    );
  });

  function naiveResync(
    { key, digits, current, range }: Story,
    codes: readonly string[],
    lastStep: number | undefined,
  ): ResyncTotpResult {
    const step = naiveEnd(key, codes, digits, current - range, current + range);
    if (step === undefined) return { valid: false, reason: 'mismatch' };
    if (lastStep !== undefined && step - codes.length + 1 <= lastStep) {
      return { valid: false, reason: 'reused' };
    }
    return { valid: true, step, drift: step - current };
  }

  test('It gives the result of trying every step of the range', () => {
    const near = fc.integer({ min: -15, max: 15 });
    const cases = fc.record({
      key: someKey,
      digits: someDigits,
      count: someCount,
      // The second start is near two neighbouring steps that share a code.
      current: fc.oneof(
        fc.nat({ max: 30 }),
        near.map((n) => (collisions[1]?.lower as number) + n),
      ),
      range: fc.nat({ max: 12 }),
      drift: near,
      last: fc.option(near, { nil: undefined }),
      spoilt: fc.option(fc.nat({ max: 9 }), { freq: 4, nil: undefined }),
    });
    fc.assert(
      fc.property(cases, ({ last, spoilt, ...story }) => {
        const { key, digits, count, current, range, drift } = story;
        const end = Math.max(count - 1, current + drift);
        const codes = codesUpTo(key, end, count, digits);
        if (spoilt !== undefined && spoilt < count) codes[spoilt] = '0'.repeat(digits);
        const lastStep = last === undefined ? undefined : Math.max(0, end + last);
        const options = { ...since2001(current), digits, range, lastStep };
        expect(resyncTotp(key, codes, options)).toEqual(naiveResync(story, codes, lastStep));
      }),
      { numRuns },
    );
  });
});

describe('resyncHotp', () => {
  const counters = fc.oneof(
    fc.nat({ max: 1000 }),
    fc.nat({ max: LAST - 1 }),
    fc.integer({ min: LAST - 60, max: LAST - 1 }),
  );

  function naiveResync(
    key: OtpKey,
    codes: readonly string[],
    digits: number,
    counter: number,
    range: number,
  ): HotpResult {
    const before = codes.length - 1;
    const highest = Math.min(LAST - 1, counter + range + before);
    const end = naiveEnd(key, codes, digits, counter + before, highest);
    if (end === undefined) return { valid: false, reason: 'mismatch' };
    return { valid: true, counter: end, nextCounter: end + 1 };
  }

  test('It gives the result of trying every counter of the range', () => {
    const cases = fc.record({
      key: someKey,
      digits: someDigits,
      count: someCount,
      counter: counters,
      range: fc.nat({ max: 12 }),
      ahead: fc.integer({ min: -2, max: 14 }),
      spoilt: fc.option(fc.nat({ max: 9 }), { freq: 4, nil: undefined }),
    });
    fc.assert(
      fc.property(cases, ({ key, digits, count, counter, range, ahead, spoilt }) => {
        const end = Math.min(LAST, Math.max(0, counter + ahead) + count - 1);
        const codes = codesUpTo(key, end, count, digits);
        if (spoilt !== undefined && spoilt < count) codes[spoilt] = '0'.repeat(digits);
        expect(resyncHotp(key, codes, { counter, range, digits })).toEqual(
          naiveResync(key, codes, digits, counter, range),
        );
      }),
      { numRuns },
    );
  });

  test('It finds any counter in its range', () => {
    const cases = fc.record({
      key: someKey,
      digits: someDigits,
      count: someCount,
      counter: fc.oneof(fc.nat({ max: 1000 }), fc.nat({ max: LAST - 20_000 })),
      range: fc.nat({ max: 10_000 }),
      share: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
    });
    fc.assert(
      fc.property(cases, ({ key, digits, count, counter, range, share }) => {
        const end = counter + Math.floor(share * range) + count - 1;
        const codes = codesUpTo(key, end, count, digits);
        const result = resyncHotp(key, codes, { counter, range, digits });
        expect(result.valid).toBe(true);
        if (!result.valid) return;
        expect(result.counter).toBeGreaterThanOrEqual(end);
        expect(codesUpTo(key, result.counter, count, digits)).toEqual(codes);
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });
});
