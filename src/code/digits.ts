/**
 * A code as a number: its digits, parsing, formatting and comparison. RFC 4226 §5.3.
 *
 * Values derived from a secret meet plain arithmetic only: no branch, no table and no division. On
 * some processors, the duration of a division depends on its operands.
 */
import { requireInteger } from '../arguments/guards.js';

/** The number of decimal digits of a code. */
export interface DigitsOptions {
  /** Decimal digits of the code, 6 to 9. Default 6. */
  readonly digits?: number | undefined;
}

export const DEFAULT_DIGITS = 6;
const MIN_DIGITS = 6;
/** The truncated value has 31 bits, so a tenth digit could only be 0, 1 or 2 (erratum 5792). */
const MAX_DIGITS = 9;

/** @throws {TypeError | RangeError} if `digits` is present and not a whole number from 6 to 9. */
export function digitsOf({ digits }: DigitsOptions): number {
  return digits === undefined
    ? DEFAULT_DIGITS
    : requireInteger('digits', digits, MIN_DIGITS, MAX_DIGITS);
}

/** All ones if `value` is negative, else 0. `value` is an int32. */
function ifNegative(value: number): number {
  return value >> 31;
}

/** `value mod 10^digits` for a truncated value and 6 to 9 digits, without a division. */
function lastDigits(value: number, modulus: number): number {
  // The reciprocal is rounded, but the quotients stay below 2^31 / 10^6: at every multiple of the
  // modulus the product rounds to the whole number or just above it.
  return value - ((value * (1 / modulus)) | 0) * modulus;
}

/** The code of a truncated value: exactly `digits` ASCII digits, leading zeros kept. */
export function formatCode(value: number, digits: number): string {
  return String(lastDigits(value, 10 ** digits)).padStart(digits, '0');
}

/**
 * Reads a typed code of exactly `digits` ASCII digits. Each code has one spelling, so a rate limiter
 * or a log counts the same text as the comparison.
 *
 * @returns the code as a number, or -1 for every other value of any type; never throws
 */
export function parseCode(code: unknown, digits: number): number {
  // The length is checked first: ten megabytes of text cost as much as six characters.
  if (typeof code !== 'string' || code.length !== digits) return -1;
  let value = 0;
  let invalid = 0;
  for (let i = 0; i < digits; i++) {
    const digit = code.charCodeAt(i) - 0x30;
    // The sign bit is set as soon as one of these is negative.
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
 * The highest index at which consecutive values match all the `typed` codes, or -1.
 * Every position is compared in full, matching or not.
 */
export function matchSequence(
  values: Int32Array,
  typed: readonly number[],
  digits: number,
): number {
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

/** One code could be guessed within a wide range: RFC 4226 §7.4 asks for a sequence. */
const MIN_SEQUENCE = 2;
const MAX_SEQUENCE = 10;

/**
 * Copies the codes for a caller reading them twice: a proxy could answer another code the second time.
 * The copy is empty unless there are 2 to 10 values.
 */
export function copySequence(codes: unknown): readonly unknown[] {
  try {
    if (!Array.isArray(codes)) return [];
    const { length } = codes;
    const copy: unknown[] = [];
    // A proxy may claim any length, even NaN.
    if (Number.isInteger(length) && length >= MIN_SEQUENCE && length <= MAX_SEQUENCE) {
      for (let i = 0; i < length; i++) copy.push(codes[i]);
    }
    return copy;
  } catch {
    // A proxy may throw when read. Like any other wrong value, it is no list of codes.
    return [];
  }
}

/** A sequence of codes as numbers; undefined unless it is 2 to 10 codes of `digits` digits. */
export function parseSequence(codes: unknown, digits: number): readonly number[] | undefined {
  const typed = copySequence(codes).map((code) => parseCode(code, digits));
  return typed.length > 0 && typed.every((value) => value >= 0) ? typed : undefined;
}
