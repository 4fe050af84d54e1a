// The suite's own assertions: QuickJS and Hermes have no test framework, and need none.

/** @throws {Error} unless both are equal: as `Object.is`, or field by field. */
export function equal(actual, expected, what = 'the answer') {
  if (!isSame(actual, expected)) {
    throw new Error(`${what} should be ${show(expected)}, is ${show(actual)}`);
  }
}

/** @throws {Error} unless `condition` is true. */
export function holds(condition, what) {
  if (condition !== true) throw new Error(`${what}: does not hold`);
}

/**
 * @param expected - `type`, the error's class, and where given its `code`, its `position` and a
 *   `message` to match
 * @throws {Error} unless `action` throws such an error
 */
export function throws(action, expected, what = 'the call') {
  checkError(errorOf(action, what), expected, what);
}

/** As {@link throws}, for a promise that must reject. */
export async function rejects(promise, expected, what = 'the promise') {
  let value;
  try {
    value = await promise;
  } catch (error) {
    checkError(error, expected, what);
    return;
  }
  throw new Error(`${what} should have been rejected, is ${show(value)}`);
}

/** What `action` throws. */
export function errorOf(action, what = 'the call') {
  let value;
  try {
    value = action();
  } catch (error) {
    return error;
  }
  throw new Error(`${what} should have thrown, gave ${show(value)}`);
}

function checkError(error, { type, code, position, message }, what) {
  // The very class: an OtpError is an Error too, and a RangeError is none of the others.
  if (typeof error !== 'object' || error === null || error.constructor !== type) {
    throw new Error(`${what} should have thrown a ${type.name}, threw ${show(error)}`);
  }
  if (code !== undefined) equal(error.code, code, `the code of ${what}`);
  if (position !== undefined) equal(error.position, position, `the position of ${what}`);
  if (message !== undefined) {
    holds(message.test(error.message), `the message of ${what}, "${error.message}"`);
  }
}

function isSame(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (a instanceof Uint8Array !== b instanceof Uint8Array || a.length !== b.length) return false;
  const keys = Object.keys(b);
  if (Object.keys(a).length !== keys.length) return false;
  return keys.every((key) => Object.hasOwn(a, key) && isSame(a[key], b[key]));
}

/** A value in a message, cut where it gets long. */
export function show(value) {
  return describe(value).slice(0, 300);
}

function describe(value) {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 300));
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return `bytes ${Array.from(value.subarray(0, 40)).join(' ')}`;
  try {
    return JSON.stringify(value);
  } catch {
    return 'an object';
  }
}
