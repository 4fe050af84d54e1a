/**
 * Records in MySQL and MariaDB, over the application's own client: a pool or a
 * connection of `mysql2` (with promises or callbacks) or of `mariadb` (with promises).
 *
 * A read is one statement, and so is a write with all its events. The client must not be inside a
 * transaction of the application's: a rollback would forget failures and used codes.
 */
import { wrongKind } from './arguments.js';
import type { FactorStore } from './contract.js';
import { encodeUtf8 } from './platform.js';
import {
  columnsOf,
  type FactorTableOptions,
  quotedTables,
  requireStorable,
  requireVersion,
  storedOf,
} from './table.js';

export type { FactorTableOptions } from './table.js';

/** A client may be set to answer otherwise, or to take names for question marks. */
const PLAIN: {
  readonly namedPlaceholders: boolean;
  readonly rowsAsArray: boolean;
  readonly metaAsArray: boolean;
  readonly nestTables: boolean;
} = { namedPlaceholders: false, rowsAsArray: false, metaAsArray: false, nestTables: false };

/** The used part of a pool or connection with promises. */
export interface MysqlFactorPromiseClient {
  query(statement: { readonly sql: string } & typeof PLAIN, values: string[]): PromiseLike<unknown>;
}

/** The used part of a pool or connection of `mysql2` with callbacks. */
export interface MysqlFactorCallbackClient {
  promise(): MysqlFactorPromiseClient;
}

/** A client of either driver. */
export type MysqlFactorClient = MysqlFactorPromiseClient | MysqlFactorCallbackClient;

/** The row is there already. */
const DUPLICATE = 1062;
/**
 * The first version of a row: microseconds, and ten random bits for a clock that steps back. So a row
 * made anew repeats no former version.
 */
const FIRST_VERSION =
  "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) * 1024 + FLOOR(RAND() * 1024)";

/**
 * Makes a factor store on a table of MySQL or MariaDB (see {@link mysqlFactorSchema}).
 *
 * Errors of the client come through.
 *
 * @throws {TypeError | RangeError} if `client` is no client, or a table has no plain name
 *
 * @example
 * ```ts no-run
 * import { type MysqlFactorClient, mysqlFactorStore } from 'otpcore/second-factor/mysql';
 *
 * declare const pool: MysqlFactorClient; // mysql.createPool(…) or mariadb.createPool(…)
 * const store = mysqlFactorStore(pool);
 * console.log(await store.read('user-1')); // → undefined
 * ```
 */
export function mysqlFactorStore(
  client: MysqlFactorClient,
  options: FactorTableOptions = {},
): FactorStore {
  const run = runnerOf(client);
  const { table, eventsTable } = quotedTables(options, '`');
  // Texts travel as hex, safe from character sets and escaping rules.
  const read = `SELECT record, CAST(version AS CHAR) AS version FROM ${table} WHERE user_id = UNHEX(?)`;
  // A plain INSERT: INSERT IGNORE would cut long texts silently.
  const create =
    `INSERT INTO ${table} (record, state, sealed_with, events, user_id, version, updated_at) ` +
    `VALUES (UNHEX(?), ?, ?, UNHEX(?), UNHEX(?), ${FIRST_VERSION}, UTC_TIMESTAMP(3))`;
  // Without the cast both sides would be compared as doubles, and neighbours would be equal.
  const update =
    `UPDATE ${table} SET record = UNHEX(?), state = ?, sealed_with = ?, events = UNHEX(?), ` +
    'version = version + 1, updated_at = UTC_TIMESTAMP(3) ' +
    'WHERE user_id = UNHEX(?) AND version = CAST(? AS UNSIGNED)';
  return {
    async read(userId) {
      return storedOf(rowsOf(await run(read, [utf16Hex(requireStorable(userId))])));
    },
    async write(userId, record, version, more) {
      const [state, keys, told] = columnsOf(more);
      const events = eventsTable === undefined ? '[]' : told;
      const id = utf16Hex(requireStorable(userId));
      const values = [utf8Hex(record), state, keys, utf8Hex(events), id];
      if (version === undefined) return created(() => run(create, values));
      return countOf(await run(update, [...values, requireVersion(version)])) === 1;
    },
  };
}

/** Whether an insert made the row; false if there was one. */
async function created(insert: () => PromiseLike<unknown>): Promise<boolean> {
  try {
    return countOf(await insert()) === 1;
  } catch (error) {
    if ((error as { readonly errno?: unknown } | null)?.errno === DUPLICATE) return false;
    throw error;
  }
}

/**
 * The tables of {@link mysqlFactorStore}, as statements for a migration. With `eventsTable`,
 * triggers make the rows of the events, as part of the same statement: this takes the
 * TRIGGER privilege, and JSON_TABLE (MySQL 8.0.29, MariaDB 10.6).
 *
 * @throws {TypeError | RangeError} if a table has no plain name
 *
 * @example
 * ```ts
 * import { mysqlFactorSchema } from 'otpcore/second-factor/mysql';
 *
 * console.log(mysqlFactorSchema().startsWith('CREATE TABLE IF NOT EXISTS `otp_factors`')); // → true
 * ```
 */
export function mysqlFactorSchema(options: FactorTableOptions = {}): string {
  return schemaStatements(options).join(';\n');
}

function schemaStatements(options: FactorTableOptions): string[] {
  const { table, eventsTable } = quotedTables(options, '`');
  // An id is kept as UTF-16, two bytes a character: the longest fits into a key of InnoDB.
  const factors = `CREATE TABLE IF NOT EXISTS ${table} (
  user_id VARBINARY(2048) NOT NULL PRIMARY KEY,
  record MEDIUMBLOB NOT NULL,
  state VARCHAR(16) NOT NULL,
  sealed_with VARCHAR(255) NOT NULL,
  events MEDIUMBLOB NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  updated_at DATETIME(3) NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC`;
  if (eventsTable === undefined) return [factors];
  const told = `CREATE TABLE IF NOT EXISTS ${eventsTable} (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id VARBINARY(2048) NOT NULL,
  at BIGINT NOT NULL,
  type VARCHAR(32) NOT NULL,
  notify TINYINT NOT NULL,
  event JSON NOT NULL
) ENGINE = InnoDB`;
  return [factors, told, ...['INSERT', 'UPDATE'].map((when) => trigger(when, table, eventsTable))];
}

/** Makes a row for each event of a write. */
function trigger(when: string, table: string, eventsTable: string): string {
  const name = `${table.slice(0, -1)}_events_${when.toLowerCase()}\``;
  return (
    `CREATE TRIGGER IF NOT EXISTS ${name} AFTER ${when} ON ${table} FOR EACH ROW ` +
    `INSERT INTO ${eventsTable} (user_id, at, type, notify, event) ` +
    'SELECT NEW.user_id, told.at, told.type, told.notify, told.event ' +
    "FROM JSON_TABLE(CONVERT(NEW.events USING utf8mb4), '$[*]' COLUMNS (at BIGINT PATH '$.at', " +
    "type VARCHAR(32) PATH '$.type', notify TINYINT PATH '$.notify', event JSON PATH '$')) AS told"
  );
}

/**
 * Creates the missing tables of {@link mysqlFactorStore}. Like every DDL of
 * MySQL it commits an open transaction.
 *
 * @throws {TypeError | RangeError} as a rejection, if `client` is no client, or a table has no plain name
 * @throws the client's own errors, as a rejection
 *
 * @example
 * ```ts no-run
 * import { createMysqlFactorTable, type MysqlFactorClient } from 'otpcore/second-factor/mysql';
 *
 * declare const pool: MysqlFactorClient;
 * await createMysqlFactorTable(pool);
 * ```
 */
export async function createMysqlFactorTable(
  client: MysqlFactorClient,
  options: FactorTableOptions = {},
): Promise<void> {
  const run = runnerOf(client);
  for (const statement of schemaStatements(options)) await run(statement, []);
}

/** The rows of a SELECT. mysql2 answers with rows and fields, mariadb with the rows. */
function rowsOf(answer: unknown): readonly unknown[] {
  if (!Array.isArray(answer)) throw new TypeError('"client" did not answer with rows');
  return Array.isArray(answer[0]) ? answer[0] : answer;
}

/** How many rows a write changed: 0 or 1. mariadb may say so by a bigint. */
function countOf(answer: unknown): number {
  const header: unknown = Array.isArray(answer) ? answer[0] : answer;
  const affected = (header as { affectedRows?: unknown } | null | undefined)?.affectedRows;
  const count = typeof affected === 'bigint' ? Number(affected) : affected;
  if (count !== 0 && count !== 1) {
    throw new TypeError('"client" did not answer a write with affected rows');
  }
  return count;
}

/** Runs a statement with the values given. */
function runnerOf(
  client: MysqlFactorClient,
): (sql: string, values: string[]) => PromiseLike<unknown> {
  const promising = (
    typeof (client as MysqlFactorCallbackClient | undefined)?.promise === 'function'
      ? (client as MysqlFactorCallbackClient).promise()
      : client
  ) as MysqlFactorPromiseClient | undefined;
  if (typeof promising?.query !== 'function') {
    wrongKind('client', 'a pool or connection of mysql2 or mariadb', client);
  }
  return (sql, values) => promising.query({ sql, ...PLAIN }, values);
}

/** The bytes of a text's UTF-16, in hex. */
function utf16Hex(text: string): string {
  let hex = '';
  for (let i = 0; i < text.length; i++) hex += text.charCodeAt(i).toString(16).padStart(4, '0');
  return hex;
}

/** The bytes of a text's UTF-8, in hex. */
function utf8Hex(text: string): string {
  return Array.from(encodeUtf8(text), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
