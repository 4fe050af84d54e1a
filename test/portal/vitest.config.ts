import { defineConfig } from 'vitest/config';

// The portal in headless Chromium: `npm run test:portal`. The steps of a flow follow each other.
export default defineConfig({
  test: {
    include: ['test/portal/*.test.mjs'],
    fileParallelism: false,
    bail: 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
