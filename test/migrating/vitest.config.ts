import { defineConfig } from 'vitest/config';

// The pages of docs/migrating, each row on both libraries: `npm run test:migrating`. Against the
// built package, beside the rivals that bench/package.json pins.
export default defineConfig({
  test: {
    include: ['test/migrating/*.test.mjs'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // The old libraries call what Node has deprecated.
    execArgv: ['--no-deprecation'],
  },
});
