// Every adapter over every client that it is made for, each with the client's own default settings:
// what the address does not say is left to the client.

import { createMysqlTable, mysqlStore } from '../../../dist/node/stores/mysql.js';
import { createPostgresTable, postgresStore } from '../../../dist/node/stores/postgres.js';
import { redisStore } from '../../../dist/node/stores/redis.js';
import { createSqliteTable, sqliteStore } from '../../../dist/node/stores/sqlite.js';

/**
 * `open(address, options)` gives the client, the store over it and how to end the client; `options`
 * are the client's. `create` makes the table.
 */
export const CLIENTS = {
  pg: {
    async open(address, options = {}) {
      const { default: pg } = await import('pg');
      const client = new pg.Pool({ ...address, ...options });
      // Without a listener an idle connection that is cut would end the process.
      client.on('error', () => {});
      return { client, store: postgresStore(client), end: () => client.end() };
    },
    create: createPostgresTable,
  },
  'postgres.js': {
    async open({ user: username, ...address }, options = {}) {
      const { default: postgres } = await import('postgres');
      const client = postgres({ username, ...address, onnotice: () => {}, ...options });
      return { client, store: postgresStore(client), end: () => client.end({ timeout: 1 }) };
    },
    create: createPostgresTable,
  },
  'pg-together': together('pg'),
  'postgres.js-together': together('postgres.js'),
  mysql2: {
    async open(address, options = {}) {
      const { default: mysql } = await import('mysql2/promise');
      const client = mysql.createPool({ ...address, ...options });
      return { client, store: mysqlStore(client), end: () => client.end() };
    },
    create: createMysqlTable,
  },
  mariadb: {
    async open(address, options = {}) {
      const { default: mariadb } = await import('mariadb');
      const client = mariadb.createPool({ ...address, ...options });
      return { client, store: mysqlStore(client), end: () => client.end() };
    },
    create: createMysqlTable,
  },
  'node-redis': {
    async open({ host, port }, options = {}) {
      const { createClient } = await import('redis');
      const client = createClient({ ...options, socket: { host, port, ...options.socket } });
      client.on('error', () => {});
      await client.connect();
      return { client, store: redisStore(client), end: async () => client.destroy() };
    },
  },
  ioredis: {
    async open({ host, port }, options = {}) {
      const { Redis } = await import('ioredis');
      const client = new Redis({ host, port, ...options });
      client.on('error', () => {});
      return { client, store: redisStore(client), end: async () => client.disconnect() };
    },
  },
  'node-redis cluster': {
    async open({ nodes }, options = {}) {
      const { createCluster } = await import('redis');
      const rootNodes = nodes.map(({ host, port }) => ({ socket: { host, port } }));
      const client = createCluster({ rootNodes, ...options });
      client.on('error', () => {});
      await client.connect();
      return { client, store: redisStore(client), end: async () => client.destroy() };
    },
  },
  'ioredis cluster': {
    async open({ nodes }, options = {}) {
      const { Cluster } = await import('ioredis');
      const client = new Cluster(nodes, options);
      client.on('error', () => {});
      return { client, store: redisStore(client), end: async () => client.disconnect() };
    },
  },
  // Needs Node 22 or above: see `claimer.mjs`.
  'node:sqlite': {
    async open({ file }, options = {}) {
      const { DatabaseSync } = await import('node:sqlite');
      const client = new DatabaseSync(file, { timeout: BUSY_MS, ...options });
      return { client, store: sqliteStore(client), end: async () => client.close() };
    },
    create: createSqliteTable,
  },
  'better-sqlite3': {
    async open({ file }, options = {}) {
      const { default: Database } = await import(process.env.BETTER_SQLITE3);
      const client = new Database(file, { timeout: BUSY_MS, ...options });
      return { client, store: sqliteStore(client), end: async () => client.close() };
    },
    create: createSqliteTable,
  },
  '@libsql/client': {
    async open({ file }, options = {}) {
      const { createClient } = await import('@libsql/client');
      const client = createClient({ url: `file:${file}`, timeout: BUSY_MS, ...options });
      return { client, store: sqliteStore(client), end: async () => client.close() };
    },
    create: createSqliteTable,
  },
};

/** A kind of PostgreSQL's whose store sends claims together. */
function together(kind) {
  return {
    async open(address, options) {
      const opened = await CLIENTS[kind].open(address, options);
      return { ...opened, store: postgresStore(opened.client, { together: true }) };
    },
    create: createPostgresTable,
  };
}

/** How long SQLite waits for another process to be done; most clients do not wait by default. */
const BUSY_MS = 20_000;

/** A client and its store, with the table there. */
export async function openStore(kind, address, options) {
  const { open, create } = CLIENTS[kind];
  const opened = await open(address, options);
  await create?.(opened.client);
  return opened;
}

/**
 * Clients of one server that are ended together.
 *
 * @param address - gives the server's address once it runs
 */
export function makeOpener(address) {
  const opened = [];
  return {
    /** A client and its store. */
    async open(kind, override = {}, options = {}) {
      const one = await CLIENTS[kind].open({ ...address(), ...override }, options);
      opened.push(one);
      return one;
    },
    /** Ends with the others what was opened elsewhere. */
    endLater(one) {
      opened.push(one);
    },
    endAll: () => Promise.all(opened.map(({ end }) => end())),
  };
}
