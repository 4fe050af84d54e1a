// What is otherwise in otplib 13.5.0, by running both: a check for each difference on its page.
import { expect } from 'vitest';
import { outcomeOf } from './support/compare.mjs';
import { otpcore, otplib13 as otplib, otplib13Uri as otplibUri } from './support/libraries.mjs';

const { createKey, generateTotp, memoryStore, parseOtpauthUri, verifyTotp, verifyTotpOnce } =
  otpcore;

const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const KEY = createKey(BASE32);
const AT_59 = { secret: BASE32, epoch: 59 };

export const differences = {
  'A mistyped code throws.': async () => {
    const thrown = async (token) => {
      const call = otplib.verify({ ...AT_59, token });
      return call.then(
        () => 'nothing',
        (error) => error.name,
      );
    };
    expect(await thrown('12345')).toBe('TokenLengthError');
    expect(await thrown('12345a')).toBe('TokenFormatError');
    expect(await thrown(undefined)).toBe('TypeError');
    for (const code of ['12345', '12345a', undefined]) {
      expect(verifyTotp(KEY, code)).toEqual({ valid: false, reason: 'malformed' });
    }
  },
  'The tolerance is seconds, the window steps.': () => {
    const late = (epoch) =>
      otplib.verifySync({ secret: BASE32, token: '287082', epoch, epochTolerance: 10 }).valid;
    expect([late(69), late(71)]).toEqual([true, false]);
    for (const timestamp of [69_000, 71_000]) {
      expect(verifyTotp(KEY, '287082', { timestamp, window: 1 }).valid).toBe(true);
    }
  },
  "The window's default is 0 there and 1 here.": () => {
    const late = { secret: BASE32, token: '287082', epoch: 89 };
    expect(otplib.verifySync(late)).toEqual({ valid: false });
    expect(verifyTotp(KEY, '287082', { timestamp: 89_000 }).valid).toBe(true);
    expect(verifyTotp(KEY, '287082', { timestamp: 89_000, window: 0 }).valid).toBe(false);
  },
  'Milliseconds in place of seconds give another code, silently.': () => {
    const there = otplib.generateSync({ secret: BASE32, epoch: 59_000 });
    expect(there).toBe(generateTotp(KEY, { timestamp: 59_000_000 }));
    expect(there).not.toBe(generateTotp(KEY, { timestamp: 59_000 }));
    const shifted = otplib.generateSync({ ...AT_59, t0: 30 });
    expect(generateTotp(KEY, { timestamp: 59_000, epoch: 30 })).toBe(shifted);
  },
  'A code of two steps in a row is accepted twice.': () => {
    const step = 50_424_281;
    const options = { secret: BASE32, token: '070562', epoch: step * 30, epochTolerance: 30 };
    const first = otplib.verifySync(options);
    const second = otplib.verifySync({ ...options, afterTimeStep: first.timeStep });
    expect([first.timeStep, second.timeStep]).toEqual([step - 1, step]);
    const timestamp = step * 30_000;
    const here = verifyTotp(KEY, '070562', { timestamp });
    expect(here).toEqual({ valid: true, step, delta: 0 });
    const again = verifyTotp(KEY, '070562', { timestamp, lastStep: step });
    expect(again).toEqual({ valid: false, reason: 'reused' });
  },
  '`afterTimeStep` ahead of the clock throws.': () => {
    const call = () => otplib.verifySync({ ...AT_59, token: '287082', afterTimeStep: 2 });
    expect(call).toThrow(expect.objectContaining({ name: 'AfterTimeStepRangeExceededError' }));
    const here = verifyTotp(KEY, '287082', { timestamp: 59_000, lastStep: 3 });
    expect(here).toEqual({ valid: false, reason: 'reused' });
  },
  '`afterTimeStep` alone is not single use.': async () => {
    const row = { last: 0 };
    const attempt = async () => {
      const result = await otplib.verify({ ...AT_59, token: '287082', afterTimeStep: row.last });
      if (result.valid) row.last = result.timeStep;
      return result.valid;
    };
    expect(await Promise.all([attempt(), attempt()])).toEqual([true, true]);
    const options = { store: memoryStore(), id: 'alice', timestamp: 59_000 };
    const ours = async () => (await verifyTotpOnce(KEY, '287082', options)).valid;
    expect(await Promise.all([ours(), ours()])).toEqual([true, false]);
  },
  'Secrets below 16 or above 64 bytes are refused.': () => {
    for (const length of [10, 15, 65]) {
      const secret = new Uint8Array(length).fill(7);
      const call = () => otplib.generateSync({ secret, epoch: 59 });
      expect(call).toThrow(/Secret must/);
      expect(generateTotp(createKey(secret))).toMatch(/^\d{6}$/);
    }
  },
  'Stored spellings are refused.': () => {
    const spaced = BASE32.match(/.{4}/g);
    const loose = `${BASE32.slice(0, 25)}B`;
    for (const secret of [spaced.join(' '), spaced.join('-'), loose]) {
      expect(() => otplib.generateSync({ secret, epoch: 59 })).toThrow(/Invalid Base32/);
      expect(generateTotp(createKey(secret))).toMatch(/^\d{6}$/);
    }
    expect(generateTotp(createKey(spaced.join(' ')), { timestamp: 59_000 })).toBe('287082');
  },
  'Digits can be anything.': () => {
    expect(otplib.generateSync({ ...AT_59, digits: 6.5 })).toMatch(/^\d+\.\d+$/);
    expect(otplib.generateSync({ ...AT_59, digits: 1 })).toMatch(/^\d$/);
    for (const digits of [1, 6.5]) {
      expect(outcomeOf(() => generateTotp(KEY, { digits }))).toBe('throws RangeError');
    }
  },
  'An error shows the secret.': () => {
    const uri = `otpauthx://totp/ACME:alice?secret=${BASE32}`;
    expect(() => otplibUri.parse(uri)).toThrow(BASE32);
    expect(() => parseOtpauthUri(uri)).toThrow(/^(?!.*GEZD)/);
  },
  '`generateSync` leaves `hooks` out.': async () => {
    const hooks = { encodeToken: () => 'AAAAA' };
    expect(await otplib.generate({ ...AT_59, hooks })).toBe('AAAAA');
    expect(otplib.generateSync({ ...AT_59, hooks })).toBe('287082');
  },
};
