import { describe, expect, test } from 'vitest';
import { generateHotp, resyncHotp, truncatedHmac, verifyHotp } from '../src/hotp.js';
import { createKey } from '../src/key.js';
import { rfc4226 } from './vectors/rfc4226.js';

const key = createKey(new Uint8Array(Buffer.from(rfc4226.secretHex, 'hex')));
const codes = rfc4226.cases.map(({ code }) => code);
const LAST = Number.MAX_SAFE_INTEGER;
const MALFORMED = { valid: false, reason: 'malformed' } as const;
const MISMATCH = { valid: false, reason: 'mismatch' } as const;

/** The codes of `count` counters from `first`. */
function codesFrom(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => generateHotp(key, first + i));
}

function accepted(counter: number): object {
  return { valid: true, counter, nextCounter: counter + 1 };
}

describe('generateHotp', () => {
  test('A code has 6 digits unless told otherwise', () => {
    expect(generateHotp(key, 0)).toBe(generateHotp(key, 0, { digits: 6 }));
    expect(generateHotp(key, 0)).toHaveLength(6);
  });

  test.each([6, 7, 8, 9])('A code of %d digits keeps its leading zeros', (digits) => {
    const all = Array.from({ length: 200 }, (_, counter) => generateHotp(key, counter, { digits }));
    expect(all.filter((code) => code.length !== digits)).toEqual([]);
    expect(all.some((code) => code.startsWith('0'))).toBe(true);
  });

  test.each([5, 10, 0])('%d digits are a RangeError', (digits) => {
    expect(() => generateHotp(key, 0, { digits })).toThrow(RangeError);
  });

  test('A counter above 2^32 is not taken modulo 2^32', () => {
    expect(codesFrom(2 ** 32, 10)).not.toEqual(codes);
    expect(generateHotp(key, 2 ** 32 + 1)).not.toBe(codes[1]);
  });

  test('2^53 - 1 is the last counter', () => {
    expect(generateHotp(key, LAST)).toMatch(/^[0-9]{6}$/);
    expect(() => generateHotp(key, LAST + 1)).toThrow(RangeError);
    expect(() => generateHotp(key, -1)).toThrow(RangeError);
  });
});

describe('truncatedHmac', () => {
  test.each(rfc4226.cases)("is the RFC's truncated value of counter $counter", (row) => {
    expect(truncatedHmac(key, row.counter)).toBe(row.truncated);
  });

  test('ends with the digits of the code', () => {
    for (const counter of [0, 7, 2 ** 32, LAST]) {
      const value = truncatedHmac(key, counter);
      expect(value % 1e6).toBe(Number(generateHotp(key, counter)));
      expect(value).toBeLessThan(2 ** 31);
    }
  });

  // Codes of Steam at two moments, as KeePassXC's tests have them.
  test.each([
    { seconds: 1_511_200_518, code: 'FR8RV' },
    { seconds: 1_511_200_714, code: '9P3VP' },
  ])("makes Steam's code $code", ({ seconds, code }) => {
    const steam = createKey('63BEDWCQZKTQWPESARIERL5DTTQFCJTK');
    const letters = '23456789BCDFGHJKMNPQRTVWXY';
    let value = truncatedHmac(steam, Math.floor(seconds / 30));
    let shown = '';
    for (let i = 0; i < 5; i++) {
      shown += letters[value % 26];
      value = Math.floor(value / 26);
    }
    expect(shown).toBe(code);
  });
});

describe('verifyHotp', () => {
  test('Without look-ahead only the counter itself matches', () => {
    expect(verifyHotp(key, '969429', { counter: 3 })).toEqual(accepted(3));
    expect(verifyHotp(key, '969429', { counter: 2 })).toEqual(MISMATCH);
    expect(verifyHotp(key, '969429', { counter: 4 })).toEqual(MISMATCH);
  });

  test.each([1, 5, 99, 100])('A look-ahead of %d reaches that far and no farther', (lookAhead) => {
    const options = { counter: 100, lookAhead };
    const [at, past] = codesFrom(100 + lookAhead, 2);
    expect(verifyHotp(key, at, options)).toEqual(accepted(100 + lookAhead));
    expect(verifyHotp(key, past, options)).toEqual(MISMATCH);
  });

  test('A counter below the one expected never matches, however far the look-ahead', () => {
    for (const code of codes) {
      expect(verifyHotp(key, code, { counter: codes.length, lookAhead: 100 })).toEqual(MISMATCH);
    }
  });

  test('nextCounter as the next counter makes each code good once', () => {
    let counter = 0;
    for (const code of codes) {
      const result = verifyHotp(key, code, { counter, lookAhead: 10 });
      expect(result).toEqual(accepted(codes.indexOf(code)));
      if (result.valid) counter = result.nextCounter;
      expect(verifyHotp(key, code, { counter, lookAhead: 10 })).toEqual(MISMATCH);
    }
  });

  test('After the last accepted counter, nextCounter is 2^53 - 1, and that counter is refused', () => {
    const result = verifyHotp(key, generateHotp(key, LAST - 1), { counter: LAST - 1 });
    expect(result).toEqual({ valid: true, counter: LAST - 1, nextCounter: LAST });
    for (const counter of [LAST, 2 ** 53]) {
      expect(() => verifyHotp(key, '000000', { counter })).toThrow(RangeError);
      expect(() => resyncHotp(key, ['000000', '000000'], { counter })).toThrow(RangeError);
    }
    expect(() => generateHotp(key, 2 ** 53)).toThrow(RangeError);
  });

  test.each([0, 1, 10, 99])('Look-ahead from %d below the last counter ends there', (below) => {
    const options = { counter: LAST - 1 - below, lookAhead: 100 };
    expect(verifyHotp(key, generateHotp(key, LAST - 1), options)).toEqual(accepted(LAST - 1));
    expect(verifyHotp(key, generateHotp(key, LAST), options)).toEqual(MISMATCH);
    // What arithmetic that wraps around would take for the next ones.
    for (const code of codes) expect(verifyHotp(key, code, options)).toEqual(MISMATCH);
  });

  test('A look-ahead of 101 is a RangeError', () => {
    expect(() => verifyHotp(key, '969429', { counter: 0, lookAhead: 101 })).toThrow(RangeError);
    expect(() => verifyHotp(key, '969429', { counter: 0, lookAhead: -1 })).toThrow(RangeError);
  });

  test('A code of other digits than asked for is malformed', () => {
    const code = generateHotp(key, 0, { digits: 8 });
    expect(verifyHotp(key, code, { counter: 0, digits: 8 })).toEqual(accepted(0));
    expect(verifyHotp(key, code, { counter: 0 })).toEqual(MALFORMED);
    expect(verifyHotp(key, code.slice(2), { counter: 0, digits: 8 })).toEqual(MALFORMED);
  });

  test('A code of zeros is a code like any other', () => {
    // Found by search, checked with node:crypto.
    expect(generateHotp(key, 349_495)).toBe('000000');
    expect(verifyHotp(key, '000000', { counter: 349_495 })).toEqual(accepted(349_495));
  });

  test('A wrong option is an error even beside a malformed code', () => {
    expect(() => verifyHotp(key, '', { counter: -1 })).toThrow(RangeError);
    expect(() => verifyHotp(key, '', { counter: 0, lookAhead: 101 })).toThrow(RangeError);
    expect(() => verifyHotp(key, '', { counter: 0, digits: 10 })).toThrow(RangeError);
  });
});

describe('resyncHotp', () => {
  test.each([
    { count: 2, range: 0 },
    { count: 2, range: 1 },
    { count: 3, range: 100 },
    { count: 10, range: 10_000 },
  ])('$count codes whose first lies $range ahead are found by that range', ({ count, range }) => {
    const first = 7 + range;
    const typed = codesFrom(first, count);
    expect(resyncHotp(key, typed, { counter: 7, range })).toEqual(accepted(first + count - 1));
    expect(resyncHotp(key, codesFrom(first + 1, count), { counter: 7, range })).toEqual(MISMATCH);
  });

  test('Without a range the first code may lie 100 counters ahead', () => {
    expect(resyncHotp(key, codesFrom(100, 2), { counter: 0 })).toEqual(accepted(101));
    expect(resyncHotp(key, codesFrom(101, 2), { counter: 0 })).toEqual(MISMATCH);
  });

  test('A counter below the one expected never takes part', () => {
    expect(resyncHotp(key, codesFrom(9, 2), { counter: 10 })).toEqual(MISMATCH);
    expect(resyncHotp(key, codesFrom(8, 3), { counter: 10 })).toEqual(MISMATCH);
  });

  test.each([
    ['not consecutive', ['755224', '359152']],
    ['in reverse', ['287082', '755224']],
    ['the same one twice', ['287082', '287082']],
    ['two right ones and a wrong one', ['755224', '287082', '000000']],
    ['a wrong one and two right ones', ['000000', '755224', '287082']],
  ])('Codes that are %s are a mismatch', (_, typed) => {
    expect(resyncHotp(key, typed, { counter: 0 })).toEqual(MISMATCH);
  });

  test.each([
    ['none', []],
    ['one', ['755224']],
    ['eleven', codesFrom(0, 11)],
    ['one of them too short', ['755224', '28708']],
    ['one of them with a space', ['755224', ' 287082']],
    ['one of them a number', ['755224', 287082]],
    ['two holes', new Array(2)],
    ['a text', '755224287082'],
    ['an object like an array', { 0: '755224', 1: '287082', length: 2 }],
    ['a set', new Set(['755224', '287082'])],
    ['nothing', undefined],
  ])('Codes that are %s are malformed', (_, typed) => {
    expect(resyncHotp(key, typed as string[], { counter: 0 })).toEqual(MALFORMED);
  });

  test('Ten codes in a row are taken', () => {
    expect(resyncHotp(key, codesFrom(0, 10), { counter: 0 })).toEqual(accepted(9));
  });

  test('The last counter is found, and the search ends there', () => {
    const end = LAST - 1;
    const typed = codesFrom(end - 1, 2);
    expect(resyncHotp(key, typed, { counter: end - 1 })).toEqual(accepted(end));
    expect(resyncHotp(key, typed, { counter: end - 5000, range: 10_000 })).toEqual(accepted(end));
    expect(resyncHotp(key, typed, { counter: end })).toEqual(MISMATCH);
    expect(resyncHotp(key, codesFrom(end, 2), { counter: end })).toEqual(MISMATCH);
  });

  test('A range of 10,001 is a RangeError', () => {
    const typed = codesFrom(0, 2);
    expect(resyncHotp(key, typed, { counter: 0, range: 10_000 })).toEqual(accepted(1));
    expect(() => resyncHotp(key, typed, { counter: 0, range: 10_001 })).toThrow(RangeError);
    expect(() => resyncHotp(key, [], { counter: 0, range: -1 })).toThrow(RangeError);
  });
});
