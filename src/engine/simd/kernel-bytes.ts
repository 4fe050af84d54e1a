/**
 * The bytes of the kernels, assembled at the first use of each hash function.
 *
 * The build replaces this file by the bytes themselves, so published programs leave out the assembler
 * and the source of the kernels.
 */
import { kernelModule } from './kernels/kernel.js';
import { sha1Rounds } from './kernels/sha1-rounds.js';
import { sha256Rounds, sha512Rounds } from './kernels/sha2-rounds.js';

const ROUNDS = [sha1Rounds, sha256Rounds, sha512Rounds] as const;

/**
 * The WebAssembly module of one hash function.
 *
 * @param index - 0 for SHA-1, 1 for SHA-256, 2 for SHA-512
 */
export function kernelBytes(index: number): Uint8Array {
  return kernelModule(ROUNDS[index] as (typeof ROUNDS)[number]);
}
