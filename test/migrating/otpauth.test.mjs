// otpauth 9.5.2 and its counterparts, on the same secrets.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { differences } from './otpauth.differences.mjs';
import { attempts, cases } from './support/cases.mjs';
import { expectSame, expectSameAcceptance, outcomeOf } from './support/compare.mjs';
import { otpauth, otpcore, pinnedVersion, sourceOf } from './support/libraries.mjs';
import { missingNames, readPage, testPage } from './support/page.mjs';

const { HOTP, Secret, TOTP, URI } = otpauth;
const {
  buildOtpauthUri,
  createKey,
  decodeBase32Lenient,
  encodeBase32,
  generateHotp,
  generateSecret,
  generateTotp,
  parseOtpauthUri,
  secondsRemaining,
  timeStep,
  verifyHotp,
  verifyTotp,
} = otpcore;

const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const KEY = createKey(BASE32);
const SECRET = Secret.fromBase32(BASE32);
const BYTES = Buffer.from('12345678901234567890');

const all = cases({ seed: 41 });
const typed = attempts(all);
const pressed = attempts(all, 3, ({ counter }) => counter);
const ahead = pressed.filter(({ offset }) => offset === undefined || offset >= 0);

const keyOf = ({ secret, algorithm }) => createKey(secret, { algorithm });

/** A case as otpauth's static calls want it. */
function theirConfig({ code, ...one }) {
  return { ...one, secret: Secret.fromBase32(one.base32), token: code };
}

/** A case as the options of an object. */
function theirObject({ base32, algorithm, digits, period, counter }, names) {
  return { secret: base32, algorithm, digits, period, counter, ...names };
}

function expectSameCodes() {
  const ours = (one) => generateTotp(keyOf(one), one);
  expectSame(all, (one) => TOTP.generate(theirConfig(one)), ours);
  expectSame(all, (one) => new TOTP(theirObject(one)).generate(one), ours);
}

function expectSameHotp() {
  const large = [2 ** 31, 2 ** 32, 2 ** 53 - 1].map((counter) => ({ ...all[0], counter }));
  const among = [...all, ...large];
  const ours = (one) => generateHotp(keyOf(one), one.counter, { digits: one.digits });
  expectSame(among, (one) => HOTP.generate(theirConfig(one)), ours);
  expectSame(among, (one) => new HOTP(theirObject(one)).generate(one), ours);
}

function expectSameWindow(window) {
  const here = (one) => verifyTotp(keyOf(one), one.code, { ...one, window });
  expectSameAcceptance(
    typed,
    (one) => TOTP.validate({ ...theirConfig(one), window }) !== null,
    (one) => here(one).valid,
  );
  expectSame(
    typed,
    (one) => new TOTP(theirObject(one)).validate({ ...theirConfig(one), window }),
    (one) => here(one).delta ?? null,
  );
}

function expectSameLookAhead(window) {
  const here = ({ counter, digits, code, ...one }) =>
    verifyHotp(keyOf(one), code, { counter, digits, lookAhead: window });
  expectSameAcceptance(
    ahead,
    (one) => HOTP.validate({ ...theirConfig(one), window }) !== null,
    (one) => here(one).valid,
  );
  expectSame(
    ahead,
    (one) => new HOTP(theirObject(one)).validate({ ...theirConfig(one), window }),
    (one) => (here(one).valid ? here(one).counter - one.counter : null),
  );
}

function ourUri({ base32, algorithm, digits, period }, names = {}) {
  const params = { issuer: 'ACME', account: 'alice', secret: base32, algorithm, digits, period };
  return buildOtpauthUri({ ...params, ...names });
}

function expectSameUris() {
  const names = { issuer: 'ACME Co', label: 'alice+test@example.com' };
  expectSame(
    all,
    (one) => parseOtpauthUri(URI.stringify(new TOTP(theirObject(one, names)))),
    (one) => parseOtpauthUri(ourUri(one, { issuer: names.issuer, account: names.label })),
  );
  expectSame(
    all,
    (one) => parseOtpauthUri(new HOTP(theirObject(one, names)).toString()),
    ({ counter, ...one }) => {
      const hotp = { type: 'hotp', counter, period: undefined };
      const shape = { issuer: names.issuer, account: names.label, ...hotp };
      return parseOtpauthUri(ourUri(one, shape));
    },
  );
}

function expectSameReading() {
  expectSame(
    all,
    (one) => {
      const { issuer, label, secret, algorithm, digits, period } = URI.parse(ourUri(one));
      return { issuer, label, secret: secret.hex, algorithm, digits, period };
    },
    (one) => {
      const { issuer, account, secret, ...read } = parseOtpauthUri(ourUri(one));
      const hex = Buffer.from(secret).toString('hex').toUpperCase();
      const { algorithm, digits, period } = read;
      return { issuer, label: account, secret: hex, algorithm, digits, period };
    },
  );
}

function expectSameBytes(theirs, ours) {
  const plain = (bytes) => Buffer.from(bytes).toString('hex');
  expectSame(
    all,
    (one) => plain(theirs(one).bytes),
    (one) => plain(ours(one)),
  );
}

function expectSameText(theirs, ours) {
  expectSame(
    all,
    ({ base32 }) => theirs(Secret.fromBase32(base32)),
    ({ secret }) => ours(new Uint8Array(secret)),
  );
}

const rows = {
  '`TOTP.generate(config)`, `totp.generate(config)`': expectSameCodes,
  '`TOTP.validate(config)`, `totp.validate(config)`': () => expectSameWindow(1),
  '`TOTP.counter(config)`, `totp.counter(config)`': () => {
    const stepOf = ({ timestamp, period }) => timeStep({ timestamp, period });
    expectSame(all, (one) => TOTP.counter(one), stepOf);
    expectSame(all, (one) => new TOTP(theirObject(one)).counter(one), stepOf);
  },
  '`TOTP.remaining(config)`, `totp.remaining(config)`, in milliseconds': () => {
    const ours = ({ timestamp, period }) => secondsRemaining({ timestamp, period });
    expectSame(all, (one) => Math.ceil(TOTP.remaining(one) / 1000), ours);
    expectSame(all, (one) => Math.ceil(new TOTP(theirObject(one)).remaining(one) / 1000), ours);
  },
  '`HOTP.generate(config)`, `hotp.generate(config)`': expectSameHotp,
  '`HOTP.validate(config)`, `hotp.validate(config)`': () => expectSameLookAhead(1),
  '`totp.toString()`, `hotp.toString()`, `URI.stringify(otp)`': expectSameUris,
  '`URI.parse(uri, config)`': expectSameReading,
  '`TOTP.defaults`, `HOTP.defaults`': () => {
    const read = parseOtpauthUri(ourUri({ base32: BASE32 }));
    const { algorithm, digits, period, window } = TOTP.defaults;
    expect({ algorithm, digits, period, window }).toEqual({
      algorithm: read.algorithm,
      digits: read.digits,
      period: read.period,
      window: 1,
    });
    expect(HOTP.defaults).toMatchObject({ counter: 0, window: 1, issuer: '', label: 'OTPAuth' });
  },
  '`new TOTP(config)`, `new HOTP(config)`': () => {
    expectSameCodes();
    expectSameHotp();
  },
  '`new Secret({ size })`': () => {
    expect(new Secret({ size: 32 }).bytes).toHaveLength(32);
    expect(new Secret().bytes).toHaveLength(generateSecret().length);
    expect(generateSecret(32)).toHaveLength(32);
    for (const size of [15, 4097]) {
      expect(outcomeOf(() => generateSecret(size))).toBe('throws RangeError');
    }
  },
  '`new Secret({ buffer })`': () =>
    expectSameBytes(
      ({ secret }) => new Secret({ buffer: new Uint8Array(secret).buffer }),
      ({ secret }) => new Uint8Array(secret),
    ),
  '`Secret.fromBase32(str)`': () =>
    expectSameBytes(
      ({ base32 }) => Secret.fromBase32(base32),
      ({ base32 }) => decodeBase32Lenient(base32),
    ),
  '`Secret.fromHex(str)`': () =>
    expectSameBytes(
      ({ secret }) => Secret.fromHex(secret.toString('hex')),
      ({ secret }) => Buffer.from(secret.toString('hex'), 'hex'),
    ),
  '`Secret.fromLatin1(str)`': () =>
    expectSameBytes(
      ({ text }) => Secret.fromLatin1(text),
      ({ text }) => Buffer.from(text, 'latin1'),
    ),
  '`Secret.fromUTF8(str)`': () =>
    expectSameBytes(
      ({ text }) => Secret.fromUTF8(text),
      ({ text }) => new TextEncoder().encode(text),
    ),
  '`secret.bytes`, `secret.buffer`': () => {
    expect(SECRET.bytes).toEqual(new Uint8Array(BYTES));
    expect(new Uint8Array(SECRET.buffer)).toEqual(decodeBase32Lenient(BASE32));
  },
  '`secret.base32`': () => expectSameText((secret) => secret.base32, encodeBase32),
  '`secret.hex`, in upper case': () =>
    expectSameText(
      (secret) => secret.hex,
      (bytes) => Buffer.from(bytes).toString('hex').toUpperCase(),
    ),
  '`secret.latin1`': () =>
    expectSameText(
      (secret) => secret.latin1,
      (bytes) => Buffer.from(bytes).toString('latin1'),
    ),
  '`secret.utf8`': () =>
    expectSameText(
      (secret) => secret.utf8,
      (bytes) => new TextDecoder().decode(bytes),
    ),
  '`version`': () => {
    expect(otpauth.version).toBe(pinnedVersion('otpauth'));
    const manifest = new URL('../../package.json', import.meta.url);
    expect(JSON.parse(readFileSync(manifest, 'utf8')).version).toMatch(/^\d+\.\d+\.\d+$/);
  },

  '`secret`': expectSameCodes,
  '`algorithm`: `SHA1`, `SHA256`, `SHA512`': () => {
    expect(new Set(all.map(({ algorithm }) => algorithm)).size).toBe(3);
    expectSameCodes();
    expect(outcomeOf(() => createKey(BASE32, { algorithm: 'sha1' }))).toBe('throws RangeError');
  },
  '`algorithm`: `SHA224`, `SHA384`, `SHA3-…`': () => {
    for (const algorithm of ['SHA224', 'SHA384', 'SHA3-256']) {
      expect(new TOTP({ secret: BASE32, algorithm }).generate()).toMatch(/^\d{6}$/);
      expect(outcomeOf(() => createKey(BASE32, { algorithm }))).toBe('throws RangeError');
    }
  },
  '`digits`': () => {
    for (const digits of [6, 7, 8, 9]) {
      const there = HOTP.generate({ secret: SECRET, digits });
      expect(generateHotp(KEY, 0, { digits })).toBe(there);
    }
  },
  '`period`': expectSameCodes,
  '`timestamp`, in milliseconds': expectSameCodes,
  '`token`': () => expectSameWindow(0),
  '`window` of `TOTP`, default 1': () => {
    for (const window of [0, 1, 2, undefined]) expectSameWindow(window);
  },
  '`window` of `HOTP`, default 1, both sides': () => {
    for (const window of [0, 1, 2]) expectSameLookAhead(window);
  },
  '`counter`, default 0': () => {
    expectSameHotp();
    expect(HOTP.generate({ secret: SECRET })).toBe(generateHotp(KEY, 0));
    expect(outcomeOf(() => generateHotp(KEY))).toBe('throws TypeError');
  },
  '`issuer`': () => {
    expectSameUris();
    expect(outcomeOf(() => ourUri(all[0], { issuer: '' }))).toBe('throws RangeError');
  },
  '`label`': expectSameUris,
  '`issuerInLabel`': () => {
    const names = { issuer: 'ACME', label: 'alice', issuerInLabel: false };
    expect(new TOTP(theirObject(all[0], names)).toString()).toContain('/alice?issuer=ACME&');
    expect(ourUri(all[0])).toMatch(/\/ACME:alice\?.*&issuer=ACME/);
  },
  '`hmac`': () => {
    const hmac = () => new Uint8Array(20);
    expect(HOTP.generate({ secret: SECRET, hmac })).toBe('000000');
    expect(generateHotp(KEY, 0, { hmac })).toBe('755224');
  },
  '`size`': () => expect(new Secret({ size: 20 }).bytes).toHaveLength(generateSecret(20).length),
  '`buffer`': () =>
    expectSameText(
      (secret) => Buffer.from(secret.buffer).toString('hex'),
      (bytes) => Buffer.from(bytes).toString('hex'),
    ),
};

testPage('otpauth', { rows, differences });

describe('The page on otpauth is complete:', () => {
  /** The public members of a class, as `Class.static` and `object.method`. */
  function membersOf(name, type) {
    const statics = Object.getOwnPropertyNames(type).filter(
      (member) => !['length', 'name', 'prototype'].includes(member),
    );
    const own = Object.getOwnPropertyNames(type.prototype).filter((m) => m !== 'constructor');
    const object = name.toLowerCase();
    return [
      ...statics.map((member) => `${name}.${member}`),
      ...own.map((member) => `${object}.${member}`),
    ];
  }

  test('it names every export and every member of each class', () => {
    const classes = { HOTP, Secret, TOTP, URI };
    expect(Object.keys(otpauth).sort()).toEqual([...Object.keys(classes), 'version'].sort());
    const names = Object.entries(classes).flatMap(([name, type]) => membersOf(name, type));
    expect(names.length).toBeGreaterThan(20);
    expect(missingNames(readPage('otpauth'), [...names, 'version', 'secret.bytes'])).toEqual([]);
  });

  test('it names every option of the declarations', () => {
    const declared = sourceOf('otpauth/dist/otpauth.d.ts');
    const options = [...declared.matchAll(/@param \{.*?\} \[?config\.(\w+)/g)];
    const names = [...new Set(options.map(([, name]) => name))];
    expect(names.length).toBeGreaterThan(12);
    expect(missingNames(readPage('otpauth'), names)).toEqual([]);
  });
});
