import { defineConfig } from 'tsup';
import { kernelsAsBytes } from './scripts/kernels.mjs';

// One output file for each source file, nothing bundled: a reader finds in dist what stands in src. Only the kernels
// are bytes there (scripts/kernels.mjs).
// The declarations come from tsc (tsconfig.build.json), which keeps that shape too.
export default defineConfig({
  entry: ['src/**/*.ts', '!src/engine/simd/kernels/**'],
  esbuildPlugins: [kernelsAsBytes],
  outDir: 'dist',
  format: 'esm',
  target: 'es2022',
  bundle: false,
  sourcemap: true,
  clean: true,
  // The sources are in the package, so the maps hold no second copy.
  esbuildOptions: (options) => {
    options.sourcesContent = false;
  },
});
