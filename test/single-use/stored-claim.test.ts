import { describe, expect, test } from 'vitest';
import { LONE_SURROGATE, quotedTable, requireClaim } from '../../src/single-use/stored-claim.js';

describe('A claim to be stored', () => {
  test.each([
    ['alice', 0],
    ['x', Number.MAX_SAFE_INTEGER],
    ['x'.repeat(1029), 7],
    ['\0', 7],
    ['\ud83d', 7],
  ])('may be for %j, step %d', (id, step) => {
    expect(() => requireClaim(id, step)).not.toThrow();
  });

  test.each([
    ['', 7, RangeError],
    ['x'.repeat(1030), 7, RangeError],
    [undefined, 7, TypeError],
    [7, 7, TypeError],
    [Object('alice'), 7, TypeError],
    ['alice', undefined, TypeError],
    ['alice', '7', TypeError],
    ['alice', 7n, TypeError],
    ['alice', -1, RangeError],
    ['alice', 6.5, RangeError],
    ['alice', Number.NaN, RangeError],
    ['alice', 2 ** 53, RangeError],
  ])('may not be for %j, step %s', (id, step, error) => {
    expect(() => requireClaim(id, step)).toThrow(error);
  });

  test('may be refused for what the database cannot keep, and does not repeat it', () => {
    expect(() => requireClaim('bob', 7, /alice/)).not.toThrow();
    expect(() => requireClaim('alice', 7, /alice/)).toThrow(
      expect.objectContaining({
        name: 'RangeError',
        message: expect.stringMatching(/^"id" holds \S+ (?!.*alice)/),
      }),
    );
  });
});

describe('Half a surrogate pair', () => {
  test.each(['\ud83d', '\udd11', 'a\ud83d', '\udd11\ud83d', '\u{1f511}\ud83d', '\ud83d\u{1f511}'])(
    'is found in %j',
    (text) => {
      expect(LONE_SURROGATE.test(text)).toBe(true);
    },
  );

  test.each(['', 'alice', '\0', '\ufffd', '\u{1f511}', '\u{10ffff}\u{10000}', '\ue000\ud7ff'])(
    'is not found in %j',
    (text) => {
      expect(LONE_SURROGATE.test(text)).toBe(false);
    },
  );
});

describe('A table', () => {
  test.each([
    [undefined, '"otp_steps"'],
    ['t', '"t"'],
    ['_T9', '"_T9"'],
    ['2fa_steps', '"2fa_steps"'],
    ['9.9', '"9"."9"'],
    ['select', '"select"'],
    ['auth.OtpSteps', '"auth"."OtpSteps"'],
    ['x'.repeat(63), `"${'x'.repeat(63)}"`],
    [`${'x'.repeat(63)}.${'y'.repeat(63)}`, `"${'x'.repeat(63)}"."${'y'.repeat(63)}"`],
  ])('%j is quoted as %s', (table, quoted) => {
    expect(quotedTable({ table }, '"')).toBe(quoted);
    expect(quotedTable({ table }, '`')).toBe(quoted.replaceAll('"', '`'));
  });

  test.each([
    ...['', ' ', 'a b', ' a', 'a ', 'a\n', 'a\0', 'a-b', 'a;', 'a"b', 'a`b', "a'b", 'a\\b'],
    ...['a.', '.a', 'a..b', 'a.b.c', '"a"', 'ünder', 'a\u0430', 'a--', 'a/*', '$1', '?'],
    ...['x'.repeat(64), `a.${'x'.repeat(64)}`, 'otp_steps; DROP TABLE users', 'a AS b (c'],
  ])('may not be %j', (table) => {
    expect(() => quotedTable({ table }, '"')).toThrow(RangeError);
  });

  test.each([null, 7, true, ['a'], Object('a'), { toString: () => 'a' }])(
    'may not be %o',
    (table) => {
      expect(() => quotedTable({ table }, '"')).toThrow(TypeError);
    },
  );
});
