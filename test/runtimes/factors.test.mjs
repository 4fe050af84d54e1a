// sqliteFactorStore over D1 and Durable Objects in workerd, by way of miniflare, over bun:sqlite in
// Bun, and over node:sqlite in a Node that has it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lastLine, run } from './support/process.mjs';
import { createProject } from './support/project.mjs';
import { RUNTIMES } from './support/runtimes.mjs';
import { askWorker } from './support/workerd.mjs';

let project;
beforeAll(async () => {
  project = await createProject();
});
afterAll(() => project?.remove());

/** Of 64 that send one code at once, one is accepted, and the code is used up for the others. */
function expectOnce(outcomes) {
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'reused')).toHaveLength(63);
}

function expectJudged({ suite, withoutTable, atOnce, accepted }) {
  expect(suite.failed).toEqual([]);
  // The suite with an `erase`, and without a second connection.
  expect(suite.count).toBe(23);
  expect(withoutTable).toContain('no such table: otp_factors');
  expectOnce(atOnce);
  expect(accepted).toBe(1);
}

describe('In workerd', () => {
  let found;
  beforeAll(async () => {
    found = await askWorker(project, 'factors-worker.mjs', 'factors', { FACTORS: 'Factors' });
  });

  test.each(['d1', 'durable'])('a factor store over %s passes its suite', (kind) => {
    expectJudged(found[kind]);
  });

  test('a session of D1 uses up a code for the database', () => {
    expect(found.d1.session).toEqual(['accepted', 'reused']);
  });

  test('of 64 requests at once to a Durable Object with one code, one is accepted', () => {
    expectOnce(found.durable.requests);
  });

  test('the storage itself is refused, and its sql is named', () => {
    expect(found.durable.wrongClient).toMatch(/^TypeError: "db" must be .*ctx\.storage\.sql/);
  });
});

/** The runtimes with an SQLite of their own, and how each runs a module. */
const SYNCHRONOUS = [
  ['Bun', ['run', '--no-install'], ['bun:sqlite', 'bun:sqlite, safe integers']],
  ['Node 24', ['--disable-warning=ExperimentalWarning'], ['node:sqlite']],
  ['Node 26', [], ['node:sqlite']],
];

describe.each(SYNCHRONOUS)('In %s', (name, flags, databases) => {
  const { program } = RUNTIMES.find((runtime) => runtime.name === name);
  test.skipIf(program === undefined)('a factor store passes its suite', async () => {
    const cwd = project.folder;
    const found = lastLine(await run(program, [...flags, 'factors-sync.mjs'], { cwd }));
    expect(Object.keys(found)).toEqual(databases);
    for (const judged of Object.values(found)) expectJudged(judged);
  });
});
