import { defineConfig } from 'vitest/config';

// The stores on real servers, against the built package: `npm run test:servers`. One file after
// another, because each starts a server and the storms need all processors.
export default defineConfig({
  test: {
    include: ['test/servers/*.test.mjs'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The figures, as they are.
    disableConsoleIntercept: true,
  },
});
