/**
 * What a form may strip from a typed code before it is verified.
 *
 * Verification itself accepts one spelling only. Stripping is a step of its own, so that a limiter,
 * a log or a replay list can see the very text that is compared.
 */

/** Ten times the longest code that people space out; what is longer is no code. */
const MAX_LENGTH = 64;

/**
 * Removes what people type for legibility: ASCII spaces (U+0020) and hyphens (U+002D). Nothing else
 * changes: full-width digits, tabs or other spaces stay, and verification then refuses them.
 *
 * @param text - what was typed
 * @returns the text without spaces and hyphens; the empty text if it has more than 64 characters, or
 *   is no string at all, as a form or a JSON body may send. Verification then answers `malformed`
 *
 * @example
 * ```ts
 * import { normalizeCode } from 'otpcore';
 *
 * console.log(normalizeCode('287 082')); // → 287082
 * ```
 */
export function normalizeCode(text: string): string {
  return typeof text === 'string' && text.length <= MAX_LENGTH ? text.replace(/[ -]/g, '') : '';
}
