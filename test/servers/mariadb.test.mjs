// MariaDB under mysql2 and mariadb: the adapter, the storm, and what happens when things fail.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkStore } from '../../dist/node/single-use.js';
import { createMysqlTable, mysqlSchema, mysqlStore } from '../../dist/node/stores/mysql.js';
import { testSingleUseStore } from '../../dist/node/testing.js';
import { attempt, attemptUntilRefused, FAILED, newId } from './support/attempt.mjs';
import { expectRightAnswers, testLostAnswers, testTimeLimit } from './support/failures.mjs';
import { describeKill, killDuringClaims } from './support/kill.mjs';
import { LOGGING, mariadbProgram, mariadbRemedy, startMariadb } from './support/mariadb.mjs';
import { describeWith } from './support/needs.mjs';
import { isMountable, mountSmallDisk, unmountSmallDisk } from './support/small-disk.mjs';
import { CLIENTS, makeOpener, openStore } from './support/stores.mjs';
import { describeStorm, judgeStorm, NOTHING_WRONG, runStorm } from './support/storm.mjs';

const TABLE = 'otp_steps';
const KINDS = {
  mysql2: {
    one: { connectionLimit: 1 },
    async occupy(pool) {
      const held = await pool.getConnection();
      return () => held.release();
    },
    foundRows: {
      'are found': { flags: ['FOUND_ROWS'] },
      'are changed': { flags: ['-FOUND_ROWS'] },
    },
    variants: {
      'rows as arrays': { rowsAsArray: true },
      'named placeholders': { namedPlaceholders: true },
      'big numbers as text': { supportBigNumbers: true, bigNumberStrings: true },
      'another charset': { charset: 'latin1' },
      'several statements at once': { multipleStatements: true },
    },
    exhausted: { connectionLimit: 1, waitForConnections: false },
  },
  mariadb: {
    one: { connectionLimit: 1 },
    timeout: { socketTimeout: 300 },
    foundRows: { 'are found': { foundRows: true }, 'are changed': { foundRows: false } },
    variants: {
      'rows as arrays': { rowsAsArray: true },
      'rows and columns apart': { metaAsArray: true },
      'named placeholders': { namedPlaceholders: true },
      'numbers as they were': {
        insertIdAsNumber: true,
        bigIntAsNumber: true,
        decimalAsNumber: true,
        checkNumberRange: true,
      },
      'big numbers as text': { supportBigNumbers: true, bigNumberStrings: true },
      'another charset': { charset: 'latin1' },
      'several statements at once': { multipleStatements: true },
    },
    exhausted: { connectionLimit: 1, acquireTimeout: 200 },
  },
};

describeWith('MariaDB', mariadbProgram, mariadbRemedy, () => {
  let mariadb;
  /** Runs a statement as an administrator and gives its rows. */
  let query;
  const { open, endLater, endAll } = makeOpener(() => mariadb.address);

  beforeAll(async () => {
    mariadb = await startMariadb();
    const admin = { ...mariadb.address, user: 'admin' };
    const { client } = await openStore('mysql2', admin, { multipleStatements: true });
    endLater({ end: () => client.end() });
    query = async (text, values) => (await client.query(text, values))[0];
  });
  afterAll(async () => {
    await endAll();
    await mariadb?.stop();
  });

  describe.each(Object.entries(KINDS))('A store over %s', (kind, options) => {
    const { one, timeout, occupy, foundRows, variants, exhausted } = options;
    let store;
    beforeAll(async () => {
      ({ store } = await open(kind));
    });

    testSingleUseStore({ claim: (id, step) => store.claim(id, step) }, test);

    describe.each(Object.entries(foundRows))('for which affected rows %s', (_, flags) => {
      let flagged;
      beforeAll(async () => {
        flagged = await open(kind, {}, flags);
      });

      testSingleUseStore({ claim: (id, step) => flagged.store.claim(id, step) }, test);

      test('has that setting', async () => {
        // An update that changes nothing: found, and not changed.
        const id = newId();
        await flagged.store.claim(id, 1);
        const text = `UPDATE ${TABLE} SET step = step`;
        const answer = await flagged.client.query(text);
        const { affectedRows } = Array.isArray(answer) ? answer[0] : answer;
        expect(affectedRows > 0).toBe(flags === foundRows['are found']);
      });
    });

    testLostAnswers({ kind, address: () => mariadb.address, one, timeout });
    if (occupy) testTimeLimit({ kind, address: () => mariadb.address, one, occupy });

    test.each(Object.entries(variants))('answers alike with %s', async (_, variant) => {
      const { store: set } = await open(kind, {}, variant);
      const id = `${newId()} 🙂`;
      await expectRightAnswers(set, id);
      // Another id but for one character, which some charsets do not have.
      expect(await set.claim(id.replace('🙂', '🙁'), 0)).toBe(true);
      expect(await store.claim(id, 2 ** 53 - 1)).toBe(false);
    });

    test.each([
      '',
      'ANSI_QUOTES',
      'NO_BACKSLASH_ESCAPES',
      'ORACLE',
      'PAD_CHAR_TO_FULL_LENGTH',
      'NO_UNSIGNED_SUBTRACTION',
      'TRADITIONAL',
    ])('answers alike under sql_mode "%s"', async (mode) => {
      const { client } = await open(kind, {}, one);
      await client.query(`SET SESSION sql_mode = '${mode}'`);
      const set = mysqlStore(client);
      for (const id of [newId(), `${newId()}'"\\`, `${newId()}\\' OR '1'='1`, `${newId()} `]) {
        expect(await attempt(set, id)).toBe('accepted');
        expect(await attempt(set, id)).toBe('reused');
        expect(await attempt(store, id)).toBe('reused');
        expect(await attempt(set, id, 50_000_001)).toBe('accepted');
        expect(await attempt(set, id, 49_999_999)).toBe('reused');
      }
    });

    test('takes NUL, and tells half characters apart or refuses them', async () => {
      const id = newId();
      for (const end of ['', '\0', '\0\0', ' ', 'A', 'a', 'ä', 'a\u0308', '🙂', '🙁']) {
        expect(await attempt(store, id + end)).toBe('accepted');
        expect(await attempt(store, id + end)).toBe('reused');
      }
      for (const half of ['\ud83d', '\ud83c', '\ude42']) {
        expect(await attempt(store, id + half)).toMatch(/^accepted$|^failed: /);
      }
    });

    test('takes 1,024 characters of three bytes, and of two halves', async () => {
      const random = () => String.fromCharCode(0x4e00 + Math.floor(Math.random() * 20_000));
      const characters = Array.from({ length: 1024 }, random).join('');
      for (const id of [characters, '🙂'.repeat(512)]) {
        const own = `hotp:${newId()}${id}`.slice(0, 1024);
        expect(await attempt(store, own)).toBe('accepted');
        expect(await attempt(store, own)).toBe('reused');
        expect(await attempt(store, `${own.slice(0, -2)}xx`)).toBe('accepted');
      }
    });

    test('fails where the server takes no more connections', async () => {
      const { client } = await open('mysql2', { user: 'one' }, { connectionLimit: 1 });
      const held = await client.getConnection();
      const id = newId();
      const behind = { ...mariadb.address, user: 'one' };
      const crowded = await CLIENTS[kind].open(behind, { ...one, ...exhausted });
      expect(await attempt(crowded.store, id)).toMatch(FAILED);
      held.destroy();
      await expect.poll(() => attempt(crowded.store, id), { timeout: 5000 }).toBe('accepted');
      await crowded.end();
    });

    test('fails where its pool is exhausted, and the code stays good', async () => {
      const { client, store: crowded } = await open(kind, {}, exhausted);
      const held = await client.getConnection();
      const id = newId();
      expect(await attempt(crowded, id)).toMatch(FAILED);
      await held.release();
      expect(await attempt(crowded, id)).toBe('accepted');
    });

    test('fails on a server that may only be read', async () => {
      const id = newId();
      await query('SET GLOBAL read_only = 1');
      const whileReadOnly = await attempt(store, id);
      await query('SET GLOBAL read_only = 0');
      expect(whileReadOnly).toMatch(/^failed: .*read-only/);
      expect(await attempt(store, id)).toBe('accepted');
      await query('SET GLOBAL read_only = 1');
      const used = await attempt(store, id);
      await query('SET GLOBAL read_only = 0');
      expect(used).toMatch(/^failed: .*read-only/);
    });

    test('fails without its table', async () => {
      const { client } = await open(kind, {}, one);
      const absent = mysqlStore(client, { table: 'nowhere' });
      expect(await attempt(absent, newId())).toMatch(/^failed: .*NO_SUCH_TABLE/);
    });

    test('takes a table in a database, and names that are words of SQL', async () => {
      const { client } = await open(kind, {}, one);
      await query('CREATE DATABASE IF NOT EXISTS Auth');
      for (const table of ['Auth.order', 'user', 'Select']) {
        await createMysqlTable(client, { table });
        await createMysqlTable(client, { table });
        const named = mysqlStore(client, { table });
        const id = newId();
        expect(await attempt(named, id)).toBe('accepted');
        expect(await attempt(named, id)).toBe('reused');
      }
    });

    test('makes its table once when many make it at once', async () => {
      const { client } = await open(kind);
      for (let round = 0; round < 5; round++) {
        const table = `${kind}_${round}`;
        await Promise.all(Array.from({ length: 16 }, () => createMysqlTable(client, { table })));
        expect(await attempt(mysqlStore(client, { table }), newId())).toBe('accepted');
      }
    });

    test.each([
      ['no key', ''],
      ['a plain index', ', KEY (id)'],
    ])('refuses a table with %s where it makes it, and where it is checked', async (_, keys) => {
      const { client } = await open(kind, {}, one);
      const columns = `id VARBINARY(2058) NOT NULL, step BIGINT NOT NULL${keys}`;
      await query('DROP TABLE IF EXISTS keyless');
      await query(`CREATE TABLE keyless (${columns}) ENGINE = InnoDB ROW_FORMAT = DYNAMIC`);
      const options = { table: 'keyless' };
      await expect(createMysqlTable(client, options)).rejects.toThrow(/grants one step twice/);
      await expect(checkStore(mysqlStore(client, options))).rejects.toThrow(
        /grants one step twice/,
      );
      await query('DROP TABLE keyless');
      await createMysqlTable(client, options);
      await checkStore(mysqlStore(client, options));
    });

    describe("in the caller's own transaction", () => {
      let connection;
      let inside;
      beforeAll(async () => {
        connection = await (await open(kind)).client.getConnection();
        inside = mysqlStore(connection);
      });
      afterAll(() => connection.release());

      test('forgets what is rolled back, and keeps what is committed', async () => {
        const id = newId();
        for (const [statement, found] of [
          ['ROLLBACK', 'accepted'],
          ['COMMIT', 'reused'],
        ]) {
          await connection.query('START TRANSACTION');
          expect(await attempt(inside, id)).toBe('accepted');
          expect(await attempt(inside, id)).toBe('reused');
          await connection.query(statement);
          if (found === 'reused') expect(await attempt(store, id)).toBe(found);
        }
      });

      test('makes others wait for its end', async () => {
        for (const [statement, found] of [
          ['ROLLBACK', 'accepted'],
          ['COMMIT', 'reused'],
        ]) {
          const id = newId();
          await connection.query('START TRANSACTION');
          expect(await attempt(inside, id)).toBe('accepted');
          let answer;
          const rival = attempt(store, id).then((outcome) => {
            answer = outcome;
          });
          await new Promise((resolve) => setTimeout(resolve, 100));
          expect(answer).toBeUndefined();
          await connection.query(statement);
          await rival;
          expect(answer).toBe(found);
        }
      });

      test('is not deceived by a snapshot from before', async () => {
        const id = newId();
        await store.claim(id, 1);
        await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
        await connection.query(`SELECT count(*) FROM ${TABLE}`);
        expect(await attempt(store, id)).toBe('accepted');
        expect(await attempt(inside, id)).toMatch(/^reused$|^failed: /);
        await connection.query('ROLLBACK');
      });
    });
  });

  test('The callback pool and a connection of mysql2 serve as well', async () => {
    const mysql = await import('mysql2');
    for (const client of [
      mysql.createPool(mariadb.address),
      mysql.createConnection(mariadb.address),
    ]) {
      const id = newId();
      expect(await attempt(mysqlStore(client), id)).toBe('accepted');
      expect(await attempt(mysqlStore(client), id)).toBe('reused');
      await client.promise().end();
    }
  });

  describe('A table whose column of ids alters them', () => {
    let connection;
    beforeAll(async () => {
      const { client } = await open('mysql2', { user: 'admin' }, { connectionLimit: 1 });
      connection = client;
    });
    const make = async (type, mode) => {
      await connection.query(`SET SESSION sql_mode = '${mode}'`);
      await connection.query(
        `CREATE OR REPLACE TABLE altering (id ${type} NOT NULL PRIMARY KEY, step BIGINT NOT NULL)`,
      );
      return mysqlStore(connection, { table: 'altering' });
    };
    const types = ['BIGINT', 'VARCHAR(8)', 'VARBINARY(8)', 'BINARY(100)'];

    test.each(
      types.flatMap((type) => [
        [type, ''],
        [type, 'STRICT_TRANS_TABLES'],
      ]),
    )('as %s, under sql_mode "%s", is found as the server starts', async (type, mode) => {
      const store = await make(type, mode);
      await expect(checkStore(store)).rejects.toThrow(/a different id|Incorrect|too long/);
      const create = createMysqlTable(connection, { table: 'altering' });
      await expect(create).rejects.toThrow(/a different id|Incorrect|too long/);
    });

    test('as a number refuses nobody for what another claimed: that is an error', async () => {
      const store = await make('BIGINT', '');
      expect(await attempt(store, 'hotp-7')).toBe('accepted');
      for (const id of ['hotp-7', 'hotp-8', 'alice']) {
        expect(await attempt(store, id)).toMatch(/^failed: Error the table stores a different id/);
      }
    });

    test('in letters of either case is an error for the second id, and not a refusal', async () => {
      const store = await make('VARCHAR(600) CHARACTER SET utf8mb4', '');
      const outcomes = [];
      for (const id of ['alice', 'Alice', 'alice']) outcomes.push(await attempt(store, id));
      expect(outcomes).toEqual(['accepted', expect.stringMatching(FAILED), 'reused']);
    });
  });

  describe('What the guide warns of', () => {
    test('a COMMIT after a caught deadlock resolves, and the claim is rolled back', async () => {
      const { client: pool, store } = await open('mysql2');
      const [one, two] = [await pool.getConnection(), await pool.getConnection()];
      const [id, x, y] = [newId(), newId(), newId()];
      for (const seed of [x, y]) await store.claim(seed, 1);
      await one.query('START TRANSACTION');
      await two.query('START TRANSACTION');
      // Whichever the server picks has claimed a code of its own.
      const ids = [newId(), id];
      for (const [i, connection] of [one, two].entries()) {
        expect(await attempt(mysqlStore(connection), ids[i])).toBe('accepted');
        expect(await attempt(mysqlStore(connection), [x, y][i])).toBe('accepted');
      }
      const crossed = [
        attempt(mysqlStore(one), y, 50_000_001),
        attempt(mysqlStore(two), x, 50_000_001),
      ];
      const outcomes = await Promise.all(crossed);
      const victim = outcomes.findIndex((outcome) => /ER_LOCK_DEADLOCK/.test(outcome));
      expect(victim).toBeGreaterThanOrEqual(0);
      for (const connection of [one, two]) {
        await connection.query('COMMIT');
        connection.release();
      }
      expect(await attempt(store, ids[victim])).toBe('accepted');
      expect(await attempt(store, ids[1 - victim])).toBe('reused');
    });

    test('error 1020 under innodb_snapshot_isolation claims nothing', async () => {
      const { client: pool, store } = await open('mysql2');
      const connection = await pool.getConnection();
      await connection.query('SET SESSION innodb_snapshot_isolation = ON');
      const id = newId();
      await store.claim(id, 1);
      await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
      await connection.query(`SELECT count(*) FROM ${TABLE}`);
      await store.claim(id, 2);
      expect(await attempt(mysqlStore(connection), id)).toMatch(/^failed: .*Record has changed/);
      await connection.query('ROLLBACK');
      connection.release();
      expect(await attempt(store, id)).toBe('accepted');
    });

    test('a column of numbers in a table of one’s own is equal to text, unless it is cast', async () => {
      const { client: pool } = await open('mysql2', { user: 'admin' });
      await pool.query('CREATE TABLE numbered (id BIGINT PRIMARY KEY, last_step BIGINT NOT NULL)');
      await pool.query('INSERT INTO numbered VALUES (0, -1), (7, -1)');
      const claims = (condition) => async (id, step) => {
        const text = `UPDATE numbered SET last_step = ? WHERE ${condition} AND last_step < ?`;
        return (await pool.execute(text, [step, id, step]))[0].affectedRows === 1;
      };
      const bare = claims('id = ?');
      expect([await bare('hotp:7', 1), await bare('7abc', 1)]).toEqual([true, true]);
      const cast = claims('CAST(id AS CHAR) = ?');
      const ids = ['hotp:7', '7abc', '7'];
      const answers = [];
      for (const id of ids) answers.push(await cast(id, 2));
      expect(answers).toEqual([false, false, true]);
    });
  });

  describe("A step in the application's own table of users", () => {
    beforeAll(() =>
      query(`CREATE TABLE users (
        number BIGINT AUTO_INCREMENT PRIMARY KEY,
        id VARCHAR(1029) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
        last_step BIGINT NOT NULL DEFAULT -1,
        KEY (id(700)))`),
    );

    describe.each(
      Object.entries(KINDS).flatMap(([kind, { foundRows }]) =>
        Object.entries(foundRows).map(([name, flags]) => [kind, name, flags]),
      ),
    )('over %s, where affected rows %s', (kind, _, flags) => {
      let pool;
      let store;
      beforeAll(async () => {
        ({ client: pool } = await open(kind, {}, flags));
        store = {
          async claim(id, step) {
            const text = 'UPDATE users SET last_step = ? WHERE id = ? AND last_step < ?';
            const answer = await pool.execute(text, [step, id, step]);
            return (Array.isArray(answer) ? answer[0] : answer).affectedRows === 1;
          },
        };
      });

      testSingleUseStore({ claim: (id, step) => store.claim(id, step) }, test, {
        prepareId: (id) => {
          // Nobody is signed up under half a character.
          if (!id.isWellFormed()) throw new RangeError('half a character');
          return query('INSERT INTO users (id) VALUES (?)', [id]);
        },
      });

      test('refuses a user that is not there', async () => {
        expect(await attempt(store, newId())).toBe('reused');
      });
    });
  });

  test.skipIf(!isMountable)(
    'A disk that is full fails the claim, and nothing is lost',
    async () => {
      await query('CREATE DATABASE small');
      const folder = join(mariadb.data, 'small');
      mountSmallDisk(folder, { kibibytes: 1024, user: 'mysql' });
      try {
        await query(mysqlSchema({ table: 'small.steps' }));
        const { client } = await open('mysql2');
        const small = mysqlStore(client, { table: 'small.steps' });
        const { accepted, outcome } = await attemptUntilRefused(small, 20_000);
        expect(outcome).toMatch(/^failed: .*FULL/);
        expect(accepted.length).toBeGreaterThan(10);
        const outcomes = await Promise.all(accepted.map((id) => attempt(small, id)));
        expect(new Set(outcomes)).not.toContain('accepted');
        await query('DROP DATABASE small').catch(() => {});
      } finally {
        unmountSmallDisk(folder);
      }
    },
  );

  test.each([
    ['no key', 'KEY (id)'],
    ['a key over id and step', 'PRIMARY KEY (id, step)'],
  ])('A table with %s refuses too little, which the suite finds', async (_, key) => {
    const table = `wrong_${newId().replace(/\W/g, '_')}`;
    await query(
      `CREATE TABLE ${table} (id VARBINARY(2058) NOT NULL, step BIGINT NOT NULL, ${key})`,
    );
    const { client } = await open('mysql2');
    const runs = [];
    testSingleUseStore(mysqlStore(client, { table }), (_, run) => runs.push(run));
    const outcomes = [];
    for (const run of runs)
      outcomes.push(
        await run().then(
          () => 'passed',
          () => 'failed',
        ),
      );
    expect(outcomes).toContain('failed');
  });

  test('A storm of eight processes: each step once, rising, and the highest', async () => {
    const logging = await startMariadb(LOGGING);
    try {
      const { end } = await openStore('mysql2', logging.address);
      await end();
      const storm = await runStorm(Object.keys(KINDS).map((kind) => [kind, logging.address]));
      console.log(describeStorm('MariaDB', storm));
      expect(storm.errors.slice(0, 5)).toEqual([]);
      const written = logging
        .readWrites(TABLE)
        .map(([bytes, step]) => [bytes.swap16().toString('utf16le'), step]);
      expect(judgeStorm({ ...storm, written })).toEqual(NOTHING_WRONG);
    } finally {
      await logging.stop();
    }
  });

  test('A server that is killed and started again grants nothing twice', async () => {
    const { server, address } = mariadb;
    for (let round = 0; round < 3; round++) {
      const result = await killDuringClaims({
        server,
        clients: Object.keys(KINDS).map((kind) => [kind, address]),
        ids: Array.from({ length: 20 }, newId),
        openFresh: () => CLIENTS.mysql2.open(address),
      });
      console.log(describeKill('MariaDB', result));
      expect(result).toMatchObject({ again: [], isAlive: true });
      expect(Math.min(result.granted, result.failed)).toBeGreaterThan(0);
    }
  });
});
