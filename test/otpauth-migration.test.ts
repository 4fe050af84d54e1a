/** Google Authenticator's exports: entries, batches, spellings and every fault. */
import { describe, expect, test } from 'vitest';
import { OtpError, type OtpErrorCode } from '../src/errors.js';
import { parseMigrationUri } from '../src/otpauth-migration.js';
import { parseOtpauthUri } from '../src/otpauth-uri.js';
import {
  bytesField,
  entryBytes,
  migrationUri,
  numberField,
  payloadBytes,
  varint,
  type WrittenBatch,
  type WrittenEntry,
} from './support/migration-payload.js';

const SECRET = new TextEncoder().encode('12345678901234567890');
const ENTRY = { secret: SECRET, name: 'alice', issuer: 'ACME' } as const;
const SAID = {
  type: 'totp',
  issuer: 'ACME',
  account: 'alice',
  secret: SECRET,
  algorithm: 'SHA1',
  digits: 6,
  period: 30,
} as const;
const START = 'otpauth-migration://offline?data=';

const written = (entries: readonly WrittenEntry[], batch: WrittenBatch = {}) =>
  migrationUri(payloadBytes(entries, batch));
const read = (entry: WrittenEntry) => parseMigrationUri(written([entry])).entries[0];

function refusalOf(text: string): OtpError {
  try {
    parseMigrationUri(text);
  } catch (error) {
    expect(error).toBeInstanceOf(OtpError);
    return error as OtpError;
  }
  throw new Error('the text was read');
}

describe('Exports in public reports', () => {
  const found = {
    type: 'totp',
    issuer: 'Example',
    account: 'alice@google.com',
    secret: new Uint8Array(Buffer.from('48656c6c6f21deadbeef', 'hex')),
    algorithm: 'SHA1',
    digits: 6,
    period: 30,
  };

  test('One without algorithm, digits and batch is read with the defaults', () => {
    const data = 'CjEKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZTAC';
    expect(parseMigrationUri(START + data)).toStrictEqual({
      entries: [found],
      batch: { id: 0, index: 0, size: 1 },
    });
  });

  test('One with all fields is read', () => {
    const data =
      'CjUKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZSABKAEwAhABGAEgACjn4Pv4Ag%3D%3D';
    expect(parseMigrationUri(START + data)).toStrictEqual({
      entries: [found],
      batch: { id: 790556775, index: 0, size: 1 },
    });
  });
});

describe('An entry', () => {
  test.each<[WrittenEntry, object]>([
    [ENTRY, SAID],
    [{ ...ENTRY, algorithm: 0, digits: 0, type: 0 }, SAID],
    [{ ...ENTRY, algorithm: 1, digits: 1, type: 2 }, SAID],
    [
      { ...ENTRY, algorithm: 2 },
      { ...SAID, algorithm: 'SHA256' },
    ],
    [
      { ...ENTRY, algorithm: 3 },
      { ...SAID, algorithm: 'SHA512' },
    ],
    [
      { ...ENTRY, digits: 2 },
      { ...SAID, digits: 8 },
    ],
    [
      { ...ENTRY, digits: 3 },
      { ...SAID, digits: 7 },
    ],
    [{ ...ENTRY, digits: 6 }, SAID],
    [
      { ...ENTRY, digits: 9 },
      { ...SAID, digits: 9 },
    ],
    // A counter has no meaning with totp.
    [{ ...ENTRY, counter: 5n }, SAID],
  ])('%o has these fields', (entry, fields) => {
    expect(read(entry)).toStrictEqual(fields);
  });

  test.each([0, 1, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    'of type hotp has the counter %i',
    (counter) => {
      const { period: _, ...said } = SAID;
      const fields = { ...said, type: 'hotp', counter };
      expect(read({ ...ENTRY, type: 1, counter })).toStrictEqual(fields);
      // Zero is the default of a number, so writers leave it out.
      if (counter === 0) expect(read({ ...ENTRY, type: 1 })).toStrictEqual(fields);
    },
  );

  test.each([
    ['ACME:alice', 'ACME', { issuer: 'ACME', account: 'alice' }],
    ['ACME: alice', 'ACME', { issuer: 'ACME', account: 'alice' }],
    ['localhost:3000:dev', 'localhost:3000', { issuer: 'localhost:3000', account: 'dev' }],
    [
      'Slack (Team):alice',
      'Slack',
      { issuer: 'Slack', labelIssuer: 'Slack (Team)', account: 'alice' },
    ],
    ['ACME:alice', '', { issuer: 'ACME', account: 'alice' }],
    ['a%3Ab+c d', 'ACME', { issuer: 'ACME', account: 'a%3Ab+c d' }],
    ['用户 🔑', 'é', { issuer: 'é', account: '用户 🔑' }],
    ['', '', { account: '' }],
  ])('with the name %j and the issuer %j is split as a label is', (name, issuer, names) => {
    const { type, secret, algorithm, digits, period } = SAID;
    expect(read({ ...ENTRY, name, issuer })).toStrictEqual({
      ...{ type, secret, algorithm, digits, period },
      ...names,
    });
  });

  test('has bytes of its own', () => {
    const text = written([ENTRY]);
    parseMigrationUri(text).entries[0]?.secret.fill(0);
    expect(parseMigrationUri(text).entries[0]?.secret).toEqual(SECRET);
  });

  test('says what a URI of the same fields says', () => {
    const uri = 'otpauth://hotp/ACME:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ACME';
    const fields = parseOtpauthUri(`${uri}&algorithm=SHA512&digits=8&counter=7`);
    const entry = { ...ENTRY, algorithm: 3, digits: 2, type: 1, counter: 7 };
    expect(read(entry)).toStrictEqual(fields);
  });

  test.each<[string, OtpErrorCode, WrittenEntry]>([
    ['no secret', 'missing-secret', { name: 'alice' }],
    ['an empty secret', 'missing-secret', { ...ENTRY, secret: new Uint8Array() }],
    ['MD5', 'unsupported-algorithm', { ...ENTRY, algorithm: 4 }],
    ['another algorithm', 'unsupported-algorithm', { ...ENTRY, algorithm: 5 }],
    ['a negative algorithm', 'unsupported-algorithm', { ...ENTRY, algorithm: -1 }],
    ['five digits', 'invalid-digits', { ...ENTRY, digits: 5 }],
    ['ten digits', 'invalid-digits', { ...ENTRY, digits: 10 }],
    ['another type', 'uri-type', { ...ENTRY, type: 3 }],
    ['a counter of 2^53', 'invalid-counter', { ...ENTRY, type: 1, counter: 2n ** 53n }],
    ['a counter of 2^53 + 1', 'invalid-counter', { ...ENTRY, type: 1, counter: 2n ** 53n + 1n }],
    ['a negative counter', 'invalid-counter', { ...ENTRY, type: 1, counter: -1n }],
  ])('with %s is refused with its number', (_, code, entry) => {
    const error = refusalOf(written([ENTRY, entry]));
    expect([error.code, error.position]).toEqual([code, START.length]);
    expect(error.message).toMatch(/^the URI has an entry, number 2, \S+ \S+.* \(at 33\)$/);
  });

  test('with a name that is not UTF-8 is refused', () => {
    const entry = [...bytesField(1, SECRET), ...bytesField(2, [0xff])];
    expect(refusalOf(migrationUri(bytesField(1, entry))).code).toBe('uri-encoding');
  });

  test('whose MD5 is named in the message as MD5', () => {
    expect(refusalOf(written([{ ...ENTRY, algorithm: 4 }])).message).toContain('MD5');
  });
});

describe('A batch', () => {
  test.each<[WrittenBatch, object]>([
    [{}, { id: 0, index: 0, size: 1 }],
    [
      { size: 0, index: 0 },
      { id: 0, index: 0, size: 1 },
    ],
    [
      { version: 1, size: 3, index: 2, id: 7 },
      { id: 7, index: 2, size: 3 },
    ],
    [
      { size: 1000, index: 999, id: 2 ** 31 - 1 },
      { id: 2 ** 31 - 1, index: 999, size: 1000 },
    ],
    [{ id: -1 }, { id: -1, index: 0, size: 1 }],
    [{ id: -(2 ** 31) }, { id: -(2 ** 31), index: 0, size: 1 }],
  ])('%o is read', (batch, said) => {
    expect(parseMigrationUri(written([ENTRY], batch)).batch).toStrictEqual(said);
  });

  test.each<WrittenBatch>([
    { size: 1, index: 1 },
    { index: 1 },
    { size: 2, index: -1 },
    { size: -1 },
    { size: 1001 },
  ])('%o is refused', (batch) => {
    expect(refusalOf(written([ENTRY], batch)).code).toBe('invalid-payload');
  });

  test('An empty message has no entries', () => {
    expect(parseMigrationUri(START)).toStrictEqual({
      entries: [],
      batch: { id: 0, index: 0, size: 1 },
    });
  });

  test('1,000 entries are read, one more is refused', () => {
    const entry = { secret: Uint8Array.of(1) };
    const text = (count: number) => written(Array.from({ length: count }, () => entry));
    expect(parseMigrationUri(text(1000)).entries).toHaveLength(1000);
    expect(refusalOf(text(1001)).code).toBe('invalid-payload');
  });
});

describe('The message', () => {
  const unknown: [string, number[]][] = [
    ['a varint', numberField(99, 2n ** 64n - 1n)],
    ['a fixed 64-bit number', [...varint(99 * 8 + 1), ...new Array(8).fill(0xff)]],
    ['a fixed 32-bit number', [...varint(99 * 8 + 5), ...new Array(4).fill(0xff)]],
    ['bytes', bytesField(2 ** 29 - 1, [1, 2, 3])],
  ];

  test.each(unknown)('may hold an unknown field that is %s, anywhere', (_, field) => {
    const plain = payloadBytes([ENTRY], { size: 2, index: 1, id: 3 });
    const entry = bytesField(1, [...field, ...entryBytes(ENTRY), ...field]);
    const batch = payloadBytes([], { size: 2, index: 1, id: 3 });
    expect(parseMigrationUri(migrationUri([...field, ...entry, ...field, ...batch]))).toStrictEqual(
      parseMigrationUri(migrationUri(plain)),
    );
  });

  test('counts the last of a field that stands twice', () => {
    const entry = entryBytes({ ...ENTRY, digits: 1 });
    const text = migrationUri(bytesField(1, [...entry, ...numberField(5, 2)]));
    expect(parseMigrationUri(text).entries[0]?.digits).toBe(8);
  });

  test.each<[string, number[]]>([
    ['a group', [...varint(99 * 8 + 3), ...varint(99 * 8 + 4)]],
    ['an unknown kind', varint(99 * 8 + 7)],
    ['a field number of zero', [0, 0]],
    ['a number of eleven bytes', [8, ...new Array(10).fill(0x80), 0]],
    ['a number that does not end', [8, 0x80]],
    ['bytes that end early', [10, 5, 1]],
    ['a length of 2^63', [10, ...varint(2n ** 63n)]],
    ['a fixed number that ends early', [...varint(99 * 8 + 1), 1]],
    ['a number for an entry', numberField(1, 1)],
    ['bytes for a batch size', bytesField(3, [1])],
    ['a number for a secret', bytesField(1, numberField(1, 1))],
    ['bytes for digits', bytesField(1, [...bytesField(1, SECRET), ...bytesField(5, [1])])],
  ])('is refused with %s', (_, payload) => {
    expect(refusalOf(migrationUri(payload))).toMatchObject({
      code: 'invalid-payload',
      position: START.length,
    });
  });

  test('is refused wherever it is cut, unless a whole field is gone', () => {
    const payload = payloadBytes([ENTRY, ENTRY], { version: 1, size: 2, index: 1, id: -5 });
    const codes = payload.map((_, length) => {
      try {
        return parseMigrationUri(migrationUri(payload.slice(0, length))).entries.length;
      } catch (error) {
        return (error as OtpError).code;
      }
    });
    const entry = bytesField(1, entryBytes(ENTRY)).length;
    expect(codes[0]).toBe(0);
    expect(codes[entry]).toBe(1);
    expect(new Set(codes.slice(1, entry))).toEqual(new Set(['invalid-payload']));
    expect(new Set(codes.slice(entry + 1, 2 * entry))).toEqual(new Set(['invalid-payload']));
  });
});

describe('The text', () => {
  // In base64 these bytes are "/", "+" and padding.
  const secret = new Uint8Array(Buffer.from('0000fbefbefbefbeffffffff', 'hex'));
  const payload = payloadBytes([{ ...ENTRY, secret }], { id: 7 });
  const expected = parseMigrationUri(migrationUri(payload));
  const plain = Buffer.from(payload).toString('base64');

  test('The sample holds what the variants differ in', () => {
    expect(plain).toMatch(/(?=.*\+)(?=.*\/)/);
    expect(expected.entries[0]?.secret).toEqual(secret);
  });

  test.each([
    ['escaped', START + encodeURIComponent(plain)],
    ['raw', START + plain],
    ['without padding', START + plain.replace(/=+$/, '')],
    ['with too much padding', `${START}${plain}====`],
    ['with spaces for "+"', START + plain.replaceAll('+', ' ')],
    ['with escaped spaces for "+"', START + plain.replaceAll('+', '%20')],
    ['in the alphabet for URLs', START + Buffer.from(payload).toString('base64url')],
    ['broken into lines', START + plain.replace(/(.{9})/g, '$1\r\n')],
    ['in capitals of the scheme', START.toUpperCase().replace('DATA', 'data') + plain],
    ['with a slash', `otpauth-migration://offline/?data=${plain}`],
    ['with white space and marks around it', `\ufeff\u00a0 ${START}${plain}\u200b\r\n`],
    ['with other parameters', `otpauth-migration://offline?x=y&data=${plain}&z`],
    ['with a fragment', `${START}${plain}#data=x`],
    ['with the same data twice', `${START}${plain}&data=${encodeURIComponent(plain)}`],
  ])('is read %s', (_, text) => {
    expect(parseMigrationUri(text)).toStrictEqual(expected);
  });

  test.each<[string, OtpErrorCode, string]>([
    ['nothing', 'uri-scheme', '^'],
    ['another scheme', 'uri-scheme', ' ^https://offline?data='],
    ['a single URI', 'uri-scheme', '^otpauth://totp/ACME:alice?secret=MY'],
    ['no offline export', 'uri-type', 'otpauth-migration://^online?data='],
    ['no query', 'invalid-payload', 'otpauth-migration://offline^'],
    ['no data', 'invalid-payload', 'otpauth-migration://offline?x=y^'],
    ['a broken escape', 'uri-encoding', `${START}^%ZZ`],
    ['a character outside base64', 'invalid-payload', `${START}^CgA*`],
    ['a letter outside ASCII', 'invalid-payload', `${START}^C\u0261A`],
    ['padding in the middle', 'invalid-payload', `${START}^Cg=A`],
    ['a length that no bytes have', 'invalid-payload', `${START}^CgAAA`],
    ['two data', 'duplicate-parameter', `${START}CgA&^data=CgB`],
    ['two exports', 'uri-encoding', `${START}CgA\n^${START}CgA`],
    ['half a character', 'uri-encoding', `${START}^\ud83d`],
  ])('is refused: %s', (_, code, marked) => {
    const error = refusalOf(marked.replace('^', ''));
    expect([error.code, error.position]).toEqual([code, marked.indexOf('^')]);
  });

  test('That it is a single URI is told, with the function that reads it', () => {
    expect(refusalOf('otpauth://totp/a?secret=MY').message).toContain('parseOtpauthUri');
  });

  test('64 KiB are read, a byte more is refused', () => {
    const text = (length: number) => `${START}${'#'.padEnd(length - START.length, 'x')}`;
    expect(parseMigrationUri(text(65_536)).entries).toEqual([]);
    expect(refusalOf(text(65_537)).code).toBe('uri-too-long');
    expect(refusalOf(`${START}${'A'.repeat(10_000_000)}`).code).toBe('uri-too-long');
  });

  test('No message repeats a part of it', () => {
    const words = ['Zyxcorp', 'qwertz', 'OVZXK43UOQ'];
    const named = { secret: Buffer.from('OVZXK43UOQ'), name: 'qwertz', issuer: 'Zyxcorp' };
    for (const text of [
      written([{ ...named, algorithm: 4 }]),
      written([{ ...named, digits: 5 }]),
      written([{ ...named, type: 9 }]),
      `${START}Zyxcorp*`,
      `${START}qwertz%`,
      'otpauth-migration://qwertz?data=Zyxcorp',
    ]) {
      const error = refusalOf(text);
      const told = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`.toLowerCase();
      for (const word of words) expect(told).not.toContain(word.toLowerCase().slice(0, 5));
    }
  });

  test.each([undefined, null, 5, {}, [START], new String(START)])(
    'is a TypeError where it is no string: %s',
    (value) => {
      expect(() => parseMigrationUri(value as string)).toThrow(TypeError);
    },
  );
});
