// otpauth URIs: what reading them gives, what is refused and where, what the linter says, and that
// what is built is read back. Nothing of it may lean on the runtime's URL, which differs or is missing.
import { keyHex, readableUris, refusedUris } from '../../vectors/otpauth-uris.ts';
import { equal, throws } from './assert.mjs';
import { RFC_SECRET, RFC_SECRET_TEXT, toHex } from './bytes.mjs';

const NAMES = [
  'alice+test@example.com',
  '100% alice',
  'a%3Ab',
  "O'Brien (dev) *!",
  'a/b?c#d&e=f;g,h',
  '../..',
  'Зоя 用户 🔑 👩\u200d👧',
];

export function uris({ library, check }) {
  const { buildOtpauthUri, lintOtpauthUri, parseOtpauthUri, OtpError } = library;
  const params = { issuer: 'ACME', account: 'alice', secret: RFC_SECRET };

  /** What the vectors leave out filled in, in the form that is read. */
  function fieldsOf({ secretHex = keyHex, type = 'totp', ...said }) {
    const defaults = { type, algorithm: 'SHA1', digits: 6, secretHex };
    return { ...defaults, ...(type === 'totp' ? { period: 30 } : {}), ...said };
  }

  function read(text) {
    const { secret, ...fields } = parseOtpauthUri(text);
    return { ...fields, secretHex: toHex(secret) };
  }

  for (let start = 0; start < readableUris.length; start += 3) {
    const rows = readableUris.slice(start, start + 3);
    check(`read: ${rows.map(({ why }) => why).join('; ')}`, () => {
      for (const { why, uri, says, lint } of rows) {
        equal(read(uri), fieldsOf(says), why);
        const found = lintOtpauthUri(uri).map(({ code }) => code);
        equal(found.sort(), [...lint].sort(), `the findings on ${why}`);
      }
    });
  }

  for (const code of [...new Set(refusedUris.map((row) => row.code))]) {
    const rows = refusedUris.filter((row) => row.code === code);
    check(`refused as ${code}, each at its place: ${rows.length} URIs`, () => {
      for (const { why, uri, position } of rows) {
        throws(() => parseOtpauthUri(uri), { type: OtpError, code, position }, why);
        equal(
          lintOtpauthUri(uri).map((finding) => finding.code),
          ['unreadable'],
          why,
        );
      }
    });
  }

  check('what is built is spelled the one way', () => {
    const text = `otpauth://totp/ACME:alice?secret=${RFC_SECRET_TEXT}&issuer=ACME`;
    equal(buildOtpauthUri(params), text);
    equal(
      buildOtpauthUri({ ...params, algorithm: 'SHA512', digits: 9, period: 86_400 }),
      `${text}&algorithm=SHA512&digits=9&period=86400`,
    );
    equal(
      buildOtpauthUri({ ...params, type: 'hotp', counter: 7, image: 'https://e.example/a b.png' }),
      `${text.replace('totp', 'hotp')}&counter=7&image=https%3A%2F%2Fe.example%2Fa%20b.png`,
    );
    equal(
      buildOtpauthUri({ ...params, issuer: 'ACME Co', account: 'alice@example.com' }),
      `otpauth://totp/ACME%20Co:alice%40example.com?secret=${RFC_SECRET_TEXT}&issuer=ACME%20Co`,
    );
  });

  for (const name of NAMES) {
    check(`the name ${name} comes back, in both places`, () => {
      const { issuer, account } = parseOtpauthUri(
        buildOtpauthUri({ ...params, issuer: name, account: name }),
      );
      equal([issuer, account], [name, name]);
    });
  }

  check('what is built without a note is clean, and says what was meant', () => {
    for (const algorithm of ['SHA1', 'SHA256', 'SHA512']) {
      for (const digits of [6, 7, 8, 9]) {
        for (const shape of [
          { period: 30 },
          { period: 60 },
          { type: 'hotp', counter: 2 ** 53 - 1 },
        ]) {
          const meant = { type: 'totp', ...params, algorithm, digits, ...shape };
          const { secret, ...rest } = meant;
          equal(read(buildOtpauthUri(meant)), { ...rest, secretHex: toHex(secret) });
        }
      }
    }
    equal(lintOtpauthUri(buildOtpauthUri(params)), []);
    equal(lintOtpauthUri(params), []);
  });

  check('the linter says the same of params as of their URI', () => {
    for (const shape of [
      { digits: 8 },
      { period: 60 },
      { algorithm: 'SHA256' },
      { secret: RFC_SECRET.slice(4 + 1) },
    ]) {
      const found = lintOtpauthUri({ ...params, ...shape });
      equal(found, lintOtpauthUri(buildOtpauthUri({ ...params, ...shape })));
      equal(found.length, 1);
    }
  });

  for (const [what, name] of [
    ['is empty', ''],
    ['holds a colon', 'a:b'],
    ['begins with a space', ' a'],
    ['holds a line end', 'a\nb'],
    ['turns text around', 'a\u202eb'],
    ['holds half a character', 'a\ud83d'],
  ]) {
    check(`a name that ${what} is a RangeError that names the argument`, () => {
      for (const argument of ['issuer', 'account']) {
        throws(() => buildOtpauthUri({ ...params, [argument]: name }), {
          type: RangeError,
          message: new RegExp(`"${argument}"`),
        });
      }
    });
  }

  check('a URI of 8,192 bytes is built and read, one of a byte more is not', () => {
    const room = 8192 - buildOtpauthUri({ ...params, account: 'x' }).length + 1;
    const text = buildOtpauthUri({ ...params, account: 'x'.repeat(room) });
    equal(text.length, 8192);
    equal(parseOtpauthUri(text).account.length, room);
    throws(() => buildOtpauthUri({ ...params, account: 'x'.repeat(room + 1) }), {
      type: RangeError,
    });
    throws(() => parseOtpauthUri(`${text}x`), {
      type: OtpError,
      code: 'uri-too-long',
      position: 0,
    });
  });
}
