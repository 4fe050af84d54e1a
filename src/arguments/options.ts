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
