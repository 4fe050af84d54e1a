// What is otherwise in otplib 12.0.1, by running both: a check for each difference on its page.
import { expect } from 'vitest';
import { codeOf } from './support/cases.mjs';
import { outcomeOf } from './support/compare.mjs';
import { otpcore, otplib12, requireLibrary, sourceOf } from './support/libraries.mjs';
import { BASE32, BYTES, KEY, shortCases, TEXT, theirOptions } from './support/otplib-12.mjs';

const { authenticator, hotp, totp } = otplib12;
const {
  createKey,
  decodeBase32Lenient,
  generateHotp,
  generateSecret,
  generateTotp,
  lintOtpauthUri,
  parseOtpauthUri,
  verifyHotp,
  verifyTotp,
} = otpcore;

export const differences = {
  '`totp` and `hotp` take the text itself as the key.': () => {
    const at = { epoch: 59_000 };
    expect(totp.clone(at).generate(BASE32)).not.toBe(authenticator.clone(at).generate(BASE32));
    const letters = createKey(Buffer.from(BASE32, 'ascii'));
    expect(totp.clone(at).generate(BASE32)).toBe(generateTotp(letters, { timestamp: 59_000 }));
  },
  "The window's default is 0 there and 1 here.": () => {
    expect(authenticator.clone({ epoch: 89_000 }).check('287082', BASE32)).toBe(false);
    expect(verifyTotp(KEY, '287082', { timestamp: 89_000 }).valid).toBe(true);
    expect(verifyTotp(KEY, '287082', { timestamp: 89_000, window: 0 }).valid).toBe(false);
  },
  "`epoch` is not RFC 6238's epoch.": () => {
    expect(totp.clone({ epoch: 59_000 }).generate(TEXT)).toBe('287082');
    expect(totp.clone({ epoch: 59 }).generate(TEXT)).toBe('755224');
    expect(generateTotp(KEY, { timestamp: 159_000, epoch: 100 })).toBe('287082');
  },
  'Options are shared by the whole process.': () => {
    totp.options = { epoch: 59_000 };
    expect(requireLibrary('otplib-12').totp.generate(TEXT)).toBe('287082');
    expect(totp.clone({ epoch: 0 }).generate(TEXT)).toBe('287082');
    totp.resetOptions();
    expect(totp.options).not.toHaveProperty('epoch');
  },
  'A new secret has 70 bits.': () => {
    let seen = 0;
    for (let i = 0; i < 300; i++) {
      const bytes = decodeBase32Lenient(authenticator.generateSecret());
      expect(bytes).toHaveLength(10);
      for (const byte of bytes) seen |= byte;
    }
    expect(seen).toBe(0x7f);
    expect(authenticator.decode(authenticator.encode('80ff7f'))).toBe('007f7f');
    const ours = Array.from({ length: 20 }, () => generateSecret()).flatMap((bytes) => [...bytes]);
    expect(ours.some((byte) => byte > 0x7f)).toBe(true);
  },
  'Short `totp` and `authenticator` secrets are repeated.': () => {
    const plain = ({ secret, ...one }) =>
      generateTotp(createKey(secret, { algorithm: one.algorithm }), one);
    const differing = (theirs) => {
      const longest = { SHA1: 0, SHA256: 0, SHA512: 0 };
      for (const one of shortCases) {
        if (theirs(one) !== plain(one)) longest[one.algorithm] = one.secret.length;
      }
      return longest;
    };
    const of = (object, secret) => (one) => object.clone(theirOptions(one)).generate(secret(one));
    const long = differing(of(authenticator, (one) => one.base32));
    expect(long).toEqual({ SHA1: 9, SHA256: 15, SHA512: 31 });
    // One character short is repeated once, which is the secret itself.
    expect(differing(of(totp, (one) => one.text))).toEqual({ SHA1: 18, SHA256: 30, SHA512: 62 });
  },
  'Characters outside base32 change the key.': () => {
    const code = (secret) => authenticator.clone({ epoch: 59_000 }).generate(secret);
    const tail = BASE32.slice(4);
    for (const letter of [' ', '-', '0', '1', '8', '9']) {
      expect(code(`GEZ${letter}D${tail}`)).toMatch(/^\d{6}$/);
      expect(code(`GEZ${letter}D${tail}`)).not.toBe(code(BASE32));
    }
    for (const separated of [`GEZD ${tail}`, `GEZD-${tail}`]) {
      expect(generateTotp(createKey(separated), { timestamp: 59_000 })).toBe('287082');
    }
    expect(outcomeOf(() => createKey(`GEZ0${tail}`))).toBe('throws OtpError');
  },
  'The empty secret has codes.': () => {
    expect(hotp.generate('', 0)).toBe('328482');
    expect(authenticator.clone({ epoch: 0 }).generate('')).toBe('328482');
    expect(outcomeOf(() => hotp.generate(undefined, 0))).toBe('throws TypeError');
    expect(outcomeOf(() => createKey(''))).toBe('throws OtpError');
    expect(outcomeOf(() => createKey(undefined))).toBe('throws TypeError');
  },
  '`totp.keyuri` and `hotp.keyuri` write the secret as it is.': () => {
    for (const there of [
      totp.keyuri('alice', 'ACME', TEXT),
      hotp.keyuri('alice', 'ACME', TEXT, 0),
    ]) {
      expect(there).toContain(`secret=${TEXT}&`);
      expect(outcomeOf(() => parseOtpauthUri(there))).toBe('throws OtpError');
    }
    const right = authenticator.keyuri('alice', 'ACME', BASE32);
    expect(lintOtpauthUri(right)).toEqual([]);
  },
  'A time that is no number gives a code that never changes.': () => {
    const there = totp.clone({ epoch: Number.NaN });
    expect(there.check(there.generate(TEXT), TEXT)).toBe(true);
    const here = outcomeOf(() => generateTotp(KEY, { timestamp: Number.NaN }));
    expect(here).toBe('throws RangeError');
  },
  'Digits that are no whole number give a fraction.': () => {
    expect(hotp.clone({ digits: 6.5 }).generate(TEXT, 0)).toMatch(/^\d+\.\d+$/);
    expect(outcomeOf(() => generateHotp(KEY, 0, { digits: 6.5 }))).toBe('throws RangeError');
  },
  '`hotp` has no look-ahead.': () => {
    const code = codeOf({ secret: BYTES, algorithm: 'SHA1', digits: 6 }, 1);
    expect(hotp.check(code, TEXT, 0)).toBe(false);
    const here = verifyHotp(KEY, code, { counter: 0, lookAhead: 1 });
    expect(here).toEqual({ valid: true, counter: 1, nextCounter: 2 });
  },
  '`===` compares the code.': () => {
    const source = sourceOf('otplib-12/node_modules/@otplib/core/index.js');
    expect(source.match(/return token === systemToken;/g)).toHaveLength(2);
  },
  'Nothing is single use.': () => {
    const there = authenticator.clone({ epoch: 59_000 });
    const attempt = () => there.check('287082', BASE32);
    expect([attempt(), attempt()]).toEqual([true, true]);
  },
};
