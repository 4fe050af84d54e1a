// Over clients that answer as mysql2 and mariadb do; those themselves are tested on a real server, in
// test/servers.
import { beforeEach, describe, expect, test } from 'vitest';
import {
  createMysqlTable,
  type MysqlPromiseClient,
  mysqlSchema,
  mysqlStore,
} from '../../src/stores/mysql.js';
import { testSingleUseStore } from '../../src/testing.js';
import { failureOf, testRefusals } from '../support/claim-checks.js';
import { naiveStore } from '../support/naive-store.js';

const CLAIM =
  'INSERT INTO `otp_steps` (id, step) VALUES (UNHEX(?), ? * LAST_INSERT_ID(1)) ' +
  'ON DUPLICATE KEY UPDATE step = IF(LAST_INSERT_ID(IF(step < ?, 1, 2)) = 1, ?, step)';

const sent: unknown[] = [];

beforeEach(() => {
  sent.length = 0;
});

/** A client of which nothing is known but how it answers. */
function clientThat(answer: (values: (string | number)[]) => unknown): MysqlPromiseClient {
  return {
    query(...args) {
      sent.push(args);
      return Promise.resolve().then(() => answer(args[1]));
    },
  };
}

/** With found rows, as by default, an insert and an update that changes nothing count the same. */
const header = (isGranted: boolean) => ({ affectedRows: 1, insertId: isGranted ? 1 : 2 });

const SHAPES = {
  mysql2: (isGranted: boolean) => [header(isGranted), undefined],
  'mysql2 with big numbers as texts': (isGranted: boolean) => [
    { ...header(isGranted), insertId: isGranted ? '1' : '2' },
    undefined,
  ],
  mariadb: (isGranted: boolean) => ({ ...header(isGranted), insertId: isGranted ? 1n : 2n }),
  'mariadb with metadata as an array': (isGranted: boolean) => [
    { ...header(isGranted), insertId: isGranted ? 1n : 2n },
  ],
};
const shapes = Object.entries(SHAPES);

describe.each(shapes)('Over a client of %s', (_, shape) => {
  // Stands for the table: its key is the bytes that the statement names.
  const table = naiveStore();
  const client = clientThat(([hex, step]) =>
    shape(table.claim(Buffer.from(hex as string, 'hex').toString('hex'), step as number)),
  );
  testSingleUseStore(mysqlStore(client), test);

  test('a claim is one statement', async () => {
    const store = mysqlStore(client);
    expect(sent).toEqual([]);
    expect([await store.claim('al\u{1f511}', 7), await store.claim('al\u{1f511}', 7)]).toEqual([
      true,
      false,
    ]);
    const expected = [{ sql: CLAIM, namedPlaceholders: false }, ['0061006cd83ddd11', 7, 7, 7]];
    expect(sent).toEqual([expected, expected]);
  });
});

describe('A client', () => {
  test('of mysql2 with callbacks is asked for its promises', async () => {
    const inner = clientThat(() => SHAPES.mysql2(true));
    const store = mysqlStore({ promise: () => inner });
    expect(await store.claim('alice', 7)).toBe(true);
    await createMysqlTable({ promise: () => inner }, { table: 'app.steps' });
    expect(sent).toMatchObject([
      [{ sql: CLAIM }, ['0061006c006900630065', 7, 7, 7]],
      [{ sql: mysqlSchema({ table: 'app.steps' }) }, []],
    ]);
  });

  test('that fails has its error come through as it is', async () => {
    const lost = new Error('connection lost');
    const client = clientThat(() => {
      throw lost;
    });
    expect(await failureOf(mysqlStore(client), 'alice', 7)).toBe(lost);
    await expect(createMysqlTable(client)).rejects.toBe(lost);
  });

  test.each([
    [undefined],
    [null],
    [[]],
    [[{ affectedRows: 1, insertId: 0 }, undefined]],
    [{ affectedRows: 1 }],
    [{ affectedRows: 1, insertId: null }],
    [{ affectedRows: 1n, insertId: 57n }],
    [{ insertId: 'yes' }],
  ])('that answers %o has granted nothing: that is an error', async (answer) => {
    const store = mysqlStore(clientThat(() => answer));
    expect(await failureOf(store, 'alice', 7)).toMatchObject({
      name: 'TypeError',
      message: '"client" did not answer a claim with an insert id',
    });
  });

  test.each([
    undefined,
    null,
    {},
    'mysql://',
    () => {},
    { query: 1 },
    { promise: () => undefined },
  ])('may not be %o', (client) => {
    expect(() => mysqlStore(client as never)).toThrow(TypeError);
  });

  testRefusals(mysqlStore(clientThat(() => SHAPES.mysql2(true))), sent, []);
});

test('The table takes the longest id without cutting it', async () => {
  const client = clientThat(() => SHAPES.mysql2(true));
  const bytes = Number(/VARBINARY\((\d+)\)/.exec(mysqlSchema())?.[1]);
  await mysqlStore(client).claim('\uffff'.repeat(1029), 7);
  const [, [hex]] = sent[0] as [unknown, [string]];
  expect(hex.length / 2).toBe(bytes);
  // What a key of InnoDB may have.
  expect(bytes).toBeLessThanOrEqual(3072);
});
