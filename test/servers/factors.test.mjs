// The factor stores on real servers: the suite, events, isolation levels, storms from one process and
// from several, and a client inside a transaction.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey, generateTotp } from '../../dist/index.js';
import { createMysqlFactorTable, mysqlFactorStore } from '../../dist/second-factor/mysql.js';
import {
  createPostgresFactorTable,
  postgresFactorStore,
} from '../../dist/second-factor/postgres.js';
import { testFactorStore } from '../../dist/second-factor/testing.js';
import { createSecondFactor } from '../../dist/second-factor.js';
import { mariadbProgram, mariadbRemedy, startMariadb } from './support/mariadb.mjs';
import { describeWith } from './support/needs.mjs';
import { postgresProgram, postgresRemedy, startPostgres } from './support/postgres.mjs';
import { startProxy } from './support/proxy.mjs';
import { openStore } from './support/stores.mjs';

const EVENTS = { table: 'told', eventsTable: 'told_events' };
const more = { state: 'active', sealedWith: ['k1'], events: [] };
const plainSealer = {
  isCurrent: () => true,
  seal: (secret) => `k1.${Buffer.from(secret).toString('hex')}`,
  open: (sealed) => new Uint8Array(Buffer.from(sealed.slice(3), 'hex')),
};
const worker = fileURLToPath(new URL('support/guesser.mjs', import.meta.url));

/** The tests that every client has to pass on its server. */
function describeClient({ kind, variants = {}, address, makeStore, createTable, erase }) {
  describe(`A factor store over ${kind}`, () => {
    const ends = [];
    let client;
    let store;
    const open = async (options) => {
      const opened = await openStore(kind, address(), options);
      ends.push(() => opened.end());
      return opened.client;
    };
    beforeAll(async () => {
      client = await open();
      await Promise.all(Array.from({ length: 4 }, () => createTable(client)));
      await createTable(client, EVENTS);
      store = makeStore(client);
    });
    afterAll(async () => {
      for (const end of ends) await end();
    });
    const lazy = (make) => ({
      read: (...args) => make().read(...args),
      write: (...args) => make().write(...args),
    });
    const same = lazy(() => store);

    testFactorStore(same, test, {
      other: same,
      erase: (userId) => erase(client, 'otp_factors', userId),
    });

    describe('with a table of events', () => {
      const told = lazy(() => makeStore(client, EVENTS));
      testFactorStore(told, test, { erase: (userId) => erase(client, 'told', userId) });
    });

    test.each(Object.entries(variants))(
      'set to %s keeps and reads a record',
      async (_, options) => {
        const own = makeStore(await open(options), EVENTS);
        const userId = `variant-${Math.random()}`;
        const event = { type: 'reset', userId, at: 1, notify: true, by: 'ü🔑' };
        const record = JSON.stringify({ a: `'"\\ü🔑` });
        expect(await own.write(userId, record, undefined, { ...more, events: [event] })).toBe(true);
        const stored = await own.read(userId);
        expect(stored?.record).toBe(record);
        expect(await own.write(userId, '{}', stored?.version, more)).toBe(true);
        expect(await own.write(userId, '{}', stored?.version, more)).toBe(false);
      },
    );

    test('of 1,000 wrong codes at once 3 are answered, and of 1,000 right ones 1', async () => {
      let now = 1_800_000_000_000;
      const second = createSecondFactor({
        issuer: 'ACME',
        store: same,
        sealer: plainSealer,
        now: () => now,
      });
      const userId = `storm-${Math.random()}`;
      const secret = new Uint8Array(20).fill(7);
      const key = createKey(secret);
      await second.adopt(userId, { secret });
      const settle = async (code) => {
        const counts = {};
        const answers = await Promise.all(
          Array.from({ length: 1000 }, () =>
            second.verify(userId, code).catch((error) => ({ reason: error.code ?? error.message })),
          ),
        );
        for (const { ok, reason } of answers)
          counts[ok ? 'ok' : reason] = (counts[ok ? 'ok' : reason] ?? 0) + 1;
        return counts;
      };
      expect(await settle('999999')).toEqual({ mismatch: 3, throttled: 997 });
      now += 4000;
      expect(await settle(generateTotp(key, { timestamp: now }))).toEqual({ ok: 1, reused: 999 });
    });

    test('of 8 processes with 250 wrong codes each, 3 are counted', async () => {
      const userId = `processes-${Math.random()}`;
      const second = createSecondFactor({ issuer: 'ACME', store: same, sealer: plainSealer });
      await second.adopt(userId, { secret: new Uint8Array(20).fill(7) });
      const job = JSON.stringify({ kind, address: address(), userId, times: 250 });
      const counts = await Promise.all(Array.from({ length: 8 }, () => guess(job)));
      const sum = (name) => counts.reduce((total, one) => total + (one[name] ?? 0), 0);
      expect(sum('mismatch')).toBe(3);
      expect(sum('throttled')).toBe(8 * 250 - 3);
      expect(JSON.parse((await same.read(userId)).record).code.failures).toBe(3);
    }, 120_000);
  });
}

function guess(job) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [worker, job], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`guesser ended with ${code}`)),
    );
  });
}

describeWith('PostgreSQL', postgresProgram, postgresRemedy, () => {
  let postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres?.stop());
  const common = {
    address: () => postgres.address,
    makeStore: postgresFactorStore,
    createTable: createPostgresFactorTable,
    erase: (client, table, userId) => {
      const sql = `DELETE FROM ${table} WHERE user_id = $1`;
      return client.unsafe ? client.unsafe(sql, [userId]) : client.query(sql, [userId]);
    },
  };
  const levels = (options) =>
    Object.fromEntries(
      ['repeatable read', 'serializable'].map((level) => [`isolation ${level}`, options(level)]),
    );
  describeClient({
    ...common,
    kind: 'pg',
    variants: {
      'binary results': { binary: true },
      ...levels((level) => ({
        options: `-c default_transaction_isolation=${level.replace(' ', '\\ ')}`,
      })),
    },
  });
  describeClient({
    ...common,
    kind: 'postgres.js',
    variants: {
      'no prepared statements': { prepare: false },
      'names in camel case': { transform: { column: { from: (name) => `${name}Renamed` } } },
      'bigint columns as bigint': { types: { bigint: { to: 20, from: [20], parse: BigInt } } },
      ...levels((level) => ({ connection: { default_transaction_isolation: level } })),
    },
  });

  test.each(['repeatable read', 'serializable'])(
    'Under %s 64 at once still have one winner, and a lost one is no error',
    async (level) => {
      const options = `-c default_transaction_isolation=${level.replace(' ', '\\ ')}`;
      const { client, end } = await openStore('pg', postgres.address, { options });
      const store = postgresFactorStore(client);
      const userId = `level-${Math.random()}`;
      expect(await store.write(userId, '{}', undefined, more)).toBe(true);
      const { version } = await store.read(userId);
      const answers = await Promise.all(
        Array.from({ length: 64 }, () => store.write(userId, '{"a":1}', version, more)),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      await end();
    },
  );

  test('A sign-in makes two round trips, and one that is throttled makes one', async () => {
    const proxy = await startProxy(postgres.address);
    const address = { ...postgres.address, host: proxy.host, port: proxy.port };
    const { client, end } = await openStore('pg', address, { max: 1 });
    const store = postgresFactorStore(client);
    await createPostgresFactorTable(client);
    const timestamp = 1_800_000_000_000;
    const now = () => timestamp;
    const second = createSecondFactor({ issuer: 'ACME', store, sealer: plainSealer, now });
    const userId = `trips-${Math.random()}`;
    const secret = new Uint8Array(20).fill(7);
    await second.adopt(userId, { secret });
    const tripsOf = async (code) => {
      const before = proxy.roundTrips;
      const { ok, reason } = await second.verify(userId, code);
      return [ok ? 'accepted' : reason, proxy.roundTrips - before];
    };
    const code = generateTotp(createKey(secret), { timestamp });
    expect(await tripsOf(code)).toEqual(['accepted', 2]);
    expect(await tripsOf(code)).toEqual(['reused', 1]);
    // Of no step in the window.
    const wrong = '000000';
    for (let i = 0; i < 3; i++) expect((await tripsOf(wrong))[0]).toBe('mismatch');
    expect(await tripsOf(wrong)).toEqual(['throttled', 1]);
    await end();
    await proxy.stop();
  });

  test('A read-only server is an error, and so is a client inside a transaction to the suite', async () => {
    const options = '-c default_transaction_read_only=on';
    const { client, end } = await openStore('pg', postgres.address, { options });
    const write = postgresFactorStore(client).write('read only', '{}', undefined, more);
    await expect(write).rejects.toMatchObject({ code: '25006' });
    await end();
    const outside = await openStore('pg', postgres.address);
    const inside = await outside.client.connect();
    await inside.query('BEGIN');
    const failed = [];
    const tests = [];
    const suiteOptions = { other: postgresFactorStore(outside.client) };
    testFactorStore(
      postgresFactorStore(inside),
      (name, run) => tests.push([name, run]),
      suiteOptions,
    );
    const [name, run] = tests.at(-1);
    await run().catch(() => failed.push(name));
    expect(failed).toEqual([expect.stringMatching(/no transaction is open/)]);
    await inside.query('ROLLBACK');
    inside.release();
    await outside.end();
  });
});

describeWith('MariaDB', mariadbProgram, mariadbRemedy, () => {
  let mariadb;
  beforeAll(async () => {
    mariadb = await startMariadb();
  });
  afterAll(() => mariadb?.stop());
  const common = {
    address: () => mariadb.address,
    makeStore: mysqlFactorStore,
    createTable: createMysqlFactorTable,
    erase: (client, table, userId) =>
      client.query(`DELETE FROM ${table} WHERE user_id = CAST(CONVERT(? USING utf16) AS BINARY)`, [
        userId,
      ]),
  };
  describeClient({
    ...common,
    kind: 'mysql2',
    variants: {
      'found rows': { flags: ['FOUND_ROWS'] },
      'changed rows': { flags: ['-FOUND_ROWS'] },
      'rows as arrays': { rowsAsArray: true },
      'named placeholders': { namedPlaceholders: true },
      'big numbers as text': { supportBigNumbers: true, bigNumberStrings: true },
      'another charset': { charset: 'latin1' },
    },
  });
  describeClient({
    ...common,
    kind: 'mariadb',
    variants: {
      'found rows': { foundRows: true },
      'changed rows': { foundRows: false },
      'rows as arrays': { rowsAsArray: true },
      'rows and columns apart': { metaAsArray: true },
      'named placeholders': { namedPlaceholders: true },
      'numbers as they were': {
        insertIdAsNumber: true,
        bigIntAsNumber: true,
        decimalAsNumber: true,
      },
      'another charset': { charset: 'latin1' },
    },
  });
});
