/** Every published vector through every public entry point that can take it. */
import { describe, expect, test } from 'vitest';
import { encodeBase32 } from '../src/base32.js';
import { generateHotp, resyncHotp, verifyHotp } from '../src/hotp.js';
import { createKey, type OtpKey } from '../src/key.js';
import { verifyHotpOnce, verifyTotpOnce } from '../src/single-use.js';
import { memoryStore } from '../src/stores/memory.js';
import { generateTotp, resyncTotp, verifyTotp, verifyTotpBatch } from '../src/totp.js';
import { collisions } from './vectors/collisions.js';
import { type LiftedVerifyCase, liftedVerify } from './vectors/lifted-verify.js';
import { rfc4226 } from './vectors/rfc4226.js';
import { rfc6238 } from './vectors/rfc6238.js';

const PERIOD = 30;
const MISMATCH = { valid: false, reason: 'mismatch' } as const;
const REUSED = { valid: false, reason: 'reused' } as const;

function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

/** The first millisecond of a step. */
function startOf(step: number, period = PERIOD): number {
  return 1000 * period * step;
}

/** What is expected of one code of one moving factor, HOTP's counter and TOTP's step alike. */
interface Fact {
  readonly key: OtpKey;
  readonly factor: number;
  readonly code: string;
  readonly digits: number;
}

async function expectEverywhere({ key, factor, code, digits }: Fact): Promise<void> {
  expect(generateHotp(key, factor, { digits })).toBe(code);
  const asCounter = { valid: true, counter: factor, nextCounter: factor + 1 };
  const hotp = { counter: factor, digits };
  expect(verifyHotp(key, code, hotp)).toEqual(asCounter);
  const ahead = { counter: Math.max(0, factor - 9), lookAhead: 9, digits };
  expect(verifyHotp(key, code, ahead)).toEqual(asCounter);

  const totp = { timestamp: startOf(factor), digits };
  expect(generateTotp(key, totp)).toBe(code);
  const asStep = { valid: true, step: factor, delta: 0 };
  expect(verifyTotp(key, code, totp)).toEqual(asStep);
  expect(verifyTotp(key, code, { ...totp, window: 0 })).toEqual(asStep);
  expect(verifyTotp(key, code, { ...totp, lastStep: factor })).toEqual(REUSED);
  expect(verifyTotpBatch([{ key, code }], totp)).toEqual([asStep]);

  const claim = { store: memoryStore(), id: 'user' };
  expect(await verifyHotpOnce(key, code, { ...hotp, ...claim })).toEqual(asCounter);
  expect(await verifyHotpOnce(key, code, { ...hotp, ...claim })).toEqual(REUSED);
  expect(await verifyTotpOnce(key, code, { ...totp, ...claim })).toEqual(asStep);
  expect(await verifyTotpOnce(key, code, { ...totp, ...claim })).toEqual(REUSED);
}

describe(rfc4226.source, () => {
  const key = createKey(fromHex(rfc4226.secretHex));
  const codes = rfc4226.cases.map(({ code }) => code);

  test.each(rfc4226.cases)('Counter $counter has the code $code everywhere', async (row) => {
    const { counter: factor, code } = row;
    await expectEverywhere({ key, factor, code, digits: rfc4226.digits });
  });

  test.each(rfc4226.cases)('$truncated gives the 7, 8 and 9 digits of counter $counter', (row) => {
    for (const digits of [7, 8, 9]) {
      const code = String(row.truncated).slice(-digits).padStart(digits, '0');
      expect(generateHotp(key, row.counter, { digits })).toBe(code);
    }
  });

  test.each([2, 3, 4, 5, 6, 7, 8, 9, 10])('Any %d codes in a row are a resynchronisation', (n) => {
    for (let first = 0; first + n <= codes.length; first++) {
      const typed = codes.slice(first, first + n);
      const last = first + n - 1;
      expect(resyncHotp(key, typed, { counter: 0 })).toEqual({
        valid: true,
        counter: last,
        nextCounter: last + 1,
      });
      expect(resyncTotp(key, typed, { timestamp: startOf(4) })).toEqual({
        valid: true,
        step: last,
        drift: last - 4,
      });
    }
  });
});

describe(rfc6238.source, () => {
  const { digits, period, epoch } = rfc6238;

  test.each(rfc6238.cases)(
    '$algorithm gives $code at $timeSeconds s',
    async ({ timeSeconds, ...row }) => {
      const { secretHex, algorithm, step: factor, code } = row;
      const secret = fromHex(secretHex);
      const key = createKey(secret, { algorithm });
      const options = { timestamp: 1000 * timeSeconds, period, epoch, digits };
      expect(generateTotp(key, options)).toBe(code);
      expect(generateTotp(createKey(encodeBase32(secret), { algorithm }), options)).toBe(code);
      expect(verifyTotp(key, code, options)).toEqual({ valid: true, step: factor, delta: 0 });
      await expectEverywhere({ key, factor, code, digits });
    },
  );

  test.each(rfc6238.cases)(
    '$algorithm at $timeSeconds s gives the other lengths from $truncated',
    (row) => {
      const key = createKey(fromHex(row.secretHex), { algorithm: row.algorithm });
      for (const length of [6, 7, 9]) {
        const code = String(row.truncated).slice(-length).padStart(length, '0');
        expect(generateTotp(key, { timestamp: 1000 * row.timeSeconds, digits: length })).toBe(code);
      }
    },
  );

  test('One batch takes all rows, three hashes at six times', () => {
    // A batch has one clock, so each row's time is a drift from the epoch.
    const items = rfc6238.cases.map(({ secretHex, algorithm, step, code }) => ({
      key: createKey(fromHex(secretHex), { algorithm }),
      code,
      drift: step,
    }));
    expect(verifyTotpBatch(items, { timestamp: 0, digits })).toEqual(
      rfc6238.cases.map(({ step }) => ({ valid: true, step, delta: step })),
    );
  });

  test.each(['SHA1', 'SHA256', 'SHA512'] as const)(
    'The two neighbouring %s rows are a resynchronisation',
    (algorithm) => {
      const [first, second] = rfc6238.cases.filter(
        (row) => row.algorithm === algorithm && [37037036, 37037037].includes(row.step),
      );
      if (first === undefined || second === undefined) throw new Error('the rows are gone');
      const key = createKey(fromHex(first.secretHex), { algorithm });
      const codes = [first.code, second.code];
      const timestamp = startOf(second.step + 20);
      expect(resyncTotp(key, codes, { timestamp, digits })).toEqual({
        valid: true,
        step: second.step,
        drift: -20,
      });
      expect(resyncHotp(key, codes, { counter: first.step - 50, digits })).toMatchObject({
        valid: true,
        counter: second.step,
      });
    },
  );
});

describe('Verification cases of other libraries', () => {
  const WIDEST = 10;
  const FARTHEST = 100;

  /** The case's centre as a step, and a clock that stands in it. */
  function clockOf(row: LiftedVerifyCase): { centre: number; timestamp: number; period: number } {
    const period = row.period ?? PERIOD;
    if (row.timeSeconds === null) {
      const centre = row.counter ?? 0;
      return { centre, timestamp: startOf(centre, period), period };
    }
    const centre = Math.floor(row.timeSeconds / period);
    return { centre, timestamp: 1000 * row.timeSeconds, period };
  }

  const cases = liftedVerify.map((row, index) => ({
    ...row,
    ...clockOf(row),
    key: createKey(fromHex(row.secretHex), { algorithm: row.algorithm }),
    title: `${row.source} case ${index}`,
  }));
  const wide = cases.filter(({ past, future }) => Math.max(past, future) > WIDEST);

  test('There are cases with windows wider than 10, and others', () => {
    expect(wide.length).toBeGreaterThan(0);
    expect(cases.length - wide.length).toBeGreaterThan(wide.length);
  });

  test.each(cases)('$title is judged alike by look-ahead from a lower counter', async (row) => {
    const { key, code, digits, centre } = row;
    // Cut off at the far end; no case matches there.
    const counter = Math.max(0, centre - row.past, centre + row.future - FARTHEST);
    const options = { counter, lookAhead: centre + row.future - counter, digits };
    const result = verifyHotp(key, code, options);
    expect(result.valid).toBe(row.valid);
    if (result.valid) {
      if (row.delta !== null) expect(result.counter).toBe(centre + row.delta);
      expect(generateHotp(key, result.counter, { digits })).toBe(code);
    }

    const claim = { store: memoryStore(), id: 'user' };
    expect(await verifyHotpOnce(key, code, { ...options, ...claim })).toEqual(result);
    expect(await verifyHotpOnce(key, code, { ...options, ...claim })).toEqual(
      result.valid ? REUSED : result,
    );
  });

  test.each(cases)('$title is judged alike by a window of at most 10', async (row) => {
    const { key, code, digits, centre, timestamp, period } = row;
    const past = Math.min(row.past, WIDEST);
    const future = Math.min(row.future, WIDEST);
    const options = { timestamp, period, digits, window: { past, future } };
    // Cut off by the narrower window; every case that this may concern names its delta.
    const isInReach = row.delta === null || (row.delta >= -past && row.delta <= future);
    const result = verifyTotp(key, code, options);
    expect(result.valid).toBe(row.valid && isInReach);
    if (result.valid) {
      expect(result.delta).toBe(result.step - centre);
      if (row.delta !== null) expect(result.delta).toBe(row.delta);
      expect(generateTotp(key, { timestamp: startOf(result.step, period), period, digits })).toBe(
        code,
      );
    }

    expect(verifyTotpBatch([{ key, code }], options)).toEqual([result]);
    const claim = { store: memoryStore(), id: 'user' };
    expect(await verifyTotpOnce(key, code, { ...options, ...claim })).toEqual(result);
    expect(await verifyTotpOnce(key, code, { ...options, ...claim })).toEqual(
      result.valid ? REUSED : result,
    );
  });

  test.each(wide)('$title has a window that is a RangeError here', async (row) => {
    const { key, code, digits, timestamp, period, past, future } = row;
    const options = { timestamp, period, digits, window: { past, future } };
    expect(() => verifyTotp(key, code, options)).toThrow(RangeError);
    expect(() => verifyTotpBatch([{ key, code }], options)).toThrow(RangeError);
    const claim = { store: memoryStore(), id: 'user' };
    await expect(verifyTotpOnce(key, code, { ...options, ...claim })).rejects.toThrow(RangeError);
  });

  test.each(wide)('$title is within the reach of a window of 10 and a drift', (row) => {
    const { key, code, digits, timestamp, period, delta } = row;
    const options = { timestamp, period, digits, window: WIDEST };
    expect(verifyTotp(key, code, { ...options, drift: delta ?? 0 })).toMatchObject({
      valid: row.valid,
      delta,
    });
  });
});

describe.each(collisions)('Steps $lower and $higher share $code:', (pair) => {
  const { lower, higher, code } = pair;
  const gap = higher - lower;
  // An hour: the times of some of these steps would look like seconds with a shorter one.
  const period = 3600;
  // RFC 6238's 20-byte key.
  const key = createKey(fromHex(rfc4226.secretHex));
  /** Every clock from which a window of `gap` still reaches one of the two, but never only the lower. */
  const clocks = Array.from({ length: 2 * gap + 1 }, (_, i) => startOf(lower + i, period));
  const timestamp = startOf(lower, period);
  const asStep = { valid: true, step: higher, delta: gap };
  const asCounter = { valid: true, counter: higher, nextCounter: higher + 1 };

  test('Both have the code', () => {
    expect(generateHotp(key, lower)).toBe(code);
    expect(generateHotp(key, higher)).toBe(code);
  });

  test('verifyTotp and a batch return the higher', () => {
    const options = { timestamp, period, window: gap };
    expect(verifyTotp(key, code, options)).toEqual(asStep);
    expect(verifyTotpBatch([{ key, code }], options)).toEqual([asStep]);
  });

  test('The code is accepted once in all while a clock passes both, when lastStep is carried', () => {
    const accepted: number[] = [];
    for (const clock of clocks) {
      const lastStep = accepted.at(-1);
      const result = verifyTotp(key, code, { timestamp: clock, period, window: gap, lastStep });
      const item = { key, code, lastStep };
      expect(verifyTotpBatch([item], { timestamp: clock, period, window: gap })).toEqual([result]);
      if (result.valid) accepted.push(result.step);
      else expect(result).toEqual(REUSED);
    }
    expect(accepted).toEqual([higher]);
  });

  test('The code is accepted once in all by verifyTotpOnce', async () => {
    const claim = { store: memoryStore(), id: 'user', period, window: gap };
    const results = [];
    for (const clock of clocks) {
      results.push(await verifyTotpOnce(key, code, { ...claim, timestamp: clock }));
    }
    expect(results).toEqual([asStep, ...clocks.slice(1).map(() => REUSED)]);
  });

  test('The higher step is accepted after the lower, and neither after the higher', () => {
    const options = { timestamp, period, window: gap };
    expect(verifyTotp(key, code, { ...options, lastStep: lower })).toEqual(asStep);
    expect(verifyTotp(key, code, { ...options, lastStep: higher })).toEqual(REUSED);
  });

  test('A window that ends below the higher step finds the lower', () => {
    const options = { timestamp, period, window: { past: gap, future: gap - 1 } };
    expect(verifyTotp(key, code, options)).toEqual({ valid: true, step: lower, delta: 0 });
  });

  test('verifyHotp and verifyHotpOnce take the higher, so that no counter is left for the code', async () => {
    const options = { counter: lower, lookAhead: gap };
    expect(verifyHotp(key, code, options)).toEqual(asCounter);
    expect(verifyHotp(key, code, { counter: higher + 1, lookAhead: gap })).toEqual(MISMATCH);

    const claim = { ...options, store: memoryStore(), id: 'user' };
    expect(await verifyHotpOnce(key, code, claim)).toEqual(asCounter);
    expect(await verifyHotpOnce(key, code, claim)).toEqual(REUSED);
  });

  test('A resynchronisation by codes up to the higher ends there', () => {
    const codes = Array.from({ length: gap + 1 }, (_, i) => generateHotp(key, lower + i));
    expect(resyncTotp(key, codes, { timestamp, period })).toEqual({
      valid: true,
      step: higher,
      drift: gap,
    });
    expect(resyncHotp(key, codes, { counter: lower })).toEqual(asCounter);
  });
});

// Found by search over the first 750 million steps of RFC 6238's 20-byte key.
describe.each([
  { lower: 175_808_837, higher: 175_810_403, codes: ['809718', '113761'] },
  { lower: 282_939_161, higher: 282_940_608, codes: ['661627', '895069'] },
])('Steps $lower and $higher, from which on two codes are the same', (pair) => {
  const { lower, higher, codes } = pair;
  const key = createKey(fromHex(rfc4226.secretHex));
  const gap = higher - lower;
  const timestamp = startOf(lower);
  const asStep = { valid: true, step: higher + 1, drift: gap + 1 };

  test('Both have the codes', () => {
    for (const first of [lower, higher]) {
      expect([generateHotp(key, first), generateHotp(key, first + 1)]).toEqual(codes);
    }
  });

  test('A resynchronisation takes the higher, so that the codes are not good again', () => {
    const options = { timestamp, range: gap + 1 };
    expect(resyncTotp(key, codes, options)).toEqual(asStep);
    expect(resyncTotp(key, codes, { ...options, lastStep: lower + 1 })).toEqual(asStep);
    expect(resyncTotp(key, codes, { ...options, lastStep: higher + 1 })).toEqual(REUSED);

    const found = { valid: true, counter: higher + 1, nextCounter: higher + 2 };
    expect(resyncHotp(key, codes, { counter: lower, range: gap })).toEqual(found);
    expect(resyncHotp(key, codes, { counter: higher + 2, range: gap })).toEqual(MISMATCH);
  });

  test('It takes the lower where the higher is just out of its range', () => {
    expect(resyncTotp(key, codes, { timestamp, range: gap })).toMatchObject({ step: lower + 1 });
    expect(resyncHotp(key, codes, { counter: lower, range: gap - 1 })).toMatchObject({
      counter: lower + 1,
    });
  });
});
