// What is otherwise in speakeasy 2.0.0, by running both: a check for each difference on its page.
import { expect } from 'vitest';
import { codeOf } from './support/cases.mjs';
import { outcomeOf } from './support/compare.mjs';
import { otpcore, quietly, speakeasy } from './support/libraries.mjs';

const {
  createKey,
  decodeBase32,
  decodeBase32Lenient,
  generateHotp,
  generateTotp,
  lintOtpauthUri,
  parseOtpauthUri,
  verifyTotp,
} = otpcore;

const TEXT = '12345678901234567890';
const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const BYTES = Buffer.from(TEXT, 'ascii');
const KEY = createKey(BASE32);

const base = { secret: TEXT, label: 'alice', issuer: 'ACME' };

export const differences = {
  "The secret's text is the key unless it is told otherwise.": () => {
    const there = speakeasy.totp({ secret: BASE32, time: 59 });
    expect(there).not.toBe(generateTotp(createKey(BASE32), { timestamp: 59_000 }));
    const letters = createKey(Buffer.from(BASE32, 'ascii'));
    expect(there).toBe(generateTotp(letters, { timestamp: 59_000 }));
  },
  'A character beyond Latin-1 loses its upper byte.': () => {
    for (const secret of ['grün, grün, grün, grün', 'Ω'.repeat(20), '日本'.repeat(9)]) {
      const there = speakeasy.hotp({ secret, counter: 0 });
      expect(there).toBe(generateHotp(createKey(Buffer.from(secret, 'ascii')), 0));
      expect(there).not.toBe(generateHotp(createKey(new TextEncoder().encode(secret)), 0));
    }
  },
  "The window's default is 0 there and 1 here.": () => {
    const late = { secret: TEXT, token: '287082', time: 89 };
    expect(speakeasy.totp.verify(late)).toBe(false);
    expect(verifyTotp(KEY, '287082', { timestamp: 89_000 }).valid).toBe(true);
    expect(verifyTotp(KEY, '287082', { timestamp: 89_000, window: 0 }).valid).toBe(false);
  },
  'A window given as text accepts far more.': () => {
    const reach = (window) => {
      const accepted = [];
      for (let offset = -40; offset <= 40; offset++) {
        const token = codeOf({ secret: BYTES, algorithm: 'SHA1', digits: 6 }, 2000 + offset);
        const options = { secret: TEXT, token, time: 60_000, window };
        if (speakeasy.totp.verify(options)) accepted.push(offset);
      }
      return [accepted[0], accepted.at(-1), accepted.length];
    };
    expect(reach(1)).toEqual([-1, 1, 3]);
    expect(reach('1')).toEqual([-1, 10, 12]);
    expect(reach('2')).toEqual([-2, 20, 23]);
    expect(outcomeOf(() => verifyTotp(KEY, '287082', { window: '1' }))).toBe('throws TypeError');
  },
  'Text that is no code is accepted.': () => {
    const timestamp = 36 * 30_000;
    expect(generateTotp(KEY, { timestamp })).toBe('003784');
    for (const token of ['3784ab', '+03784', '3784.0', ' 03784']) {
      expect(speakeasy.totp.verify({ secret: TEXT, token, time: timestamp / 1000 })).toBe(true);
      const here = verifyTotp(KEY, token, { timestamp });
      expect(here).toEqual({ valid: false, reason: 'malformed' });
    }
  },
  'A number is accepted as a code.': () => {
    expect(speakeasy.totp.verify({ secret: TEXT, token: 287082, time: 59 })).toBe(true);
    const here = verifyTotp(KEY, 287082, { timestamp: 59_000 });
    expect(here).toEqual({ valid: false, reason: 'malformed' });
  },
  'Characters outside base32 count as letters.': () => {
    const code = (secret) => speakeasy.hotp({ secret, encoding: 'base32', counter: 0 });
    const tail = BASE32.slice(4);
    for (const [written, read] of [' A', '-A', '8A', '9A', '0O', '1I']) {
      expect(code(`GEZ${written}${tail}`)).toBe(code(`GEZ${read}${tail}`));
    }
    for (const separated of ['GEZD GNBV GY3T QOJQ', 'GEZD-GNBV-GY3T-QOJQ']) {
      const plain = generateHotp(createKey('GEZDGNBVGY3TQOJQ'), 0);
      expect(generateHotp(createKey(separated), 0)).toBe(plain);
      expect(code(separated)).not.toBe(plain);
    }
    expect(outcomeOf(() => createKey(`GEZ0${tail}`))).toBe('throws OtpError');
  },
  'Trailing bits become a byte.': () => {
    const loose = `${BASE32.slice(0, 25)}B`;
    const there = speakeasy.hotp({ secret: loose, encoding: 'base32', counter: 0 });
    expect(there).not.toBe(generateHotp(createKey(loose), 0));
    const longer = Buffer.concat([decodeBase32Lenient(loose), Buffer.from([0b01000000])]);
    expect(longer).toHaveLength(17);
    expect(there).toBe(generateHotp(createKey(longer), 0));
    expect(outcomeOf(() => decodeBase32(speakeasy.generateSecret().base32))).toHaveLength(32);
  },
  "A time that is no number gives counter 0's code.": () => {
    for (const time of [Number.NaN, 'soon']) {
      expect(speakeasy.totp({ secret: TEXT, time })).toBe(generateHotp(KEY, 0));
      const here = outcomeOf(() => generateTotp(KEY, { timestamp: time }));
      expect(here).toMatch(/^throws (?:Type|Range)Error$/);
    }
  },
  'Counters from 2^31 on give wrong codes.': () => {
    const one = { secret: BYTES, algorithm: 'SHA1', digits: 6 };
    for (const counter of [2 ** 31, 2 ** 32, 2 ** 40 + 1]) {
      expect(generateHotp(KEY, counter)).toBe(codeOf(one, counter));
      expect(speakeasy.hotp({ secret: TEXT, counter })).not.toBe(codeOf(one, counter));
    }
    expect(speakeasy.hotp({ secret: TEXT, counter: 2 ** 32 })).toBe(generateHotp(KEY, 0));
  },
  'The empty secret has codes.': () => {
    expect(speakeasy.hotp({ secret: '', counter: 0 })).toBe('328482');
    expect(outcomeOf(() => createKey(Buffer.from('')))).toBe('throws RangeError');
    expect(outcomeOf(() => createKey(''))).toBe('throws OtpError');
  },
  'An HOTP URI has no counter.': () => {
    const there = speakeasy.otpauthURL({ ...base, type: 'hotp', counter: 3 });
    expect(there).not.toContain('counter');
    expect(outcomeOf(() => parseOtpauthUri(there))).toBe('throws OtpError');
    expect(outcomeOf(() => speakeasy.otpauthURL({ ...base, type: 'hotp' }))).toBe('throws Error');
  },
  'The label is not escaped.': () => {
    const there = speakeasy.otpauthURL({ ...base, label: 'ACME:alice smith' });
    expect(there).toContain('/ACME:alice smith?');
    expect(lintOtpauthUri(there).map(({ code }) => code)).toContain('raw-character');
  },
  '`google_auth_qr` holds another secret.': () => {
    const options = { google_auth_qr: true };
    const { value } = quietly(() => speakeasy.generateSecret(options));
    const shown = parseOtpauthUri(new URL(value.google_auth_qr).searchParams.get('chl'));
    expect(Buffer.from(shown.secret).toString('ascii')).toBe(value.base32);
  },
  '`generateSecret` draws from 60 or 82 characters, unevenly.': () => {
    const size = (symbols) => {
      const seen = new Set();
      for (let i = 0; i < 200; i++) {
        for (const letter of speakeasy.generateSecretASCII(100, symbols)) seen.add(letter);
      }
      return seen.size;
    };
    expect([size(false), size(true)]).toEqual([60, 82]);
    expect(20 * Math.log2(82)).toBeLessThan(128);
  },
  'Nothing is single use.': () => {
    const attempt = () => speakeasy.totp.verify({ secret: TEXT, token: '287082', time: 59 });
    expect([attempt(), attempt()]).toEqual([true, true]);
  },
};
