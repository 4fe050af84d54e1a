// On @libsql/client, which brings an SQLite, and over databases that answer as node:sqlite and
// better-sqlite3 do; those themselves are tested in test/servers.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createSqliteTable,
  type SqliteDatabase,
  sqliteSchema,
  sqliteStore,
} from '../../src/stores/sqlite.js';
import { testSingleUseStore } from '../../src/testing.js';
import { failureOf, testRefusals } from '../support/claim-checks.js';

const CLAIM =
  'INSERT INTO "otp_steps" AS held (id, step) VALUES (?, ?) ON CONFLICT (id) DO UPDATE ' +
  'SET step = excluded.step WHERE held.step < excluded.step';

const folder = mkdtempSync(join(tmpdir(), 'otpcore-sqlite-'));
const url = `file:${join(folder, 'app.db')}`;
const db = createClient({ url });
const store = sqliteStore(db);

beforeAll(async () => {
  await db.execute('PRAGMA synchronous = OFF');
  await createSqliteTable(db);
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

describe('On libsql', () => {
  testSingleUseStore(store, test);

  test('ids with NUL are kept', async () => {
    for (const id of ['nul', 'nul\0', 'nul\0a', '\0']) {
      expect([await store.claim(id, 7), await store.claim(id, 7)]).toEqual([true, false]);
    }
  });

  test('steps are stored exactly, as integers', async () => {
    const steps = [0, 2 ** 31, 2 ** 53 - 1];
    for (const step of steps) await store.claim(`exact ${step}`, step);
    const { rows } = await db.execute(
      "SELECT typeof(step), CAST(step AS TEXT) FROM otp_steps WHERE id LIKE 'exact %' ORDER BY step",
    );
    expect(rows.map(({ 0: type, 1: text }) => [type, text])).toEqual(
      steps.map((step) => ['integer', String(step)]),
    );
  });

  test('the file keeps the claims for whoever opens it next', async () => {
    await store.claim('file', 7);
    const other = createClient({ url });
    const reopened = sqliteStore(other);
    expect([await reopened.claim('file', 7), await reopened.claim('file', 8)]).toEqual([
      false,
      true,
    ]);
    other.close();
    expect(await store.claim('file', 8)).toBe(false);
  });

  test('a claim in a transaction that is rolled back was not made', async () => {
    const transaction = await db.transaction('write');
    const inside = sqliteStore(transaction);
    expect([await inside.claim('back', 7), await inside.claim('back', 7)]).toEqual([true, false]);
    await transaction.rollback();
    expect(await store.claim('back', 7)).toBe(true);
  });

  test('a lock that another holds is an error, and nothing is granted', async () => {
    const other = createClient({ url });
    const transaction = await other.transaction('write');
    expect(await failureOf(store, 'locked', 7)).toMatchObject({ code: 'SQLITE_BUSY' });
    await transaction.rollback();
    other.close();
    expect(await store.claim('locked', 7)).toBe(true);
  });

  test('a database that only reads is an error, and nothing is granted', async () => {
    await db.execute('PRAGMA query_only = ON');
    expect(await failureOf(store, 'read only', 7)).toMatchObject({ code: 'SQLITE_READONLY' });
    await db.execute('PRAGMA query_only = OFF');
    expect(await store.claim('read only', 7)).toBe(true);
  });

  test('a table that is not there is the error of SQLite', async () => {
    const failure = await failureOf(sqliteStore(db, { table: 'nowhere' }), 'alice', 7);
    expect(failure).toMatchObject({ code: 'SQLITE_ERROR' });
  });
});

describe('A table of one’s own', () => {
  test.each(['Users', '2fa_steps', 'main.steps', 'order'])('may be %s', async (table) => {
    await createSqliteTable(db, { table });
    await createSqliteTable(db, { table });
    const own = sqliteStore(db, { table });
    expect([await own.claim('own', 7), await own.claim('own', 7)]).toEqual([true, false]);
    const { rows } = await db.execute(`SELECT id, step FROM "${table.replace('.', '"."')}"`);
    expect(rows.map(({ id, step }) => [id, step])).toEqual([['own', 7]]);
  });

  test('is made by the statement for a migration too, as often as that runs', async () => {
    const schema = sqliteSchema({ table: 'migrated' });
    await db.execute(schema);
    await db.execute(schema);
    expect(await sqliteStore(db, { table: 'migrated' }).claim('own', 7)).toBe(true);
  });

  test('takes no step that is not a whole number', async () => {
    const insert = (step: unknown) =>
      db.execute({ sql: "INSERT INTO otp_steps VALUES ('odd', ?)", args: [step as string] });
    await expect(insert('soon')).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
    await expect(insert(6.5)).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
  });
});

/** A client that answers as D1 does; `run` stands for the statement. */
function d1Of(run: (sql: string, values: unknown[]) => Promise<unknown>) {
  return {
    prepare: (sql: string) => ({
      bind: (...values: unknown[]) => ({ run: () => run(sql, values) }),
    }),
    batch() {},
  };
}

/** A client that answers as the SQL of a Durable Object does. */
const durableObjectOf = (exec: (sql: string, values: unknown[]) => unknown[]) => ({
  exec: (sql: string, ...values: unknown[]) => ({ toArray: () => exec(sql, values) }),
  databaseSize: 4096,
});

const UNKNOWN = expect.objectContaining({
  name: 'TypeError',
  message: expect.stringMatching(/^"db" is of an unknown kind: it did not answer with \w/),
});

describe('Over a client of another kind', () => {
  class Itself {
    run() {
      return this;
    }
  }
  /** As plain JavaScript hands them over: each is right for some other adapter. */
  const clients: Readonly<Record<string, (fails: boolean) => object>> = {
    'D1 without changes': (fails) =>
      d1Of(async () => {
        if (fails) return { success: true };
        return { success: true, meta: { changes: '1' } };
      }),
    'D1 without an answer': () => d1Of(async () => undefined),
    'D1 that binds nothing': () => ({ prepare: () => ({ bind: () => undefined }), batch() {} }),
    'a Durable Object without rows': () => durableObjectOf(() => undefined as never),
    'a Durable Object without an answer': () => ({ exec: () => undefined, databaseSize: 0 }),
    'a thenable': (fails) => ({
      prepare: () => ({
        run: () => ({
          // biome-ignore lint/suspicious/noThenProperty: a lazy query is one
          then: (done: (value: unknown) => void, fail: (error: Error) => void) =>
            fails ? fail(new Error('lazy')) : done({ changes: 1 }),
        }),
      }),
    }),
    'node-sqlite3': () => ({ prepare: () => new Itself() }),
    'sql.js': () => ({ prepare: () => ({ run: () => true }) }),
    'a client without an answer': () => ({ prepare: () => ({ run: () => undefined }) }),
    'a number': () => ({ prepare: () => ({ run: () => 1 }) }),
    mysql2: () => ({ execute: async () => [{ affectedRows: 1, insertId: 1 }, undefined] }),
    'libsql without an answer': () => ({ execute: async () => undefined }),
    'libsql with a text': () => ({ execute: async () => ({ rowsAffected: '1' }) }),
    'a client with callbacks': () => ({ execute: () => undefined }),
  };
  const rows = Object.keys(clients).flatMap((name) => [
    [name, 'answers', false] as const,
    [name, 'fails', true] as const,
  ]);

  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => void process.off('unhandledRejection', note));

  test.each(rows)('as %s, which %s, a claim and the table are errors', async (name, _, fails) => {
    const client = clients[name]?.(fails) as never;
    expect(await failureOf(sqliteStore(client), 'alice', 7)).toEqual(UNKNOWN);
    await expect(createSqliteTable(client)).rejects.toEqual(UNKNOWN);
    // Rejections that nobody handles are told of after the microtasks.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });

  test('its claim throws at once if it answers at once', () => {
    const store = sqliteStore(clients['sql.js']?.(false) as never);
    expect(() => store.claim('alice', 7)).toThrow(UNKNOWN);
  });
});

describe('Over the databases of a worker', () => {
  test('a claim on D1 is one statement, and its changes are the answer', async () => {
    const sent: unknown[] = [];
    const changes = [0, 1, 0];
    const client = d1Of(async (...statement) => {
      sent.push(statement);
      return { meta: { changes: changes.shift() } };
    });
    await createSqliteTable(client as never);
    const store = sqliteStore(client as never);
    expect([await store.claim('alice', 7), await store.claim('alice', 8)]).toEqual([true, false]);
    expect(sent).toEqual([
      [sqliteSchema(), []],
      [CLAIM, ['alice', 7]],
      [CLAIM, ['alice', 8]],
    ]);
  });

  test('a claim on a Durable Object is answered at once, by its rows', async () => {
    const sent: unknown[] = [];
    const rows = [[], [{ 1: 1 }], []];
    const client = durableObjectOf((...statement) => {
      sent.push(statement);
      return rows.shift() ?? [];
    });
    await createSqliteTable(client);
    const store = sqliteStore(client);
    expect([store.claim('alice', 7), store.claim('alice', 8)]).toEqual([true, false]);
    expect(sent).toEqual([
      [sqliteSchema(), []],
      [`${CLAIM} RETURNING 1`, ['alice', 7]],
      [`${CLAIM} RETURNING 1`, ['alice', 8]],
    ]);
  });

  test('an error comes through as it is', async () => {
    const lost = new Error('D1_ERROR: Network connection lost.');
    const d1 = d1Of(() => Promise.reject(lost)) as never;
    expect(await failureOf(sqliteStore(d1), 'alice', 7)).toBe(lost);
    await expect(createSqliteTable(d1)).rejects.toBe(lost);
    const durable = durableObjectOf(() => {
      throw lost;
    });
    expect(() => sqliteStore(durable).claim('alice', 7)).toThrow(lost);
    const twoRows = sqliteStore(durableObjectOf(() => [1, 2]));
    expect(() => twoRows.claim('alice', 7)).toThrow(UNKNOWN);
  });
});

describe('Over a database that answers at once', () => {
  const sent: unknown[] = [];
  let answer: () => unknown;

  const db: SqliteDatabase = {
    prepare(sql) {
      sent.push(sql);
      return {
        run(...values) {
          sent.push(values);
          return { changes: answer() as number, lastInsertRowid: 0 };
        },
      };
    },
  };

  beforeEach(() => {
    sent.length = 0;
  });

  test.each([
    ['numbers', 1, 0],
    ['bigints', 1n, 0n],
  ])('in %s a claim is one statement, prepared once, and so is its answer', (_, yes, no) => {
    const store = sqliteStore(db);
    expect(sent).toEqual([]);
    answer = () => yes;
    expect(store.claim('alice', 7)).toBe(true);
    answer = () => no;
    expect(store.claim('alice', 8)).toBe(false);
    expect(sent).toEqual([CLAIM, ['alice', 7], ['alice', 8]]);
  });

  test('its error comes through as it is', async () => {
    const busy = new Error('database is locked');
    answer = () => {
      throw busy;
    };
    expect(() => sqliteStore(db).claim('alice', 7)).toThrow(busy);
    await expect(createSqliteTable(db)).rejects.toBe(busy);
  });

  test.each([[undefined], [null], ['1'], [true], [{}], [2], [-1], [0.5], [Number.NaN], [2n]])(
    'a number of changes that is %o is an error',
    (changes) => {
      answer = () => changes;
      expect(() => sqliteStore(db).claim('alice', 7)).toThrow(UNKNOWN);
    },
  );

  test('a statement that could not be prepared is tried again', () => {
    let isThere = false;
    const store = sqliteStore({
      prepare(sql) {
        if (!isThere) throw new Error('no such table');
        return db.prepare(sql);
      },
    });
    answer = () => 1;
    expect(() => store.claim('alice', 7)).toThrow('no such table');
    isThere = true;
    expect(store.claim('alice', 7)).toBe(true);
  });

  test('a statement that failed is prepared anew by the next claim, and not before', () => {
    const store = sqliteStore(db);
    answer = () => {
      throw new Error('statement has been finalized');
    };
    expect(() => store.claim('alice', 7)).toThrow('finalized');
    expect(sent).toEqual([CLAIM, ['alice', 7]]);
    answer = () => 1;
    expect([store.claim('alice', 7), store.claim('alice', 8)]).toEqual([true, true]);
    expect(sent.slice(2)).toEqual([CLAIM, ['alice', 7], ['alice', 8]]);
  });

  test('its table is there when the call returns', () => {
    answer = () => 0;
    void createSqliteTable(db);
    expect(sent).toEqual([sqliteSchema(), []]);
  });

  testRefusals(sqliteStore(db), sent, ['\ud83d', 'secret\udd11', '\ufffe', 'secret\uffff']);

  test.each([
    undefined,
    null,
    {},
    'app.db',
    () => {},
    { prepare: true },
    { execute: 'sql' },
    { sql: {} },
    { prepare() {}, getRowsModified() {} },
  ])('which is %o a store is not made', (db) => {
    expect(() => sqliteStore(db as never)).toThrow(TypeError);
  });
});
