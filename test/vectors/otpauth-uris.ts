// otpauth URIs and what reading them must give. Their shapes are those that issuers, apps and the
// test suites of other OTP libraries are known to write (Google's "Key URI Format" and its readers
// in otpauth, otplib, pyotp, rotp, otphp, pquerna/otp, totp-rs, FreeOTP and others); where those
// readers disagree, `why` names the point. Secrets in hex were decoded with Python.

/** Twenty bytes, RFC 6238's own: the secret of every row that is about something else. */
const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
/** Ten bytes, as old issuers have them. */
const OLD = 'JBSWY3DPEHPK3PXP';
const OLD_HEX = '48656c6c6f21deadbeef';

/** The fields a URI has. What is left out: totp, {@link KEY}, SHA1, 6 digits and, for totp, 30 s. */
export interface SaidFields {
  readonly type?: 'totp' | 'hotp';
  readonly issuer?: string;
  readonly account: string;
  readonly secretHex?: string;
  readonly algorithm?: 'SHA1' | 'SHA256' | 'SHA512';
  readonly digits?: number;
  readonly period?: number;
  readonly counter?: number;
  readonly image?: string;
}

/** A URI that can be read: what it says, and all that the linter is to say of it, in any order. */
export interface ReadableUri {
  readonly why: string;
  readonly uri: string;
  readonly says: SaidFields;
  readonly lint: readonly string[];
}

/** A URI that is refused. A caret stands where the fault lies and is no part of the URI. */
export interface RefusedUri {
  readonly why: string;
  readonly marked: string;
  readonly code: string;
}

export const keyHex = '3132333435363738393031323334353637383930';

const acme: SaidFields = { issuer: 'ACME', account: 'alice' };

export const readableUris: readonly ReadableUri[] = [
  // The plain shapes.
  { why: 'issuer in label and parameter', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME`, says: acme, lint: [] },
  { why: 'all defaults written out', uri: `otpauth://totp/ACME%20Co:john.doe@email.com?secret=${KEY}&issuer=ACME%20Co&algorithm=SHA1&digits=6&period=30`, says: { issuer: 'ACME Co', account: 'john.doe@email.com' }, lint: [] },
  { why: 'no issuer at all', uri: `otpauth://totp/alice%40google.com?secret=${KEY}`, says: { account: 'alice@google.com' }, lint: ['missing-issuer'] },
  { why: 'issuer in the label alone', uri: `otpauth://totp/Provider1:Alice%20Smith?secret=${KEY}`, says: { issuer: 'Provider1', account: 'Alice Smith' }, lint: ['issuer-not-in-both'] },
  { why: 'issuer in the parameter alone', uri: `otpauth://totp/alice?secret=${KEY}&issuer=ACME`, says: acme, lint: ['issuer-not-in-both'] },
  { why: 'the parameters in another order', uri: `otpauth://totp/ACME:alice?period=60&issuer=ACME&digits=8&secret=${KEY}&algorithm=SHA512`, says: { ...acme, algorithm: 'SHA512', digits: 8, period: 60 }, lint: ['algorithm-ignored', 'digits-ignored', 'period-ignored'] },
  { why: 'hotp', uri: `otpauth://hotp/ACME:alice?secret=${KEY}&issuer=ACME&counter=0`, says: { ...acme, type: 'hotp', counter: 0 }, lint: ['hotp-unsupported'] },
  { why: 'hotp with everything', uri: `otpauth://hotp/ACME:alice?secret=${KEY}&issuer=ACME&algorithm=SHA256&digits=8&counter=17`, says: { ...acme, type: 'hotp', algorithm: 'SHA256', digits: 8, counter: 17 }, lint: ['algorithm-ignored', 'digits-ignored', 'hotp-unsupported'] },
  { why: 'a logo', uri: `otpauth://totp/i:n?secret=${KEY}&issuer=i&image=https%3A%2F%2Ftest.net%2Ftest.png`, says: { issuer: 'i', account: 'n', image: 'https://test.net/test.png' }, lint: [] },
  { why: 'an empty logo is none', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&image=`, says: acme, lint: [] },

  // What issuers and tools are known to write.
  { why: 'Microsoft 365: prefix and issuer differ, lower-case escape, 10-byte secret', uri: `otpauth://totp/Company%3auser%40x?secret=${OLD}&issuer=Microsoft`, says: { issuer: 'Microsoft', account: 'user@x', secretHex: OLD_HEX }, lint: ['short-secret', 'issuer-mismatch', 'escaped-separator'] },
  { why: 'Microsoft 365: a plus in the label', uri: `otpauth://totp/Contoso+Ltd%3auser%40x?secret=${OLD}&issuer=Microsoft`, says: { issuer: 'Microsoft', account: 'user@x', secretHex: OLD_HEX }, lint: ['short-secret', 'issuer-mismatch', 'escaped-separator', 'raw-plus'] },
  { why: 'Google: escaped separator, lower-case secret', uri: `otpauth://totp/Google%3Afoo%40example.com?secret=${KEY.toLowerCase()}&issuer=Google`, says: { issuer: 'Google', account: 'foo@example.com' }, lint: ['escaped-separator', 'secret-spelling'] },
  { why: 'Google: escaped space behind the separator', uri: `otpauth://totp/Big%20Corporation%3A%20alice%40bigco.com?secret=${OLD}`, says: { issuer: 'Big Corporation', account: 'alice@bigco.com', secretHex: OLD_HEX }, lint: ['short-secret', 'issuer-not-in-both', 'escaped-separator', 'space-around-name'] },
  { why: 'libpam: 26 characters, issuer in the parameter alone', uri: 'otpauth://totp/alice@example.com?secret=YVT6Z2XF4BQJNBMTD7M6QBQCEM&issuer=Example%20Co', says: { issuer: 'Example Co', account: 'alice@example.com', secretHex: 'c567eceae5e0609685931fd9e8060223' }, lint: ['issuer-not-in-both'] },
  { why: 'speakeasy: a period with hotp', uri: `otpauth://hotp/Example%3Aalice%40google.com?secret=${KEY}&issuer=Example&counter=199&algorithm=SHA1&digits=6&period=30`, says: { type: 'hotp', issuer: 'Example', account: 'alice@google.com', counter: 199 }, lint: ['hotp-unsupported', 'escaped-separator', 'stray-parameter'] },
  { why: 'a counter with totp', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&period=60&counter=7`, says: { ...acme, period: 60 }, lint: ['period-ignored', 'stray-parameter'] },
  { why: 'Steam: its own encoder, no account', uri: `otpauth://totp/Steam:?secret=${KEY}&issuer=Steam&encoder=steam`, says: { issuer: 'Steam', account: '' }, lint: ['empty-account', 'unknown-parameter'] },
  { why: 'otphp: an epoch of its own', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&epoch=100`, says: acme, lint: ['unknown-parameter'] },
  { why: 'FreeOTP: a colour', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&color=00ff00`, says: acme, lint: ['unknown-parameter'] },
  { why: 'a raw # in the label', uri: `otpauth://totp/ACME #1:alice?secret=${KEY}&issuer=ACME%20%231`, says: { issuer: 'ACME #1', account: 'alice' }, lint: ['raw-character', 'fragment'] },
  { why: 'a raw # in the account', uri: `otpauth://totp/ACME:alice#2?secret=${KEY}&issuer=ACME`, says: { issuer: 'ACME', account: 'alice#2' }, lint: ['fragment'] },

  // The label.
  { why: 'an escaped separator', uri: `otpauth://totp/a%3Ab?secret=${KEY}&issuer=a`, says: { issuer: 'a', account: 'b' }, lint: ['escaped-separator'] },
  { why: 'two colons: the issuer ends at the first', uri: `otpauth://totp/a:b:c?secret=${KEY}&issuer=a`, says: { issuer: 'a', account: 'b:c' }, lint: ['colon-in-name'] },
  { why: 'two colons, the second escaped', uri: `otpauth://totp/a:b%3Ac?secret=${KEY}&issuer=a`, says: { issuer: 'a', account: 'b:c' }, lint: ['colon-in-name'] },
  { why: 'two colons, the first escaped', uri: `otpauth://totp/Text%3A%20More%20Text:Secret?secret=${KEY}&issuer=Text%3A%20More%20Text`, says: { issuer: 'Text: More Text', account: 'More Text:Secret' }, lint: ['colon-in-name', 'issuer-mismatch', 'escaped-separator', 'space-around-name'] },
  { why: 'a colon in the issuer parameter', uri: `otpauth://totp/a:b?secret=${KEY}&issuer=a%3Ac`, says: { issuer: 'a:c', account: 'b' }, lint: ['colon-in-name', 'issuer-mismatch'] },
  { why: 'spaces around both names of the label', uri: `otpauth://totp/%20ACME%20:%20%20alice%20?secret=${KEY}&issuer=ACME`, says: acme, lint: ['space-around-name'] },
  { why: 'a double-escaped colon is decoded once', uri: `otpauth://totp/ACME:a%253Ab?secret=${KEY}&issuer=ACME`, says: { issuer: 'ACME', account: 'a%3Ab' }, lint: [] },
  { why: 'an escaped percent sign', uri: `otpauth://totp/100%25:b?secret=${KEY}&issuer=100%25`, says: { issuer: '100%', account: 'b' }, lint: [] },
  { why: 'a full-width colon separates nothing', uri: `otpauth://totp/a%EF%BC%9Ab?secret=${KEY}`, says: { account: 'a\uff1ab' }, lint: ['missing-issuer'] },
  { why: 'no path', uri: `otpauth://totp?secret=${KEY}`, says: { account: '' }, lint: ['missing-issuer', 'empty-account'] },
  { why: 'an empty label', uri: `otpauth://totp/?secret=${KEY}&issuer=ACME`, says: { issuer: 'ACME', account: '' }, lint: ['empty-account', 'issuer-not-in-both'] },
  { why: 'a label of one space', uri: `otpauth://totp/%20?secret=${KEY}`, says: { account: '' }, lint: ['missing-issuer', 'empty-account', 'space-around-name'] },
  { why: 'an empty issuer in the label', uri: `otpauth://totp/:alice?secret=${KEY}`, says: { account: 'alice' }, lint: ['missing-issuer'] },
  { why: 'an empty issuer in the label, another in the parameter', uri: `otpauth://totp/:alice?secret=${KEY}&issuer=ACME`, says: acme, lint: ['issuer-not-in-both'] },
  { why: 'an empty issuer parameter leaves the one in the label', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=`, says: acme, lint: ['issuer-not-in-both'] },
  { why: 'an issuer parameter of one space leaves the one in the label', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=%20`, says: acme, lint: ['issuer-not-in-both', 'space-around-name'] },
  { why: 'an empty issuer parameter and none in the label', uri: `otpauth://totp/alice?secret=${KEY}&issuer=`, says: { account: 'alice' }, lint: ['missing-issuer'] },
  { why: 'issuers that differ in case alone', uri: `otpauth://totp/Github:alice?secret=${KEY}&issuer=GitHub`, says: { issuer: 'GitHub', account: 'alice' }, lint: ['issuer-mismatch'] },
  { why: 'a raw plus in the label is a plus, in the query a space', uri: `otpauth://totp/a+b:c+d?secret=${KEY}&issuer=a+b`, says: { issuer: 'a b', account: 'c+d' }, lint: ['issuer-mismatch', 'raw-plus'] },
  { why: 'an escaped plus is a plus in both', uri: `otpauth://totp/a%2Bb:c%2Bd?secret=${KEY}&issuer=a%2Bb`, says: { issuer: 'a+b', account: 'c+d' }, lint: [] },
  { why: 'plus for space in the issuer', uri: `otpauth://totp/Air%20Canada:alice?secret=${KEY}&issuer=Air+Canada`, says: { issuer: 'Air Canada', account: 'alice' }, lint: ['raw-plus'] },
  { why: 'an escaped slash', uri: `otpauth://totp/a%2Fb:c?secret=${KEY}&issuer=a%2Fb`, says: { issuer: 'a/b', account: 'c' }, lint: [] },
  { why: 'a raw slash', uri: `otpauth://totp/a/b:c?secret=${KEY}&issuer=a%2Fb`, says: { issuer: 'a/b', account: 'c' }, lint: [] },
  { why: 'a label that begins with a slash', uri: `otpauth://totp//a:b?secret=${KEY}&issuer=%2Fa`, says: { issuer: '/a', account: 'b' }, lint: [] },
  { why: 'escaped dot segments', uri: `otpauth://totp/..%2F..:c?secret=${KEY}&issuer=..%2F..`, says: { issuer: '../..', account: 'c' }, lint: [] },
  { why: 'non-ASCII, escaped', uri: `otpauth://totp/%CF%80%CE%AC%CF%80%CE%B9%CE%B1:%E7%94%A8%E6%88%B7?secret=${KEY}&issuer=%CF%80%CE%AC%CF%80%CE%B9%CE%B1`, says: { issuer: 'πάπια', account: '用户' }, lint: [] },
  { why: 'non-ASCII and a space, raw', uri: `otpauth://totp/είμαι αρκούδα?issuer=foo&secret=${KEY}`, says: { issuer: 'foo', account: 'είμαι αρκούδα' }, lint: ['issuer-not-in-both', 'raw-character'] },
  { why: 'an emoji', uri: `otpauth://totp/%F0%9F%94%91:alice?secret=${KEY}&issuer=%F0%9F%94%91`, says: { issuer: '🔑', account: 'alice' }, lint: [] },
  { why: 'an escaped NUL', uri: `otpauth://totp/a%00b?secret=${KEY}`, says: { account: 'a\u0000b' }, lint: ['unsafe-character', 'missing-issuer'] },
  { why: 'a right-to-left override', uri: `otpauth://totp/a:b?secret=${KEY}&issuer=%E2%80%AEmoc.elgoog`, says: { issuer: '\u202emoc.elgoog', account: 'b' }, lint: ['unsafe-character', 'issuer-mismatch'] },
  { why: 'a tab behind the separator', uri: `otpauth://totp/ACME:%09alice?secret=${KEY}&issuer=ACME`, says: { issuer: 'ACME', account: '\talice' }, lint: ['untrimmed-name', 'unsafe-character'] },
  { why: 'a no-break space before the issuer', uri: `otpauth://totp/%C2%A0ACME:alice?secret=${KEY}&issuer=%C2%A0ACME`, says: { issuer: '\u00a0ACME', account: 'alice' }, lint: ['untrimmed-name'] },

  // How the secret is spelled.
  { why: 'a lower-case secret', uri: `otpauth://totp/a:b?secret=${KEY.toLowerCase()}&issuer=a`, says: { issuer: 'a', account: 'b' }, lint: ['secret-spelling'] },
  { why: 'spaces in the secret, escaped', uri: 'otpauth://totp/a:b?secret=JBSW%20Y3DP%20EHPK%203PXP&issuer=a', says: { issuer: 'a', account: 'b', secretHex: OLD_HEX }, lint: ['short-secret', 'secret-spelling'] },
  { why: 'spaces in the secret, raw', uri: 'otpauth://totp/a:b?secret=JBSW Y3DP EHPK 3PXP&issuer=a', says: { issuer: 'a', account: 'b', secretHex: OLD_HEX }, lint: ['short-secret', 'raw-character', 'secret-spelling'] },
  { why: 'spaces in the secret as plus', uri: 'otpauth://totp/a:b?secret=JBSW+Y3DP+EHPK+3PXP&issuer=a', says: { issuer: 'a', account: 'b', secretHex: OLD_HEX }, lint: ['short-secret', 'raw-plus', 'secret-spelling'] },
  { why: 'dashes in the secret', uri: 'otpauth://totp/a:b?secret=JBSW-Y3DP-EHPK-3PXP&issuer=a', says: { issuer: 'a', account: 'b', secretHex: OLD_HEX }, lint: ['short-secret', 'secret-spelling'] },
  { why: 'exact padding', uri: 'otpauth://totp/a:b?secret=YVT6Z2XF4BQJNBMTD7M6QBQCEM======&issuer=a', says: { issuer: 'a', account: 'b', secretHex: 'c567eceae5e0609685931fd9e8060223' }, lint: ['secret-padding'] },
  { why: 'escaped padding', uri: 'otpauth://totp/a:b?secret=YVT6Z2XF4BQJNBMTD7M6QBQCEM%3D%3d%3D%3D%3D%3D&issuer=a', says: { issuer: 'a', account: 'b', secretHex: 'c567eceae5e0609685931fd9e8060223' }, lint: ['secret-padding'] },
  { why: 'padding of the wrong length', uri: `otpauth://totp/a:b?secret=${KEY}====&issuer=a`, says: { issuer: 'a', account: 'b' }, lint: ['secret-padding'] },
  { why: '26 characters with a loose bit set', uri: 'otpauth://totp/a:b?secret=YVT6Z2XF4BQJNBMTD7M6QBQCEP&issuer=a', says: { issuer: 'a', account: 'b', secretHex: 'c567eceae5e0609685931fd9e8060223' }, lint: ['secret-spelling'] },
  { why: '17 characters: a length that no bytes have', uri: 'otpauth://totp/a:b?secret=MFRGGZDFMZTWQ2LKN&issuer=a', says: { issuer: 'a', account: 'b', secretHex: '6162636465666768696a' }, lint: ['short-secret', 'secret-spelling'] },
  { why: 'two characters: one byte', uri: 'otpauth://totp/a:b?secret=MY&issuer=a', says: { issuer: 'a', account: 'b', secretHex: '66' }, lint: ['short-secret'] },
  { why: '15 bytes, one too few', uri: 'otpauth://totp/a:b?secret=MFRGGZDFMZTWQ2LKNNWG23TP&issuer=a', says: { issuer: 'a', account: 'b', secretHex: '6162636465666768696a6b6c6d6e6f' }, lint: ['short-secret'] },
  { why: 'a letter of the secret escaped', uri: `otpauth://totp/a:b?secret=%47${KEY.slice(1)}&issuer=a`, says: { issuer: 'a', account: 'b' }, lint: ['secret-spelling'] },

  // How the algorithm is spelled.
  ...(
    [
      ['SHA1', 'SHA1'],
      ['sha1', 'SHA1'],
      ['SHA-1', 'SHA1'],
      ['HmacSHA1', 'SHA1'],
      ['SHA256', 'SHA256'],
      ['sha256', 'SHA256'],
      ['Sha256', 'SHA256'],
      ['SHA-256', 'SHA256'],
      ['sha-256', 'SHA256'],
      ['HmacSHA256', 'SHA256'],
      ['HMACSHA256', 'SHA256'],
      ['SHA512', 'SHA512'],
      ['sha-512', 'SHA512'],
      ['hmac-sha-512', 'SHA512'],
    ] as const
  ).map(([spelling, algorithm]) => ({
    why: `algorithm=${spelling}`,
    uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&algorithm=${spelling}`,
    says: { ...acme, algorithm },
    lint: [
      ...(algorithm === 'SHA1' ? [] : ['algorithm-ignored']),
      ...(spelling === algorithm ? [] : ['algorithm-spelling']),
    ],
  })),

  // Letter case.
  { why: 'scheme and type in upper case', uri: `OTPAUTH://TOTP/ACME:alice?secret=${KEY}&issuer=ACME`, says: acme, lint: ['letter-case'] },
  { why: 'type in mixed case', uri: `otpauth://HoTp/ACME:alice?secret=${KEY}&issuer=ACME&counter=5`, says: { ...acme, type: 'hotp', counter: 5 }, lint: ['hotp-unsupported', 'letter-case'] },
  { why: 'parameter names in upper and mixed case', uri: `otpauth://totp/ACME:alice?SECRET=${KEY}&Issuer=ACME&dIgItS=8`, says: { ...acme, digits: 8 }, lint: ['digits-ignored', 'letter-case'] },
  { why: 'a parameter name with an escape', uri: `otpauth://totp/ACME:alice?%73ecret=${KEY}&issuer=ACME`, says: acme, lint: ['letter-case'] },

  // Numbers at their bounds.
  ...[6, 7, 8, 9].map((digits) => ({
    why: `digits=${digits}`,
    uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&digits=${digits}`,
    says: { ...acme, digits },
    lint: digits === 6 ? [] : ['digits-ignored'],
  })),
  ...[1, 29, 30, 60, 86_400].map((period) => ({
    why: `period=${period}`,
    uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&period=${period}`,
    says: { ...acme, period },
    lint: period === 30 ? [] : ['period-ignored'],
  })),
  ...[1, 4_294_967_296, 9_007_199_254_740_991].map((counter) => ({
    why: `counter=${counter}`,
    uri: `otpauth://hotp/ACME:alice?secret=${KEY}&issuer=ACME&counter=${counter}`,
    says: { ...acme, type: 'hotp' as const, counter },
    lint: ['hotp-unsupported'],
  })),
  { why: 'an escaped digit in a number', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&digits=%38`, says: { ...acme, digits: 8 }, lint: ['digits-ignored'] },

  // Unknown parameters, and what is not one.
  { why: 'an unknown parameter', uri: `otpauth://totp/ACME:alice?secret=${KEY}&unknown=value&issuer=ACME`, says: acme, lint: ['unknown-parameter'] },
  { why: 'an unknown parameter twice', uri: `otpauth://totp/ACME:alice?secret=${KEY}&x=1&x=2&issuer=ACME`, says: acme, lint: ['unknown-parameter'] },
  { why: 'an unknown parameter without "="', uri: `otpauth://totp/ACME:alice?secret=${KEY}&malformed&issuer=ACME`, says: acme, lint: ['unknown-parameter'] },
  { why: 'an unknown parameter with broken escapes in name and value', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&%ZZ=%FF`, says: acme, lint: ['unknown-parameter'] },
  { why: 'a pair without a name', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&=x`, says: acme, lint: ['unknown-parameter'] },
  { why: 'names that objects inherit', uri: `otpauth://totp/__proto__:b?secret=${KEY}&issuer=__proto__&__proto__=x&constructor=y`, says: { issuer: '__proto__', account: 'b' }, lint: ['unknown-parameter'] },
  { why: 'HTML-escaped ampersands hide what follows them', uri: `otpauth://totp/ACME:alice?secret=${KEY}&amp;issuer=ACME`, says: acme, lint: ['issuer-not-in-both', 'raw-delimiter', 'unknown-parameter'] },
  { why: 'a known name with a space is not that name', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&digits%20=8`, says: acme, lint: ['unknown-parameter'] },
  { why: 'a letter that only folds to ASCII makes no known name', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&D%C4%B0GITS=8`, says: acme, lint: ['unknown-parameter'] },

  // Around the URI.
  { why: 'a fragment', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME#frag?digits=8`, says: acme, lint: ['fragment'] },
  { why: 'a raw # in the issuer parameter ends the query', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME#1`, says: acme, lint: ['fragment'] },
  { why: 'a second question mark belongs to its value', uri: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&image=x?y=z`, says: { ...acme, image: 'x?y=z' }, lint: ['raw-delimiter'] },
  { why: 'a line end behind it', uri: `otpauth://totp/ACME:alice?issuer=ACME&secret=${KEY}\n`, says: acme, lint: ['raw-character'] },
  { why: 'white space on both sides', uri: ` \t\r\n otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME\r\n\t `, says: acme, lint: ['raw-character'] },
];

/** Secrets of every length seen in the wild: the bytes 0, 1, 2 …, so many of them. */
export const secretLengths: readonly {
  readonly characters: number;
  readonly byteLength: number;
  readonly base32: string;
}[] = [
  { characters: 16, byteLength: 10, base32: 'AAAQEAYEAUDAOCAJ' },
  { characters: 26, byteLength: 16, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4' },
  { characters: 32, byteLength: 20, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT' },
  { characters: 52, byteLength: 32, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPQ' },
  { characters: 64, byteLength: 40, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPSAIJCEMSCKJRH' },
  { characters: 80, byteLength: 50, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPSAIJCEMSCKJRHFAUSUKZMFUXC6MBR' },
  { characters: 103, byteLength: 64, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPSAIJCEMSCKJRHFAUSUKZMFUXC6MBRGIZTINJWG44DSOR3HQ6T4PY' },
  { characters: 205, byteLength: 128, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPSAIJCEMSCKJRHFAUSUKZMFUXC6MBRGIZTINJWG44DSOR3HQ6T4P2AIFBEGRCFIZDUQSKKJNGE2TSPKBIVEU2UKVLFOWCZLJNVYXK6L5QGCYTDMRSWMZ3INFVGW3DNNZXXA4LSON2HK5TXPB4XU634PV7H6' },
];

/** A refused value of one parameter; the URI around it is sound. */
function refusedValues(
  type: 'totp' | 'hotp',
  name: string,
  code: string,
  values: readonly string[],
): RefusedUri[] {
  return values.map((value) => ({
    why: `${name}=${value}`,
    marked: `otpauth://${type}/ACME:alice?secret=${KEY}&issuer=ACME&${name}=^${value}`,
    code,
  }));
}

export const refusedUris: readonly RefusedUri[] = [
  // Scheme.
  { why: 'nothing', marked: '^', code: 'uri-scheme' },
  { why: 'white space alone', marked: ' \n ^', code: 'uri-scheme' },
  { why: 'no URI', marked: '^Hello !', code: 'uri-scheme' },
  { why: 'a bare secret', marked: `^${KEY}`, code: 'uri-scheme' },
  { why: 'another scheme', marked: `^https://totp/a:b?secret=${KEY}`, code: 'uri-scheme' },
  { why: 'another scheme, indented', marked: `  ^bar://totp/a:b?secret=${KEY}`, code: 'uri-scheme' },
  { why: 'Steam', marked: `^steam://${KEY}`, code: 'uri-scheme' },
  { why: 'mOTP', marked: `^motp://a:b?secret=${KEY}`, code: 'uri-scheme' },
  { why: 'a migration payload', marked: '^otpauth-migration://offline?data=CjEKCkhlbGxvId6tvu8', code: 'uri-scheme' },
  { why: 'a "?" for the ":"', marked: `^otpauth?//totp/a:b?secret=${KEY}`, code: 'uri-scheme' },
  { why: 'no slashes', marked: `^otpauth:totp/a:b?secret=${KEY}`, code: 'uri-scheme' },
  { why: 'one slash', marked: `^otpauth:/totp/a:b?secret=${KEY}`, code: 'uri-scheme' },
  { why: 'half a scheme', marked: '^otpauth:/', code: 'uri-scheme' },
  { why: 'a space inside the scheme', marked: `^otpauth: //totp/a?secret=${KEY}`, code: 'uri-scheme' },
  { why: 'a byte order mark', marked: `^\ufeffotpauth://totp/a?secret=${KEY}`, code: 'uri-scheme' },

  // Type.
  { why: 'nothing behind the scheme', marked: 'otpauth://^', code: 'uri-type' },
  { why: 'no type', marked: `otpauth://^/totp/a:b?secret=${KEY}`, code: 'uri-type' },
  { why: 'another type', marked: `otpauth://^potp/a:b?secret=${KEY}`, code: 'uri-type' },
  { why: 'Yandex', marked: `otpauth://^yaotp/a:b?secret=${KEY}`, code: 'uri-type' },
  { why: 'another type, indented', marked: ` otpauth://^potp/a:b?secret=${KEY}`, code: 'uri-type' },
  { why: 'a type with an escape', marked: `otpauth://^%74otp/a:b?secret=${KEY}`, code: 'uri-type' },
  { why: 'a user', marked: `otpauth://^user:pw@totp/a:b?secret=${KEY}`, code: 'uri-type' },
  { why: 'a port', marked: `otpauth://^totp:80/a:b?secret=${KEY}`, code: 'uri-type' },
  { why: 'a colon for the slash', marked: `otpauth://^hotp:a?secret=${KEY}&counter=0`, code: 'uri-type' },
  { why: 'a # behind the type', marked: `otpauth://^totp#a?secret=${KEY}`, code: 'uri-type' },
  { why: 'a space behind the type', marked: `otpauth://^totp /a?secret=${KEY}`, code: 'uri-type' },

  // Escapes.
  { why: 'no hex in the label', marked: `otpauth://totp/^bad%ZZ?secret=${KEY}`, code: 'uri-encoding' },
  { why: 'a lone % in the label', marked: `otpauth://totp/^a%?secret=${KEY}`, code: 'uri-encoding' },
  { why: 'half an escape', marked: `otpauth://totp/^a:b%4?secret=${KEY}`, code: 'uri-encoding' },
  { why: 'no UTF-8', marked: `otpauth://totp/^%FF:b?secret=${KEY}`, code: 'uri-encoding' },
  { why: 'overlong UTF-8', marked: `otpauth://totp/^%C1%81:b?secret=${KEY}`, code: 'uri-encoding' },
  { why: 'half a character', marked: `otpauth://totp/^a:%E2%80?secret=${KEY}`, code: 'uri-encoding' },
  { why: 'an escaped surrogate', marked: `otpauth://totp/^%ED%A0%80:b?secret=${KEY}`, code: 'uri-encoding' },
  { why: 'no hex in the issuer', marked: `otpauth://totp/a:b?secret=${KEY}&issuer=^bad%ZZ`, code: 'uri-encoding' },
  { why: 'no hex in the secret', marked: 'otpauth://totp/a:b?secret=^MY%G1', code: 'uri-encoding' },
  { why: 'no UTF-8 in the image', marked: `otpauth://totp/a:b?secret=${KEY}&image=^%80`, code: 'uri-encoding' },

  // Two of a kind.
  { why: 'two secrets', marked: `otpauth://totp/a:b?secret=${KEY}&^secret=${OLD}`, code: 'duplicate-parameter' },
  { why: 'the same secret twice', marked: `otpauth://totp/a:b?secret=${KEY}&^secret=${KEY}`, code: 'duplicate-parameter' },
  { why: 'two issuers', marked: `otpauth://totp/a:b?secret=${KEY}&issuer=a&^issuer=c`, code: 'duplicate-parameter' },
  { why: 'an empty second issuer', marked: `otpauth://totp/a:b?secret=${KEY}&issuer=a&^issuer=`, code: 'duplicate-parameter' },
  { why: 'two algorithms', marked: `otpauth://totp/a?algorithm=SHA1&secret=${KEY}&^algorithm=SHA512`, code: 'duplicate-parameter' },
  { why: 'two digits, of which the first is out of bounds', marked: `otpauth://totp/a:b?secret=${KEY}&digits=5&^digits=6`, code: 'duplicate-parameter' },
  { why: 'two periods', marked: `otpauth://totp/a:b?secret=${KEY}&period=30&^period=60`, code: 'duplicate-parameter' },
  { why: 'two counters', marked: `otpauth://hotp/a:b?secret=${KEY}&counter=0&^counter=1`, code: 'duplicate-parameter' },
  { why: 'two images', marked: `otpauth://totp/a:b?secret=${KEY}&image=x&^image=y`, code: 'duplicate-parameter' },
  { why: 'two secrets in different case', marked: `otpauth://totp/a:b?secret=${KEY}&^SeCrEt=${OLD}`, code: 'duplicate-parameter' },
  { why: 'two secrets, one name with an escape', marked: `otpauth://totp/a:b?secret=${KEY}&^%73%65cret=${OLD}`, code: 'duplicate-parameter' },
  { why: 'two digits, one name with an escape in upper case', marked: `otpauth://totp/a:b?secret=${KEY}&%44IGITS=6&x=y&^digits=8`, code: 'duplicate-parameter' },

  // The secret.
  { why: 'no query', marked: 'otpauth://totp/a:b^', code: 'missing-secret' },
  { why: 'no path and no query', marked: 'otpauth://totp^', code: 'missing-secret' },
  { why: 'an empty query', marked: 'otpauth://totp/a:b?^', code: 'missing-secret' },
  { why: 'no secret', marked: 'otpauth://totp/a:b?issuer=a^', code: 'missing-secret' },
  { why: 'no secret, white space behind', marked: 'otpauth://totp/a?issuer=a^ \n', code: 'missing-secret' },
  { why: 'an empty secret', marked: 'otpauth://totp/a:b?secret=^&issuer=a', code: 'missing-secret' },
  { why: 'another name', marked: `otpauth://totp/a:b?secret2=${KEY}^`, code: 'missing-secret' },
  { why: '"&" for "?"', marked: `otpauth://totp/a:b&secret=${KEY}^`, code: 'missing-secret' },
  { why: 'an escaped "="', marked: `otpauth://totp/a:b?secret%3D${KEY}^`, code: 'missing-secret' },
  ...[
    ['0', `0${KEY.slice(1)}`],
    ['1', `1${KEY.slice(1)}`],
    ['8', `8${KEY.slice(1)}`],
    ['9', `9${KEY.slice(1)}`],
    ['an underscore', 'SOME_SECRET'],
    ['an escaped line end', `${KEY}%0A`],
    ['a tab', `${KEY.slice(0, 16)}\t${KEY.slice(16)}`],
    ['a semicolon for "&"', `${KEY};issuer=a`],
    ['a second "?"', `${KEY}?x=y`],
    ['a letter behind the padding', `${KEY}==A`],
    ['U+017F, which upper-cases to S,', 'JB\u017fWY3DPEHPK3PXP'],
    ['U+212A, which lower-cases to k,', 'JBSWY3DPEHP\u212a3PXP'],
    ['U+0131, which upper-cases to I,', 'JBSWY3DPEHPK3PX\u0131'],
    ['U+00DF, which upper-cases to SS,', 'JB\u00dfY3DPEHPK3PXP'],
    ['U+FB01, which upper-cases to FI,', 'JB\ufb01Y3DPEHPK3PXP'],
    ['a full-width letter', `\uff21${KEY.slice(1)}`],
    ['one character, which is no byte,', 'A'],
    ['separators alone', '-%20-'],
    ['padding alone', '===='],
  ].map(([what, secret]) => ({
    why: `${what} in the secret`,
    marked: `otpauth://totp/a:b?image=x&secret=^${secret}`,
    code: 'invalid-secret',
  })),

  // The rest.
  ...refusedValues('totp', 'algorithm', 'unsupported-algorithm', [
    '',
    'SHA',
    'SHA224',
    'SHA384',
    'SHA3-256',
    'SHA3-512',
    'SHA512%2F256',
    'SHA-1-256',
    'SHA--256',
    'xSHA256',
    'SHA2566',
    'SHA256%20',
    'MD5',
    'HmacMD5',
    'aes',
    '0',
    '1',
    '256',
    '\u017fha256',
    'constructor',
  ]),
  ...refusedValues('totp', 'digits', 'invalid-digits', [
    '',
    '0',
    '1',
    '5',
    '10',
    '66',
    '-6',
    '+6',
    '%2B6',
    '06',
    '6.0',
    '6.5',
    '6e0',
    '0x8',
    '%D9%A6',
    '8%20',
    '%208',
    '8%0A',
    '\uff18',
    'six',
    'NaN',
    'Infinity',
    '99999999999999999999',
  ]),
  ...refusedValues('totp', 'period', 'invalid-period', [
    '',
    '0',
    '00',
    '-30',
    '%2B30',
    '030',
    '30.0',
    '30.5',
    '1e2',
    '0x1e',
    '30s',
    '30%20',
    '%D9%A3%D9%A0',
    '86401',
    '2147483648',
    '9007199254740993',
    'NaN',
    'Infinity',
  ]),
  ...refusedValues('hotp', 'counter', 'invalid-counter', [
    '',
    '-1',
    '-0',
    '%2B1',
    '+1',
    '007',
    '00',
    '1.0',
    '1.5',
    '1e3',
    '0x10',
    '1n',
    'abc',
    '9007199254740992',
    '9007199254740993',
    '9223372036854775807',
    '18446744073709551615',
    '18446744073709551616',
    '100000000000000000000',
  ]),
  // Readers that follow the URL standard see an empty value where there is no "=", so it must not
  // be a default.
  ...(
    [
      ['totp', `secret=${KEY}&digits^`, 'invalid-digits'],
      ['totp', `secret=${KEY}&period^&issuer=a`, 'invalid-period'],
      ['totp', `secret=${KEY}&algorithm^`, 'unsupported-algorithm'],
      ['hotp', `secret=${KEY}&counter^`, 'invalid-counter'],
      ['totp', `secret=${KEY}&^secret`, 'duplicate-parameter'],
      ['totp', `digits&secret=${KEY}&^digits=8`, 'duplicate-parameter'],
      ['totp', 'issuer=a&secret^', 'missing-secret'],
    ] as const
  ).map(([type, query, code]) => ({
    why: `no "=": ${query.replace('^', '').replace(KEY, 'K')}`,
    marked: `otpauth://${type}/a:b?${query}`,
    code,
  })),
  // What the type does not need is checked all the same.
  ...refusedValues('totp', 'counter', 'invalid-counter', ['-1', '9007199254740992']),
  { why: 'hotp with a period out of bounds', marked: `otpauth://hotp/a:b?secret=${KEY}&counter=0&period=^0`, code: 'invalid-period' },
  { why: 'hotp without a counter', marked: `otpauth://hotp/ACME:alice?secret=${KEY}&issuer=ACME^`, code: 'missing-counter' },
];
