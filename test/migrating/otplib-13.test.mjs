// otplib 13.5.0 and its counterparts, on the same secrets.
import { describe, expect, test } from 'vitest';
import { differences } from './otplib-13.differences.mjs';
import { attempts, cases } from './support/cases.mjs';
import { expectSame, expectSameAcceptance, outcomeOf } from './support/compare.mjs';
import {
  otpcore,
  otplib13 as otplib,
  otplib13Totp as otplibTotp,
  otplib13Uri as otplibUri,
  sourceOf,
} from './support/libraries.mjs';
import { missingNames, readPage, testPage } from './support/page.mjs';

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
const AT_59 = { secret: BASE32, epoch: 59 };
const plugins = {
  crypto: new otplib.NobleCryptoPlugin(),
  base32: new otplib.ScureBase32Plugin(),
};

const all = cases({ seed: 61, count: 40 });
const typed = attempts(all);
const pressed = attempts(all, 3, ({ counter }) => counter);

const keyOf = ({ secret, algorithm }) => createKey(secret, { algorithm });

/** A case as otplib wants it. */
function theirOptions({ base32, algorithm, digits, period, timestamp, code }, more) {
  const epoch = Math.floor(timestamp / 1000);
  const hash = algorithm.toLowerCase();
  return { secret: base32, algorithm: hash, digits, period, epoch, token: code, ...more };
}

const hotpOptions = ({ counter, ...one }, more) =>
  theirOptions(one, { strategy: 'hotp', counter, ...more });

function expectSameCodes(theirs = otplib.generateSync) {
  expectSame(
    all,
    (one) => theirs(theirOptions(one)),
    (one) => generateTotp(keyOf(one), one),
  );
}

function expectSameHotp() {
  const large = [2 ** 31, 2 ** 32, 2 ** 53 - 1].map((counter) => ({ ...all[0], counter }));
  expectSame(
    [...all, ...large],
    (one) => otplib.generateSync(hotpOptions(one)),
    (one) => generateHotp(keyOf(one), one.counter, { digits: one.digits }),
  );
}

/** The same by the calls that are awaited, on a few cases. */
async function expectSameAwaited(theirs, ours) {
  for (const one of typed.slice(0, 40)) expect(await theirs(one)).toEqual(ours(one));
}

/** Our answer as otplib spells it. */
function asTheirs(result, { period }) {
  if (!result.valid) return { valid: false };
  const { valid, delta, step } = result;
  return { valid, delta, epoch: step * period, timeStep: step };
}

const ourAnswer = (one, more) =>
  asTheirs(verifyTotp(keyOf(one), one.code, { ...one, ...more }), one);

/** The tolerance is told in periods here, and may be a part of one. */
function expectSameWindow(periods, windowOf) {
  expectSameAcceptance(
    typed,
    (one) => {
      const epochTolerance = periods.map((part) => Math.round(part * one.period));
      return otplib.verifySync(theirOptions(one, { epochTolerance })).valid;
    },
    (one) => verifyTotp(keyOf(one), one.code, { ...one, window: windowOf(one) }).valid,
  );
}

/** As on the page. */
function exactWindow([pastPart, futurePart], { timestamp, period }) {
  const step = timeStep({ timestamp, period });
  const [before, after] = [pastPart, futurePart].map((part) => Math.round(part * period) * 1000);
  const past = step - timeStep({ timestamp: Math.max(0, timestamp - before), period });
  return { past, future: timeStep({ timestamp: timestamp + after, period }) - step };
}

function expectSameAnswers() {
  expectSame(
    typed,
    (one) => otplib.verifySync(theirOptions(one, { epochTolerance: one.period })),
    (one) => ourAnswer(one, { window: 1 }),
  );
}

function expectSameLookAhead(lookAhead) {
  expectSameAcceptance(
    pressed,
    (one) => otplib.verifySync(hotpOptions(one, { counterTolerance: lookAhead })).valid,
    ({ counter, digits, ...one }) =>
      verifyHotp(keyOf(one), one.code, { counter, digits, lookAhead }).valid,
  );
}

function ourUri({ base32: secret, algorithm, digits, period }, more) {
  const names = { issuer: 'ACME Co', account: 'alice+test@example.com' };
  return parseOtpauthUri(buildOtpauthUri({ ...names, secret, algorithm, digits, period, ...more }));
}

function expectSameUris(theirs = otplib.generateURI) {
  const names = { issuer: 'ACME Co', label: 'alice+test@example.com' };
  expectSame(
    all,
    (one) => parseOtpauthUri(theirs({ ...theirOptions(one), ...names })),
    (one) => ourUri(one),
  );
}

function expectSameHotpUris(theirs) {
  const names = { issuer: 'ACME Co', label: 'alice+test@example.com' };
  expectSame(
    all,
    (one) => parseOtpauthUri(theirs({ ...hotpOptions(one), ...names, period: undefined })),
    (one) => ourUri(one, { type: 'hotp', counter: one.counter, period: undefined }),
  );
}

const rows = {
  '`generate(options)`, `generateSync(options)`': async () => {
    expectSameCodes();
    expectSameHotp();
    const awaited = (one) => otplib.generate(theirOptions(one));
    await expectSameAwaited(awaited, (one) => generateTotp(keyOf(one), one));
  },
  '`verify(options)`, `verifySync(options)`': async () => {
    expectSameWindow([0, 0], () => 0);
    const awaited = (one) => otplib.verify(theirOptions(one));
    await expectSameAwaited(awaited, (one) => ourAnswer(one, { window: 0 }));
  },
  "`verify(options)`, `verifySync(options)` with `strategy: 'hotp'`": () => expectSameLookAhead(0),
  '`generateSecret(options)`': () => {
    const there = otplib.generateSecret({ length: 32 });
    const here = encodeBase32(generateSecret(32));
    expect(decodeBase32Lenient(there)).toHaveLength(32);
    expect(here).toHaveLength(there.length);
    const code = otplib.generateSync({ secret: here, epoch: 59 });
    expect(generateTotp(createKey(here), { timestamp: 59_000 })).toBe(code);
  },
  '`generateURI(options)`': () => {
    expectSameUris();
    expectSameHotpUris(otplib.generateURI);
  },
  '`new OTP(options)` with `generate`, `generateSync`, `verify`, `verifySync`, `generateSecret`, `generateURI`, `getStrategy`':
    async () => {
      const otp = new otplib.OTP();
      expectSameCodes((options) => otp.generateSync(options));
      expectSameUris((options) => otp.generateURI(options));
      const code = generateTotp(KEY, { timestamp: 59_000 });
      expect(await otp.generate(AT_59)).toBe(code);
      expect(await otp.verify({ ...AT_59, token: code })).toEqual(
        otp.verifySync({ ...AT_59, token: code }),
      );
      expect(decodeBase32Lenient(otp.generateSecret())).toHaveLength(generateSecret().length);
      expect(otp.getStrategy()).toBe('totp');
    },
  '`new TOTP(options)` with `generate`, `verify`, `generateSecret`, `toURI`': async () => {
    const names = { issuer: 'ACME Co', label: 'alice+test@example.com' };
    const totp = new otplib.TOTP({ ...plugins, ...AT_59, ...names });
    const code = generateTotp(KEY, { timestamp: 59_000 });
    expect(await totp.generate()).toBe(code);
    expect((await totp.verify(code)).timeStep).toBe(1);
    expect(decodeBase32Lenient(totp.generateSecret())).toHaveLength(20);
    expect(parseOtpauthUri(totp.toURI())).toEqual(ourUri({ base32: BASE32 }));
  },
  '`new HOTP(options)` with `generate`, `verify`, `generateSecret`, `toURI`': async () => {
    const names = { issuer: 'ACME Co', label: 'alice+test@example.com' };
    const hotp = new otplib.HOTP({ ...plugins, secret: BASE32, ...names });
    const code = generateHotp(KEY, 3);
    expect(await hotp.generate(3)).toBe(code);
    expect(await hotp.verify({ token: code, counter: 3 })).toEqual({ valid: true, delta: 0 });
    expect(decodeBase32Lenient(hotp.generateSecret())).toHaveLength(20);
    const here = ourUri({ base32: BASE32 }, { type: 'hotp', counter: 3 });
    expect(parseOtpauthUri(hotp.toURI(3))).toEqual(here);
  },
  '`createGuardrails(custom)`': () => {
    const guardrails = otplib.createGuardrails({ MIN_SECRET_BYTES: 10 });
    const secret = BASE32.slice(0, 16);
    const there = otplib.generateSync({ secret, epoch: 59, guardrails });
    expect(generateTotp(createKey(secret), { timestamp: 59_000 })).toBe(there);
  },
  '`stringToBytes(value)`': () => {
    const text = '12345678901234567890 ü';
    expect(new TextEncoder().encode(text)).toEqual(new Uint8Array(otplib.stringToBytes(text)));
  },
  '`wrapResult(fn)`, `wrapResultAsync(fn)`': async () => {
    const mistyped = { ...AT_59, token: '12' };
    expect(otplib.wrapResult(otplib.verifySync)(mistyped).ok).toBe(false);
    expect((await otplib.wrapResultAsync(otplib.verify)(mistyped)).ok).toBe(false);
    expect(verifyTotp(KEY, '12')).toEqual({ valid: false, reason: 'malformed' });
  },
  '`NobleCryptoPlugin`, `ScureBase32Plugin`': () => {
    expectSameCodes((options) => otplib.generateSync({ ...options, ...plugins }));
  },
  '`AlgorithmError`, `AlgorithmUnsupportedError`, `HMACError`': () => {
    const md5 = () => otplib.generateSync({ ...AT_59, algorithm: 'md5' });
    expect(md5).toThrow(otplib.AlgorithmUnsupportedError);
    expect(md5).toThrow(otplib.AlgorithmError);
    expect(otplib.HMACError).toBeTypeOf('function');
    expect(outcomeOf(() => createKey(BASE32, { algorithm: 'MD5' }))).toBe('throws RangeError');
    expect(outcomeOf(() => createKey('GEZ0'))).toBe('throws OtpError');
  },
  '`getRemainingTime(time, period, t0)` of `@otplib/totp`': () =>
    expectSame(
      all.filter(({ timestamp }) => timestamp > 1_000_000),
      ({ timestamp, period }) =>
        otplibTotp.getRemainingTime(Math.floor(timestamp / 1000), period, 7),
      ({ timestamp, period }) => secondsRemaining({ timestamp, period, epoch: 7 }),
    ),
  '`getTimeStepUsed(time, period, t0)` of `@otplib/totp`': () =>
    expectSame(
      all.filter(({ timestamp }) => timestamp > 1_000_000),
      ({ timestamp, period }) =>
        otplibTotp.getTimeStepUsed(Math.floor(timestamp / 1000), period, 7),
      ({ timestamp, period }) => timeStep({ timestamp, period, epoch: 7 }),
    ),
  '`parse(uri)`, `parseURI(uri)` of `@otplib/uri`': () => {
    const uri = buildOtpauthUri({ issuer: 'ACME', account: 'alice', secret: BASE32, period: 60 });
    const there = otplibUri.parse(uri);
    const here = parseOtpauthUri(uri);
    expect(there.label).toBe(`${here.issuer}:${here.account}`);
    expect(there.params.secret).toBe(encodeBase32(here.secret));
    expect([there.type, there.params.period]).toEqual([here.type, here.period]);
    expect(otplibUri.parseURI).toBe(otplibUri.parse);
  },
  '`generateTOTP(options)`, `generateHOTP(options)` and `generate(uri)` of `@otplib/uri`': () => {
    expectSameUris(otplibUri.generateTOTP);
    expectSameHotpUris(otplibUri.generateHOTP);
    const uri = buildOtpauthUri({ issuer: 'ACME', account: 'alice', secret: BASE32 });
    expect(otplibUri.generate(otplibUri.parse(uri))).toBe(uri);
  },
  '`URIParseError`, `InvalidURIError`, `MissingParameterError`, `InvalidParameterError` of `@otplib/uri`':
    () => {
      const wrong = {
        InvalidURIError: 'http://example.com',
        MissingParameterError: 'otpauth://totp/ACME:alice',
        InvalidParameterError: `otpauth://totp/ACME:alice?secret=${BASE32}&period=0`,
      };
      for (const [name, uri] of Object.entries(wrong)) {
        expect(() => otplibUri.parse(uri)).toThrow(otplibUri[name]);
        expect(() => otplibUri.parse(uri)).toThrow(otplibUri.URIParseError);
        expect(outcomeOf(() => parseOtpauthUri(uri))).toBe('throws OtpError');
      }
    },

  '`secret`, base32 or a `Uint8Array`': () => {
    expectSameCodes();
    expectSame(
      all,
      (one) => otplib.generateSync(theirOptions(one, { secret: new Uint8Array(one.secret) })),
      (one) => generateTotp(createKey(one.base32, { algorithm: one.algorithm }), one),
    );
  },
  "`algorithm: 'sha256'`": () =>
    expectSame(
      all,
      (one) => otplib.generateSync(theirOptions(one, { algorithm: 'sha256' })),
      (one) =>
        generateTotp(createKey(one.secret, { algorithm: 'SHA256' }), {
          ...one,
          algorithm: 'SHA256',
        }),
    ),
  '`digits`': () => {
    for (const digits of [6, 7, 8, 9]) {
      const there = otplib.generateSync({ ...AT_59, digits });
      expect(generateTotp(KEY, { timestamp: 59_000, digits })).toBe(there);
    }
  },
  '`period`': () => {
    expect(new Set(all.map(({ period }) => period)).size).toBeGreaterThan(3);
    expectSameCodes();
  },
  '`epoch`, the current time in seconds': () => expectSameCodes(),
  '`t0`, in seconds': () =>
    expectSame(
      all.filter(({ timestamp }) => timestamp > 1_000_000),
      (one) => otplib.generateSync(theirOptions(one, { t0: 100 })),
      (one) => generateTotp(keyOf(one), { ...one, epoch: 100 }),
    ),
  '`token`': expectSameAnswers,
  '`epochTolerance`, of one period, default 0': () => {
    expectSameWindow([1, 1], () => 1);
    expectSameWindow([1, 1], () => undefined);
    expectSameWindow([0, 0], () => 0);
  },
  '`epochTolerance`, of any length, or `[past, future]`': () => {
    for (const periods of [
      [0.2, 0.2],
      [1, 0],
      [1.4, 0.6],
      [2, 1],
    ]) {
      expectSameWindow(periods, (one) => exactWindow(periods, one));
    }
  },
  '`afterTimeStep`': () =>
    expectSameAcceptance(
      typed,
      (one) => {
        const more = { epochTolerance: one.period, afterTimeStep: one.current };
        return otplib.verifySync(theirOptions(one, more)).valid;
      },
      (one) => verifyTotp(keyOf(one), one.code, { ...one, window: 1, lastStep: one.current }).valid,
    ),
  "`strategy: 'hotp'`, `counter`": expectSameHotp,
  '`counterTolerance`, a number, default 0': () => {
    for (const lookAhead of [0, 1, 2]) expectSameLookAhead(lookAhead);
  },
  '`counterTolerance: [past, future]`': () => {
    const used = generateHotp(KEY, 1);
    const behind = { strategy: 'hotp', secret: BASE32, token: used, counter: 3 };
    const there = otplib.verifySync({ ...behind, counterTolerance: [5, 0] });
    expect(there).toEqual({ valid: true, delta: -2 });
    expect(verifyHotp(KEY, used, { counter: 3, lookAhead: 5 }).valid).toBe(false);
  },
  '`guardrails` with `MIN_SECRET_BYTES`, `MAX_SECRET_BYTES`, `MIN_PERIOD`, `MAX_PERIOD`, `MAX_COUNTER`, `MAX_WINDOW`':
    () => {
      const bounds = { MIN_SECRET_BYTES: 1, MAX_SECRET_BYTES: 200, MAX_PERIOD: 86_400 };
      const guardrails = otplib.createGuardrails(bounds);
      for (const length of [1, 10, 15, 65, 200]) {
        const secret = new Uint8Array(length).fill(7);
        const there = otplib.generateSync({ secret, epoch: 1e9, period: 86_400, guardrails });
        const here = generateTotp(createKey(secret), { timestamp: 1e12, period: 86_400 });
        expect(here).toBe(there);
      }
      const shown = ['MIN_PERIOD', 'MAX_COUNTER', 'MAX_WINDOW'];
      for (const name of shown) expect(guardrails[name]).toBeTypeOf('number');
    },
  '`crypto`, `base32`, `hooks`': async () => {
    const hooks = { encodeToken: () => 'AAAAA' };
    expect(await otplib.generate({ ...AT_59, ...plugins, hooks })).toBe('AAAAA');
    expect(generateTotp(KEY, { timestamp: 59_000, hooks, ...plugins })).toBe('287082');
  },
  '`length` of `generateSecret`, default 20': () => {
    for (const length of [16, 20, 32, 64]) {
      const there = otplib.generateSecret({ length });
      expect(encodeBase32(generateSecret(length))).toHaveLength(there.length);
    }
    expect(encodeBase32(generateSecret())).toHaveLength(otplib.generateSecret().length);
  },
  '`issuer`, `label` of `generateURI`': () => expectSameUris(),
  '`valid`, `delta`, `timeStep` of a result': expectSameAnswers,
  '`epoch` of a result': expectSameAnswers,
};

testPage('otplib-13', { rows, differences });

describe('The page on otplib 13 is complete:', () => {
  const page = readPage('otplib-13');

  test('it names every export of otplib, and every method of its classes', () => {
    const { OTP, TOTP, HOTP } = otplib;
    const methods = [OTP, TOTP, HOTP].flatMap((type) =>
      Object.getOwnPropertyNames(type.prototype).filter((name) => name !== 'constructor'),
    );
    const names = [...new Set([...Object.keys(otplib), ...methods])];
    expect(names.length).toBeGreaterThan(18);
    expect(missingNames(page, names)).toEqual([]);
  });

  test('it names every export of @otplib/totp and @otplib/uri', () => {
    const names = [...Object.keys(otplibTotp), ...Object.keys(otplibUri)];
    expect(names.length).toBeGreaterThan(12);
    expect(missingNames(page, names)).toEqual([]);
  });

  test('it names every option of the declarations', () => {
    const [file] = /types-\w+\.d\.ts/.exec(
      sourceOf('otplib-13/dist/index.d.ts').replace('.js', '.d.ts'),
    );
    const declared = sourceOf(`otplib-13/dist/${file}`);
    const names = new Set(
      [...declared.matchAll(/^ {4}(?:readonly )?(\w+)\??:/gm)].map((m) => m[1]),
    );
    expect(names.size).toBe(16);
    expect(missingNames(page, [...names])).toEqual([]);
  });
});
