/**
 * The entry point of every options object. After it, plain destructuring is safe.
 *
 * A value inherited from `Object.prototype` counts as absent: prototype pollution must not widen a
 * window. Values inherited from a class or from shared defaults count.
 */
import { wrongKind } from './guards.js';

/**
 * The default of an omitted options argument. It is frozen and inherits from an empty object, so
 * pollution cannot slip a default in. A prototype of its own keeps it a fast object in V8.
 */
export const NO_OPTIONS: Readonly<Record<never, never>> = Object.freeze(
  Object.create(Object.freeze(Object.create(null))),
);

type Values = Record<string, unknown>;

const prototype: Readonly<Values> = Object.prototype as never;

/**
 * Whether `Object.prototype` has a name read by verifications. Written out, because every
 * verification asks, and a loop over names takes ten times as long as these constant reads.
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
    prototype.algorithm !== undefined ||
    prototype.key !== undefined ||
    prototype.code !== undefined ||
    prototype.secret !== undefined ||
    prototype.store !== undefined ||
    prototype.id !== undefined
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
  if (options === NO_OPTIONS) return options;
  requireObject(options, name);
  return isPolluted() ? withoutPollution(options) : options;
}

function requireObject(options: object, name: string): void {
  // An array or a Date was meant for another argument.
  if (
    typeof options !== 'object' ||
    options === null ||
    Array.isArray(options) ||
    options instanceof Date
  ) {
    wrongKind(name, `an object with options${exampleFor(options)}`, options);
  }
}

/** A number was meant for one option; without an argument the required ones are missing. */
function exampleFor(options: unknown): string {
  if (typeof options === 'number') return ', such as { timestamp } or { counter }';
  return options === undefined ? ', such as { store, id } or { counter }' : '';
}

/** A copy of all properties except those inherited from `Object.prototype`. */
function withoutPollution<T extends object>(options: T): T {
  const copy = Object.create(null) as Values;
  let holder: object | null = options;
  while (holder !== null && holder !== prototype) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (name in copy) continue;
      // Methods of a class stay non-enumerable, so a loop over option names skips them.
      const enumerable = Object.prototype.propertyIsEnumerable.call(holder, name);
      Object.defineProperty(copy, name, { value: (options as Values)[name], enumerable });
    }
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return copy as T;
}

/** Whether an object owns a property, or inherits it from any prototype but `Object.prototype`. */
function isGiven(options: object, name: string): boolean {
  let holder: object | null = options;
  while (holder !== null && holder !== prototype) {
    if (Object.hasOwn(holder, name)) return true;
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return false;
}

/** Option names of other libraries with an effect on the result, and their equivalent here. */
const FOREIGN_NAMES: Readonly<Record<string, string>> = {
  time: '"timestamp", in milliseconds',
  step: '"period", in seconds',
  tolerance: '"window", in steps',
  epochTolerance: '"window", in steps',
  skew: '"window", in steps',
  encoding: 'a Uint8Array or base32 text as the secret',
  algo: '"algorithm" of createKey',
  afterTimeStep: '"lastStep"',
  t0: '"epoch", in seconds',
  initial_time: '"epoch", in seconds',
  counterTolerance: '"lookAhead"',
};

/**
 * Refuses another library's name for an option. Verifications call it only before refusing a code, so
 * an accepted code is spared its cost.
 *
 * @param keyAlgorithm - the key's own algorithm
 * @throws {TypeError} naming our option
 */
export function refuseForeignNames(options: object, keyAlgorithm: string): void {
  const { time, step, tolerance, epochTolerance, skew, encoding, algo, algorithm } =
    options as Values;
  const { afterTimeStep, t0, initial_time, counterTolerance } = options as Values;
  // The usual case, without any such name, is this one expression.
  const given = time ?? step ?? tolerance ?? epochTolerance ?? skew ?? encoding ?? algo;
  if ((given ?? afterTimeStep ?? t0 ?? initial_time ?? counterTolerance) !== undefined) {
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

/** Further fields of a parsed URI or a table row, present when one is spread into options. */
const SPREAD_NAMES: readonly string[] = [
  ...['type', 'issuer', 'account', 'secret', 'algorithm', 'digits', 'period', 'counter', 'image'],
  ...['labelIssuer', 'id', 'name', 'label', 'email', 'user', 'username', 'userId', 'user_id'],
  ...['token', 'code'],
];

/**
 * Like {@link openOptions}, for rare calls: it also refuses unknown names. A name with the value
 * undefined counts as absent.
 *
 * @param names - the options of the call, and those of related calls sharing one options object.
 *   The fields of a parsed URI and a few columns of a user's row are always ignored
 * @param argument - the argument's name for the message
 * @throws {TypeError} naming the closest option, or else all of them
 */
export function requireKnownOptions<T extends object>(
  options: T,
  names: readonly string[],
  argument = 'options',
): T {
  if (options === NO_OPTIONS) return options;
  requireObject(options, argument);
  for (const name in options) {
    const isKnown = names.includes(name) || SPREAD_NAMES.includes(name);
    if (!isKnown && (options as Values)[name] !== undefined && isGiven(options, name)) {
      refuseUnknown(options, name, names, argument);
    }
  }
  const isFree = names.every((name) => prototype[name] === undefined);
  return isFree ? options : withoutPollution(options);
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
  // Bytes and boxed strings have numeric names, and they may hold a secret.
  if (/^\d/.test(name) || name.length > MAX_NAME_LENGTH) {
    wrongKind(argument, 'an object with options alone', options);
  }
  const nearest = nearestName(name, names);
  const remedy =
    nearest === undefined ? `the options are ${names.join(', ')}` : `did you mean "${nearest}"?`;
  throw new TypeError(`"${name}" is not an option here: ${remedy}`);
}

/** The first name with the same two initial letters; undefined if every name differs. */
function nearestName(name: string, names: readonly string[]): string | undefined {
  const start = name.slice(0, 2).toLowerCase();
  return names.find((candidate) => candidate.toLowerCase().startsWith(start));
}
