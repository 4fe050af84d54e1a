/**
 * Claims in SQLite, over the application's open database: a `DatabaseSync` of `node:sqlite`, a
 * Database of `better-sqlite3` or `bun:sqlite`, a client of `@libsql/client`, a D1 database, or the
 * SQL storage of a Durable Object.
 *
 * A claim is one statement. SQLite admits one writer at a time across all processes.
 */
import { wrongKind } from '../arguments/guards.js';
import { NO_OPTIONS } from '../arguments/options.js';
import { quotedTable, requireClaim, unknownAnswer } from '../single-use/stored-claim.js';
import type { SingleUseStore } from '../single-use.js';

/** The part of a statement of `node:sqlite`, `better-sqlite3` or `bun:sqlite` in use. */
export interface SqliteStatement {
  run(...values: (string | number)[]): { readonly changes: number | bigint };
}

/** The part of a database of these three in use. They answer synchronously. */
export interface SqliteSyncDatabase {
  prepare(sql: string): SqliteStatement;
}

/** The part of a client or a transaction of `@libsql/client` in use. */
export interface LibsqlClient {
  execute(statement: {
    sql: string;
    args: (string | number)[];
  }): PromiseLike<{ readonly rowsAffected: number }>;
}

/** The part of a D1 database or its session in use. */
export interface D1Client {
  prepare(sql: string): {
    bind(...values: (string | number)[]): {
      run(): PromiseLike<{ readonly meta: { readonly changes: number } }>;
    };
  };
  /** Distinguishes this database from the others; the store never calls it. */
  batch(statements: never[]): unknown;
}

/** The part of a Durable Object's `ctx.storage.sql` in use. It answers synchronously. */
export interface DurableObjectSql {
  exec(sql: string, ...values: (string | number)[]): { toArray(): unknown[] };
  /** Distinguishes this database from the others. */
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
 * UTF-8 cannot encode a lone surrogate. A UTF-16 database stores U+FFFD in place of U+FFFE and U+FFFF.
 * Either way, different ids would merge.
 */
const UNSTORABLE = /[\p{Surrogate}\ufffe\uffff]/u;

/**
 * Makes a store on an SQLite table (see {@link sqliteSchema}). It answers synchronously, or by a
 * promise over `@libsql/client` and D1. Under D1's read replication, pass
 * `env.DB.withSession('first-primary')`.
 *
 * Some SQLite databases cannot store a lone surrogate, U+FFFE or U+FFFF. `claim` refuses such an id
 * with a RangeError, before running a statement. If the database fails, its own error comes through,
 * for example when another process holds the write lock beyond the busy timeout. An unknown kind of
 * database, with an answer other than a number of changes, gives a TypeError.
 *
 * @throws {TypeError | RangeError} unless `db` is a database, and `table` a plain name
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
 * The table of {@link sqliteStore}, as one statement for a migration.
 *
 * @throws {TypeError | RangeError} unless `table` is a plain name
 *
 * @example
 * ```ts
 * import { sqliteSchema } from 'otpcore/stores/sqlite';
 *
 * console.log(sqliteSchema().startsWith('CREATE TABLE IF NOT EXISTS "otp_steps"')); // → true
 * ```
 */
export function sqliteSchema(options: SqliteStoreOptions = NO_OPTIONS): string {
  // STRICT (SQLite 3.37) keeps a step an integer. WITHOUT ROWID makes a claim a single look-up.
  return `CREATE TABLE IF NOT EXISTS ${quotedTable(options, '"')} (
  id TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
  step INTEGER NOT NULL
) STRICT, WITHOUT ROWID`;
}

/**
 * Creates the table of {@link sqliteStore}, if it is missing.
 *
 * An existing table without its key needs no check: SQLite fails the statement of each claim.
 *
 * @throws {TypeError | RangeError} as a rejection, unless `db` is a database, and `table` a plain name
 * @throws the database's own error, as a rejection
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

/** @throws {TypeError} for a number of changes other than 0 or 1 */
function isGranted(changes: number): boolean {
  if (changes !== 0 && changes !== 1) unknownAnswer('db', 'a change of 0 rows or 1');
  return changes === 1;
}

/** @throws {TypeError} unless `changes` is a number or a bigint */
function countOf(changes: unknown): number {
  // A bigint, if the database is configured to give bigints.
  if (typeof changes !== 'number' && typeof changes !== 'bigint') {
    unknownAnswer('db', 'a number of changes');
  }
  return Number(changes);
}

type RunStatement = (values: (string | number)[]) => number | Promise<number>;

/**
 * Makes a function running the statement; it gives the number of changed rows.
 *
 * @param returning - the clause returning the changed rows, for a database without a change count
 */
function runnerOf(db: SqliteDatabase, sql: string, returning = ''): RunStatement {
  if (isLibsql(db)) {
    return async (args) => countOf((await db.execute({ sql, args }))?.rowsAffected);
  }
  if (isDurableObject(db)) {
    return (values) => countOf(db.exec(sql + returning, ...values)?.toArray()?.length);
  }
  // sql.js, recognised by `getRowsModified`, is refused: its statements bind values differently.
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

function syncRunnerOf(db: SqliteSyncDatabase, sql: string): RunStatement {
  // Prepared on first use and cached, so a store can be made before its table.
  let statement: SqliteStatement | undefined;
  return (values) => {
    statement ??= db.prepare(sql);
    try {
      const answer: { readonly changes: unknown } | undefined = statement.run(...values);
      // An asynchronous database is refused below; its own later failure is ignored.
      if (typeof (answer as { then?: unknown } | undefined)?.then === 'function') {
        Promise.resolve(answer).catch(() => {});
      }
      return countOf(answer?.changes);
    } catch (error) {
      // After the database is closed and reopened, the old statement would always fail.
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
