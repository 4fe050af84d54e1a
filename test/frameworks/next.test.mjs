// Next.js with the app router: built once, without the secrets, then started.

import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import {
  createPostgresFactorTable,
  postgresFactorStore,
} from '../../dist/second-factor/postgres.js';
import { createDatabase, serve } from './support/databases.mjs';
import { makeProject, modules } from './support/project.mjs';
import { testSignIn } from './support/sign-in.mjs';

const NEXT = join(modules, 'next', 'dist', 'bin', 'next');
const CONFIG = `export default { turbopack: { root: ${JSON.stringify(join(modules, '..'))} } };`;
const WITHOUT = { OTP_KEY: '', SESSION_SECRET: '', DATABASE_URL: '' };

describe('On Next.js', () => {
  let database;
  let server;
  beforeAll(async () => {
    database = await createDatabase('next');
    await createPostgresFactorTable(database.pool);
    const project = makeProject('next', { '.': 'next', 'lib/users.mjs': 'users.mjs' });
    project.write('next.config.mjs', CONFIG);
    await project.run([NEXT, 'build'], WITHOUT);
    const args = (port) => [NEXT, 'start', '--hostname', '127.0.0.1', '--port', port];
    server = await serve(project, args, { DATABASE_URL: database.url }, /Ready/);
  });
  afterAll(async () => {
    await server?.stop();
    await database?.end();
  });

  testSignIn(() => ({ send: server.send, store: postgresFactorStore(database.pool) }));
});
