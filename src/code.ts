/**
 * Strips a typed code of separators and marks before it is verified.
 *
 * Verification accepts one spelling only. Stripping is a separate step, so a rate limiter, a log or a
 * replay list sees the same text as the comparison.
 */

/** Ten times the longest code people type with spaces; a longer text is refused. */
const MAX_LENGTH = 64;

// Written out, because Hermes lacks \p{…}.

/** White space, with the next-line control character. */
const SPACES = /[\s\u0085]/g;
/** Unicode's dashes (Pd), the soft hyphen, the hyphen bullet and the minus sign. */
const DASHES =
  /[-\u00ad\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d]|\ud803[\udd6e\udead]/g;
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
  const symbols = typed.replace(SPACES, '').replace(DASHES, '').replace(MARKS, '');
  return symbols.replace(OTHER_DIGITS, toAscii);
}
