/**
 * Claims in MySQL and MariaDB, over the application's own client: a pool or a connection of `mysql2`
 * (with promises or callbacks) or of `mariadb` (with promises).
 *
 * A claim is one statement and one round trip. The row stays locked during the decision. So each of
 * several concurrent claims sees the result of the previous one, on any number of connections.
 *
 * It relies on the table's key: `id` must be the PRIMARY KEY, or a UNIQUE key of its own, and `step` a
 * BIGINT. Without exactly this key, every claim is granted.
 */

import { wrongKind } from '../arguments/guards.js';
import { NO_OPTIONS } from '../arguments/options.js';
import { requireOneClaim } from '../single-use/claims.js';
import { quotedTable, requireClaim, unknownAnswer } from '../single-use/stored-claim.js';
import type { SingleUseStore } from '../single-use.js';

/** The part of a promise-based pool or connection in use. */
export interface MysqlPromiseClient {
  query(
    statement: { sql: string; namedPlaceholders: boolean },
    values: (string | number)[],
  ): PromiseLike<unknown>;
}

/** The part of a callback-based pool or connection of `mysql2` in use. */
export interface MysqlCallbackClient {
  promise(): MysqlPromiseClient;
}

/** A client of either driver. Inside a transaction, a claim is part of the transaction. */
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
 * A claim's result, carried by the statement's insert id. The affected-rows count cannot tell: both
 * drivers report matched rows, so an insert and an unchanged row both count 1.
 */
const GRANTED = 1;
const REFUSED = 2;
/** The matched row has a different id: the column folds, truncates or converts ids. */
const MERGED = 3;

/**
 * Makes a store on a table of MySQL or MariaDB (see {@link mysqlSchema}).
 *
 * The table must have `id` as its PRIMARY KEY, or as a UNIQUE key of its own, and `step` as BIGINT.
 * Without exactly this key, MySQL grants every claim, and a code is accepted repeatedly. Use the schema
 * unchanged, and call `checkStore` at server start.
 *
 * If the client fails, `claim` rejects with the client's error. Inside a transaction, a claim takes
 * effect on commit. Each claim changes the connection's LAST_INSERT_ID().
 *
 * @throws {TypeError | RangeError} unless `client` is a client, and `table` a plain name
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
      // LAST_INSERT_ID(1) returns 1, so the product equals the step.
      `VALUES (UNHEX(?), ? * LAST_INSERT_ID(${GRANTED})) ON DUPLICATE KEY UPDATE step = ` +
      // Compared as hex strings, because a numeric column equals every string without digits.
      `IF(LAST_INSERT_ID(IF(HEX(id) = ?, IF(step < ?, ${GRANTED}, ${REFUSED}), ${MERGED})) = ` +
      `${GRANTED}, ?, step)`,
  );
  return {
    async claim(id: string, step: number): Promise<boolean> {
      requireClaim(id, step);
      const hex = hexOf(id);
      const answer = await run([hex, step, hex, step, step]);
      // mysql2 wraps the header in an array; mariadb gives the insert id as a bigint.
      const header: unknown = Array.isArray(answer) ? answer[0] : answer;
      return isGranted((header as { insertId?: unknown } | undefined)?.insertId);
    },
  };
}

/**
 * The table of {@link mysqlStore}, as one statement for a migration.
 *
 * @throws {TypeError | RangeError} unless `table` is a plain name
 *
 * @example
 * ```ts
 * import { mysqlSchema } from 'otpcore/stores/mysql';
 *
 * console.log(mysqlSchema().startsWith('CREATE TABLE IF NOT EXISTS `otp_steps`')); // → true
 * ```
 */
export function mysqlSchema(options: MysqlStoreOptions = NO_OPTIONS): string {
  // An id is stored as UTF-16, two bytes a character. The longest then fits into an InnoDB key (3,072
  // bytes); in UTF-8 it would not. Every sql_mode keeps it whole. Bytes compare exactly, so case,
  // accents and padding count.
  return `CREATE TABLE IF NOT EXISTS ${quotedTable(options, '`')} (
  id VARBINARY(2058) NOT NULL PRIMARY KEY,
  step BIGINT NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC`;
}

/**
 * Creates the table of {@link mysqlStore}, if it is missing. Like all DDL in MySQL, it commits an open
 * transaction of the client.
 *
 * Then it checks the table as `checkStore` does. An existing table without its key would grant a code
 * repeatedly; of the databases here, only MySQL does so without an error. An id column of another
 * type than in {@link mysqlSchema}, such as a number, is detected too.
 *
 * @throws {TypeError | RangeError} as a rejection, unless `client` is a client, and `table` a plain name
 * @throws a plain Error, as a rejection, if the table grants a step twice or alters an id
 * @throws the client's own error, as a rejection
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
 * @throws {TypeError} for an insert id foreign to the statement
 * @throws {Error} if the row has a different id
 */
function isGranted(insertId: unknown): boolean {
  // A string, if the client is configured to give big numbers as strings.
  const isPlain = ['number', 'bigint', 'string'].includes(typeof insertId);
  const id = isPlain ? String(insertId) : '';
  if (id === String(MERGED)) {
    throw new Error(
      'the table stores a different id than it was given: create its columns as in mysqlSchema()',
    );
  }
  if (id !== String(GRANTED) && id !== String(REFUSED)) unknownAnswer('client', 'an insert id');
  return id === String(GRANTED);
}

/** Makes a function running the statement with given values. */
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
  // Overrides a client configured for named placeholders.
  return (values) => promising.query({ sql, namedPlaceholders: false }, values);
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0').toUpperCase(),
);

/**
 * The bytes of an id's UTF-16, in hex: free of escaping under every connection charset. In capitals,
 * like the output of HEX(), because the connection's collation may distinguish case.
 */
function hexOf(id: string): string {
  let hex = '';
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    hex += `${HEX[code >> 8]}${HEX[code & 0xff]}`;
  }
  return hex;
}
