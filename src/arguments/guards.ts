/**
 * Checks of single values. Every number from a caller passes through here: a NaN, a fraction or a
 * string in the arithmetic would silently give a wrong code.
 *
 * A wrong kind is a `TypeError`, a wrong value a `RangeError`. A message names the argument, the
 * expectation and the kind received. It omits the value, because it may be a secret or a code.
 */
import { typedArrayLength, typedArrayName } from './primordials.js';

/** Names the kind of a value for an error message. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return 'a Date';
  if (typeof value === 'object') return 'an object';
  return value === undefined ? 'undefined' : `a ${typeof value}`;
}

/** @throws {TypeError} always, naming the argument, the expected kind and the kind received. */
export function wrongKind(name: string, expected: string, value: unknown): never {
  throw new TypeError(`"${name}" must be ${expected}, got ${kindOf(value)}`);
}

/**
 * @param advice - added to the message of the RangeError: the unit, or the remedy
 * @throws {TypeError} unless `value` is a number; {RangeError} unless it is whole and in `min … max`.
 */
export function requireInteger(
  name: string,
  value: unknown,
  min: number,
  max: number,
  advice = '',
): number {
  // False for NaN, the infinities and every other type.
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
    wrongInteger(name, value, min, max, advice);
  }
  // Adding 0 turns minus zero into zero.
  return (value as number) + 0;
}

function wrongInteger(
  name: string,
  value: unknown,
  min: number,
  max: number,
  advice: string,
): never {
  if (typeof value !== 'number') wrongKind(name, 'a number', value);
  throw new RangeError(`"${name}" must be a whole number from ${min} to ${max}${advice}`);
}

/** @throws {TypeError} unless `value` is a string. */
export function requireString(name: string, value: unknown): string {
  if (typeof value !== 'string') wrongKind(name, 'a string', value);
  return value;
}

/**
 * Bytes in unshared memory: WebCrypto, `Blob` and `fetch` refuse shared memory. TypeScript before
 * 5.7 cannot read `Uint8Array<ArrayBuffer>`.
 */
export type Bytes = Uint8Array & { readonly buffer: ArrayBuffer };

/** Whether `value` is a Uint8Array, of any realm: a test runner's sandbox has a realm of its own. */
export function isBytes(value: unknown): value is Uint8Array {
  return typedArrayName(value) === 'Uint8Array';
}

/** The current length in bytes. Shared memory may grow between two reads. */
export function lengthOf(bytes: Uint8Array): number {
  return typedArrayLength(bytes);
}

/** @throws {TypeError} unless `value` is a Uint8Array. */
export function requireBytes(name: string, value: unknown): Uint8Array {
  if (!isBytes(value)) wrongKind(name, 'a Uint8Array', value);
  return value;
}

/** An optional whole number. */
export interface IntegerOption {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}
