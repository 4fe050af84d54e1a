import { describe, expect, test } from 'vitest';
import { hasUnsafeCharacter, NAME_RULES } from '../../src/otpauth-uri/names.js';

/** The codes of the rules that a name breaks. */
function faultsOf(name: string): string[] {
  return Object.entries(NAME_RULES)
    .filter(([, [, isBroken]]) => isBroken(name))
    .map(([code]) => code);
}

describe('Names', () => {
  test.each([
    '',
    'ACME',
    'ACME Co',
    'alice+test@example.com',
    'a/b?c#d&e=f%3A;g',
    "!'()*~-._",
    '100%',
    '用户',
    'Zürich',
    'Zu\u0308rich',
    'a\u00a0b',
    'a\uff1ab',
    '🔑',
    // Joiners make one emoji of several and are plain spelling in Persian.
    '👩\u200d👩\u200d👧',
    'می\u200cخواهم',
    'שלום',
    '..',
    '__proto__',
  ])('"%s" breaks no rule', (name) => {
    expect(faultsOf(name)).toEqual([]);
  });

  test.each(['a:b', ':', 'a:', ':a', 'a::b'])('A colon anywhere is a fault: "%s"', (name) => {
    expect(faultsOf(name)).toContain('colon-in-name');
  });

  test.each([' ', '\t', '\n', '\r', '\v', '\f', '\u00a0', '\u3000', '\u2003', '\u2028', '\ufeff'])(
    'White space at either end is a fault: %j',
    (space) => {
      for (const name of [`${space}a`, `a${space}`, space]) {
        expect(faultsOf(name)).toContain('untrimmed-name');
      }
    },
  );

  test('Spaces inside a name are no fault', () => {
    expect(faultsOf('a  b c')).toEqual([]);
  });
});

describe('Unsafe characters', () => {
  const inside = (code: number) => `a${String.fromCodePoint(code)}b`;

  test('Every control character is unsafe', () => {
    for (let code = 0; code < 0xa0; code++) {
      const isControl = code < 0x20 || code >= 0x7f;
      expect(hasUnsafeCharacter(inside(code)), `U+${code.toString(16)}`).toBe(isControl);
    }
  });

  // UAX #9: all characters with the property Bidi_Control.
  test.each([
    0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
  ])('The direction mark %i is unsafe', (code) => {
    expect(inside(code)).toMatch(/\p{Bidi_Control}/u);
    expect(hasUnsafeCharacter(inside(code))).toBe(true);
  });

  test('No other character of the whole of Unicode has the property Bidi_Control', () => {
    let count = 0;
    for (let code = 0; code <= 0x10ffff; code++) {
      if (/\p{Bidi_Control}/u.test(String.fromCodePoint(code))) count++;
    }
    expect(count).toBe(12);
  });

  test.each([0x2028, 0x2029, 0x200b, 0xfeff])(
    'The separator or invisible mark %i is unsafe',
    (code) => {
      expect(hasUnsafeCharacter(inside(code))).toBe(true);
    },
  );

  test('A surrogate without its partner is unsafe, a pair is not', () => {
    for (const lone of ['\ud83d', '\udd11', '\udd11\ud83d', 'a\ud83d', '\udd11a', '🔑\ud83d']) {
      expect(hasUnsafeCharacter(lone)).toBe(true);
    }
    expect(hasUnsafeCharacter('\ud83d\udd11')).toBe(false);
    expect(hasUnsafeCharacter('\u{10ffff}')).toBe(false);
  });
});
