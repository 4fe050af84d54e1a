// Stryker's settings for the group of files that MUTATION names; run.mjs runs one after another.
import { fileURLToPath } from 'node:url';
import { GROUPS } from './groups.mjs';

const name = process.env.MUTATION;
const group = GROUPS[name];

export default {
  mutate: process.env.MUTATE?.split(',') ?? group.mutate,
  testRunner: 'vitest',
  // By path: Stryker looks for plugins beside the project's own packages.
  plugins: [
    fileURLToPath(
      new URL('./node_modules/@stryker-mutator/vitest-runner/dist/src/index.js', import.meta.url),
    ),
  ],
  vitest: { configFile: 'test/mutation/vitest.config.mjs', related: false },
  coverageAnalysis: group.everyTest ? 'off' : 'perTest',
  concurrency: 2,
  // A change on a busy machine may take this long without being an endless loop.
  timeoutMS: 8000,
  timeoutFactor: 4,
  // The files that Stryker copies.
  ignorePatterns: [
    '**',
    '!src/**',
    '!test/**',
    '!docs/*.md',
    '!package.json',
    '!tsconfig.json',
    'node_modules',
  ],
  tempDirName: '.tmp/stryker',
  // Types are stripped, not checked, so there is nothing to switch off.
  disableTypeChecks: false,
  // A result is kept until the source or the tests that decided it change.
  incremental: true,
  incrementalFile: `.tmp/mutation/${name}.incremental.json`,
  reporters: ['json', 'clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, reportTests: false, reportMutants: false },
  jsonReporter: { fileName: `.tmp/mutation/${name}.json` },
  allowConsoleColors: false,
};
