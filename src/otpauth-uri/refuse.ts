/** Checks of a whole text before its parts are read, and the error for a fault. */
import { OtpError, type OtpErrorCode } from '../errors.js';
import { utf8Length } from './percent.js';

/** Ignored at both ends: white space of any kind, marks of direction and of zero width. */
const END = /[\s\u0085\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069]/;

/** Line ends and other controls: a URI holds no such character, so another text follows. */
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are searched for
  /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;

/**
 * Checks the length and the characters of a text.
 *
 * @returns where the URI starts and ends in it
 * @throws {OtpError} `uri-too-long` or `uri-encoding`
 */
export function boundsOf(text: string, maxBytes: number): [start: number, end: number] {
  if (text.length > maxBytes || utf8Length(text) > maxBytes) {
    refuse('uri-too-long', 0, `is longer than ${maxBytes} bytes`);
  }
  refuseFound(/[\ud800-\udfff]/u, text, 0, 'has half a character');
  let start = 0;
  let end = text.length;
  while (start < end && END.test(text.charAt(start))) start++;
  while (end > start && END.test(text.charAt(end - 1))) end--;
  return [start, end];
}

/** @throws {OtpError} if another URI follows: its secret would end up in a name. */
export function requireOneUri(text: string, typeAt: number, queryAt: number): void {
  const second = text.slice(typeAt).search(/otpauth(?:-migration)?:\/\//i) + typeAt;
  if (second < typeAt) return;
  const before = text.slice(queryAt, second);
  if (/^secret=/i.test(before.slice(before.lastIndexOf('&') + 1))) {
    refuse('invalid-secret', second, 'has another one in its secret: pass one at a time');
  }
  refuse('uri-encoding', second, 'is followed by another one: pass one at a time');
}

/** @throws {OtpError} if a part of a URI holds a raw control character, such as a line end. */
export function requireOneLine(part: string, position: number): void {
  refuseFound(CONTROL, part, position, 'has a line end or control in it');
}

/** @throws {OtpError} `uri-encoding` if a part, beginning at `position`, matches a pattern. */
export function refuseFound(pattern: RegExp, part: string, position: number, what: string): void {
  const index = part.search(pattern);
  if (index >= 0) refuse('uri-encoding', position + index, what);
}

export function refuse(code: OtpErrorCode, position: number, what: string): never {
  throw new OtpError(code, position, `the URI ${what} (at ${position})`);
}

/** Where `character` first stands in `text[from … end - 1]`, else `end`. */
export function indexOrEnd(text: string, character: string, from: number, end: number): number {
  const index = text.indexOf(character, from);
  return index < 0 || index > end ? end : index;
}
