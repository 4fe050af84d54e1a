import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** These give the engine nothing to do, choose one themselves, or run the built package. */
const ENGINE_FREE = [
  'test/{arguments,base32,code,single-use,step}/**/*.test.ts',
  'test/{base32,code,secret,step}.test.ts',
  'test/otpauth-uri/{names,percent,write}.test.ts',
  'test/key/{algorithm,otp-key}.test.ts',
  'test/engine/simd/**/*.test.ts',
  'test/engine/{engines,hash,hmac,otp-key,portable,sha*,truncate}.test.ts',
  'test/oracle/engines.test.ts',
  'test/property/{base32,otpauth-migration,pollution}.test.ts',
  'test/{package,second-factor,slow,stores,structure,types}/**/*.test.ts',
  'test/recovery-codes.test.ts',
  'test/{conformance,corpus,docs,links,mistakes,otpauth-migration,testing}.test.ts',
  'test/runtimes/this-node.test.mjs',
];
/** These give it so little to do that the portable engine would repeat the run of the other. */
const ONE_ENGINE = [
  'test/{errors,messages,otpauth-uri,testing-claims}.test.ts',
  'test/otpauth-uri/**/*.test.ts',
  'test/property/otpauth-uri.test.ts',
  'test/engine/simd.test.ts',
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
const include = ['test/**/*.test.ts'];
const exclude = ['**/node_modules/**', ...ENGINE_FREE];

export default defineConfig({
  test: {
    // A process loads vitest, fast-check and TypeScript once for many files.
    isolate: false,
    setupFiles: ['test/support/fresh-modules.ts'],
    projects: [
      project('portable', 'portable', { include, exclude: [...exclude, ...ONE_ENGINE] }),
      project('simd', 'simd', { include, exclude }),
      project('project', 'simd', { include: ENGINE_FREE }),
    ],
  },
});
