/**
 * Checks of single values. Every number that a caller passes goes through here: a NaN, a fraction or
 * a string in the arithmetic would give a wrong code in silence.
 *
 * A wrong kind is a `TypeError`, a wrong value a `RangeError`. A message names the argument, the
 * expectation and the kind that came. It leaves the value out, which may be a secret or a code.
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

/** @throws {TypeError} always: names the argument, the expected kind and the kind that came. */
export function wrongKind(name: string, expected: string, value: unknown): never {
  throw new TypeError(`"${name}" must be ${expected}, got ${kindOf(value)}`);
}

/**
 * @param advice - added to the message of the RangeError: the unit, or the remedy
 * @throws {TypeError} unless `value` is a number; {RangeError} unless a whole one in `min … max`.
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
 * Bytes in memory that is not shared: WebCrypto, `Blob` and `fetch` take no others. TypeScript before
 * 5.7 cannot read `Uint8Array<ArrayBuffer>`.
 */
export type Bytes = Uint8Array & { readonly buffer: ArrayBuffer };

/** Whether `value` is a Uint8Array, of this realm or another: a test runner's sandbox has its own. */
export function isBytes(value: unknown): value is Uint8Array {
  return typedArrayName(value) === 'Uint8Array';
}

/** How many bytes there are at this moment. Shared memory may grow between two reads. */
export function lengthOf(bytes: Uint8Array): number {
  return typedArrayLength(bytes);
}

/** @throws {TypeError} unless `value` is a Uint8Array. */
export function requireBytes(name: string, value: unknown): Uint8Array {
  if (!isBytes(value)) wrongKind(name, 'a Uint8Array', value);
  return value;
}

/** A whole-number option that may be left out. */
export interface IntegerOption {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}
