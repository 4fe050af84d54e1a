import { defineConfig } from 'vitest/config';

// The packed package in the projects of others, their compilers, bundlers and test runners:
// `npm run test:consumers`. Nearly all of it is waiting for processes, so two files run at a time.
export default defineConfig({
  test: {
    include: ['test/consumers/*.test.mjs'],
    globalSetup: ['test/consumers/support/pack.mjs'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
