/**
 * A prepared key and the only way into it.
 *
 * The midstates are as good as the secret for making codes, so nothing shows them: not a property,
 * not JSON, not `console.log`. They live in a private field, and `midstatesOf`, which is exported
 * to no subpath, is the one function that can read it.
 */

import { wrongKind } from '../arguments/guards.js';
import type { Midstates } from '../engine/engine.js';
import type { Algorithm } from './algorithm.js';

let readMidstates: ((key: OtpKey) => Midstates | undefined) | undefined;

/** A secret prepared for use with one algorithm. Made by `createKey`. */
export class OtpKey {
  /** Only code in here can see the private field. */
  static readonly #read = (key: OtpKey): Midstates | undefined =>
    #midstates in key ? key.#midstates : undefined;

  /** The hash inside the HMAC. For show: changing it changes no code. */
  readonly algorithm: Algorithm;
  readonly #midstates: Midstates;

  constructor(algorithm: Algorithm, midstates: Midstates) {
    // Only `createKey` has midstates; the constructor can be reached through any key, though.
    const { length } = midstates;
    if (length !== 10 && length !== 16 && length !== 32)
      wrongKind('midstates', 'those of a hash', midstates);
    this.algorithm = algorithm;
    this.#midstates = midstates;
    // A static block could hand it out once, but React Native's bundler refuses those.
    readMidstates = OtpKey.#read;
  }
}

/**
 * The midstates of a key.
 *
 * @param order - the arguments of the call, for the message
 * @throws {TypeError} if `key` is anything but an OtpKey of this very copy of the library
 */
export function midstatesOf(key: unknown, order = 'key, code, options'): Midstates {
  const midstates =
    typeof key === 'object' && key !== null ? readMidstates?.(key as OtpKey) : undefined;
  return midstates ?? refuseKey(key, order);
}

/** Tells a key from elsewhere by its algorithm, the one thing that every key shows. */
function refuseKey(key: unknown, order: string): never {
  const isForeign = typeof key === 'object' && key !== null && 'algorithm' in key;
  const remedy = isForeign
    ? 'of this copy of otpcore: a clone is no key, and `npm ls otpcore` lists the copies'
    : `(call createKey(secret) first; the order is ${order})`;
  wrongKind('key', `an OtpKey made by createKey ${remedy}`, key);
}
