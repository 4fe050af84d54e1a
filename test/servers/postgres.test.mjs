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
import { expectRightAnswers, testLostAnswers, testTimeLimit } from './support/failures.mjs';
import { describeKill, killDuringClaims } from './support/kill.mjs';
import { describeWith } from './support/needs.mjs';
import { postgresProgram, postgresRemedy, startPostgres } from './support/postgres.mjs';
import { isMountable, mountSmallDisk, unmountSmallDisk } from './support/small-disk.mjs';
import { CLIENTS, makeOpener, openStore } from './support/stores.mjs';
import { describeStorm, judgeStorm, NOTHING_WRONG, runStorm } from './support/storm.mjs';

const TABLE = 'otp_steps';
const ALONE = {
  pg: {
    one: { max: 1 },
    timeout: { query_timeout: 300 },
    readOnly: { options: '-c default_transaction_read_only=on' },
    variants: { 'binary results': { binary: true } },
  },
  'postgres.js': {
    one: { max: 1 },
    async occupy(sql) {
      const held = await sql.reserve();
      return () => held.release();
    },
    readOnly: { connection: { default_transaction_read_only: 'on' } },
    variants: {
      'no prepared statements': { prepare: false },
      'names in camel case': { transform: { column: { from: (name) => `${name}Renamed` } } },
      'bigint columns as bigint': { types: { bigint: { to: 20, from: [20], parse: BigInt } } },
    },
  },
};
/** Each client once more, with claims sent together. */
const KINDS = {
  ...ALONE,
  'pg-together': ALONE.pg,
  'postgres.js-together': ALONE['postgres.js'],
};

/** In an order of chance. */
function shuffled(list) {
  return list
    .map((value) => [Math.random(), value])
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);
}

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
    (kind, { one, timeout, occupy, readOnly, variants }) => {
      let store;
      beforeAll(async () => {
        ({ store } = await open(kind));
      });

      testSingleUseStore({ claim: (id, step) => store.claim(id, step) }, test);
      testLostAnswers({ kind, address: () => postgres.address, one, timeout });
      if (occupy) testTimeLimit({ kind, address: () => postgres.address, one, occupy });

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
        const role = `one_${kind.replace(/\W/g, '')}`;
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
          const table = `${kind.replace(/\W/g, '_')}_${round}`;
          const all = Array.from({ length: 16 }, () => createPostgresTable(client, { table }));
          await Promise.all(all);
          expect(await attempt(postgresStore(client, { table }), newId())).toBe('accepted');
        }
      });
    },
  );

  describe.each(['pg-together', 'postgres.js-together'])('Many claims at once over %s', (kind) => {
    test('grant each of 200 ids once, of 64 equal claims for each', async () => {
      const { store } = await open(kind);
      const ids = Array.from({ length: 200 }, newId);
      const claims = ids.flatMap((id) => Array.from({ length: 64 }, () => store.claim(id, 7)));
      expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(200);
    });

    test('of three servers wait for each other in one order, so none is a deadlock', async () => {
      const stores = await Promise.all(
        [kind, kind, 'pg'].map(async (one) => (await open(one)).store),
      );
      const ids = Array.from({ length: 40 }, newId);
      let granted = 0;
      for (let step = 1; step <= 100; step++) {
        const claims = stores.flatMap((store) => shuffled(ids).map((id) => store.claim(id, step)));
        granted += (await Promise.all(claims)).filter(Boolean).length;
      }
      expect(granted).toBe(100 * ids.length);
    });

    test('all fail with one that the database refuses, and none of them is kept', async () => {
      const table = `few_${kind.replace(/\W/g, '_')}`;
      await query(`CREATE TABLE ${table} (id text PRIMARY KEY, step bigint CHECK (step < 100))`);
      const { client } = await open(kind);
      const few = postgresStore(client, { table, together: true });
      const claims = [few.claim('a', 7), few.claim('b', 100), few.claim('c', 7)];
      const outcomes = await Promise.allSettled(claims);
      expect(outcomes.map(({ reason }) => reason?.code)).toEqual(['23514', '23514', '23514']);
      expect(await query(`SELECT * FROM ${table}`)).toEqual([]);
    });

    test('are kept by a new connection after theirs is cut', async () => {
      const { client, store } = await open(kind, {}, { max: 1 });
      const ids = Array.from({ length: 50 }, newId);
      const pid = async () => {
        const text = 'SELECT pg_backend_pid() AS pid';
        const answer = await (client.query?.(text) ?? client.unsafe(text));
        return (answer.rows ?? answer)[0].pid;
      };
      expect((await Promise.all(ids.map((id) => store.claim(id, 1)))).every(Boolean)).toBe(true);
      const cut = query('SELECT pg_terminate_backend($1)', [await pid()]);
      const second = await Promise.allSettled(ids.map((id) => store.claim(id, 2)));
      await cut;
      // Granted or not at step 2, each id is granted step 3 and refused step 2 afterwards.
      expect(second.filter(({ value }) => value === false)).toEqual([]);
      await expect.poll(() => attempt(store, newId())).toBe('accepted');
      const third = await Promise.all(ids.map((id) => store.claim(id, 3)));
      expect(third.every(Boolean)).toBe(true);
      const again = await Promise.all(ids.map((id) => store.claim(id, 2)));
      expect(again.some(Boolean)).toBe(false);
    });
  });

  test('A connection that may be inside a transaction is refused together', async () => {
    const { client: pool } = await open('pg');
    const { default: pg } = await import('pg');
    const { client: sql } = await open('postgres.js');
    const held = await pool.connect();
    const reserved = await sql.reserve();
    const refused = (client) =>
      expect(() => postgresStore(client, { together: true })).toThrow(
        'may be inside a transaction',
      );
    refused(held);
    refused(reserved);
    refused(new pg.Client(postgres.address));
    await sql.begin(async (inside) => refused(inside));
    held.release();
    reserved.release();
  });

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

  describe('What the guide warns of', () => {
    let pool;
    let store;
    beforeAll(async () => {
      ({ client: pool, store } = await open('pg'));
    });

    test('a COMMIT after a failed statement resolves in pg, and the claim is rolled back', async () => {
      const client = await pool.connect();
      const id = newId();
      await client.query('BEGIN');
      expect(await attempt(postgresStore(client), id)).toBe('accepted');
      await client.query('SELECT 1 / 0').catch(() => {});
      expect((await client.query('COMMIT')).command).toBe('ROLLBACK');
      client.release();
      expect(await attempt(store, id)).toBe('accepted');
    });

    test('begin of postgres.js rejects there, though the failure was caught', async () => {
      const { client: sql } = await open('postgres.js');
      const id = newId();
      const transaction = sql.begin(async (inside) => {
        expect(await attempt(postgresStore(inside), id)).toBe('accepted');
        await inside`SELECT 1 / 0`.catch(() => {});
      });
      await expect(transaction).rejects.toMatchObject({ code: '22012' });
      expect(await attempt(store, id)).toBe('accepted');
    });

    test('two search paths are two tables, unless the schema is named', async () => {
      for (const schema of ['one', 'two']) {
        await query(`CREATE SCHEMA path_${schema}`);
        await createPostgresTable(pool, { table: `path_${schema}.steps` });
      }
      const attemptIn = async (schema, table, id) => {
        const { client } = await open('pg', {}, { options: `-c search_path=path_${schema}` });
        return attempt(postgresStore(client, { table }), id);
      };
      const [bare, named] = [newId(), newId()];
      expect(await attemptIn('one', 'steps', bare)).toBe('accepted');
      expect(await attemptIn('two', 'steps', bare)).toBe('accepted');
      expect(await attemptIn('one', 'path_one.steps', named)).toBe('accepted');
      expect(await attemptIn('two', 'path_one.steps', named)).toBe('reused');
      // A temporary table stands before every path.
      const client = await pool.connect();
      await client.query('CREATE TEMP TABLE otp_steps (id text PRIMARY KEY, step bigint)');
      const [hidden, seen] = [newId(), newId()];
      for (const id of [hidden, seen]) expect(await attempt(store, id)).toBe('accepted');
      expect(await attempt(postgresStore(client), hidden)).toBe('accepted');
      const inPublic = postgresStore(client, { table: 'public.otp_steps' });
      expect(await attempt(inPublic, seen)).toBe('reused');
      client.release(true);
    });

    test.each([
      ['drops the row', 'RETURN NULL;', 'reused'],
      ['keeps the step', 'NEW.step := OLD.step; RETURN NEW;', 'accepted'],
    ])('a trigger that %s changes the answers', async (name, body, outcome) => {
      const table = `trigger_${name.length}`;
      await createPostgresTable(pool, { table });
      await query(`CREATE FUNCTION ${table}() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN ${body} END $$`);
      await query(`CREATE TRIGGER meddle BEFORE UPDATE ON ${table}
        FOR EACH ROW EXECUTE FUNCTION ${table}()`);
      const meddled = postgresStore(pool, { table });
      const id = newId();
      await meddled.claim(id, 1);
      for (let i = 0; i < 3; i++) expect(await attempt(meddled, id)).toBe(outcome);
    });

    test('a wait for a standby that is cancelled is a granted claim, and so is a local commit', async () => {
      const client = await pool.connect();
      const [{ pid }] = (await client.query('SELECT pg_backend_pid() AS pid')).rows;
      await query("ALTER SYSTEM SET synchronous_standby_names = 'absent'");
      await query('SELECT pg_reload_conf()');
      try {
        const inside = postgresStore(client);
        await expect
          .poll(async () => (await client.query('SHOW synchronous_standby_names')).rows[0])
          .toEqual({ synchronous_standby_names: 'absent' });
        // The checkpointer may learn of the standby later; a claim that came through is made again.
        let waiting;
        const claim = () => {
          const one = attempt(inside, newId()).then((answer) => {
            if (waiting === one) waiting = undefined;
            return answer;
          });
          return one;
        };
        const event = 'SELECT wait_event FROM pg_stat_activity WHERE pid = $1';
        const waits = async () => {
          waiting ??= claim();
          return query(event, [pid]);
        };
        await expect.poll(waits, { timeout: 20_000 }).toEqual([{ wait_event: 'SyncRep' }]);
        const claimed = waiting;
        await query('SELECT pg_cancel_backend($1)', [pid]);
        expect(await claimed).toBe('accepted');
        await client.query('SET synchronous_commit = local');
        expect(await attempt(inside, newId())).toBe('accepted');
      } finally {
        await query('ALTER SYSTEM RESET synchronous_standby_names');
        await query('SELECT pg_reload_conf()');
        client.release(true);
      }
    });

    test('an UNLOGGED table is empty after a crash', async () => {
      const own = await startPostgres();
      const opened = await openStore('pg', own.address);
      await opened.client.query('ALTER TABLE otp_steps SET UNLOGGED');
      const id = newId();
      expect(await attempt(opened.store, id)).toBe('accepted');
      await own.server.kill();
      await own.server.start();
      await expect.poll(() => attempt(opened.store, id), { timeout: 10_000 }).toBe('accepted');
      await opened.end();
      await own.stop();
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
