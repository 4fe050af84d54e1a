// The built package, found by the `exports` of package.json. OTPCORE_BENCH_ENGINE=portable takes the
// files of browsers instead.
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';

const manifest = new URL('../../package.json', import.meta.url);
const portable = new URL('../../dist/index.js', import.meta.url).href;

/** The address of the package's root module. */
export const libraryUrl =
  process.env.OTPCORE_BENCH_ENGINE === 'portable'
    ? portable
    : pathToFileURL(createRequire(manifest).resolve('otpcore')).href;

if (libraryUrl === portable && process.env.OTPCORE_BENCH_ENGINE === 'portable') {
  register('../worker/portable-engine.mjs', import.meta.url);
}

export const {
  buildOtpauthUri,
  createKey,
  decodeBase32,
  decodeBase32Lenient,
  encodeBase32,
  generateTotp,
  memoryStore,
  parseOtpauthUri,
  resyncTotp,
  verifyTotp,
  verifyTotpBatch,
  verifyTotpOnce,
} = await import(libraryUrl);
