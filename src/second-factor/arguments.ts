/**
 * The guards of the second factor. Options are opened once, into a copy without a prototype, so
 * a polluted `Object.prototype` adds no option and changes none.
 *
 * A wrong kind is a TypeError and a wrong value a RangeError. Messages name the argument, never its
 * value.
 */

/** The longest user id, in UTF-16 code units. */
const MAX_USER_ID = 1024;
/** The longest name, in code points. */
const MAX_NAME = 64;
/** Outside of the printable ranges lie the control characters alone. Hermes lacks \p{…}. */
const CONTROL = /[^ -~\xa0-\uffff]/;
const HALF_PAIR = /[\ud800-\udfff]/u;

/** @throws {TypeError} naming the argument, the expected and the given kind. */
export function wrongKind(name: string, expected: string, value: unknown): never {
  throw new TypeError(`"${name}" must be ${expected}, got ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/**
 * A copy of the caller's own options, without a prototype.
 *
 * @throws {TypeError} if `options` is no object, or has an option outside `known`
 */
export function openOptions<Options extends object>(
  name: string,
  options: Options | undefined,
  known: readonly (keyof Options & string)[],
): Options {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    wrongKind(name, `an object with options (${known.join(', ')})`, options);
  }
  const open: Options = Object.assign(Object.create(null), options);
  for (const key of Object.keys(open)) {
    if (!(known as readonly string[]).includes(key)) {
      throw new TypeError(`"${name}.${key}" is not an option here: ${remedyFor(key, known)}`);
    }
  }
  return open;
}

/** The option with the same two initial letters, or else all of them. */
function remedyFor(key: string, known: readonly string[]): string {
  const start = key.slice(0, 2).toLowerCase();
  const nearest = known.find((option) => option.toLowerCase().startsWith(start));
  return nearest === undefined
    ? `the options are ${known.join(', ')}`
    : `did you mean "${nearest}"?`;
}

/** @throws {TypeError | RangeError} unless `value` is a whole number from `min` to `max`. */
export function requireInteger(
  name: string,
  value: unknown,
  min: number,
  max: number,
  advice = '',
): number {
  if (typeof value !== 'number') wrongKind(name, 'a number', value);
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new RangeError(`"${name}" must be a whole number from ${min} to ${max}${advice}`);
  }
  return value;
}

/** @throws {TypeError | RangeError} unless `value` is a string of 1 to `max` UTF-16 code units. */
export function requireText(name: string, value: unknown, max: number): string {
  if (typeof value !== 'string') wrongKind(name, 'a string', value);
  if (value === '' || value.length > max) {
    throw new RangeError(`"${name}" must have 1 to ${max} characters`);
  }
  return value;
}

/** @throws {TypeError | RangeError} unless `userId` is a string of 1 to 1,024 characters. */
export function requireUserId(userId: unknown): string {
  if (typeof userId === 'number') wrongKind('userId', 'a string, such as String(row.id)', userId);
  return requireText('userId', userId, MAX_USER_ID);
}

/** @throws {TypeError | RangeError} unless `by` is 1 to 256 characters, storable in every database. */
export function requireActor(by: unknown): string {
  const text = requireText('by', by, 256);
  if (CONTROL.test(text) || HALF_PAIR.test(text)) {
    throw new RangeError('"by" must have no control character and no half surrogate pair');
  }
  return text;
}

/** @throws {TypeError | RangeError} unless `name` has 1 to 64 code points and no control character. */
export function requireName(name: unknown): string {
  const text = requireText('name', name, 2 * MAX_NAME);
  if (!isName(text)) {
    throw new RangeError(`"name" must have 1 to ${MAX_NAME} characters and no control character`);
  }
  return text;
}

/** Whether a text can be an authenticator's name. */
export function isName(text: string): boolean {
  return (
    text !== '' &&
    text.length <= 2 * MAX_NAME &&
    [...text].length <= MAX_NAME &&
    !CONTROL.test(text)
  );
}

/** @throws {TypeError} unless `value` is a function. */
export function requireFunction<Value>(name: string, value: Value): Value {
  if (typeof value !== 'function') wrongKind(name, 'a function', value);
  return value;
}

/** Whether milliseconds lie where today lies in seconds: from 2001 to the year 5138. */
export function looksLikeSeconds(moment: number): boolean {
  return moment >= 1e9 && moment <= 1e11;
}
