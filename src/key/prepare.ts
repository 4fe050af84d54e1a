/** From a secret to the midstates of its HMAC key. RFC 2104 §4. */
import { prepareBase32Key, prepareKey } from '#engine';
import type { Midstates } from '../engine/engine.js';
import type { HashFunction } from '../engine/hash.js';
import { sha1 } from '../engine/sha1.js';
import { sha256 } from '../engine/sha256.js';
import { sha512 } from '../engine/sha512.js';
import type { Algorithm } from './algorithm.js';
import { secretBytes } from './secret-bytes.js';

/** The hash functions by the names used in apps. */
export const HASHES: Readonly<Record<Algorithm, HashFunction>> = {
  SHA1: sha1,
  SHA256: sha256,
  SHA512: sha512,
};

/** The length of `undefined`. */
const MAX_MISSING_LENGTH = 9;

/** Whether a secret is a short text, to be checked by the decoder for a missing value. */
export function maySpellMissing(secret: unknown): boolean {
  return typeof secret === 'string' && secret.length <= MAX_MISSING_LENGTH;
}

/**
 * Prepares a key. A server loads a stored base32 text for a single verification, so the engine reads
 * plain base32 directly, without an array of bytes.
 *
 * @throws as `secretBytes`
 */
export function prepareSecret(algorithm: Algorithm, secret: unknown): Midstates {
  const hash = HASHES[algorithm];
  const isText = typeof secret === 'string' && !maySpellMissing(secret);
  const midstates = isText ? prepareBase32Key(hash, secret) : undefined;
  return midstates ?? prepareBytes(hash, secret);
}

/** Prepares a key from bytes, or from a text left to the decoder by the engine. */
function prepareBytes(hash: HashFunction, secret: unknown): Midstates {
  const bytes = secretBytes(secret);
  const midstates = prepareKey(hash, bytes);
  // Decoded bytes belong to this call: erase them. A caller's bytes stay as they are.
  if (typeof secret === 'string') bytes.fill(0);
  return midstates;
}
