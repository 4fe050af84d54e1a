// The adapters' types take the clients as their packages declare them, and nothing else.
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const file = fileURLToPath(new URL('clients.ts', import.meta.url));

/** What TypeScript says to a module that stands in this folder, as `line: message`. */
function typeErrors(text) {
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    esModuleInterop: true,
    types: ['node'],
    // The drivers' own declarations are their affair.
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, rest[0], true) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file: where, start = 0, messageText }) => {
    const line = where === undefined ? 0 : where.getLineAndCharacterOfPosition(start).line + 1;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

const IMPORTS = `/// <reference path="node_modules/bun-types/sqlite.d.ts" />
import { Database } from 'bun:sqlite';
import type { D1Database, DurableObjectState } from '@cloudflare/workers-types';
import { createClient as createLibsql } from '@libsql/client';
import { neon, Pool as NeonPool } from '@neondatabase/serverless';
import { Redis as Upstash } from '@upstash/redis';
import { PGlite } from '@electric-sql/pglite';
import { Cluster, Redis } from 'ioredis';
import mariadb from 'mariadb';
import mysqlCallbacks from 'mysql2';
import mysql from 'mysql2/promise';
import pg from 'pg';
import postgres from 'postgres';
import { createClient, createClientPool, createCluster } from 'redis';
import { postgresFactorStore } from '../../dist/second-factor/postgres.js';
import { createMysqlTable, mysqlStore } from '../../dist/stores/mysql.js';
import { createPostgresTable, postgresStore } from '../../dist/stores/postgres.js';
import { redisStore } from '../../dist/stores/redis.js';
import { createSqliteTable, sqliteStore } from '../../dist/stores/sqlite.js';
declare const env: { DB: D1Database };
declare const ctx: DurableObjectState;
`;

const RIGHT = [
  'postgresStore(new pg.Pool())',
  'postgresStore(new pg.Client())',
  'postgresStore(await new pg.Pool().connect())',
  'postgresStore(postgres())',
  "postgresStore(postgres({ types: { bigint: postgres.BigInt } }), { table: 'auth.steps' })",
  'await postgres().begin(async (sql) => postgresStore(sql).claim("a", 1))',
  'postgresStore(await postgres().reserve())',
  'postgresStore(new PGlite())',
  'await new PGlite().transaction(async (tx) => postgresStore(tx).claim("a", 1))',
  "postgresStore(neon(''))",
  "postgresStore(neon('', { fullResults: true, arrayMode: true }))",
  'postgresStore(new NeonPool())',
  'postgresFactorStore(new pg.Pool())',
  'postgresFactorStore(postgres())',
  'postgresFactorStore(new PGlite())',
  "postgresFactorStore(neon(''))",
  "postgresFactorStore(neon('', { fullResults: true, arrayMode: true }))",
  'postgresFactorStore(new NeonPool())',
  'await createPostgresTable(new pg.Pool())',
  'await createPostgresTable(postgres())',
  "mysqlStore(mysql.createPool(''))",
  "mysqlStore(await mysql.createConnection(''))",
  "mysqlStore(await mysql.createPool('').getConnection())",
  "mysqlStore(mysqlCallbacks.createPool(''))",
  "mysqlStore(mysqlCallbacks.createConnection(''))",
  "mysqlStore(mariadb.createPool(''))",
  "mysqlStore(await mariadb.createConnection(''))",
  "mysqlStore(await mariadb.createPool('').getConnection())",
  "await createMysqlTable(mysql.createPool(''))",
  "await createMysqlTable(mariadb.createPool(''))",
  'redisStore(createClient())',
  'redisStore(await createClient({ RESP: 3 }).connect())',
  'redisStore(createClientPool())',
  'redisStore(createCluster({ rootNodes: [] }))',
  'redisStore(new Redis())',
  "redisStore(new Redis({ stringNumbers: true }), { prefix: 'app:' })",
  'redisStore(new Cluster([]))',
  "redisStore(new Upstash({ url: '', token: '', retry: { retries: 0 } }))",
  "sqliteStore(createLibsql({ url: ':memory:' }))",
  "sqliteStore(await createLibsql({ url: ':memory:' }).transaction('write'))",
  "await createSqliteTable(createLibsql({ url: ':memory:' }))",
  "sqliteStore(new Database('app.db'))",
  'sqliteStore(env.DB)',
  "sqliteStore(env.DB.withSession('first-primary'))",
  'await createSqliteTable(env.DB)',
  'sqliteStore(ctx.storage.sql)',
  'await createSqliteTable(ctx.storage.sql)',
];

const WRONG = [
  'postgresStore(new Redis())',
  'redisStore(new pg.Pool())',
  'sqliteStore(new pg.Pool())',
  'mysqlStore(postgres())',
  'postgresStore({})',
  'postgresFactorStore(new Redis())',
  'sqliteStore(ctx.storage)',
  'postgresStore(new pg.Pool(), { prefix: "a" })',
];

const lineOf = (i) => IMPORTS.split('\n').length + i;
const moduleOf = (lines) => `${IMPORTS}${lines.map((line) => `${line};`).join('\n')}\n`;

test('Every client is taken as its package declares it', { timeout: 120_000 }, () => {
  expect(typeErrors(moduleOf(RIGHT))).toEqual([]);
});

test('What is no client of that database is not', { timeout: 120_000 }, () => {
  const lines = typeErrors(moduleOf(WRONG)).map((error) => Number.parseInt(error, 10));
  expect([...new Set(lines)]).toEqual(WRONG.map((_, i) => lineOf(i)));
});
