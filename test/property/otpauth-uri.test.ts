import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OtpError } from '../../src/errors.js';
import { percentDecode, percentEncode, utf8Length } from '../../src/otpauth-uri/percent.js';
import {
  type BuildOtpauthUriOptions,
  buildOtpauthUri,
  lintOtpauthUri,
  type OtpauthFields,
  parseOtpauthUri,
} from '../../src/otpauth-uri.js';
import { readableUris, refusedUris } from '../vectors/otpauth-uris.js';

const runs = { numRuns: process.env.SLOW ? 50_000 : 500 };
const limits = { timeout: process.env.SLOW ? 300_000 : 10_000 };

const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const KNOWN = ['secret', 'issuer', 'algorithm', 'digits', 'period', 'counter', 'image'] as const;

/** What no name may hold; a few more than need be, such as characters that are not assigned. */
const UNUSABLE =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is looked for by itself
  /[:\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Cn}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\ufffd]|(?![\ufe00-\ufe0f])\p{Variation_Selector}|(?![\u200c\u200d])\p{Cf}/u;

/**
 * Names that the builder promises to take: no colon, no white space at the ends, no filler and no
 * control or format character but the joiners, which emoji and some scripts need.
 */
const name = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom(...'aZ0 +%&=?#/.;"\'\\~é用🔑\u200d'),
      minLength: 1,
      maxLength: 20,
    }),
    fc.constantFrom(
      'alice+test@example.com',
      '..',
      '%3A',
      '__proto__',
      '👩\u200d👩\u200d👧',
      '100%',
    ),
  )
  .filter((text) => !UNUSABLE.test(text) && text.trim() === text);

/** Any text of UTF-16 code units, paired or not. */
const units = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});

const secret = fc.uint8Array({ minLength: 1, maxLength: 128 });

const common = {
  issuer: name,
  account: name,
  secret,
  algorithm: fc.constantFrom('SHA1', 'SHA256', 'SHA512'),
  digits: fc.integer({ min: 6, max: 9 }),
};
const optionalImage = fc.option(
  fc.record({
    image: fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), name),
  }),
  { nil: {} },
);

const totpFields = fc.record({
  type: fc.constant('totp' as const),
  ...common,
  period: fc.oneof(fc.constant(30), fc.integer({ min: 1, max: 86_400 })),
});
const hotpFields = fc.record({
  type: fc.constant('hotp' as const),
  ...common,
  counter: fc.maxSafeNat(),
});
/** All that a URI can say, as parsing gives it. */
const fields = fc
  .tuple(fc.oneof(totpFields, hotpFields), optionalImage)
  .map(([said, image]) => ({ ...said, ...image }) as OtpauthFields & { issuer: string });

/** What is worth putting anywhere into a URI. */
const bits = fc.oneof(
  fc.constantFrom(
    ...['%', '%3', '%3A', '%ff', '%e2%80%ae', '%00', '&', '=', '?', '#', '/', '//', ':', '+', ' '],
    ...[
      '\n',
      '\0',
      '\ud83d',
      '\udd11',
      '\u017f',
      '..',
      '&image=%00',
      '/../',
      '%20',
      'otpauth://',
      'hotp',
      'totp',
      '-1',
      '9',
    ],
    ...KNOWN.flatMap((known) => [known, `&${known}=`, `&${known.toUpperCase()}=0`]),
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

/** One of `texts` with up to six places cut out and overwritten. */
function mutationsOf(texts: readonly string[]) {
  const edits = fc.array(fc.tuple(fc.nat(300), fc.nat(8), bits), { maxLength: 6 });
  return fc.tuple(fc.constantFrom(...texts), edits).map(([uri, places]) =>
    places.reduce((text, [at, cut, bit]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + bit + text.slice(start + cut);
    }, uri),
  );
}

const mutated = mutationsOf([
  ...readableUris.map(({ uri }) => uri),
  ...refusedUris.map(({ uri }) => uri),
]);

/** Escapes, whole, broken and no UTF-8. */
const escapes = fc
  .array(
    fc.oneof(
      bits,
      fc.nat(255).map((byte) => `%${byte.toString(16)}`),
    ),
  )
  .map((parts) => parts.join(''));

const anyText = fc.oneof(
  { weight: 4, arbitrary: mutated },
  { weight: 1, arbitrary: units },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-composite' }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii' }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii' }) },
  { weight: 1, arbitrary: escapes.map((noise) => `otpauth://totp/${noise}`) },
  { weight: 1, arbitrary: escapes.map((noise) => `otpauth://totp/a:b?secret=MY&${noise}`) },
);

/** What parsing gives, or the OtpError it throws; anything else that it throws goes through. */
function readingOf(text: string): OtpauthFields | OtpError {
  try {
    return parseOtpauthUri(text);
  } catch (error) {
    if (error instanceof OtpError) return error;
    throw error;
  }
}

/** What `action` gives, or undefined if it throws one of the programmer's errors. */
function accepted<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

describe('Build and parse', limits, () => {
  test('Parsing a built URI gives its fields back', () => {
    fc.assert(
      fc.property(fields, (uri) => {
        expect(parseOtpauthUri(buildOtpauthUri(uri))).toStrictEqual(uri);
      }),
      runs,
    );
  });

  test('A built URI has unreserved characters, whole escapes and delimiters only', () => {
    const shape =
      /^otpauth:\/\/(totp|hotp)\/(?:[\w.~-]|%[0-9A-F]{2})+:(?:[\w.~-]|%[0-9A-F]{2})+\?secret=[A-Z2-7]+(?:&[a-z]+=(?:[\w.~-]|%[0-9A-F]{2})+)+$/;
    fc.assert(
      fc.property(fields, (uri) => {
        expect(buildOtpauthUri(uri)).toMatch(shape);
      }),
      runs,
    );
  });

  test('The URL standard reads the same label and parameters from it', () => {
    fc.assert(
      fc.property(fields, (uri) => {
        const url = new URL(buildOtpauthUri(uri));
        expect(url.host).toBe(uri.type);
        expect(decodeURIComponent(url.pathname)).toBe(`/${uri.issuer}:${uri.account}`);
        const { searchParams } = url;
        expect(new Set(searchParams.keys()).size).toBe([...searchParams].length);
        expect(searchParams.get('issuer')).toBe(uri.issuer);
        expect(searchParams.get('image')).toBe(uri.image ?? null);
        expect(searchParams.get('algorithm') ?? 'SHA1').toBe(uri.algorithm);
        expect(Number(searchParams.get('digits') ?? 6)).toBe(uri.digits);
        if (uri.type === 'totp') expect(Number(searchParams.get('period') ?? 30)).toBe(uri.period);
        else expect(searchParams.get('counter')).toBe(String(uri.counter));
      }),
      runs,
    );
  });

  test('Needless escapes in names and values do not change the fields', () => {
    fc.assert(
      fc.property(fields, fc.infiniteStream(fc.boolean()), (uri, coin) => {
        const [, origin = '', rest = ''] =
          /^(otpauth:\/\/\w+\/)(.*)$/.exec(buildOtpauthUri(uri)) ?? [];
        const escaped = rest.replace(/%..|[^:?&=]/g, (character) =>
          character.length > 1 || coin.next().value
            ? character
            : `%${character.charCodeAt(0).toString(16)}`,
        );
        expect(parseOtpauthUri(origin + escaped)).toStrictEqual(uri);
      }),
      runs,
    );
  });

  test('Unknown parameters do not change the fields', () => {
    const unknown = fc
      .tuple(fc.string({ unit: 'grapheme-ascii' }), fc.string({ unit: 'grapheme-ascii' }))
      .map(([key, value]) => `x${percentEncode(key)}=${percentEncode(value)}`);
    fc.assert(
      fc.property(fields, fc.array(unknown), fc.nat(), (uri, extra, at) => {
        const [head = '', query = ''] = buildOtpauthUri(uri).split('?');
        const pairs = query.split('&');
        pairs.splice(at % (pairs.length + 1), 0, ...extra);
        expect(parseOtpauthUri(`${head}?${pairs.join('&')}`)).toStrictEqual(uri);
      }),
      runs,
    );
  });

  test('A known parameter with two values is refused, however the names are spelled', () => {
    const spelled = (known: string) =>
      fc.infiniteStream(fc.nat(2)).map((dice) =>
        [...known]
          .map((letter) => {
            const roll = dice.next().value;
            if (roll === 0) return letter;
            return roll === 1 ? letter.toUpperCase() : `%${letter.charCodeAt(0).toString(16)}`;
          })
          .join(''),
      );
    const twice = fc
      .constantFrom(...KNOWN)
      .chain((known) => fc.tuple(spelled(known), spelled(known), fc.constantFrom('', '7', 'MY')));
    fc.assert(
      fc.property(twice, ([first, second, value]) => {
        const head = `otpauth://hotp/a:b?${first}=${value}&x=y&`;
        expect(readingOf(`${head}${second}=6`)).toMatchObject({
          code: 'duplicate-parameter',
          position: head.length,
        });
      }),
      runs,
    );
  });

  test('A parameter that is repeated with its value is read once', () => {
    fc.assert(
      fc.property(fields, fc.nat(), (uri, at) => {
        const text = buildOtpauthUri(uri);
        const pairs = text.slice(text.indexOf('?') + 1).split('&');
        expect(parseOtpauthUri(`${text}&${pairs[at % pairs.length]}`)).toStrictEqual(uri);
      }),
      runs,
    );
  });

  test('The account is what follows the issuer and a colon, whatever colons they hold', () => {
    const withColons = fc
      .string({ unit: fc.constantFrom(...'ab:%+ é'), minLength: 1, maxLength: 8 })
      .filter((text) => text.trim() === text && !text.startsWith(':'));
    const spelled = (text: string, isRaw: boolean) =>
      isRaw ? percentEncode(text).replaceAll('%3A', ':') : percentEncode(text);
    fc.assert(
      fc.property(withColons, withColons, fc.boolean(), fc.boolean(), (issuer, account, a, b) => {
        const label = `${spelled(issuer, a)}${a ? ':' : '%3A'}${spelled(account, b)}`;
        const text = `otpauth://totp/${label}?secret=${KEY}&issuer=${percentEncode(issuer)}`;
        const read = parseOtpauthUri(text);
        expect([read.issuer, read.account, read.labelIssuer]).toEqual([issuer, account, undefined]);
        expect(lintOtpauthUri(text).map(({ code }) => code)).not.toContain('issuer-mismatch');
      }),
      runs,
    );
  });

  test('Building the fields of any readable text keeps them, where they can be built', () => {
    let built = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        const uri = readingOf(text);
        if (uri instanceof OtpError) return;
        const again = accepted(() => buildOtpauthUri(uri as BuildOtpauthUriOptions));
        if (again === undefined) return;
        built++;
        // What is built has one issuer.
        const { labelIssuer: _, ...kept } = uri;
        expect(parseOtpauthUri(again)).toStrictEqual(kept);
        // The builder's spelling is a fixed point.
        expect(buildOtpauthUri(parseOtpauthUri(again) as BuildOtpauthUriOptions)).toBe(again);
      }),
      runs,
    );
    expect(built).toBeGreaterThan(runs.numRuns / 20);
  });
});

describe('Any text', limits, () => {
  test('Parsing any text throws only OtpError, with a position in the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const reading = readingOf(text);
        if (!(reading instanceof OtpError)) return;
        expect(Number.isInteger(reading.position)).toBe(true);
        expect(reading.position).toBeGreaterThanOrEqual(0);
        expect(reading.position).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 4 * runs.numRuns },
    );
  });

  test('Fields that were read keep their bounds', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const uri = readingOf(text);
        if (uri instanceof OtpError) return;
        expect(['SHA1', 'SHA256', 'SHA512']).toContain(uri.algorithm);
        expect([6, 7, 8, 9]).toContain(uri.digits);
        expect(uri.secret.length).toBeGreaterThan(0);
        expect(uri.issuer).not.toBe('');
        const [number, min, max] =
          uri.type === 'totp' ? [uri.period, 1, 86_400] : [uri.counter, 0, 2 ** 53 - 1];
        expect(Number.isSafeInteger(number) && number >= min && number <= max).toBe(true);
      }),
      { numRuns: 2 * runs.numRuns },
    );
  });

  test('Linting never throws, and finds a text unreadable exactly where parsing throws', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const codes = lintOtpauthUri(text).map(({ code }) => code);
        if (readingOf(text) instanceof OtpError) expect(codes).toEqual(['unreadable']);
        else expect(codes).not.toContain('unreadable');
        expect(new Set(codes).size).toBe(codes.length);
      }),
      { numRuns: 4 * runs.numRuns },
    );
  });

  test('Fields that were read can always be linted', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const uri = readingOf(text);
        if (uri instanceof OtpError) return;
        expect(Array.isArray(lintOtpauthUri(uri))).toBe(true);
      }),
      { numRuns: 4 * runs.numRuns },
    );
  });
});

describe('Lint', limits, () => {
  const codesOf = (subject: Parameters<typeof lintOtpauthUri>[0]) =>
    lintOtpauthUri(subject).map(({ code }) => code);

  /** The findings on names that the builder takes, in the linter's order. */
  function faultsOf(uri: { issuer: string; account: string; period?: number; type?: string }) {
    const { issuer, account, period = 30 } = uri;
    const either = (pattern: RegExp) => pattern.test(issuer) || pattern.test(account);
    const stored = `${period === 30 ? '' : `${period}/`}${issuer}:${account}`;
    return [
      ...(either(/^(undefined|null|nan|none|\[object object\])$/i) ? ['placeholder-name'] : []),
      ...(issuer === 'Steam' && uri.type !== 'hotp' ? ['steam-issuer'] : []),
      ...(either(/[&#%?]/) ? ['delimiter-in-name'] : []),
      ...(either(/\+/) ? ['plus-in-name'] : []),
      ...(either(/%[\da-f]{2}/i) ? ['encoded-twice'] : []),
      ...(/^[0-9]+\//.test(issuer) ? ['period-in-name'] : []),
      ...(issuer.length > 32 || account.length > 40 ? ['long-name'] : []),
      ...(Buffer.byteLength(stored) > 64 ? ['too-long-for-yubikey'] : []),
    ];
  }

  test('A default-shaped URI with a secret of 128 to 512 bits has findings on its names alone', () => {
    const plain = fc.record({
      issuer: name,
      account: name,
      secret: fc.uint8Array({ minLength: 16, maxLength: 64 }),
    });
    fc.assert(
      fc.property(plain, (params) => {
        expect(codesOf(buildOtpauthUri(params))).toEqual(faultsOf(params));
        expect(codesOf(params)).toEqual(faultsOf(params));
      }),
      runs,
    );
  });

  test('Findings about a built URI concern its fields, never its spelling', () => {
    fc.assert(
      fc.property(fields, (uri) => {
        const expected = [
          ...faultsOf(uri),
          ...(uri.secret.length < 16 ? ['short-secret'] : []),
          ...(uri.secret.length > 64 ? ['long-secret'] : []),
          ...(uri.algorithm === 'SHA1' ? [] : ['algorithm-ignored']),
          ...(uri.digits === 6 ? [] : ['digits-ignored']),
          ...(uri.type === 'totp' && uri.period !== 30 ? ['period-ignored'] : []),
          ...(uri.type === 'hotp' ? ['hotp-unsupported', 'hotp-first-counter'] : []),
          ...(uri.type === 'hotp' || uri.period > 255 ? ['not-exchangeable'] : []),
        ];
        const text = buildOtpauthUri(uri);
        expect(lintOtpauthUri(text).map(({ code }) => code)).toEqual(expected);
        expect(lintOtpauthUri(uri)).toEqual(lintOtpauthUri(text));
        expect(lintOtpauthUri(parseOtpauthUri(text))).toEqual(lintOtpauthUri(text));
      }),
      runs,
    );
  });
});

describe('Lint and the URL standard', limits, () => {
  test('Of a text without findings both read the same', () => {
    let clean = 0;
    const part = fc
      .array(
        fc.constantFrom(
          ...['..', '.', '/', '%2F', '%2e', '%20', '%09', ' ', '+', '%2B', 'a', 'b', '%25', '%3A'],
          ...[':', '#', '%23', '"', 'é', '%C3%A9', '%E2%80%AE'],
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(part, part, (issuer, account) => {
        const named = percentEncode(percentDecode(issuer) ?? '');
        const text = `otpauth://totp/${issuer}:${account}?secret=${KEY}&issuer=${named}`;
        if (lintOtpauthUri(text).length > 0) return;
        clean++;
        const uri = parseOtpauthUri(text);
        const url = new URL(text);
        expect(decodeURIComponent(url.pathname)).toBe(`/${uri.issuer}:${uri.account}`);
        expect(url.searchParams.get('issuer')).toBe(uri.issuer);
      }),
      { numRuns: 4 * runs.numRuns },
    );
    expect(clean).toBeGreaterThan(0);
  });
});

describe('Percent-encoding', limits, () => {
  const wellFormed = fc.string({ unit: 'binary' });

  test('Decoding an encoded text gives the text back', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(percentDecode(percentEncode(text))).toBe(text);
      }),
      runs,
    );
  });

  test('Decoding never throws', () => {
    fc.assert(
      fc.property(fc.oneof(escapes, units), (text) => {
        expect(['string', 'undefined']).toContain(typeof percentDecode(text));
      }),
      runs,
    );
  });

  test('The length in UTF-8 is that of TextEncoder', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
      // Either side of every change of width.
      {
        ...runs,
        examples: [['\x7f\x80'], ['\u07ff'], ['\u0800'], ['\ud7ff\ue000\uffff\u{10000}']],
      },
    );
  });
});
