import { defineConfig } from 'vitest/config';

// The built site in Chromium and Firefox: `npm run test:site`, which builds it first.
export default defineConfig({
  test: {
    include: ['docs/site/test/*.test.mjs'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
