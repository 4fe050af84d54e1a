/** The symbols of base32 one by one, against the alphabet as RFC 4648 §6 prints it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeSymbols,
  EITHER_CASE,
  ifBetween,
  symbolBits,
  symbolOf,
  UPPER_CASE,
} from '../../src/base32/symbols.js';

/** Table 3 of RFC 4648. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const CODE_UNITS = Array.from({ length: 65536 }, (_, code) => code);
const LONGEST = 80;

const folds = [
  { what: 'capitals only', fold: UPPER_CASE, alphabets: [ALPHABET] },
  { what: 'either case', fold: EITHER_CASE, alphabets: [ALPHABET, ALPHABET.toLowerCase()] },
];

/** The five bits of a character by looking it up, or -1. */
function bitsOf(character: string, alphabets: readonly string[]): number {
  return Math.max(...alphabets.map((alphabet) => alphabet.indexOf(character)));
}

/** The text's bits as a text of zeros and ones, cut into whole bytes. */
function decodeNaively(text: string, alphabets: readonly string[]): number[] {
  const bits = Array.from(text, (character) =>
    bitsOf(character, alphabets).toString(2).padStart(5, '0'),
  ).join('');
  return (bits.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
}

/** Room for the bytes and more, to see that nothing else is written; 0xa5 where nothing was. */
function decode(text: string, length: number, fold: number) {
  const bytes = new Uint8Array(LONGEST).fill(0xa5);
  const isValid = decodeSymbols(text, length, fold, bytes) >= 0;
  return { isValid, bytes: [...bytes] };
}

function filledUp(bytes: readonly number[]): number[] {
  return [...bytes, ...new Array<number>(LONGEST - bytes.length).fill(0xa5)];
}

test('Five bits are the character that the alphabet has at their place', () => {
  const symbols = Array.from(ALPHABET, (_, bits) => String.fromCharCode(symbolOf(bits)));
  expect(symbols.join('')).toBe(ALPHABET);
});

test('A code is between two others or not, the bounds included, for all that there are', () => {
  const bounds = [0, 1, 0x32, 0x37, 0x41, 0x5a, 0xfffe, 0xffff];
  for (const low of bounds) {
    for (const high of bounds.filter((bound) => bound >= low)) {
      const wrong = CODE_UNITS.filter(
        (code) => ifBetween(code, low, high) !== (code >= low && code <= high ? -1 : 0),
      );
      expect(wrong).toEqual([]);
    }
  }
});

describe.each(folds)('With $what', ({ fold, alphabets }) => {
  test('each of the 65,536 code units has the bits of the alphabet, or none', () => {
    const wrong = CODE_UNITS.filter(
      (code) => symbolBits(code, fold) !== bitsOf(String.fromCharCode(code), alphabets),
    );
    expect(wrong).toEqual([]);
  });

  // With the bit that folds letters set, these would be the digits 2 to 7.
  test('the control characters 0x12 to 0x17 are no digits', () => {
    const controls = [0x12, 0x13, 0x14, 0x15, 0x16, 0x17];
    expect(controls.map((code) => symbolBits(code, fold))).toEqual(controls.map(() => -1));
    const texts = controls.map((code) => `AAAAAAA${String.fromCharCode(code)}`);
    expect(texts.filter((text) => decode(text, 8, fold).isValid)).toEqual([]);
  });

  test('of the texts of one code unit exactly the symbols are valid', () => {
    const valid = CODE_UNITS.map((code) => String.fromCharCode(code)).filter(
      (text) => decode(text, 1, fold).isValid,
    );
    expect(valid).toEqual([...new Set(alphabets.join(''))].sort());
  });

  test('any text is decoded as bit by bit, for every length up to 80', () => {
    const symbol = fc.constantFrom(...alphabets.join(''));
    for (let length = 0; length <= LONGEST; length++) {
      const texts = fc.string({ unit: symbol, minLength: length, maxLength: length });
      fc.assert(
        fc.property(texts, (text) => {
          const expected = filledUp(decodeNaively(text, alphabets));
          expect(decode(text, length, fold)).toEqual({ isValid: true, bytes: expected });
        }),
        { numRuns: 20 },
      );
    }
  });

  // Eight characters go at a time, so a fault is looked for at each place of each length.
  test.each(['=', '0', '\u0012', '\u0141', 'ı'])(
    'the character %j is found at any place of any length up to 80',
    (fault) => {
      const missed: string[] = [];
      for (let length = 1; length <= LONGEST; length++) {
        for (let place = 0; place < length; place++) {
          const text = 'A'.repeat(place) + fault + '7'.repeat(length - place - 1);
          if (decode(text, length, fold).isValid) missed.push(text);
        }
      }
      expect(missed).toEqual([]);
    },
  );

  test('characters behind the length are not looked at', () => {
    for (let length = 0; length <= 17; length++) {
      const text = `${'K'.repeat(length)}====!`;
      const expected = filledUp(decodeNaively('K'.repeat(length), alphabets));
      expect(decode(text, length, fold)).toEqual({ isValid: true, bytes: expected });
    }
  });
});

test('Small letters are symbols only where either case is', () => {
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    expect(decode(`AAAAAAAA${letter}`, 9, UPPER_CASE).isValid).toBe(false);
    expect(decode(`AAAAAAAA${letter}`, 9, EITHER_CASE).isValid).toBe(true);
  }
});
