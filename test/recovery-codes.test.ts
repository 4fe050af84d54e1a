import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  generateRecoveryCodes,
  hashRecoveryCode,
  readRecoveryCode,
} from '../src/recovery-codes.js';

const CODE = '7Q2DM4XK09GTVB3N5HRA8WYE';

describe('generateRecoveryCodes', () => {
  test('makes ten codes of six groups of four, all different', () => {
    const codes = generateRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes)
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){5}$/);
  });

  test('uses every symbol about as often at every place', () => {
    const codes = Array.from({ length: 40 }, () => generateRecoveryCodes(100)).flat();
    for (let place = 0; place < 24; place++) {
      const counts = new Map<string, number>();
      for (const code of codes) {
        const symbol = code.replaceAll('-', '')[place] ?? '';
        counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
      }
      // 125 each of 4,000 are expected; seven standard deviations are 77.
      expect(counts.size).toBe(32);
      for (const count of counts.values()) expect(Math.abs(count - 125)).toBeLessThan(77);
    }
  });

  test.each([0, 101, 1.5, Number.NaN, '10', null])('of %j is an error', (count) => {
    expect(() => generateRecoveryCodes(count as number)).toThrow(/"count"/);
  });
});

describe('readRecoveryCode', () => {
  test.each([
    '7Q2D-M4XK-09GT-VB3N-5HRA-8WYE',
    '7q2dm4xk09gtvb3n5hra8wye',
    ' 7Q2D M4XK\tO9GT\n VB3N 5HRA 8WYE ',
    '7Q2D–M4XK—09GT‑VB3N−5HRA-8WYE',
    '7Q2DM4XK\u200b09GT\u00a0VB3N5HRA8WYE',
  ])('reads %j', (typed) => {
    expect(readRecoveryCode(typed)).toBe(CODE);
  });

  test('takes O for 0, I and L for 1', () => {
    expect(readRecoveryCode('oOiIlL00001111222233334444'.slice(0, 24))).toBe(
      '001111000011112222333344',
    );
  });

  test.each([
    ...[undefined, null, 7, {}, [], [CODE], '', CODE.slice(1), `${CODE}0`, `U${CODE.slice(1)}`],
    ...['ſ'.repeat(24), '\u212a'.repeat(24), '０'.repeat(24), `${CODE}${' '.repeat(200)}`],
  ])('is undefined for %j', (typed) => {
    expect(readRecoveryCode(typed)).toBeUndefined();
  });

  test('gives one canonical text for every spelling, and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const code = readRecoveryCode(value);
        expect(code === undefined || readRecoveryCode(code) === code).toBe(true);
      }),
    );
    for (const code of generateRecoveryCodes(50)) {
      expect(readRecoveryCode(code)).toBe(code.replaceAll('-', ''));
    }
  });
});

describe('hashRecoveryCode', () => {
  test('is the SHA-256 of a JSON text of user and code', () => {
    for (const userId of ['user-1', 'ü🔑', 'a"b\\', '\ud83d', 'x'.repeat(1024)]) {
      const text = JSON.stringify(['otpcore-recovery-1', userId, CODE]);
      const expected = createHash('sha256').update(text).digest('hex');
      expect(hashRecoveryCode(userId, CODE)).toBe(expected);
      expect(hashRecoveryCode(userId, '7q2d-m4xk-o9gt-vb3n-5hra-8wye')).toBe(expected);
    }
  });

  test('tells users apart', () => {
    const ids = ['a', 'b', 'A', 'a ', '\ud83d', '\ud83e', '\\ud83d', '\ufffd', 'a","b'];
    expect(new Set(ids.map((id) => hashRecoveryCode(id, CODE))).size).toBe(ids.length);
  });

  test.each([
    ['', CODE],
    ['x'.repeat(1025), CODE],
    [7, CODE],
    ['a', 'short'],
    ['a', undefined],
  ])('of %j and %j is an error that repeats neither', (userId, code) => {
    expect(() => hashRecoveryCode(userId as string, code as string)).toThrow(/"userId"|"code"/);
  });
});
