/**
 * From a secret to a prepared key. RFC 2104 §4: a key is hashed once, and then serves many codes.
 *
 * Keep the secret in the database and the key in memory, for as long as it is in use. A key cannot
 * be turned back into its secret. It makes the same codes, so it is equally confidential.
 */
import { prepareKey } from '#engine';
import { NO_OPTIONS, requireKnownOptions } from './arguments/options.js';
import { sha1 } from './engine/sha1.js';
import { type Algorithm, DEFAULT_ALGORITHM, requireAlgorithm } from './key/algorithm.js';
import { OtpKey } from './key/otp-key.js';
import { prepareSecret } from './key/prepare.js';
import { requireSecretBytes } from './key/secret-bytes.js';

export type { Algorithm } from './key/algorithm.js';
export type { OtpKey } from './key/otp-key.js';

/** Options of {@link createKey}. */
export interface CreateKeyOptions {
  /**
   * The hash inside the HMAC. Default `'SHA1'`: RFC 4226 defines it and every app computes it. Its
   * known collisions do not weaken HMAC.
   */
  readonly algorithm?: Algorithm | undefined;
}

const OPTION_NAMES = ['algorithm'];

/**
 * Prepares a key from a secret.
 *
 * Secrets of any length are accepted, because old secrets of 10 bytes are still in use. New secrets
 * come from `generateSecret`, with 16 bytes or more.
 *
 * @param secret - the secret's bytes; or its base32 text, read as `decodeBase32Lenient` does. Decode
 *   hexadecimal or base64 first: `Buffer.from(hex, 'hex')`
 * @param options - `algorithm`; the other fields of a parsed URI are ignored
 * @returns a key with one readable property, `algorithm`
 * @throws {OtpError} `invalid-character` or `invalid-padding` if the text is not base32; `empty-secret`
 *   if it holds no whole byte; `invalid-secret` for a missing value such as `undefined` or `null`
 * @throws {RangeError} if there are no bytes, or the algorithm is unknown
 * @throws {TypeError} unless `secret` is a Uint8Array or a string, or if an option has an unknown name
 * @see {@link https://www.rfc-editor.org/rfc/rfc2104#section-4 | RFC 2104 §4}
 *
 * @example
 * ```ts
 * import { createKey, generateTotp } from 'otpcore';
 *
 * const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * console.log(generateTotp(key, { timestamp: 59_000 })); // → 287082
 * ```
 */
export function createKey(
  secret: Uint8Array | string,
  options: CreateKeyOptions = NO_OPTIONS,
): OtpKey {
  const { algorithm = DEFAULT_ALGORITHM } = requireKnownOptions(options, OPTION_NAMES);
  return new OtpKey(algorithm, prepareSecret(requireAlgorithm(algorithm), secret));
}

/**
 * Prepares a SHA-1 key from a secret's bytes, equal to the key from `createKey`. A bundle importing
 * only this function contains no other hash function and no base32.
 *
 * @param secret - one byte or more
 * @throws {TypeError} if `secret` is not a Uint8Array
 * @throws {RangeError} if there are no bytes
 * @see {@link https://www.rfc-editor.org/rfc/rfc2104#section-4 | RFC 2104 §4}
 *
 * @example
 * ```ts
 * import { createSha1Key } from 'otpcore/key';
 * import { generateTotp } from 'otpcore/totp';
 *
 * const key = createSha1Key(new TextEncoder().encode('12345678901234567890'));
 * console.log(generateTotp(key, { timestamp: 59_000 })); // → 287082
 * ```
 */
export function createSha1Key(secret: Uint8Array): OtpKey {
  return new OtpKey('SHA1', prepareKey(sha1, requireSecretBytes(secret)));
}
