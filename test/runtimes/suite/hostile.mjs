// Whatever is given as a code is answered, and nothing is done to it; text of any size and any
// characters is read or refused, never the runtime's own error.
import { equal, errorOf, holds, throws } from './assert.mjs';
import { fromAscii, RFC_SECRET, RFC_SECRET_TEXT } from './bytes.mjs';

const MALFORMED = { valid: false, reason: 'malformed' };
const CODE = '287082';
const TEN_MEGABYTES = 10_000_000;

function refuse() {
  throw new Error('touched');
}

/** Throws on whatever is done with it. */
function trap(target) {
  const handler = {};
  for (const name of Object.getOwnPropertyNames(Reflect)) handler[name] = refuse;
  return new Proxy(target, handler);
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** What looks like a code and is none, or bites when it is looked at. */
const HOSTILE = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['a number', () => 287082],
  ['a bigint', () => BigInt(287082)],
  ['NaN', () => Number.NaN],
  ['true', () => true],
  ['a symbol', () => Symbol(CODE)],
  ['a function', () => () => CODE],
  ['a boxed text', () => Object(CODE)],
  ['an array of the code', () => [CODE]],
  ['an array of its digits', () => [...CODE]],
  ['bytes', () => fromAscii(CODE)],
  ['a date', () => new Date(Number.NaN)],
  ['a throwing toString', () => ({ length: 6, toString: refuse, valueOf: refuse })],
  ['a throwing conversion', () => ({ [Symbol.toPrimitive]: refuse })],
  ['a lying object', () => ({ length: 6, toString: () => CODE, charCodeAt: () => 50 })],
  ['an object without a prototype', () => Object.create(null)],
  ['a proxy that throws', () => trap({})],
  ['a proxy of an array that throws', () => trap([CODE, CODE])],
  ['a revoked proxy', revoked],
  ['nothing', () => ''],
  ['a digit too few', () => '28708'],
  ['a digit too many', () => '2870820'],
  ['a space before', () => ' 287082'],
  ['a line end behind', () => '287082\n'],
  ['a NUL behind', () => '287082\0'],
  ['a sign', () => '+28708'],
  ['an exponent', () => '2e5708'],
  ['a fraction', () => '28.082'],
  ['hex', () => '0x4616'],
  ['full-width digits', () => '２８７０８２'],
  ['Arabic digits', () => '٢٨٧٠٨٢'],
  ['mathematical digits', () => '𝟐𝟖𝟕'],
  ['one full-width digit', () => '28708２'],
  ['a lone high surrogate', () => '28708\ud83d'],
  ['a lone low surrogate', () => '\udd1187082'],
  ['slashes and colons, the neighbours of the digits', () => '28708/'],
  ['a colon', () => '28708:'],
  ['letters', () => 'abcdef'],
  ['10 MB of a digit', () => '2'.repeat(TEN_MEGABYTES)],
  ['10 MB of full-width digits', () => '２'.repeat(TEN_MEGABYTES)],
  ['10 MB of lone surrogates', () => '\ud800'.repeat(TEN_MEGABYTES)],
];

export function hostile({ library, check }) {
  const { createKey, decodeBase32, decodeBase32Lenient, lintOtpauthUri, normalizeCode } = library;
  const { OtpError, parseOtpauthUri, resyncHotp, resyncTotp, verifyHotp, verifyTotp } = library;
  const { memoryStore, verifyHotpOnce, verifyTotpBatch, verifyTotpOnce } = library;
  const key = createKey(RFC_SECRET);
  const now = { timestamp: 59_000 };

  const answers = [
    (code) => verifyHotp(key, code, { counter: 0, lookAhead: 3 }),
    (code) => verifyTotp(key, code, now),
    (code) => verifyTotpBatch([{ key, code }], now)[0],
    (code) => resyncHotp(key, [code, CODE], { counter: 0 }),
    (code) => resyncHotp(key, code, { counter: 0 }),
    (code) => resyncTotp(key, ['755224', code], now),
    (code) => resyncTotp(key, code, now),
    (code) => verifyTotpOnce(key, code, { ...now, store: memoryStore(), id: 'alice' }),
    (code) => verifyHotpOnce(key, code, { counter: 1, store: memoryStore(), id: 'alice' }),
  ];

  for (const [what, make] of HOSTILE) {
    check(`as a code, ${what} is malformed`, async () => {
      const code = make();
      for (let i = 0; i < answers.length; i++)
        equal(await answers[i](code), MALFORMED, `answer ${i}`);
    });
  }

  check('as codes of a resynchronisation, what throws when looked at is malformed', () => {
    for (const codes of [trap([CODE, CODE]), revoked(), new Proxy([CODE, CODE], { get: refuse })]) {
      equal(resyncHotp(key, codes, { counter: 0 }), MALFORMED);
      equal(resyncTotp(key, codes, now), MALFORMED);
    }
  });

  check(
    'normalizeCode strips spaces, dashes and marks, reads other digits, and leaves the rest',
    () => {
      for (const text of [
        ' 28-70 82- ',
        '287\t082\r\n',
        '287\u00a0082',
        '287\u2009082',
        '287\u2010082',
        '287\u2212082',
        '\u202a287082\u202c',
        '287\u200b082\ufeff',
        '２８７０８２',
        '٢٨٧٠٨٢',
        '۲۸۷۰۸۲',
      ]) {
        equal(normalizeCode(text), CODE);
      }
      for (const text of ['287.082', '287_082', '\ud800', '२८७०८२']) {
        equal(normalizeCode(text), text);
      }
      for (const [what, make] of HOSTILE) {
        const value = make();
        if (typeof value !== 'string') equal(normalizeCode(value), '', what);
      }
      equal(normalizeCode('- '.repeat(29) + CODE), CODE);
      equal(normalizeCode('- '.repeat(TEN_MEGABYTES / 20) + CODE), '');
    },
  );

  check('10 MB as a URI is too long, and the linter says so', () => {
    for (const text of ['x', 'otpauth://totp/a?secret=', '\ud800', '%']) {
      const long = text.repeat(TEN_MEGABYTES / text.length);
      throws(() => parseOtpauthUri(long), { type: OtpError, code: 'uri-too-long', position: 0 });
      equal(
        lintOtpauthUri(long).map(({ code }) => code),
        ['unreadable'],
      );
    }
  });

  check('200 kB of base32 are read, and its one wrong character found', () => {
    const text = 'A'.repeat(200_000);
    equal(decodeBase32(text).length, 125_000);
    const wrong = `${text.slice(1)}1`;
    for (const decode of [decodeBase32, decodeBase32Lenient]) {
      throws(() => decode(wrong), { type: OtpError, code: 'invalid-character', position: 199_999 });
    }
  });

  check(
    'lone surrogates, NUL and directions are refused in base32 and URIs, at their place',
    () => {
      for (const unit of ['\ud800', '\udfff', '\0', '\u202e', '\u{1f511}']) {
        throws(() => decodeBase32(`AAAA${unit}AAA`), { type: OtpError, position: 4 });
        // The lenient decoder takes the byte order mark for white space.
        if (unit === '\ufeff') continue;
        throws(() => decodeBase32Lenient(`AAAA${unit}AAA`), { type: OtpError, position: 4 });
        throws(() => createKey(`AAAA${unit}AAA`), { type: OtpError, position: 4 });
      }
      for (const half of ['\ud800', '\udfff', '\udfff\ud800']) {
        const text = `otpauth://totp/a${half}b?secret=${RFC_SECRET_TEXT}`;
        throws(() => parseOtpauthUri(text), { type: OtpError, code: 'uri-encoding', position: 16 });
      }
    },
  );

  check('any cut of a URI is read or refused with an OtpError', () => {
    const text = `otpauth://totp/%E2%9C%93%F0%9F%94%91:al%C3%AFce?secret=${RFC_SECRET_TEXT}&issuer=%E2%9C%93%F0%9F%94%91&digits=8&period=60&algorithm=SHA256`;
    let refused = 0;
    for (let end = 0; end < text.length; end++) {
      try {
        parseOtpauthUri(text.slice(0, end));
      } catch (error) {
        holds(error instanceof OtpError, `that the cut at ${end} gives an OtpError`);
        holds(error.position >= 0 && error.position <= end, 'that the position lies in the text');
        refused++;
      }
      equal(Array.isArray(lintOtpauthUri(text.slice(0, end))), true);
    }
    holds(refused > 60 && refused < text.length, 'that some cuts are read and some refused');
  });

  check('what is no text is a TypeError where a text is stored or scanned', () => {
    for (const [what, make] of HOSTILE) {
      const value = make();
      if (typeof value === 'string') continue;
      for (const read of [decodeBase32, decodeBase32Lenient, parseOtpauthUri]) {
        // A proxy that throws when looked at may get its own error through.
        if (!/proxy/.test(what)) throws(() => read(value), { type: TypeError }, what);
        else holds(errorOf(() => read(value)) instanceof Error, what);
      }
    }
  });
}
