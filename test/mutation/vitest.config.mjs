// The tests that Stryker runs for each change: those of one group, in the order of groups.mjs.
import { readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import { GROUPS } from './groups.mjs';

const group = GROUPS[process.env.MUTATION];
/** The files of a path; a star stands for any test's name. */
function filesOf(path) {
  if (!path.includes('*')) return [path];
  const folder = dirname(path);
  const names = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  return names.sort().map((name) => `${folder}/${name}`);
}

const files = group.tests.flatMap(filesOf);
const places = files.map((file) => resolve(file));

/** A run ends with its first failure, so the tests that fail soonest come first. */
class InOrder extends BaseSequencer {
  async sort(specifications) {
    const placeOf = ({ moduleId }) => places.indexOf(moduleId);
    return specifications.sort((one, other) => placeOf(one) - placeOf(other));
  }
}

export default defineConfig({
  resolve: { alias: { '#engine': resolve(`src/engine/${group.engine ?? 'portable'}.ts`) } },
  test: {
    include: files,
    // Stryker's copies lie in a hidden folder, which the default excludes.
    exclude: ['**/node_modules/**'],
    setupFiles: ['test/mutation/setup.mjs'],
    isolate: group.isIsolated === true,
    // Stryker has the time limit: a test that is slow on a busy machine has not failed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: InOrder },
  },
});
