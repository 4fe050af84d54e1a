// Drizzle and Prisma: the factor store over the pool that the ORM has, its table declared in the ORM's
// schema, and the sign-in of Express over it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createPostgresFactorTable,
  postgresFactorStore,
} from '../../dist/second-factor/postgres.js';
import { testFactorStore } from '../../dist/second-factor/testing.js';
import { createDatabase, serve } from './support/databases.mjs';
import { makeProject, modules, SECRETS } from './support/project.mjs';
import { testSignIn } from './support/sign-in.mjs';

const APP = { 'app.mjs': 'express.mjs', 'users.mjs': 'users.mjs' };
const more = { state: 'active', sealedWith: ['k1'], events: [] };
const lazy = (make) => ({
  read: (...args) => make().read(...args),
  write: (...args) => make().write(...args),
});

/** Starts the application over an ORM, and loads the ORM's file beside it. */
async function open(project, database) {
  const server = await serve(project, () => ['app.mjs'], { DATABASE_URL: database.url });
  Object.assign(process.env, SECRETS, { DATABASE_URL: database.url });
  const orm = await import(project.path('second-factor.mjs'));
  return { server, orm };
}

const ROW = `SELECT column_name, data_type, is_nullable FROM information_schema.columns
  WHERE table_name = $1 ORDER BY column_name`;

/** The columns of the ORM's table are those of the store's own. */
async function expectSameColumns({ pool }) {
  await createPostgresFactorTable(pool, { table: 'own' });
  const [own, declared] = await Promise.all(
    ['own', 'otp_factors'].map(async (table) => (await pool.query(ROW, [table])).rows),
  );
  expect(declared).toEqual(own);
  expect(own).toHaveLength(6);
}

describe('Drizzle', () => {
  const project = makeProject('drizzle', {
    ...APP,
    'second-factor.mjs': 'drizzle.mjs',
    'schema.mjs': 'drizzle-schema.mjs',
  });
  let database;
  let opened;
  const store = lazy(() => postgresFactorStore(opened.orm.db.$client));
  beforeAll(async () => {
    database = await createDatabase('drizzle');
    const kit = join(modules, 'drizzle-kit', 'bin.cjs');
    const flags = ['--dialect=postgresql', '--schema=schema.mjs', '--out=migrations'];
    await project.run([kit, 'generate', ...flags]);
    opened = await open(project, database);
    const { migrate } = await import('drizzle-orm/node-postgres/migrator');
    await migrate(opened.orm.db, { migrationsFolder: project.path('migrations') });
  });
  afterAll(async () => {
    await opened?.server.stop();
    await opened?.orm.db.$client.end();
    await database?.end();
  });

  test('makes the table by a migration of its own', () => expectSameColumns(database));

  describe('gives its pool to a factor store', () => {
    const other = lazy(() => postgresFactorStore(database.pool));
    testFactorStore(store, test, { other });
  });

  test('reads the rows as its schema declares them', async () => {
    await store.write('row', '{"a": 1}', undefined, more);
    const { otpFactors } = await import(project.path('schema.mjs'));
    const rows = await opened.orm.db.select().from(otpFactors);
    const row = { userId: 'row', record: '{"a": 1}', state: 'active', sealedWith: 'k1' };
    expect(rows.find(({ userId }) => userId === 'row')).toMatchObject(row);
  });

  test('inside a transaction has no pool to give', async () => {
    await opened.orm.db.transaction(async (tx) => {
      expect(() => postgresFactorStore(tx.$client)).toThrow(TypeError);
      expect(() => postgresFactorStore(tx)).toThrow(TypeError);
    });
  });

  describe('under Express', () => testSignIn(() => ({ send: opened.server.send, store })));
});

describe('Prisma', () => {
  const project = makeProject('prisma', {
    ...APP,
    'second-factor.mjs': 'prisma.mjs',
    'schema.prisma': 'schema.prisma',
  });
  let database;
  let opened;
  const store = lazy(() => postgresFactorStore(database.pool));

  /** The client is TypeScript, which this Node does not read. */
  function compile(folder) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.name.endsWith('.ts')) continue;
      const path = join(entry.parentPath, entry.name);
      const { code } = transformSync(readFileSync(path, 'utf8'), { loader: 'ts' });
      writeFileSync(path.replace(/\.ts$/, '.js'), code);
      rmSync(path);
    }
  }

  beforeAll(async () => {
    database = await createDatabase('prisma');
    // Prisma's own migrations take an engine that it downloads. Its client takes none, but asks
    // for one all the same unless a path is given.
    const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' };
    const cli = join(modules, 'prisma', 'build', 'index.js');
    await project.run([cli, 'generate', '--schema=schema.prisma'], env);
    compile(project.path('generated'));
    await createPostgresFactorTable(database.pool);
    opened = await open(project, database);
  });
  afterAll(async () => {
    await opened?.server.stop();
    await opened?.orm.prisma.$disconnect();
    await database?.end();
  });

  test('reads the rows as its schema declares them', async () => {
    await store.write('row', '{"a": 1}', undefined, more);
    const row = await opened.orm.prisma.otpFactor.findUnique({ where: { userId: 'row' } });
    expect(row).toMatchObject({ record: '{"a": 1}', state: 'active', sealedWith: 'k1' });
    expect(row.version).toBeTypeOf('bigint');
  });

  test('is no client itself', () => {
    expect(() => postgresFactorStore(opened.orm.prisma)).toThrow(TypeError);
  });

  describe('without a pool at hand runs the statements of a factor store', () => {
    const client = {
      query: async (text, values) => ({
        rows: await opened.orm.prisma.$queryRawUnsafe(text, ...values),
      }),
    };
    testFactorStore(postgresFactorStore(client), test, { other: store });
  });

  describe('under Express', () => testSignIn(() => ({ send: opened.server.send, store })));
});
