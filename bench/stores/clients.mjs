// The clients that the stores are timed over, and what each of them sends when it claims: the same as
// the store, by hand. `stores.mjs` proves that it is the same before anything is timed.
import { mysqlStore } from '../../dist/node/stores/mysql.js';
import { postgresStore } from '../../dist/node/stores/postgres.js';
import { redisStore } from '../../dist/node/stores/redis.js';
import { sqliteStore } from '../../dist/node/stores/sqlite.js';

const utf16Hex = (id) => Buffer.from(id, 'utf16le').swap16().toString('hex').toUpperCase();

/** A client of MariaDB; its answers differ, and `isGranted` reads them. */
function overMysql(isGranted) {
  return {
    server: 'MariaDB',
    one: { connectionLimit: 1 },
    makeStore: mysqlStore,
    method: 'query',
    prepare: utf16Hex,
    bare: (client, [statement]) => ({
      args: (id, step) => [statement, [id, step, id, step, step]],
      claim: async (id, step) =>
        isGranted(await client.query(statement, [id, step, id, step, step])),
    }),
  };
}

/**
 * `server` is what it needs, `method` what the store calls of the client, and `bare` makes, of the
 * arguments of a first such call, a function that makes the same call for another id and step and
 * reads its answer. What depends on the id alone is prepared by `prepare`, so that only the store pays
 * for it. `one` keeps the client to one connection, for counting.
 */
export const STORE_CLIENTS = {
  pg: {
    server: 'PostgreSQL',
    one: { max: 1 },
    makeStore: postgresStore,
    method: 'query',
    bare: (client, [text]) => ({
      args: (id, step) => [text, [id, step]],
      claim: async (id, step) => (await client.query(text, [id, step])).rows.length === 1,
    }),
  },
  'postgres.js': {
    server: 'PostgreSQL',
    one: { max: 1 },
    makeStore: postgresStore,
    method: 'unsafe',
    bare: (client, [text, , options]) => ({
      args: (id, step) => [text, [id, step], options],
      claim: async (id, step) => (await client.unsafe(text, [id, step], options)).length === 1,
    }),
  },
  mysql2: overMysql(([{ insertId }]) => insertId === 1),
  mariadb: overMysql(({ insertId }) => insertId === 1n),
  'node-redis': {
    server: 'Redis',
    makeStore: redisStore,
    method: 'evalSha',
    prepare: (id) => `otp:${id}`,
    bare: (client, [sha1]) => ({
      args: (key, step) => [sha1, { keys: [key], arguments: [String(step)] }],
      claim: async (key, step) =>
        (await client.evalSha(sha1, { keys: [key], arguments: [String(step)] })) === 1,
    }),
  },
  ioredis: {
    server: 'Redis',
    makeStore: redisStore,
    method: 'evalsha',
    prepare: (id) => `otp:${id}`,
    bare: (client, [sha1]) => ({
      args: (key, step) => [sha1, 1, key, String(step)],
      claim: async (key, step) => (await client.evalsha(sha1, 1, key, String(step))) === 1,
    }),
  },
  '@libsql/client': {
    server: 'SQLite',
    makeStore: sqliteStore,
    method: 'execute',
    bare: (client, [{ sql }]) => ({
      args: (id, step) => [{ sql, args: [id, step] }],
      claim: async (id, step) =>
        (await client.execute({ sql, args: [id, step] })).rowsAffected === 1,
    }),
  },
  'node:sqlite': {
    server: 'SQLite',
    makeStore: sqliteStore,
    method: 'prepare',
    bare: (client, [sql]) => {
      const statement = client.prepare(sql);
      return {
        args: () => [sql],
        claim: (id, step) => statement.run(id, step).changes === 1,
      };
    },
  },
};
