/** Texts that a program makes of a missing or wrong value, as they may stand where a secret should. */

const values = [undefined, null, Number.NaN, Number.POSITIVE_INFINITY, true, false, {}];
const names = [...values.map(String), '-Infinity', 'None', 'nil'];

/** In any case, and with what lenient reading drops. */
export const missingValues: readonly string[] = names.flatMap((name) => [
  name,
  name.toUpperCase(),
  name.toLowerCase(),
  ` ${name}\x20`,
  `-${name.slice(0, 2)} - ${name.slice(2)}--`,
  `${name}===`,
  `${' '.repeat(100)}${name}${'='.repeat(100)}`,
]);

/** One symbol more or less, or another one: these are base32 like any other. */
export const nearlyMissing: readonly string[] = [
  ...['undefine', 'undefinedd', 'nulla', 'nule', 'nan2', 'truet', 'true true', 'falsey', 'nilly'],
  ...['nonezzzz', 'infinite', 'undefinedundefined'],
];
