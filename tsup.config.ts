import { defineConfig } from 'tsup';

// One output file for each source file, nothing bundled: a reader finds in dist what stands in src.
// The declarations come from tsc (scripts/tsconfig.build.json), which keeps that shape too.
export default defineConfig({
  entry: ['src/**/*.ts'],
  outDir: 'dist',
  format: 'esm',
  target: 'es2022',
  bundle: false,
  sourcemap: true,
  clean: true,
});
