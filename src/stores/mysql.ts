/**
 * Claims in MySQL and MariaDB, over the client that the application already has: a pool or a
 * connection of `mysql2` (with promises or callbacks) or of `mariadb` (with promises).
 *
 * A claim is one statement and one round trip. Its row is locked while it is decided, so of claims
 * made at once, on however many connections, each sees what the one before it left.
 *
 * It rests upon the table's key: `id` has to be the PRIMARY KEY, or a UNIQUE key of its own, and
 * `step` a BIGINT. Without exactly this key nothing is ever refused.
 */

import { wrongKind } from '../arguments/guards.js';
import { NO_OPTIONS } from '../arguments/options.js';
import { requireOneClaim } from '../single-use/claims.js';
import { quotedTable, requireClaim, unknownAnswer } from '../single-use/stored-claim.js';
import type { SingleUseStore } from '../single-use.js';

/** What is used of a pool or connection with promises. */
export interface MysqlPromiseClient {
  query(
    statement: { sql: string; namedPlaceholders: boolean },
    values: (string | number)[],
  ): PromiseLike<unknown>;
}

/** What is used of a pool or connection of `mysql2` with callbacks. */
export interface MysqlCallbackClient {
  promise(): MysqlPromiseClient;
}

/** A client of either driver. One that is inside a transaction claims inside it. */
export type MysqlClient = MysqlPromiseClient | MysqlCallbackClient;

/** Options of {@link mysqlStore}, {@link mysqlSchema} and {@link createMysqlTable}. */
export interface MysqlStoreOptions {
  /**
   * The table, or `database.table`: ASCII letters, digits and underscores, at most 63 each. Default
   * `otp_steps`.
   */
  readonly table?: string | undefined;
}

/**
 * What a claim leaves in the statement's insert id. Rows affected cannot tell: both drivers ask for
 * rows found, and then an insert and an update that changes nothing count 1 each.
 */
const GRANTED = 1;
const REFUSED = 2;
/** The row that was found has another id: the column folds, cuts or converts what it is given. */
const MERGED = 3;

/**
 * Makes a store that claims in a table of MySQL or MariaDB (see {@link mysqlSchema}).
 *
 * The table must have `id` as its PRIMARY KEY, or as a UNIQUE key of its own, and `step` as BIGINT.
 * Without exactly this key MySQL refuses nothing: a code counts again and again. So take the schema
 * as it is, and call `checkStore` as the server starts.
 *
 * Its `claim` rejects with the client's own error for whatever fails. With a connection inside a
 * transaction a claim counts once that is committed; it changes the connection's LAST_INSERT_ID().
 *
 * @throws {TypeError | RangeError} if `client` is no client, or `table` no plain name
 * @see {@link https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html | INSERT … ON DUPLICATE KEY UPDATE}
 *
 * @example
 * ```ts no-run
 * import { type MysqlClient, mysqlStore } from 'otpcore/stores/mysql';
 *
 * declare const pool: MysqlClient; // mysql.createPool(…) or mariadb.createPool(…)
 * const store = mysqlStore(pool);
 * console.log(await store.claim('alice', 7), await store.claim('alice', 7)); // → true false
 * ```
 */
export function mysqlStore(
  client: MysqlClient,
  options: MysqlStoreOptions = NO_OPTIONS,
): SingleUseStore {
  const run = runnerOf(
    client,
    `INSERT INTO ${quotedTable(options, '`')} (id, step) ` +
      // The product is the step itself.
      `VALUES (UNHEX(?), ? * LAST_INSERT_ID(${GRANTED})) ON DUPLICATE KEY UPDATE step = ` +
      // As texts in hex, because a numeric column is equal to every text without digits.
      `IF(LAST_INSERT_ID(IF(HEX(id) = ?, IF(step < ?, ${GRANTED}, ${REFUSED}), ${MERGED})) = ` +
      `${GRANTED}, ?, step)`,
  );
  return {
    async claim(id: string, step: number): Promise<boolean> {
      requireClaim(id, step);
      const hex = hexOf(id);
      const answer = await run([hex, step, hex, step, step]);
      // mysql2 answers with an array, and mariadb with a bigint.
      const header: unknown = Array.isArray(answer) ? answer[0] : answer;
      return isGranted((header as { insertId?: unknown } | undefined)?.insertId);
    },
  };
}

/**
 * The table that {@link mysqlStore} needs, as one statement for a migration.
 *
 * @throws {TypeError | RangeError} if `table` is no plain name
 *
 * @example
 * ```ts
 * import { mysqlSchema } from 'otpcore/stores/mysql';
 *
 * console.log(mysqlSchema().startsWith('CREATE TABLE IF NOT EXISTS `otp_steps`')); // → true
 * ```
 */
export function mysqlSchema(options: MysqlStoreOptions = NO_OPTIONS): string {
  // An id is kept as UTF-16, two bytes a character: the longest fits into a key of InnoDB (3,072
  // bytes), as it would not in UTF-8, and nothing is ever cut, under whatever sql_mode. Bytes know no
  // case, no accents and no padding.
  return `CREATE TABLE IF NOT EXISTS ${quotedTable(options, '`')} (
  id VARBINARY(2058) NOT NULL PRIMARY KEY,
  step BIGINT NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC`;
}

/**
 * Creates the table that {@link mysqlStore} needs, if it is missing. Like every DDL of MySQL it commits
 * a transaction that is open on the client.
 *
 * Then it claims as `checkStore` does. A table that was there without its key would grant a code again
 * and again, and MySQL alone does so without an error. A column that keeps ids otherwise than
 * {@link mysqlSchema} says, such as a number, is found too.
 *
 * @throws {TypeError | RangeError} as a rejection, if `client` is no client, or `table` no plain name
 * @throws a plain Error, as a rejection, if the table grants a step twice or alters an id
 * @throws whatever the client throws, as a rejection
 *
 * @example
 * ```ts no-run
 * import { createMysqlTable, type MysqlClient } from 'otpcore/stores/mysql';
 *
 * declare const pool: MysqlClient;
 * await createMysqlTable(pool);
 * ```
 */
export async function createMysqlTable(
  client: MysqlClient,
  options: MysqlStoreOptions = NO_OPTIONS,
): Promise<void> {
  await runnerOf(client, mysqlSchema(options))([]);
  await requireOneClaim(mysqlStore(client, options));
}

/**
 * @throws {TypeError} for an insert id that the statement does not leave
 * @throws {Error} if the row has another id
 */
function isGranted(insertId: unknown): boolean {
  // A text, if the client is set to give big numbers so.
  const isPlain = ['number', 'bigint', 'string'].includes(typeof insertId);
  const id = isPlain ? String(insertId) : '';
  if (id === String(MERGED)) {
    throw new Error(
      'the table keeps another id than it was given: make its columns as mysqlSchema() does',
    );
  }
  if (id !== String(GRANTED) && id !== String(REFUSED)) unknownAnswer('client', 'an insert id');
  return id === String(GRANTED);
}

/** Runs a statement with the values given. */
function runnerOf(
  client: MysqlClient,
  sql: string,
): (values: (string | number)[]) => PromiseLike<unknown> {
  const promising = (
    typeof (client as MysqlCallbackClient | undefined)?.promise === 'function'
      ? (client as MysqlCallbackClient).promise()
      : client
  ) as MysqlPromiseClient | undefined;
  if (typeof promising?.query !== 'function') {
    wrongKind('client', 'a pool or connection of mysql2 or mariadb', client);
  }
  // A client may be set to take names for question marks.
  return (values) => promising.query({ sql, namedPlaceholders: false }, values);
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0').toUpperCase(),
);

/**
 * The bytes of an id's UTF-16, in hex: it needs no escaping, whatever the connection's charset. In
 * capitals, as HEX() writes it, for a connection whose collation tells case.
 */
function hexOf(id: string): string {
  let hex = '';
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    hex += `${HEX[code >> 8]}${HEX[code & 0xff]}`;
  }
  return hex;
}
