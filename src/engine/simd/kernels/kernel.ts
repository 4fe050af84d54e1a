/**
 * The kernels of one hash function as one module: key set-up, HMAC over counters, and the search for
 * a code.
 */
import { TABLE } from '../layout.js';
import { absorbKey, decode, prepareLanes, prepareOne, prepareText } from './key-setup.js';
import { hmacOfCounter, otherRounds } from './mac.js';
import { matchLanes, matchOne, truncate } from './match.js';
import { assemble } from './module.js';
import { LANE_WORDS, type RoundFunction } from './words.js';

/** Writes the module of one hash function. */
export function kernelModule(hash: RoundFunction): Uint8Array {
  const called = { otherRounds, hmacOfCounter, absorbKey };
  const one = { prepareOne, decode, prepareText, matchOne, truncate };
  // Four keys at once need lanes.
  const exported = hash.words === LANE_WORDS ? { ...one, prepareLanes, matchLanes } : one;
  const functions = { ...called, ...exported };
  const names = Object.keys(functions);
  return assemble(
    Object.values(functions).map((write) => write(hash)),
    Object.fromEntries(Object.keys(exported).map((name) => [name, names.indexOf(name)])),
    TABLE,
    hash.table,
  );
}
