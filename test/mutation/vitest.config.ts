// What Stryker runs for each change: the tests of one group, in the order that groups.mjs lists.
import { readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { GROUPS, type Group } from './groups.mjs';

const group = GROUPS[process.env.MUTATION as string] as Group;
/** The files that a path names, with a star for the name of any test. */
function filesOf(path: string): string[] {
  if (!path.includes('*')) return [path];
  const folder = dirname(path);
  const names = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  return names.sort().map((name) => `${folder}/${name}`);
}

const files = group.tests.flatMap(filesOf);
const places = files.map((file) => resolve(file));

/** The run ends with the first failure, so what fails sooner comes first. */
class InOrder extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) => places.indexOf(moduleId);
    return specifications.sort((one, other) => placeOf(one) - placeOf(other));
  }
}

export default defineConfig({
  resolve: { alias: { '#engine': resolve(`src/engine/${group.engine ?? 'portable'}.ts`) } },
  test: {
    include: files,
    // Stryker's folder of copies lies in one that is hidden.
    exclude: ['**/node_modules/**'],
    setupFiles: ['test/mutation/setup.ts'],
    isolate: group.isIsolated === true,
    // The time limit is Stryker's: on a busy machine a slow test is no failed one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: InOrder },
  },
});
