// @oslojs/otp 1.1.0 and its counterparts, on the same secrets. It reads the clock itself, so the clock
// is set.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { attempts, cases, codeOf, plainCases } from './support/cases.mjs';
import { expectSame, expectSameAcceptance, outcomeOf } from './support/compare.mjs';
import { oslo, otpcore, requireLibrary, sourceOf } from './support/libraries.mjs';
import { missingNames, readPage, testPage } from './support/page.mjs';

const {
  buildOtpauthUri,
  createKey,
  generateHotp,
  generateSecret,
  generateTotp,
  lintOtpauthUri,
  parseOtpauthUri,
  timeStep,
  verifyHotp,
  verifyTotp,
} = otpcore;

const BYTES = new TextEncoder().encode('12345678901234567890');
const KEY = createKey(BYTES);

const all = cases({ seed: 31 }).map((one) => ({ ...one, algorithm: 'SHA1' }));
const typed = attempts(all);
const pressed = attempts(all, 3, ({ counter }) => counter);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Runs @oslojs/otp at a moment. */
function at(timestamp, run) {
  vi.setSystemTime(timestamp);
  return run();
}

function expectSameCodes() {
  expectSame(
    all,
    ({ secret, period, digits, timestamp }) =>
      at(timestamp, () => oslo.generateTOTP(secret, period, digits)),
    ({ secret, ...one }) => generateTotp(createKey(secret), one),
  );
}

function expectSameStep() {
  expectSameAcceptance(
    typed,
    ({ secret, period, digits, timestamp, code }) =>
      at(timestamp, () => oslo.verifyTOTP(secret, period, digits, code)),
    ({ secret, code, ...one }) => verifyTotp(createKey(secret), code, { ...one, window: 0 }).valid,
  );
}

/**
 * The grace period is told in steps here, and may be a part of one. Steps below 0, of a clock in the
 * first minutes of 1970, throw there.
 */
function expectSameGrace(steps, windowOf) {
  expectSameAcceptance(
    typed.filter(({ current }) => current > 2),
    ({ secret, period, digits, timestamp, code }) =>
      at(timestamp, () =>
        oslo.verifyTOTPWithGracePeriod(secret, period, digits, code, steps * period),
      ),
    ({ secret, code, ...one }) =>
      verifyTotp(createKey(secret), code, { ...one, window: windowOf(one) }).valid,
  );
}

/** As on the page. */
function exactWindow(steps, { timestamp, period }) {
  const grace = steps * period * 1000;
  const step = timeStep({ timestamp, period });
  const past = step - timeStep({ timestamp: Math.max(0, timestamp - grace), period });
  return { past, future: timeStep({ timestamp: timestamp + grace, period }) - step };
}

function expectSameHotp() {
  const large = [2 ** 31, 2 ** 32, 2 ** 53 - 1].map((counter) => ({ ...all[0], counter }));
  expectSame(
    [...all, ...large],
    ({ secret, counter, digits }) => oslo.generateHOTP(secret, BigInt(counter), digits),
    ({ secret, counter, digits }) => generateHotp(createKey(secret), counter, { digits }),
  );
}

function expectSameHotpAcceptance() {
  expectSameAcceptance(
    pressed,
    ({ secret, counter, digits, code }) => oslo.verifyHOTP(secret, BigInt(counter), digits, code),
    ({ secret, counter, digits, code }) =>
      verifyHotp(createKey(secret), code, { counter, digits }).valid,
  );
}

function expectSameTotpUri(issuer = 'ACME', account = 'alice@example.com') {
  expectSame(
    all,
    ({ secret, period, digits }) =>
      parseOtpauthUri(oslo.createTOTPKeyURI(issuer, account, secret, period, digits)),
    ({ secret, period, digits }) =>
      parseOtpauthUri(buildOtpauthUri({ issuer, account, secret, period, digits })),
  );
}

function expectSameHotpUri(issuer = 'ACME', account = 'alice@example.com') {
  expectSame(
    all,
    ({ secret, counter, digits }) =>
      parseOtpauthUri(oslo.createHOTPKeyURI(issuer, account, secret, BigInt(counter), digits)),
    ({ secret, counter, digits }) =>
      parseOtpauthUri(buildOtpauthUri({ type: 'hotp', issuer, account, secret, counter, digits })),
  );
}

const rows = {
  '`generateTOTP(key, intervalInSeconds, digits)`': expectSameCodes,
  '`verifyTOTP(key, intervalInSeconds, digits, otp)`': expectSameStep,
  '`verifyTOTPWithGracePeriod(key, intervalInSeconds, digits, otp, gracePeriodInSeconds)`': () =>
    expectSameGrace(2, () => 2),
  '`createTOTPKeyURI(issuer, accountName, key, periodInSeconds, digits)`': () =>
    expectSameTotpUri(),
  '`generateHOTP(key, counter, digits)`': expectSameHotp,
  '`verifyHOTP(key, counter, digits, otp)`': expectSameHotpAcceptance,
  '`createHOTPKeyURI(issuer, accountName, key, counter, digits)`': () => expectSameHotpUri(),

  '`key`, a `Uint8Array`': () => {
    expectSameCodes();
    expectSameTotpUri();
  },
  '`intervalInSeconds`, `periodInSeconds`': () => {
    expect(new Set(all.map(({ period }) => period)).size).toBeGreaterThan(3);
    expectSameCodes();
    expectSameTotpUri();
  },
  '`digits`, 6 to 8, required': () => {
    for (const digits of [6, 7, 8, 9]) {
      const here = generateHotp(KEY, 0, { digits });
      const there = outcomeOf(() => oslo.generateHOTP(BYTES, 0n, digits));
      expect(there).toBe(digits < 9 ? here : 'throws TypeError');
    }
    expect(generateHotp(KEY, 0)).toBe(generateHotp(KEY, 0, { digits: 6 }));
  },
  '`otp`': expectSameStep,
  '`gracePeriodInSeconds`, of one step': () => expectSameGrace(1, () => 1),
  '`gracePeriodInSeconds`, of any length': () => {
    for (const steps of [1 / 3, 0.5, 1, 1.5, 2]) {
      expectSameGrace(steps, (one) => exactWindow(steps, one));
    }
  },
  '`counter`, a bigint': () => {
    expectSameHotp();
    expect(outcomeOf(() => oslo.generateHOTP(BYTES, 1, 6))).toBe('throws TypeError');
    expect(outcomeOf(() => generateHotp(KEY, 1n))).toBe('throws TypeError');
  },
  '`issuer`, `accountName`': () => {
    expectSameTotpUri('ACME Co', 'alice+test@example.com');
    expectSameHotpUri('ACME Co', 'alice+test@example.com');
  },
};

const differences = {
  'The grace period is seconds, the window steps.': () => {
    const late = (seconds) =>
      at(seconds * 1000, () => oslo.verifyTOTPWithGracePeriod(BYTES, 30, 6, '287082', 10));
    expect([late(69), late(71)]).toEqual([true, false]);
    for (const seconds of [69, 71]) {
      const here = verifyTotp(KEY, '287082', { timestamp: seconds * 1000, window: 1 });
      expect(here.valid).toBe(true);
    }
  },
  'A code that is missing throws.': () => {
    for (const code of [undefined, null]) {
      expect(outcomeOf(() => oslo.verifyTOTP(BYTES, 30, 6, code))).toBe('throws TypeError');
      expect(verifyTotp(KEY, code)).toEqual({ valid: false, reason: 'malformed' });
    }
  },
  'An answer is an object here, and so truthy.': () => {
    expect(oslo.verifyHOTP(BYTES, 0n, 6, '000000')).toBe(false);
    expect(Boolean(verifyHotp(KEY, '000000', { counter: 0 }))).toBe(true);
    expect(verifyHotp(KEY, '000000', { counter: 0 }).valid).toBe(false);
  },
  'The default window differs.': () => {
    const timestamp = 89_000;
    expect(at(timestamp, () => oslo.verifyTOTP(BYTES, 30, 6, '287082'))).toBe(false);
    expect(verifyTotp(KEY, '287082', { timestamp }).valid).toBe(true);
    expect(verifyTotp(KEY, '287082', { timestamp, window: 0 }).valid).toBe(false);
  },
  "The issuer's space becomes a plus.": () => {
    const there = oslo.createTOTPKeyURI('ACME Co', 'alice', BYTES, 30, 6);
    expect(there).toContain('issuer=ACME+Co');
    expect(lintOtpauthUri(there).map(({ code }) => code)).toEqual(['raw-plus']);
    const here = buildOtpauthUri({ issuer: 'ACME Co', account: 'alice', secret: BYTES });
    expect(here).toContain('issuer=ACME%20Co');
  },
  'A colon in a name moves to the other name.': () => {
    const there = oslo.createTOTPKeyURI('A:B', 'alice', BYTES, 30, 6);
    expect(there).toContain('/A%3AB:alice?');
    const { issuer, account } = parseOtpauthUri(there);
    expect([issuer, account]).toEqual(['A:B', 'alice']);
    const build = () => buildOtpauthUri({ issuer: 'A:B', account: 'alice', secret: BYTES });
    expect(outcomeOf(build)).toBe('throws RangeError');
  },
  'The empty key has codes.': () => {
    expect(oslo.generateHOTP(new Uint8Array(0), 0n, 6)).toBe('328482');
    expect(outcomeOf(() => createKey(new Uint8Array(0)))).toBe('throws RangeError');
  },
  'Digits that are no whole number give no code.': () => {
    expect(oslo.generateHOTP(BYTES, 0n, 6.5)).toMatch(/^\d+\.\d+$/);
    expect(oslo.generateHOTP(BYTES, 0n, Number.NaN)).toBe('NaN');
    for (const digits of [6.5, Number.NaN]) {
      expect(outcomeOf(() => generateHotp(KEY, 0, { digits }))).toBe('throws RangeError');
    }
  },
  'There is no look-ahead.': () => {
    const code = codeOf({ secret: BYTES, algorithm: 'SHA1', digits: 6 }, 1);
    expect(oslo.verifyHOTP(BYTES, 0n, 6, code)).toBe(false);
    const here = verifyHotp(KEY, code, { counter: 0, lookAhead: 1 });
    expect(here).toEqual({ valid: true, counter: 1, nextCounter: 2 });
  },
  'Other hashes, other times.': () => {
    expectSame(
      cases({ seed: 32 }),
      (one) => codeOf(one, one.current),
      (one) => generateTotp(createKey(one.secret, { algorithm: one.algorithm }), one),
    );
    expect(sourceOf('@oslojs/otp/dist/hotp.js').match(/SHA\d+/g)).not.toContain('SHA256');
    const later = generateTotp(KEY, { timestamp: 159_000, epoch: 100 });
    expect(later).toBe(generateTotp(KEY, { timestamp: 59_000 }));
  },
  'Nothing is single use.': () => {
    const attempt = () => at(59_000, () => oslo.verifyTOTP(BYTES, 30, 6, '287082'));
    expect([attempt(), attempt()]).toEqual([true, true]);
  },
};

testPage('oslo-otp', { rows, differences });

test('createKey reads each spelling that @oslojs/encoding writes', () => {
  const encoding = requireLibrary('@oslojs/encoding');
  const spell = Object.entries(encoding).filter(([name]) => /^encodeBase32/.test(name));
  expect(spell.length).toBeGreaterThan(3);
  for (const { secret } of plainCases({ seed: 33, count: 40 })) {
    const code = generateHotp(createKey(secret), 0);
    for (const [, encode] of spell) expect(generateHotp(createKey(encode(secret)), 0)).toBe(code);
  }
  expect(generateSecret()).toHaveLength(20);
});

describe('The page on @oslojs/otp is complete:', () => {
  test('it names every function that is exported', () => {
    const names = Object.keys(oslo);
    expect(names).toHaveLength(7);
    expect(missingNames(readPage('oslo-otp'), names)).toEqual([]);
  });

  test('it names every parameter', () => {
    const heads = Object.values(oslo).map((call) => /\((.*?)\)/.exec(String(call))[1]);
    const names = [...new Set(heads.flatMap((head) => head.split(', ')))];
    expect(names.length).toBeGreaterThan(7);
    expect(missingNames(readPage('oslo-otp'), names)).toEqual([]);
  });
});
