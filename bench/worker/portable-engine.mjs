// A resolve hook: `#engine` is the portable engine, as package.json's `imports` has it by default.
const portable = new URL('../../dist/engine/portable.js', import.meta.url).href;

export function resolve(specifier, context, next) {
  return next(specifier === '#engine' ? portable : specifier, context);
}
