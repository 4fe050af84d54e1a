/**
 * Claims in PostgreSQL, over the application's own client: a Pool, Client or PoolClient of `pg`, an
 * `sql` of `postgres` (postgres.js), PGlite, or an `sql` of `@neondatabase/serverless` (over HTTP).
 *
 * A claim is one statement and one round trip. The row stays locked during the decision. So each of
 * several concurrent claims sees the result of the previous one, on any number of connections.
 */
import { wrongKind } from '../arguments/guards.js';
import { NO_OPTIONS, requireKnownOptions } from '../arguments/options.js';
import { type Claim, claimTogether } from '../single-use/claims-together.js';
import { quotedTable, requireClaim, unknownAnswer } from '../single-use/stored-claim.js';
import type { SingleUseStore } from '../single-use.js';

/** The part of a `pg` client, of PGlite or of `@neondatabase/serverless` in use. */
export interface PostgresQueryClient {
  /** `values` are an id and a step, or the ids and steps of a batch. */
  query(
    text: string,
    values: (string | number | string[] | number[])[],
  ): PromiseLike<{ readonly rows: unknown[] } | unknown[]>;
}

/** The part of an `sql` of postgres.js in use. */
export interface PostgresJsClient {
  /** Like `query` of {@link PostgresQueryClient}. */
  unsafe(
    text: string,
    values: (string | number | string[] | number[])[],
    options: { prepare: boolean },
  ): PromiseLike<unknown[]>;
}

/** A client of any of them. Inside a transaction, a claim is part of the transaction. */
export type PostgresClient = PostgresQueryClient | PostgresJsClient;

/** Options of {@link postgresStore}, {@link postgresSchema} and {@link createPostgresTable}. */
export interface PostgresStoreOptions {
  /**
   * The table, or `schema.table`: ASCII letters, digits and underscores, at most 63 each. It is
   * quoted, so case counts. Default `otp_steps`.
   */
  readonly table?: string | undefined;
  /**
   * Whether concurrent claims of different ids share one statement: several times the throughput when
   * many users sign in at once. Needs a client outside any transaction: a Pool of `pg`, the `sql` of
   * `postgres()` or PGlite. Only {@link postgresStore} reads it. Default false.
   */
  readonly together?: boolean | undefined;
}

/** Characters forbidden in PostgreSQL's `text`. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Updates only to a higher step. Each granted claim returns a row. */
const RAISE = 'ON CONFLICT (id) DO UPDATE SET step = excluded.step WHERE held.step < excluded.step';

const OPTION_NAMES = ['table', 'together'];
/** Saves postgres.js a second round trip. A client configured with `prepare: false` keeps its setting. */
const PREPARED = { prepare: true };

/**
 * Makes a store on a PostgreSQL table (see {@link postgresSchema}).
 *
 * PostgreSQL cannot store NUL or a lone surrogate: `claim` rejects such an id with a RangeError, before
 * sending a statement. If the client fails, `claim` rejects with the client's error. Inside a
 * transaction, a claim takes effect on commit.
 *
 * With `together`, concurrent claims share a statement: it is decided as a whole, and its error
 * rejects each of them. Make one store for all requests, because claims are shared within a store.
 *
 * @throws {TypeError | RangeError} unless `client` is a client (with `together`, a pool), and `table` a
 *   plain name
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
    // A single claim uses the single-row statement, because it is faster.
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
 * Claims of many sign-ins must not share one sign-in's transaction: a rollback would undo them all.
 *
 * @throws {TypeError} unless `client` is a pool, or gives each transaction an object of its own
 */
function requirePool(client: PostgresClient): void {
  const { begin, totalCount, waitReady } = client as unknown as Record<string, unknown>;
  // Of postgres.js, pg and PGlite in turn; their connections and transactions lack all three.
  const isPool =
    typeof begin === 'function' || typeof totalCount === 'number' || typeof waitReady === 'object';
  if (isPool) return;
  throw new TypeError(
    '"client" must be a Pool of pg, the sql of postgres() or PGlite if "together" is true; this client may be inside a transaction',
  );
}

/** The ids of the rows, from the first column: a client's settings may change its name. */
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
 * The table of {@link postgresStore}, as one statement for a migration.
 *
 * @throws {TypeError | RangeError} unless `table` is a plain name
 *
 * @example
 * ```ts
 * import { postgresSchema } from 'otpcore/stores/postgres';
 *
 * console.log(postgresSchema({ table: 'auth.otp_steps' }).startsWith('CREATE TABLE IF NOT EXISTS "auth"."otp_steps"')); // → true
 * ```
 */
export function postgresSchema(options: PostgresStoreOptions = NO_OPTIONS): string {
  // Under "C", ids compare byte by byte, and the index survives an upgrade of the system's collations.
  return `CREATE TABLE IF NOT EXISTS ${quotedTable(options, '"', OPTION_NAMES)} (
  id text COLLATE "C" PRIMARY KEY,
  step bigint NOT NULL
)`;
}

/**
 * Creates the table of {@link postgresStore}, if it is missing. Several processes may do so at once.
 *
 * An existing table without its key needs no check: PostgreSQL fails the statement of each claim.
 *
 * @throws {TypeError | RangeError} as a rejection, unless `client` is a client, and `table` a plain name
 * @throws the client's own error, as a rejection
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
  // IF NOT EXISTS alone fails in a race: the second process finds the row type of the first.
  const missing = `to_regclass('${quotedTable(options, '"', OPTION_NAMES)}') IS NULL`;
  const answer = await runnerOf(client)(
    `DO $$ BEGIN IF ${missing} THEN ${postgresSchema(options)}; END IF; ` +
      'EXCEPTION WHEN unique_violation OR duplicate_table OR duplicate_object THEN NULL; END $$',
    [],
  );
  rowsOf(answer);
}

/** A client's answer: the rows themselves, or an object containing them. */
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

/** Makes a function running statements on the client. */
function runnerOf(
  client: PostgresClient,
): (text: string, values: StatementValues) => PromiseLike<Answer> {
  const queryClient = client as PostgresQueryClient | undefined;
  // `query` is checked first, because Neon's `unsafe` does not run a statement.
  if (typeof queryClient?.query === 'function') {
    return (text, values) => queryClient.query(text, values);
  }
  const sql = client as PostgresJsClient | undefined;
  if (typeof sql?.unsafe !== 'function') {
    wrongKind('client', 'a client of pg, postgres, PGlite or @neondatabase/serverless', client);
  }
  return (text, values) => sql.unsafe(text, values, PREPARED);
}
