/**
 * Built-in getters captured at import. They read internal slots, so a typed array cannot misreport
 * its own kind or length through an own property or a subclass.
 */

const typedArrayPrototype: object = Object.getPrototypeOf(Uint8Array.prototype);

function getterOf(name: string | symbol): (value: unknown) => unknown {
  const getter = Object.getOwnPropertyDescriptor(typedArrayPrototype, name)?.get;
  return Function.prototype.call.bind(getter as () => unknown);
}

/** `'Uint8Array'` and the like; undefined for any value but a typed array. */
export const typedArrayName = getterOf(Symbol.toStringTag) as (
  value: unknown,
) => string | undefined;

/** How many elements a typed array has at this moment. */
export const typedArrayLength = getterOf('length') as (value: unknown) => number;
