// Hono on Node, over a pool of pg; and on workerd, the runtime of Cloudflare Workers, over D1.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe } from 'vitest';
import { postgresFactorStore } from '../../dist/second-factor/postgres.js';
import { sqliteFactorSchema, sqliteFactorStore } from '../../dist/second-factor/sqlite.js';
import { createDatabase, serve } from './support/databases.mjs';
import { makeProject, SECRETS } from './support/project.mjs';
import { testSignIn } from './support/sign-in.mjs';

const SERVE = `import { serve } from '@hono/node-server';
import app from './hono.mjs';
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' }, () => console.log('ready'));
`;

describe('On Hono, in Node', () => {
  let database;
  let server;
  beforeAll(async () => {
    database = await createDatabase('hono');
    const project = makeProject('hono', {
      'hono.mjs': 'hono.mjs',
      'second-factor.mjs': 'second-factor.mjs',
      'users.mjs': 'users.mjs',
    });
    project.write('serve.mjs', SERVE);
    server = await serve(project, () => ['serve.mjs'], { DATABASE_URL: database.url });
  });
  afterAll(async () => {
    await server?.stop();
    await database?.end();
  });

  testSignIn(() => ({ send: server.send, store: postgresFactorStore(database.pool) }));
});

describe('On Cloudflare Workers, over D1', () => {
  let miniflare;
  let store;
  beforeAll(async () => {
    const project = makeProject('workers', {
      'hono.mjs': 'hono.mjs',
      'second-factor.mjs': 'workers-d1.mjs',
      'users.mjs': 'users.mjs',
    });
    await build({
      entryPoints: [project.path('hono.mjs')],
      outfile: project.path('worker.mjs'),
      bundle: true,
      format: 'esm',
      target: 'es2022',
      platform: 'neutral',
      conditions: ['workerd', 'worker', 'browser'],
      mainFields: ['module', 'main'],
      external: ['cloudflare:*', 'node:*'],
    });
    miniflare = new Miniflare({
      modules: true,
      script: readFileSync(project.path('worker.mjs'), 'utf8'),
      compatibilityDate: '2026-04-20',
      compatibilityFlags: ['nodejs_compat'],
      bindings: SECRETS,
      // Else it asks the network where it is.
      cf: false,
      d1Databases: { DB: 'factors' },
    });
    const db = await miniflare.getD1Database('DB');
    await db.prepare(sqliteFactorSchema()).run();
    store = sqliteFactorStore(db);
  });
  afterAll(() => miniflare?.dispose());

  const send = (path, init) => miniflare.dispatchFetch(`https://worker.test${path}`, init);
  testSignIn(() => ({ send, store }));
});
