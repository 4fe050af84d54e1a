/**
 * Claims in SQLite, over the database that the application has open: a `DatabaseSync` of
 * `node:sqlite`, a Database of `better-sqlite3` or `bun:sqlite`, a client of `@libsql/client`, a D1
 * database, or the SQL storage of a Durable Object.
 *
 * A claim is one statement. SQLite lets one writer in at a time, whatever the number of processes.
 */
import { wrongKind } from '../arguments/guards.js';
import { NO_OPTIONS } from '../arguments/options.js';
import { quotedTable, requireClaim, unknownAnswer } from '../single-use/stored-claim.js';
import type { SingleUseStore } from '../single-use.js';

/** What is used of a statement of `node:sqlite`, `better-sqlite3` or `bun:sqlite`. */
export interface SqliteStatement {
  run(...values: (string | number)[]): { readonly changes: number | bigint };
}

/** What is used of a database of these three, which answer at once. */
export interface SqliteSyncDatabase {
  prepare(sql: string): SqliteStatement;
}

/** What is used of a client, or a transaction, of `@libsql/client`. */
export interface LibsqlClient {
  execute(statement: {
    sql: string;
    args: (string | number)[];
  }): PromiseLike<{ readonly rowsAffected: number }>;
}

/** What is used of a D1 database or of its session. */
export interface D1Client {
  prepare(sql: string): {
    bind(...values: (string | number)[]): {
      run(): PromiseLike<{ readonly meta: { readonly changes: number } }>;
    };
  };
  /** Tells it from the others; the store calls it never. */
  batch(statements: never[]): unknown;
}

/** What is used of `ctx.storage.sql` in a Durable Object, which answers at once. */
export interface DurableObjectSql {
  exec(sql: string, ...values: (string | number)[]): { toArray(): unknown[] };
  /** Tells it from the others. */
  readonly databaseSize: number;
}

/** Any of them. */
export type SqliteDatabase = SqliteSyncDatabase | LibsqlClient | D1Client | DurableObjectSql;

/** Options of {@link sqliteStore}, {@link sqliteSchema} and {@link createSqliteTable}. */
export interface SqliteStoreOptions {
  /**
   * The table, or `schema.table`: ASCII letters, digits and underscores, at most 63 each. Default
   * `otp_steps`.
   */
  readonly table?: string | undefined;
}

/**
 * Half a surrogate pair has no UTF-8. U+FFFE and U+FFFF have, but a database in UTF-16 keeps U+FFFD in
 * their place, so that several ids would become one.
 */
const UNSTORABLE = /[\p{Surrogate}\ufffe\uffff]/u;

/**
 * Makes a store that claims in an SQLite table (see {@link sqliteSchema}). It answers at once, or by
 * a promise over `@libsql/client` and D1. Under D1's read replication pass
 * `env.DB.withSession('first-primary')`.
 *
 * Its `claim` fails, before anything is run, with a RangeError for an id with half a surrogate pair,
 * U+FFFE or U+FFFF, which not every SQLite database keeps; and with the database's own error for
 * whatever else fails, as when another process holds the write lock for longer than the busy time-out.
 * A database of another kind, which does not answer with a number of changes, is a TypeError.
 *
 * @throws {TypeError | RangeError} if `db` is no database, or `table` no plain name
 * @see {@link https://www.sqlite.org/lang_upsert.html | UPSERT}
 *
 * @example
 * ```ts
 * import { createClient } from '@libsql/client';
 * import { createSqliteTable, sqliteStore } from 'otpcore/stores/sqlite';
 *
 * const db = createClient({ url: 'file::memory:' }); // or new DatabaseSync(file), new Database(file)
 * await createSqliteTable(db);
 * const store = sqliteStore(db);
 * console.log(await store.claim('alice', 7), await store.claim('alice', 7)); // → true false
 * ```
 */
export function sqliteStore(
  db: SqliteDatabase,
  options: SqliteStoreOptions = NO_OPTIONS,
): SingleUseStore {
  const run = runnerOf(
    db,
    `INSERT INTO ${quotedTable(options, '"')} AS held (id, step) VALUES (?, ?) ` +
      'ON CONFLICT (id) DO UPDATE SET step = excluded.step WHERE held.step < excluded.step',
    ' RETURNING 1',
  );
  return {
    claim(id: string, step: number): boolean | Promise<boolean> {
      requireClaim(id, step, UNSTORABLE);
      const changes = run([id, step]);
      return typeof changes === 'number' ? isGranted(changes) : changes.then(isGranted);
    },
  };
}

/**
 * The table that {@link sqliteStore} needs, as one statement for a migration.
 *
 * @throws {TypeError | RangeError} if `table` is no plain name
 *
 * @example
 * ```ts
 * import { sqliteSchema } from 'otpcore/stores/sqlite';
 *
 * console.log(sqliteSchema().startsWith('CREATE TABLE IF NOT EXISTS "otp_steps"')); // → true
 * ```
 */
export function sqliteSchema(options: SqliteStoreOptions = NO_OPTIONS): string {
  // STRICT (SQLite 3.37) keeps a step an integer; the key is the table, so a claim is one look-up.
  return `CREATE TABLE IF NOT EXISTS ${quotedTable(options, '"')} (
  id TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
  step INTEGER NOT NULL
) STRICT, WITHOUT ROWID`;
}

/**
 * Creates the table that {@link sqliteStore} needs, if it is missing.
 *
 * A table that is there without its key needs no check: SQLite then refuses the statement of each
 * claim with an error.
 *
 * @throws {TypeError | RangeError} as a rejection, if `db` is no database, or `table` no plain name
 * @throws whatever the database throws, as a rejection
 *
 * @example
 * ```ts
 * import { createClient } from '@libsql/client';
 * import { createSqliteTable } from 'otpcore/stores/sqlite';
 *
 * await createSqliteTable(createClient({ url: 'file::memory:' }));
 * ```
 */
export async function createSqliteTable(
  db: SqliteDatabase,
  options: SqliteStoreOptions = NO_OPTIONS,
): Promise<void> {
  await runnerOf(db, sqliteSchema(options))([]);
}

/** @throws {TypeError} for a number that one claim cannot change */
function isGranted(changes: number): boolean {
  if (changes !== 0 && changes !== 1) unknownAnswer('db', 'a change of 0 rows or 1');
  return changes === 1;
}

/** @throws {TypeError} unless an answer holds a number of changes */
function countOf(changes: unknown): number {
  // A bigint, if the database is set to give those.
  if (typeof changes !== 'number' && typeof changes !== 'bigint') {
    unknownAnswer('db', 'a number of changes');
  }
  return Number(changes);
}

type Run = (values: (string | number)[]) => number | Promise<number>;

/**
 * How a database runs a statement and answers the number of rows it changed.
 *
 * @param returning - what makes the statement answer with these rows, for a database that answers
 *   with rows alone
 */
function runnerOf(db: SqliteDatabase, sql: string, returning = ''): Run {
  if (isLibsql(db)) {
    return async (args) => countOf((await db.execute({ sql, args }))?.rowsAffected);
  }
  if (isDurableObject(db)) {
    return (values) => countOf(db.exec(sql + returning, ...values)?.toArray()?.length);
  }
  // sql.js is told by a method of its own: its statements take values in another way.
  if (!has(db, 'prepare') || has(db, 'getRowsModified')) {
    wrongKind(
      'db',
      "a database of node:sqlite, better-sqlite3, bun:sqlite, @libsql/client or D1, or a Durable Object's ctx.storage.sql",
      db,
    );
  }
  if (isD1(db)) {
    return async (values) => {
      const answer = await db
        .prepare(sql)
        .bind(...values)
        ?.run();
      return countOf(answer?.meta?.changes);
    };
  }
  return syncRunnerOf(db as SqliteSyncDatabase, sql);
}

function syncRunnerOf(db: SqliteSyncDatabase, sql: string): Run {
  // Prepared on first use, so that the store may be made before its table, and kept.
  let statement: SqliteStatement | undefined;
  return (values) => {
    statement ??= db.prepare(sql);
    try {
      const answer: { readonly changes: unknown } | undefined = statement.run(...values);
      // A database that answers later is of another kind. Its own failure is then of no interest.
      if (typeof (answer as { then?: unknown } | undefined)?.then === 'function') {
        Promise.resolve(answer).catch(() => {});
      }
      return countOf(answer?.changes);
    } catch (error) {
      // One of a database that was closed and opened again would fail for ever.
      statement = undefined;
      throw error;
    }
  };
}

function isLibsql(db: SqliteDatabase): db is LibsqlClient {
  return has(db, 'execute');
}

function isD1(db: SqliteDatabase): db is D1Client {
  return has(db, 'prepare') && has(db, 'batch');
}

function isDurableObject(db: SqliteDatabase): db is DurableObjectSql {
  return has(db, 'exec') && typeof (db as DurableObjectSql).databaseSize === 'number';
}

function has(db: unknown, method: string): boolean {
  return typeof (db as Record<string, unknown> | null | undefined)?.[method] === 'function';
}
