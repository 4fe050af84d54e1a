// On PGlite, which is PostgreSQL in this process, and over clients that answer as pg and postgres.js
// do; those themselves are tested on a real server, in test/servers.
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SingleUseStore } from '../../src/single-use.js';
import {
  createPostgresTable,
  type PostgresClient,
  postgresSchema,
  postgresStore,
} from '../../src/stores/postgres.js';
import { testSingleUseStore } from '../../src/testing.js';
import { failureOf, testRefusals } from '../support/claim-checks.js';

const CLAIM =
  'INSERT INTO "otp_steps" AS held (id, step) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE ' +
  'SET step = excluded.step WHERE held.step < excluded.step RETURNING 1';

let db: PGlite;
let store: SingleUseStore;

/** PostgreSQL takes seconds to start, so it does behind what can fail without it. */
async function startDatabase(): Promise<void> {
  db ??= new PGlite();
  store = postgresStore(db);
  await createPostgresTable(db);
}

afterAll(() => db?.close());

describe('Over a client', () => {
  const sent: unknown[] = [];
  let answer: () => unknown;

  /** As `pg` answers; that of PGlite has the rows too. */
  const pg: PostgresClient = {
    query(...args) {
      sent.push(args);
      return Promise.resolve().then(() => ({ command: 'INSERT', rows: answer() as unknown[] }));
    },
  };
  /** As postgres.js does: a function, whose queries are sent when they are waited for. */
  const postgresJs: PostgresClient = Object.assign(() => {}, {
    unsafe(...args: unknown[]) {
      const run = () => {
        sent.push(args);
        return Promise.resolve().then(() => answer() as unknown[]);
      };
      const then: PromiseLike<unknown[]>['then'] = (...handlers) => run().then(...handlers);
      return { then };
    },
  }) as never;
  /** As Neon's over HTTP does: a function, with an `unsafe` that runs no statement. */
  const neon: PostgresClient = Object.assign(() => {}, {
    async query(...args: unknown[]) {
      sent.push(args);
      return answer() as unknown[];
    },
    unsafe: (sql: string) => ({ sql }),
  });
  const clients = [
    ['pg', pg, [CLAIM, ['alice', 7]]],
    ['Neon', neon, [CLAIM, ['alice', 7]]],
    ['postgres.js', postgresJs, [CLAIM, ['alice', 7], { prepare: true }]],
  ] as const;

  beforeEach(() => {
    sent.length = 0;
  });

  test.each(clients)('of %s a claim is one statement', async (_, client, expected) => {
    const store = postgresStore(client);
    expect(sent).toEqual([]);
    answer = () => [{ '?column?': 1 }];
    expect(await store.claim('alice', 7)).toBe(true);
    answer = () => [];
    expect(await store.claim('alice', 7)).toBe(false);
    expect(sent).toEqual([expected, expected]);
  });

  test.each(clients)('of %s its error comes through as it is', async (_, client) => {
    const lost = new Error('connection terminated');
    answer = () => {
      throw lost;
    };
    expect(await failureOf(postgresStore(client), 'alice', 7)).toBe(lost);
    await expect(createPostgresTable(client)).rejects.toBe(lost);
  });

  test.each(clients)('of %s an answer without rows is an error', async (_, client) => {
    for (const wrong of [undefined, null, { length: 1 }, 'x', 1, true, [1], [null], ['x']]) {
      answer = () => wrong;
      const error = {
        name: 'TypeError',
        message: '"client" is of an unknown kind: it did not answer with rows',
      };
      expect(await failureOf(postgresStore(client), 'alice', 7)).toMatchObject(error);
      await expect(createPostgresTable(client)).rejects.toMatchObject(error);
    }
  });

  test.each(clients)('of %s an answer of two rows is an error', async (_, client) => {
    // As MySQL's clients answer: rows and columns.
    answer = () => [{ affectedRows: 1 }, {}];
    expect(await failureOf(postgresStore(client), 'alice', 7)).toMatchObject({
      name: 'TypeError',
      message: '"client" is of an unknown kind: it did not answer with one row or none',
    });
  });

  test.each(clients)(
    'of %s a table is made by one statement, if it is missing',
    async (_, client) => {
      answer = () => [];
      await createPostgresTable(client, { table: 'auth.steps' });
      const [[statement, values]] = sent as [[string, unknown[]]];
      expect(sent).toHaveLength(1);
      expect(values).toEqual([]);
      const schema = postgresSchema({ table: 'auth.steps' });
      expect(statement).toBe(
        `DO $$ BEGIN IF to_regclass('"auth"."steps"') IS NULL THEN ${schema}; END IF; ` +
          'EXCEPTION WHEN unique_violation OR duplicate_table OR duplicate_object THEN NULL; END $$',
      );
    },
  );

  describe('with claims together', () => {
    const BATCH = CLAIM.replace(
      'VALUES ($1, $2)',
      'SELECT * FROM unnest($1::text[], $2::bigint[])',
    ).replace('RETURNING 1', 'RETURNING id');
    const TWICE = [{ id: 'bob' }, { id: 'bob' }];
    const pool = Object.assign({}, pg, { totalCount: 0 });
    const sql = Object.assign(() => {}, postgresJs, { begin: () => {} }) as PostgresClient;
    const pools = [
      ['pg', pool, []],
      ['postgres.js', sql, [{ prepare: true }]],
    ] as const;

    test.each(pools)('of %s several claims are one statement', async (_, client, more) => {
      const store = postgresStore(client, { together: true });
      answer = () => [{ id: 'bob' }];
      const claims = [store.claim('bob', 7), store.claim('alice', 8)];
      expect(await Promise.all(claims)).toEqual([true, false]);
      expect(sent).toEqual([
        [
          BATCH,
          [
            ['alice', 'bob'],
            [8, 7],
          ],
          ...more,
        ],
      ]);
    });

    test.each(pools)('of %s one claim is the statement for one', async (_, client, more) => {
      const store = postgresStore(client, { together: true });
      answer = () => [{ '?column?': 1 }];
      expect(await store.claim('alice', 7)).toBe(true);
      expect(sent).toEqual([[CLAIM, ['alice', 7], ...more]]);
    });

    test.each(pools)('of %s a wrong answer rejects all of them', async (_, client) => {
      const store = postgresStore(client, { together: true });
      for (const wrong of [
        undefined,
        'x',
        [{ id: 'carol' }],
        [{ id: 'bob' }, { id: 7 }],
        [{}],
        TWICE,
      ]) {
        answer = () => wrong;
        const claims = ['alice', 'bob'].map((id) => store.claim(id, 7));
        for (const { reason } of (await Promise.allSettled(claims)) as PromiseRejectedResult[]) {
          expect(reason).toBeInstanceOf(TypeError);
        }
      }
    });

    test.each([
      ['a Client of pg', { ...pg, connect: () => {}, processID: 7 }],
      ['a connection taken out of a pool of pg', { ...pg, release: () => {}, processID: 7 }],
      ['the sql of a transaction', Object.assign(() => {}, postgresJs, { savepoint: () => {} })],
      ['a reserved sql', Object.assign(() => {}, postgresJs, { release: () => {} })],
      ['a transaction of PGlite', { ...pg, exec: () => {}, rollback: () => {} }],
    ])('%s is refused, for it may be inside a transaction', (_, client) => {
      const make = () => postgresStore(client as PostgresClient, { together: true });
      expect(make).toThrow(TypeError);
      expect(make).toThrow('may be inside a transaction');
      expect(() => postgresStore(client as PostgresClient)).not.toThrow();
    });

    test.each([1, 'true', null])('the option %j is refused', (together) => {
      expect(() => postgresStore(pool, { together: together as never })).toThrow(
        '"together" must be true or false',
      );
    });

    testRefusals(postgresStore(pool, { together: true }), sent, ['\0', 'secret\udd11']);
  });

  test('no answer at all is an error', async () => {
    // With callbacks, as old drivers; and of a kind that counts rows and does not give them.
    for (const wrong of [undefined, null, 1, 'x', {}, { rowCount: 1 }, { rows: 1, rowCount: 1 }]) {
      for (const answered of [wrong, Promise.resolve(wrong)]) {
        for (const silent of [{ query: () => answered }, { unsafe: () => answered }]) {
          expect(await failureOf(postgresStore(silent as never), 'alice', 7)).toMatchObject({
            name: 'TypeError',
            message: '"client" is of an unknown kind: it did not answer with rows',
          });
          await expect(createPostgresTable(silent as never)).rejects.toThrow(TypeError);
        }
      }
    }
  });

  testRefusals(postgresStore(pg), sent, ['\0', 'secret\0', '\ud83d', 'secret\udd11']);

  test.each([undefined, null, {}, 'postgres://', () => {}, { query: true }, { unsafe: 'sql' }])(
    'which is %o a store is not made',
    (client) => {
      expect(() => postgresStore(client as never)).toThrow(TypeError);
    },
  );
});

// What is sent to it is held above; and it is too slow for a tool that runs these a hundred times.
const isTriedOut = process.env.MUTATION !== undefined;

describe.skipIf(isTriedOut)('On PGlite', () => {
  beforeAll(startDatabase, 60_000);

  testSingleUseStore({ claim: (id, step) => store.claim(id, step) }, test);

  describe('with claims together', () => {
    const together = () => postgresStore(db, { together: true });
    testSingleUseStore({ claim: (id, step) => together().claim(id, step) }, test);

    test('each id is granted its own step once, of 64 equal claims and more', async () => {
      const store = together();
      const ids = Array.from({ length: 200 }, (_, i) => `together ${i}`);
      const claims = ids.flatMap((id) => Array.from({ length: 64 }, () => store.claim(id, 7)));
      expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(200);
    });

    test('ids with quotes, backslashes, braces and other scripts come back as they went', async () => {
      const ids = ['"', '\\', '{a,b}', 'NULL', "'; --", ' ', 'äöü', '電話', '\u{1f511}'];
      const store = together();
      const claims = async () => Promise.all(ids.map((id) => store.claim(`odd ${id}`, 7)));
      expect(await claims()).toEqual(ids.map(() => true));
      expect(await claims()).toEqual(ids.map(() => false));
    });

    test('a row that fails is the error of all, and no claim of the batch is kept', async () => {
      await db.exec('CREATE TABLE few (id text PRIMARY KEY, step bigint CHECK (step < 100))');
      const store = postgresStore(db, { table: 'few', together: true });
      const claims = [store.claim('a', 7), store.claim('b', 100), store.claim('c', 7)];
      const outcomes = await Promise.allSettled(claims);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      expect((await db.query('SELECT * FROM few')).rows).toEqual([]);
      expect(await store.claim('a', 7)).toBe(true);
    });

    test('a transaction of PGlite is refused', async () => {
      const made = db.transaction(async (transaction) => {
        postgresStore(transaction, { together: true });
      });
      await expect(made).rejects.toThrow('may be inside a transaction');
    });
  });

  test('steps are stored exactly', async () => {
    const steps = [0, 2 ** 31, 2 ** 53 - 1];
    for (const step of steps) await store.claim(`exact ${step}`, step);
    const { rows } = await db.query(
      "SELECT step::text FROM otp_steps WHERE id LIKE 'exact %' ORDER BY step",
    );
    expect(rows).toEqual(steps.map((step) => ({ step: String(step) })));
  });

  test('an id of 2,692 bytes that do not compress is kept, a longer one is its error', async () => {
    const id = String.fromCharCode(
      ...Array.from({ length: 897 }, (_, i) => 0x4e00 + ((i * 7919) % 20_000)),
    );
    expect(Buffer.byteLength(`${id}a`)).toBe(2692);
    expect(await store.claim(`${id}a`, 7)).toBe(true);
    expect(await failureOf(store, `${id}ab`, 7)).toMatchObject({ code: '54000' });
  });

  test('a claim in a transaction that is rolled back was not made', async () => {
    const claims = db.transaction(async (transaction) => {
      const inside = postgresStore(transaction);
      expect([await inside.claim('back', 7), await inside.claim('back', 7)]).toEqual([true, false]);
      await transaction.rollback();
    });
    await claims;
    expect(await store.claim('back', 7)).toBe(true);
  });

  test('a table that is not there is the error of PostgreSQL', async () => {
    expect(await failureOf(postgresStore(db, { table: 'nowhere' }), 'alice', 7)).toMatchObject({
      code: '42P01',
    });
  });

  test('a server that only reads is an error, and nothing is granted', async () => {
    const claims = db.transaction(async (transaction) => {
      await transaction.exec('SET TRANSACTION READ ONLY');
      await postgresStore(transaction).claim('read only', 7);
    });
    await expect(claims).rejects.toMatchObject({ code: '25006' });
    expect(await store.claim('read only', 7)).toBe(true);
  });
});

describe.skipIf(isTriedOut)('A table of one’s own', () => {
  beforeAll(async () => {
    await startDatabase();
    await db.exec('CREATE SCHEMA auth; CREATE SCHEMA "SELECT"');
  }, 60_000);

  test.each(['Users', '2fa_steps', 'auth.steps', 'SELECT.order'])('may be %s', async (table) => {
    await createPostgresTable(db, { table });
    await createPostgresTable(db, { table });
    const own = postgresStore(db, { table });
    expect([await own.claim('own', 7), await own.claim('own', 7)]).toEqual([true, false]);
    const { rows } = await db.query(`SELECT id, step FROM "${table.replace('.', '"."')}"`);
    expect(rows).toEqual([{ id: 'own', step: 7 }]);
  });

  test('is made by the statement for a migration too, as often as that runs', async () => {
    const schema = postgresSchema({ table: 'migrated' });
    await db.query(schema);
    await db.query(schema);
    expect(await postgresStore(db, { table: 'migrated' }).claim('own', 7)).toBe(true);
  });

  test('that is there is not needed to be made anew: its claims stay', async () => {
    await store.claim('stays', 7);
    await createPostgresTable(db);
    expect(await store.claim('stays', 7)).toBe(false);
  });

  test('keeps ids in the order of their bytes, whatever the language', async () => {
    const { rows } = await db.query(
      `SELECT collation_name FROM information_schema.columns
       WHERE table_name = 'otp_steps' AND column_name = 'id'`,
    );
    expect(rows).toEqual([{ collation_name: 'C' }]);
  });
});
