import { build } from 'esbuild'; import { brotliCompressSync } from 'node:zlib';
const code = process.argv[2];
const r = await build({ stdin: { contents: code, resolveDir: process.cwd() }, bundle: true, minify: true, format: 'esm', metafile: true, write: false, platform: 'browser', conditions: ['browser'] });
const out = Object.values(r.metafile.outputs)[0];
const rows = Object.entries(out.inputs).map(([k, v]) => [v.bytesInOutput, k]).sort((a, b) => b[0] - a[0]);
for (const [n, k] of rows.slice(0, 22)) console.log(String(n).padStart(6), k);
console.log(r.outputFiles[0].text.length, brotliCompressSync(r.outputFiles[0].contents).length);
