/**
 * Values that most parameters refuse: every way in which a number goes wrong, and one of each kind
 * that is no number. Some parameters allow some of them, as a drift may be negative; what is right
 * is for each test to say.
 */

export interface WrongValue {
  /** How a failed assertion calls it. */
  readonly name: string;
  readonly value: unknown;
}

export const wrongValues: readonly WrongValue[] = [
  { name: 'NaN', value: Number.NaN },
  { name: 'Infinity', value: Number.POSITIVE_INFINITY },
  { name: '-Infinity', value: Number.NEGATIVE_INFINITY },
  { name: '-1', value: -1 },
  { name: '6.5', value: 6.5 },
  { name: '2^53', value: 2 ** 53 },
  // Long enough to be told from the bounds in a message that should not repeat them.
  { name: 'a long negative number', value: -271_828_182 },
  { name: 'a long fraction', value: 271_828_182.5 },
  { name: 'the text 6', value: '6' },
  { name: 'a long text', value: '271828182-459045' },
  { name: 'null', value: null },
  { name: 'true', value: true },
  { name: 'an empty array', value: [] },
  { name: 'an array of numbers', value: [271_828_182, 459_045] },
  { name: 'an empty object', value: {} },
  { name: 'a bigint', value: 10n },
  { name: 'a symbol', value: Symbol('271828182') },
  { name: 'a function', value: () => 1 },
  { name: 'a boxed number', value: new Number(6) },
  { name: 'a boxed text', value: new String('271828182') },
  { name: 'a date', value: new Date(0) },
];
