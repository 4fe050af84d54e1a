// QuickJS, compiled to WebAssembly and run by Node; the engine itself has none to offer.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lastLine, run } from '../support/process.mjs';
import { bundle, installed } from '../support/project.mjs';

const host = fileURLToPath(new URL('../support/quickjs.mjs', import.meta.url));

export const runtimes = [
  {
    name: 'QuickJS',
    engine: 'portable',
    lacks: ['WebAssembly', 'TextEncoder', 'URL', 'crypto', 'structuredClone', 'setTimeout'],
    remedy: 'the npm package quickjs-emscripten',
    locate: () => installed('quickjs-emscripten', 'package.json'),
    version: async (manifest) =>
      `quickjs-emscripten ${JSON.parse(readFileSync(manifest, 'utf8')).version}`,
    async judge(project) {
      const script = await bundle(project, 'script.mjs', 'plain', { format: 'iife' });
      return lastLine(await run(process.execPath, [host, script], { cwd: project.folder }));
    },
  },
];
