// The packed library, installed into an empty project, in the Node that runs the tests. `npm run
// test:runtimes` runs the same suite in all the others.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runtimes } from './adapters/node.mjs';
import { createProject } from './support/project.mjs';

let project;

beforeAll(async () => {
  project = await createProject();
}, 120_000);

afterAll(() => project?.remove());

test.each(runtimes.filter(({ locate }) => locate() === process.execPath))(
  '$name passes the conformance suite on the $engine engine',
  async ({ engine, judge, lacks, locate }) => {
    const { passed, ...report } = await judge(project, locate());
    expect(report).toMatchObject({ failures: [], uncaught: [], engine, lacks });
    expect(passed).toBeGreaterThan(350);
  },
  120_000,
);
