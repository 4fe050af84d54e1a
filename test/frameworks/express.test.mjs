// Express with express-session, over a pool of pg.
import { afterAll, beforeAll, describe } from 'vitest';
import { postgresFactorStore } from '../../dist/second-factor/postgres.js';
import { createDatabase, serve } from './support/databases.mjs';
import { makeProject } from './support/project.mjs';
import { testSignIn } from './support/sign-in.mjs';

describe('On Express', () => {
  let database;
  let server;
  beforeAll(async () => {
    database = await createDatabase('express');
    const project = makeProject('express', {
      'app.mjs': 'express.mjs',
      'second-factor.mjs': 'second-factor.mjs',
      'users.mjs': 'users.mjs',
    });
    server = await serve(project, () => ['app.mjs'], { DATABASE_URL: database.url });
  });
  afterAll(async () => {
    await server?.stop();
    await database?.end();
  });

  testSignIn(() => ({ send: server.send, store: postgresFactorStore(database.pool) }));
});
