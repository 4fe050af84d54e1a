// The parts of otplib 12 that otplib/core exports one by one, and the old objects of otplib/v11: a check
// for each row.
import { expect } from 'vitest';
import { cases } from './support/cases.mjs';
import { expectSame, outcomeOf } from './support/compare.mjs';
import {
  otplib12Core as core,
  otpcore,
  otplib12,
  quietly,
  requireLibrary,
} from './support/libraries.mjs';
import { BASE32, BYTES, KEY, LENGTHS, repeated, shortCases, TEXT } from './support/otplib-12.mjs';

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
  timeStep,
} = otpcore;

const any = cases({ seed: 52 });

export const coreRows = {
  '`hotpToken`, `totpToken`, `authenticatorToken`': () => {
    const here = generateTotp(KEY, { timestamp: 59_000 });
    const [plain, base32] = [totp, authenticator].map((o) =>
      o.clone({ epoch: 59_000 }).allOptions(),
    );
    expect(core.hotpToken(TEXT, 1, hotp.allOptions())).toBe(here);
    expect(core.totpToken(TEXT, plain)).toBe(here);
    expect(core.authenticatorToken(BASE32, base32)).toBe(here);
  },
  '`hotpCheck`, `totpCheck`, `totpCheckByEpoch`, `totpCheckWithWindow`, `authenticatorCheckWithWindow`':
    () => {
      const plain = totp.clone({ epoch: 59_000, window: 1 }).allOptions();
      const base32 = authenticator.clone({ epoch: 59_000, window: 1 }).allOptions();
      const code = generateTotp(KEY, { timestamp: 59_000 });
      expect(core.hotpCheck(code, TEXT, 1, hotp.allOptions())).toBe(true);
      expect(core.totpCheck(code, TEXT, plain)).toBe(true);
      expect(core.totpCheckByEpoch([29_000, 59_000], code, TEXT, plain)).toBe(2);
      expect(core.totpCheckWithWindow(code, TEXT, plain)).toBe(0);
      expect(core.authenticatorCheckWithWindow(code, BASE32, base32)).toBe(0);
    },
  '`keyuri`, `hotpKeyuri`, `totpKeyuri`': () => {
    const names = ['alice', 'ACME', BASE32];
    const totpUri = core.totpKeyuri(...names, totp.allOptions());
    const here = buildOtpauthUri({ account: 'alice', issuer: 'ACME', secret: BASE32 });
    expect(parseOtpauthUri(totpUri)).toEqual(parseOtpauthUri(here));
    expect(core.hotpKeyuri(...names, 3, hotp.allOptions())).toContain('&counter=3&');
    const plain = { type: 'totp', accountName: 'alice', issuer: 'ACME', secret: BASE32 };
    expect(parseOtpauthUri(core.keyuri(plain))).toEqual(parseOtpauthUri(here));
  },
  '`authenticatorGenerateSecret`': () => {
    const made = core.authenticatorGenerateSecret(20, authenticator.allOptions());
    expect(decodeBase32Lenient(made)).toHaveLength(generateSecret().length);
  },
  '`authenticatorEncoder`, `authenticatorDecoder`': () => {
    const options = authenticator.allOptions();
    const hex = BYTES.toString('hex');
    expect(core.authenticatorEncoder(hex, options)).toBe(encodeBase32(BYTES));
    expect(core.authenticatorDecoder(BASE32, options)).toBe(hex);
  },
  '`totpCounter`, `totpTimeRemaining`, `totpTimeUsed`': () => {
    expectSame(
      any,
      (one) => core.totpCounter(one.timestamp, one.period),
      ({ timestamp, period }) => timeStep({ timestamp, period }),
    );
    expectSame(
      any,
      (one) => core.totpTimeRemaining(one.timestamp, one.period),
      ({ timestamp, period }) => secondsRemaining({ timestamp, period }),
    );
    expect(core.totpTimeUsed(59_000, 30)).toBe(30 - secondsRemaining({ timestamp: 59_000 }));
  },
  '`totpEpochAvailable`': () => {
    const epochs = core.totpEpochAvailable(60_000, 30, [1, 2]);
    expect(epochs).toEqual({ current: 60_000, past: [30_000], future: [90_000, 120_000] });
  },
  '`hotpCounter`, `hotpDigestToToken`, `hotpCreateHmacKey`, `totpCreateHmacKey`, `createDigestPlaceholder`':
    () => {
      const key = core.hotpCreateHmacKey('sha1', TEXT, 'ascii');
      expect(core.totpCreateHmacKey('sha1', TEXT, 'ascii')).toBe(key);
      const digest = totp.options.createDigest('sha1', key, core.hotpCounter(1));
      expect(core.hotpDigestToToken(digest, 6)).toBe(generateHotp(KEY, 1));
      expect(outcomeOf(core.createDigestPlaceholder)).toBe('throws Error');
    },
  '`totpPadSecret`': () => {
    for (const { text, algorithm } of shortCases) {
      const there = core.totpPadSecret(text, 'ascii', LENGTHS[algorithm]);
      expect(repeated(text, 'ascii', algorithm).toString('hex')).toBe(there);
    }
  },
  '`isTokenValid`, `padStart`, `objectValues`': () => {
    expect([core.isTokenValid('12a'), core.isTokenValid('123456')]).toEqual([false, true]);
    expect(core.padStart('7', 3, '0')).toBe('007');
    expect(core.objectValues({ a: 1 })).toEqual([1]);
  },
  '`hotpOptions`, `hotpDefaultOptions`, `hotpOptionsValidator`, `totpOptions`, `totpDefaultOptions`, `totpOptionsValidator`, `authenticatorOptions`, `authenticatorDefaultOptions`, `authenticatorOptionValidator`':
    () => {
      for (const name of ['hotpOptions', 'totpOptions', 'authenticatorOptions']) {
        expect(core[name](authenticator.allOptions()).digits).toBe(6);
      }
      for (const name of [
        'hotpDefaultOptions',
        'totpDefaultOptions',
        'authenticatorDefaultOptions',
      ]) {
        expect(core[name]().algorithm).toBe('sha1');
      }
      for (const name of Object.keys(core).filter((one) => one.endsWith('Validator'))) {
        expect(outcomeOf(() => core[name]({}))).toBe('throws Error');
      }
      expect(outcomeOf(() => generateTotp(KEY, { digits: '6' }))).toBe('throws TypeError');
    },
  '`HashAlgorithms`, `HASH_ALGORITHMS`, `KeyEncodings`, `KEY_ENCODINGS`, `Strategy`, `STRATEGY`':
    () => {
      const ours = core.HASH_ALGORITHMS.map((name) => name.toUpperCase());
      expect(ours).toEqual(Object.keys(core.HashAlgorithms));
      for (const algorithm of ours)
        expect(createKey(BASE32, { algorithm }).algorithm).toBe(algorithm);
      expect(core.KEY_ENCODINGS).toEqual(Object.values(core.KeyEncodings));
      expect(core.STRATEGY).toEqual(Object.values(core.Strategy));
    },
  '`HOTP`, `TOTP`, `Authenticator`, `OTP`': () => {
    // By name: an installation may hold the classes more than once.
    const names = [authenticator, totp, hotp].map((object) => object.constructor.name);
    expect(names).toEqual(['Authenticator', 'TOTP', 'HOTP']);
    expect(new core.Authenticator()).toBeInstanceOf(core.OTP);
    const { createDigest } = hotp.options;
    expect(new core.HOTP({ createDigest }).generate(TEXT, 1)).toBe(generateHotp(KEY, 1));
  },
  '`authenticator`, `totp`, `hotp` of `otplib/v11`': () => {
    const { value } = quietly(() => {
      const old = requireLibrary('otplib-12/v11');
      old.totp.options = { epoch: 59 };
      old.authenticator.options = { epoch: 59 };
      return [
        old.totp.generate(TEXT),
        old.authenticator.generate(BASE32),
        old.hotp.generate(TEXT, 1),
      ];
    });
    expect(value).toEqual(Array(3).fill(generateTotp(KEY, { timestamp: 59_000 })));
  },
};
