/**
 * From a secret to a prepared key. RFC 2104 §4: a key is hashed once, not once a code.
 *
 * Keep the secret in the database and the key in memory, as long as it is of use; a key cannot be
 * turned back into its secret, but it makes the same codes, so it is no less confidential.
 */
import { HASHES } from './engine/hashes.js';
import { prepareSecret } from './engine/key-material.js';
import { OtpKey } from './engine/otp-key.js';
import { type Algorithm, DEFAULT_ALGORITHM, requireAlgorithm } from './internal/algorithm.js';
import { given, POLLUTION, requireOptions } from './internal/guards.js';
import { NO_OPTIONS } from './internal/steps.js';

export type { OtpKey } from './engine/otp-key.js';
export type { Algorithm } from './internal/algorithm.js';

/** Options of {@link createKey}. */
export interface CreateKeyOptions {
  /**
   * The hash inside the HMAC. Default `'SHA1'`, which RFC 4226 defines and every app computes; its
   * known collisions do not weaken HMAC.
   */
  readonly algorithm?: Algorithm | undefined;
}

/**
 * Prepares a key from a secret.
 *
 * Secrets of any length are taken, because old ones of 10 bytes are still in use; new ones come
 * from `generateSecret`, which makes none below 16.
 *
 * @param secret - the secret's bytes; or its base32 text, read as `decodeBase32Lenient` does
 * @returns a key that shows its algorithm and nothing else
 * @throws {OtpError} if the text is not base32 (`invalid-character`, `invalid-padding`), holds no whole
 *   byte (`empty-secret`), or is that of a missing value such as `undefined` or `null`
 *   (`invalid-secret`)
 * @throws {RangeError} if there are no bytes, or the algorithm is unknown
 * @throws {TypeError} if `secret` is neither bytes nor a text
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
  requireOptions(options);
  const { algorithm: wanted } = options;
  const algorithm = requireAlgorithm(
    given(options, 'algorithm', wanted, POLLUTION.algorithm, DEFAULT_ALGORITHM),
  );
  return new OtpKey(algorithm, prepareSecret(HASHES[algorithm], secret));
}
