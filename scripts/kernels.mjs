// The kernels of the SIMD engine, written at build time: the assembler and its kernels
// stay in `src`, and `dist` holds the bytes that they write.
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';

/** The module of `src` in whose place the bytes stand. */
const WRITER = 'src/engine/simd/kernel-bytes.ts';
const HASHES = ['SHA-1', 'SHA-256', 'SHA-512'];

/** Assembles all kernels with the sources as they are; each as base64. */
async function assembleKernels() {
  const { outputFiles } = await build({
    entryPoints: [WRITER],
    bundle: true,
    write: false,
    format: 'esm',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { kernelBytes } = await import(`data:text/javascript;base64,${code}`);
  return HASHES.map((_, index) => Buffer.from(kernelBytes(index)).toString('base64'));
}

/**
 * The text that takes the place of {@link WRITER}. Its function begins at the line where that file's
 * does, so that the source map leads there. A kernel is decoded at its first use.
 */
function kernelModule(source, kernels) {
  const [before] = source.split('export function kernelBytes', 1);
  return `${before.replace(/[^\n]+/g, '')}export function kernelBytes(index) {
  const text = KERNELS[index];
  if (typeof Uint8Array.fromBase64 === 'function') return Uint8Array.fromBase64(text);
  const { Buffer, atob } = globalThis;
  if (typeof Buffer === 'function') return Buffer.from(text, 'base64');
  return Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
}
const KERNELS = ${JSON.stringify(kernels)};
`;
}

/** The plugin of esbuild that puts the bytes in. */
export const kernelsAsBytes = {
  name: 'kernels-as-bytes',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]simd[\\/]kernel-bytes\.ts$/ }, async ({ path }) => {
      const contents = kernelModule(await readFile(path, 'utf8'), await assembleKernels());
      return { contents, loader: 'js' };
    });
  },
};
