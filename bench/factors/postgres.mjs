// The second factor on a PostgreSQL of its own with fsync on, beside a throttle written by hand: count
// the attempt, claim the step, record the success. Those statements are the ones of the guide before
// there was a second factor; the reading and opening of the secret are not among them.
import assert from 'node:assert/strict';
import {
  createPostgresFactorTable,
  postgresFactorStore,
} from '../../dist/node/second-factor/postgres.js';
import { createPostgresTable, postgresStore } from '../../dist/node/stores/postgres.js';
import { postgresProgram, startPostgres } from '../../test/servers/support/postgres.mjs';
import { CLIENTS } from '../../test/servers/support/stores.mjs';
import { createKey, verifyTotpOnce } from '../subjects/library.mjs';
import { assertAnswers, enrolAll, newSealer } from './memory.mjs';
import { newClock, signInJob } from './sign-ins.mjs';

/** As many as are turned over in a run: each enrolment waits for the disk. */
const USERS = 100;
const [HOUR, DAY] = [3_600_000, 86_400_000];

const TABLE = `CREATE TABLE otp_attempts (account TEXT, kind TEXT, failures INT NOT NULL,
  retry_at BIGINT NOT NULL, spent_until BIGINT NOT NULL, PRIMARY KEY (account, kind))`;
/** Counts an attempt if it is open. */
const TAKE = `INSERT INTO otp_attempts AS held (account, kind, failures, retry_at, spent_until)
  VALUES ($1, $2, 1, CAST($3 AS BIGINT), CAST($3 AS BIGINT) + ${DAY})
  ON CONFLICT (account, kind) DO UPDATE SET failures = held.failures + 1,
    retry_at = excluded.retry_at + 1000 * CASE WHEN held.failures < 2 THEN 0
      WHEN held.failures > 11 THEN 3600 ELSE 1 << held.failures END,
    spent_until = ${DAY} + CASE WHEN held.spent_until < excluded.retry_at THEN excluded.retry_at
      WHEN held.spent_until > excluded.retry_at + ${101 * DAY} THEN excluded.retry_at + ${99 * DAY}
      ELSE held.spent_until END
  WHERE (held.retry_at <= excluded.retry_at OR held.retry_at > excluded.retry_at + ${2 * HOUR})
    AND (held.kind = 'recovery' OR (held.failures < 100
      AND (held.spent_until <= excluded.retry_at + ${99 * DAY}
        OR held.spent_until > excluded.retry_at + ${101 * DAY})))
  RETURNING retry_at`;
/** Ends the row of failures and gives the attempt back. */
const SUCCEED = `UPDATE otp_attempts SET failures = 0, retry_at = 0,
  spent_until = spent_until - ${DAY} WHERE account = $1 AND kind = $2`;

/** A pool on a new server, or the reason why there is none. The server ends with this process. */
async function openPool() {
  if (postgresProgram === undefined) return { reason: 'not measured: no PostgreSQL' };
  const server = await startPostgres();
  try {
    return await CLIENTS.pg.open(server.address);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return { reason: 'not measured: no pg (node scripts/install.mjs test/servers)' };
  }
}

export async function factorsOnPostgres(allUsers) {
  const { client, reason } = await openPool();
  if (reason !== undefined) return reason;
  await createPostgresFactorTable(client);
  const users = allUsers.slice(0, USERS);
  const clock = newClock();
  const second = await enrolAll(users, clock, postgresFactorStore(client), newSealer());
  const signIn = async (id, code) => (await second.verify(id, code)).ok;
  return signInJob(users, clock, signIn, () => assertAnswers(second, users[0]));
}

export async function statementsByHand(allUsers) {
  const { client, reason } = await openPool();
  if (reason !== undefined) return reason;
  await client.query(TABLE);
  await createPostgresTable(client);
  const users = allUsers.slice(0, USERS);
  const clock = newClock();
  const store = postgresStore(client);
  const keys = new Map(users.map(({ account, text }) => [account, createKey(text)]));
  async function signIn(id, code) {
    const { rows } = await client.query(TAKE, [id, 'code', clock.now]);
    if (rows.length === 0) return false;
    const options = { store, id, timestamp: clock.now };
    const { valid } = await verifyTotpOnce(keys.get(id), code, options);
    if (valid) await client.query(SUCCEED, [id, 'code']);
    return valid;
  }
  return signInJob(users, clock, signIn, async () => {
    const { account, right, wrong } = users[0];
    assert.equal(await signIn(account, right), true, 'a right code is accepted');
    assert.equal(await signIn(account, right), false, 'and once alone');
    assert.equal(await signIn(account, wrong), false, 'a wrong one is refused');
  });
}
