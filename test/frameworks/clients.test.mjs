// Other ways to a PostgreSQL connection, as the table of docs/frameworks.md names them, each under the
// suite of the factor stores.
import { neon, neonConfig } from '@neondatabase/serverless';
import { Kysely, PostgresDialect } from 'kysely';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createPostgresFactorTable,
  postgresFactorStore,
} from '../../dist/second-factor/postgres.js';
import { testFactorStore } from '../../dist/second-factor/testing.js';
import { neonOver, startHttp } from '../servers/support/http.mjs';
import { createDatabase } from './support/databases.mjs';

let database;
beforeAll(async () => {
  database = await createDatabase('clients');
  await createPostgresFactorTable(database.pool);
});
afterAll(() => database?.end());

const lazy = (make) => ({
  read: (...args) => make().read(...args),
  write: (...args) => make().write(...args),
});
const other = lazy(() => postgresFactorStore(database.pool));

describe('TypeORM gives its pool by driver.master to a factor store', () => {
  let source;
  beforeAll(async () => {
    source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  });
  afterAll(() => source?.destroy());

  testFactorStore(
    lazy(() => postgresFactorStore(source.driver.master)),
    test,
    { other },
  );
});

test('Kysely and a factor store share a pool', async () => {
  const db = new Kysely({ dialect: new PostgresDialect({ pool: database.pool }) });
  const store = postgresFactorStore(database.pool);
  await store.write('kysely', '{}', undefined, { state: 'none', sealedWith: [], events: [] });
  const rows = await db.selectFrom('otp_factors').select('record').execute();
  expect(rows).toContainEqual({ record: '{}' });
  expect(() => postgresFactorStore(db)).toThrow(TypeError);
});

describe('Neon over HTTP gives a factor store its query function', () => {
  let http;
  const sql = neon('postgresql://app:secret@db.neon.test/postgres');
  const client = { query: (text, values) => sql.query(text, values) };
  beforeAll(async () => {
    http = await startHttp(neonOver(database.pool));
    neonConfig.fetchEndpoint = () => http.url;
  });
  afterAll(() => http?.stop());

  testFactorStore(postgresFactorStore(client), test, { other });
});
