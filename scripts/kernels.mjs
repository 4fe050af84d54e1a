// The kernels of the SIMD engine, written at build time: the assembler and its kernels
// stay in `src`, and `dist` holds the bytes that they write.
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';

/** The module of `src` in whose place the bytes stand. */
const WRITER = 'src/engine/simd/kernel-bytes.ts';
const HASHES = ['SHA-1', 'SHA-256', 'SHA-512'];

/**
 * Assembles all kernels with the sources as they are; each in hexadecimal digits. A bundle is compressed
 * before it is sent, and then these take 7.9 kB, where base64 takes 12.7: it hides repeated bytes.
 */
async function assembleKernels() {
  const { outputFiles } = await build({
    entryPoints: [WRITER],
    bundle: true,
    write: false,
    format: 'esm',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { kernelBytes } = await import(`data:text/javascript;base64,${code}`);
  return HASHES.map((_, index) => Buffer.from(kernelBytes(index)).toString('hex'));
}

/**
 * The text that takes the place of {@link WRITER}. Its function begins at the line where that file's
 * does, so that the source map leads there. A kernel is decoded at its first use.
 */
function kernelModule(source, kernels) {
  const [before] = source.split('export function kernelBytes', 1);
  return `${before.replace(/[^\n]+/g, '')}export function kernelBytes(index) {
  const text = KERNELS[index];
  if (typeof Uint8Array.fromHex === 'function') return Uint8Array.fromHex(text);
  const { Buffer } = globalThis;
  if (typeof Buffer === 'function') return Buffer.from(text, 'hex');
  return Uint8Array.from(text.match(/../g), (byte) => Number.parseInt(byte, 16));
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
