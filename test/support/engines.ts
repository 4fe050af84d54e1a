/** The engines as tests call them: with a hash function named by its algorithm. */
import type { Engine, Midstates } from '../../src/engine/engine.js';
import { HASHES } from '../../src/engine/hashes.js';
import * as portableEngine from '../../src/engine/portable.js';
import * as simdEngine from '../../src/engine/simd.js';
import type { Algorithm } from '../../src/key/algorithm.js';

export interface NamedEngine extends Omit<Engine, 'prepare' | 'prepareText'> {
  prepare(algorithm: Algorithm, secret: Uint8Array): Midstates;
  prepareText(algorithm: Algorithm, text: string): Midstates | undefined;
}

export function byAlgorithm(engine: Engine): NamedEngine {
  return {
    ...engine,
    prepare: (algorithm, secret) => engine.prepare(HASHES[algorithm], secret),
    prepareText: (algorithm, text) => engine.prepareText(HASHES[algorithm], text),
  };
}

export const portable: NamedEngine = byAlgorithm(portableEngine);
export const simd: NamedEngine = byAlgorithm(simdEngine);
