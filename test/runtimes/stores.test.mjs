// sqliteStore over D1 and Durable Objects in workerd, by way of miniflare, and over bun:sqlite in Bun.
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

const PASSED = { count: expect.any(Number), failed: [] };

describe('In workerd', () => {
  let found;
  beforeAll(async () => {
    found = await askWorker(project, 'stores-worker.mjs', 'claims', { CLAIMS: 'Claims' });
  });

  test.each(['d1', 'durable'])('a store over %s passes the suite of the stores', (kind) => {
    const { suite, withoutTable, atOnce } = found[kind];
    expect(suite).toEqual(PASSED);
    expect(suite.count).toBeGreaterThan(20);
    expect(withoutTable).toContain('no such table: otp_steps');
    expect(atOnce.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(atOnce.filter((outcome) => outcome === 'reused')).toHaveLength(63);
  });

  test('a session of D1 claims in the same table', () => {
    expect(found.d1.session).toEqual([true, false]);
  });

  test('a Durable Object grants once with an index and a trigger on the table too', () => {
    expect(found.durable.indexed).toEqual([true, false]);
  });

  test('a claim in a transaction of a Durable Object is rolled back with it', () => {
    expect(found.durable.rolledBack).toEqual(['Error: rolled back', true]);
  });

  test('the storage itself is refused, and its sql is named', () => {
    expect(found.durable.wrongClient).toMatch(/^TypeError: "db" must be .*ctx\.storage\.sql/);
  });
});

const { program } = RUNTIMES.find(({ name }) => name === 'Bun');
test.skipIf(program === undefined)('In Bun a store passes the suite of the stores', async () => {
  const cwd = project.folder;
  const found = lastLine(await run(program, ['run', '--no-install', 'stores-bun.mjs'], { cwd }));
  expect(Object.keys(found)).toEqual(['as it comes', 'safe integers']);
  for (const { suite, withoutTable, rolledBack } of Object.values(found)) {
    expect(suite).toEqual(PASSED);
    expect(suite.count).toBeGreaterThan(20);
    expect(withoutTable).toContain('no such table: otp_steps');
    expect(rolledBack).toEqual(['Error: rolled back', true]);
  }
});
