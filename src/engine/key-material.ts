/** What a caller may hand over as a secret: its bytes, or the base32 text that is stored. */
import { prepare, prepareText } from '#engine';
import { decodeBase32Lenient } from '../base32.js';
import { OtpError } from '../errors.js';
import { isBytes, lengthOf, wrongKind } from '../internal/guards.js';
import type { Midstates } from './engine.js';
import type { HashFunction } from './hash.js';

/** Up to this length a text may be that of a missing value, for which the decoder looks. */
const MAX_MISSING_LENGTH = 9;

/**
 * Prepares a key. A secret in base32 mostly lives no longer than this call: a server loads its text
 * for one verification. So a text of nothing but symbols is the engine's, without so much as a new
 * array.
 *
 * @throws as {@link readSecret}
 */
export function prepareSecret(hash: HashFunction, secret: unknown): Midstates {
  const isLongText = typeof secret === 'string' && secret.length > MAX_MISSING_LENGTH;
  const midstates = isLongText ? prepareText(hash, secret) : undefined;
  return midstates ?? prepareOther(hash, secret);
}

/** Any other secret: bytes, or a text to be read, or refused, character by character. */
function prepareOther(hash: HashFunction, secret: unknown): Midstates {
  const bytes = readSecret(secret);
  const midstates = prepare(hash, bytes);
  // Bytes that were decoded here are nobody else's.
  if (typeof secret === 'string') bytes.fill(0);
  return midstates;
}

/**
 * The secret's bytes, one or more.
 *
 * @throws {OtpError} `invalid-character`, `invalid-padding` or `invalid-secret`, or `empty-secret` if
 *   the text holds no whole byte
 * @throws {RangeError} if there are no bytes
 * @throws {TypeError} if `secret` is neither bytes nor a text
 */
export function readSecret(secret: unknown): Uint8Array {
  if (typeof secret === 'string') {
    const bytes = decodeBase32Lenient(secret);
    if (bytes.length === 0) throw new OtpError('empty-secret', 0, 'the secret holds no whole byte');
    return bytes;
  }
  return requireSecret(secret, 'a Uint8Array or a base32 string');
}

/**
 * @throws {TypeError} unless `secret` is bytes
 * @throws {RangeError} if there are none
 */
export function requireSecret(secret: unknown, expected = 'a Uint8Array'): Uint8Array {
  if (!isBytes(secret)) wrongKind('secret', expected, secret);
  if (lengthOf(secret) === 0) throw new RangeError('"secret" must have at least one byte');
  return secret;
}
