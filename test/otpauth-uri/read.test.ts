import { describe, expect, test } from 'vitest';
import { OtpError, type OtpErrorCode } from '../../src/errors.js';
import { readUri } from '../../src/otpauth-uri/read.js';
import {
  buildOtpauthUri,
  lintOtpauthUri,
  type OtpauthFields,
  parseOtpauthUri,
} from '../../src/otpauth-uri.js';
import { missingValues, nearlyMissing } from '../support/missing-values.js';
import {
  keyHex,
  type ReadableUri,
  readableUris,
  refusedUris,
  type SaidFields,
  secretLengths,
} from '../vectors/otpauth-uris.js';

const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const SOUND = `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME`;
const MAX_BYTES = 8192;

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

/** The fields of a row of the table. */
function fieldsOf({ secretHex, ...said }: SaidFields): OtpauthFields {
  return { ...said, secret: bytes(secretHex) } as OtpauthFields;
}

/** What parsing throws; fails if it throws nothing or anything else than an OtpError. */
function refusalOf(text: string): OtpError {
  try {
    parseOtpauthUri(text);
  } catch (error) {
    expect(error).toBeInstanceOf(OtpError);
    return error as OtpError;
  }
  throw new Error('the text was read');
}

function codeOf(text: string): OtpErrorCode {
  return refusalOf(text).code;
}

/** `text` with its account filled up by `filler` to a length that `measure` gives. */
function filled(target: number, filler: string, measure: (text: string) => number): string {
  const missing = target - measure(SOUND);
  return SOUND.replace('alice', `alice${filler.repeat(Math.floor(missing / measure(filler)))}`);
}

const utf8Length = (text: string) => Buffer.byteLength(text, 'utf8');

describe('A secret that is the text of a missing value', () => {
  test.each(missingValues)('is refused in a URI: %j', (text) => {
    const uri = SOUND.replace(KEY, encodeURIComponent(text));
    expect(refusalOf(uri)).toMatchObject({
      code: 'invalid-secret',
      position: uri.indexOf('=') + 1,
    });
    expect(lintOtpauthUri(uri).map(({ code }) => code)).toEqual(['unreadable']);
    const params = { issuer: 'ACME', account: 'alice', secret: text };
    expect(() => buildOtpauthUri(params)).toThrow(OtpError);
    expect(() => lintOtpauthUri(params)).toThrow(OtpError);
  });

  test('is named in the message as missing, whichever it is', () => {
    const messages = missingValues
      .filter((text) => !text.includes('['))
      .map((text) => refusalOf(SOUND.replace(KEY, encodeURIComponent(text))).message);
    expect([...new Set(messages)]).toHaveLength(1);
    expect(messages[0]).toMatch(/^the URI has a secret that spells a missing value \(at \d+\)$/);
  });

  test.each(nearlyMissing)('is refused only as a whole: %s', (text) => {
    expect(
      parseOtpauthUri(SOUND.replace(KEY, encodeURIComponent(text))).secret.length,
    ).toBeGreaterThan(0);
  });
});

describe('What is read', () => {
  test.each<ReadableUri>(readableUris)('It is read: $why', ({ uri, says }) => {
    const fields = parseOtpauthUri(uri);
    // Strict: a field that is not said is absent, not undefined.
    expect(fields).toStrictEqual(fieldsOf(says));
  });

  test.each(secretLengths)(
    'A secret of $characters characters is $byteLength bytes, in either case, grouped or padded',
    ({ characters, byteLength, base32 }) => {
      expect(base32).toHaveLength(characters);
      const secret = Uint8Array.from({ length: byteLength }, (_, i) => i);
      const groups = base32.match(/.{1,4}/g) ?? [];
      for (const spelling of [
        base32,
        base32.toLowerCase(),
        groups.join(' '),
        groups.join('+'),
        groups.join('%20'),
        groups.join('-'),
        `${base32}======`,
        `${base32}%3D`,
      ]) {
        expect(parseOtpauthUri(`otpauth://totp/a:b?secret=${spelling}`).secret).toEqual(secret);
      }
    },
  );

  test('The fields are exactly those of the type', () => {
    const common = ['account', 'algorithm', 'digits', 'issuer', 'secret', 'type'];
    expect(Object.keys(parseOtpauthUri(SOUND)).sort()).toEqual([...common, 'period'].sort());
    expect(
      Object.keys(parseOtpauthUri(SOUND.replace('totp', 'hotp').concat('&counter=0'))).sort(),
    ).toEqual([...common, 'counter'].sort());
  });

  test('Two readings of one text share no bytes', () => {
    const first = parseOtpauthUri(SOUND);
    first.secret.fill(0);
    expect(parseOtpauthUri(SOUND).secret).toEqual(bytes(keyHex));
  });

  test('Dot segments in the label are kept', () => {
    const { issuer, account } = parseOtpauthUri(`otpauth://totp/../x:./c/..?secret=${KEY}`);
    expect({ issuer, account }).toEqual({ issuer: '../x', account: './c/..' });
  });

  test('Empty pairs in the query are nothing', () => {
    for (const query of [`&secret=${KEY}`, `secret=${KEY}&`, `&&secret=${KEY}&&`]) {
      expect(parseOtpauthUri(`otpauth://totp/ACME:alice?${query}`)).toStrictEqual(
        parseOtpauthUri(`otpauth://totp/ACME:alice?secret=${KEY}`),
      );
    }
  });

  test('What was written to Object.prototype is no part of a URI', () => {
    const polluted = Object.prototype as Record<string, unknown>;
    Object.assign(polluted, { digits: 8, counter: 5, issuer: 'Mallory', image: 'x' });
    try {
      expect(Object.keys(parseOtpauthUri(`otpauth://totp/alice?secret=${KEY}`)).sort()).toEqual([
        'account',
        'algorithm',
        'digits',
        'period',
        'secret',
        'type',
      ]);
      expect(codeOf(`otpauth://hotp/alice?secret=${KEY}`)).toBe('missing-counter');
    } finally {
      for (const name of ['digits', 'counter', 'issuer', 'image']) delete polluted[name];
    }
  });
});

describe('What is refused', () => {
  test.each(refusedUris)('It is refused: $why', ({ uri, code, position }) => {
    expect(refusalOf(uri)).toMatchObject({ code, position });
  });

  test('White space before a URI moves the position along', () => {
    for (const { uri, code, position, why } of refusedUris) {
      const error = refusalOf(`\r\n ${uri}`);
      expect([error.code, error.position], why).toEqual([code, position + 3]);
    }
  });

  test('An issuer parameter without "=" is an empty one', () => {
    expect(parseOtpauthUri(`otpauth://totp/ACME:alice?secret=${KEY}&issuer`).issuer).toBe('ACME');
  });

  test('A raw "#" in a secret or before a parameter is refused, so that nothing is lost', () => {
    for (const uri of [
      'otpauth://totp/a:b?issuer=a#&secret=MY',
      `otpauth://hotp/a:b?secret=${KEY}#&counter=1`,
      `otpauth://totp/a:b?secret=${KEY}&issuer=ACME #1&digits=8`,
      `otpauth://totp/a:b?secret=${KEY}#rest`,
      `otpauth://totp/a:b?issuer=a&%73ecret=${KEY}#rest`,
    ]) {
      expect(refusalOf(uri)).toMatchObject({ code: 'uri-encoding', position: uri.indexOf('#') });
    }
  });

  test('Half a surrogate pair is refused wherever it stands, a whole pair is not', () => {
    for (const half of ['\ud83d', '\udd11']) {
      for (const uri of [`otpauth://totp/${half}:b?secret=${KEY}`, `${SOUND}&image=${half}`]) {
        expect(refusalOf(uri)).toMatchObject({ code: 'uri-encoding', position: uri.indexOf(half) });
      }
    }
    expect(parseOtpauthUri(`otpauth://totp/a:\ud83d\udd11?secret=${KEY}`).account).toBe('🔑');
  });

  test.each([undefined, null, 5, true, {}, [SOUND], new String(SOUND), Symbol('x')])(
    'What is no string is a TypeError: %s',
    (value) => {
      expect(() => parseOtpauthUri(value as string)).toThrow(TypeError);
    },
  );
});

test('Half a character is refused before anything else, at the very beginning too', () => {
  expect(refusalOf(`\ud83d${SOUND}`)).toMatchObject({ code: 'uri-encoding', position: 0 });
});

test('A slash in the query is none of the path', () => {
  const { account, issuer } = parseOtpauthUri(`otpauth://totp?secret=${KEY}&issuer=a/b`);
  expect([account, issuer]).toEqual(['', 'a/b']);
});

describe('The bound of 8 KiB', () => {
  test('A URI of exactly 8 KiB is read', () => {
    const ascii = filled(MAX_BYTES, 'x', utf8Length);
    expect(utf8Length(ascii)).toBe(MAX_BYTES);
    expect(parseOtpauthUri(ascii).account.startsWith('alicexxx')).toBe(true);
  });

  test('One byte more is too long', () => {
    expect(codeOf(filled(MAX_BYTES + 1, 'x', utf8Length))).toBe('uri-too-long');
    expect(codeOf(` ${filled(MAX_BYTES, 'x', utf8Length)}`)).toBe('uri-too-long');
  });

  test.each([
    ['é', 2],
    ['中', 3],
    ['🔑', 4],
  ])('Bytes count, not characters: %s has %i', (filler, width) => {
    // ASCII to start with, so that a whole number of fillers fits exactly.
    const odd = (MAX_BYTES - utf8Length(SOUND)) % width;
    const full = filled(MAX_BYTES, filler, utf8Length).replace('alice', `alice${'x'.repeat(odd)}`);
    expect(utf8Length(full)).toBe(MAX_BYTES);
    expect(full.length).toBeLessThan(MAX_BYTES);
    expect(parseOtpauthUri(full).issuer).toBe('ACME');

    const over = full.replace('alice', 'alicex');
    expect(over.length).toBeLessThan(MAX_BYTES);
    expect(codeOf(over)).toBe('uri-too-long');
  });

  test('Ten megabytes are refused unread', () => {
    const start = performance.now();
    expect(codeOf(`${SOUND}${'%'.repeat(10_000_000)}`)).toBe('uri-too-long');
    expect(codeOf(' '.repeat(10_000_000))).toBe('uri-too-long');
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('What an error tells', () => {
  // None of these words, nor a part of one, is a word of a message of this library.
  const words = ['Zyxcorp', 'qwertz', 'OVZXK43UOQ', 'wvutsr', 'jkqx'];
  const sensitive = `otpauth://totp/Zyxcorp:qwertz?secret=OVZXK43UOQ&issuer=Zyxcorp&image=wvutsr`;

  test.each<[OtpErrorCode, string]>([
    ['uri-scheme', `x${sensitive}`],
    ['uri-type', sensitive.replace('totp', 'jkqx')],
    ['uri-encoding', sensitive.replace('qwertz', 'qwertz%ZZ')],
    ['uri-encoding', `${sensitive}&digits=jkqx%`],
    ['duplicate-parameter', `${sensitive}&secret=jkqx`],
    ['missing-secret', sensitive.replace('secret=OVZXK43UOQ', 'jkqx=')],
    ['invalid-secret', sensitive.replace('OVZXK43UOQ', 'OVZXK43UOQ01')],
    ['unsupported-algorithm', `${sensitive}&algorithm=jkqx`],
    ['invalid-digits', `${sensitive}&digits=jkqx`],
    ['invalid-period', `${sensitive}&period=jkqx`],
    ['invalid-counter', `${sensitive}&counter=jkqx`],
    ['missing-counter', sensitive.replace('totp', 'hotp')],
    ['uri-too-long', sensitive.padEnd(MAX_BYTES + 1, 'jkqx')],
  ])('%s repeats no part of the URI', (code, uri) => {
    const error = refusalOf(uri);
    expect(error.code).toBe(code);
    // Everything that a log would print, the stack and a cause included.
    const told = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
    for (const word of words) {
      for (let i = 0; i + 4 <= word.length; i++) {
        expect(told.toLowerCase()).not.toContain(word.slice(i, i + 4).toLowerCase());
      }
    }
    expect(error.cause).toBeUndefined();
  });
});

describe('What the linter is told of the spelling', () => {
  test('Label, query and scheme come as they stand', () => {
    const spelling = readUri(` OTPAUTH://Totp/a%3Ab?SECRET=${KEY}&x=1#y `);
    expect(spelling).toMatchObject({
      text: ` OTPAUTH://Totp/a%3Ab?SECRET=${KEY}&x=1#y `,
      origin: 'OTPAUTH://Totp',
      label: 'a%3Ab',
      labelIssuer: 'a',
      query: `SECRET=${KEY}&x=1`,
      parameterNames: ['SECRET'],
      hasUnknownParameter: true,
    });
  });

  test('A parameter has its decoded value, its spelling and its place', () => {
    const text = `otpauth://totp/b?secret=${KEY}&issuer=a+%62`;
    expect(readUri(text).parameters.get('issuer')).toEqual({
      value: 'a b',
      spelling: 'a+%62',
      position: text.indexOf('a+%62'),
    });
  });

  test('A label without a colon has no issuer; one that begins with a colon an empty one', () => {
    expect(readUri(`otpauth://totp/b?secret=${KEY}`).labelIssuer).toBeUndefined();
    expect(readUri(`otpauth://totp/:b?secret=${KEY}`).labelIssuer).toBe('');
  });
});
