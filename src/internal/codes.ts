/** The codes of a resynchronisation, as somebody typed them. */
import { parseCode } from './decimal.js';

/** One code could be guessed within a wide range (RFC 4226 §7.4 wants a sequence). */
const MIN_CODES = 2;
const MAX_CODES = 10;

/**
 * The codes in an array of our own, for who looks at them more than once: a proxy may answer otherwise
 * the second time. Empty if they are no 2 to 10 values.
 */
export function copyCodes(codes: unknown): readonly string[] {
  try {
    if (!Array.isArray(codes)) return [];
    const { length } = codes;
    const copy: string[] = [];
    if (length >= MIN_CODES && length <= MAX_CODES) {
      for (let i = 0; i < length; i++) copy.push(codes[i]);
    }
    return copy;
  } catch {
    return [];
  }
}

/** The codes as numbers, or undefined if they are not 2 to 10 codes of `digits` digits. */
export function readCodes(codes: unknown, digits: number): readonly number[] | undefined {
  try {
    return Array.isArray(codes) ? parseCodes(codes, digits) : undefined;
  } catch {
    // A proxy may throw on being looked at. Like any other wrong thing, it is no list of codes.
    return undefined;
  }
}

function parseCodes(codes: readonly unknown[], digits: number): readonly number[] | undefined {
  const { length } = codes;
  // A proxy may have any length, NaN included, which is neither below nor above anything.
  if (!Number.isInteger(length) || length < MIN_CODES || length > MAX_CODES) return undefined;
  const typed: number[] = [];
  for (let i = 0; i < length; i++) {
    const value = parseCode(codes[i], digits);
    if (value < 0) return undefined;
    typed.push(value);
  }
  return typed;
}
