import { defineConfig } from 'vitest/config';

// The packed library in every runtime: `npm run test:runtimes`. One file after another and two
// runtimes at a time, because each needs a processor.
export default defineConfig({
  test: {
    include: [
      'test/runtimes/runtimes.test.mjs',
      'test/runtimes/faults.test.mjs',
      'test/runtimes/jsr.test.mjs',
      'test/runtimes/stores.test.mjs',
      'test/runtimes/factors.test.mjs',
    ],
    fileParallelism: false,
    maxConcurrency: 2,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // The table, as it is.
    disableConsoleIntercept: true,
  },
});
