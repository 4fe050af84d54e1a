/** Codes as numbers: printed, read and compared, against the division the RFC writes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DEFAULT_DIGITS,
  digitsOf,
  formatCode,
  laterMatch,
  matchSequence,
  parseCode,
} from '../../src/code/digits.js';
import { rfc4226 } from '../vectors/rfc4226.js';
import { rfc6238 } from '../vectors/rfc6238.js';

const MAX_VALUE = 0x7fffffff;
const value = fc.integer({ min: 0, max: MAX_VALUE });
const digitsOption = fc.integer({ min: 6, max: 9 });

/** RFC 4226 §5.3, step 3. */
function codeOf(truncated: number, digits: number): string {
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

describe('The digits of a code', () => {
  test('are 6 unless others are asked for', () => {
    expect(DEFAULT_DIGITS).toBe(6);
    expect(digitsOf({})).toBe(6);
    expect(digitsOf({ digits: undefined })).toBe(6);
  });

  test.each([6, 7, 8, 9])('may be %i', (digits) => {
    expect(digitsOf({ digits })).toBe(digits);
  });

  test.each([0, 1, 5, 10, -6, 6.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32 + 6])(
    'that are %d are a RangeError',
    (digits) => {
      expect(() => digitsOf({ digits })).toThrow(RangeError);
    },
  );

  test.each([null, '6', 6n, true, [6], {}, Object(6)])('that are %o are a TypeError', (digits) => {
    expect(() => digitsOf({ digits: digits as never })).toThrow(TypeError);
  });
});

describe('A code', () => {
  test.each(rfc4226.cases)('of RFC 4226 Appendix D is $code for $truncated', (vector) => {
    expect(formatCode(vector.truncated, 6)).toBe(vector.code);
  });

  test.each(rfc6238.cases)('of RFC 6238 Appendix B is $code for $truncated', (vector) => {
    expect(formatCode(vector.truncated, 8)).toBe(vector.code);
  });

  test('is the remainder by a power of ten, with its leading zeros', () => {
    fc.assert(
      fc.property(value, digitsOption, (truncated, digits) => {
        expect(formatCode(truncated, digits)).toBe(codeOf(truncated, digits));
      }),
      { numRuns: 5000 },
    );
  });

  // A quotient grows with its value, so next to a multiple is the only place where it can be off.
  test.each([6, 7, 8, 9])('of %i digits is right around every multiple of its power', (digits) => {
    const modulus = 10 ** digits;
    const wrong: number[] = [];
    for (let multiple = 0; multiple <= MAX_VALUE; multiple += modulus) {
      for (const truncated of [multiple - 1, multiple, multiple + 1]) {
        if (truncated < 0) continue;
        if (formatCode(truncated, digits) !== codeOf(truncated, digits)) wrong.push(truncated);
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each([6, 7, 8, 9])(
    'of %i digits is right for the lowest and the highest value',
    (digits) => {
      expect(formatCode(0, digits)).toBe('0'.repeat(digits));
      expect(formatCode(MAX_VALUE, digits)).toBe('2147483647'.slice(-digits));
    },
  );
});

describe('Typed text', () => {
  test('that is a code is read back as the number it was', () => {
    fc.assert(
      fc.property(value, digitsOption, (truncated, digits) => {
        expect(parseCode(formatCode(truncated, digits), digits)).toBe(truncated % 10 ** digits);
      }),
    );
  });

  test.each([
    { why: 'nothing', text: '' },
    { why: 'one digit short', text: '28708' },
    { why: 'one digit more', text: '2870820' },
    { why: 'a space in front', text: ' 287082' },
    { why: 'a space for a digit', text: ' 28708' },
    { why: 'a space behind', text: '28708 ' },
    { why: 'a newline behind', text: '28708\n' },
    { why: 'a plus sign', text: '+28708' },
    { why: 'a minus sign', text: '-28708' },
    { why: 'a point', text: '2870.2' },
    { why: 'an exponent', text: '2870e2' },
    { why: 'a hexadecimal number', text: '0x2870' },
    { why: 'a letter', text: '28708O' },
    { why: 'the character before 0', text: '28708/' },
    { why: 'the character after 9', text: '28708:' },
    { why: 'a NUL', text: '28708\u0000' },
    { why: 'a full-width digit', text: '28708\uff12' },
    { why: 'full-width digits', text: '\uff12\uff18\uff17\uff10\uff18\uff12' },
    { why: 'Arabic-Indic digits', text: '\u0662\u0668\u0667\u0660\u0668\u0662' },
    { why: 'a superscript digit', text: '28708\u00b2' },
    { why: 'digits beyond the first plane', text: '\u{1d7d0}\u{1d7d6}\u{1d7d5}' },
    { why: 'a zero-width space', text: '28708\u200b' },
    { why: 'U+0132, whose low byte is that of 2', text: '28708\u0132' },
    { why: 'half of a surrogate pair', text: '28708\ud835' },
  ])('with $why is no code', ({ text }) => {
    expect(parseCode(text, 6)).toBe(-1);
  });

  test('of one character is a digit for ten of all UTF-16 code units', () => {
    const accepted = Array.from({ length: 65536 }, (_, code) => String.fromCharCode(code)).filter(
      (character) => parseCode(`00000${character}`, 6) >= 0,
    );
    expect(accepted.join('')).toBe('0123456789');
  });

  // A fault is found by a sign bit, whatever the digits before and behind it add up to.
  test.each([6, 7, 8, 9])('of %i digits has its faults found at every place', (digits) => {
    const units = Array.from({ length: 65_536 }, (_, code) => String.fromCharCode(code));
    for (const digit of ['0', '9']) {
      for (let place = 0; place < digits; place++) {
        const before = digit.repeat(place);
        const after = digit.repeat(digits - place - 1);
        const accepted = units.filter((unit) => parseCode(before + unit + after, digits) !== -1);
        expect(accepted.join('')).toBe('0123456789');
      }
    }
  });

  test.each([6, 7, 8, 9])('of %i digits may be the lowest and the highest code', (digits) => {
    expect(parseCode('0'.repeat(digits), digits)).toBe(0);
    expect(parseCode('9'.repeat(digits), digits)).toBe(10 ** digits - 1);
    expect(parseCode('\uffff'.repeat(digits), digits)).toBe(-1);
    expect(parseCode('/'.repeat(digits), digits)).toBe(-1);
    expect(parseCode(':'.repeat(digits), digits)).toBe(-1);
  });

  // One fault must not make up for another.
  test('with two faults of any kind is no code', () => {
    const faults = ['/', ':', '\u0000', '\uffff', '\u8000', '\u7fff', '\u0130', ' ', '-'];
    const accepted: string[] = [];
    for (const first of faults) {
      for (const second of faults) {
        for (let i = 0; i < 6; i++) {
          for (let k = i + 1; k < 6; k++) {
            const characters = [...'287082'];
            characters[i] = first;
            characters[k] = second;
            if (parseCode(characters.join(''), 6) !== -1) accepted.push(characters.join(''));
          }
        }
      }
    }
    expect(accepted).toEqual([]);
  });

  test('is a code exactly if it has the right number of ASCII digits, for any value', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789', ' ', '٣'), maxLength: 10 });
    const anything = fc.anything({ withBigInt: true, withDate: true, withBoxedValues: true });
    fc.assert(
      fc.property(fc.oneof(text, anything), digitsOption, (typed, digits) => {
        const isCode =
          typeof typed === 'string' && /^[0-9]+$/.test(typed) && typed.length === digits;
        expect(parseCode(typed, digits)).toBe(isCode ? Number(typed) : -1);
      }),
      { numRuns: 2000 },
    );
  });

  const throwing = () => {
    throw new Error('must not be called');
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();

  test.each([
    { what: 'a String object', typed: Object('287082') },
    { what: 'an array of a code', typed: ['287082'] },
    { what: 'an array of digits', typed: [...'287082'] },
    { what: 'a number', typed: 287082 },
    { what: 'a symbol', typed: Symbol('287082') },
    { what: 'what looks like a string', typed: { length: 6, charCodeAt: () => 0x32 } },
    { what: 'a value that cannot be turned into a text', typed: { toString: throwing } },
    {
      what: 'a value whose length throws',
      typed: {
        __proto__: null,
        get length() {
          return throwing();
        },
      },
    },
    { what: 'a revoked proxy', typed: proxy },
  ])('is not made of $what', ({ typed }) => {
    expect(parseCode(typed, 6)).toBe(-1);
  });

  test('of ten megabytes is refused at once', () => {
    const text = '2'.repeat(10 * 2 ** 20);
    const start = performance.now();
    for (let i = 0; i < 1000; i++) parseCode(text, 6);
    // Looking at each character but once would take ten seconds and more.
    expect(performance.now() - start).toBeLessThan(500);
    expect(parseCode(text, 6)).toBe(-1);
  });
});

describe('The match', () => {
  /** Values that share few codes, so that matches are many and often double. */
  const colliding = fc
    .record({ code: fc.constantFrom(0, 1, 7), turns: fc.nat({ max: 2 }) })
    .map(({ code, turns }) => code + turns * 10 ** 9);
  const values = fc.array(fc.oneof(colliding, value), { maxLength: 12 });
  const typedCode = fc.constantFrom(0, 1, 7, 123456);

  /** The highest index, found as an engine does: value by value. */
  function highestMatch(list: readonly number[], typed: number, digits: number): number {
    return list.reduce(
      (highest, truncated, i) => laterMatch(highest, i, truncated, typed, 10 ** digits),
      -1,
    );
  }

  test('is the highest value whose code was typed, or -1', () => {
    fc.assert(
      fc.property(values, typedCode, digitsOption, (list, typed, digits) => {
        const codes = list.map((truncated) => truncated % 10 ** digits);
        expect(highestMatch(list, typed, digits)).toBe(codes.lastIndexOf(typed));
      }),
      { numRuns: 1000 },
    );
  });

  test('is found at every place of a window', () => {
    const list = Array.from({ length: 101 }, (_, i) => 1_000_000 * i + i);
    for (let i = 0; i < list.length; i++) expect(highestMatch(list, i, 6)).toBe(i);
  });

  // The one place where the quotient could be off by one, and the code be that of a neighbour.
  test.each([6, 7, 8, 9])('of %i digits is right around every multiple of its power', (digits) => {
    const modulus = 10 ** digits;
    const wrong: number[] = [];
    for (let multiple = 0; multiple <= MAX_VALUE; multiple += modulus) {
      for (const truncated of [multiple - 1, multiple, multiple + 1]) {
        if (truncated < 0) continue;
        for (const typed of [modulus - 1, 0, 1]) {
          const isMatch = laterMatch(-1, 0, truncated, typed, modulus) === 0;
          if (isMatch !== (truncated % modulus === typed)) wrong.push(truncated);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('takes the later of two candidates only if that matches', () => {
    expect(laterMatch(-1, 3, 5_000_007, 7, 10 ** 6)).toBe(3);
    expect(laterMatch(2, 3, 5_000_007, 7, 10 ** 6)).toBe(3);
    expect(laterMatch(2, 3, 5_000_008, 7, 10 ** 6)).toBe(2);
    expect(laterMatch(-1, 3, 5_000_008, 7, 10 ** 6)).toBe(-1);
  });

  test('of several codes is the highest place from which all follow one another, or -1', () => {
    const typedCodes = fc.array(typedCode, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(values, typedCodes, digitsOption, (list, typed, digits) => {
        const codes = list.map((truncated) => truncated % 10 ** digits);
        const places = codes.map((_, i) => typed.every((code, k) => codes[i + k] === code));
        expect(matchSequence(Int32Array.from(list), typed, digits)).toBe(places.lastIndexOf(true));
      }),
      { numRuns: 1000 },
    );
  });

  test('of more codes than there are values does not exist', () => {
    expect(matchSequence(Int32Array.of(7, 7), [7, 7, 7], 6)).toBe(-1);
    expect(matchSequence(new Int32Array(0), [7, 7], 6)).toBe(-1);
  });
});
