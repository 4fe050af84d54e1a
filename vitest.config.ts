import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** These give the engine nothing to do, choose one themselves, or run the built package. */
const ONCE = [
  'test/{arguments,base32,code,internal,otpauth-uri,single-use,step,uri}/**/*.test.ts',
  'test/{base32,code,errors,messages,otpauth-uri,secret,step,window}.test.ts',
  'test/key/{algorithm,otp-key}.test.ts',
  'test/engine/{simd,wasm}/**/*.test.ts',
  'test/engine/{engines,hash,hmac,otp-key,portable,sha*,simd,truncate}.test.ts',
  'test/oracle/engines.test.ts',
  'test/property/{base32,otpauth-uri,pollution,single-use}.test.ts',
  'test/{package,slow,stores,structure,types}/**/*.test.ts',
  'test/{conformance,docs,links,poisoned-globals,testing,testing-claims}.test.ts',
  'test/runtimes/this-node.test.mjs',
];

/** Tests over the sources with one engine as `#engine`, which package.json leaves to the platform. */
function project(name: string, engine: string, tests: object) {
  const path = fileURLToPath(new URL(`src/engine/${engine}.ts`, import.meta.url));
  return {
    extends: true as const,
    resolve: { alias: { '#engine': path } },
    test: { name, testTimeout: 120_000, ...tests },
  };
}
const eachEngine = {
  include: ['test/**/*.test.ts'],
  exclude: ['**/node_modules/**', ...ONCE],
};

export default defineConfig({
  test: {
    // A process loads vitest, fast-check and TypeScript once for many files.
    isolate: false,
    setupFiles: ['test/support/fresh-modules.ts'],
    projects: [
      project('portable', 'portable', eachEngine),
      project('simd', 'simd', eachEngine),
      project('project', 'simd', { include: ONCE }),
    ],
  },
});
