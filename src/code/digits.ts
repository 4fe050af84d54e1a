/**
 * A code as a number: how many digits it has, reading it, printing it, comparing it (RFC 4226 §5.3).
 *
 * Everything that touches a value derived from a secret is plain arithmetic: no branch, table or
 * division (whose duration depends on its operands on some processors) sees such a value.
 */
import { type IntegerOption, POLLUTION, readInteger } from '../arguments/guards.js';

/** How many decimal digits a code has. */
export interface DigitsOptions {
  /** Decimal digits of the code, 6 to 9. Default 6. */
  readonly digits?: number | undefined;
}

export const DEFAULT_DIGITS = 6;
/**
 * RFC 4226 R4 asks for at least 6. The truncated value has 31 bits, so a tenth digit could only be
 * 0, 1 or 2 (erratum 5792).
 */
const DIGITS: IntegerOption = { name: 'digits', min: 6, max: 9, fallback: DEFAULT_DIGITS };

/** @throws {TypeError | RangeError} if `digits` is not a whole number from 6 to 9. */
export function readDigits(options: DigitsOptions): number {
  return readInteger(DIGITS, options, options.digits, POLLUTION.digits);
}

/** All ones if `value` is negative, else 0. `value` is an int32. */
function ifNegative(value: number): number {
  return value >> 31;
}

/** `value mod 10^digits` for a truncated value and 6 to 9 digits, without a division. */
function lastDigits(value: number, modulus: number): number {
  // The reciprocal is a little off, but not so far that a quotient below 2^31 / 10^6 would be: at
  // every multiple of the modulus the product is rounded to the whole number or just above it.
  return value - ((value * (1 / modulus)) | 0) * modulus;
}

/** The code of a truncated value: exactly `digits` ASCII digits, leading zeros kept. */
export function formatCode(value: number, digits: number): string {
  return String(lastDigits(value, 10 ** digits)).padStart(digits, '0');
}

/**
 * Reads a code somebody typed. Only exactly `digits` ASCII digits are a code: one spelling each,
 * so that what a limiter or a log counted is what was compared.
 *
 * @returns the code as a number, or -1 for every other value of any type; never throws
 */
export function parseCode(code: unknown, digits: number): number {
  // The length is checked first: ten megabytes of text cost what six characters do.
  if (typeof code !== 'string' || code.length !== digits) return -1;
  let value = 0;
  let invalid = 0;
  for (let i = 0; i < digits; i++) {
    const digit = code.charCodeAt(i) - 0x30;
    // Negative, so with the highest bit set, as soon as one of these is.
    invalid |= digit | (9 - digit);
    value = (Math.imul(10, value) + digit) | 0;
  }
  return invalid < 0 ? -1 : value;
}

/** `index` if the code of `value` is `typed`, else `highest`; chosen by a mask. */
export function laterMatch(
  highest: number,
  index: number,
  value: number,
  typed: number,
  modulus: number,
): number {
  const equal = ifNegative((lastDigits(value, modulus) ^ typed) - 1);
  return (index & equal) | (highest & ~equal);
}

/**
 * The highest index from which on consecutive values have all the `typed` codes, or -1.
 * Every position is compared in full, whichever of them matches.
 */
export function highestRun(values: Int32Array, typed: readonly number[], digits: number): number {
  const modulus = 10 ** digits;
  let highest = -1;
  for (let i = 0; i + typed.length <= values.length; i++) {
    let difference = 0;
    for (let k = 0; k < typed.length; k++) {
      difference |= lastDigits(values[i + k] as number, modulus) ^ (typed[k] as number);
    }
    const equal = ifNegative(difference - 1);
    highest = (i & equal) | (highest & ~equal);
  }
  return highest;
}
