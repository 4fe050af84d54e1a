/**
 * The symbols of base32 (RFC 4648 §6) and their five bits, by arithmetic on character codes.
 *
 * Constant time: branches and memory addresses are independent of a secret's characters, and every
 * character is read even if the first is wrong.
 */

/** For `fold`: capitals only. */
export const UPPER_CASE = 0;
/** For `fold`: either case. The bit by which the two cases of an ASCII letter differ. */
export const EITHER_CASE = 0x20;

/** All ones if `low <= code <= high`, else 0. For 16-bit character codes. */
export function ifBetween(code: number, low: number, high: number): number {
  return ~((code - low) | (high - code)) >> 31;
}

/** The five bits of a letter or a digit of the alphabet; -1 for any other character. */
export function symbolBits(code: number, fold: number): number {
  // Only letters are folded: with the bit set, some control characters would become digits.
  const letter = (code | fold) - (0x41 | fold);
  const digit = code - 0x32;
  const isLetter = ifBetween(letter, 0, 25);
  const isDigit = ifBetween(digit, 0, 5);
  return (isLetter & letter) | (isDigit & (digit + 26)) | ~(isLetter | isDigit);
}

/** The character of five bits. */
export function symbolOf(bits: number): number {
  // After Z (25) comes 2: its code point is 41 below the one after Z.
  return 0x41 + bits - (ifBetween(bits, 26, 31) & 41);
}

/** The canonical text of the first `length` bytes. */
export function encodeSymbols(bytes: Uint8Array, length: number): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (let i = 0; i < length; i++) {
    buffer = (buffer << 8) | (bytes[i] as number);
    for (bits += 8; bits >= 5; bits -= 5) {
      text += String.fromCharCode(symbolOf((buffer >>> (bits - 5)) & 31));
    }
  }
  return bits === 0 ? text : text + String.fromCharCode(symbolOf((buffer << (5 - bits)) & 31));
}

/**
 * Decodes the first `length` characters into `bytes`, an array of at least `length * 5 / 8` bytes.
 * Trailing bits are dropped.
 *
 * @returns a negative number if any character is outside the alphabet; the bytes are then meaningless
 */
export function decodeSymbols(
  text: string,
  length: number,
  fold: number,
  bytes: Uint8Array,
): number {
  let invalid = 0;
  let buffer = 0;
  let written = 0;
  for (let i = 0, bits = 0; i < length; i++) {
    const value = symbolBits(text.charCodeAt(i), fold);
    invalid |= value;
    buffer = (buffer << 5) | (value & 31);
    bits += 5;
    // The number of buffered bits depends on the position alone.
    if (bits >= 8) {
      bits -= 8;
      bytes[written++] = buffer >>> bits;
    }
  }
  return invalid;
}
