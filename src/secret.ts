/**
 * New secrets. RFC 4226 §4 R6 and §7.5. The only file that asks for random bytes.
 *
 * Keeping a secret is left to the caller: encrypted at rest, never logged, never sent twice.
 */
import { type Bytes, requireInteger } from './arguments/guards.js';

export type { Bytes } from './arguments/guards.js';

/** 160 bits, as RFC 4226 R6 recommends; every app accepts it. */
const DEFAULT_BYTES = 20;
/** 128 bits, the minimum of RFC 4226 R6. */
const MIN_BYTES = 16;
/** Far above any hash's block; a longer secret is no stronger. */
const MAX_BYTES = 4096;

/**
 * Makes a secret from the platform's cryptographic random source (`crypto.getRandomValues`).
 *
 * @param byteLength - bytes, 16 to 4,096; 32 for SHA256 and 64 for SHA512 match the hash's strength
 * @throws {RangeError} if `byteLength` is out of range
 * @throws {TypeError} if it is not a number, or the runtime lacks a working `crypto.getRandomValues`
 * @see {@link https://www.rfc-editor.org/rfc/rfc4226#section-4 | RFC 4226 §4, R6}
 *
 * @example
 * ```ts
 * import { generateSecret } from 'otpcore';
 *
 * console.log(generateSecret().length); // → 20
 * ```
 */
export function generateSecret(byteLength: number = DEFAULT_BYTES): Bytes {
  requireInteger('byteLength', byteLength, MIN_BYTES, MAX_BYTES);
  const source = (globalThis as { readonly crypto?: RandomSource }).crypto;
  if (typeof source?.getRandomValues !== 'function') {
    // No fallback: Math.random would make guessable secrets.
    throw new TypeError('generateSecret needs crypto.getRandomValues, which this runtime lacks');
  }
  const secret = source.getRandomValues(new Uint8Array(byteLength));
  // 16 zero bytes come by chance once in 2^128 times, so the source does not work.
  if (secret.every((byte) => byte === 0)) throw new TypeError('the random source gave only zeros');
  return secret;
}

/** The one part of the Web Crypto API in use; `src` avoids every runtime's own types. */
interface RandomSource {
  getRandomValues(bytes: Bytes): Bytes;
}
