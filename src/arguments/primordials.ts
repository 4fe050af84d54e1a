/**
 * Built-in getters captured at import. They read internal slots, so a typed array cannot misreport
 * its own kind or length through an own property or a subclass.
 */

const typedArrayPrototype: object = Object.getPrototypeOf(Uint8Array.prototype);

function getterOf(name: string | symbol): (value: unknown) => unknown {
  const getter = Object.getOwnPropertyDescriptor(typedArrayPrototype, name)?.get;
  return Function.prototype.call.bind(getter as () => unknown);
}

/** `'Uint8Array'` or another typed array's name; undefined for any other value. */
export const typedArrayName = getterOf(Symbol.toStringTag) as (
  value: unknown,
) => string | undefined;

/** The current number of elements of a typed array. */
export const typedArrayLength = getterOf('length') as (value: unknown) => number;
