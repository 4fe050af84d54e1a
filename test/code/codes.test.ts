/** A sequence of codes: 2 to 10, each spelled the one way. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSequence } from '../../src/code/digits.js';

const code = fc.stringMatching(/^[0-9]{6}$/);

test('Two to ten codes are read as numbers, in their order', () => {
  fc.assert(
    fc.property(fc.array(code, { minLength: 2, maxLength: 10 }), (codes) => {
      expect(parseSequence(codes, 6)).toEqual(codes.map(Number));
    }),
  );
});

test('Leading zeros count as digits', () => {
  expect(parseSequence(['000000', '000012'], 6)).toEqual([0, 12]);
  expect(parseSequence(['00000000', '00000012'], 8)).toEqual([0, 12]);
});

test.each([0, 1, 11, 1000])('%i codes are malformed', (count) => {
  expect(parseSequence(new Array(count).fill('287082'), 6)).toBeUndefined();
});

test('One malformed code spoils them all, wherever it stands', () => {
  const malformed = [
    '28708',
    '2870820',
    '28708a',
    ' 287082',
    '',
    undefined,
    null,
    287082,
    ['287082'],
  ];
  for (const wrong of malformed) {
    expect(parseSequence([wrong, '287082'], 6)).toBeUndefined();
    expect(parseSequence(['287082', '287082', wrong], 6)).toBeUndefined();
  }
});

test('A list with a hole is malformed', () => {
  const codes = ['287082', '359152', '969429'];
  delete codes[1];
  expect(parseSequence(codes, 6)).toBeUndefined();
});

test.each([
  ...[undefined, null, '287082', '287082359152', 287082, true, {}, () => ['287082', '359152']],
  { 0: '287082', 1: '359152', length: 2 },
  new Set(['287082', '359152']),
  new Map([['287082', '359152']]),
])('Value %# is no list and malformed', (codes) => {
  expect(parseSequence(codes, 6)).toBeUndefined();
});

test('A list that throws on being looked at is malformed', () => {
  const revoked = Proxy.revocable(['287082', '359152'], {});
  revoked.revoke();
  const throwing = new Proxy(['287082', '359152'], {
    get() {
      throw new Error('must not come out');
    },
  });
  expect(parseSequence(revoked.proxy, 6)).toBeUndefined();
  expect(parseSequence(throwing, 6)).toBeUndefined();
});

test('Any value at all is either such a list or malformed, and none throws', () => {
  const values = fc.oneof(fc.anything(), fc.array(fc.oneof(code, fc.anything())));
  fc.assert(
    fc.property(values, fc.integer({ min: 6, max: 7 }), (codes, digits) => {
      const list = Array.isArray(codes) ? Array.from(codes) : [];
      const pattern = digits === 6 ? /^[0-9]{6}$/ : /^[0-9]{7}$/;
      const isGood = (value: unknown) => typeof value === 'string' && pattern.test(value);
      const expected = list.length >= 2 && list.length <= 10 && list.every(isGood);
      expect(parseSequence(codes, digits) !== undefined).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test('A list whose length is no whole number is no list of codes', () => {
  const lists = [Number.NaN, 2.5, Number.POSITIVE_INFINITY, { valueOf: () => 2 }].map(
    (length) =>
      new Proxy([], {
        get: (target, name) => (name === 'length' ? length : Reflect.get(target, name)),
      }),
  );
  for (const list of lists) expect(parseSequence(list, 6)).toBeUndefined();
});
