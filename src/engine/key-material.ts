/** What a caller may hand over as a secret: its bytes, or the base32 text that is stored. */
import { engine } from '#engine';
import { decodeBase32Lenient } from '../base32.js';
import { OtpError } from '../errors.js';
import type { Algorithm } from '../internal/algorithm.js';
import { decodeSymbols, EITHER_CASE } from '../internal/base32-symbols.js';
import { isBytes, wrongKind } from '../internal/guards.js';
import type { Midstates } from './engine.js';

/** Room for the secrets of all but the longest texts; zeros between calls. */
const scratch = new Uint8Array(160);
const MAX_SCRATCH_CHARACTERS = 256;

/**
 * Prepares a key. A secret in base32 mostly lives no longer than this call: a server loads its text
 * for one verification, so here it is decoded without so much as a new array.
 *
 * @throws as {@link readSecret}
 */
export function prepareSecret(algorithm: Algorithm, secret: unknown): Midstates {
  if (typeof secret === 'string' && secret.length <= MAX_SCRATCH_CHARACTERS) {
    const midstates = prepareText(algorithm, secret);
    if (midstates !== undefined) return midstates;
  }
  const bytes = readSecret(secret);
  const midstates = engine.prepare(algorithm, bytes);
  // Bytes that were decoded here are nobody else's.
  if (typeof secret === 'string') bytes.fill(0);
  return midstates;
}

/** Prepares a key of a text that is nothing but symbols; undefined for any other. */
function prepareText(algorithm: Algorithm, text: string): Midstates | undefined {
  const length = (text.length * 5) >> 3;
  const isText = decodeSymbols(text, text.length, EITHER_CASE, scratch) >= 0 && length > 0;
  const midstates = isText ? engine.prepare(algorithm, scratch, length) : undefined;
  for (let i = 0; i < length; i++) scratch[i] = 0;
  return midstates;
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
  if (!isBytes(secret)) wrongKind('secret', 'a Uint8Array or a base32 string', secret);
  if (secret.length === 0) throw new RangeError('"secret" must have at least one byte');
  return secret;
}
