import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = new URL('./', import.meta.url);

/** The sources under an engine of choice: `#engine` is what package.json leaves to the platform. */
function engineProject(name: string) {
  return {
    extends: true as const,
    resolve: { alias: { '#engine': fileURLToPath(new URL(`src/engine/${name}.ts`, root)) } },
    test: {
      name,
      include: ['test/**/*.test.ts'],
      exclude: ['test/package/**', 'test/slow/**', 'test/docs.test.ts', 'test/layers.test.ts'],
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      engineProject('portable'),
      // What does not depend on the engine, and what runs against the built package.
      {
        extends: true,
        test: {
          name: 'project',
          include: ['test/package/**/*.test.ts', 'test/docs.test.ts', 'test/layers.test.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
