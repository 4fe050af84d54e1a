import { describe, expect, test, vi } from 'vitest';
import {
  type BuildOtpauthUriOptions,
  buildOtpauthUri,
  lintOtpauthUri,
  type OtpauthLintCode,
  parseOtpauthUri,
} from '../../src/otpauth-uri.js';
import { type ReadableUri, readableUris, refusedUris } from '../vectors/otpauth-uris.js';

const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const SOUND = `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME`;
const PARAMS = { issuer: 'ACME', account: 'alice', secret: KEY } as const;

function codesOf(subject: Parameters<typeof lintOtpauthUri>[0]): OtpauthLintCode[] {
  return lintOtpauthUri(subject).map(({ code }) => code);
}

/** For each code the least change to a sound URI that brings it, and the nearest that does not. */
const pairs: Record<OtpauthLintCode, { readonly broken: string[]; readonly sound: string[] }> = {
  unreadable: {
    broken: ['', 'otpauth://', SOUND.replace('totp', 'xotp'), `${SOUND}&digits=5`],
    sound: [SOUND],
  },
  'colon-in-name': {
    broken: [SOUND.replace('alice', 'a:b'), SOUND.replace('alice', 'a%3Ab')],
    sound: [SOUND, SOUND.replace('alice', 'a%EF%BC%9Ab')],
  },
  'untrimmed-name': {
    broken: [SOUND.replace('alice', '%C2%A0alice'), SOUND.replaceAll('ACME', 'ACME%E3%80%80')],
    sound: [SOUND.replace('alice', 'alice%20b'), SOUND.replace('alice', 'alice%C2%A0b')],
  },
  'unsafe-character': {
    broken: [
      SOUND.replace('alice', 'al%00ice'),
      SOUND.replaceAll('ACME', '%E2%80%AEACME'),
      `${SOUND}&image=%00`,
    ],
    sound: [SOUND.replace('alice', 'al%E2%80%8Dice')],
  },
  'missing-issuer': {
    broken: [`otpauth://totp/alice?secret=${KEY}`, `otpauth://totp/:alice?secret=${KEY}&issuer=`],
    sound: [SOUND, `otpauth://totp/ACME:alice?secret=${KEY}`],
  },
  'empty-account': {
    broken: [SOUND.replace('alice', ''), SOUND.replace('alice', '%20')],
    sound: [SOUND.replace('alice', '0')],
  },
  'short-secret': {
    broken: [
      SOUND.replace(KEY, 'JBSWY3DPEHPK3PXP'),
      SOUND.replace(KEY, 'MFRGGZDFMZTWQ2LKNNWG23TP'),
    ],
    sound: [SOUND.replace(KEY, 'YVT6Z2XF4BQJNBMTD7M6QBQCEM')],
  },
  'algorithm-ignored': {
    broken: [`${SOUND}&algorithm=SHA256`, `${SOUND}&algorithm=SHA512`],
    sound: [SOUND, `${SOUND}&algorithm=SHA1`],
  },
  'digits-ignored': {
    broken: [`${SOUND}&digits=7`, `${SOUND}&digits=8`, `${SOUND}&digits=9`],
    sound: [SOUND, `${SOUND}&digits=6`],
  },
  'period-ignored': {
    broken: [`${SOUND}&period=60`, `${SOUND}&period=1`],
    // Where there are no steps, their length is not ignored but meaningless.
    sound: [SOUND, `${SOUND}&period=30`, `${SOUND.replace('totp', 'hotp')}&counter=0&period=60`],
  },
  'hotp-unsupported': {
    broken: [`${SOUND.replace('totp', 'hotp')}&counter=0`],
    sound: [SOUND],
  },
  'hotp-first-counter': {
    broken: [`${SOUND.replace('totp', 'hotp')}&counter=0`],
    sound: [SOUND],
  },
  // CXF has a byte for the period, and no counter.
  'not-exchangeable': {
    broken: [`${SOUND.replace('totp', 'hotp')}&counter=0`, `${SOUND}&period=256`],
    sound: [SOUND, `${SOUND}&period=255`],
  },
  'steam-issuer': {
    broken: [SOUND.replaceAll('ACME', 'Steam'), SOUND.replace('issuer=ACME', 'issuer=Steam')],
    sound: [
      SOUND.replaceAll('ACME', 'Steam%20Shop'),
      SOUND.replaceAll('ACME', 'steam'),
      `${SOUND.replaceAll('ACME', 'Steam').replace('totp', 'hotp')}&counter=0`,
    ],
  },
  'placeholder-name': {
    broken: [
      SOUND.replaceAll('ACME', 'undefined'),
      SOUND.replace('alice', 'null'),
      SOUND.replace('alice', '%5Bobject%20Object%5D'),
    ],
    sound: [SOUND.replace('alice', 'nullmann'), SOUND.replace('alice', 'Nan%20Goldin')],
  },
  'delimiter-in-name': {
    broken: ['C%23%20Corp', '100%25%20Pure', 'What%3F%20Why', 'B%26B'].flatMap((name) => [
      SOUND.replaceAll('ACME', name),
      SOUND.replace('alice', name),
    ]),
    sound: [SOUND.replace('alice', 'a%2Fb%3Dc%3Bd')],
  },
  'plus-in-name': {
    broken: [SOUND.replace('alice', 'a%2Bb'), SOUND.replaceAll('ACME', 'A%2B')],
    sound: [SOUND, SOUND.replaceAll('ACME', 'A%20B')],
  },
  'encoded-twice': {
    broken: [SOUND.replace('alice', 'a%2540x'), SOUND.replaceAll('ACME', 'ACME%2520Ltd')],
    sound: [SOUND.replace('alice', '100%25%20alice'), SOUND.replace('alice', 'a%40x')],
  },
  'period-in-name': {
    broken: [SOUND.replaceAll('ACME', '60%2FACME'), `otpauth://totp/7/alice?secret=${KEY}`],
    sound: [SOUND.replaceAll('ACME', 'A60%2FB'), SOUND.replace('alice', '60%2Falice')],
  },
  'long-name': {
    broken: [SOUND.replaceAll('ACME', 'A'.repeat(33)), SOUND.replace('alice', 'a'.repeat(41))],
    sound: [SOUND.replaceAll('ACME', 'A'.repeat(32)), SOUND.replace('alice', 'a'.repeat(40))],
  },
  'too-long-for-yubikey': {
    broken: [
      SOUND.replaceAll('ACME', 'A'.repeat(30)).replace('alice', 'a'.repeat(34)),
      // Bytes count, and a period other than 30 stands before the names.
      SOUND.replace('alice', '%C3%A9'.repeat(30)),
      `${SOUND.replaceAll('ACME', 'A'.repeat(30)).replace('alice', 'a'.repeat(31))}&period=60`,
      `otpauth://totp/${'a'.repeat(65)}?secret=${KEY}`,
    ],
    sound: [
      SOUND.replaceAll('ACME', 'A'.repeat(30)).replace('alice', 'a'.repeat(33)),
      `${SOUND.replaceAll('ACME', 'A'.repeat(30)).replace('alice', 'a'.repeat(30))}&period=60`,
      `otpauth://totp/${'a'.repeat(64)}?secret=${KEY}`,
      `${SOUND.replaceAll('ACME', 'A'.repeat(30)).replace('alice', 'a'.repeat(33)).replace('totp', 'hotp')}&counter=0`,
    ],
  },
  'repeated-parameter': {
    broken: [`${SOUND}&issuer=ACME`, `${SOUND}&digits=8&DIGITS=%38`],
    sound: [SOUND, `${SOUND}&x=1&x=2`, `${SOUND}&digits=null&digits=8`],
  },
  'issuer-mismatch': {
    broken: [SOUND.replace('issuer=ACME', 'issuer=Acme'), SOUND.replace('ACME', 'Other')],
    sound: [
      SOUND,
      SOUND.replace('&issuer=ACME', ''),
      SOUND.replace('ACME:', ''),
      SOUND.replaceAll('ACME', 'ACME%3A8443'),
      SOUND.replace('ACME', 'ACME:8443').replace('issuer=ACME', 'issuer=ACME:8443'),
    ],
  },
  'issuer-not-in-both': {
    broken: [
      SOUND.replace('&issuer=ACME', ''),
      SOUND.replace('issuer=ACME', 'issuer='),
      SOUND.replace('issuer=ACME', 'issuer=%20'),
      SOUND.replace('ACME:', ''),
      SOUND.replace('ACME:', ':'),
    ],
    sound: [SOUND, SOUND.replace('ACME', 'Other'), `otpauth://totp/alice?secret=${KEY}`],
  },
  'escaped-separator': {
    broken: [
      SOUND.replace(':alice', '%3Aalice'),
      SOUND.replace(':alice', '%3aalice'),
      SOUND.replace(':alice', '%3Aalice:8443'),
      SOUND.replaceAll('ACME', 'ACME:8443').replace(':alice', '%3Aalice'),
    ],
    sound: [
      SOUND,
      SOUND.replace('alice', 'a%3Ab'),
      SOUND.replace('alice', 'a%253Ab'),
      SOUND.replaceAll('ACME', 'ACME%3A8443'),
    ],
  },
  'raw-plus': {
    broken: [SOUND.replace('alice', 'a+b'), SOUND.replaceAll('ACME', 'A+B')],
    sound: [SOUND.replace('alice', 'a%2Bb'), SOUND.replace('alice', 'a%20b')],
  },
  'raw-character': {
    broken: [
      SOUND.replace('alice', 'a b'),
      SOUND.replace('alice', 'é'),
      SOUND.replace('alice', '"'),
      SOUND.replace('alice', '<'),
      SOUND.replace('alice', '{'),
      ` ${SOUND}`,
      `${SOUND}\n`,
    ],
    sound: [SOUND.replace('alice', "!$&'()*,;=@-._~%22%C3%A9"), SOUND.replace('alice', 'a%20b')],
  },
  // otpauth 9.5 and url-otpauth 2 keep these spaces, or refuse the label for them.
  'space-around-name': {
    broken: [
      SOUND.replace('alice', '%20alice'),
      SOUND.replace('alice', 'alice%20'),
      SOUND.replace('ACME', '%20ACME'),
      SOUND.replace('ACME:', 'ACME%20:'),
      SOUND.replace('issuer=', 'issuer=%20'),
      SOUND.replace('issuer=ACME', 'issuer=ACME+'),
      SOUND.replace('issuer=ACME', 'issuer=%20'),
    ],
    sound: [SOUND, SOUND.replace('alice', 'alice%20b'), ` ${SOUND} `],
  },
  // WHATWG URL, and every reader that is built on it, resolves these away.
  'dot-segment': {
    broken: [
      SOUND.replace('ACME', '../ACME'),
      SOUND.replace('ACME', './ACME'),
      SOUND.replace('ACME', 'a/%2e%2E/b'),
      SOUND.replace('ACME', 'a/.%2e/b'),
      SOUND.replace('alice', 'alice/..'),
      SOUND.replace('alice', 'a/%2E/b'),
      SOUND.replace('ACME:alice', '..'),
    ],
    sound: [
      SOUND.replace('alice', '..'),
      SOUND.replaceAll('ACME', '..%2F..'),
      SOUND.replace('alice', 'a../.b/...'),
    ],
  },
  fragment: {
    broken: [`${SOUND}#`, `${SOUND}#top`, SOUND.replace('alice', 'alice#1')],
    sound: [SOUND.replace('alice', 'alice%231')],
  },
  'letter-case': {
    broken: [
      SOUND.replace('otpauth', 'OTPAUTH'),
      SOUND.replace('totp', 'Totp'),
      SOUND.replace('secret=', 'Secret='),
      SOUND.replace('issuer=', '%69ssuer='),
      SOUND.replace('issuer=', 'issueR='),
    ],
    sound: [SOUND, `${SOUND}&image=ABC`],
  },
  'secret-padding': {
    broken: [SOUND.replace(KEY, `${KEY}=`), SOUND.replace(KEY, `${KEY}%3D`)],
    sound: [SOUND, `${SOUND}&image=a=b`],
  },
  'secret-spelling': {
    broken: [
      SOUND.replace(KEY, KEY.toLowerCase()),
      SOUND.replace(KEY, `${KEY.slice(0, 4)}-${KEY.slice(4)}`),
      SOUND.replace(KEY, `${KEY.slice(0, 4)}%20${KEY.slice(4)}`),
      SOUND.replace(KEY, `%47${KEY.slice(1)}`),
      SOUND.replace(KEY, 'YVT6Z2XF4BQJNBMTD7M6QBQCEP'),
      SOUND.replace(KEY, `${KEY}A`),
    ],
    // Padding has a code of its own.
    sound: [SOUND, SOUND.replace(KEY, 'YVT6Z2XF4BQJNBMTD7M6QBQCEM======')],
  },
  'algorithm-spelling': {
    broken: [
      `${SOUND}&algorithm=sha1`,
      `${SOUND}&algorithm=SHA-256`,
      `${SOUND}&algorithm=HmacSHA512`,
      `${SOUND}&algorithm=SHA%31`,
    ],
    sound: [SOUND, `${SOUND}&algorithm=SHA1`, `${SOUND}&algorithm=SHA256`],
  },
  'stray-parameter': {
    broken: [`${SOUND}&counter=0`, `${SOUND.replace('totp', 'hotp')}&counter=0&period=30`],
    sound: [`${SOUND}&period=30`, `${SOUND.replace('totp', 'hotp')}&counter=0`],
  },
  'unknown-parameter': {
    broken: [
      `${SOUND}&x=y`,
      `${SOUND}&x`,
      `${SOUND}&__proto__=1`,
      // otpauth 9.5 refuses an empty pair.
      `${SOUND}&`,
      SOUND.replace('?', '?&'),
      `${SOUND}&digits=null`,
      `${SOUND}&interval=30`,
      SOUND.replace('&', '&&'),
    ],
    sound: [SOUND, `${SOUND}&image=x`],
  },
  // What otplib 13.5 takes: 2,048 characters, of which 512 decoded ones or 1,536 as spelled are the
  // label, and 1,024 decoded ones a parameter's value.
  'long-uri': {
    broken: [
      `${SOUND}&x=${'x'.repeat(1000)}&y=`.padEnd(2049, 'y'),
      SOUND.replace('alice', 'a'.repeat(508)),
      SOUND.replace('alice', '%E4%B8%AD'.repeat(171)),
      `${SOUND}&image=${'x'.repeat(1025)}`,
      SOUND.replace(KEY, 'A'.repeat(1032)),
    ],
    sound: [
      `${SOUND}&x=${'x'.repeat(1000)}&y=`.padEnd(2048, 'y'),
      SOUND.replace('alice', 'a'.repeat(507)),
      SOUND.replace('alice', '%E4%B8%AD'.repeat(170)),
      SOUND.replace('ACME:alice', '%41'.repeat(512)),
      `${SOUND}&image=${'x'.repeat(1024)}`,
      SOUND.replace(KEY, 'A'.repeat(1024)),
    ],
  },
  'long-secret': {
    broken: [SOUND.replace(KEY, 'A'.repeat(104))],
    sound: [SOUND, SOUND.replace(KEY, `${'A'.repeat(102)}A`)],
  },
  'raw-delimiter': {
    broken: [`${SOUND}&image=https://a.example/logo.png?v=2`, `${SOUND}&image=x;y=8`],
    sound: [SOUND, `${SOUND}&image=x%3Fv%3B2`],
  },
  'too-long-for-qr': {
    broken: [SOUND.padEnd(2954, 'x'), `${SOUND}${'é'.repeat(1500)}`],
    sound: [SOUND.padEnd(2953, 'x')],
  },
};

describe('Each code', () => {
  test.each(Object.entries(pairs))('%s is found where it is and nowhere else', (code, pair) => {
    for (const uri of pair.broken) expect(codesOf(uri), uri).toContain(code);
    for (const uri of pair.sound) expect(codesOf(uri), uri).not.toContain(code);
  });

  test.each(Object.entries(pairs))('%s says in words what is wrong', (code, { broken }) => {
    for (const uri of broken) {
      const { message } = lintOtpauthUri(uri).find((finding) => finding.code === code) ?? {};
      expect(message).toMatch(/^\S+ \S+ .*\S{3}/);
      // Where part of a sentence is missing.
      expect(message).not.toMatch(/ {2}|: *$/);
    }
  });

  test('It comes once, with a message that repeats nothing of the URI', () => {
    const uri =
      'OTPAUTH://hotp/Zyxcorp%3AQwertz:x+y z?SECRET=jkqx%3D&issuer=Wvutsr&algorithm=sha256' +
      '&digits=8&counter=7&period=5&fghj=1#vbnm';
    const findings = lintOtpauthUri(uri);
    expect(findings.length).toBeGreaterThan(10);
    expect(new Set(findings.map(({ code }) => code)).size).toBe(findings.length);
    for (const { message } of findings) {
      expect(message).not.toMatch(/zyxcorp|qwertz|jkqx|wvutsr|fghj|vbnm/i);
      expect(message.length).toBeGreaterThan(20);
    }
  });
});

test('An image that cannot be shown is found once, and no other rule on names looks at it', () => {
  expect(codesOf(`${SOUND}&image=a%3Ab%20%00`)).toEqual(['unsafe-character']);
});

describe('The findings on a text', () => {
  test.each<ReadableUri>(readableUris)('They are complete: $why', ({ uri, lint }) => {
    expect(codesOf(uri).sort()).toEqual([...lint].sort());
  });

  test('An error that is not about the text comes through', () => {
    const search = vi.spyOn(String.prototype, 'search').mockImplementation(() => {
      throw new RangeError('Maximum call stack size exceeded');
    });
    expect(() => lintOtpauthUri(SOUND)).toThrow('call stack');
    search.mockRestore();
  });

  test('A text that cannot be read has the one finding unreadable', () => {
    for (const { uri, why } of refusedUris) expect(codesOf(uri), why).toEqual(['unreadable']);
  });
});

describe('The findings on an object', () => {
  test('A fault of a name leaves its spelling aside, whatever else is found', () => {
    const short = { ...PARAMS, secret: new Uint8Array(10) };
    expect(codesOf({ ...short, account: 'a:b' })).toEqual(['colon-in-name', 'short-secret']);
  });

  test('Without a fault of a name its spelling is looked at', () => {
    const image = `https://example.com/${'x'.repeat(3000)}`;
    expect(codesOf({ ...PARAMS, image })).toEqual(['long-uri', 'too-long-for-qr']);
    expect(codesOf({ ...PARAMS, image, digits: 8 })).toContain('too-long-for-qr');
  });

  test.each<[OtpauthLintCode[], BuildOtpauthUriOptions]>([
    [[], PARAMS],
    [[], { ...PARAMS, type: 'totp', algorithm: 'SHA1', digits: 6, period: 30 }],
    [['algorithm-ignored'], { ...PARAMS, algorithm: 'SHA256' }],
    [['algorithm-ignored'], { ...PARAMS, algorithm: 'SHA512' }],
    [['digits-ignored'], { ...PARAMS, digits: 8 }],
    [['period-ignored'], { ...PARAMS, period: 60 }],
    [['hotp-unsupported'], { ...PARAMS, type: 'hotp', counter: 0 }],
    [['short-secret'], { ...PARAMS, secret: new Uint8Array(15) }],
    [[], { ...PARAMS, secret: new Uint8Array(16) }],
    // How the secret was given is not how it is written.
    [[], { ...PARAMS, secret: `${KEY.toLowerCase()}====` }],
    [['empty-account'], { ...PARAMS, account: '' }],
    [['missing-issuer'], { ...PARAMS, issuer: '' }],
    [['colon-in-name'], { ...PARAMS, issuer: 'A:B' }],
    [['untrimmed-name'], { ...PARAMS, account: ' alice' }],
    [['unsafe-character'], { ...PARAMS, account: 'al\u202eice' }],
    [['unsafe-character'], { ...PARAMS, account: '\ud83d' }],
    [['too-long-for-qr'], { ...PARAMS, secret: new Uint8Array(2000) }],
    [
      ['algorithm-ignored', 'digits-ignored', 'period-ignored'],
      { ...PARAMS, algorithm: 'SHA256', digits: 8, period: 60 },
    ],
  ])('They are %j', (codes, params) => {
    // A longer URI than QR codes hold is also longer than other readers take.
    expect(codesOf(params)).toEqual(expect.arrayContaining(codes));
    expect(codesOf(params).length === 0).toBe(codes.length === 0);
  });

  test('They are the same for params, the text built of them and the fields read from it', () => {
    for (const params of [
      PARAMS,
      { ...PARAMS, algorithm: 'SHA256', digits: 8, period: 60, image: 'https://a.example/' },
      { ...PARAMS, type: 'hotp', counter: 9, secret: 'JBSWY3DPEHPK3PXP' },
    ] as BuildOtpauthUriOptions[]) {
      const text = buildOtpauthUri(params);
      expect(lintOtpauthUri(params)).toEqual(lintOtpauthUri(text));
      expect(lintOtpauthUri(parseOtpauthUri(text))).toEqual(lintOtpauthUri(text));
    }
  });

  test('Of fields that were read, only what they say counts, not how it was spelled', () => {
    const uri = `OTPAUTH://totp/Company%3auser%40x+y?secret=jbsw+y3dp&issuer=Company&digits=8`;
    expect(codesOf(parseOtpauthUri(uri)).sort()).toEqual([
      'digits-ignored',
      'plus-in-name',
      'short-secret',
    ]);
  });

  test('Fields that were read need no issuer', () => {
    expect(codesOf(parseOtpauthUri(`otpauth://totp/alice?secret=${KEY}`))).toEqual([
      'missing-issuer',
    ]);
  });

  test('Every URI that can be read can be linted again as its fields', () => {
    for (const { uri } of readableUris) expect(codesOf(parseOtpauthUri(uri))).toBeDefined();
    // A logo is not to be trusted, but no reason to throw.
    for (const image of ['%00', '%E2%80%AE']) {
      expect(codesOf(parseOtpauthUri(`${SOUND}&image=${image}`))).toBeDefined();
    }
  });
});

describe('What is no subject', () => {
  test.each([undefined, null, 5, true, Symbol('x'), () => SOUND, [], {}, [SOUND]])(
    'It is a TypeError: %s',
    (subject) => {
      expect(() => lintOtpauthUri(subject as unknown as string)).toThrow(TypeError);
    },
  );

  test('An object out of bounds is a RangeError, as at build', () => {
    expect(() => lintOtpauthUri({ ...PARAMS, digits: 5 })).toThrow(RangeError);
    expect(() => lintOtpauthUri({ ...PARAMS, secret: new Uint8Array(0) })).toThrow(RangeError);
  });
});
