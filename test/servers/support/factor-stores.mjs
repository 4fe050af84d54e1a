// The factor stores over every client of `stores.mjs`, each with a table of events.
import { createMysqlFactorTable, mysqlFactorStore } from '../../../dist/second-factor/mysql.js';
import {
  createPostgresFactorTable,
  postgresFactorStore,
} from '../../../dist/second-factor/postgres.js';
import { createSqliteFactorTable, sqliteFactorStore } from '../../../dist/second-factor/sqlite.js';
import { CLIENTS } from './stores.mjs';

export const TABLES = { table: 'otp_factors', eventsTable: 'otp_events' };

const POSTGRES = {
  makeStore: postgresFactorStore,
  createTable: createPostgresFactorTable,
  textOf: (hex) => `convert_from(decode('${hex}', 'hex'), 'UTF8')`,
  idOf: (userId) => POSTGRES.textOf(hexOf(userId)),
  more: ['updated_at', 'now()'],
  asText: 'text',
};
const MYSQL = {
  makeStore: mysqlFactorStore,
  createTable: createMysqlFactorTable,
  textOf: (hex) => `UNHEX('${hex}')`,
  // As UTF-16.
  idOf: (userId) => MYSQL.textOf(Buffer.from(userId, 'utf16le').swap16().toString('hex')),
  more: ['events, updated_at', "'[]', UTC_TIMESTAMP(3)"],
  asText: 'CHAR',
};
const SQLITE = {
  makeStore: sqliteFactorStore,
  createTable: createSqliteFactorTable,
  textOf: (hex) => `CAST(x'${hex}' AS TEXT)`,
  idOf: (userId) => SQLITE.textOf(hexOf(userId)),
  more: ['events, updated_at', "'[]', 0"],
  asText: 'TEXT',
};

const FAMILIES = {
  pg: { ...POSTGRES, run: async (client, sql) => (await client.query(sql)).rows },
  'postgres.js': { ...POSTGRES, run: (client, sql) => client.unsafe(sql) },
  mysql2: { ...MYSQL, run: async (client, sql) => (await client.query(sql))[0] },
  mariadb: { ...MYSQL, run: (client, sql) => client.query(sql) },
  '@libsql/client': { ...SQLITE, run: async (client, sql) => (await client.execute(sql)).rows },
  'node:sqlite': { ...SQLITE, run: async (client, sql) => client.prepare(sql).all() },
};

const hexOf = (text) => Buffer.from(text).toString('hex');

/**
 * A client and its factor store.
 *
 * @param options - the client's
 * @param tables - the store's
 */
export async function openFactorStore(kind, address, options, tables = TABLES) {
  const { makeStore, createTable, run, textOf, idOf, more, asText } = FAMILIES[kind];
  const { client, end } = await CLIENTS[kind].open(address, options);
  return {
    client,
    end,
    store: makeStore(client, tables),
    createTable: () => createTable(client, tables),
    /** Rows of a statement of the test's own. */
    run: (sql) => run(client, sql),
    /** Inserts a row as it was dumped, past the store. */
    insert: ({ userId, record, state, sealed_with, version }) =>
      run(
        client,
        `INSERT INTO ${tables.table} (user_id, record, state, sealed_with, version, ${more[0]}) VALUES ` +
          `(${idOf(userId)}, ${textOf(hexOf(record))}, '${state}', '${sealed_with}', ${version}, ${more[1]})`,
      ),
    /** All events in the order in which the database kept them. */
    async readEvents() {
      const sql = `SELECT CAST(event AS ${asText}) AS event FROM ${tables.eventsTable} ORDER BY id`;
      return (await run(client, sql)).map(({ event }) => JSON.parse(event));
    },
  };
}
