// On PGlite, which is PostgreSQL in this process, and over clients that answer as pg and postgres.js do.
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createPostgresFactorTable,
  type PostgresFactorClient,
  postgresFactorSchema,
  postgresFactorStore,
} from '../../src/second-factor/postgres.js';
import { testFactorStore } from '../../src/second-factor/testing.js';
import type { FactorStore } from '../../src/second-factor.js';
import { enrol, newWorld, USER, wrongCode } from './support.js';

const more = { state: 'active', sealedWith: ['k1', 'k2'], events: [] } as const;
const event = {
  type: 'reset',
  userId: USER,
  at: 1_800_000_000_123,
  notify: true,
  by: `o'"\\ 🔑`,
} as const;

let db: PGlite;

beforeAll(async () => {
  db = new PGlite();
  await createPostgresFactorTable(db);
  await createPostgresFactorTable(db, { table: 'told', eventsTable: 'told_events' });
}, 120_000);
afterAll(() => db?.close());

describe('On PGlite', () => {
  const lazily = (options = {}): FactorStore => ({
    read: (userId) => postgresFactorStore(db, options).read(userId),
    write: (...args) => postgresFactorStore(db, options).write(...args),
  });
  const erase = (table: string) => (userId: string) =>
    db.query(`DELETE FROM ${table} WHERE user_id = $1`, [userId]);

  testFactorStore(lazily(), test, { other: lazily(), erase: erase('otp_factors') });

  describe('with a table of events', () => {
    const options = { table: 'told', eventsTable: 'told_events' };
    testFactorStore(lazily(options), test, { erase: erase('told') });

    test('events are rows of the same statement, and those of a lost write leave none', async () => {
      const store = lazily(options);
      const count = async () => {
        const sql =
          'SELECT type, notify, at, event FROM told_events WHERE user_id = $1 ORDER BY id';
        return (await db.query(sql, [USER])).rows;
      };
      const details = {
        ...more,
        events: [event, { ...event, type: 'locked', notify: false } as const],
      };
      expect(await store.write(USER, '{}', undefined, details)).toBe(true);
      expect(await store.write(USER, '{}', undefined, details)).toBe(false);
      expect(await store.write(USER, '{}', '7', details)).toBe(false);
      expect(await count()).toEqual([
        { type: 'reset', notify: true, at: new Date(event.at), event },
        {
          type: 'locked',
          notify: false,
          at: new Date(event.at),
          event: { ...event, type: 'locked', notify: false },
        },
      ]);
    });
  });

  test('state, keys and the time of the write lie beside the record', async () => {
    const store = lazily();
    await store.write('columns', '{"a":1}', undefined, more);
    const { rows } = await db.query<Record<string, unknown>>(
      "SELECT *, updated_at > now() - interval '1 minute' AS fresh FROM otp_factors WHERE user_id = 'columns'",
    );
    expect(rows).toMatchObject([
      { record: '{"a":1}', state: 'active', sealed_with: 'k1,k2', fresh: true },
    ]);
    const { version } = (await store.read('columns')) ?? {};
    // Made of the time, and above 2^53, so it has to stay text all the way.
    expect(Number(version)).toBeGreaterThan(2 ** 53);
    expect(BigInt(version ?? 0) / 1024n / 1_000_000n).toBeGreaterThan(1_600_000_000n);
    await store.write('columns', '{"a":2}', version, more);
    expect((await store.read('columns'))?.version).toBe(String(BigInt(version ?? 0) + 1n));
  });

  test('a whole second factor works, and a thousand wrong codes at once are answered three times', async () => {
    const world = newWorld({ store: lazily() });
    const { phone } = await enrol(world, {}, 'whole');
    const wrong = wrongCode([phone]);
    const answers = await Promise.all(
      Array.from({ length: 1000 }, () => world.second.verify('whole', wrong)),
    );
    const mismatches = answers.filter((answer) => !answer.ok && answer.reason === 'mismatch');
    expect(mismatches).toHaveLength(3);
    expect((await world.record('whole')).code.failures).toBe(3);
    world.pass(4000);
    const right = await Promise.all(
      Array.from({ length: 1000 }, () => world.second.verify('whole', phone.code())),
    );
    expect(right.filter(({ ok }) => ok)).toHaveLength(1);
  }, 120_000);

  test('a sign-in takes two round trips, and a throttled one takes one', async () => {
    let statements = 0;
    const counting: PostgresFactorClient = {
      query(text, values) {
        statements++;
        return db.query(text, values);
      },
    };
    const world = newWorld({ store: postgresFactorStore(counting) });
    const { phone } = await enrol(world, {}, 'trips');
    const code = phone.code();
    statements = 0;
    expect(await world.second.verify('trips', code)).toMatchObject({ ok: true });
    expect(statements).toBe(2);
    const wrong = wrongCode([phone]);
    for (let i = 0; i < 3; i++) await world.second.verify('trips', wrong);
    statements = 0;
    expect(await world.second.verify('trips', wrong)).toMatchObject({ reason: 'throttled' });
    expect(statements).toBe(1);
  });

  test('erasing a user is one statement, and a slow writer brings nothing back', async () => {
    const store = lazily();
    await store.write('erased', '{}', undefined, more);
    const { version } = (await store.read('erased')) ?? {};
    await db.query('DELETE FROM otp_factors WHERE user_id = $1', ['erased']);
    expect(await store.write('erased', '{"late":1}', version, more)).toBe(false);
    expect(await store.read('erased')).toBeUndefined();
    expect(await store.write('erased', '{}', undefined, more)).toBe(true);
    expect(await store.write('erased', '{"late":1}', version, more)).toBe(false);
  });

  test('a client inside a transaction that is rolled back un-counts a failure: so it is wrong', async () => {
    await expect(
      db.transaction(async (transaction) => {
        const inside = postgresFactorStore(transaction as never);
        expect(await inside.write('inside', '{}', undefined, more)).toBe(true);
        throw new Error('roll back');
      }),
    ).rejects.toThrow('roll back');
    expect(await lazily().read('inside')).toBeUndefined();
  });

  test('the statements for a migration can run as often as one likes', async () => {
    for (let i = 0; i < 2; i++) {
      await db.exec(
        postgresFactorSchema({ table: 'public.moved', eventsTable: 'public.moved_events' }),
      );
      await createPostgresFactorTable(db, {
        table: 'public.moved',
        eventsTable: 'public.moved_events',
      });
    }
    expect(await lazily({ table: 'public.moved' }).write('a', '{}', undefined, more)).toBe(true);
  });

  test('a table that is not there is the error of PostgreSQL', async () => {
    await expect(lazily({ table: 'nowhere' }).read('a')).rejects.toMatchObject({ code: '42P01' });
  });
});

describe('Over a client', () => {
  const sent: unknown[] = [];
  let answer: () => unknown;
  const pg: PostgresFactorClient = {
    async query(...args) {
      sent.push(args);
      return { command: 'X', rows: answer() as unknown[] };
    },
  };
  const postgresJs: PostgresFactorClient = Object.assign(() => {}, {
    async unsafe(...args: unknown[]) {
      sent.push(args);
      return answer() as unknown[];
    },
  }) as never;
  const clients = [
    ['pg', pg, []],
    ['postgres.js', postgresJs, [{ prepare: true }]],
  ] as const;

  test.each(clients)('of %s a read and a write are one statement each', async (_, client, rest) => {
    const store = postgresFactorStore(client);
    sent.length = 0;
    answer = () => [];
    expect(await store.read('alice')).toBeUndefined();
    expect(await store.write('alice', '{}', '9007199254740993', more)).toBe(false);
    answer = () => [{ '?column?': 1 }];
    expect(await store.write('alice', '{}', '9007199254740993', more)).toBe(true);
    expect(await store.write('alice', '{}', undefined, more)).toBe(true);
    const update =
      'UPDATE "otp_factors" SET record = $2, state = $3, sealed_with = $4, version = version + 1, ' +
      'updated_at = now() WHERE user_id = $1 AND version = $5::bigint RETURNING 1';
    const read = 'SELECT record, version::text AS version FROM "otp_factors" WHERE user_id = $1';
    expect(sent).toEqual([
      [read, ['alice'], ...rest],
      [update, ['alice', '{}', 'active', 'k1,k2', '9007199254740993'], ...rest],
      [update, ['alice', '{}', 'active', 'k1,k2', '9007199254740993'], ...rest],
      [
        expect.stringMatching(/^INSERT .*DO NOTHING RETURNING 1$/),
        ['alice', '{}', 'active', 'k1,k2'],
        ...rest,
      ],
    ]);
  });

  test.each(clients)(
    'of %s that renames columns, or gives rows as lists, a record is read',
    async (_, client) => {
      const store = postgresFactorStore(client);
      for (const row of [{ recordRenamed: '{}', versionRenamed: '7' }, ['{}', '7']]) {
        answer = () => [row];
        expect(await store.read('alice')).toEqual({ record: '{}', version: '7' });
      }
    },
  );

  test.each(clients)(
    'of %s a failed serialization is a lost write, any other error is an error',
    async (_, client) => {
      const store = postgresFactorStore(client);
      answer = () => {
        throw Object.assign(new Error('could not serialize'), { code: '40001' });
      };
      expect(await store.write('alice', '{}', '1', more)).toBe(false);
      await expect(store.read('alice')).rejects.toThrow('could not serialize');
      for (const code of ['40P01', '25006', '53100', undefined]) {
        const lost = Object.assign(new Error('lost'), { code });
        answer = () => {
          throw lost;
        };
        await expect(store.write('alice', '{}', '1', more)).rejects.toBe(lost);
        await expect(createPostgresFactorTable(client)).rejects.toBe(lost);
      }
    },
  );

  test.each(clients)(
    'of %s an unknown answer is an error, never a user without a factor',
    async (_, client) => {
      const store = postgresFactorStore(client);
      for (const wrong of [undefined, null, {}, 'x', { length: 0 }]) {
        answer = () => wrong;
        await expect(store.read('alice')).rejects.toThrow(TypeError);
        await expect(store.write('alice', '{}', '1', more)).rejects.toThrow(TypeError);
      }
      for (const row of [
        undefined,
        null,
        {},
        { record: '{}' },
        ['{}', 7],
        ['{}', 7n],
        [{}, '7'],
        ['{}', '7', 'x'],
      ]) {
        answer = () => [row];
        await expect(store.read('alice')).rejects.toThrow(TypeError);
      }
      answer = () => [1, 2];
      await expect(store.read('alice')).rejects.toThrow(TypeError);
      await expect(store.write('alice', '{}', '1', more)).rejects.toThrow(TypeError);
    },
  );

  test.each(['', '\0', 'a\0', '\ud83d', 'x'.repeat(1025), 7, undefined])(
    'the user id %j is refused before anything is sent',
    async (userId) => {
      const store = postgresFactorStore(pg);
      sent.length = 0;
      await expect(store.read(userId as string)).rejects.toThrow(/"userId"/);
      await expect(store.write(userId as string, '{}', undefined, more)).rejects.toThrow(
        /"userId"/,
      );
      expect(sent).toEqual([]);
    },
  );

  test.each(['', 'x', '-1', '1.5', '1'.repeat(21), 7])(
    'the version %j is refused before anything is sent',
    async (version) => {
      sent.length = 0;
      await expect(
        postgresFactorStore(pg).write('a', '{}', version as string, more),
      ).rejects.toThrow(/"version"/);
      expect(sent).toEqual([]);
    },
  );

  test.each([undefined, null, {}, 'postgres://', { query: 1 }])(
    'that is %j makes no store',
    (client) => {
      expect(() => postgresFactorStore(client as never)).toThrow(/"client"/);
    },
  );

  test.each([
    { table: 'a b' },
    { table: 'a"b' },
    { table: 7 },
    { eventsTable: 'x;y' },
    { tabel: 'x' },
  ])('the options %j make no store', (options) => {
    expect(() => postgresFactorStore(pg, options as never)).toThrow(/tabel|"table"|"eventsTable"/);
    expect(() => postgresFactorSchema(options as never)).toThrow(/tabel|"table"|"eventsTable"/);
  });
});
