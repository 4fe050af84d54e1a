// What docs/migrating/README.md says of all six libraries at once; and that a wrong counterpart does
// not get past the comparisons that the pages are held by.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { attempts, cases, codeOf } from './support/cases.mjs';
import { expectSame, expectSameAcceptance } from './support/compare.mjs';
import {
  notp,
  oslo,
  otpauth,
  otpcore,
  otplib12,
  otplib13,
  pinnedVersion,
  speakeasy,
} from './support/libraries.mjs';
import { missingNames, readDifferences, readPage, readRows, strayLines } from './support/page.mjs';

const { buildOtpauthUri, createKey, generateHotp, generateTotp, verifyHotp, verifyTotp } = otpcore;

const TEXT = '12345678901234567890';
const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const BYTES = new TextEncoder().encode(TEXT);
const COUNTER = 1000;
const SECONDS = COUNTER * 30 + 15;

const secret = otpauth.Secret.fromBase32(BASE32);
const strategy = 'hotp';
const counter = COUNTER;

/** Whether each library accepts a code, with no option but the secret, the code and the counter. */
const accepts = {
  speakeasy: {
    totp: (token) => speakeasy.totp.verify({ secret: TEXT, token }),
    hotp: (token) => speakeasy.hotp.verify({ secret: TEXT, token, counter }),
  },
  'otplib 12': {
    totp: (token) => otplib12.authenticator.check(token, BASE32),
    hotp: (token) => otplib12.hotp.check(token, TEXT, counter),
  },
  'otplib 13': {
    totp: (token) => otplib13.verifySync({ secret: BASE32, token }).valid,
    hotp: (token) => otplib13.verifySync({ secret: BASE32, token, strategy, counter }).valid,
  },
  otpauth: {
    totp: (token) => otpauth.TOTP.validate({ secret, token }) !== null,
    hotp: (token) => otpauth.HOTP.validate({ secret, token, counter }) !== null,
  },
  notp: {
    totp: (token) => notp.totp.verify(token, TEXT) !== null,
    hotp: (token) => notp.hotp.verify(token, TEXT, { counter }) !== null,
  },
  '@oslojs/otp': {
    totp: (code) => oslo.verifyTOTP(BYTES, 30, 6, code),
    hotp: (code) => oslo.verifyHOTP(BYTES, BigInt(counter), 6, code),
  },
  otpcore: {
    totp: (code) => verifyTotp(createKey(BASE32), code).valid,
    hotp: (code) => verifyHotp(createKey(BASE32), code, { counter }).valid,
  },
};

/** The first and the last offset whose code is accepted. */
function windowOf(accepted) {
  const one = { secret: BYTES, algorithm: 'SHA1', digits: 6 };
  const offsets = Array.from({ length: 121 }, (_, i) => i - 60);
  const within = offsets.filter((offset) => accepted(codeOf(one, COUNTER + offset)));
  return `${within[0]} to ${within.at(-1)}`;
}

describe('The overview of all libraries', () => {
  const page = readPage('README');

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: SECONDS * 1000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each(Object.entries(accepts))('states the default windows of %s', (name, { totp, hotp }) => {
    expect(page).toContain(`| ${name} | ${windowOf(totp)} | ${windowOf(hotp)} |`);
  });

  test('states the versions that are tested, as does each page', () => {
    const pages = {
      speakeasy: 'speakeasy',
      'otplib-12': 'otplib-12',
      'otplib-13': 'otplib-13',
      otpauth: 'otpauth',
      notp: 'notp',
      '@oslojs/otp': 'oslo-otp',
    };
    for (const [name, file] of Object.entries(pages)) {
      const title = `${name.replace(/-1[23]$/, '')} ${pinnedVersion(name)}`;
      expect(page).toContain(`| ${title} | [${file}.md](${file}.md) |`);
      expect(readPage(file).split('\n')[0]).toBe(`# From ${title}`);
    }
  });

  test('says rightly where something typed throws', () => {
    const typed = [
      undefined,
      null,
      '',
      '12',
      '12345a',
      '12345６',
      ' 87082',
      287082,
      'x'.repeat(99),
    ];
    const throwing = Object.keys(accepts).filter((name) =>
      typed.some((code) => {
        try {
          accepts[name].totp(code);
          return false;
        } catch {
          return true;
        }
      }),
    );
    expect(throwing.sort()).toEqual(['@oslojs/otp', 'otpauth', 'otplib 13']);
  });

  test('says rightly which old names throw, and when', () => {
    const [, list] = /Such names are (.*?)\. Calls/.exec(page) ?? [];
    const names = [...(list ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(5);
    const key = createKey(BASE32);
    const right = generateTotp(key);
    for (const name of names) {
      const old = { [name]: 1 };
      const uri = { issuer: 'ACME', account: 'alice', secret: BASE32, ...old };
      const refusal = new RegExp(`^"${name}" is not an option of otpcore: use `);
      expect(() => generateTotp(key, old)).toThrow(refusal);
      expect(() => generateHotp(key, 0, old)).toThrow(refusal);
      expect(() => createKey(BASE32, old)).toThrow(refusal);
      expect(() => buildOtpauthUri(uri)).toThrow(refusal);
      expect(() => verifyTotp(key, 'wrong', old)).toThrow(refusal);
      expect(verifyTotp(key, right, old).valid).toBe(true);
    }
  });

  test('says rightly that a left epoch is refused within a day of the clock', () => {
    const verifyAt = (ageSeconds) => () =>
      verifyTotp(createKey(BASE32), '000000', { epoch: Date.now() / 1000 - ageSeconds });
    vi.setSystemTime(1_699_999_980_000);
    expect(readPage('otplib-13')).toContain('Within a day of the clock');
    for (const age of [0, 60, 86_399]) expect(verifyAt(age)).toThrow(RangeError);
    expect(verifyAt(86_400)()).toEqual({ valid: false, reason: 'mismatch' });
  });

  test('says rightly that only this library has a call that accepts a code once', async () => {
    const code = generateTotp(createKey(BASE32));
    for (const { totp } of Object.values(accepts))
      expect([totp(code), totp(code)]).toEqual([true, true]);
    const options = { store: otpcore.memoryStore(), id: 'alice' };
    const once = () => otpcore.verifyTotpOnce(createKey(BASE32), code, options);
    expect([(await once()).valid, (await once()).valid]).toEqual([true, false]);
  });
});

describe('A wrong counterpart is found:', () => {
  const all = cases({ seed: 71 });
  const theirs = ({ secret, digits, period, timestamp, ...one }) => {
    const algorithm = one.algorithm.toLowerCase();
    return speakeasy.totp({ secret, digits, algorithm, step: period, time: timestamp / 1000 });
  };
  const ours = (one, more) =>
    generateTotp(createKey(one.secret, { algorithm: one.algorithm }), { ...one, ...more });

  test('the right one passes', () => expectSame(all, theirs, ours));

  test.each([
    {
      what: 'another unit of time',
      more: ({ timestamp }) => ({ timestamp: Math.floor(timestamp / 100_000) }),
    },
    { what: 'a period that is left out', more: () => ({ period: undefined }) },
    { what: 'digits that are left out', more: () => ({ digits: undefined }) },
    { what: 'an epoch that is not there', more: () => ({ epoch: 30 }) },
  ])('$what', ({ more }) => {
    const among = all.filter(({ timestamp }) => timestamp > 1_000_000);
    expect(() => expectSame(among, theirs, (one) => ours(one, more(one)))).toThrow(/deeply equal/);
  });

  test('a text read as base32 that was ASCII', () => {
    const among = all.map((one) => ({ ...one, secret: one.base32 }));
    expect(() => expectSame(among, theirs, ours)).toThrow(/deeply equal/);
  });

  test('a window of another width, and an acceptance that cannot be refused', () => {
    const typed = attempts(all);
    const verify = (window) => (one) =>
      verifyTotp(createKey(one.secret, { algorithm: one.algorithm }), one.code, { ...one, window })
        .valid;
    expectSameAcceptance(typed, verify(1), verify(1));
    expect(() => expectSameAcceptance(typed, verify(1), verify(2))).toThrow(/deeply equal/);
    expect(() =>
      expectSameAcceptance(
        typed,
        () => true,
        () => true,
      ),
    ).toThrow(/less than/);
    expect(() =>
      expectSameAcceptance(
        typed,
        () => false,
        () => false,
      ),
    ).toThrow(/greater than/);
  });
});

describe('A page that leaves something out is found:', () => {
  const page = [
    '| there | here |',
    '| --- | --- |',
    '| `totp.verify(options)` | `verifyTotp` |',
    '',
    '| from | page |',
    '| `hotp` | none |',
    '',
    '- **It differs.** So it does.',
  ].join('\n');

  test('a name that stands in no first column, or only as a part of another', () => {
    const names = ['totp.verify', 'verifyTotp', 'hotp', 'totp.verifyDelta', 'verif'];
    expect(missingNames(page, names)).toEqual(['verifyTotp', 'hotp', 'totp.verifyDelta', 'verif']);
  });

  test('a row and a difference are read as they stand', () => {
    expect(readRows(page)).toEqual(['`totp.verify(options)`']);
    expect(readDifferences(page)).toEqual(['It differs.']);
  });

  test('a line without a check, and a check without a line', () => {
    const checks = {
      rows: { '`totp.verify(options)`': () => {} },
      differences: { 'It is.': () => {} },
    };
    const stray = { unchecked: ['It differs.'], unwritten: ['It is.'] };
    expect(strayLines(page, checks)).toEqual(stray);
  });
});
