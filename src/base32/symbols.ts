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
  let invalid = 0;
  let buffer = 0;
  let written = 0;
  for (let i = 0, bits = 0; i < length; i++) {
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
