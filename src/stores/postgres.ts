/**
 * Claims in PostgreSQL, over the client that the application already has: a Pool, Client or
 * PoolClient of `pg`, an `sql` of `postgres` (postgres.js), PGlite, or an `sql` of
 * `@neondatabase/serverless` (over HTTP).
 *
 * A claim is one statement and one round trip. Its row is locked while it is decided, so of claims
 * made at once, on however many connections, each sees what the one before it left.
 */
import { wrongKind } from '../arguments/guards.js';
import { NO_OPTIONS, requireKnownOptions } from '../arguments/options.js';
import { type Claim, claimTogether } from '../single-use/claims-together.js';
import { quotedTable, requireClaim, unknownAnswer } from '../single-use/stored-claim.js';
import type { SingleUseStore } from '../single-use.js';

/** What is used of a client of `pg`, of PGlite, or of an `sql` of `@neondatabase/serverless`. */
export interface PostgresQueryClient {
  /** `values` are an id and a step, or the ids and the steps of claims that go together. */
  query(
    text: string,
    values: (string | number | string[] | number[])[],
  ): PromiseLike<{ readonly rows: unknown[] } | unknown[]>;
}

/** What is used of an `sql` of postgres.js. */
export interface PostgresJsClient {
  /** As `query` of {@link PostgresQueryClient}. */
  unsafe(
    text: string,
    values: (string | number | string[] | number[])[],
    options: { prepare: boolean },
  ): PromiseLike<unknown[]>;
}

/** A client of any of them. One that is inside a transaction claims inside it. */
export type PostgresClient = PostgresQueryClient | PostgresJsClient;

/** Options of {@link postgresStore}, {@link postgresSchema} and {@link createPostgresTable}. */
export interface PostgresStoreOptions {
  /**
   * The table, or `schema.table`: ASCII letters, digits and underscores, at most 63 each. It is
   * quoted, so case counts. Default `otp_steps`.
   */
  readonly table?: string | undefined;
  /**
   * Whether claims of different ids that wait at the same time go out in one statement: several times
   * the throughput where many sign in at once. Needs a client that is in no transaction: a Pool of
   * `pg`, the `sql` of `postgres()` or PGlite. Read by {@link postgresStore} alone. Default false.
   */
  readonly together?: boolean | undefined;
}

/** A text of PostgreSQL holds neither of these. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Raises the stored step, and only that: a row comes back for each claim that is granted. */
const RAISE = 'ON CONFLICT (id) DO UPDATE SET step = excluded.step WHERE held.step < excluded.step';

const OPTION_NAMES = ['table', 'together'];
/** For postgres.js, which else makes two round trips. A client that is set to prepare nothing stays so. */
const PREPARED = { prepare: true };

/**
 * Makes a store that claims in a PostgreSQL table (see {@link postgresSchema}).
 *
 * Its `claim` rejects, before anything is sent, with a RangeError for an id with NUL or half a
 * surrogate pair, which PostgreSQL cannot keep; and with the client's own error for whatever else
 * fails. With a client inside a transaction a claim counts once that is committed.
 *
 * With `together` claims that wait at the same time share a statement: it is decided as a whole, and its
 * error rejects each of them. Make one store for all requests, since only its own claims share one.
 *
 * @throws {TypeError | RangeError} if `client` is no client, or with `together` a single connection, or
 *   if `table` is no plain name
 * @see {@link https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT | INSERT … ON CONFLICT}
 *
 * @example
 * ```ts no-run
 * import { type PostgresClient, postgresStore } from 'otpcore/stores/postgres';
 *
 * declare const pool: PostgresClient; // new pg.Pool(), postgres(url) or new PGlite()
 * const store = postgresStore(pool);
 * console.log(await store.claim('alice', 7), await store.claim('alice', 7)); // → true false
 * ```
 */
export function postgresStore(
  client: PostgresClient,
  options: PostgresStoreOptions = NO_OPTIONS,
): SingleUseStore {
  const run = runnerOf(client);
  const insert = `INSERT INTO ${quotedTable(options, '"', OPTION_NAMES)} AS held (id, step)`;
  const text = `${insert} VALUES ($1, $2) ${RAISE} RETURNING 1`;
  async function claim(id: string, step: number): Promise<boolean> {
    requireClaim(id, step, UNSTORABLE);
    const { length } = rowsOf(await run(text, [id, step]));
    if (length > 1) unknownAnswer('client', 'one row or none');
    return length === 1;
  }
  if (!readTogether(options)) return { claim };

  requirePool(client);
  const batchText = `${insert} SELECT * FROM unnest($1::text[], $2::bigint[]) ${RAISE} RETURNING id`;
  const claimWaiting = claimTogether(async (claims) => {
    const [{ id, step }] = claims as [Claim];
    // One alone takes the statement that is fastest for one.
    if (claims.length === 1) return new Set((await claim(id, step)) ? [id] : []);
    const ids = claims.map((one) => one.id);
    const steps = claims.map((one) => one.step);
    return idsGranted(rowsOf(await run(batchText, [ids, steps])), ids);
  });
  return {
    async claim(id: string, step: number): Promise<boolean> {
      requireClaim(id, step, UNSTORABLE);
      return claimWaiting(id, step);
    },
  };
}

function readTogether(options: PostgresStoreOptions): boolean {
  const { together = false } = requireKnownOptions(options, OPTION_NAMES);
  if (typeof together !== 'boolean') wrongKind('together', 'true or false', together);
  return together;
}

/**
 * Claims of many sign-ins must not share one sign-in's transaction: a rollback would free them all.
 *
 * @throws {TypeError} unless `client` is a pool, or runs each transaction on an object of its own
 */
function requirePool(client: PostgresClient): void {
  const { begin, totalCount, waitReady } = client as unknown as Record<string, unknown>;
  // Of postgres.js, pg and PGlite in turn; a connection or a transaction of theirs lacks all three.
  const isPool =
    typeof begin === 'function' || typeof totalCount === 'number' || typeof waitReady === 'object';
  if (isPool) return;
  throw new TypeError(
    '"client" must be a Pool of pg, the sql of postgres() or PGlite where "together" is true; this one may be inside a transaction',
  );
}

/** The ids of the rows: the first column, whose name a client's own settings may change. */
function idsGranted(rows: readonly unknown[], asked: readonly string[]): ReadonlySet<string> {
  const open = new Set<unknown>(asked);
  const granted = new Set<string>();
  for (const row of rows) {
    const [id] = Object.values(row as object) as [string];
    if (!open.delete(id)) unknownAnswer('client', 'ids that were claimed, each once at most');
    granted.add(id);
  }
  return granted;
}

/**
 * The table that {@link postgresStore} needs, as one statement for a migration.
 *
 * @throws {TypeError | RangeError} if `table` is no plain name
 *
 * @example
 * ```ts
 * import { postgresSchema } from 'otpcore/stores/postgres';
 *
 * console.log(postgresSchema({ table: 'auth.otp_steps' }).startsWith('CREATE TABLE IF NOT EXISTS "auth"."otp_steps"')); // → true
 * ```
 */
export function postgresSchema(options: PostgresStoreOptions = NO_OPTIONS): string {
  // Under "C" ids compare byte by byte, and the index survives a new version of the system's collations.
  return `CREATE TABLE IF NOT EXISTS ${quotedTable(options, '"', OPTION_NAMES)} (
  id text COLLATE "C" PRIMARY KEY,
  step bigint NOT NULL
)`;
}

/**
 * Creates the table that {@link postgresStore} needs, if it is missing. Several processes may do so
 * at once.
 *
 * A table that is there without its key needs no check: PostgreSQL then refuses the statement of each
 * claim with an error.
 *
 * @throws {TypeError | RangeError} as a rejection, if `client` is no client, or `table` no plain name
 * @throws whatever the client throws, as a rejection
 *
 * @example
 * ```ts no-run
 * import { createPostgresTable, type PostgresClient } from 'otpcore/stores/postgres';
 *
 * declare const pool: PostgresClient;
 * await createPostgresTable(pool);
 * ```
 */
export async function createPostgresTable(
  client: PostgresClient,
  options: PostgresStoreOptions = NO_OPTIONS,
): Promise<void> {
  // IF NOT EXISTS alone fails where two create at once: the second meets the first one's row type.
  const missing = `to_regclass('${quotedTable(options, '"', OPTION_NAMES)}') IS NULL`;
  const answer = await runnerOf(client)(
    `DO $$ BEGIN IF ${missing} THEN ${postgresSchema(options)}; END IF; ` +
      'EXCEPTION WHEN unique_violation OR duplicate_table OR duplicate_object THEN NULL; END $$',
    [],
  );
  rowsOf(answer);
}

/** What a client answers: the rows themselves, or an object that has them. */
type Answer = unknown[] | { readonly rows: unknown[] };

/** @throws {TypeError} for an answer without rows */
function rowsOf(answer: Answer | undefined): unknown[] {
  const rows = Array.isArray(answer) ? answer : answer?.rows;
  if (!Array.isArray(rows) || rows.some((row) => typeof row !== 'object' || row === null)) {
    unknownAnswer('client', 'rows');
  }
  return rows;
}

type StatementValues = Parameters<PostgresQueryClient['query']>[1];

/** How a client runs a statement. */
function runnerOf(
  client: PostgresClient,
): (text: string, values: StatementValues) => PromiseLike<Answer> {
  const queryClient = client as PostgresQueryClient | undefined;
  // Asked first: Neon's `unsafe` runs no statement.
  if (typeof queryClient?.query === 'function') {
    return (text, values) => queryClient.query(text, values);
  }
  const sql = client as PostgresJsClient | undefined;
  if (typeof sql?.unsafe !== 'function') {
    wrongKind('client', 'a client of pg, postgres, PGlite or @neondatabase/serverless', client);
  }
  return (text, values) => sql.unsafe(text, values, PREPARED);
}
