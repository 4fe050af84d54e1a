// Bun.

import { lastLine, run } from '../support/process.mjs';
import { installed } from '../support/project.mjs';

export const runtimes = [
  {
    name: 'Bun',
    engine: 'simd',
    lacks: [],
    remedy: 'the npm package bun, for a platform that it has',
    locate: () => installed('@oven', 'bin/bun'),
    version: async (program) => (await run(program, ['--version'], { cwd: '/' })).trim(),
    judge: async ({ folder }, program) =>
      lastLine(await run(program, ['run', '--no-install', 'module.mjs'], { cwd: folder })),
  },
];
