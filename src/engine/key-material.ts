/** A caller's secret: its bytes, or its stored base32 text. */
import { prepareBase32Key, prepareKey } from '#engine';
import { decodeBase32Lenient } from '../base32.js';
import { OtpError } from '../errors.js';
import { isBytes, lengthOf, wrongKind } from '../internal/guards.js';
import type { Midstates } from './engine.js';
import type { HashFunction } from './hash.js';

const EXPECTED = 'a Uint8Array or a base32 string';

/**
 * Prepares a key. A server mostly loads a base32 text for one verification. The engine therefore
 * takes plain symbols directly, without a new array.
 *
 * @throws as {@link readSecret}
 */
export function prepareSecret(hash: HashFunction, secret: unknown): Midstates {
  const midstates = typeof secret === 'string' ? prepareBase32Key(hash, secret) : undefined;
  return midstates ?? prepareOther(hash, secret);
}

/** Any other secret: bytes, or a text to read or refuse character by character. */
function prepareOther(hash: HashFunction, secret: unknown): Midstates {
  const bytes = readSecret(secret);
  const midstates = prepareKey(hash, bytes);
  // These bytes were decoded here.
  if (typeof secret === 'string') bytes.fill(0);
  return midstates;
}

/** @throws {TypeError} unless `secret` is bytes or a string, readable or not. */
export function requireSecretKind(secret: unknown): Uint8Array | string {
  if (typeof secret !== 'string' && !isBytes(secret)) wrongKind('secret', EXPECTED, secret);
  return secret;
}

/** @throws as {@link readSecret}, without preparing a key. */
export function checkSecret(secret: Uint8Array | string): void {
  const bytes = readSecret(secret);
  if (typeof secret === 'string') bytes.fill(0);
}

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
  return requireSecret(secret, EXPECTED);
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
