/** The three hash functions of an OTP (RFC 6238 §1.2), by the names used in apps. */
import { wrongKind } from '../arguments/guards.js';

/** The hash inside the HMAC. RFC 4226 defines SHA1, and every app computes it. */
export type Algorithm = 'SHA1' | 'SHA256' | 'SHA512';

export const DEFAULT_ALGORITHM: Algorithm = 'SHA1';

/** @throws {TypeError} unless `algorithm` is a string; {RangeError} unless it is one of the three. */
export function requireAlgorithm(algorithm: unknown): Algorithm {
  if (algorithm === 'SHA1' || algorithm === 'SHA256' || algorithm === 'SHA512') return algorithm;
  if (typeof algorithm !== 'string') wrongKind('algorithm', 'a string', algorithm);
  throw new RangeError('"algorithm" must be one of SHA1, SHA256, SHA512');
}
