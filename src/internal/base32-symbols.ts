/**
 * The symbols of base32 (RFC 4648 §6) and their five bits, by arithmetic on character codes.
 *
 * A secret's characters never choose a branch or a memory address here, and all are looked at even
 * if the first is wrong.
 */

/** For `fold`: capitals only. */
export const UPPER_CASE = 0;
/** For `fold`: either case. The bit that tells the cases of ASCII letters apart. */
export const EITHER_CASE = 0x20;

/** All ones if `low <= code <= high`, else 0. For character codes, which have 16 bits. */
export function ifBetween(code: number, low: number, high: number): number {
  return ~((code - low) | (high - code)) >> 31;
}

/** The five bits of a letter or a digit of the alphabet; -1 for any other character. */
export function symbolBits(code: number, fold: number): number {
  // Only letters are folded: with the bit set, some control characters would be digits.
  const letter = (code | fold) - (0x41 | fold);
  const digit = code - 0x32;
  const isLetter = ifBetween(letter, 0, 25);
  const isDigit = ifBetween(digit, 0, 5);
  return (isLetter & letter) | (isDigit & (digit + 26)) | ~(isLetter | isDigit);
}

/** The character of five bits. */
export function symbolOf(bits: number): number {
  // After Z (25) comes 2, 41 code points earlier than the next in line.
  return 0x41 + bits - (ifBetween(bits, 26, 31) & 41);
}

/**
 * Decodes the first `length` characters into `bytes`, which has room for `length * 5 / 8` bytes.
 * Bits left over are dropped.
 *
 * @returns a negative number if any of the characters is not in the alphabet; the bytes are then
 *   worthless
 */
export function decodeSymbols(
  text: string,
  length: number,
  fold: number,
  bytes: Uint8Array,
): number {
  const whole = length - (length % 8);
  let invalid = 0;
  let written = 0;
  // Eight characters are five bytes; a loop over single ones takes half as long again.
  for (let i = 0; i < whole; i += 8) {
    const a = symbolBits(text.charCodeAt(i), fold);
    const b = symbolBits(text.charCodeAt(i + 1), fold);
    const c = symbolBits(text.charCodeAt(i + 2), fold);
    const d = symbolBits(text.charCodeAt(i + 3), fold);
    const e = symbolBits(text.charCodeAt(i + 4), fold);
    const f = symbolBits(text.charCodeAt(i + 5), fold);
    const g = symbolBits(text.charCodeAt(i + 6), fold);
    const h = symbolBits(text.charCodeAt(i + 7), fold);
    invalid |= a | b | c | d | e | f | g | h;
    const high = (a << 15) | (b << 10) | (c << 5) | d;
    const low = (e << 15) | (f << 10) | (g << 5) | h;
    bytes[written] = high >> 12;
    bytes[written + 1] = high >> 4;
    bytes[written + 2] = (high << 4) | (low >> 16);
    bytes[written + 3] = low >> 8;
    bytes[written + 4] = low;
    written += 5;
  }
  let buffer = 0;
  for (let i = whole, bits = 0; i < length; i++) {
    const value = symbolBits(text.charCodeAt(i), fold);
    invalid |= value;
    buffer = (buffer << 5) | (value & 31);
    bits += 5;
    // How many bits are in hand depends on the place alone, not on the characters.
    if (bits >= 8) {
      bits -= 8;
      bytes[written++] = buffer >>> bits;
    }
  }
  return invalid;
}
