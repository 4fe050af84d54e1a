/** The kernels in dist are the bytes that the assembler in src writes, and the assembler stays there. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { kernelBytes } from '../../src/engine/simd/kernel-bytes.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Makes a key of each hash function in a fresh process; answers the modules that it compiles. */
function compiledModules(before = ''): string[] {
  const script = `
    const compiled = [];
    const { Module } = WebAssembly;
    WebAssembly.Module = function (bytes) {
      compiled.push(Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));
      return new Module(bytes);
    };
    ${before}
    const { createKey } = await import('otpcore');
    for (const algorithm of ['SHA1', 'SHA256', 'SHA512']) {
      createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', { algorithm });
    }
    console.log(JSON.stringify(compiled));`;
  const args = ['--input-type=module', '--eval', script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }));
}

test.each([
  { decoder: 'what this runtime has', before: '' },
  { decoder: 'a loop', before: 'delete Uint8Array.fromHex; delete globalThis.Buffer;' },
  {
    decoder: 'Uint8Array.fromHex',
    before: `const { Buffer } = globalThis;
      Uint8Array.fromHex = (text) => new Uint8Array(Buffer.from(text, 'hex'));
      delete globalThis.Buffer;`,
  },
])('The bytes are those that src writes, decoded by $decoder', ({ before }) => {
  const written = [0, 1, 2].map((index) => hex(kernelBytes(index)));
  expect(new Set(written).size).toBe(3);
  expect(compiledModules(before)).toEqual(written);
});

test('The assembler and the kernels are the source of no file of dist', () => {
  const sources = readdirSync(`${root}dist`, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.c?js\.map$/.test(file))
    .flatMap((file) => JSON.parse(readFileSync(`${root}dist/${file}`, 'utf8')).sources as string[]);
  const simd = sources.filter((source) => source.includes('/engine/simd'));
  expect(simd.map((source) => source.replace(/^.*\/engine\//, '')).sort()).toEqual([
    'simd.ts',
    'simd/kernel-bytes.ts',
    'simd/layout.ts',
    'simd/memory.ts',
  ]);
});
