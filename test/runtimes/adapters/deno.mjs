// Deno, with no permission but that of reading its own files, which it has anyway.

import { lastLine, run } from '../support/process.mjs';
import { installed } from '../support/project.mjs';

export const runtimes = [
  {
    name: 'Deno',
    engine: 'simd',
    lacks: [],
    remedy: 'the npm package @deno/linux-x64-glibc, which is for Linux on x64',
    locate: () => installed('@deno', 'deno'),
    version: async (program) => (await run(program, ['--version'], { cwd: '/' })).split(' ')[1],
    judge: async ({ folder }, program) =>
      lastLine(
        await run(program, ['run', '--no-prompt', '--cached-only', '--no-lock', 'module.mjs'], {
          cwd: folder,
        }),
      ),
  },
];
