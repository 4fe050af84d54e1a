/** What may be stripped from a typed code, and what may not. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { normalizeCode } from '../src/code.js';

test.each([
  { typed: '287082', code: '287082' },
  { typed: '287 082', code: '287082' },
  { typed: ' 28-70-82 ', code: '287082' },
  { typed: '-  -', code: '' },
  { typed: '', code: '' },
  { typed: '28a082', code: '28a082' },
])('"$typed" becomes "$code"', ({ typed, code }) => {
  expect(normalizeCode(typed)).toBe(code);
});

test.each([
  { what: 'line ends', typed: '287082\r\n' },
  { what: 'a tab', typed: '\t287082' },
  { what: 'a form feed and a vertical tab', typed: '\f287\v082' },
  { what: 'a no-break space', typed: '287\u00a0082' },
  { what: 'a narrow no-break space', typed: '287\u202f082' },
  { what: 'an ideographic space', typed: '287\u3000082' },
  { what: 'a next-line character', typed: '287082\u0085' },
  { what: 'a figure dash', typed: '287\u2012082' },
  { what: 'a non-breaking hyphen', typed: '287\u2011082' },
  { what: 'an em dash', typed: '287\u2014082' },
  { what: 'a minus sign', typed: '287\u2212082' },
  { what: 'a full-width hyphen', typed: '287\uff0d082' },
  { what: 'a soft hyphen', typed: '287\u00ad082' },
  { what: 'marks of direction', typed: '\u202a287082\u202c' },
  { what: 'isolates', typed: '\u2066287082\u2069' },
  { what: 'a right-to-left mark', typed: '\u200f287082\u061c' },
  { what: 'a zero-width space', typed: '287\u200b082' },
  { what: 'joiners', typed: '287\u200c\u200d\u2060082' },
  { what: 'a byte order mark', typed: '\ufeff287082' },
  { what: 'variation selectors', typed: '2\ufe0f8\ufe0f7082' },
  { what: 'full-width digits', typed: '２８７０８２' },
  { what: 'Arabic-Indic digits', typed: '٢٨٧ ٠٨٢' },
  { what: 'Extended Arabic-Indic digits', typed: '۲۸۷-۰۸۲' },
])('A code with $what is that code', ({ typed }) => {
  expect(normalizeCode(typed)).toBe('287082');
});

test.each([
  '_',
  '.',
  ',',
  '+',
  '\0',
  'O',
  'l',
  '\u0968',
  '\u{1d7d0}',
  '\u00b2',
  '\u2461',
  '\u20e3',
])('The character %j stays, and no code comes of it', (character) => {
  expect(normalizeCode(`287 ${character}082`)).toBe(`287${character}082`);
});

describe('Of all characters', () => {
  const characters = Array.from({ length: 0x110000 }, (_, code) =>
    code >= 0xd800 && code <= 0xdfff ? 'x' : String.fromCodePoint(code),
  );
  const removed = characters.filter((character) => normalizeCode(character) === '');

  test('white space, dashes and format characters of direction and no width are removed', () => {
    const [dashes, spaces] = [/^\p{Pd}$/u, /^\p{White_Space}$/u];
    const marks = /^[\p{Bidi_Control}\p{Join_Control}\p{Variation_Selector}]$/u;
    const expected = characters.filter(
      (character) =>
        spaces.test(character) ||
        dashes.test(character) ||
        (marks.test(character) && character.length === 1),
    );
    expect(expected.length).toBeGreaterThan(70);
    expect(removed).toEqual(expect.arrayContaining(expected));
  });

  test('those that are removed are white space, dashes or invisible', () => {
    const removable =
      /^[\p{White_Space}\p{Pd}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufeff\u2043\u2212]$/u;
    expect(removed.filter((character) => !removable.test(character))).toEqual([]);
  });

  test('those that become a digit are decimal digits of three scripts, by their value', () => {
    const changed = characters.filter(
      (character) => normalizeCode(character) !== character && !removed.includes(character),
    );
    expect(changed.join('')).toBe('٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９');
    expect(normalizeCode(changed.join(''))).toBe('0123456789'.repeat(3));
  });
});

test('All characters but these stay, in their order', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 64 }), (typed) => {
      const kept = typed.split('').filter((character) => character !== ' ' && character !== '-');
      expect(normalizeCode(typed)).toBe(kept.join(''));
    }),
  );
});

test('A text that was normalised stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (typed) => {
      const code = normalizeCode(typed);
      expect(normalizeCode(code)).toBe(code);
    }),
  );
});

test.each([
  { length: 64, kept: 6 },
  { length: 65, kept: 0 },
  { length: 10_000_000, kept: 0 },
])('Of a text of $length characters $kept are kept', ({ length, kept }) => {
  const typed = `287${' '.repeat(length - 6)}082`;
  expect(normalizeCode(typed)).toBe('287082'.slice(0, kept));
  expect(normalizeCode('2'.repeat(length)).length).toBe(kept === 0 ? 0 : length);
});

test('A text above 64 characters is not looked through', () => {
  const replace = vi.spyOn(String.prototype, 'replace');
  const replaceAll = vi.spyOn(String.prototype, 'replaceAll');
  normalizeCode('2'.repeat(65));
  const calls = replace.mock.calls.length + replaceAll.mock.calls.length;
  vi.restoreAllMocks();
  expect(calls).toBe(0);
});

test('A value that is no string becomes the empty text, whatever it is', () => {
  const notString = fc
    .anything({ withBigInt: true, withDate: true, withNullPrototype: true, withMap: true })
    .filter((value) => typeof value !== 'string');
  fc.assert(fc.property(notString, (value) => normalizeCode(value) === ''));
});

test.each([
  { what: 'a String object', value: Object('287082') },
  { what: 'an array of a code', value: ['287082'] },
  { what: 'a number', value: 287082 },
  { what: 'a symbol', value: Symbol('287082') },
  { what: 'an object with a replace method', value: { replace: () => '287082' } },
])('The empty text is all that comes of $what', ({ value }) => {
  expect(normalizeCode(value)).toBe('');
});
