// The SQL stores of the second factor when things fail: processes and servers that are killed,
// connections that are cut, disks that are full, databases that may only be read, and every isolation
// level.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryFactorStore } from '../../dist/second-factor/memory.js';
import { nodeWithSqlite } from './support/claimers.mjs';
import { testCuts } from './support/factor-cuts.mjs';
import { judgeFactors, NOTHING_WRONG } from './support/factor-judge.mjs';
import {
  expectFullDiskToFail,
  expectOneWinner,
  expectReadOnlyToFail,
} from './support/factor-limits.mjs';
import { describeFactorStorm, runFactorStorm, startFactorWorker } from './support/factor-storm.mjs';
import { digest, traceSecondFactor } from './support/factor-trace.mjs';
import { mariadbProgram, mariadbRemedy, startMariadb } from './support/mariadb.mjs';
import { describeWith } from './support/needs.mjs';
import { postgresProgram, postgresRemedy, startPostgres } from './support/postgres.mjs';
import { makeFolder, removeFolder } from './support/server.mjs';
import {
  isMountable,
  mountSmallDisk,
  remountSmallDisk,
  unmountSmallDisk,
} from './support/small-disk.mjs';

const COMMANDS = [
  'adopt',
  'confirm',
  'enroll',
  'recover',
  'regenerate',
  'remove',
  'rename',
  'reseal',
  'reset',
  'resync',
  'unlock',
  'verify',
];

describe('The judge of a storm of commands', () => {
  const user = 'user-1';
  const record = (lastStep) =>
    JSON.stringify({ authenticators: [{ id: 'A', lastStep }], recovery: [] });
  const write = (id, base, from, lastStep, uses = []) => ({
    ...{ id, base, from, uses, of: 1 },
    to: digest(record(lastStep)),
  });
  const event = (type, one) => ({ type, userId: user, write: one });
  const adopted = write('1', null, null, -1);
  const accepted = write('2', '70', adopted.to, 5, ['A@5']);
  const refused = write('3', '71', accepted.to, 5, ['A@5']);
  const right = {
    told: [
      ...['1', '2', '3'].map((id) => ({ write: id, isKept: true })),
      { write: '4', isKept: false },
      { userId: user, command: 'verify', ok: true, uses: ['A@5'] },
      { userId: user, command: 'verify', ok: false, uses: ['A@5'] },
    ],
    events: [event('adopted', adopted), event('accepted', accepted), event('refused', refused)],
    rows: [[user, { record: record(5), version: '72' }]],
  };
  const [first, second, third] = right.events;
  const ok = { userId: user, command: 'verify', ok: true, uses: ['A@5'] };
  const stale = write('4', '71', accepted.to, 6, ['A@6']);

  test('finds a right history right', () => {
    expect(judgeFactors(right)).toEqual(NOTHING_WRONG);
  });

  test.each([
    ['a code that two commands accepted', 'acceptedTwice', { told: [...right.told, ok] }],
    [
      'a code that two writes spent',
      'spentTwice',
      { events: [first, second, event('accepted', refused)] },
    ],
    [
      'a write over a stale version',
      'offTheChain',
      { events: [...right.events, event('accepted', stale)] },
    ],
    ['a write after one that is gone', 'offTheChain', { events: [first, third] }],
    ['a row made anew', 'offTheChain', { events: [second, third] }],
    [
      'a write with half of its events',
      'tornEvents',
      { events: [first, event('accepted', { ...accepted, of: 2 }), third] },
    ],
    ['an acknowledged write without events', 'lostWrites', { events: [first, second] }],
    [
      'a refused write that was kept',
      'refusedButKept',
      { events: [...right.events, event('accepted', stale)] },
    ],
    [
      'a row of an older version',
      'wrongRows',
      { rows: [[user, { record: record(5), version: '71' }]] },
    ],
    [
      'a row with another record',
      'wrongRows',
      { rows: [[user, { record: record(6), version: '72' }]] },
    ],
    ['a row that is gone', 'wrongRows', { rows: [[user, undefined]] }],
    [
      'a spent code that is good again',
      'forgotten',
      { rows: [[user, { record: record(4), version: '72' }]] },
    ],
  ])('finds %s', (_, fault, changed) => {
    expect(judgeFactors({ ...right, ...changed })[fault]).not.toEqual([]);
  });
});

/** Registers the storms on a database. */
function testStorms({ title, kinds, address, server }) {
  const clients = () => kinds.map((kind) => [kind, address()]);
  const storm = async (name, options) => {
    const result = await runFactorStorm({ clients: clients(), ...options });
    console.log(describeFactorStorm(`${title}, ${name}`, result));
    return result;
  };

  test('A storm of all commands in which processes are killed leaves every row right', async () => {
    const kill = (workers) => Promise.all(workers.slice(0, 2).map((worker) => worker.kill()));
    const { verdict, accepted } = await storm('two of four processes killed', { kill });
    expect(verdict).toEqual(NOTHING_WRONG);
    expect(Object.keys(accepted).sort()).toEqual(COMMANDS);
  });

  test('A store that writes without looking is found by the same storm', async () => {
    const { verdict } = await storm('a store that does not look', { isLeaky: true });
    expect(verdict.acceptedTwice).not.toEqual([]);
    expect(verdict.offTheChain).not.toEqual([]);
  });

  // SQLite has none.
  if (server === undefined) return;
  test('A storm of all commands in which the server is killed loses no acknowledged change', async () => {
    const kill = async () => {
      await server().kill();
      await server().start();
    };
    const { verdict, accepted, failures } = await storm('server killed', { kill });
    expect(verdict).toEqual(NOTHING_WRONG);
    expect(Object.keys(accepted).sort()).toEqual(COMMANDS);
    expect(Object.keys(failures)).not.toEqual([]);
  });
}

/** Rows as a former release left them, read over a client. */
function testGoldenRows({ kind, address }) {
  const golden = (name) =>
    JSON.parse(readFileSync(new URL(`../second-factor/golden/${name}.json`, import.meta.url)));
  const row = golden('row');
  const record = JSON.stringify(golden('record'));
  const full = {
    userId: 'full',
    record,
    state: 'active',
    sealed_with: 'k1,k2',
    version: 2n ** 53n + 1n,
  };

  test(`A golden row is read over ${kind} as it was written, and lets its user in`, async () => {
    const name = `golden_${kind.replace(/\W/g, '_')}`;
    const tables = { table: name, eventsTable: `${name}_events` };
    const clock = { start: row.now, begun: 0, rate: 0 };
    const job = { kind, address: address(), tables, clock, keyHex: row.keyHex };
    const { ask, end } = await startFactorWorker(job);
    const command = (name, ...args) => ask('command', { name, args });
    await ask('createTable');
    for (const { version, ...stored } of [row, full]) {
      await ask('insert', { ...stored, version: String(version) });
      const { userId } = stored;
      expect(await ask('read', { userId })).toEqual({
        record: stored.record,
        version: String(version),
      });
      expect(await command('status', userId)).toEqual(await statusInMemory(stored, row.now));
    }
    expect(await command('verify', row.userId, row.totp)).toMatchObject({ ok: true, delta: 0 });
    expect(await command('verify', row.userId, row.totp)).toMatchObject({ reason: 'reused' });
    expect(await command('recover', row.userId, row.recoveryCode)).toMatchObject({ ok: true });
    expect((await ask('read', { userId: row.userId })).version).toBe('3');
    const [{ id }] = golden('record').authenticators;
    expect(await command('rename', 'full', id, 'Renamed')).toEqual({ ok: true });
    expect((await ask('read', { userId: 'full' })).version).toBe(String(2n ** 53n + 2n));
    await end();
  });
}

/** The state of a record for a release that keeps it in memory. */
async function statusInMemory({ userId, record }, moment) {
  const store = memoryFactorStore();
  await store.write(userId, record, undefined, { state: 'active', sealedWith: [], events: [] });
  const { run } = traceSecondFactor({ store, now: () => moment });
  return run([], (second) => second.status(userId));
}

describeWith('PostgreSQL', postgresProgram, postgresRemedy, () => {
  const kinds = ['pg', 'postgres.js'];
  let postgres;
  let admin;
  const address = () => postgres.address;
  const run = (sql) => admin.ask('run', { sql });
  beforeAll(async () => {
    postgres = await startPostgres();
    await createTables('pg', address());
    admin = await startFactorWorker({ kind: 'pg', address: address() });
  });
  afterAll(async () => {
    await admin?.end();
    await postgres?.stop();
  });

  testStorms({ title: 'PostgreSQL', kinds, address, server: () => postgres.server });

  describe.each(kinds)('Over %s', (kind) => {
    testCuts({ kind, address, one: { max: 1 } });
    testGoldenRows({ kind, address });

    test('a session that may only read is an error, and counts and accepts nothing', async () => {
      const setting = 'default_transaction_read_only';
      const options =
        kind === 'pg' ? { options: `-c ${setting}=on` } : { connection: { [setting]: 'on' } };
      const job = { kind, address: address() };
      await expectReadOnlyToFail({
        job,
        readOnly: /^failed: 25006/,
        whileReadOnly: (use) => use({ ...job, options }),
      });
    });
  });

  test.each(['read committed', 'repeatable read', 'serializable'])(
    'Under %s one of 64 equal commands wins, and the others are told why',
    async (level) => {
      await run(`ALTER ROLE app SET default_transaction_isolation = '${level}'`);
      const jobs = kinds.map((kind) => ({ kind, address: address() }));
      await expectOneWinner(jobs);
      const probe = await startFactorWorker(jobs[0]);
      const rows = await probe.ask('run', { sql: 'SHOW transaction_isolation' });
      expect(rows).toEqual([{ transaction_isolation: level }]);
      await probe.end();
      await run('ALTER ROLE app RESET default_transaction_isolation');
    },
  );

  test.skipIf(!isMountable).each(kinds)(
    'Over %s a disk that is full fails the command, and each code counts once',
    async (kind) => {
      const name = `small_${kind.replace(/\W/g, '_')}`;
      const folder = join(postgres.folder, name);
      const tables = { table: name, eventsTable: `${name}_events` };
      mountSmallDisk(folder, { kibibytes: 512, user: 'postgres' });
      try {
        const worker = await startFactorWorker({ kind, address: address(), tables });
        await worker.ask('createTable');
        await worker.end();
        await run(`CREATE TABLESPACE ${name} LOCATION '${folder}'`);
        for (const table of Object.values(tables)) {
          await run(`ALTER TABLE ${table} SET TABLESPACE ${name}`);
          await run(`ALTER INDEX ${table}_pkey SET TABLESPACE ${name}`);
        }
        await expectFullDiskToFail({
          job: { kind, address: address(), tables },
          full: /^failed: 53100/,
          grow: () => remountSmallDisk(folder, 'size=8192k'),
        });
        await run(`DROP TABLE ${name}, ${name}_events`);
        await run(`DROP TABLESPACE ${name}`);
      } finally {
        unmountSmallDisk(folder);
      }
    },
  );
});

describeWith('MariaDB', mariadbProgram, mariadbRemedy, () => {
  const kinds = ['mysql2', 'mariadb'];
  let mariadb;
  let admin;
  const address = () => mariadb.address;
  const run = (sql) => admin.ask('run', { sql });
  beforeAll(async () => {
    mariadb = await startMariadb();
    await createTables('mysql2', address());
    admin = await startFactorWorker({ kind: 'mysql2', address: { ...address(), user: 'admin' } });
  });
  afterAll(async () => {
    await admin?.end();
    await mariadb?.stop();
  });

  testStorms({ title: 'MariaDB', kinds, address, server: () => mariadb.server });

  describe.each(kinds)('Over %s', (kind) => {
    testCuts({ kind, address, one: { connectionLimit: 1 } });
    testGoldenRows({ kind, address });

    test('a replica that may only be read is an error, and counts and accepts nothing', async () => {
      const job = { kind, address: address() };
      await expectReadOnlyToFail({
        job,
        readOnly: /^failed: .*read-only/,
        async whileReadOnly(use) {
          await run('SET GLOBAL read_only = 1');
          await use(job).finally(() => run('SET GLOBAL read_only = 0'));
        },
      });
    });
  });

  test.each(['READ UNCOMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'])(
    'Under %s one of 64 equal commands wins, and the others are told why',
    async (level) => {
      await run(`SET GLOBAL TRANSACTION ISOLATION LEVEL ${level}`);
      const jobs = kinds.map((kind) => ({ kind, address: address() }));
      await expectOneWinner(jobs);
      const probe = await startFactorWorker(jobs[0]);
      const rows = await probe.ask('run', { sql: 'SELECT @@tx_isolation AS level' });
      expect(rows).toEqual([{ level: level.replace(' ', '-') }]);
      await probe.end();
      await run('SET GLOBAL TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    },
  );

  test.skipIf(!isMountable).each(kinds)(
    'Over %s a disk that is full fails the command, and each code counts once',
    async (kind) => {
      const folder = join(mariadb.data, `small_${kind}`);
      await run(`CREATE DATABASE small_${kind}`);
      mountSmallDisk(folder, { kibibytes: 1024, user: 'mysql' });
      try {
        const tables = { table: `small_${kind}.factors`, eventsTable: `small_${kind}.events` };
        const job = { kind, address: address(), tables };
        const worker = await startFactorWorker(job);
        await worker.ask('createTable');
        await worker.end();
        await expectFullDiskToFail({
          job,
          full: /^failed: ER_RECORD_FILE_FULL/,
          grow: () => remountSmallDisk(folder, 'size=32768k'),
        });
        await run(`DROP DATABASE small_${kind}`).catch(() => {});
      } finally {
        unmountSmallDisk(folder);
      }
    },
  );
});

describeWith('SQLite', nodeWithSqlite, 'npm ci --prefix test/servers', () => {
  const kinds = ['node:sqlite', '@libsql/client'];
  const folder = makeFolder('factors');
  const address = () => ({ file: join(folder, 'factors.db') });
  // Many processes write to it, so it is best kept with a log ahead of it.
  beforeAll(() => createTables('node:sqlite', address(), 'PRAGMA journal_mode = WAL'));
  afterAll(() => removeFolder(folder));

  testStorms({ title: 'SQLite', kinds, address });

  test('One of 64 equal commands of two processes wins, and the others are told why', () =>
    expectOneWinner(kinds.map((kind) => ({ kind, address: address() }))));

  describe.each(kinds)('Over %s', (kind) => {
    testGoldenRows({ kind, address });

    test.skipIf(!isMountable)(
      'a disk that is full or may only be read fails the command, and each code counts once',
      async () => {
        const disk = join(folder, kind.replace(/\W/g, '_'));
        mountSmallDisk(disk, { kibibytes: 512 });
        try {
          const job = { kind, address: { file: join(disk, 'factors.db') } };
          await createTables(kind, job.address);
          await expectFullDiskToFail({
            job,
            full: /^failed: .*full/,
            grow: () => remountSmallDisk(disk, 'size=8192k'),
          });
          await expectReadOnlyToFail({
            job,
            readOnly: /^failed: .*readonly/,
            async whileReadOnly(use) {
              remountSmallDisk(disk, 'ro');
              await use(job).finally(() => remountSmallDisk(disk, 'rw'));
            },
          });
        } finally {
          unmountSmallDisk(disk);
        }
      },
    );
  });
});

async function createTables(kind, address, sql) {
  const { ask, end } = await startFactorWorker({ kind, address });
  if (sql) await ask('run', { sql });
  await ask('createTable');
  await end();
}
