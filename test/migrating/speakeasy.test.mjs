// speakeasy 2.0.0 and its counterparts, on the same secrets.
import { describe, expect, test } from 'vitest';
import { differences } from './speakeasy.differences.mjs';
import { attempts, cases } from './support/cases.mjs';
import { expectSame, expectSameAcceptance } from './support/compare.mjs';
import { otpcore, quietly, sourceOf, speakeasy } from './support/libraries.mjs';
import { missingNames, readPage, testPage } from './support/page.mjs';

const {
  buildOtpauthUri,
  createKey,
  decodeBase32,
  encodeBase32,
  generateHotp,
  generateSecret,
  generateTotp,
  parseOtpauthUri,
  timeStep,
  verifyHotp,
  verifyTotp,
} = otpcore;

const TEXT = '12345678901234567890';
const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const BYTES = Buffer.from(TEXT, 'ascii');
const KEY = createKey(BASE32);

const all = cases({ seed: 11 });
const typed = attempts(all);
// Its counters have 32 bits.
const pressed = attempts(all, 3, ({ counter }) => counter);

/** A case as speakeasy wants it. */
function theirOptions({ secret, algorithm, digits, period, timestamp, code }) {
  const time = timestamp / 1000;
  const hash = algorithm.toLowerCase();
  return { secret, algorithm: hash, digits, step: period, time, token: code };
}

const keyOf = ({ secret, algorithm }) => createKey(secret, { algorithm });

function expectSameCodes(among = all, ours = keyOf, extra = () => ({})) {
  expectSame(
    among,
    (one) => speakeasy.totp({ ...theirOptions(one), ...extra(one) }),
    (one) => generateTotp(ours(one), one),
  );
}

function expectSameHotp(hotp = speakeasy.hotp) {
  expectSame(
    all,
    (one) => hotp({ ...theirOptions(one), counter: one.counter }),
    (one) => generateHotp(keyOf(one), one.counter, { digits: one.digits }),
  );
}

function expectSameWindow(window) {
  expectSameAcceptance(
    typed,
    (one) => speakeasy.totp.verify({ ...theirOptions(one), window }),
    (one) => verifyTotp(keyOf(one), one.code, { ...one, window: window ?? 0 }).valid,
  );
}

function expectSameLookAhead(window) {
  expectSameAcceptance(
    pressed,
    (one) => speakeasy.hotp.verify({ ...theirOptions(one), counter: one.counter, window }),
    ({ digits, counter, code, ...one }) =>
      verifyHotp(keyOf(one), code, { digits, counter, lookAhead: window }).valid,
  );
}

function expectSameEncoding(encoding, textOf, ours) {
  const among = all.map((one) => ({ ...one, written: textOf(one.secret) }));
  expectSameCodes(
    among,
    ({ written, algorithm }) => createKey(ours(written), { algorithm }),
    ({ written }) => ({ secret: written, encoding }),
  );
}

const uriOf = (options) => parseOtpauthUri(speakeasy.otpauthURL(options));
const base = { secret: TEXT, label: 'alice', issuer: 'ACME' };
const ourBase = { secret: BYTES, account: 'alice', issuer: 'ACME' };
const ourUri = (params) => parseOtpauthUri(buildOtpauthUri({ ...ourBase, ...params }));

function expectNewSecret() {
  const { ascii, hex, base32 } = speakeasy.generateSecret();
  expect(decodeBase32(base32)).toEqual(new Uint8Array(Buffer.from(ascii, 'ascii')));
  expect(Buffer.from(hex, 'hex').toString('ascii')).toBe(ascii);
  const secret = generateSecret(32);
  const text = encodeBase32(secret);
  expect(text.length).toBe(base32.length);
  const theirs = speakeasy.totp({ secret: text, encoding: 'base32', time: 59 });
  expect(theirs).toBe(generateTotp(createKey(secret), { timestamp: 59_000 }));
}

const rows = {
  '`totp(options)`, `time(options)`': () => {
    expectSameCodes();
    expect(speakeasy.time).toBe(speakeasy.totp);
  },
  '`totp.verify(options)`': () => expectSameWindow(undefined),
  '`totp.verifyDelta(options)`': () => {
    expectSame(
      typed,
      (one) => speakeasy.totp.verifyDelta({ ...theirOptions(one), window: 2 })?.delta,
      (one) => {
        const result = verifyTotp(keyOf(one), one.code, { ...one, window: 2 });
        if (result.valid) expect(result.step - result.delta).toBe(one.current);
        return result.delta;
      },
    );
  },
  '`hotp(options)`, `counter(options)`': () => {
    expectSameHotp();
    expect(speakeasy.counter).toBe(speakeasy.hotp);
  },
  '`hotp.verify(options)`': () => expectSameLookAhead(undefined),
  '`hotp.verifyDelta(options)`': () => {
    expectSame(
      pressed,
      (one) => {
        const options = { ...theirOptions(one), counter: one.counter, window: 2 };
        return speakeasy.hotp.verifyDelta(options)?.delta;
      },
      ({ digits, counter, code, ...one }) => {
        const result = verifyHotp(keyOf(one), code, { digits, counter, lookAhead: 2 });
        return result.valid ? result.counter - counter : undefined;
      },
    );
  },
  '`generateSecret(options)`, `generate_key(options)`': () => {
    expectNewSecret();
    expect(Object.keys(speakeasy.generate_key())).toContain('base32');
  },
  '`generateSecretASCII(length, symbols)`, `generate_key_ascii(length, symbols)`': () => {
    expect(speakeasy.generateSecretASCII(20)).toHaveLength(20);
    expect(speakeasy.generate_key_ascii(20)).toHaveLength(20);
    expect(generateSecret(20)).toHaveLength(20);
  },
  '`otpauthURL(options)`': () => expect(uriOf(base)).toEqual(ourUri()),
  '`digest(options)`': () => {
    const digest = speakeasy.digest({ secret: TEXT, counter: 1 });
    expect(speakeasy.hotp({ digest })).toBe(generateHotp(KEY, 1));
  },
  '`_counter(options)`': () => {
    const options = (one) => ({ ...theirOptions(one), epoch: 1000 });
    const late = all.filter(({ timestamp }) => timestamp > 1_000_000);
    expectSame(
      late,
      (one) => speakeasy._counter(options(one)),
      ({ timestamp, period }) => timeStep({ timestamp, period, epoch: 1000 }),
    );
  },

  "`secret` with `encoding: 'ascii'`, the default": () => {
    const latin1 = (secret) => secret.toString('latin1');
    expectSameEncoding('ascii', latin1, (text) => Buffer.from(text, 'ascii'));
    expectSameEncoding(undefined, latin1, (text) => Buffer.from(text, 'ascii'));
  },
  "`secret` with `encoding: 'hex'`": () =>
    expectSameEncoding(
      'hex',
      (secret) => secret.toString('hex'),
      (text) => Buffer.from(text, 'hex'),
    ),
  "`secret` with `encoding: 'base64'`": () =>
    expectSameEncoding(
      'base64',
      (secret) => secret.toString('base64'),
      (text) => Buffer.from(text, 'base64'),
    ),
  "`secret` with `encoding: 'base32'`": () =>
    expectSameEncoding('base32', encodeBase32, (text) => text),
  '`secret` as a `Buffer`': () => expectSameCodes(),
  '`key`, the old name of `secret`': () => {
    const { value, warned } = quietly(() => speakeasy.totp({ key: TEXT, time: 59 }));
    expect(value).toBe(generateTotp(KEY, { timestamp: 59_000 }));
    expect(warned).toHaveLength(1);
  },
  "`algorithm: 'sha256'`": () =>
    expectSameCodes(
      all.map((one) => ({ ...one, algorithm: 'SHA256' })),
      ({ secret }) => createKey(secret, { algorithm: 'SHA256' }),
    ),
  '`token`': () => expectSameWindow(0),
  '`digits`, `length` of a code': () => {
    for (const digits of [6, 7, 8, 9]) {
      const here = generateHotp(KEY, 0, { digits });
      expect(speakeasy.hotp({ secret: TEXT, counter: 0, digits })).toBe(here);
      const old = quietly(() => speakeasy.hotp({ secret: TEXT, counter: 0, length: digits }));
      expect(old.value).toBe(here);
    }
  },
  '`time`, in seconds': () => expectSameCodes(),
  '`step`, in seconds': () => expectSameCodes(),
  '`epoch`, `initial_time`, in seconds': () => {
    const here = generateTotp(KEY, { timestamp: 159_000, epoch: 100 });
    expect(speakeasy.totp({ secret: TEXT, time: 159, epoch: 100 })).toBe(here);
    const old = quietly(() => speakeasy.totp({ secret: TEXT, time: 159, initial_time: 100 }));
    expect(old.value).toBe(here);
  },
  '`window` of `totp.verify`, default 0': () => {
    for (const window of [0, 1, 2]) expectSameWindow(window);
  },
  '`window` of `hotp.verify`, default 0': () => {
    for (const window of [0, 1, 2]) expectSameLookAhead(window);
  },
  '`counter` of `hotp`': () => expectSameHotp(),
  '`counter` of `totp`, instead of a time': () => expectSameHotp((o) => speakeasy.totp(o)),
  '`digest`, instead of a secret': () => {
    const digest = speakeasy.digest({ secret: TEXT, counter: 9 });
    expect(speakeasy.hotp({ digest })).toBe(generateHotp(KEY, 9));
  },
  '`length`, `symbols` of `generateSecret`': () => {
    const { ascii } = speakeasy.generateSecret({ length: 20, symbols: false });
    expect(ascii).toMatch(/^[0-9A-Za-z]{20}$/);
    expect(generateSecret()).toHaveLength(20);
    expect(() => generateSecret(15)).toThrow(RangeError);
    expect(generateSecret(4096)).toHaveLength(4096);
  },
  '`name` of `generateSecret`': () => {
    const made = speakeasy.generateSecret({ name: 'ACME:alice' });
    const here = buildOtpauthUri({ issuer: 'ACME', account: 'alice', secret: made.base32 });
    const [there, ours] = [parseOtpauthUri(made.otpauth_url), parseOtpauthUri(here)];
    expect(there).toEqual(ours);
  },
  '`otpauth_url`, `qr_codes`, `google_auth_qr` of `generateSecret`': () => {
    const options = { qr_codes: true, google_auth_qr: true, otpauth_url: false };
    const { value } = quietly(() => speakeasy.generateSecret(options));
    expect(value.otpauth_url).toBeUndefined();
    for (const name of ['qr_code_ascii', 'qr_code_hex', 'qr_code_base32', 'google_auth_qr']) {
      expect(value[name]).toMatch(/^https:/);
    }
  },
  '`label` of `otpauthURL`': () => {
    const account = 'alice+test@example.com';
    const label = encodeURIComponent(account);
    expect(uriOf({ ...base, label })).toEqual(ourUri({ account }));
  },
  '`issuer` of `otpauthURL`': () => {
    expect(uriOf({ ...base, issuer: 'ACME Co' })).toEqual(ourUri({ issuer: 'ACME Co' }));
    expect(() => ourUri({ issuer: undefined })).toThrow(TypeError);
  },
  '`type` of `otpauthURL`': () => {
    const there = new URL(speakeasy.otpauthURL({ ...base, type: 'hotp', counter: 3 }));
    expect(there.hostname).toBe('hotp');
    expect(ourUri({ type: 'hotp', counter: 3 })).toMatchObject({ type: 'hotp', counter: 3 });
  },
  '`algorithm`, `digits`, `period` of `otpauthURL`': () => {
    const shape = { digits: 8, period: 60 };
    const there = uriOf({ ...base, ...shape, algorithm: 'sha256' });
    expect(there).toEqual(ourUri({ ...shape, algorithm: 'SHA256' }));
    const plain = buildOtpauthUri({ ...ourBase, algorithm: 'SHA1', digits: 6, period: 30 });
    expect(plain).not.toMatch(/algorithm|digits|period/);
  },
};

testPage('speakeasy', { rows, differences });

describe('The page on speakeasy is complete:', () => {
  const source = sourceOf('speakeasy/index.js');

  test('it names every function that is exported', () => {
    const verifying = ['totp.verify', 'totp.verifyDelta', 'hotp.verify', 'hotp.verifyDelta'];
    const names = [...Object.keys(speakeasy), ...verifying];
    expect(names.length).toBeGreaterThan(14);
    expect(missingNames(readPage('speakeasy'), names)).toEqual([]);
  });

  test('it names every option that the source reads', () => {
    const names = new Set([...source.matchAll(/\boptions\.(\w+)/g)].map(([, name]) => name));
    expect(names.size).toBeGreaterThan(20);
    expect(missingNames(readPage('speakeasy'), [...names])).toEqual([]);
  });
});
