// Over clients that answer as mysql2 and mariadb do, with a table of this process behind them.
import { beforeEach, describe, expect, test } from 'vitest';
import {
  createMysqlFactorTable,
  type MysqlFactorPromiseClient,
  mysqlFactorSchema,
  mysqlFactorStore,
} from '../../src/second-factor/mysql.js';
import { testFactorStore } from '../../src/second-factor/testing.js';

const more = { state: 'active', sealedWith: ['k1', 'k2'], events: [] } as const;
const sent: [{ sql: string }, string[]][] = [];
beforeEach(() => {
  sent.length = 0;
});

function clientThat(answer: (sql: string, values: string[]) => unknown): MysqlFactorPromiseClient {
  return {
    async query(statement, values) {
      sent.push([statement, values]);
      await Promise.resolve();
      return answer(statement.sql, values);
    },
  };
}

/** Stands for the table: its key is the bytes that the statement names. */
function fakeTable() {
  const rows = new Map<string, { record: Uint8Array; version: string }>();
  let count = 0;
  const duplicate = () => Object.assign(new Error('Duplicate entry'), { errno: 1062 });
  const run = (sql: string, values: string[]) => {
    if (sql.startsWith('SELECT')) {
      const row = rows.get(values[0] ?? '');
      return { rows: row ? [row] : [] };
    }
    const [hex = '', , , , id = '', version] = values;
    const row = rows.get(id);
    if (sql.startsWith('INSERT')) {
      if (row) throw duplicate();
    } else if (row?.version !== version) return { affectedRows: 0 };
    rows.set(id, { record: Buffer.from(hex, 'hex'), version: String(++count) });
    return { affectedRows: 1 };
  };
  return {
    run,
    erase: (id: string) => rows.delete(Buffer.from(id, 'utf16le').swap16().toString('hex')),
  };
}

type Answer = { rows?: unknown[]; affectedRows?: number };
const SHAPES: Record<string, (answer: Answer) => unknown> = {
  mysql2: ({ rows, affectedRows }) =>
    rows ? [rows, [{ name: 'record' }]] : [{ affectedRows }, undefined],
  mariadb: ({ rows, affectedRows }) =>
    rows ? Object.assign([...rows], { meta: [] }) : { affectedRows, insertId: 0n },
  'mariadb with big numbers': ({ rows, affectedRows }) =>
    rows ?? { affectedRows: BigInt(affectedRows ?? 0) },
};

describe.each(Object.entries(SHAPES))('Over a client of %s', (_, shape) => {
  const table = fakeTable();
  const client = clientThat((sql, values) => shape(table.run(sql, values)));
  const store = mysqlFactorStore(client);
  testFactorStore(store, test, {
    other: mysqlFactorStore({ promise: () => client }),
    erase: table.erase,
  });

  test('a read and a write are one statement each, and every text in it is hex', async () => {
    await store.write('al🔑', `{"a":"'\\"}`, undefined, more);
    await store.write('al🔑', '{}', '7', more);
    await store.read('al🔑');
    const id = '0061006cd83ddd11';
    expect(sent.map(([{ sql }, values]) => [sql.split(' ')[0], values])).toEqual([
      ['INSERT', [Buffer.from(`{"a":"'\\"}`).toString('hex'), 'active', 'k1,k2', '5b5d', id]],
      ['UPDATE', ['7b7d', 'active', 'k1,k2', '5b5d', id, '7']],
      ['SELECT', [id]],
    ]);
    for (const [statement] of sent) {
      expect(statement).toMatchObject({
        namedPlaceholders: false,
        rowsAsArray: false,
        metaAsArray: false,
      });
    }
    expect(sent[1]?.[0].sql).toMatch(
      /version = version \+ 1.*AND version = CAST\(\? AS UNSIGNED\)$/,
    );
  });

  test('events go along in a column, if there is a table for them', async () => {
    const event = { type: 'reset', userId: 'a', at: 1, notify: true, by: '🔑' } as const;
    const details = { ...more, events: [event] };
    await store.write('told', '{}', undefined, details);
    await mysqlFactorStore(client, { eventsTable: 'told' }).write(
      'told 2',
      '{}',
      undefined,
      details,
    );
    const [none, told] = sent.map(([, values]) => Buffer.from(values[3] ?? '', 'hex').toString());
    expect(none).toBe('[]');
    expect(told).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(told ?? '')).toEqual([event]);
  });
});

describe('A client', () => {
  test('that fails has its error come through as it is; a duplicate key is a lost write', async () => {
    const lost = Object.assign(new Error('connection lost'), { errno: 2013 });
    const store = mysqlFactorStore(
      clientThat(() => {
        throw lost;
      }),
    );
    await expect(store.read('a')).rejects.toBe(lost);
    await expect(store.write('a', '{}', undefined, more)).rejects.toBe(lost);
    await expect(store.write('a', '{}', '1', more)).rejects.toBe(lost);
    const duplicate = Object.assign(new Error('Duplicate'), { errno: 1062 });
    const full = mysqlFactorStore(
      clientThat(() => {
        throw duplicate;
      }),
    );
    expect(await full.write('a', '{}', undefined, more)).toBe(false);
    await expect(full.write('a', '{}', '1', more)).rejects.toBe(duplicate);
  });

  test.each([
    undefined,
    null,
    {},
    'x',
    [{}],
    [{ affectedRows: 2 }],
    { affectedRows: null },
    { affectedRows: 'x' },
  ])('that answers a write with %j is an error', async (answer) => {
    const store = mysqlFactorStore(clientThat(() => answer));
    await expect(store.write('a', '{}', '1', more)).rejects.toThrow(TypeError);
  });

  test.each([
    undefined,
    null,
    {},
    'x',
    [{}],
    [{ record: 'x' }],
    [[{ record: 7, version: '1' }]],
    [{ record: '{}', version: 7 }],
  ])('that answers a read with %j is an error, never a user without a factor', async (answer) => {
    await expect(mysqlFactorStore(clientThat(() => answer)).read('a')).rejects.toThrow(TypeError);
  });

  test.each([undefined, null, {}, 'mysql://', { query: 1 }, { promise: () => undefined }])(
    'may not be %j',
    (client) => {
      expect(() => mysqlFactorStore(client as never)).toThrow(/"client"/);
    },
  );
});

test('The table takes the longest id without cutting it, in what a key of InnoDB may have', async () => {
  const bytes = Number(/VARBINARY\((\d+)\)/.exec(mysqlFactorSchema())?.[1]);
  const store = mysqlFactorStore(clientThat(() => []));
  await store.read('\uffff'.repeat(1024));
  expect((sent[0]?.[1][0]?.length ?? 0) / 2).toBe(bytes);
  expect(bytes).toBeLessThanOrEqual(3072);
});

test('Tables and triggers are made by a statement each', async () => {
  await createMysqlFactorTable(
    clientThat(() => []),
    { table: 'app.factors', eventsTable: 'app.told' },
  );
  expect(sent.map(([{ sql }]) => sql.split('(')[0]?.trim())).toEqual([
    'CREATE TABLE IF NOT EXISTS `app`.`factors`',
    'CREATE TABLE IF NOT EXISTS `app`.`told`',
    expect.stringContaining(
      'CREATE TRIGGER IF NOT EXISTS `app`.`factors_events_insert` AFTER INSERT ON `app`.`factors`',
    ),
    expect.stringContaining(
      'CREATE TRIGGER IF NOT EXISTS `app`.`factors_events_update` AFTER UPDATE ON `app`.`factors`',
    ),
  ]);
});
