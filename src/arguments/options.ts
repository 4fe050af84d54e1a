/**
 * The one door for options objects. Behind it, plain destructuring is safe.
 *
 * A value that an option has only because something wrote to `Object.prototype` was not given:
 * prototype pollution must not widen a window. Values inherited from a class or from shared
 * defaults do count.
 */
import { wrongKind } from './guards.js';

/** Options left out altogether. Frozen, so that a default cannot be slipped in. */
export const NO_OPTIONS: Readonly<Record<never, never>> = Object.freeze({});

type Values = Record<string, unknown>;

const prototype: Readonly<Values> = Object.prototype as never;

/** Every option, field and item property that the library reads from a caller's object. */
const NAMES = [
  ...['timestamp', 'period', 'epoch', 'digits', 'window', 'past', 'future', 'drift', 'lastStep'],
  ...['counter', 'lookAhead', 'range', 'algorithm', 'key', 'code', 'secret', 'store', 'id'],
  ...[
    'issuer',
    'account',
    'type',
    'image',
    'labelIssuer',
    'table',
    'prefix',
    'maxIds',
    'together',
    'prepareId',
  ],
] as const;

/**
 * Whether `Object.prototype` has one of our names. Written out, because a loop over `NAMES` takes
 * ten times as long as these constant reads, and every verification asks.
 */
function isPolluted(): boolean {
  return (
    prototype.timestamp !== undefined ||
    prototype.period !== undefined ||
    prototype.epoch !== undefined ||
    prototype.digits !== undefined ||
    prototype.window !== undefined ||
    prototype.past !== undefined ||
    prototype.future !== undefined ||
    prototype.drift !== undefined ||
    prototype.lastStep !== undefined ||
    prototype.counter !== undefined ||
    prototype.lookAhead !== undefined ||
    prototype.range !== undefined ||
    prototype.algorithm !== undefined ||
    prototype.key !== undefined ||
    prototype.code !== undefined ||
    prototype.secret !== undefined ||
    prototype.store !== undefined ||
    prototype.id !== undefined ||
    prototype.issuer !== undefined ||
    prototype.account !== undefined ||
    prototype.type !== undefined ||
    prototype.image !== undefined ||
    prototype.labelIssuer !== undefined ||
    prototype.table !== undefined ||
    prototype.prefix !== undefined ||
    prototype.maxIds !== undefined ||
    prototype.together !== undefined ||
    prototype.prepareId !== undefined
  );
}

/**
 * Checks that `options` is an object and makes it safe to destructure.
 *
 * @param name - the argument's name for the message
 * @returns `options` itself; while `Object.prototype` is polluted, a copy without a prototype
 * @throws {TypeError} if it is not an object, or is an array or a Date
 */
export function openOptions<T extends object>(options: T, name = 'options'): T {
  // An array or a Date holds no options: it was meant for another argument.
  if (
    typeof options !== 'object' ||
    options === null ||
    Array.isArray(options) ||
    options instanceof Date
  ) {
    wrongKind(name, 'an object with options', options);
  }
  return isPolluted() ? withoutPollution(options) : options;
}

/** A copy of our names, without the values that come from `Object.prototype`. */
function withoutPollution<T extends object>(options: T): T {
  const copy = Object.create(null) as Values;
  for (const name of NAMES) {
    if (isGiven(options, name)) copy[name] = (options as Values)[name];
  }
  return copy as T;
}

/** Whether an object has a property by itself or from anything but `Object.prototype`. */
function isGiven(options: object, name: string): boolean {
  let holder: object | null = options;
  while (holder !== null && holder !== Object.prototype) {
    if (Object.hasOwn(holder, name)) return true;
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return false;
}

/** Option names of other libraries that would change the answer, and the place of their meaning here. */
const FOREIGN_NAMES: Readonly<Record<string, string>> = {
  time: '"timestamp", in milliseconds',
  step: '"period", in seconds',
  tolerance: '"window", in steps',
  epochTolerance: '"window", in steps',
  skew: '"window", in steps',
  encoding: 'a Uint8Array or base32 text as the secret',
  algo: '"algorithm" of createKey',
};

/**
 * Refuses another library's name for an option. Only a call that is about to refuse a code asks, so
 * a right code pays nothing for it.
 *
 * @param keyAlgorithm - the algorithm that the key already has
 * @throws {TypeError} naming our option
 */
export function refuseForeignNames(options: object, keyAlgorithm: string): void {
  const { time, step, tolerance, epochTolerance, skew, encoding, algo, algorithm } =
    options as Values;
  // In this order the usual case, no such name at all, is one expression.
  if ((time ?? step ?? tolerance ?? epochTolerance ?? skew ?? encoding ?? algo) !== undefined) {
    for (const name of Object.keys(FOREIGN_NAMES)) refuseForeignName(options, name);
  }
  if (algorithm !== undefined && algorithm !== keyAlgorithm && isGiven(options, 'algorithm')) {
    throw new TypeError('"algorithm" belongs to the key: pass it to createKey');
  }
}

function refuseForeignName(options: object, name: string): void {
  if ((options as Values)[name] !== undefined && isGiven(options, name)) {
    throw new TypeError(`"${name}" is not an option of otpcore: use ${FOREIGN_NAMES[name]}`);
  }
}

/** What comes along where a parsed URI, or a row of a table, is spread over options. */
const SPREAD_NAMES: readonly string[] = [
  ...['type', 'issuer', 'account', 'secret', 'algorithm', 'digits', 'period', 'counter', 'image'],
  ...['labelIssuer', 'id', 'name', 'label', 'email', 'user', 'username', 'userId', 'user_id'],
  ...['token', 'code'],
];

/**
 * As {@link openOptions}, for a call that is made seldom: it also refuses every name that is none of
 * its options. A name whose value is undefined was not given.
 *
 * @param names - the options of the call, and those of its sisters that may share an object with it.
 *   The fields of a parsed URI and a few columns of a user's row are left alone everywhere
 * @param argument - the argument's name for the message
 * @throws {TypeError} naming the option that was meant, or else all of them
 */
export function requireKnownOptions<T extends object>(
  options: T,
  names: readonly string[],
  argument = 'options',
): T {
  const opened = openOptions(options, argument);
  for (const name in options) {
    const isKnown = names.includes(name) || SPREAD_NAMES.includes(name);
    if (!isKnown && (options as Values)[name] !== undefined && isGiven(options, name)) {
      refuseUnknown(options, name, names, argument);
    }
  }
  return opened;
}

/** Far above the length of any option's name. */
const MAX_NAME_LENGTH = 24;

function refuseUnknown(
  options: object,
  name: string,
  names: readonly string[],
  argument: string,
): never {
  if (Object.hasOwn(FOREIGN_NAMES, name)) refuseForeignName(options, name);
  // Bytes and boxed texts have numbers as names. What is in them may be a secret.
  if (/^\d/.test(name) || name.length > MAX_NAME_LENGTH) {
    wrongKind(argument, 'an object with options alone', options);
  }
  const nearest = nearestName(name, names);
  const remedy =
    nearest === undefined ? `the options are ${names.join(', ')}` : `did you mean "${nearest}"?`;
  throw new TypeError(`"${name}" is not an option here: ${remedy}`);
}

/** The name that the fewest changes of letters lead to, if they are few. */
function nearestName(name: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined;
  // Up to a third of the letters: "algoritm" is near, "token" is not near to "counter".
  let fewest = Math.ceil(name.length / 3) + 1;
  for (const candidate of names) {
    const changes = changesBetween(name.toLowerCase(), candidate.toLowerCase());
    if (changes < fewest) {
      fewest = changes;
      nearest = candidate;
    }
  }
  return nearest;
}

/** How many letters to insert, delete or replace: the distance of Levenshtein. */
function changesBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] as number) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}
