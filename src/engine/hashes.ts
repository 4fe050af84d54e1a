/** The three hash functions by their names in apps. */
import type { Algorithm } from '../internal/algorithm.js';
import type { HashFunction } from './hash.js';
import { sha1 } from './sha1.js';
import { sha256 } from './sha256.js';
import { sha512 } from './sha512.js';

export const HASHES: Readonly<Record<Algorithm, HashFunction>> = {
  SHA1: sha1,
  SHA256: sha256,
  SHA512: sha512,
};
