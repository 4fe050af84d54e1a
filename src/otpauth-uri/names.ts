/**
 * Faults of the two names in an otpauth URI.
 *
 * The label joins the names by a colon, so apps split a name at its own colon. They trim the parts. A
 * name with a mark of direction may show as another name.
 */

/** The faults of a name. */
export type NameFault = 'colon-in-name' | 'untrimmed-name' | 'unsafe-character';

/** A rule on a name: the words for its fault, and whether a name has it. */
type NameRule = readonly [message: string, isBroken: (name: string) => boolean];

/**
 * Controls, line separators, invisible characters, and marks of direction; with the `u` flag, also surrogates without a partner. The joiners U+200C and U+200D stay
 * allowed: several scripts and emoji need them.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are searched for
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is looked for by itself
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\u034f\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/u;

/** Whether a text holds an invisible character or one with an effect on others. */
export function hasUnsafeCharacter(text: string): boolean {
  return UNSAFE.test(text);
}

/** The rules on a name. The empty name keeps all of them. */
export const NAME_RULES: Readonly<Record<NameFault, NameRule>> = {
  'colon-in-name': [
    'a name with ":": apps split there, and FreeOTP rejects a second one',
    (name) => name.includes(':'),
  ],
  'untrimmed-name': ['white space around a name: apps trim it', (name) => name.trim() !== name],
  'unsafe-character': [
    'a control, direction mark or invisible character: it may show as another name',
    hasUnsafeCharacter,
  ],
};
