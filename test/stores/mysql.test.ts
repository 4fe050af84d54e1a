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
  'ON DUPLICATE KEY UPDATE step = ' +
  'IF(LAST_INSERT_ID(IF(HEX(id) = ?, IF(step < ?, 1, 2), 3)) = 1, ?, step)';

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
/** What a server answers: to a claim, by how many it granted so far; to another statement, nothing. */
function serverThat(grants: (granted: number) => boolean) {
  let claims = 0;
  return (values: (string | number)[]) =>
    values.length === 0
      ? [{ affectedRows: 0, insertId: 0 }, undefined]
      : SHAPES.mysql2(grants(claims++));
}

/** An id as MySQL's HEX() gives it back. */
const hexOf = (id: string) => Buffer.from(id, 'utf16le').swap16().toString('hex').toUpperCase();

/** The values of a claim of this id. */
const valuesOf = (id: string, step: unknown) => [hexOf(id), step, hexOf(id), step, step];

const CHECK = valuesOf('otpcore:check-store', expect.any(Number));

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
    const expected = [{ sql: CLAIM, namedPlaceholders: false }, valuesOf('al\u{1f511}', 7)];
    expect(sent).toEqual([expected, expected]);
  });
});

describe('A client', () => {
  test('of mysql2 with callbacks is asked for its promises', async () => {
    const inner = clientThat(serverThat((grants) => grants === 0 || grants === 1));
    const store = mysqlStore({ promise: () => inner });
    expect(await store.claim('alice', 7)).toBe(true);
    await createMysqlTable({ promise: () => inner }, { table: 'app.steps' });
    expect(sent).toMatchObject([
      [{ sql: CLAIM }, valuesOf('alice', 7)],
      [{ sql: mysqlSchema({ table: 'app.steps' }) }, []],
      [{ sql: CLAIM.replace('otp_steps', 'app`.`steps') }, CHECK],
      [{ sql: CLAIM.replace('otp_steps', 'app`.`steps') }, CHECK],
    ]);
    expect(sent[2]).toEqual(sent[3]);
  });

  test('whose table has lost its key is found when the table is made', async () => {
    const client = clientThat(serverThat(() => true));
    await expect(createMysqlTable(client)).rejects.toThrow(/^the store grants one step twice/);
    await expect(createMysqlTable(clientThat(serverThat(() => false)))).rejects.toThrow(
      /^the store refuses every claim/,
    );
  });

  test('whose table stores a different id than it was given is found too', async () => {
    const client = clientThat((values) =>
      values.length === 0 ? [{ insertId: 0 }] : [{ affectedRows: 1, insertId: 3 }],
    );
    const error = {
      name: 'Error',
      message: expect.stringMatching(/^the table stores a different id/),
    };
    expect(await failureOf(mysqlStore(client), 'hotp:7', 7)).toMatchObject(error);
    await expect(createMysqlTable(client)).rejects.toMatchObject(error);
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
    [{ insertId: true }],
    [{ insertId: [1] }],
    [{ insertId: ' 1' }],
    [{ insertId: '0x1' }],
    [{ insertId: '' }],
    [{ insertId: { valueOf: () => 1 } }],
    [true],
    [1],
    [[1]],
    [{ rows: [], rowCount: 1 }],
    [{ changes: 1 }],
  ])('that answers %o has granted nothing: that is an error', async (answer) => {
    const client = clientThat(() => answer);
    const error = {
      name: 'TypeError',
      message: '"client" is of an unknown kind: it did not answer with an insert id',
    };
    expect(await failureOf(mysqlStore(client), 'alice', 7)).toMatchObject(error);
    await expect(createMysqlTable(client)).rejects.toMatchObject(error);
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
