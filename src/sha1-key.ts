/**
 * A key of SHA-1 alone, for where every byte is downloaded: a bundle that prepares its keys here
 * holds neither the other hash functions nor base32. RFC 2104 §4.
 *
 * On a server use `createKey`, which reads base32 and knows all three.
 */
import { prepareKey } from '#engine';
import { requireSecret } from './engine/key-material.js';
import { OtpKey } from './engine/otp-key.js';
import { sha1 } from './engine/sha1.js';

/**
 * Prepares a key of SHA-1 from a secret's bytes: the same key as `createKey` makes of them.
 *
 * @param secret - one byte or more
 * @throws {TypeError} if `secret` is not a Uint8Array
 * @throws {RangeError} if there are no bytes
 * @see {@link https://www.rfc-editor.org/rfc/rfc2104#section-4 | RFC 2104 §4}
 *
 * @example
 * ```ts
 * import { createSha1Key } from 'otpcore/sha1-key';
 * import { generateTotp } from 'otpcore/totp';
 *
 * const key = createSha1Key(new TextEncoder().encode('12345678901234567890'));
 * console.log(generateTotp(key, { timestamp: 59_000 })); // → 287082
 * ```
 */
export function createSha1Key(secret: Uint8Array): OtpKey {
  return new OtpKey('SHA1', prepareKey(sha1, requireSecret(secret)));
}
