/**
 * A prepared key and the only access to its midstates.
 *
 * The midstates make codes as well as the secret does, so they stay out of properties, JSON and
 * `console.log`. They live in a private field. `midstatesOf` alone reads it, and every subpath leaves
 * that function out.
 */

import { wrongKind } from '../arguments/guards.js';
import type { Midstates } from '../engine/engine.js';
import type { Algorithm } from './algorithm.js';

let readMidstates: ((key: OtpKey) => Midstates | undefined) | undefined;

/** A secret prepared for use with one algorithm. Made by `createKey`. */
export class OtpKey {
  /** Inside the class, because only its own code can read the private field. */
  static readonly #read = (key: OtpKey): Midstates | undefined =>
    #midstates in key ? key.#midstates : undefined;

  /** The hash inside the HMAC. Informative: assigning to it leaves the codes unchanged. */
  readonly algorithm: Algorithm;
  readonly #midstates: Midstates;

  constructor(algorithm: Algorithm, midstates: Midstates) {
    // Only `createKey` has midstates, but any key's `constructor` property leads here.
    const { length } = midstates;
    if (length !== 10 && length !== 16 && length !== 32)
      wrongKind('midstates', 'those of a hash', midstates);
    this.algorithm = algorithm;
    this.#midstates = midstates;
    // In the constructor, because React Native's bundler refuses static blocks.
    readMidstates = OtpKey.#read;
  }
}

/**
 * The midstates of a key.
 *
 * @param order - the arguments of the call, for the message
 * @throws {TypeError} unless `key` is an OtpKey made by this copy of the library
 */
export function midstatesOf(key: unknown, order = 'key, code, options'): Midstates {
  const midstates =
    typeof key === 'object' && key !== null ? readMidstates?.(key as OtpKey) : undefined;
  return midstates ?? refuseKey(key, order);
}

/** Recognises a key of another copy by `algorithm`, the one public property of a key. */
function refuseKey(key: unknown, order: string): never {
  const isForeign = typeof key === 'object' && key !== null && 'algorithm' in key;
  const remedy = isForeign
    ? 'of this copy of otpcore: a clone is not a key, and `npm ls otpcore` lists the copies'
    : `(call createKey(secret) first; the order is ${order})`;
  wrongKind('key', `an OtpKey made by createKey ${remedy}`, key);
}
