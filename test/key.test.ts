/** From a secret to a key: what is taken, what the key makes, and that it shows nothing of it. */
import { Session } from 'node:inspector/promises';
import { inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { decodeBase32Lenient } from '../src/base32.js';
import { generateHotp, resyncHotp, verifyHotp } from '../src/hotp.js';
import { OtpKey } from '../src/key/otp-key.js';
import { createKey } from '../src/key.js';
import { verifyHotpOnce, verifyTotpOnce } from '../src/single-use.js';
import { memoryStore } from '../src/stores/memory.js';
import { generateTotp, resyncTotp, verifyTotp, verifyTotpBatch } from '../src/totp.js';
import { missingValues, nearlyMissing } from './support/missing-values.js';
import { base32Cases } from './vectors/base32-cases.js';
import { derivedHmac } from './vectors/hmac.js';
import { rfc4226 } from './vectors/rfc4226.js';
import { rfc6238 } from './vectors/rfc6238.js';

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const rfcSecret = bytesOf(rfc4226.secretHex);
const rfcText = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const rfcCode = '755224';

/** The 9-digit code of an HMAC by RFC 4226 §5.3, byte by byte. */
function codeOf(hmacHex: string): string {
  const mac = Buffer.from(hmacHex, 'hex');
  const truncated = mac.readUInt32BE((mac.at(-1) as number) & 15) & 0x7fffffff;
  return String(truncated % 10 ** 9).padStart(9, '0');
}

describe('A key makes the codes', () => {
  test.each(rfc4226.cases)('of RFC 4226 Appendix D, counter $counter', ({ counter, code }) => {
    expect(generateHotp(createKey(rfcSecret), counter)).toBe(code);
    expect(generateHotp(createKey(rfcText), counter)).toBe(code);
  });

  test.each(rfc6238.cases)('of RFC 6238 Appendix B, $algorithm at $timeSeconds s', (vector) => {
    const key = createKey(bytesOf(vector.secretHex), { algorithm: vector.algorithm });
    expect(generateHotp(key, vector.step, { digits: 8 })).toBe(vector.code);
  });

  test.each(derivedHmac)('of $algorithm with a key of $keyLength bytes', (vector) => {
    const unit = bytesOf(vector.keyUnitHex);
    const secret = Uint8Array.from(
      { length: vector.keyLength },
      (_, i) => unit[i % unit.length] as number,
    );
    const key = createKey(secret, { algorithm: vector.algorithm });
    const counter = Number(`0x${vector.messageHex}`);
    expect(generateHotp(key, counter, { digits: 9 })).toBe(codeOf(vector.hmacHex));
  });
});

describe('A secret', () => {
  test.each([
    { form: 'a Uint8Array', secret: rfcSecret },
    { form: 'a Buffer', secret: Buffer.from(rfcSecret) },
    {
      form: 'a view into a longer buffer',
      secret: Buffer.from('--12345678901234567890--').subarray(2, 22),
    },
    { form: 'the Uint8Array of another realm', secret: anotherRealm(rfcSecret) },
    { form: 'shared memory', secret: shared(rfcSecret) },
    { form: 'base32', secret: rfcText },
    { form: 'base32 in lower case and groups', secret: 'gezd gnbv gy3t qojq-gezd gnbv gy3t qojq' },
    { form: 'padded base32', secret: `${rfcText}========` },
  ])('may come as $form', ({ secret }) => {
    expect(generateHotp(createKey(secret), 0)).toBe(rfcCode);
  });

  // The key and the codes are those of PyOTP's README.
  test.each([
    { counter: 0, code: '260182' },
    { counter: 1, code: '055283' },
    { counter: 1401, code: '316439' },
  ])('of 10 bytes, as old ones are, makes code $code', ({ counter, code }) => {
    expect(generateHotp(createKey('base32secret3232'), counter)).toBe(code);
  });

  test('that is ASCII text by older libraries is given as its bytes', () => {
    const secret = '12345678901234567890';
    expect(generateHotp(createKey(new TextEncoder().encode(secret)), 0)).toBe(rfcCode);
    expect(() => createKey(secret)).toThrow(
      expect.objectContaining({ name: 'OtpError', code: 'invalid-character', position: 0 }),
    );
  });

  test('is not changed', () => {
    const secret = Uint8Array.from({ length: 200 }, (_, i) => i);
    const copy = secret.slice();
    for (const length of [1, 20, 64, 65, 128, 129, 200]) {
      for (const algorithm of ['SHA1', 'SHA256', 'SHA512'] as const) {
        generateHotp(createKey(secret.subarray(0, length), { algorithm }), 0);
      }
    }
    expect(secret).toEqual(copy);
  });

  test('is not kept: the key stays what it was when the bytes change', () => {
    const secret = rfcSecret.slice();
    const key = createKey(secret);
    secret.fill(0);
    expect(generateHotp(key, 0)).toBe(rfcCode);
  });

  test.each(base32Cases.filter(({ lenient }) => lenient))(
    'is read as: $why',
    ({ input, lenient }) => {
      const expected = generateHotp(createKey(bytesOf(lenient as string)), 1, { digits: 9 });
      expect(generateHotp(createKey(input), 1, { digits: 9 })).toBe(expected);
    },
  );

  test.each(base32Cases.filter(({ lenient }) => lenient === null))(
    'is refused: $why',
    ({ input }) => {
      expect(() => createKey(input)).toThrow(expect.objectContaining({ name: 'OtpError' }));
    },
  );

  test.each(missingValues)('that is the text of a missing value is refused: %j', (text) => {
    const code = text.includes('[') ? 'invalid-character' : 'invalid-secret';
    for (const algorithm of ['SHA1', 'SHA256', 'SHA512'] as const) {
      expect(() => createKey(text, { algorithm })).toThrow(
        expect.objectContaining({ name: 'OtpError', code }),
      );
    }
  });

  test.each(nearlyMissing)('that only looks like one is taken: %s', (text) => {
    expect(generateHotp(createKey(text), 0)).toBe(
      generateHotp(createKey(decodeBase32Lenient(text)), 0),
    );
  });

  test.each(base32Cases.filter(({ lenient }) => lenient === ''))('is empty: $why', ({ input }) => {
    const error = { name: 'OtpError', code: 'empty-secret', position: 0 };
    expect(() => createKey(input)).toThrow(expect.objectContaining(error));
  });

  test.each([new Uint8Array(0), Buffer.alloc(0), anotherRealm(new Uint8Array(0))])(
    'of no bytes is a RangeError (form %#)',
    (secret) => {
      expect(() => createKey(secret)).toThrow(RangeError);
    },
  );

  test.each([
    ...[undefined, null, 5, 5n, true, {}, [], [1, 2, 3], () => rfcText, Symbol('secret')],
    ...[Object(rfcText), rfcSecret.buffer, new DataView(rfcSecret.buffer)],
    ...[new Uint8ClampedArray(20), new Int8Array(20), new Uint16Array(20)],
    { length: 20, [Symbol.toStringTag]: 'Uint8Array' },
    createKey(rfcSecret),
  ])('of another kind (value %#) is a TypeError', (secret) => {
    expect(() => createKey(secret as never)).toThrow(TypeError);
  });
});

describe('The algorithm', () => {
  test('is SHA1 unless another is asked for', () => {
    for (const options of [undefined, {}, { algorithm: undefined }, Object.create(null)]) {
      expect(createKey(rfcSecret, options).algorithm).toBe('SHA1');
    }
  });

  test.each(['SHA1', 'SHA256', 'SHA512'] as const)('%s shows on the key', (algorithm) => {
    expect(createKey(rfcSecret, { algorithm }).algorithm).toBe(algorithm);
  });

  test.each(['sha1', 'SHA-1', 'SHA224', 'SHA384', '', ' SHA1', '__proto__', 'toString'])(
    'named "%s" is a RangeError',
    (algorithm) => {
      expect(() => createKey(rfcSecret, { algorithm: algorithm as never })).toThrow(RangeError);
    },
  );

  test.each([null, 1, 256, true, ['SHA1'], Object('SHA1'), { toString: () => 'SHA1' }])(
    'given as %o is a TypeError',
    (algorithm) => {
      expect(() => createKey(rfcSecret, { algorithm: algorithm as never })).toThrow(TypeError);
    },
  );

  test.each([null, 'SHA1', 1, true, ['SHA1'], () => ({})])(
    'cannot hide in options that are %o',
    (options) => {
      expect(() => createKey(rfcSecret, options as never)).toThrow(TypeError);
    },
  );

  test('does not come from a polluted Object.prototype', () => {
    const prototype = Object.prototype as { algorithm?: unknown };
    prototype.algorithm = 'SHA512';
    try {
      expect(generateHotp(createKey(rfcSecret), 0)).toBe(rfcCode);
      expect(generateHotp(createKey(rfcSecret, {}), 0)).toBe(rfcCode);
    } finally {
      delete prototype.algorithm;
    }
  });

  test('that is written over on the key changes no code', () => {
    const key = createKey(rfcSecret);
    Reflect.set(key, 'algorithm', 'SHA512');
    Reflect.deleteProperty(key, 'algorithm');
    expect(generateHotp(key, 0)).toBe(rfcCode);
  });
});

describe('A key shows its algorithm and nothing else', () => {
  const key = createKey(rfcSecret, { algorithm: 'SHA256' });
  const shown = { algorithm: 'SHA256' };

  test('as JSON', () => {
    expect(JSON.stringify(key)).toBe('{"algorithm":"SHA256"}');
  });

  test('on the console', () => {
    const options = { showHidden: true, depth: null, showProxy: true, getters: true };
    expect(inspect(key, options)).toBe("OtpKey { algorithm: 'SHA256' }");
  });

  test('among its own properties and those of its class', () => {
    expect(Reflect.ownKeys(key)).toEqual(['algorithm']);
    expect(Object.keys(Object.getOwnPropertyDescriptors(key))).toEqual(['algorithm']);
    expect({ ...key }).toEqual(shown);
    expect(Reflect.ownKeys(OtpKey.prototype)).toEqual(['constructor']);
    expect(Reflect.ownKeys(OtpKey).sort()).toEqual(['length', 'name', 'prototype']);
  });

  test('in a clone, which is no key any more', () => {
    expect(structuredClone(key)).toEqual(shown);
    expect(deserialize(serialize(key))).toEqual(shown);
  });

  test('as a text', () => {
    expect(String(key)).toBe('[object Object]');
  });

  // V8 lists private fields too, but apart from the own properties.
  test('among the own properties that a debugger lists', async () => {
    const session = new Session();
    session.connect();
    vi.stubGlobal('subjectOfTheDebugger', key);
    const { result } = await session.post('Runtime.evaluate', {
      expression: 'subjectOfTheDebugger',
    });
    const listed = await session.post('Runtime.getProperties', {
      objectId: result.objectId as string,
      ownProperties: true,
    });
    session.disconnect();
    expect(listed.result.map(({ name }) => name)).toEqual(['algorithm']);
  });
});

describe('A forged key is a TypeError', () => {
  const key = createKey(rfcSecret);
  const forgeries = [
    { forgery: 'an object with the prototype', forged: Object.create(OtpKey.prototype) },
    { forgery: 'an heir of a key', forged: Object.create(key) },
    { forgery: 'a proxy of a key', forged: new Proxy(key, {}) },
    { forgery: 'a clone of a key', forged: structuredClone(key) },
    { forgery: 'a copy of its properties', forged: { ...key } },
    { forgery: 'an array of a key', forged: [key] },
    { forgery: 'the class', forged: OtpKey },
    { forgery: 'the bytes of the secret', forged: rfcSecret },
    { forgery: 'the text of the secret', forged: rfcText },
    { forgery: 'null', forged: null },
    { forgery: 'undefined', forged: undefined },
    { forgery: 'a number', forged: 1 },
    { forgery: 'a symbol', forged: Symbol('key') },
  ];
  const claim = { store: memoryStore(), id: 'alice' };
  const codes = [rfcCode, '287082'];
  const users: readonly { user: string; use: (forged: OtpKey) => unknown }[] = [
    { user: 'generateHotp', use: (forged) => generateHotp(forged, 0) },
    { user: 'verifyHotp', use: (forged) => verifyHotp(forged, rfcCode, { counter: 0 }) },
    { user: 'resyncHotp', use: (forged) => resyncHotp(forged, codes, { counter: 0 }) },
    {
      user: 'verifyHotpOnce',
      use: (forged) => verifyHotpOnce(forged, rfcCode, { ...claim, counter: 0 }),
    },
    { user: 'generateTotp', use: (forged) => generateTotp(forged) },
    { user: 'verifyTotp', use: (forged) => verifyTotp(forged, rfcCode) },
    { user: 'verifyTotpBatch', use: (forged) => verifyTotpBatch([{ key: forged, code: rfcCode }]) },
    { user: 'resyncTotp', use: (forged) => resyncTotp(forged, codes) },
    { user: 'verifyTotpOnce', use: (forged) => verifyTotpOnce(forged, rfcCode, claim) },
  ];

  describe.each(users)('to $user', ({ use }) => {
    test.each(forgeries)('if it is $forgery', async ({ forged }) => {
      await expect(async () => use(forged as never)).rejects.toThrow(TypeError);
    });

    test('unless it is none', async () => {
      await expect((async () => use(key))()).resolves.toBeDefined();
    });
  });
});

function anotherRealm(bytes: Uint8Array): Uint8Array {
  return runInNewContext(`Uint8Array.of(${bytes.join()})`);
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

afterEach(() => vi.unstubAllGlobals());

test.each(['NaN', 'Null', 'Undefined', 'True', 'undefined', ' null '])(
  'A missing value as a secret (%o) is named as one, not as base64',
  (text) => {
    expect(() => createKey(text)).toThrow(/missing value/);
    expect(() => createKey(text)).not.toThrow(/base64/);
  },
);
