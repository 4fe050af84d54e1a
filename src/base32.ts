/**
 * Base32, the text form of secrets. RFC 4648 §6, with its alphabet `A`–`Z`, `2`–`7`.
 *
 * Constant time: branches and memory addresses are independent of a secret's characters. Each is
 * mapped by arithmetic on its character code, and every one is read even if the first is wrong. The
 * time taken shows the length alone. One pass; the work is linear in the input.
 */

import { DASHES } from './arguments/dashes.js';
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

/** Runs of characters outside ASCII; every symbol of base32 is ASCII. */
const WIDE = /[^\0-\x7f]+/g;
/** White space outside ASCII, the next-line control and zero-width characters. */
const WIDE_SPACES = /[\s\u0085\u180e\u200b-\u200d\u2060]/g;

/**
 * Strings made from a missing or wrong value that are also valid base32. As a secret, each would be
 * the same for every user. "None" and "nil" come from other languages.
 */
const MISSING_VALUES = ['UNDEFINED', 'NULL', 'NAN', 'INFINITY', 'TRUE', 'FALSE', 'NONE', 'NIL'];
/** The bytes in the longest of them; every real secret is longer. */
const MAX_MISSING_BYTES = 5;

/**
 * Encodes bytes as canonical base32: upper case, without padding.
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
 * Reads base32 strictly: upper case, only characters of the alphabet, a possible length, trailing bits
 * zero, and padding either absent or exact. Each byte sequence has exactly two accepted texts, one
 * with padding and one without.
 *
 * @param text - base32; the empty text gives zero bytes
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
  // A whole group is 8 characters; with 1, 3 or 6 more, the last character completes no byte.
  const unusedBits = (length * 5) % 8;
  if (unusedBits >= 5) refuse('invalid-length', length, 'ends in the middle of a byte');
  if (text.length !== length && text.length !== Math.ceil(length / 8) * 8) {
    refuse('invalid-padding', length, 'has the wrong number of "="');
  }
  const lastBits = length === 0 ? 0 : symbolBits(text.charCodeAt(length - 1), UPPER_CASE);
  if ((lastBits & ((1 << unusedBits) - 1)) !== 0) {
    refuse('trailing-bits', length - 1, 'has trailing bits other than zero');
  }
  return bytes;
}

/**
 * Reads base32 as people paste it and as issuers store it: either case, any length, any run of `=` at
 * the end. Dashes and white space are ignored anywhere: line ends, tabs, no-break spaces, zero-width
 * characters, the byte order mark. Trailing bits are dropped, as most authenticator apps do. Any other
 * character is refused: 0 is not read as O, and letters are ASCII.
 *
 * The text of a missing value is refused too. `undefined`, `null`, `NaN`, `true` and `false` are valid
 * base32, and each would give every user the same secret.
 *
 * @param text - base32; separators and padding alone give zero bytes
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
  // Nearly all texts consist of symbols alone. This branch reveals only the text's form.
  const isPlain = decodeSymbols(text, length, EITHER_CASE, bytes) >= 0;
  const decoded = isPlain ? bytes : decodeSeparated(text);
  if (decoded.length <= MAX_MISSING_BYTES) refuseMissingValue(text);
  return decoded;
}

/** Refuses the text of a missing value. `text` is short, valid base32. */
function refuseMissingValue(text: string): void {
  let symbols = '';
  for (let i = 0; i < text.length; i++) {
    if (symbolBits(text.charCodeAt(i), EITHER_CASE) >= 0) symbols += text[i];
  }
  if (MISSING_VALUES.includes(symbols.toUpperCase())) {
    refuse('invalid-secret', 0, 'spells a missing value, such as undefined or null');
  }
}

/** Replaces separators outside ASCII by spaces; the length stays the same. */
function withAsciiSeparators(text: string): string {
  const blank = (found: string): string => ' '.repeat(found.length);
  return text.replace(WIDE, (run) => run.replace(WIDE_SPACES, blank).replace(DASHES, blank));
}

/** Like {@link decodeBase32Lenient}, with separators between the symbols. */
function decodeSeparated(text: string): Bytes {
  // One spare byte: each iteration writes the current byte, complete or not.
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
  // Erase the longer array: it holds the secret until the garbage collector takes it.
  bytes.fill(0);
  return whole;
}

/** Where the padding begins. */
function lengthWithoutPadding(text: string): number {
  let length = text.length;
  while (length > 0 && text.charCodeAt(length - 1) === PAD) length--;
  return length;
}

/** Finds the first fault; slow, and only called when one exists. */
function refuseCharacter(text: string, length: number): never {
  let fault = -1;
  for (let i = length - 1; i >= 0; i--) {
    const code = text.charCodeAt(i);
    // A "=" is reported only as a last resort: before a line end it may well be padding.
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
      if (padded) refuse('invalid-padding', i, 'has symbols after its "="');
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
