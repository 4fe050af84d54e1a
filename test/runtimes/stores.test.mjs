// sqliteStore over D1 and Durable Objects in workerd, by way of miniflare, and over bun:sqlite in Bun.
import { readFileSync } from 'node:fs';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lastLine, run } from './support/process.mjs';
import { bundle, createProject } from './support/project.mjs';
import { RUNTIMES } from './support/runtimes.mjs';

let project;
beforeAll(async () => {
  project = await createProject();
});
afterAll(() => project?.remove());

const PASSED = { count: expect.any(Number), failed: [] };

describe('In workerd', () => {
  let found;
  beforeAll(async () => {
    const worker = await bundle(project, 'stores-worker.mjs', 'workerd', {
      external: ['cloudflare:*'],
    });
    const miniflare = new Miniflare({
      modules: true,
      script: readFileSync(worker, 'utf8'),
      compatibilityDate: '2026-04-20',
      // Else it asks the network where it is.
      cf: false,
      d1Databases: { DB: 'claims' },
      durableObjects: { CLAIMS: { className: 'Claims', useSQLite: true } },
    });
    try {
      found = await (await miniflare.dispatchFetch('http://worker.test/')).json();
    } finally {
      await miniflare.dispose();
    }
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
