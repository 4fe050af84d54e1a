// On @libsql/client, and on `libsql`, which comes with it and answers at once as better-sqlite3 does;
// that one also stands behind the shapes of node:sqlite, bun:sqlite, D1 and a Durable Object's storage.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createSqliteFactorTable,
  type D1FactorDatabase,
  type DurableObjectFactorSql,
  type SqliteFactorDatabase,
  type SqliteFactorSyncDatabase,
  sqliteFactorSchema,
  sqliteFactorStore,
} from '../../src/second-factor/sqlite.js';
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
const folder = mkdtempSync(join(tmpdir(), 'otpcore-factors-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Raw {
  prepare(sql: string): {
    all(...values: unknown[]): unknown[];
    get(...values: unknown[]): unknown;
    run(...values: unknown[]): unknown;
    bind(...values: unknown[]): unknown;
    reader: boolean;
  };
  exec(sql: string): void;
}

function openRaw(name: string): Raw {
  const raw = new Database(join(folder, name)) as unknown as Raw;
  raw.exec('PRAGMA synchronous = OFF');
  return raw;
}

/** What a statement answers. */
function rowsOf(raw: Raw, sql: string, values: unknown[]): unknown[] {
  const statement = raw.prepare(sql);
  if (statement.reader) return statement.all(...values);
  statement.run(...values);
  return [];
}

/** As better-sqlite3 does: `all` wants rows, and a numbered placeholder is a name. */
function strictRowsOf(raw: Raw, sql: string, values: unknown[]): unknown[] {
  if (!raw.prepare(sql).reader) throw new TypeError('This statement does not return data');
  if (/\?\d/.test(sql)) throw new RangeError('Too many parameter values were provided');
  return rowsOf(raw, sql, values);
}

const SHAPES: Record<string, (raw: Raw) => SqliteFactorDatabase> = {
  'better-sqlite3, whose statements have `bind` and `get`': (raw): SqliteFactorSyncDatabase => ({
    prepare: (sql) => ({
      all: (...values: string[]) => strictRowsOf(raw, sql, values),
      run: () => rowsOf(raw, sql, []),
      get: () => undefined,
      bind() {
        throw new Error('bound for good');
      },
    }),
  }),
  'node:sqlite and bun:sqlite, whose statements have no `bind`': (
    raw,
  ): SqliteFactorSyncDatabase => ({
    prepare: (sql) => ({
      all: (...values) =>
        rowsOf(raw, sql, values).map((row) => Object.assign(Object.create(null), row)),
      run: () => rowsOf(raw, sql, []),
      get: () => undefined,
    }),
  }),
  D1: (raw): D1FactorDatabase => ({
    prepare: (sql) => ({
      bind: (...values) => ({
        async all() {
          await Promise.resolve();
          return { success: true, meta: { changes: 1 }, results: rowsOf(raw, sql, values) };
        },
      }),
      async run() {
        rowsOf(raw, sql, []);
      },
      first: () => undefined,
    }),
  }),
  'a Durable Object': (raw): DurableObjectFactorSql => ({
    exec: (sql, ...values) => ({ toArray: () => rowsOf(raw, sql, values), rowsWritten: 1 }),
  }),
};

describe.each(Object.entries(SHAPES))('In the shape of %s', (name, shape) => {
  const raw = openRaw(`${name.replace(/\W/g, '')}.db`);
  const db = shape(raw);
  const options = { table: 'told', eventsTable: 'told_events' };
  beforeAll(async () => {
    await createSqliteFactorTable(db);
    await createSqliteFactorTable(db, options);
    await createSqliteFactorTable(db, options);
  });
  const erase = (table: string) => (userId: string) => {
    raw.prepare(`DELETE FROM ${table} WHERE user_id = ?`).run(userId);
  };

  testFactorStore(sqliteFactorStore(db), test, {
    other: sqliteFactorStore(shape(raw)),
    erase: erase('otp_factors'),
  });

  describe('with a table of events', () => {
    testFactorStore(sqliteFactorStore(db, options), test, { erase: erase('told') });

    test('events are rows of the same statement, and those of a lost write leave none', async () => {
      const store = sqliteFactorStore(db, options);
      const details = {
        ...more,
        events: [event, { ...event, type: 'locked', notify: false } as const],
      };
      expect(await store.write(USER, '{}', undefined, details)).toBe(true);
      expect(await store.write(USER, '{}', undefined, details)).toBe(false);
      expect(await store.write(USER, '{}', '7', details)).toBe(false);
      const sql = 'SELECT at, type, notify, event FROM told_events WHERE user_id = ? ORDER BY id';
      const rows = raw.prepare(sql).all(USER) as { event: string }[];
      expect(rows).toMatchObject([
        { at: event.at, type: 'reset', notify: 1 },
        { at: event.at, type: 'locked', notify: 0 },
      ]);
      expect(JSON.parse(rows[0]?.event ?? '')).toEqual(event);
      const stored = await store.read(USER);
      expect(await store.write(USER, '{"a":1}', stored?.version, details)).toBe(true);
      expect(raw.prepare(sql).all(USER)).toHaveLength(4);
    });
  });

  test('a whole second factor works', async () => {
    const world = newWorld({ store: sqliteFactorStore(db) });
    const { phone } = await enrol(world, {}, 'whole');
    const wrong = wrongCode([phone]);
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => world.second.verify('whole', wrong)),
    );
    expect(answers.filter((answer) => !answer.ok && answer.reason === 'mismatch')).toHaveLength(3);
  });

  test('an unknown answer is an error, never a user without a factor', async () => {
    const silent = { execute: () => Promise.resolve({}), all: () => undefined };
    await expect(async () => sqliteFactorStore(silent as never).read('a')).rejects.toThrow(/"db"/);
    const strange = { prepare: () => ({ all: () => [{ record: '{}' }], get: () => undefined }) };
    expect(() => sqliteFactorStore(strange as never).read('a')).toThrow(TypeError);
  });
});

describe('On libsql', () => {
  const url = `file:${join(folder, 'client.db')}`;
  const db = createClient({ url });
  beforeAll(async () => {
    await db.execute('PRAGMA synchronous = OFF');
    await createSqliteFactorTable(db);
  });
  afterAll(() => db.close());
  const store: FactorStore = sqliteFactorStore(db);
  const erase = (userId: string) =>
    db.execute({ sql: 'DELETE FROM otp_factors WHERE user_id = ?', args: [userId] });

  testFactorStore(store, test, { other: sqliteFactorStore(db), erase });

  test('state, keys and the time of the write lie beside the record, and versions keep every digit', async () => {
    await store.write('columns', '{"a":1}', undefined, more);
    const { rows } = await db.execute(
      "SELECT record, state, sealed_with, typeof(version) AS type, CAST(version AS TEXT) AS version, updated_at FROM otp_factors WHERE user_id = 'columns'",
    );
    expect(rows).toMatchObject([
      { record: '{"a":1}', state: 'active', sealed_with: 'k1,k2', type: 'integer' },
    ]);
    const { version } = (await store.read('columns')) ?? {};
    expect(rows[0]?.version).toBe(version);
    expect(Number(version)).toBeGreaterThan(2 ** 53);
    expect(Number(rows[0]?.updated_at)).toBeGreaterThan(1_600_000_000_000);
    await store.write('columns', '{"a":2}', version, more);
    expect((await store.read('columns'))?.version).toBe(String(BigInt(version ?? 0) + 1n));
    expect(await store.write('columns', '{"a":3}', String(BigInt(version ?? 0) + 2n), more)).toBe(
      false,
    );
  });

  test('a write in a transaction that is rolled back was not made: so such a client is wrong', async () => {
    const transaction = await db.transaction('write');
    expect(await sqliteFactorStore(transaction).write('inside', '{}', undefined, more)).toBe(true);
    await transaction.rollback();
    expect(await store.read('inside')).toBeUndefined();
  });

  test('a lock that another holds, and a database that only reads, are errors', async () => {
    const other = createClient({ url });
    const transaction = await other.transaction('write');
    await expect(store.write('locked', '{}', undefined, more)).rejects.toMatchObject({
      code: 'SQLITE_BUSY',
    });
    await transaction.rollback();
    other.close();
    await db.execute('PRAGMA query_only = ON');
    await expect(store.write('locked', '{}', undefined, more)).rejects.toMatchObject({
      code: 'SQLITE_READONLY',
    });
    await db.execute('PRAGMA query_only = OFF');
    expect(await store.write('locked', '{}', undefined, more)).toBe(true);
  });

  test('a table that is not there is the error of SQLite', async () => {
    const nowhere = sqliteFactorStore(db, { table: 'nowhere' });
    await expect(nowhere.read('a')).rejects.toMatchObject({ code: 'SQLITE_ERROR' });
  });

  test('the schema makes tables with names of one’s own', async () => {
    for (const table of ['Users', '2fa', 'main.factors', 'order']) {
      const options = { table, eventsTable: `${table}_events` };
      await createSqliteFactorTable(db, options);
      const own = sqliteFactorStore(db, options);
      expect(await own.write('own', '{}', undefined, { ...more, events: [event] })).toBe(true);
      expect(await own.read('own')).toMatchObject({ record: '{}' });
    }
    await db.executeMultiple(
      sqliteFactorSchema({ table: 'migrated', eventsTable: 'migrated_events' }),
    );
    expect(
      await sqliteFactorStore(db, { table: 'migrated' }).write('own', '{}', undefined, more),
    ).toBe(true);
  });
});

test.each([undefined, null, {}, 'file.db', { execute: 1 }])('%j is no database', (db) => {
  expect(() => sqliteFactorStore(db as never)).toThrow(/"db"/);
});

test('A statement of a database that was closed is prepared anew', () => {
  let isOpen = false;
  const answers: SqliteFactorSyncDatabase = {
    prepare: () => {
      const wasOpen = isOpen;
      return {
        all() {
          if (!wasOpen) throw new Error('closed');
          return [];
        },
        run: () => undefined,
      };
    },
  };
  const store = sqliteFactorStore(answers);
  expect(() => store.read('a')).toThrow('closed');
  isOpen = true;
  expect(store.read('a')).toBeUndefined();
});

test.each(['\ud83d', 'a\uffff', '\ufffe'])(
  'The user id %j is refused before anything is sent',
  (userId) => {
    const db = { prepare: () => expect.unreachable() };
    expect(() => sqliteFactorStore(db as never).read(userId)).toThrow(/"userId"/);
  },
);
