/**
 * Base64 (RFC 4648 §4 and §5), by arithmetic on character codes: the text holds secrets, and these
 * choose no branch and no memory address here.
 */
import { ifBetween } from '../base32/symbols.js';

const PADDING = /=+$/;
/** Line ends and tabs, as a mail breaks the text. */
const BREAKS = /[\t\n\r]/g;

/**
 * Reads base64 of either alphabet, with padding or without. A space stands for a plus: form
 * decoders turn one into the other.
 *
 * @returns undefined if the text is not base64
 */
export function base64Bytes(text: string): Uint8Array | undefined {
  const symbols = text.replace(BREAKS, '').replace(PADDING, '');
  const bytes = new Uint8Array(Math.floor((symbols.length * 3) / 4));
  let invalid = symbols.length % 4 === 1 ? -1 : 0;
  let buffer = 0;
  let written = 0;
  for (let i = 0, bits = 0; i < symbols.length; i++) {
    const value = symbolBits(symbols.charCodeAt(i));
    invalid |= value;
    buffer = (buffer << 6) | (value & 63);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[written++] = buffer >>> bits;
    }
  }
  return invalid < 0 ? undefined : bytes;
}

/** The six bits of a symbol; -1 for any other character. */
function symbolBits(code: number): number {
  const isUpper = ifBetween(code, 0x41, 0x5a);
  const isLower = ifBetween(code, 0x61, 0x7a);
  const isDigit = ifBetween(code, 0x30, 0x39);
  // "+" and a space for it, "-"
  const is62 =
    ifBetween(code, 0x2b, 0x2b) | ifBetween(code, 0x20, 0x20) | ifBetween(code, 0x2d, 0x2d);
  // "/" and "_"
  const is63 = ifBetween(code, 0x2f, 0x2f) | ifBetween(code, 0x5f, 0x5f);
  return (
    (isUpper & (code - 0x41)) |
    (isLower & (code - 0x61 + 26)) |
    (isDigit & (code - 0x30 + 52)) |
    (is62 & 62) |
    (is63 & 63) |
    ~(isUpper | isLower | isDigit | is62 | is63)
  );
}
