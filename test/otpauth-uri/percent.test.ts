/** Percent-encoding of a URI component. RFC 3986 §2.1 to §2.3. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentDecode, percentEncode, utf8Length } from '../../src/otpauth-uri/percent.js';
import { anyCharacter } from '../support/any-character.js';

const text = fc.string({ unit: anyCharacter });

describe('Encoding', () => {
  test.each([
    { plain: '', encoded: '' },
    { plain: 'Az09-._~', encoded: 'Az09-._~' },
    { plain: 'ACME Co', encoded: 'ACME%20Co' },
    { plain: 'alice+test@example.com', encoded: 'alice%2Btest%40example.com' },
    { plain: "!'()*", encoded: '%21%27%28%29%2A' },
    { plain: ':/?#[]@', encoded: '%3A%2F%3F%23%5B%5D%40' },
    { plain: '$&+,;=', encoded: '%24%26%2B%2C%3B%3D' },
    { plain: '%41', encoded: '%2541' },
    { plain: '"<>\\^`{|}', encoded: '%22%3C%3E%5C%5E%60%7B%7C%7D' },
    { plain: '\u0000\n\u007f', encoded: '%00%0A%7F' },
    { plain: 'é', encoded: '%C3%A9' },
    { plain: '日本', encoded: '%E6%97%A5%E6%9C%AC' },
    { plain: '\u{1f511}', encoded: '%F0%9F%94%91' },
  ])('spells %o', ({ plain, encoded }) => {
    expect(percentEncode(plain)).toBe(encoded);
    expect(percentDecode(encoded)).toBe(plain);
  });

  test('writes unreserved characters and upper-case escapes, nothing else', () => {
    fc.assert(
      fc.property(text, (plain) => {
        expect(percentEncode(plain)).toMatch(/^(?:[\w.~-]|%[\dA-F]{2})*$/);
      }),
    );
  });

  test('is undone by decoding', () => {
    fc.assert(fc.property(text, (plain) => percentDecode(percentEncode(plain)) === plain));
  });
});

describe('Decoding', () => {
  test.each([
    { encoded: 'a+b', plain: 'a+b' },
    { encoded: 'a b', plain: 'a b' },
    { encoded: '%3a%3A', plain: '::' },
    { encoded: '%2541', plain: '%41' },
    { encoded: '%c3%a9', plain: 'é' },
    { encoded: 'é', plain: 'é' },
    { encoded: '%00', plain: '\u0000' },
  ])('reads $encoded once', ({ encoded, plain }) => {
    expect(percentDecode(encoded)).toBe(plain);
  });

  test.each([
    { encoded: '%', fault: 'a lone percent sign' },
    { encoded: 'a%2', fault: 'an escape of one digit' },
    { encoded: '%GG', fault: 'an escape without hex digits' },
    { encoded: '%u0041', fault: 'an escape of another kind' },
    { encoded: '%FF', fault: 'a byte that UTF-8 does not have' },
    { encoded: '%A9', fault: 'a byte that only goes on' },
    { encoded: '%C3', fault: 'a sequence cut short' },
    { encoded: '%C3A9', fault: 'a sequence half escaped' },
    { encoded: '%C0%80', fault: 'an overlong sequence' },
    { encoded: '%ED%A0%80', fault: 'half of a surrogate pair' },
    { encoded: '%F4%90%80%80', fault: 'a code point above U+10FFFF' },
  ])('gives undefined for $fault', ({ encoded }) => {
    expect(percentDecode(encoded)).toBeUndefined();
  });

  test('never throws', () => {
    const unit = fc.constantFrom(...'%%%0248ACEFaf+ \ud800\udc00é');
    fc.assert(
      fc.property(fc.string({ unit }), (encoded) => {
        expect(['string', 'undefined']).toContain(typeof percentDecode(encoded));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('The length in UTF-8', () => {
  test('is that of the encoder', () => {
    fc.assert(
      fc.property(text, (plain) => utf8Length(plain) === new TextEncoder().encode(plain).length),
    );
  });

  test.each([
    { plain: '', bytes: 0 },
    { plain: '\u007f', bytes: 1 },
    { plain: '\u0080', bytes: 2 },
    { plain: '\u07ff', bytes: 2 },
    { plain: '\u0800', bytes: 3 },
    { plain: '\ud7ff', bytes: 3 },
    { plain: '\ue000', bytes: 3 },
    { plain: '\uffff', bytes: 3 },
    { plain: '\u{10000}', bytes: 4 },
    { plain: '\u{10ffff}', bytes: 4 },
    { plain: '\ud800', bytes: 2 },
    { plain: 'a\udfff', bytes: 3 },
  ])('of %o counts each boundary right', ({ plain, bytes }) => {
    expect(utf8Length(plain)).toBe(bytes);
  });
});
