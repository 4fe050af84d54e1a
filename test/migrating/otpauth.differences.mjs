// What is otherwise in otpauth 9.5.2, by running both: a check for each difference on its page.
import { expect } from 'vitest';
import { codeOf } from './support/cases.mjs';
import { outcomeOf } from './support/compare.mjs';
import { otpauth, otpcore } from './support/libraries.mjs';

const { HOTP, Secret, TOTP, URI } = otpauth;
const {
  createKey,
  decodeBase32Lenient,
  generateHotp,
  generateTotp,
  parseOtpauthUri,
  verifyHotp,
  verifyTotp,
} = otpcore;

const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const KEY = createKey(BASE32);
const SECRET = Secret.fromBase32(BASE32);
const BYTES = Buffer.from('12345678901234567890');

export const differences = {
  'A character outside ASCII throws.': () => {
    const validate = (token) => TOTP.validate({ secret: SECRET, token });
    expect(outcomeOf(() => validate('12345６'))).toBe('throws RangeError');
    for (const token of [null, undefined]) {
      expect(outcomeOf(() => validate(token))).toBe('throws TypeError');
    }
    for (const code of ['12345６', null, undefined]) {
      expect(verifyTotp(KEY, code)).toEqual({ valid: false, reason: 'malformed' });
    }
  },
  'An answer is an object here.': () => {
    const matching = { secret: SECRET, token: '287082', timestamp: 59_000 };
    expect(TOTP.validate(matching)).toBe(0);
    expect(TOTP.validate({ ...matching, token: '000000' })).toBeNull();
    expect(verifyTotp(KEY, '000000', { timestamp: 59_000 })).toBeTypeOf('object');
  },
  '`HOTP.validate` looks back.': () => {
    const used = codeOf({ secret: BYTES, algorithm: 'SHA1', digits: 6 }, 1);
    expect(HOTP.validate({ secret: SECRET, token: used, counter: 2 })).toBe(-1);
    const here = verifyHotp(KEY, used, { counter: 2, lookAhead: 1 });
    expect(here).toEqual({ valid: false, reason: 'mismatch' });
  },
  'The nearest step is taken there, the highest here.': () => {
    // RFC 6238's own key has one code at two steps in a row.
    const timestamp = 50_424_280 * 30_000;
    const there = TOTP.validate({ secret: SECRET, token: '070562', timestamp });
    expect(there).toBe(0);
    const here = verifyTotp(KEY, '070562', { timestamp });
    expect(here).toEqual({ valid: true, step: 50_424_281, delta: 1 });
  },
  "A time that is no number gives counter 0's code.": () => {
    for (const wrong of [{ timestamp: Number.NaN }, { period: 0 }]) {
      expect(TOTP.generate({ secret: SECRET, ...wrong })).toBe(generateHotp(KEY, 0));
      expect(outcomeOf(() => generateTotp(KEY, wrong))).toBe('throws RangeError');
    }
  },
  'Digits can be anything.': () => {
    expect(HOTP.generate({ secret: SECRET, digits: 6.5 })).toMatch(/^\d+\.\d+$/);
    const uri = `otpauth://totp/A:b?secret=${BASE32}&issuer=A&digits=1`;
    expect(URI.parse(uri).generate()).toMatch(/^\d$/);
    expect(outcomeOf(() => parseOtpauthUri(uri))).toBe('throws OtpError');
    for (const digits of [1, 5, 6.5, 10]) {
      expect(outcomeOf(() => generateHotp(KEY, 0, { digits }))).toBe('throws RangeError');
    }
  },
  'The empty secret has codes.': () => {
    expect(new TOTP({ secret: '' }).generate({ timestamp: 0 })).toBe('328482');
    expect(outcomeOf(() => createKey(''))).toBe('throws OtpError');
  },
  '`hotp.generate()` counts up.': () => {
    const hotp = new HOTP({ secret: BASE32 });
    expect([hotp.generate(), hotp.generate(), hotp.counter]).toEqual(['755224', '287082', 2]);
  },
  'A pooled buffer is taken whole.': () => {
    const bytes = Buffer.from('12345678901234567890');
    expect(new Secret({ buffer: bytes.buffer }).bytes).toHaveLength(8192);
    expect(generateHotp(createKey(bytes), 0)).toBe('755224');
  },
  'Letters are folded before they are looked up.': () => {
    expect(Secret.fromBase32('GEZDıſ').base32).toBe(Secret.fromBase32('GEZDIS').base32);
    expect(outcomeOf(() => createKey('GEZDıſ'))).toBe('throws OtpError');
    expect(outcomeOf(() => Secret.fromBase32('GEZD-GNBV'))).toBe('throws TypeError');
    expect(decodeBase32Lenient('GEZD-GNBV')).toHaveLength(5);
  },
  'An error shows a character of the secret.': () => {
    expect(() => Secret.fromBase32('GEZD1NBV')).toThrow('Invalid character found: 1');
    expect(() => createKey('GEZD1NBV')).toThrow(/^(?!.*GEZD)/);
    expect(() => createKey('GEZD1NBV')).toThrow(expect.objectContaining({ position: 4 }));
  },
  'A parameter that stands twice counts as the last.': () => {
    const twice = `otpauth://totp/A:b?secret=${BASE32}&secret=AAAAAAAA&issuer=A`;
    expect(URI.parse(twice).secret.base32).toBe('AAAAAAAA');
    expect(outcomeOf(() => parseOtpauthUri(twice))).toBe('throws OtpError');
    const plus = `otpauth://totp/Air%20Canada:b?secret=${BASE32}&issuer=Air+Canada`;
    expect(URI.parse(plus).issuer).toBe('Air+Canada');
    expect(parseOtpauthUri(plus).issuer).toBe('Air Canada');
  },
  'Nothing is single use.': () => {
    const config = { secret: SECRET, token: '287082', timestamp: 59_000 };
    expect([TOTP.validate(config), TOTP.validate(config)]).toEqual([0, 0]);
  },
};
