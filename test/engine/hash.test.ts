/** Whole messages through the three hashes: FIPS 180-4 §5.1 padding and the standard's examples. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type HashFunction, hashBytes } from '../../src/engine/hash.js';
import { sha1 } from '../../src/engine/sha1.js';
import { sha256 } from '../../src/engine/sha256.js';
import { sha512 } from '../../src/engine/sha512.js';
import type { Algorithm } from '../../src/key/algorithm.js';
import { fips180 } from '../vectors/fips180.js';

const hashes: Readonly<Record<Algorithm, HashFunction>> = {
  SHA1: sha1,
  SHA256: sha256,
  SHA512: sha512,
};

function digest(hash: HashFunction, message: Uint8Array): string {
  const words = hashBytes(hash, message, message.length, new Int32Array(hash.scheduleWords));
  return hexOf(words);
}

function hexOf(words: Int32Array): string {
  return Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

test.each(fips180)('$algorithm of "$unit" × $repeat is the digest of $source', (vector) => {
  const message = Buffer.from(vector.unit.repeat(vector.repeat));
  expect(digest(hashes[vector.algorithm], message)).toBe(vector.digestHex);
});

describe.each(Object.entries(hashes))('%s', (name, hash) => {
  // 300 bytes are two blocks of SHA-512 and more, so every place of the end mark and of the length
  // is met: with room, just fitting, and spilled into one more block.
  test('agrees with node:crypto for every length up to 300 bytes', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 151 + 7) & 0xff);
    for (let length = 0; length <= bytes.length; length++) {
      const message = bytes.subarray(0, length);
      const expected = createHash(name).update(message).digest('hex');
      expect(digest(hash, message), `${length} bytes`).toBe(expected);
    }
  });

  test('does not depend on what the working space held', () => {
    const message = Buffer.from('abc');
    const used = new Int32Array(hash.scheduleWords).fill(-1);
    expect(hexOf(hashBytes(hash, message, message.length, used))).toBe(digest(hash, message));
  });

  test('leaves the message and its own initial state as they are', () => {
    const message = Buffer.from('abc');
    const initialState = [...hash.initialState];
    digest(hash, message);
    expect(message.toString()).toBe('abc');
    expect(hash.initialState).toEqual(initialState);
  });

  // 2^29 bytes are 2^32 bits, the first length that needs its upper word. Some seconds.
  test.runIf(process.env.SLOW)(
    'counts the bits of a message of half a gigabyte',
    {
      timeout: 600_000,
    },
    () => {
      const message = new Uint8Array(2 ** 29 + 1);
      expect(digest(hash, message)).toBe(createHash(name).update(message).digest('hex'));
    },
  );
});
