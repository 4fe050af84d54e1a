import { describe, expect, test } from 'vitest';
import { OtpError } from '../src/errors.js';
import {
  type BuildOtpauthUriOptions,
  buildOtpauthUri,
  lintOtpauthUri,
  parseOtpauthUri,
} from '../src/otpauth-uri.js';

const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const SECRET = new TextEncoder().encode('12345678901234567890');
const PARAMS = { issuer: 'ACME', account: 'alice', secret: SECRET } as const;
const HOTP = { ...PARAMS, type: 'hotp', counter: 0 } as const;
const MAX_BYTES = 8192;

/** Calls the builder with what its types would not let through. */
function build(params: unknown): string {
  return buildOtpauthUri(params as BuildOtpauthUriOptions);
}

function errorOf(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('Building', () => {
  test('Defaults are not written, whether left out or given', () => {
    const text = `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME`;
    expect(build(PARAMS)).toBe(text);
    expect(
      build({
        ...PARAMS,
        type: 'totp',
        algorithm: 'SHA1',
        digits: 6,
        period: 30,
        image: undefined,
      }),
    ).toBe(text);
    expect(
      build({
        ...PARAMS,
        type: undefined,
        algorithm: undefined,
        digits: undefined,
        period: undefined,
        counter: undefined,
      }),
    ).toBe(text);
  });

  test('What differs from the defaults is written', () => {
    expect(build({ ...PARAMS, algorithm: 'SHA512', digits: 9, period: 86_400 })).toBe(
      `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&algorithm=SHA512&digits=9&period=86400`,
    );
    expect(build({ ...HOTP, counter: 1, image: 'x' })).toBe(
      `otpauth://hotp/ACME:alice?secret=${KEY}&issuer=ACME&counter=1&image=x`,
    );
  });

  test.each([
    KEY,
    KEY.toLowerCase(),
    `${KEY}====`,
    'gezd gnbv gy3t qojq gezd gnbv gy3t qojq',
    'GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ',
    `${KEY}A`,
  ])('A secret as text is written as its canonical text: %s', (secret) => {
    expect(build({ ...PARAMS, secret })).toBe(build(PARAMS));
  });

  test('A secret may be a Buffer, or a view into a longer one', () => {
    const long = Buffer.concat([Buffer.from('xx'), SECRET, Buffer.from('yy')]);
    expect(build({ ...PARAMS, secret: Buffer.from(SECRET) })).toBe(build(PARAMS));
    expect(build({ ...PARAMS, secret: long.subarray(2, 22) })).toBe(build(PARAMS));
  });

  test("The caller's params and bytes are left as they were", () => {
    const params = Object.freeze({ ...PARAMS, secret: SECRET.slice() });
    build(params);
    lintOtpauthUri(params);
    expect(params).toEqual(PARAMS);
  });

  test.each([
    'alice+test@example.com',
    'Alice B. Carol',
    '100% alice',
    'a%3Ab',
    "O'Brien (dev) *!",
    'a/b?c#d&e=f;g,h',
    '../..',
    'Зоя 用户 🔑 👩\u200d👧',
    'Zu\u0308rich',
  ])('The name "%s" survives build and parse', (name) => {
    const { issuer, account } = parseOtpauthUri(build({ ...PARAMS, issuer: name, account: name }));
    expect([issuer, account]).toEqual([name, name]);
  });

  test('A URI of exactly 8 KiB is built and read, one of a byte more is a RangeError', () => {
    const room = MAX_BYTES - build({ ...PARAMS, account: 'x' }).length + 1;
    const text = build({ ...PARAMS, account: 'x'.repeat(room) });
    expect(text).toHaveLength(MAX_BYTES);
    expect(parseOtpauthUri(text).account).toHaveLength(room);
    expect(() => build({ ...PARAMS, account: 'x'.repeat(room + 1) })).toThrow(RangeError);
    // Each of these is one character before it is escaped and nine after.
    expect(() => build({ ...PARAMS, account: '中'.repeat(MAX_BYTES / 9) })).toThrow(RangeError);
    expect(() => build({ ...PARAMS, secret: new Uint8Array(6000) })).toThrow(RangeError);
    expect(() => build({ ...PARAMS, image: 'x'.repeat(MAX_BYTES) })).toThrow(RangeError);
  });

  test('What is too long is named: a name that alone is, or else the URI', () => {
    const named = (length: number) => () => build({ ...PARAMS, account: 'x'.repeat(length) });
    expect(named(MAX_BYTES + 1)).toThrow('"account" must have 1 to 8192 characters');
    expect(named(MAX_BYTES)).toThrow('the URI must not get longer than 8192 bytes');
  });
});

describe('Names that are refused', () => {
  const names: [string, string][] = [
    ['is empty', ''],
    ['holds a colon', 'Zyx:corp'],
    ['begins with a colon', ':Zyxcorp'],
    ['begins with a space', ' Zyxcorp'],
    ['ends with a space', 'Zyxcorp '],
    ['is a space', ' '],
    ['ends with a line end', 'Zyxcorp\n'],
    ['begins with a no-break space', '\u00a0Zyxcorp'],
    ['holds NUL', 'Zyx\0corp'],
    ['holds a line end', 'Zyx\ncorp'],
    ['holds a C1 control', 'Zyx\u0085corp'],
    ['holds a right-to-left override', 'Zyx\u202ecorp'],
    ['holds an isolate', 'Zyx\u2066corp'],
    ['holds a left-to-right mark', 'Zyx\u200ecorp'],
    ['holds a zero-width space', 'Zyx\u200bcorp'],
    ['holds a byte order mark', 'Zyx\ufeffcorp'],
    ['holds a high surrogate alone', 'Zyx\ud83dcorp'],
    ['holds a low surrogate alone', 'Zyx\udd11corp'],
    ['ends with half a character', 'Zyxcorp\ud83d'],
  ];

  describe.each(['issuer', 'account'])('as %s', (argument) => {
    test.each(names)('A name that %s is a RangeError with the reason', (_, name) => {
      const error = errorOf(() => build({ ...PARAMS, [argument]: name }));
      expect(error).toBeInstanceOf(RangeError);
      expect(error.message).toContain(`"${argument}"`);
      expect(error.message).not.toMatch(/zyx|corp/i);
    });
  });

  test('Each kind of fault has its own reason', () => {
    const reasons = ['', 'a:b', ' a', 'a\0b'].map(
      (account) => errorOf(() => build({ ...PARAMS, account })).message,
    );
    expect(new Set(reasons).size).toBe(reasons.length);
    for (const reason of reasons.slice(1))
      expect(reason).toMatch(/cannot be used: \S+ \S+ .*\S{3}/);
  });

  test.each(['', '\0', 'https://a.example/\n', '\u202e', '\ud83d'])(
    'An image is refused for what cannot be written: %j',
    (image) => {
      expect(() => build({ ...PARAMS, image })).toThrow(RangeError);
      expect(() => build({ ...PARAMS, image })).toThrow(/^"image" must not be \S+/);
    },
  );
});

describe('Params that are wrong', () => {
  test.each<[string, unknown]>([
    ['no params', undefined],
    ['null', null],
    ['a text', 'otpauth://totp/a:b'],
    ['an array', [PARAMS]],
    ['no issuer', { account: 'a', secret: SECRET }],
    ['no account', { issuer: 'A', secret: SECRET }],
    ['no secret', { issuer: 'A', account: 'a' }],
    ['an issuer that is no string', { ...PARAMS, issuer: 5 }],
    ['an issuer that is null', { ...PARAMS, issuer: null }],
    ['an account that is an array', { ...PARAMS, account: ['alice'] }],
    ['a secret that is a number', { ...PARAMS, secret: 5 }],
    ['a secret that is an array', { ...PARAMS, secret: [1, 2, 3] }],
    ['a secret that is an ArrayBuffer', { ...PARAMS, secret: new ArrayBuffer(20) }],
    ['a type that is a number', { ...PARAMS, type: 0 }],
    ['an algorithm that is a number', { ...PARAMS, algorithm: 1 }],
    ['an algorithm that is null', { ...PARAMS, algorithm: null }],
    ['digits that are a text', { ...PARAMS, digits: '6' }],
    ['a period that is a text', { ...PARAMS, period: '30' }],
    ['a period that is null', { ...PARAMS, period: null }],
    ['an image that is a number', { ...PARAMS, image: 5 }],
    ['an image that is a URL', { ...PARAMS, image: new URL('https://a.example/') }],
    ['hotp without a counter', { ...PARAMS, type: 'hotp' }],
    ['a counter that is a bigint', { ...HOTP, counter: 1n }],
    ['a counter that is a text', { ...HOTP, counter: '1' }],
    ['a counter with totp', { ...PARAMS, counter: 0 }],
    ['a period with hotp', { ...HOTP, period: 30 }],
    ['a null counter with totp', { ...PARAMS, counter: null }],
  ])('%s is a TypeError', (_, params) => {
    expect(() => build(params)).toThrow(TypeError);
  });

  test.each<[string, unknown]>([
    ['another type', { ...PARAMS, type: 'motp' }],
    ['a type in upper case', { ...PARAMS, type: 'TOTP' }],
    ['an unknown algorithm', { ...PARAMS, algorithm: 'MD5' }],
    ['an algorithm with a dash', { ...PARAMS, algorithm: 'SHA-256' }],
    ['an algorithm in lower case', { ...PARAMS, algorithm: 'sha1' }],
    ['an empty secret', { ...PARAMS, secret: new Uint8Array(0) }],
    ...[5, 10, 6.5, -6, Number.NaN, Number.POSITIVE_INFINITY].map((digits): [string, unknown] => [
      `digits ${digits}`,
      { ...PARAMS, digits },
    ]),
    ...[0, -1, 30.5, 86_401, Number.NaN, Number.POSITIVE_INFINITY].map(
      (period): [string, unknown] => [`a period of ${period}`, { ...PARAMS, period }],
    ),
    ...[-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY].map(
      (counter): [string, unknown] => [`the counter ${counter}`, { ...HOTP, counter }],
    ),
  ])('%s is a RangeError', (_, params) => {
    expect(() => build(params)).toThrow(RangeError);
  });

  test.each([
    ['', 'empty-secret'],
    ['A', 'empty-secret'],
    ['JBSWY3DPEHPK3PX1', 'invalid-character'],
    ['MZXQ====MZXQ====', 'invalid-padding'],
  ])('The text %j as the secret is an OtpError that repeats none of it', (secret, code) => {
    const error = errorOf(() => build({ ...PARAMS, secret }));
    expect(error).toBeInstanceOf(OtpError);
    expect(error).toMatchObject({ code });
    if (secret.length > 1) expect(error.message).not.toContain(secret.slice(0, 4));
  });

  test('What was written to Object.prototype was not given', () => {
    const polluted = Object.prototype as Record<string, unknown>;
    Object.assign(polluted, {
      type: 'hotp',
      counter: 5,
      digits: 8,
      algorithm: 'SHA256',
      image: 'x',
    });
    try {
      expect(build(PARAMS)).toBe(`otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME`);
      expect(() => build({ ...PARAMS, type: 'hotp' })).toThrow(TypeError);
    } finally {
      for (const name of ['type', 'counter', 'digits', 'algorithm', 'image']) delete polluted[name];
    }
  });
});

describe('From parse back to build', () => {
  test('The fields of a URI with an issuer are params', () => {
    const text = build({ ...PARAMS, algorithm: 'SHA256', digits: 8, period: 60, image: 'x' });
    expect(build(parseOtpauthUri(text))).toBe(text);
    expect(build(parseOtpauthUri(build(HOTP)))).toBe(build(HOTP));
  });

  test('A Microsoft 365 URI comes out in the spelling that all apps read alike', () => {
    const uri = 'otpauth://totp/Company%3auser%40x?secret=JBSWY3DPEHPK3PXP&issuer=Microsoft';
    expect(build(parseOtpauthUri(uri))).toBe(
      'otpauth://totp/Microsoft:user%40x?secret=JBSWY3DPEHPK3PXP&issuer=Microsoft',
    );
  });

  test('Fields that apps show differently are refused at build, not mended', () => {
    for (const label of [
      'alice',
      ':alice',
      'ACME:',
      'ACME:a:b',
      'ACME:a%0Ab',
      '%C2%A0ACME:alice',
    ]) {
      const fields = parseOtpauthUri(`otpauth://totp/${label}?secret=${KEY}`);
      const error = errorOf(() => build(fields));
      expect(error instanceof RangeError || error instanceof TypeError, label).toBe(true);
    }
  });
});

describe('Against the URL standard', () => {
  test.each<BuildOtpauthUriOptions>([
    PARAMS,
    { ...PARAMS, issuer: 'Air Canada+', account: 'alice+test@example.com' },
    { ...PARAMS, issuer: "!'()*~", account: 'a/../b?c#d&e=f' },
    { ...PARAMS, issuer: '..', account: '.', image: 'https://a.example/b?c=d&e#f' },
    { ...PARAMS, issuer: '用户', account: '🔑', algorithm: 'SHA256', digits: 8, period: 60 },
    { ...HOTP, counter: Number.MAX_SAFE_INTEGER },
  ])('URL reads the same label and parameters from $issuer:$account', (params) => {
    const url = new URL(build(params));
    expect([url.protocol, url.host, url.hash]).toEqual(['otpauth:', params.type ?? 'totp', '']);
    expect(decodeURIComponent(url.pathname)).toBe(`/${params.issuer}:${params.account}`);
    const { type: _, account: __, ...written } = params;
    const expected = Object.entries({ ...written, secret: KEY }).map(([k, v]) => [k, String(v)]);
    expect([...url.searchParams].sort()).toEqual(expected.sort());
  });
});
