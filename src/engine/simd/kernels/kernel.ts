/**
 * The kernels of one hash function as one module: HMAC over four counters at once, the search for a
 * code, and key set-up.
 *
 * Four candidates of one key, or one candidate of each of four keys, are the four lanes of a
 * vector; with 64-bit words they are the lanes of two.
 */

import { PREPARE, TABLE } from '../layout.js';
import { prepare, prepareText } from './key-setup.js';
import { hmacOfCounters, otherRounds } from './mac.js';
import { match, matchEach, truncate } from './match.js';
import { assemble } from './module.js';
import type { RoundFunction } from './words.js';

/** Writes the module of one hash function. */
export function kernelModule(hash: RoundFunction): Uint8Array {
  const writers = [otherRounds, hmacOfCounters, prepare, match, matchEach, truncate, prepareText];
  return assemble(
    writers.map((write) => write(hash)),
    { prepare: PREPARE, match: 3, matchEach: 4, truncate: 5, prepareText: 6 },
    4 * TABLE,
    hash.table(),
  );
}
