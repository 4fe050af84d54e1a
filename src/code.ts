/**
 * Strips a typed code of separators and marks before it is verified.
 *
 * Verification accepts one spelling only. Stripping is a separate step, so a rate limiter, a log or a
 * replay list sees the same text as the comparison.
 */

import { DASHES } from './arguments/dashes.js';

/** Ten times the longest code people type with spaces; a longer text is refused. */
const MAX_LENGTH = 64;

/** White space, with the next-line control character. */
const SPACES = /[\s\u0085]/g;
/** Direction marks, joiners, variation selectors and other zero-width characters. */
const MARKS =
  /\u034f|\u061c|[\u180b-\u180f]|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u206f]|[\ufe00-\ufe0f]/g;
/** Arabic-Indic, Extended Arabic-Indic and full-width digits. */
const OTHER_DIGITS = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;

/** In each of the three ranges, the last four bits are the digit. */
function toAscii(digit: string): string {
  return String(digit.charCodeAt(0) & 15);
}

/**
 * Removes white space, dashes, direction marks and zero-width marks from a typed or pasted code.
 * Arabic-Indic, Extended Arabic-Indic and full-width digits become ASCII digits. Other characters
 * stay, and verification then answers `malformed`.
 *
 * @param typed - the value from the form or the JSON body, of any type
 * @returns the stripped text. It is empty if `typed` is not a string, or has more than 64 UTF-16 code
 *   units. Verification answers `malformed` to the empty text
 *
 * @example
 * ```ts
 * import { normalizeCode } from 'otpcore';
 *
 * console.log(normalizeCode('287 082')); // → 287082
 * ```
 */
export function normalizeCode(typed: unknown): string {
  if (typeof typed !== 'string' || typed.length > MAX_LENGTH) return '';
  // Nearly every code is typed plainly.
  if (/^[0-9]*$/.test(typed)) return typed;
  const symbols = typed.replace(SPACES, '').replace(DASHES, '').replace(MARKS, '');
  return symbols.replace(OTHER_DIGITS, toAscii);
}
