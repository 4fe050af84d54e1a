// What goes into the stores on databases and their suite. Type-checked only; compile.test.ts holds it.
import { test as nodeTest } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { createClient } from '@libsql/client';
import { expectTypeOf, test } from 'vitest';
import type { SingleUseStore } from '../../src/index.js';
import {
  createMysqlTable,
  type MysqlClient,
  type MysqlStoreOptions,
  mysqlSchema,
  mysqlStore,
} from '../../src/stores/mysql.js';
import {
  createPostgresTable,
  type PostgresClient,
  type PostgresStoreOptions,
  postgresSchema,
  postgresStore,
} from '../../src/stores/postgres.js';
import { type RedisClient, type RedisStoreOptions, redisStore } from '../../src/stores/redis.js';
import {
  createSqliteTable,
  type SqliteDatabase,
  type SqliteStoreOptions,
  sqliteSchema,
  sqliteStore,
} from '../../src/stores/sqlite.js';
import { type TestSingleUseStoreOptions, testSingleUseStore } from '../../src/testing.js';

declare const store: SingleUseStore;

test('A store is made of a client, and of options that may be left out', () => {
  type Maker<C, O> = (client: C, options?: O) => SingleUseStore;
  expectTypeOf(mysqlStore).toEqualTypeOf<Maker<MysqlClient, MysqlStoreOptions>>();
  expectTypeOf(postgresStore).toEqualTypeOf<Maker<PostgresClient, PostgresStoreOptions>>();
  expectTypeOf(redisStore).toEqualTypeOf<Maker<RedisClient, RedisStoreOptions>>();
  expectTypeOf(sqliteStore).toEqualTypeOf<Maker<SqliteDatabase, SqliteStoreOptions>>();
});

test('A table is a text, and is made by a promise', () => {
  type Schema<O> = (options?: O) => string;
  type Create<C, O> = (client: C, options?: O) => Promise<void>;
  expectTypeOf(mysqlSchema).toEqualTypeOf<Schema<MysqlStoreOptions>>();
  expectTypeOf(postgresSchema).toEqualTypeOf<Schema<PostgresStoreOptions>>();
  expectTypeOf(sqliteSchema).toEqualTypeOf<Schema<SqliteStoreOptions>>();
  expectTypeOf(createMysqlTable).toEqualTypeOf<Create<MysqlClient, MysqlStoreOptions>>();
  expectTypeOf(createPostgresTable).toEqualTypeOf<Create<PostgresClient, PostgresStoreOptions>>();
  expectTypeOf(createSqliteTable).toEqualTypeOf<Create<SqliteDatabase, SqliteStoreOptions>>();
});

test('Options are a name each, readonly', () => {
  type Table = { readonly table?: string | undefined };
  expectTypeOf<MysqlStoreOptions>().toEqualTypeOf<Table>();
  expectTypeOf<PostgresStoreOptions>().toEqualTypeOf<{
    readonly table?: string | undefined;
    readonly together?: boolean | undefined;
  }>();
  expectTypeOf<SqliteStoreOptions>().toEqualTypeOf<Table>();
  expectTypeOf<RedisStoreOptions>().toEqualTypeOf<{ readonly prefix?: string | undefined }>();
  expectTypeOf<TestSingleUseStoreOptions>().toEqualTypeOf<{
    readonly prepareId?: ((id: string) => unknown) | undefined;
  }>();
});

test('Real clients fit without a cast', async () => {
  const lite = new PGlite();
  postgresStore(lite);
  await lite.transaction(async (transaction) => postgresStore(transaction));
  const libsql = createClient({ url: ':memory:' });
  sqliteStore(libsql);
  sqliteStore(await libsql.transaction('write'));
});

test('Real runners fit without a cast', () => {
  testSingleUseStore(store, test);
  testSingleUseStore(store, nodeTest, { prepareId: async () => 7 });
});

test('A client that answers in another way does not compile', () => {
  // As D1, whose statements answer with a promise.
  type D1 = { prepare(sql: string): { run(): Promise<{ meta: { changes: number } }> } };
  // @ts-expect-error 2345
  sqliteStore({} as D1);
  // As node-sqlite3, whose statements answer with themselves.
  type Statement = { run(...values: unknown[]): Statement };
  // @ts-expect-error 2345
  sqliteStore({} as { prepare(sql: string): Statement });
  // As sql.js.
  // @ts-expect-error 2345
  sqliteStore({} as { prepare(sql: string): { run(values?: unknown[]): boolean } });
  // @ts-expect-error 2345
  sqliteStore({} as { execute(sql: string): Promise<[{ affectedRows: number }, unknown[]]> });
  // @ts-expect-error 2345
  postgresStore({} as { query(text: string, values: unknown[]): Promise<{ rowCount: number }> });
});

test('What is no client, no name, no runner does not compile', () => {
  // @ts-expect-error 2345
  postgresStore('postgres://localhost');
  // @ts-expect-error 2322
  mysqlStore({ query: (_sql: string, _done: () => void): void => {} });
  // @ts-expect-error 2353
  redisStore({ get: async () => '7' });
  // @ts-expect-error 2345
  sqliteStore(new PGlite());
  // @ts-expect-error 2322
  postgresSchema({ table: 7 });
  // @ts-expect-error 2353
  redisStore({} as RedisClient, { table: 'otp_steps' });
  // @ts-expect-error 2345
  testSingleUseStore(store, 'test');
  // @ts-expect-error 2322
  testSingleUseStore({ claim: () => 1 }, test);
});
