// A resolve hook: the library is its portable form, as browsers load it.
const portable = new URL('../../dist/index.js', import.meta.url).href;

export function resolve(specifier, context, next) {
  return next(specifier.endsWith('/dist/node/index.js') ? portable : specifier, context);
}
