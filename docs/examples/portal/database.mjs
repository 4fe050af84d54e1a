/** PostgreSQL: the server of an address, or PGlite in a folder. Both answer `query(text, values)`. */
import { randomUUID } from 'node:crypto';
import { createPostgresFactorTable } from 'otpcore/second-factor/postgres';
import { hashPassword } from './passwords.mjs';
import { PASSWORD, SAMPLE_USERS } from './sample-users.mjs';

/** The library's table, and its table of events, filled by the same statement as the record. */
export const FACTOR_TABLES = { table: 'otp_factors', eventsTable: 'otp_events' };

const TABLES = [
  `CREATE TABLE IF NOT EXISTS users (
    id text PRIMARY KEY,
    name text NOT NULL UNIQUE,
    email text NOT NULL,
    organisation text NOT NULL,
    role text NOT NULL,
    password text NOT NULL,
    mfa_enabled boolean NOT NULL DEFAULT false
  )`,
  `CREATE TABLE IF NOT EXISTS sessions (
    id_hash text PRIMARY KEY,
    user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    level text NOT NULL,
    epoch bigint,
    verified_at bigint NOT NULL DEFAULT 0,
    notice text,
    expires_at bigint NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS password_attempts (
    id text PRIMARY KEY, failures integer NOT NULL, retry_at bigint NOT NULL, at bigint NOT NULL
  )`,
  'CREATE TABLE IF NOT EXISTS used_assertions (id text PRIMARY KEY, at bigint NOT NULL)',
  'CREATE TABLE IF NOT EXISTS key_checks (id text PRIMARY KEY, sealed text NOT NULL)',
];

/** One PostgreSQL advisory lock for two servers that start at once. */
const STARTING = 7_301_204;

/** Opens the database, and fills a new one with the sample users. */
export async function openDatabase(address, folder) {
  const database = address === undefined ? await openEmbedded(folder) : await openServer(address);
  await database.alone(async (query) => {
    for (const statement of TABLES) await query(statement);
    await createPostgresFactorTable({ query }, FACTOR_TABLES);
    const { rows } = await query('SELECT count(*)::int AS count FROM users');
    if (rows[0].count === 0) await addSampleUsers(query);
  });
  return database;
}

async function openEmbedded(folder) {
  const { PGlite } = await import('@electric-sql/pglite');
  const client = await PGlite.create(`${folder}/database`);
  const query = (text, values = []) => client.query(text, values);
  return { client, query, alone: (work) => work(query), close: () => client.close() };
}

async function openServer(connectionString) {
  const { default: pg } = await import('pg');
  const client = new pg.Pool({ connectionString, max: 10 });
  // An idle connection may be cut; the next query opens another.
  client.on('error', (error) => console.error(`database: ${error.message}`));
  const alone = async (work) => {
    const one = await client.connect();
    try {
      await one.query('SELECT pg_advisory_lock($1)', [STARTING]);
      return await work((text, values = []) => one.query(text, values));
    } finally {
      // Closing the connection also frees the lock.
      one.release(true);
    }
  };
  const query = (text, values = []) => client.query(text, values);
  return { client, query, alone, close: () => client.end() };
}

const DAY = 86_400_000;

/** Forgets sessions and attempts that no longer count. */
export async function cleanUp(query, now) {
  await query('DELETE FROM sessions WHERE expires_at < $1', [now]);
  await query('DELETE FROM password_attempts WHERE at < $1', [now - DAY]);
  await query('DELETE FROM used_assertions WHERE at < $1', [now - DAY]);
}

async function addSampleUsers(query) {
  const password = await hashPassword(PASSWORD);
  for (const { name, email, organisation, role } of SAMPLE_USERS) {
    await query(
      'INSERT INTO users (id, name, email, organisation, role, password) VALUES ($1, $2, $3, $4, $5, $6)',
      [randomUUID(), name, email, organisation, role, password],
    );
  }
}
