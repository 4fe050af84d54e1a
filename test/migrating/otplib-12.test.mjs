// otplib 12.0.1 and its counterparts, on the same secrets.
import { describe, expect, test } from 'vitest';
import { coreRows } from './otplib-12.core.mjs';
import { differences } from './otplib-12.differences.mjs';
import { attempts, cases } from './support/cases.mjs';
import { expectSame, expectSameAcceptance } from './support/compare.mjs';
import {
  otplib12Core as core,
  otpcore,
  otplib12,
  quietly,
  requireLibrary,
} from './support/libraries.mjs';
import {
  BASE32,
  BYTES,
  KEY,
  LENGTHS,
  repeated,
  shortCases,
  TEXT,
  theirOptions,
} from './support/otplib-12.mjs';
import { missingNames, readPage, testPage } from './support/page.mjs';

const { authenticator, hotp, totp } = otplib12;
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
  verifyHotp,
  verifyTotp,
} = otpcore;

const any = cases({ seed: 51, count: 90 });
/** Long enough not to be repeated by `authenticator`, which counts hexadecimal letters. */
const all = any.filter(({ secret, algorithm }) => secret.length * 2 >= LENGTHS[algorithm]);
/** The same for `totp`, which counts characters. */
const texts = any.filter(({ secret, algorithm }) => secret.length >= LENGTHS[algorithm]);
const typed = attempts(all);
const typedTexts = attempts(texts);
const pressed = attempts(any, 3, ({ counter }) => counter);

const keyOf = ({ secret, algorithm }) => createKey(secret, { algorithm });

const theirHotp = (one) =>
  hotp.clone({ digits: one.digits, algorithm: one.algorithm.toLowerCase() });

function expectSameCodes() {
  const ours = (one) => generateTotp(keyOf(one), one);
  expectSame(all, (one) => authenticator.clone(theirOptions(one)).generate(one.base32), ours);
  expectSame(texts, (one) => totp.clone(theirOptions(one)).generate(one.text), ours);
}

function expectSameWindow(
  window,
  ours,
  call = (object, code, secret) => object.check(code, secret),
) {
  const here = (one) => verifyTotp(keyOf(one), one.code, { ...one, window: ours }).valid;
  expectSameAcceptance(
    typed,
    (one) => call(authenticator.clone(theirOptions(one, { window })), one.code, one.base32),
    here,
  );
  expectSameAcceptance(
    typedTexts,
    (one) => call(totp.clone(theirOptions(one, { window })), one.code, one.text),
    here,
  );
}

const verify = (object, token, secret) => object.verify({ token, secret });

function expectSameDelta() {
  const ours = (one) => verifyTotp(keyOf(one), one.code, { ...one, window: 2 }).delta ?? null;
  const theirs = (object, secret) => (one) =>
    // Minus zero is a match, too.
    plainZero(object.clone(theirOptions(one, { window: 2 })).checkDelta(one.code, secret(one)));
  expectSame(
    typed,
    theirs(authenticator, (one) => one.base32),
    ours,
  );
  expectSame(
    typedTexts,
    theirs(totp, (one) => one.text),
    ours,
  );
}

const plainZero = (delta) => (delta === null ? null : delta + 0);

function expectSameHotp() {
  const large = [2 ** 31, 2 ** 32, 2 ** 53 - 1].map((counter) => ({ ...any[0], counter }));
  expectSame(
    [...any, ...large],
    (one) => theirHotp(one).generate(one.text, one.counter),
    (one) => generateHotp(keyOf(one), one.counter, { digits: one.digits }),
  );
}

function expectSameHotpAcceptance() {
  const here = ({ counter, digits, ...one }) =>
    verifyHotp(keyOf(one), one.code, { counter, digits }).valid;
  const check = (one) => theirHotp(one).check(one.code, one.text, one.counter);
  const verified = (one) =>
    theirHotp(one).verify({ token: one.code, secret: one.text, counter: one.counter });
  expectSameAcceptance(pressed, check, here);
  expectSameAcceptance(pressed, verified, here);
}

function expectSameEncoding(encoding) {
  const among = texts.filter(({ secret }) =>
    Buffer.from(secret.toString(encoding), encoding).equals(secret),
  );
  const written = ({ secret }) => secret.toString(encoding);
  const ours = (one) =>
    createKey(Buffer.from(written(one), encoding), { algorithm: one.algorithm });
  expectSame(
    among,
    (one) => totp.clone(theirOptions(one, { encoding })).generate(written(one)),
    (one) => generateTotp(ours(one), one),
  );
  expectSame(
    among,
    (one) => hotp.clone({ encoding }).generate(written(one), one.counter),
    (one) => generateHotp(createKey(Buffer.from(written(one), encoding)), one.counter),
  );
}

function expectSameRepetition() {
  expectSame(
    shortCases,
    (one) => totp.clone(theirOptions(one)).generate(one.text),
    (one) =>
      generateTotp(
        createKey(repeated(one.text, 'ascii', one.algorithm), { algorithm: one.algorithm }),
        one,
      ),
  );
  expectSame(
    shortCases,
    (one) => authenticator.clone(theirOptions(one)).generate(one.base32),
    (one) => {
      const hex = one.secret.toString('hex');
      return generateTotp(
        createKey(repeated(hex, 'hex', one.algorithm), { algorithm: one.algorithm }),
        one,
      );
    },
  );
}

function expectSameUri() {
  const [user, issuer] = ['alice+test@example.com', 'ACME Co'];
  expectSame(
    all,
    (one) =>
      parseOtpauthUri(authenticator.clone(theirOptions(one)).keyuri(user, issuer, one.base32)),
    ({ base32: secret, algorithm, digits, period }) =>
      parseOtpauthUri(
        buildOtpauthUri({ issuer, account: user, secret, algorithm, digits, period }),
      ),
  );
}

function expectSameRemaining() {
  const moments = all.flatMap((one) => [0, 1, 999, 1000, 29_999].map((ms) => ({ ...one, ms })));
  const remaining = ({ timestamp, period }) => secondsRemaining({ timestamp, period });
  const at = ({ ms, current, ...one }) => ({ ...one, timestamp: current * one.period * 1000 + ms });
  const theirs = (object) => (one) => object.clone(theirOptions(at(one)));
  for (const object of [authenticator, totp]) {
    expectSame(
      moments,
      (one) => theirs(object)(one).timeRemaining(),
      (one) => remaining(at(one)),
    );
    expectSame(
      moments,
      (one) => theirs(object)(one).timeUsed(),
      (one) => one.period - remaining(at(one)),
    );
  }
}

const rows = {
  '`authenticator.generate(secret)`, `totp.generate(secret)`': expectSameCodes,
  '`authenticator.check(token, secret)`, `totp.check(token, secret)`': () => expectSameWindow(0, 0),
  '`authenticator.verify({ token, secret })`, `totp.verify({ token, secret })`': () =>
    expectSameWindow(0, 0, verify),
  '`authenticator.checkDelta(token, secret)`, `totp.checkDelta(token, secret)`': expectSameDelta,
  '`authenticator.keyuri(user, issuer, secret)`': expectSameUri,
  '`totp.keyuri(user, issuer, secret)`, `hotp.keyuri(user, issuer, secret, counter)`': () => {
    // With base32 in place of the text, the only way in which they are right.
    const names = { issuer: 'ACME', account: 'alice', secret: BYTES };
    const here = parseOtpauthUri(buildOtpauthUri(names));
    expect(parseOtpauthUri(totp.keyuri('alice', 'ACME', BASE32))).toEqual(here);
    const counted = buildOtpauthUri({ ...names, type: 'hotp', counter: 3 });
    const there = hotp.keyuri('alice', 'ACME', BASE32, 3);
    expect(parseOtpauthUri(there)).toEqual(parseOtpauthUri(counted));
  },
  '`authenticator.generateSecret(numberOfBytes)`': () => {
    expect(decodeBase32Lenient(authenticator.generateSecret(20))).toHaveLength(20);
    const ours = encodeBase32(generateSecret());
    const code = authenticator.clone({ epoch: 59_000 }).generate(ours);
    expect(generateTotp(createKey(ours), { timestamp: 59_000 })).toBe(code);
  },
  '`authenticator.encode(secret)`': () => {
    const hex = BYTES.toString('hex');
    expect(authenticator.encode(hex)).toBe(encodeBase32(Buffer.from(hex, 'hex')));
  },
  '`authenticator.decode(secret)`': () =>
    expectSame(
      all,
      ({ base32 }) => authenticator.decode(base32),
      ({ base32 }) => Buffer.from(decodeBase32Lenient(base32)).toString('hex'),
    ),
  '`authenticator.timeRemaining()`, `totp.timeRemaining()`': expectSameRemaining,
  '`authenticator.timeUsed()`, `totp.timeUsed()`': expectSameRemaining,
  '`hotp.generate(secret, counter)`': expectSameHotp,
  '`hotp.check(token, secret, counter)`, `hotp.verify({ token, secret, counter })`':
    expectSameHotpAcceptance,
  '`options`, `allOptions()`, `resetOptions()`': () => {
    const object = totp.clone();
    object.options = { digits: 8, epoch: 59_000 };
    expect(object.allOptions().digits).toBe(8);
    const here = generateTotp(KEY, { digits: 8, timestamp: 59_000 });
    expect(object.generate(TEXT)).toBe(here);
    object.resetOptions();
    expect(object.allOptions().digits).toBe(6);
  },
  '`create(options)`, `clone(options)`': () => {
    const shared = { digits: 8, timestamp: 59_000 };
    const { createDigest } = totp.options;
    const there = [
      totp.clone({ digits: 8, epoch: 59_000 }).generate(TEXT),
      totp.create({ createDigest, digits: 8, epoch: 59_000 }).generate(TEXT),
    ];
    expect(there).toEqual([generateTotp(KEY, { ...shared }), generateTotp(KEY, shared)]);
  },

  '`secret` of `authenticator`': () =>
    expectSame(
      all,
      (one) => authenticator.clone(theirOptions(one)).generate(one.base32),
      (one) => generateTotp(createKey(one.base32, { algorithm: one.algorithm }), one),
    ),
  "`secret` of `totp` and `hotp`, `encoding: 'ascii'`, the default": () =>
    expectSame(
      texts,
      (one) => totp.clone(theirOptions(one)).generate(one.text),
      (one) =>
        generateTotp(createKey(Buffer.from(one.text, 'ascii'), { algorithm: one.algorithm }), one),
    ),
  "`encoding: 'hex'`, `'base64'`, `'latin1'`, `'utf8'` of `totp` and `hotp`": () => {
    for (const encoding of ['hex', 'base64', 'latin1', 'utf8']) expectSameEncoding(encoding);
  },
  "a `secret` of `totp` below the hash's length": expectSameRepetition,
  "`encoding` of `authenticator`, default `'hex'`": () => {
    expect(authenticator.allOptions().encoding).toBe('hex');
    const latin1 = authenticator.clone({ encoding: 'latin1', epoch: 59_000 });
    expect(latin1.generate(BASE32)).toBe(generateTotp(KEY, { timestamp: 59_000 }));
  },
  "`algorithm: 'sha256'`": () => {
    const among = all.map((one) => ({ ...one, algorithm: 'SHA256' }));
    expectSame(
      among,
      (one) => authenticator.clone(theirOptions(one)).generate(one.base32),
      (one) => generateTotp(createKey(one.base32, { algorithm: 'SHA256' }), one),
    );
  },
  '`digits`': () => {
    for (const digits of [6, 7, 8, 9]) {
      expect(hotp.clone({ digits }).generate(TEXT, 0)).toBe(generateHotp(KEY, 0, { digits }));
    }
  },
  '`step`, in seconds': expectSameCodes,
  '`epoch`, the current time in milliseconds': expectSameCodes,
  '`window`, default 0': () => {
    for (const window of [0, 1, 2]) expectSameWindow(window, window);
    expect(totp.allOptions().window).toBe(0);
  },
  '`window: [past, future]`': () => expectSameWindow([2, 1], { past: 2, future: 1 }),
  '`createDigest`, `createHmacKey`, `createRandomBytes`': () => {
    const { createDigest, createHmacKey, createRandomBytes } = authenticator.allOptions();
    expect(createDigest('sha1', createHmacKey('sha1', TEXT, 'ascii'), '01')).toMatch(/^\w{40}$/);
    expect(createRandomBytes(5, 'hex')).toMatch(/^\w{10}$/);
  },
  '`keyEncoder`, `keyDecoder`': () => {
    const { keyDecoder, keyEncoder } = authenticator.allOptions();
    expect(keyEncoder(TEXT, 'ascii')).toBe(encodeBase32(BYTES));
    expect(keyDecoder(BASE32, 'ascii')).toBe(TEXT);
  },
  '`digest`, instead of a secret': () => {
    const digest = '00'.repeat(20);
    expect(hotp.clone({ digest }).generate('', 0)).toBe('000000');
  },

  ...coreRows,
};

testPage('otplib-12', { rows, differences });

describe('The page on otplib 12 is complete:', () => {
  /** A method that an object has by any of its classes. */
  function methodsOf(object) {
    const names = new Set();
    for (let at = Object.getPrototypeOf(object); at !== Object.prototype; ) {
      for (const name of Object.getOwnPropertyNames(at)) names.add(name);
      at = Object.getPrototypeOf(at);
    }
    names.delete('constructor');
    return [...names];
  }

  test('it names every object and every method', () => {
    expect(Object.keys(otplib12).sort()).toEqual(['authenticator', 'hotp', 'totp']);
    const common = ['options', 'allOptions', 'resetOptions', 'create', 'clone'];
    const names = Object.entries(otplib12).flatMap(([name, object]) =>
      methodsOf(object).map((method) => (common.includes(method) ? method : `${name}.${method}`)),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(missingNames(readPage('otplib-12'), names)).toEqual([]);
  });

  test('it names every option', () => {
    const names = new Set(Object.values(otplib12).flatMap((o) => Object.keys(o.allOptions())));
    expect(names.size).toBe(11);
    expect(missingNames(readPage('otplib-12'), [...names, 'digest'])).toEqual([]);
  });

  test('it names every export of otplib/core and otplib/v11', () => {
    const old = quietly(() => requireLibrary('otplib-12/v11')).value;
    const names = [...Object.keys(core), ...Object.keys(old)];
    expect(names.length).toBeGreaterThan(45);
    expect(missingNames(readPage('otplib-12'), names)).toEqual([]);
  });
});
