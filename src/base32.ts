/**
 * Base32, the spelling of secrets. RFC 4648 §6, and its alphabet `A`–`Z`, `2`–`7`.
 *
 * A secret's characters never choose a branch or a memory address here: each is mapped by
 * arithmetic on its character code, and all are looked at even if the first is wrong. What does
 * show in the time taken is the length. One pass; the work is linear in the input.
 */

import { type Bytes, lengthOf, requireBytes, requireString } from './arguments/guards.js';
import {
  decodeSymbols,
  EITHER_CASE,
  encodeSymbols,
  ifBetween,
  symbolBits,
  UPPER_CASE,
} from './base32/symbols.js';
import { OtpError, type OtpErrorCode } from './errors.js';

export type { Bytes } from './arguments/guards.js';

const PAD = 0x3d;
const SPACE = 0x20;
const HYPHEN = 0x2d;
const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;

/** Characters outside ASCII; symbols are never among them. */
const WIDE = /[^\0-\x7f]+/g;
/**
 * White space outside ASCII, the next-line control, characters of zero width; then Unicode's dashes (Pd),
 * the soft hyphen, the hyphen bullet and the minus sign. Written out, because Hermes reads no \p{…}.
 */
const WIDE_SEPARATOR =
  /[\s\u0085\u180e\u200b-\u200d\u2060]|[\u00ad\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d]|\ud803[\udd6e\udead]/g;

/**
 * Texts that a program makes of a missing or wrong value, in letters of base32. As a secret each would
 * be the same for everybody. "None" and "nil" are those of other languages.
 */
const MISSING_VALUES = ['UNDEFINED', 'NULL', 'NAN', 'INFINITY', 'TRUE', 'FALSE', 'NONE', 'NIL'];
/** What the longest of them holds; all real secrets are longer. */
const MAX_MISSING_BYTES = 5;

/**
 * Spells bytes in base32: upper case, without padding, the one canonical text.
 *
 * @param bytes - any number of bytes
 * @returns `ceil(bytes.length * 8 / 5)` characters
 * @throws {TypeError} if `bytes` is not a Uint8Array
 * @see {@link https://www.rfc-editor.org/rfc/rfc4648#section-6 | RFC 4648 §6}
 *
 * @example
 * ```ts
 * import { encodeBase32 } from 'otpcore';
 *
 * console.log(encodeBase32(new TextEncoder().encode('foobar'))); // → MZXW6YTBOI
 * ```
 */
export function encodeBase32(bytes: Uint8Array): string {
  return encodeSymbols(requireBytes('bytes', bytes), lengthOf(bytes));
}

/**
 * Reads base32 strictly: upper case, no character outside the alphabet, a length that some bytes
 * have, unused bits zero, and padding either absent or exact. Each byte sequence has one text with
 * padding and one without; nothing else is accepted.
 *
 * @param text - base32; the empty text is no bytes
 * @throws {TypeError} if `text` is not a string
 * @throws {OtpError} `invalid-character`, `invalid-length`, `invalid-padding` or `trailing-bits`
 * @see {@link https://www.rfc-editor.org/rfc/rfc4648#section-6 | RFC 4648 §6}
 *
 * @example
 * ```ts
 * import { decodeBase32 } from 'otpcore';
 *
 * console.log(new TextDecoder().decode(decodeBase32('MZXW6YTBOI'))); // → foobar
 * ```
 */
export function decodeBase32(text: string): Bytes {
  requireString('text', text);
  const length = lengthWithoutPadding(text);
  const bytes = new Uint8Array(Math.floor((length * 5) / 8));
  if (decodeSymbols(text, length, UPPER_CASE, bytes) < 0) refuseCharacter(text, length);
  // A whole group is 8 characters; 1, 3 and 6 more hold a character that finishes no byte.
  const unusedBits = (length * 5) % 8;
  if (unusedBits >= 5) refuse('invalid-length', length, 'ends in the middle of a byte');
  if (text.length !== length && text.length !== Math.ceil(length / 8) * 8) {
    refuse('invalid-padding', length, 'has the wrong number of "="');
  }
  const lastBits = length === 0 ? 0 : symbolBits(text.charCodeAt(length - 1), UPPER_CASE);
  if ((lastBits & ((1 << unusedBits) - 1)) !== 0) {
    refuse('trailing-bits', length - 1, 'sets bits that belong to no byte');
  }
  return bytes;
}

/**
 * Reads base32 as people paste it and as issuers store it: either case, any length, any run of `=` at
 * the end. White space and dashes of any kind are ignored anywhere: line ends, tabs, no-break spaces,
 * characters of zero width, the byte order mark. Trailing bits that fill no byte are dropped, as most
 * authenticator apps do. Any other character is refused: 0 is not read as O, and letters are ASCII.
 *
 * A text that a program made of a missing value is refused too: `undefined`, `null`, `NaN`, `true`,
 * `false` and their like are base32, and would be one secret for everybody.
 *
 * @param text - base32; a text of separators and padding alone is no bytes
 * @throws {TypeError} if `text` is not a string
 * @throws {OtpError} `invalid-character`; `invalid-padding` if symbols follow a `=`; `invalid-secret`
 *   for the text of a missing value
 *
 * @example
 * ```ts
 * import { decodeBase32Lenient } from 'otpcore';
 *
 * console.log(decodeBase32Lenient('jbsw y3dp-ehpk 3pxp').length); // → 10
 * ```
 */
export function decodeBase32Lenient(text: string): Bytes {
  requireString('text', text);
  const length = lengthWithoutPadding(text);
  const bytes = new Uint8Array(Math.floor((length * 5) / 8));
  // Nearly all texts are symbols alone; whether this one is, is no secret.
  const isPlain = decodeSymbols(text, length, EITHER_CASE, bytes) >= 0;
  const decoded = isPlain ? bytes : decodeSeparated(text);
  if (decoded.length <= MAX_MISSING_BYTES) refuseMissingValue(text);
  return decoded;
}

/** Refuses the text of a missing value. The text is valid base32, of a few symbols. */
function refuseMissingValue(text: string): void {
  let symbols = '';
  for (let i = 0; i < text.length; i++) {
    if (symbolBits(text.charCodeAt(i), EITHER_CASE) >= 0) symbols += text[i];
  }
  if (MISSING_VALUES.includes(symbols.toUpperCase())) {
    refuse('invalid-secret', 0, 'spells a missing value, such as undefined or null');
  }
}

/** The same text of the same length, with spaces for the separators outside ASCII. */
function withAsciiSeparators(text: string): string {
  return text.replace(WIDE, (run) =>
    run.replace(WIDE_SEPARATOR, (found) => ' '.repeat(found.length)),
  );
}

/** As {@link decodeBase32Lenient}, with separators between the symbols. */
function decodeSeparated(text: string): Bytes {
  // One byte more than can be filled: each turn writes the byte in the making, finished or not.
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8) + 1);
  let buffer = 0;
  let bits = 0;
  let written = 0;
  let invalid = 0;
  let padded = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = symbolBits(code, EITHER_CASE);
    const isSymbol = ~(value >> 31);
    const isPad = ifBetween(code, PAD, PAD);
    const isSeparator = ifSeparator(code);
    padded |= isPad;
    invalid |= ~(isSymbol | isPad | isSeparator) | (padded & isSymbol);
    buffer = (buffer << (5 & isSymbol)) | (value & 31 & isSymbol);
    bits += 5 & isSymbol;
    const isWhole = ~((bits - 8) >> 31);
    bits -= 8 & isWhole;
    bytes[written] = buffer >>> bits;
    written -= isWhole;
  }
  if (invalid !== 0) {
    const plain = withAsciiSeparators(text);
    return plain === text ? refuseSeparated(text) : decodeSeparated(plain);
  }
  const whole = bytes.slice(0, written);
  // The longer array is garbage from here on, and need not hold a secret while it lies about.
  bytes.fill(0);
  return whole;
}

/** Where the padding begins. */
function lengthWithoutPadding(text: string): number {
  let length = text.length;
  while (length > 0 && text.charCodeAt(length - 1) === PAD) length--;
  return length;
}

/** The slow search for the fault, once it is known that there is one. */
function refuseCharacter(text: string, length: number): never {
  let fault = -1;
  for (let i = length - 1; i >= 0; i--) {
    const code = text.charCodeAt(i);
    // A "=" is the fault only if there is no other: before a line end it may well be padding.
    const isWorse = code !== PAD || fault < 0 || text.charCodeAt(fault) === PAD;
    if (symbolBits(code, UPPER_CASE) < 0 && isWorse) fault = i;
  }
  refuse('invalid-character', fault, 'has a character that is not A-Z or 2-7');
}

function refuseSeparated(text: string): never {
  let padded = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === PAD) padded = true;
    else if (symbolBits(code, EITHER_CASE) >= 0) {
      if (padded) refuse('invalid-padding', i, 'goes on after its "="');
    } else if (ifSeparator(code) === 0) {
      refuse('invalid-character', i, 'has a character that is not A-Z, a-z, 2-7, space or dash');
    }
  }
  throw new Error('unreachable: the text holds no invalid character');
}

/** All ones for white space and the hyphen of ASCII, else 0. */
function ifSeparator(code: number): number {
  return (
    ifBetween(code, SPACE, SPACE) |
    ifBetween(code, HYPHEN, HYPHEN) |
    ifBetween(code, TAB, CARRIAGE_RETURN)
  );
}

function refuse(code: OtpErrorCode, position: number, what: string): never {
  throw new OtpError(code, position, `base32 text ${what} (at ${position})`);
}
