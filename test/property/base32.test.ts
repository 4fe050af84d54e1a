/** What holds for every byte sequence and every text in base32, against a plain definition. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase32, decodeBase32Lenient, encodeBase32 } from '../../src/base32.js';
import { OtpError } from '../../src/errors.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const bytes = fc.uint8Array({ maxLength: 70 });
const canonical = bytes.map(spell);
const padded = canonical.map(withPadding);

/** Characters that are in the alphabet, next to it, or like it for somebody who folds case. */
const nastyCharacter = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...ALPHABET) },
  { weight: 2, arbitrary: fc.constantFrom(...ALPHABET.toLowerCase()) },
  { weight: 3, arbitrary: fc.constantFrom('=', '=', ' ', '-') },
  { weight: 1, arbitrary: fc.constantFrom(...'\n\t\u00a0\u200b\ufeff\u2013\u2212\u3000') },
  { weight: 1, arbitrary: fc.constantFrom(...'0189@[`{/:_+.\u200eſKıß\ud800\ud803\udead') },
);
const nasty = fc.string({ unit: nastyCharacter, maxLength: 40 });

/** An edit of a text: at some place cut one character or none, then insert one or none. */
const edit = fc.record({
  place: fc.nat(),
  cut: fc.nat({ max: 1 }),
  insert: fc.oneof(nastyCharacter, fc.constant('')),
});

/** Canonical texts and texts of the alphabet, as they are or with one or two edits. */
const nearlyCanonical = fc
  .tuple(
    fc.oneof(canonical, padded, fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 24 })),
    fc.array(edit, { maxLength: 2 }),
  )
  .map(([text, edits]) =>
    edits.reduce((result, { place, cut, insert }) => {
      const at = place % (result.length + 1);
      return result.slice(0, at) + insert + result.slice(at + cut);
    }, text),
  );

/** RFC 4648 §6 as a string of bits. */
function spell(data: Uint8Array): string {
  const bits = Array.from(data, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => ALPHABET[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

function withPadding(text: string): string {
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}

/** White space and dashes of any kind, by their properties in Unicode. */
const SEPARATOR =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is looked for by itself
  /[\p{White_Space}\p{Pd}\u00ad\u2043\u2212\u180e\u200b\u200c\u200d\u2060\ufeff]/u;
const SEPARATORS = new RegExp(SEPARATOR, 'gu');

/** The lenient rules as a pattern; undefined where they refuse. */
function readLeniently(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z2-7 ]*[= ]*$/.test(text.replace(SEPARATORS, ' '))) return undefined;
  const symbols = text.replace(/[^A-Za-z2-7]/g, '').toUpperCase();
  if (MISSING.includes(symbols)) return undefined;
  const bits = [...symbols].map((c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

/** A missing value that became a text is no secret. */
const MISSING = ['UNDEFINED', 'NULL', 'NAN', 'INFINITY', 'TRUE', 'FALSE', 'NONE', 'NIL'];

/** The bytes, or undefined for an OtpError; any other error passes through. */
function attempt(decode: (text: string) => Uint8Array, text: string): Uint8Array | undefined {
  try {
    return decode(text);
  } catch (error) {
    if (error instanceof OtpError) return undefined;
    throw error;
  }
}

/** The code units that may begin a text. */
function knownTo(decode: (text: string) => Uint8Array): string[] {
  const all = Array.from({ length: 65536 }, (_, code) => String.fromCharCode(code));
  return all.filter((character) => attempt(decode, `${character}AAAAAAA`)).sort();
}

describe('The encoder', () => {
  test('writes the text of RFC 4648 §6', () => {
    fc.assert(fc.property(bytes, (data) => encodeBase32(data) === spell(data)));
  });
});

describe('The strict decoder', () => {
  test('undoes the encoder, with padding and without', () => {
    fc.assert(
      fc.property(bytes, (data) => {
        expect(decodeBase32(encodeBase32(data))).toEqual(data);
        expect(decodeBase32(withPadding(encodeBase32(data)))).toEqual(data);
      }),
    );
  });

  // With the round trip above this is "if and only if".
  test('accepts exactly the texts of the encoder, with or without exact padding', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyCanonical, nasty), (text) => {
        const data = attempt(decodeBase32, text);
        if (data === undefined) return;
        expect([encodeBase32(data), withPadding(encodeBase32(data))]).toContain(text);
      }),
      { numRuns: 5000 },
    );
  });

  test('accepts 256 of all texts of two characters, one for each byte', () => {
    const characters = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
    const texts = characters.flatMap((first) => characters.map((second) => first + second));
    const read = texts.map((text) => attempt(decodeBase32, text)).filter((data) => data);
    expect(new Set(read.map(String)).size).toBe(256);
    expect(read).toHaveLength(256);
  });

  test('knows 32 of all UTF-16 code units', () => {
    expect(knownTo(decodeBase32)).toEqual([...ALPHABET].sort());
  });
});

describe('The lenient decoder', () => {
  test('reads every text of its rules and refuses all others', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyCanonical, nasty), (text) => {
        expect(attempt(decodeBase32Lenient, text)).toEqual(readLeniently(text));
      }),
      { numRuns: 5000 },
    );
  });

  test('agrees with the strict one wherever that accepts', () => {
    fc.assert(
      fc.property(fc.oneof(canonical, padded), (text) => {
        expect(decodeBase32Lenient(text)).toEqual(decodeBase32(text));
      }),
    );
  });

  test('reads the same bytes in any case, with any separators and padding', () => {
    const separator = fc.constantFrom(' ', '-', '\n', '\u00a0', '\u2011', '\ufeff', '\u{10ead}');
    const separators = fc.string({ unit: separator, maxLength: 2 });
    const tail = fc.string({ unit: fc.oneof(fc.constant('='), separator), maxLength: 9 });
    fc.assert(
      fc.property(bytes, fc.infiniteStream(separators), tail, (data, between, end) => {
        const typed = [...encodeBase32(data)].map((c) => c + between.next().value).join('') + end;
        expect(decodeBase32Lenient(typed)).toEqual(data);
        expect(decodeBase32Lenient(typed.toLowerCase())).toEqual(data);
      }),
    );
  });

  test('knows the same 32 code units, 26 more in lower case, white space and dashes', () => {
    const all = Array.from({ length: 65536 }, (_, code) => String.fromCharCode(code));
    const separators = all.filter((character) => SEPARATOR.test(character));
    expect(separators.length).toBeGreaterThan(50);
    const expected = [...ALPHABET, ...'abcdefghijklmnopqrstuvwxyz', ...separators];
    expect(knownTo(decodeBase32Lenient)).toEqual(expected.sort());
  });
});

describe('An error', () => {
  /** The error's code and position, or undefined if there was none. */
  function faultOf(decode: (text: string) => Uint8Array, text: string) {
    try {
      decode(text);
      return undefined;
    } catch (error) {
      expect(error).toBeInstanceOf(OtpError);
      const { code, position } = error as OtpError;
      return { code, position };
    }
  }

  test('of the lenient decoder names the first character that may not stand where it does', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const plain = text.replace(SEPARATORS, (found) => ' '.repeat(found.length));
        const end = plain.search(/[^A-Za-z2-7 ]|$/);
        const next = end + plain.slice(end).search(/[^= ]|$/);
        const isSymbol = /[A-Za-z2-7]/.test(plain.charAt(next));
        const code = isSymbol ? 'invalid-padding' : 'invalid-character';
        const expected = next === text.length ? undefined : { code, position: next };
        expect(faultOf(decodeBase32Lenient, text)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('of the strict decoder names the first character outside the alphabet, a "=" last', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const unpadded = text.replace(/=+$/, '');
        fc.pre(/[^A-Z2-7]/.test(unpadded));
        const other = unpadded.search(/[^A-Z2-7=]/);
        const position = other >= 0 ? other : unpadded.indexOf('=');
        expect(faultOf(decodeBase32, text)).toEqual({ code: 'invalid-character', position });
      }),
      { numRuns: 1000 },
    );
  });

  test('of the strict decoder else points at the last character or at the end of them', () => {
    fc.assert(
      fc.property(nearlyCanonical, (text) => {
        const fault = faultOf(decodeBase32, text);
        const { length } = text.replace(/=+$/, '');
        fc.pre(fault !== undefined && fault.code !== 'invalid-character');
        expect(fault?.position).toBe(fault?.code === 'trailing-bits' ? length - 1 : length);
      }),
    );
  });
});
