/**
 * The two names in an otpauth URI, and what keeps an app from showing them as they were meant.
 *
 * The label joins them with a colon and has no way to tell a colon that belongs to a name; apps
 * trim what they split; and a name that can turn text around can pass for another one.
 */

/** What can be wrong with a name. */
export type NameFault = 'colon-in-name' | 'untrimmed-name' | 'unsafe-character';

/** A rule on a name: the words for what breaks it, and whether a name does. */
type NameRule = readonly [message: string, isBroken: (name: string) => boolean];

/**
 * Controls, line separators, characters that show nothing, and marks that change the direction of
 * text; with the `u` flag, also surrogates without a partner. The joiners U+200C and U+200D stay
 * allowed: several scripts and emoji need them.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is looked for by itself
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\u034f\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/u;

/** Whether a text holds a character that cannot be shown, or that changes how others are. */
export function hasUnsafeCharacter(text: string): boolean {
  return UNSAFE.test(text);
}

/** The rules on a name; the empty name breaks none of them. */
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
