/** The bytes of a secret, from what a caller may pass: bytes, or the base32 text that is stored. */
import { isBytes, lengthOf, wrongKind } from '../arguments/guards.js';
import { decodeBase32Lenient } from '../base32.js';
import { OtpError } from '../errors.js';

/**
 * The secret's bytes, one or more.
 *
 * @throws {OtpError} `invalid-character`, `invalid-padding` or `invalid-secret`; `empty-secret` if the
 *   text holds no whole byte
 * @throws {RangeError} if there are no bytes
 * @throws {TypeError} if `secret` is neither bytes nor a string
 */
export function secretBytes(secret: unknown): Uint8Array {
  if (typeof secret === 'string') {
    const bytes = decodeBase32Lenient(secret);
    if (bytes.length === 0) throw new OtpError('empty-secret', 0, 'the secret holds no whole byte');
    return bytes;
  }
  return requireSecretBytes(secret, 'a Uint8Array or a base32 string');
}

/**
 * @throws {TypeError} unless `secret` is bytes
 * @throws {RangeError} if there are none
 */
export function requireSecretBytes(secret: unknown, expected = 'a Uint8Array'): Uint8Array {
  if (!isBytes(secret)) wrongKind('secret', expected, secret);
  if (lengthOf(secret) === 0) throw new RangeError('"secret" must have at least one byte');
  return secret;
}
