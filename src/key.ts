/**
 * From a secret to a prepared key. RFC 2104 §4: a key is hashed once, not once a code.
 *
 * Keep the secret in the database and the key in memory, as long as it is of use; a key cannot be
 * turned back into its secret, but it makes the same codes, so it is no less confidential.
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
   * The hash inside the HMAC. Default `'SHA1'`, which RFC 4226 defines and every app computes; its
   * known collisions do not weaken HMAC.
   */
  readonly algorithm?: Algorithm | undefined;
}

const OPTION_NAMES = ['algorithm'];

/**
 * Prepares a key from a secret.
 *
 * Secrets of any length are taken, because old ones of 10 bytes are still in use; new ones come
 * from `generateSecret`, which makes none below 16.
 *
 * @param secret - the secret's bytes; or its base32 text, read as `decodeBase32Lenient` does. Text in
 *   hexadecimal or base64 is decoded first: `Buffer.from(hex, 'hex')`
 * @param options - `algorithm`; the other fields of a parsed URI are left alone
 * @returns a key that shows its algorithm and nothing else
 * @throws {OtpError} if the text is not base32 (`invalid-character`, `invalid-padding`), holds no whole
 *   byte (`empty-secret`), or is that of a missing value such as `undefined` or `null`
 *   (`invalid-secret`)
 * @throws {RangeError} if there are no bytes, or the algorithm is unknown
 * @throws {TypeError} if `secret` is neither bytes nor a text, or an option has an unknown name
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
 * Prepares a key of SHA-1 from a secret's bytes: the same key as `createKey` makes of them. A bundle
 * that takes this function alone holds no other hash function and no base32.
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
