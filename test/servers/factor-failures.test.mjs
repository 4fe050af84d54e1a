// The SQL stores of the second factor when things fail: processes and servers that are killed,
// connections that are cut, disks that are full, databases that may only be read, and every isolation
// level.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeWithSqlite } from './support/claimers.mjs';
import { testCuts } from './support/factor-cuts.mjs';
import { testGoldenRows } from './support/factor-golden.mjs';
import { NOTHING_WRONG } from './support/factor-judge.mjs';
import {
  expectFullDiskToFail,
  expectOneWinner,
  expectReadOnlyToFail,
} from './support/factor-limits.mjs';
import { describeFactorStorm, runFactorStorm, startFactorWorker } from './support/factor-storm.mjs';
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

/** Registers the storms on a database. */
function testStorms({ title, kinds, address, server }) {
  const clients = () => kinds.map((kind) => [kind, address()]);
  const storm = async (name, options) => {
    const result = await runFactorStorm({ clients: clients(), ...options });
    console.log(describeFactorStorm(`${title}, ${name}`, result));
    return result;
  };

  /** A storm that was under way at the kill and after it, and that left every row right. */
  const expectRight = ({ verdict, missing, acceptedAfterKill }) => {
    expect(verdict).toEqual(NOTHING_WRONG);
    expect(missing).toEqual([]);
    expect(acceptedAfterKill).toBeGreaterThan(0);
  };

  test('A storm of all commands in which processes are killed leaves every row right', async () => {
    const kill = (workers) => Promise.all(workers.slice(0, 2).map((worker) => worker.kill()));
    expectRight(await storm('two of four processes killed', { kill }));
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
    const result = await storm('server killed', { kill });
    expectRight(result);
    expect(result.failures).not.toEqual({});
  });
}

describeWith('PostgreSQL', postgresProgram, postgresRemedy, () => {
  const kinds = ['pg', 'postgres.js'];
  let postgres;
  let admin;
  const address = () => postgres.address;
  const run = (sql) => admin.ask('run', { sql });
  beforeAll(async () => {
    postgres = await startPostgres();
    admin = await startFactorWorker({ kind: 'pg', address: address() });
    await admin.ask('createTable');
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
      const rows = [{ transaction_isolation: level }];
      await expectOneWinner(jobs, { sql: 'SHOW transaction_isolation', rows });
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
        await run(`CREATE TABLESPACE ${name} LOCATION '${folder}'`);
        await expectFullDiskToFail({
          job: { kind, address: address(), tables },
          async move() {
            for (const table of Object.values(tables)) {
              await run(`ALTER TABLE ${table} SET TABLESPACE ${name}`);
              await run(`ALTER INDEX ${table}_pkey SET TABLESPACE ${name}`);
            }
          },
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
    admin = await startFactorWorker({ kind: 'mysql2', address: { ...address(), user: 'admin' } });
    await admin.ask('createTable');
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
      const rows = [{ level: level.replace(' ', '-') }];
      await expectOneWinner(jobs, { sql: 'SELECT @@tx_isolation AS level', rows });
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
        await expectFullDiskToFail({
          job: { kind, address: address(), tables },
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
  beforeAll(async () => {
    const { ask, end } = await startFactorWorker({ kind: 'node:sqlite', address: address() });
    await ask('run', { sql: 'PRAGMA journal_mode = WAL' });
    await ask('createTable');
    await end();
  });
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
