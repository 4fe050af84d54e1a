/** What a caller may hand over as a secret: its bytes, or the base32 text that is stored. */
import { decodeBase32Lenient } from '../base32.js';
import { OtpError } from '../errors.js';
import { isBytes, wrongKind } from '../internal/guards.js';

/**
 * The secret's bytes, one or more.
 *
 * @throws {OtpError} `invalid-character` or `invalid-padding`, or `empty-secret` if the text holds
 *   no whole byte
 * @throws {RangeError} if there are no bytes
 * @throws {TypeError} if `secret` is neither bytes nor a text
 */
export function readSecret(secret: unknown): Uint8Array {
  if (typeof secret === 'string') {
    const bytes = decodeBase32Lenient(secret);
    if (bytes.length === 0) throw new OtpError('empty-secret', 0, 'the secret holds no whole byte');
    return bytes;
  }
  if (!isBytes(secret)) wrongKind('secret', 'a Uint8Array or a base32 string', secret);
  if (secret.length === 0) throw new RangeError('"secret" must have at least one byte');
  return secret;
}
