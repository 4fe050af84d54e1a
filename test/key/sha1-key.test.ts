/** A key of SHA-1 alone is the key that createKey makes of the same bytes. */
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { midstatesOf } from '../../src/key/otp-key.js';
import { createKey, createSha1Key } from '../../src/key.js';
import { generateTotp, verifyTotp } from '../../src/totp.js';
import { rfc6238 } from '../vectors/rfc6238.js';

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

test.each(rfc6238.cases.filter(({ algorithm }) => algorithm === 'SHA1'))(
  'RFC 6238: the code at $timeSeconds s is $code',
  ({ secretHex, timeSeconds, code }) => {
    const key = createSha1Key(bytesOf(secretHex));
    const timestamp = 1000 * timeSeconds;
    expect(generateTotp(key, { timestamp, digits: 8 })).toBe(code);
    expect(verifyTotp(key, code, { timestamp, digits: 8 })).toMatchObject({ valid: true });
  },
);

test('It is the key of createKey, for secrets of any length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (secret) => {
      const key = createSha1Key(secret);
      expect(key.algorithm).toBe('SHA1');
      expect(midstatesOf(key)).toEqual(midstatesOf(createKey(secret)));
    }),
  );
});

test('Bytes of another realm are bytes, and those of the caller stay as they are', () => {
  const secret = runInNewContext('Uint8Array.of(1, 2, 3)') as Uint8Array;
  expect(midstatesOf(createSha1Key(secret))).toEqual(midstatesOf(createKey(secret)));
  expect([...secret]).toEqual([1, 2, 3]);
});

test('No bytes are a RangeError, and base32 text is a TypeError: it is not read here', () => {
  expect(() => createSha1Key(new Uint8Array(0))).toThrow(RangeError);
  expect(() => createSha1Key('GEZDGNBVGY3TQOJQ' as never)).toThrow(TypeError);
});
