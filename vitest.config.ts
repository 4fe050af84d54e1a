import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = new URL('./', import.meta.url);

/** What no engine makes a difference to: documents, layers, types, the package, what is below it. */
const ENGINE_FREE = [
  'test/engine/simd/**/*.test.ts',
  'test/engine/{engines,hash,hmac,otp-key,portable,sha*,truncate}.test.ts',
  'test/{arguments,code,step}/**/*.test.ts',
  'test/base32/**/*.test.ts',
  'test/single-use/**/*.test.ts',
  'test/key/algorithm.test.ts',
  'test/oracle/engines.test.ts',
  'test/{base32,code,otpauth-migration,otpauth-uri,secret,step}.test.ts',
  'test/otpauth-uri/**/*.test.ts',
  'test/property/{base32,otpauth-migration,otpauth-uri}.test.ts',
  'test/package/**/*.test.ts',
  'test/stores/**/*.test.ts',
  'test/testing.test.ts',
  'test/types/**/*.test.ts',
  'test/property/pollution.test.ts',
  'test/slow/**/*.test.ts',
  'test/runtimes/this-node.test.mjs',
  'test/conformance.test.ts',
  'test/corpus.test.ts',
  'test/docs.test.ts',
  'test/links.test.ts',
  'test/structure/**/*.test.ts',
];

/** The sources under an engine of choice: `#engine` is what package.json leaves to the platform. */
function engineProject(name: string) {
  return {
    extends: true as const,
    resolve: { alias: { '#engine': fileURLToPath(new URL(`src/engine/${name}.ts`, root)) } },
    test: {
      name,
      include: ['test/**/*.test.ts'],
      exclude: ['**/node_modules/**', ...ENGINE_FREE],
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      engineProject('portable'),
      engineProject('simd'),
      // What does not depend on the engine, and what runs against the built package.
      {
        extends: true,
        test: {
          name: 'project',
          include: ENGINE_FREE,
          testTimeout: 120_000,
        },
      },
    ],
  },
});
