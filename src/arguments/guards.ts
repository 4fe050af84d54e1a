/**
 * The one place where arguments are checked. Every number a caller can pass goes through here,
 * because a NaN, a fraction or a text that slips into the arithmetic gives a wrong code, silently.
 *
 * A wrong kind is a `TypeError`, a wrong value a `RangeError`. Messages name the argument, what was
 * expected and what kind came, never the value: it may be a secret or a code.
 */

/** `f.call` as a function that does not look up what `call` is at the time. */
const uncurry = Function.prototype.bind.bind(Function.prototype.call) as unknown as (
  method: unknown,
) => unknown;
const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype);
/** Getters of typed arrays: they read internal slots, so that what they answer cannot be forged. */
const typedArrayName = uncurry(
  Object.getOwnPropertyDescriptor(typedArray, Symbol.toStringTag)?.get,
) as (value: unknown) => string | undefined;
const typedArrayLength = uncurry(Object.getOwnPropertyDescriptor(typedArray, 'length')?.get) as (
  value: unknown,
) => number;

const { hasOwn } = Object;
const { isSafeInteger } = Number;

/** Names the kind of a value for an error message, without telling anything of the value itself. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return 'a Date';
  if (typeof value === 'object') return 'an object';
  return value === undefined ? 'undefined' : `a ${typeof value}`;
}

/** @throws {TypeError} naming the argument, what it must be and what kind it is. */
export function wrongKind(name: string, expected: string, value: unknown): never {
  throw new TypeError(`"${name}" must be ${expected}, got ${kindOf(value)}`);
}

/** @throws {TypeError} unless `value` is a number; {RangeError} unless a whole one in `min … max`. */
export function requireInteger(name: string, value: unknown, min: number, max: number): number {
  // False for NaN, the infinities and everything that is no number.
  if (!isSafeInteger(value) || (value as number) < min || (value as number) > max) {
    wrongInteger(name, value, min, max);
  }
  // Minus zero becomes zero.
  return (value as number) + 0;
}

function wrongInteger(name: string, value: unknown, min: number, max: number): never {
  if (typeof value !== 'number') wrongKind(name, 'a number', value);
  throw new RangeError(`"${name}" must be a whole number from ${min} to ${max}`);
}

/** @throws {TypeError} unless `value` is a string. */
export function requireString(name: string, value: unknown): string {
  if (typeof value !== 'string') wrongKind(name, 'a string', value);
  return value;
}

/** Whether `value` is a Uint8Array of this or another realm (a test runner's sandbox has its own). */
export function isBytes(value: unknown): value is Uint8Array {
  return typedArrayName(value) === 'Uint8Array';
}

/** How many bytes there are at this moment: memory that is shared may grow between two looks. */
export function lengthOf(bytes: Uint8Array): number {
  return typedArrayLength(bytes);
}

/** @throws {TypeError} unless `value` is a Uint8Array. */
export function requireBytes(name: string, value: unknown): Uint8Array {
  if (!isBytes(value)) wrongKind(name, 'a Uint8Array', value);
  return value;
}

/** @throws {TypeError} unless `value` is an object that may hold named options. */
export function requireObject(name: string, value: unknown): void {
  const isObject = typeof value === 'object' && value !== null;
  // An array or a Date has no options: it was meant for another argument.
  if (!isObject || Array.isArray(value) || value instanceof Date) {
    wrongKind(name, 'an object with options', value);
  }
}

/** As {@link requireObject}, for options that may be left out. */
export function requireOptions(options: object | undefined): void {
  if (options !== undefined) requireObject('options', options);
}

/** What every object has under the name of an option: nothing, unless somebody put it there. */
export const POLLUTION: Readonly<Record<string, unknown>> = Object.prototype as never;

/**
 * One option's value, or `fallback` when it was not given. A value that is there only because
 * somebody wrote to `Object.prototype` was not given: prototype pollution must not widen a window.
 * What an options object inherits from a class or from shared defaults does count.
 *
 * A getter there that hides from the prototype itself gets through. Who can define one runs code of
 * their own, and could replace this function as well.
 *
 * @param value - `options[name]`, read by the caller so that the read stays a fast, constant one
 * @param polluted - `POLLUTION[name]`, likewise: as long as it is undefined there is nothing to find out
 */
export function given<T, F>(
  options: object,
  name: string,
  value: T,
  polluted: unknown,
  fallback: F,
): T | F {
  if (value === undefined) return fallback;
  return polluted === undefined || isGiven(options, name) ? value : fallback;
}

/** Whether an object has a property by itself or from anything but `Object.prototype`. */
function isGiven(options: object, name: string): boolean {
  let holder: object | null = options;
  while (holder !== null && holder !== Object.prototype) {
    if (hasOwn(holder, name)) return true;
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return false;
}

/** A whole-number option that may be left out. */
export interface IntegerOption {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** What it is when it was not given. */
  readonly fallback: number;
}

/** The value of a whole-number option, checked; the last two parameters are as in {@link given}. */
export function readInteger(
  { name, min, max, fallback }: IntegerOption,
  options: object,
  value: unknown,
  polluted: unknown,
): number {
  return requireInteger(name, given(options, name, value, polluted, fallback), min, max);
}
