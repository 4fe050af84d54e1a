// PostgreSQL under pg and postgres.js: the adapter, the storm, and what happens when things fail.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createPostgresTable,
  postgresSchema,
  postgresStore,
} from '../../dist/node/stores/postgres.js';
import { testSingleUseStore } from '../../dist/node/testing.js';
import { attempt, attemptUntilRefused, FAILED, newId } from './support/attempt.mjs';
import { expectRightAnswers, testLostAnswers } from './support/failures.mjs';
import { describeKill, killDuringClaims } from './support/kill.mjs';
import { describeWith } from './support/needs.mjs';
import { postgresProgram, postgresRemedy, startPostgres } from './support/postgres.mjs';
import { isMountable, mountSmallDisk, unmountSmallDisk } from './support/small-disk.mjs';
import { CLIENTS, makeOpener, openStore } from './support/stores.mjs';
import { describeStorm, judgeStorm, NOTHING_WRONG, runStorm } from './support/storm.mjs';

const TABLE = 'otp_steps';
const KINDS = {
  pg: {
    one: { max: 1 },
    timeout: { query_timeout: 300 },
    readOnly: { options: '-c default_transaction_read_only=on' },
    variants: { 'binary results': { binary: true } },
  },
  'postgres.js': {
    one: { max: 1 },
    readOnly: { connection: { default_transaction_read_only: 'on' } },
    variants: {
      'no prepared statements': { prepare: false },
      'names in camel case': { transform: { column: { from: (name) => `${name}Renamed` } } },
      'bigint columns as bigint': { types: { bigint: { to: 20, from: [20], parse: BigInt } } },
    },
  },
};

describeWith('PostgreSQL', postgresProgram, postgresRemedy, () => {
  let postgres;
  /** Runs a statement of the test's own and gives its rows. */
  let query;
  const { open, endLater, endAll } = makeOpener(() => postgres.address);

  beforeAll(async () => {
    postgres = await startPostgres();
    const { client } = await openStore('pg', postgres.address);
    endLater({ end: () => client.end() });
    query = async (text, values) => (await client.query(text, values)).rows;
  });
  afterAll(async () => {
    await endAll();
    await postgres?.stop();
  });

  describe.each(Object.entries(KINDS))(
    'A store over %s',
    (kind, { one, timeout, readOnly, variants }) => {
      let store;
      beforeAll(async () => {
        ({ store } = await open(kind));
      });

      testSingleUseStore({ claim: (id, step) => store.claim(id, step) }, test);
      testLostAnswers({ kind, address: () => postgres.address, one, timeout });

      test.each(Object.entries(variants))('answers alike with %s', async (_, options) => {
        const { store: variant } = await open(kind, {}, options);
        const id = newId();
        await expectRightAnswers(variant, id);
      });

      test('refuses an id with a NUL, which PostgreSQL has no room for', async () => {
        await expect((async () => store.claim(`${newId()}\0`, 1))()).rejects.toThrow(RangeError);
      });

      test('takes 1,024 characters of three bytes, or fails if they make too long a key', async () => {
        const random = () => String.fromCharCode(0x4e00 + Math.floor(Math.random() * 20_000));
        const id = Array.from({ length: 1024 }, random).join('');
        const outcome = await attempt(store, id);
        // 54000 is program_limit_exceeded.
        expect(outcome).toMatch(/^accepted$|^failed: .*54000/);
        const again = outcome === 'accepted' ? 'reused' : outcome;
        expect(await attempt(store, id)).toBe(again);
        const alike = newId() + '\u4e00'.repeat(988);
        expect(await attempt(store, alike)).toBe('accepted');
        expect(await attempt(store, alike)).toBe('reused');
      });

      test.each(['\ud800', '\udc00x', 'x\ud83d'])('refuses half a character: %j', async (half) => {
        // Written as bytes, every half would be U+FFFD, and two ids one.
        expect(await attempt(store, newId() + half)).toMatch(FAILED);
      });

      test('fails where the server takes no more connections', async () => {
        const role = `one_${kind.replace('.', '')}`;
        await query(`CREATE ROLE ${role} LOGIN CONNECTION LIMIT 1`);
        await query(`GRANT ALL ON ${TABLE} TO ${role}`);
        const { client } = await open('pg', { user: role }, { max: 1 });
        const held = await client.connect();
        const id = newId();
        const { store: crowded } = await open(kind, { user: role }, one);
        expect(await attempt(crowded, id)).toMatch(/^failed: .*53300/);
        held.release(true);
        await expect.poll(() => attempt(crowded, id)).toBe('accepted');
      });

      test('fails in a session that may only read', async () => {
        const id = newId();
        const { store: reader } = await open(kind, {}, readOnly);
        expect(await attempt(reader, id)).toMatch(/^failed: .*25006/);
        expect(await attempt(store, id)).toBe('accepted');
        expect(await attempt(reader, id)).toMatch(/^failed: .*25006/);
      });

      test('fails without its table, and with a table of another shape', async () => {
        const { client } = await open(kind, {}, one);
        const absent = postgresStore(client, { table: 'nowhere' });
        expect(await attempt(absent, newId())).toMatch(/^failed: .*42P01/);
        await query('CREATE TABLE IF NOT EXISTS no_key (id text, step bigint)');
        const unkeyed = postgresStore(client, { table: 'no_key' });
        expect(await attempt(unkeyed, newId())).toMatch(/^failed: .*42P10/);
      });

      test('takes a table in a schema, and names that are words of SQL', async () => {
        const { client } = await open(kind, {}, one);
        await query('CREATE SCHEMA IF NOT EXISTS "Auth"');
        for (const table of ['Auth.order', 'user', 'Select']) {
          await createPostgresTable(client, { table });
          await createPostgresTable(client, { table });
          const named = postgresStore(client, { table });
          const id = newId();
          expect(await attempt(named, id)).toBe('accepted');
          expect(await attempt(named, id)).toBe('reused');
        }
      });

      test('makes its table once when many make it at once', async () => {
        const { client } = await open(kind, {}, { max: 16 });
        for (let round = 0; round < 5; round++) {
          const table = `${kind.replace('.', '_')}_${round}`;
          const all = Array.from({ length: 16 }, () => createPostgresTable(client, { table }));
          await Promise.all(all);
          expect(await attempt(postgresStore(client, { table }), newId())).toBe('accepted');
        }
      });
    },
  );

  test('A pool of pg that is exhausted fails, and the code stays good', async () => {
    const options = { max: 1, connectionTimeoutMillis: 200 };
    const { client, store } = await open('pg', {}, options);
    const id = newId();
    const held = await client.connect();
    expect(await attempt(store, id)).toMatch(/^failed: .*timeout/);
    held.release();
    expect(await attempt(store, id)).toBe('accepted');
  });

  test('The schema is what makes the table', async () => {
    await query(postgresSchema({ table: 'by_hand' }));
    const { client } = await open('pg');
    expect(await attempt(postgresStore(client, { table: 'by_hand' }), newId())).toBe('accepted');
  });

  describe("In the caller's own transaction", () => {
    /** One connection in a transaction, as pg gives it out. */
    async function begin(how = 'BEGIN') {
      const { client: pool } = await open('pg', {}, { max: 1 });
      const client = await pool.connect();
      await client.query(how);
      return {
        store: postgresStore(client),
        query: (text) => client.query(text),
        async end(statement) {
          await client.query(statement);
          client.release();
        },
      };
    }

    test('a claim that is rolled back may be made again', async () => {
      const { store } = await open('pg');
      const id = newId();
      const { store: inside, end } = await begin();
      expect(await attempt(inside, id)).toBe('accepted');
      expect(await attempt(inside, id)).toBe('reused');
      await end('ROLLBACK');
      expect(await attempt(store, id)).toBe('accepted');
    });

    test('a claim that is committed may not', async () => {
      const { store } = await open('pg');
      const id = newId();
      const { store: inside, end } = await begin();
      expect(await attempt(inside, id)).toBe('accepted');
      await end('COMMIT');
      expect(await attempt(store, id)).toBe('reused');
    });

    test.each([
      ['ROLLBACK', 'accepted'],
      ['COMMIT', 'reused'],
    ])('a claim makes others wait, who after %s find it %s', async (statement, found) => {
      const { store } = await open('pg');
      const id = newId();
      const { store: inside, end } = await begin();
      expect(await attempt(inside, id)).toBe('accepted');
      let answer;
      const rival = attempt(store, id).then((outcome) => {
        answer = outcome;
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(answer).toBeUndefined();
      await end(statement);
      await rival;
      expect(answer).toBe(found);
    });

    test.each(['REPEATABLE READ', 'SERIALIZABLE'])(
      'that is %s and began too early, a claim fails',
      async (level) => {
        const { store } = await open('pg');
        const id = newId();
        await store.claim(id, 1);
        const early = await begin(`BEGIN ISOLATION LEVEL ${level}`);
        await early.query(`SELECT count(*) FROM ${TABLE}`);
        expect(await attempt(store, id)).toBe('accepted');
        expect(await attempt(early.store, id)).toMatch(/^failed: .*40001/);
        // What follows a failure in a transaction fails.
        expect(await attempt(early.store, id)).toMatch(/^failed: .*25P02/);
        await early.end('ROLLBACK');
      },
    );

    test('postgres.js does the same', async () => {
      const { client, store } = await open('postgres.js');
      const id = newId();
      const rolledBack = client.begin(async (sql) => {
        expect(await attempt(postgresStore(sql), id)).toBe('accepted');
        throw new Error('rolled back');
      });
      await expect(rolledBack).rejects.toThrow('rolled back');
      await client.begin(async (sql) => {
        expect(await attempt(postgresStore(sql), id)).toBe('accepted');
      });
      expect(await attempt(store, id)).toBe('reused');
    });

    test('a single connection of pg, not from a pool, does as well', async () => {
      const { default: pg } = await import('pg');
      const client = new pg.Client(postgres.address);
      await client.connect();
      const id = newId();
      await client.query('BEGIN');
      expect(await attempt(postgresStore(client), id)).toBe('accepted');
      await client.query('ROLLBACK');
      expect(await attempt(postgresStore(client), id)).toBe('accepted');
      expect(await attempt(postgresStore(client), id)).toBe('reused');
      await client.end();
    });
  });

  describe("A step in the application's own table of users", () => {
    let store;
    beforeAll(async () => {
      await query('CREATE TABLE users (id text PRIMARY KEY, last_step bigint NOT NULL DEFAULT -1)');
      const { client: pool } = await open('pg');
      store = {
        async claim(id, step) {
          const text =
            'UPDATE users SET last_step = $1 WHERE id = $2 AND last_step < $1 RETURNING id';
          return (await pool.query(text, [step, id])).rows.length === 1;
        },
      };
    });

    testSingleUseStore({ claim: (id, step) => store.claim(id, step) }, test, {
      prepareId: (id) => query('INSERT INTO users (id) VALUES ($1)', [id]),
    });

    test('refuses a user that is not there', async () => {
      expect(await attempt(store, newId())).toBe('reused');
    });
  });

  test.skipIf(!isMountable)(
    'A disk that is full fails the claim, and nothing is lost',
    async () => {
      const folder = join(postgres.folder, 'small');
      mountSmallDisk(folder, { kibibytes: 1024, user: 'postgres' });
      try {
        await query(`CREATE TABLESPACE small LOCATION '${folder}'`);
        await query(postgresSchema({ table: 'small' }));
        await query('ALTER TABLE small SET TABLESPACE small');
        await query('ALTER INDEX small_pkey SET TABLESPACE small');
        const { client } = await open('pg');
        const small = postgresStore(client, { table: 'small' });
        const { accepted, outcome } = await attemptUntilRefused(small);
        expect(outcome).toMatch(/^failed: .*53100/);
        expect(accepted.length).toBeGreaterThan(10);
        const outcomes = await Promise.all(accepted.map((id) => attempt(small, id)));
        // A refused claim needs no room; where it does all the same, it fails and is not accepted.
        expect(new Set(outcomes)).not.toContain('accepted');
        await query('DROP TABLE small');
        await query('DROP TABLESPACE small');
      } finally {
        unmountSmallDisk(folder);
      }
    },
  );

  test('A storm of eight processes: each step once, rising, and the highest', async () => {
    await query(`TRUNCATE ${TABLE}`);
    // In the order of the row's own changes: the number is drawn while the row is locked.
    await query(`CREATE TABLE written (number bigserial, id text, step bigint)`);
    await query(`CREATE FUNCTION write_down() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO written (id, step) VALUES (NEW.id, NEW.step); RETURN NULL; END $$`);
    await query(`CREATE TRIGGER write_down AFTER INSERT OR UPDATE ON ${TABLE}
      FOR EACH ROW EXECUTE FUNCTION write_down()`);
    const storm = await runStorm(Object.keys(KINDS).map((kind) => [kind, postgres.address]));
    const rows = await query('SELECT id, step FROM written ORDER BY number');
    await query(`DROP TRIGGER write_down ON ${TABLE}`);
    console.log(describeStorm('PostgreSQL', storm));
    const written = rows.map(({ id, step }) => [id, Number(step)]);
    expect(storm.errors.slice(0, 5)).toEqual([]);
    expect(judgeStorm({ ...storm, written })).toEqual(NOTHING_WRONG);
  });

  test('A server that is killed and started again grants nothing twice', async () => {
    const { server, address } = postgres;
    for (let round = 0; round < 3; round++) {
      const result = await killDuringClaims({
        server,
        clients: Object.keys(KINDS).map((kind) => [kind, address]),
        ids: Array.from({ length: 20 }, newId),
        openFresh: () => CLIENTS.pg.open(address),
      });
      console.log(describeKill('PostgreSQL', result));
      expect(result).toMatchObject({ again: [], isAlive: true });
      expect(Math.min(result.granted, result.failed)).toBeGreaterThan(0);
    }
  });
});
