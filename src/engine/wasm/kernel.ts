/**
 * The kernels of one hash function as one module: HMAC over four counters at once, the search for a
 * code, and key set-up.
 *
 * Four candidates of one key, or one candidate of each of four keys, are the four lanes of a
 * vector; with 64-bit words they are the lanes of two.
 */
import { prepare, prepareText } from './key-setup.js';
import { FOUR_ZERO_SYMBOLS, MEMORY, PREPARE, TEXT_BYTES } from './layout.js';
import { hmacOfCounters, otherRounds } from './mac.js';
import { match, matchEach, truncate } from './match.js';
import { assemble } from './module.js';
import type { RoundFunction } from './words.js';

/** Writes the module of one hash function. */
export function kernelModule(hash: RoundFunction): Uint8Array {
  const text = new Array<number>(TEXT_BYTES / 4).fill(FOUR_ZERO_SYMBOLS);
  return assemble(
    [
      otherRounds(hash),
      hmacOfCounters(hash),
      prepare(hash),
      match(hash),
      matchEach(hash),
      truncate(hash),
      prepareText(hash),
    ],
    {
      prepare: PREPARE,
      match: 3,
      matchEach: 4,
      truncate: 5,
      prepareText: 6,
    },
    { address: MEMORY.text, words: [...text, ...hash.table] },
  );
}
