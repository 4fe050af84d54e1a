/** What may be stripped from a typed code, and what may not. */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
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
  { what: 'A tab', character: '\t' },
  { what: 'A newline', character: '\n' },
  { what: 'A no-break space', character: '\u00a0' },
  { what: 'An em space', character: '\u2003' },
  { what: 'A zero-width space', character: '\u200b' },
  { what: 'A byte order mark', character: '\ufeff' },
  { what: 'A Unicode hyphen', character: '\u2010' },
  { what: 'A minus sign', character: '\u2212' },
  { what: 'An underscore', character: '_' },
  { what: 'A full stop', character: '.' },
  { what: 'A full-width digit', character: '\uff12' },
  { what: 'An Arabic-Indic digit', character: '\u0662' },
  { what: 'Half of a surrogate pair', character: '\ud83d' },
])('$what stays', ({ character }) => {
  expect(normalizeCode(`287 ${character}082`)).toBe(`287${character}082`);
});

test('All characters but the space and the hyphen stay, in their order', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.oneof(fc.constantFrom(' ', '-'), fc.string()) }), (typed) => {
      const kept = typed.split('').filter((character) => character !== ' ' && character !== '-');
      expect(normalizeCode(typed)).toBe(kept.join(''));
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
  fc.assert(fc.property(notString, (value) => normalizeCode(value as never) === ''));
});

test.each([
  { what: 'a String object', value: Object('287082') },
  { what: 'an array of a code', value: ['287082'] },
  { what: 'a number', value: 287082 },
  { what: 'a symbol', value: Symbol('287082') },
  { what: 'an object with a replace method', value: { replace: () => '287082' } },
])('The empty text is all that comes of $what', ({ value }) => {
  expect(normalizeCode(value as never)).toBe('');
});
