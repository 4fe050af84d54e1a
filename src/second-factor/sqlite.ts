/**
 * Records in SQLite, over the application's open database: a `DatabaseSync` of
 * `node:sqlite`, a Database of `better-sqlite3` or `bun:sqlite`, a client of `@libsql/client`, a D1
 * database, or the `sql` of a Durable Object's storage.
 *
 * A read is one statement, and so is a write with all its events. The database must not be inside a
 * transaction of the application's: a rollback would forget failures and used codes.
 */
import { wrongKind } from './arguments.js';
import type { FactorStore } from './contract.js';
import {
  columnsOf,
  type FactorTableOptions,
  isKept,
  quotedTables,
  requireStorable,
  requireVersion,
  storedOf,
} from './table.js';

export type { FactorTableOptions } from './table.js';

/** The used part of a database of `node:sqlite`, `better-sqlite3` or `bun:sqlite`. */
export interface SqliteFactorSyncDatabase {
  prepare(sql: string): { all(...values: string[]): unknown[]; run(): unknown };
}

/** The used part of a client of `@libsql/client`. */
export interface LibsqlFactorClient {
  execute(statement: { sql: string; args: string[] }): PromiseLike<{ readonly rows: unknown[] }>;
}

/**
 * The used part of a D1 database or session. Under read replication make the store for each request,
 * over `db.withSession('first-primary')`: only a session's first query is sure to reach the primary.
 */
export interface D1FactorDatabase {
  prepare(sql: string): {
    bind(...values: string[]): { all(): PromiseLike<{ readonly results: unknown[] }> };
    run(): PromiseLike<unknown>;
  };
}

/** The used part of `ctx.storage.sql` in a Durable Object. */
export interface DurableObjectFactorSql {
  exec(sql: string, ...values: string[]): { toArray(): unknown[] };
}

/** Any of them. */
export type SqliteFactorDatabase =
  | SqliteFactorSyncDatabase
  | LibsqlFactorClient
  | D1FactorDatabase
  | DurableObjectFactorSql;

/**
 * Half a surrogate pair has no UTF-8. U+FFFE and U+FFFF have, but a database in UTF-16 keeps U+FFFD in
 * their place.
 */
const UNSTORABLE = /[\p{Surrogate}\ufffe\uffff]/u;
const NOW_MS = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
/**
 * The first version of a row: milliseconds, and 19 random bits. So a row made anew repeats no
 * former version.
 */
const FIRST_VERSION = `${NOW_MS} * 1048576 + abs(random() % 524288)`;

/**
 * Makes a factor store on an SQLite table (see {@link sqliteFactorSchema}). It answers at once, or by
 * promises where the database does.
 *
 * It fails with a RangeError for a user id with half a surrogate pair, U+FFFE or U+FFFF. Errors of
 * the database come through.
 *
 * @throws {TypeError | RangeError} if `db` is no database, or a table has no plain name
 *
 * @example
 * ```ts
 * import { createClient } from '@libsql/client';
 * import { createSqliteFactorTable, sqliteFactorStore } from 'otpcore/second-factor/sqlite';
 *
 * const db = createClient({ url: 'file::memory:' }); // or new DatabaseSync(file), env.DB
 * await createSqliteFactorTable(db);
 * console.log(await sqliteFactorStore(db).read('user-1')); // → undefined
 * ```
 */
export function sqliteFactorStore(
  db: SqliteFactorDatabase,
  options: FactorTableOptions = {},
): FactorStore {
  const { table, eventsTable } = quotedTables(options, '"');
  // Versions travel as texts: they are above 2^53. Placeholders have no numbers, because
  // better-sqlite3 takes ?1 for a name.
  const read = runnerOf(
    db,
    `SELECT record, CAST(version AS TEXT) AS version FROM ${table} WHERE user_id = ?`,
  );
  const create = runnerOf(
    db,
    `INSERT INTO ${table} (user_id, record, state, sealed_with, events, version, updated_at) ` +
      `VALUES (?, ?, ?, ?, ?, ${FIRST_VERSION}, ${NOW_MS}) ` +
      'ON CONFLICT (user_id) DO NOTHING RETURNING 1',
  );
  const update = runnerOf(
    db,
    `UPDATE ${table} SET record = ?, state = ?, sealed_with = ?, events = ?, ` +
      `version = version + 1, updated_at = ${NOW_MS} ` +
      'WHERE user_id = ? AND version = CAST(? AS INTEGER) RETURNING 1',
  );
  return {
    read: (userId) => after(read([requireStorable(userId, UNSTORABLE)]), storedOf),
    write(userId, record, version, more) {
      const [state, keys, told] = columnsOf(more);
      const events = eventsTable === undefined ? '[]' : told;
      const id = requireStorable(userId, UNSTORABLE);
      const values = [record, state, keys, events];
      const rows =
        version === undefined
          ? create([id, ...values])
          : update([...values, id, requireVersion(version)]);
      return after(rows, isKept);
    },
  };
}

/**
 * The table of {@link sqliteFactorStore}, as statements for a migration. With `eventsTable`,
 * triggers make the rows of the events, as part of the same statement.
 *
 * @throws {TypeError | RangeError} if a table has no plain name
 *
 * @example
 * ```ts
 * import { sqliteFactorSchema } from 'otpcore/second-factor/sqlite';
 *
 * console.log(sqliteFactorSchema().startsWith('CREATE TABLE IF NOT EXISTS "otp_factors"')); // → true
 * ```
 */
export function sqliteFactorSchema(options: FactorTableOptions = {}): string {
  return `${schemaStatements(options).join(';\n')}`;
}

function schemaStatements(options: FactorTableOptions): string[] {
  const { table, eventsTable } = quotedTables(options, '"');
  const factors = `CREATE TABLE IF NOT EXISTS ${table} (
  user_id TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
  record TEXT NOT NULL,
  state TEXT NOT NULL,
  sealed_with TEXT NOT NULL,
  events TEXT NOT NULL,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID`;
  if (eventsTable === undefined) return [factors];
  const told = `CREATE TABLE IF NOT EXISTS ${eventsTable} (
  id INTEGER PRIMARY KEY,
  user_id TEXT COLLATE BINARY NOT NULL,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  notify INTEGER NOT NULL,
  event TEXT NOT NULL
) STRICT`;
  return [factors, told, ...['INSERT', 'UPDATE'].map((when) => trigger(when, table, eventsTable))];
}

/** Makes a row for each event of a write. A trigger names its table without the schema. */
function trigger(when: string, table: string, eventsTable: string): string {
  const [schema = '', bare] = table.includes('"."') ? table.split('.') : ['', table];
  const place = schema === '' ? '' : `${schema}.`;
  const name = `"${bare?.slice(1, -1)}_events_${when.toLowerCase()}"`;
  const target = eventsTable.split('.').at(-1);
  return (
    `CREATE TRIGGER IF NOT EXISTS ${place}${name} AFTER ${when} ON ${bare} BEGIN ` +
    `INSERT INTO ${target} (user_id, at, type, notify, event) ` +
    "SELECT NEW.user_id, json_extract(value, '$.at'), json_extract(value, '$.type'), " +
    "json_extract(value, '$.notify'), value FROM json_each(NEW.events); END"
  );
}

/**
 * Creates the missing tables of {@link sqliteFactorStore}.
 *
 * @throws {TypeError | RangeError} as a rejection, if `db` is no database, or a table has no plain name
 * @throws the database's own errors, as a rejection
 *
 * @example
 * ```ts
 * import { createClient } from '@libsql/client';
 * import { createSqliteFactorTable } from 'otpcore/second-factor/sqlite';
 *
 * await createSqliteFactorTable(createClient({ url: 'file::memory:' }));
 * ```
 */
export async function createSqliteFactorTable(
  db: SqliteFactorDatabase,
  options: FactorTableOptions = {},
): Promise<void> {
  for (const statement of schemaStatements(options)) await runOnce(db, statement);
}

/** Runs a statement without rows: better-sqlite3 refuses `all` for it. */
function runOnce(db: SqliteFactorDatabase, sql: string): unknown {
  const { prepare, execute } = (db ?? {}) as Partial<D1FactorDatabase & LibsqlFactorClient>;
  if (typeof execute === 'function' || typeof prepare !== 'function') return runnerOf(db, sql)([]);
  return (db as SqliteFactorSyncDatabase | D1FactorDatabase).prepare(sql).run();
}

type Rows = unknown[] | PromiseLike<unknown[]>;

/** Applies `read` to the rows, now or later. */
function after<Result>(rows: Rows, read: (rows: unknown[]) => Result): Result | Promise<Result> {
  return Array.isArray(rows) ? read(rows) : Promise.resolve(rows).then(read);
}

/** Runs a statement with the values given, and answers with its rows. */
function runnerOf(db: SqliteFactorDatabase, sql: string): (values: string[]) => Rows {
  const { execute, prepare, exec } = (db ?? {}) as Partial<
    LibsqlFactorClient & D1FactorDatabase & DurableObjectFactorSql
  >;
  if (typeof execute === 'function') {
    const client = db as LibsqlFactorClient;
    return async (args) => rowsOf((await client.execute({ sql, args }))?.rows);
  }
  if (typeof prepare === 'function') return preparedRunner(db as D1FactorDatabase, sql);
  if (typeof exec !== 'function') {
    wrongKind(
      'db',
      'a database of node:sqlite, better-sqlite3, bun:sqlite, libSQL or D1, or ctx.storage.sql',
      db,
    );
  }
  const storage = db as DurableObjectFactorSql;
  return (values) => rowsOf(storage.exec(sql, ...values)?.toArray());
}

/** The statement is prepared on first use: the store may be made before its table. */
function preparedRunner(
  db: SqliteFactorSyncDatabase | D1FactorDatabase,
  sql: string,
): (values: string[]) => Rows {
  let statement: ReturnType<typeof db.prepare> | undefined;
  return (values) => {
    statement ??= db.prepare(sql);
    // A statement of D1 has `bind` and no `get`; better-sqlite3's has both.
    const { bind, get } = statement as { readonly bind?: unknown; readonly get?: unknown };
    if (typeof bind === 'function' && typeof get !== 'function') {
      const bound = (statement as ReturnType<D1FactorDatabase['prepare']>).bind(...values);
      return Promise.resolve(bound.all()).then((answer) => rowsOf(answer?.results));
    }
    try {
      const prepared = statement as ReturnType<SqliteFactorSyncDatabase['prepare']>;
      return rowsOf(prepared.all(...values));
    } catch (error) {
      // After the database is closed and opened again, the old statement fails for ever.
      statement = undefined;
      throw error;
    }
  };
}

function rowsOf(rows: unknown): unknown[] {
  if (!Array.isArray(rows)) throw new TypeError('"db" did not answer with rows');
  return rows;
}
