import { defineConfig } from 'vitest/config';

// The examples of docs/frameworks.md as applications, against the packed package: `npm run
// test:frameworks`. Nearly all of it is waiting for processes, so two files run at a time.
export default defineConfig({
  test: {
    include: ['test/frameworks/*.test.mjs'],
    globalSetup: ['test/frameworks/support/setup.mjs'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
