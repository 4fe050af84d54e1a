/**
 * Records in PostgreSQL, over the application's own client: a Pool or Client of `pg`,
 * an `sql` of `postgres` (postgres.js), PGlite, or an `sql` of `@neondatabase/serverless` (over HTTP).
 *
 * A read is one statement, and so is a write with all its events. The client must not be inside a
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

/** The used part of a client of `pg`, of PGlite or of `@neondatabase/serverless`. */
export interface PostgresFactorQueryClient {
  query(text: string, values: string[]): PromiseLike<{ readonly rows: unknown[] } | unknown[]>;
}

/** The used part of an `sql` of postgres.js. */
export interface PostgresFactorJsClient {
  unsafe(text: string, values: string[], options: { prepare: boolean }): PromiseLike<unknown[]>;
}

/** A client of any of them. */
export type PostgresFactorClient = PostgresFactorQueryClient | PostgresFactorJsClient;

/** A text of PostgreSQL holds neither NUL nor half a surrogate pair. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;
/** The transaction could not be serialized: nothing was written, because another write won. */
const SERIALIZATION_FAILURE = '40001';
/**
 * The first version of a row: microseconds, and ten random bits for a clock that steps back. So a row
 * made anew repeats no former version.
 */
const FIRST_VERSION =
  '(extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1024 + floor(random() * 1024)::bigint';

/**
 * Makes a factor store on a PostgreSQL table (see {@link postgresFactorSchema}).
 *
 * It rejects with a RangeError for a user id with NUL or half a surrogate pair. Errors of the client
 * come through. Let it read from the primary: a replica may lag behind.
 *
 * @throws {TypeError | RangeError} if `client` is no client, or a table has no plain name
 * @see {@link https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT | INSERT … ON CONFLICT}
 *
 * @example
 * ```ts no-run
 * import { type PostgresFactorClient, postgresFactorStore } from 'otpcore/second-factor/postgres';
 *
 * declare const pool: PostgresFactorClient; // new pg.Pool(), postgres(url) or new PGlite()
 * const store = postgresFactorStore(pool, { eventsTable: 'otp_events' });
 * console.log(await store.read('user-1')); // → undefined
 * ```
 */
export function postgresFactorStore(
  client: PostgresFactorClient,
  options: FactorTableOptions = {},
): FactorStore {
  const run = runnerOf(client);
  const { table, eventsTable } = quotedTables(options, '"');
  const create =
    `INSERT INTO ${table} (user_id, record, state, sealed_with, version, updated_at) ` +
    `VALUES ($1, $2, $3, $4, ${FIRST_VERSION}, now()) ON CONFLICT (user_id) DO NOTHING RETURNING 1`;
  const update =
    `UPDATE ${table} SET record = $2, state = $3, sealed_with = $4, version = version + 1, ` +
    'updated_at = now() WHERE user_id = $1 AND version = $5::bigint RETURNING 1';
  const read = `SELECT record, version::text AS version FROM ${table} WHERE user_id = $1`;
  return {
    async read(userId) {
      return storedOf(rowsOf(await run(read, [requireStorable(userId, UNSTORABLE)])));
    },
    async write(userId, record, version, more) {
      const [state, keys, events] = columnsOf(more);
      const values = [requireStorable(userId, UNSTORABLE), record, state, keys];
      if (version !== undefined) values.push(requireVersion(version));
      const statement = version === undefined ? create : update;
      if (eventsTable === undefined) return won(() => run(statement, values));
      const told = withEvents(statement, eventsTable, values.push(events));
      return won(() => run(told, values));
    },
  };
}

/**
 * A write and the rows of its events, as one statement: the events of a lost write leave no row.
 *
 * By way of text, because postgres.js would make JSON of a parameter of type jsonb once more.
 */
function withEvents(statement: string, eventsTable: string, place: number): string {
  return (
    `WITH kept AS (${statement}), told AS (INSERT INTO ${eventsTable} ` +
    "(user_id, at, type, notify, event) SELECT $1, to_timestamp((event->>'at')::double precision / 1000), " +
    "event->>'type', (event->>'notify')::boolean, event " +
    `FROM kept, jsonb_array_elements($${place}::text::jsonb) AS event) SELECT 1 FROM kept`
  );
}

/** Whether a write won. */
async function won(write: () => PromiseLike<Answer>): Promise<boolean> {
  try {
    return isKept(rowsOf(await write()));
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code === SERIALIZATION_FAILURE) return false;
    throw error;
  }
}

/**
 * The tables of {@link postgresFactorStore}, as statements for a migration.
 *
 * @throws {TypeError | RangeError} if a table has no plain name
 *
 * @example
 * ```ts
 * import { postgresFactorSchema } from 'otpcore/second-factor/postgres';
 *
 * console.log(postgresFactorSchema().startsWith('CREATE TABLE IF NOT EXISTS "otp_factors"')); // → true
 * ```
 */
export function postgresFactorSchema(options: FactorTableOptions = {}): string {
  const { table, eventsTable } = quotedTables(options, '"');
  // Under "C" ids compare byte by byte. Half of each page stays free: an update finds room
  // beside its row and touches no index. `record` is text: drivers parse jsonb.
  const factors = `CREATE TABLE IF NOT EXISTS ${table} (
  user_id text COLLATE "C" PRIMARY KEY,
  record text NOT NULL,
  state text NOT NULL,
  sealed_with text NOT NULL,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL
) WITH (fillfactor = 50)`;
  if (eventsTable === undefined) return factors;
  return `${factors};
CREATE TABLE IF NOT EXISTS ${eventsTable} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  type text NOT NULL,
  notify boolean NOT NULL,
  event jsonb NOT NULL
)`;
}

/**
 * Creates the missing tables of {@link postgresFactorStore}. Several processes
 * may do so at once.
 *
 * @throws {TypeError | RangeError} as a rejection, if `client` is no client, or a table has no plain name
 * @throws the client's own errors, as a rejection
 *
 * @example
 * ```ts no-run
 * import { createPostgresFactorTable, type PostgresFactorClient } from 'otpcore/second-factor/postgres';
 *
 * declare const pool: PostgresFactorClient;
 * await createPostgresFactorTable(pool);
 * ```
 */
export async function createPostgresFactorTable(
  client: PostgresFactorClient,
  options: FactorTableOptions = {},
): Promise<void> {
  const run = runnerOf(client);
  const { table, eventsTable } = quotedTables(options, '"');
  for (const [i, statement] of postgresFactorSchema(options).split(';\n').entries()) {
    // IF NOT EXISTS alone gives notices, and fails where two create at once: the second meets the
    // first one's row type.
    await run(
      `DO $$ BEGIN IF to_regclass('${i === 0 ? table : eventsTable}') IS NULL THEN ${statement}; END IF; ` +
        'EXCEPTION WHEN unique_violation OR duplicate_table OR duplicate_object THEN NULL; END $$',
      [],
    );
  }
}

/** The answer of a client: rows, or an object with rows. */
type Answer = unknown[] | { readonly rows: unknown[] };

function rowsOf(answer: Answer | undefined): unknown[] {
  const rows = Array.isArray(answer) ? answer : answer?.rows;
  if (!Array.isArray(rows)) throw new TypeError('"client" did not answer with rows');
  return rows;
}

/** How a client runs a statement. */
function runnerOf(
  client: PostgresFactorClient,
): (text: string, values: string[]) => PromiseLike<Answer> {
  const queryClient = client as PostgresFactorQueryClient | undefined;
  // `query` is checked first, because Neon's `unsafe` does not run a statement.
  if (typeof queryClient?.query === 'function') {
    return (text, values) => queryClient.query(text, values);
  }
  const sql = client as PostgresFactorJsClient | undefined;
  if (typeof sql?.unsafe !== 'function') {
    wrongKind('client', 'a client of pg, postgres, PGlite or @neondatabase/serverless', client);
  }
  // Unprepared, postgres.js makes two round trips.
  return (text, values) => sql.unsafe(text, values, { prepare: true });
}
