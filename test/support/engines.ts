/** The engines as tests call them: with a hash function named by its algorithm. */
import type { Engine, Midstates, SecretAttempt } from '../../src/engine/engine.js';
import type { HashFunction } from '../../src/engine/hash.js';
import * as portableEngine from '../../src/engine/portable.js';
import { sha1 } from '../../src/engine/sha1.js';
import { sha256 } from '../../src/engine/sha256.js';
import { sha512 } from '../../src/engine/sha512.js';
import * as simdEngine from '../../src/engine/simd.js';
import type { Algorithm } from '../../src/key/algorithm.js';

export const HASHES: Readonly<Record<Algorithm, HashFunction>> = {
  SHA1: sha1,
  SHA256: sha256,
  SHA512: sha512,
};

export interface NamedEngine
  extends Omit<Engine, 'prepareKey' | 'prepareBase32Key' | 'matchSecrets'> {
  prepareKey(algorithm: Algorithm, secret: Uint8Array): Midstates;
  prepareBase32Key(algorithm: Algorithm, text: string): Midstates | undefined;
  matchSecrets(algorithm: Algorithm, attempts: readonly SecretAttempt[], digits: number): void;
}

export function byAlgorithm(engine: Engine): NamedEngine {
  return {
    ...engine,
    prepareKey: (algorithm, secret) => engine.prepareKey(HASHES[algorithm], secret),
    prepareBase32Key: (algorithm, text) => engine.prepareBase32Key(HASHES[algorithm], text),
    matchSecrets: (algorithm, attempts, digits) =>
      engine.matchSecrets(HASHES[algorithm], attempts, digits),
  };
}

export const portable: NamedEngine = byAlgorithm(portableEngine);
export const simd: NamedEngine = byAlgorithm(simdEngine);
