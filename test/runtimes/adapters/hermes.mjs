// Hermes, the engine of React Native. It has neither modules nor classes nor async functions, so the
// bundle is lowered by Babel, as in React Native's own preset; nothing is added that the engine lacks.
import { readFileSync, writeFileSync } from 'node:fs';
import babel from '@babel/standalone';
import { lastLine, run } from '../support/process.mjs';
import { bundle, installed } from '../support/project.mjs';

const FOLDERS = { linux: 'linux64-bin', darwin: 'osx-bin', win32: 'win64-bin' };
const PROGRAM = process.platform === 'win32' ? 'hermes.exe' : 'hermes';
/** What this Hermes cannot read, and React Native's preset lowers. It has nothing for static blocks. */
const LOWERED = [
  'transform-class-properties',
  'transform-private-methods',
  'transform-private-property-in-object',
  'transform-classes',
  'transform-block-scoping',
  'transform-async-to-generator',
];

export const runtimes = [
  {
    name: 'Hermes',
    engine: 'portable',
    lacks: ['WebAssembly', 'TextEncoder', 'URL', 'crypto', 'structuredClone'],
    remedy: 'the npm package hermes-engine-cli, which is for x64',
    locate: () => installed('hermes-engine-cli', `${FOLDERS[process.platform]}/${PROGRAM}`),
    version: async (program) =>
      /release version: (\S+)/.exec(await run(program, ['-version'], { cwd: '/' }))?.[1],
    async judge(project, program) {
      const script = await bundle(project, 'script.mjs', 'plain', { format: 'iife' });
      const lowered = script.replace(/\.mjs$/, '.lowered.js');
      const { code } = babel.transform(readFileSync(script, 'utf8'), {
        plugins: LOWERED,
        sourceType: 'script',
        compact: false,
      });
      writeFileSync(lowered, `globalThis.tell = print;\n${code}`);
      const flags = ['-Wno-undefined-variable'];
      return lastLine(await run(program, [...flags, lowered], { cwd: project.folder }));
    },
  },
];
