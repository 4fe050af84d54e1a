// The SQL stores of the second factor when things fail: processes and servers that are killed,
// connections that are cut, disks that are full, databases that may only be read, and every isolation
// level.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeWithSqlite } from './support/claimers.mjs';
import { NOTHING_WRONG } from './support/factor-judge.mjs';
import { describeFactorStorm, runFactorStorm, startFactorWorker } from './support/factor-storm.mjs';
import { mariadbProgram, mariadbRemedy, startMariadb } from './support/mariadb.mjs';
import { describeWith } from './support/needs.mjs';
import { postgresProgram, postgresRemedy, startPostgres } from './support/postgres.mjs';
import { makeFolder, removeFolder } from './support/server.mjs';

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

  test.skipIf(!server)(
    'A storm of all commands in which the server is killed loses nothing that was answered',
    async () => {
      const kill = async () => {
        await server().kill();
        await server().start();
      };
      const { verdict, accepted, failures } = await storm('server killed', { kill });
      expect(verdict).toEqual(NOTHING_WRONG);
      expect(Object.keys(accepted).sort()).toEqual(COMMANDS);
      expect(Object.keys(failures)).not.toEqual([]);
    },
  );

  test('A store that writes without looking is found by the same storm', async () => {
    const { verdict } = await storm('a store that does not look', { isLeaky: true });
    expect(verdict.acceptedTwice).not.toEqual([]);
    expect(verdict.offTheChain).not.toEqual([]);
  });
}

describeWith('PostgreSQL', postgresProgram, postgresRemedy, () => {
  const kinds = ['pg', 'postgres.js'];
  let postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
    await createTables('pg', postgres.address);
  });
  afterAll(() => postgres?.stop());
  const common = { title: 'PostgreSQL', kinds, address: () => postgres.address };
  testStorms({ ...common, server: () => postgres.server });
});

describeWith('MariaDB', mariadbProgram, mariadbRemedy, () => {
  const kinds = ['mysql2', 'mariadb'];
  let mariadb;
  beforeAll(async () => {
    mariadb = await startMariadb();
    await createTables('mysql2', mariadb.address);
  });
  afterAll(() => mariadb?.stop());
  const common = { title: 'MariaDB', kinds, address: () => mariadb.address };
  testStorms({ ...common, server: () => mariadb.server });
});

describeWith('SQLite', nodeWithSqlite, 'npm ci --prefix test/servers', () => {
  const kinds = ['node:sqlite', '@libsql/client'];
  const folder = makeFolder('factors');
  const address = { file: join(folder, 'factors.db') };
  beforeAll(() => createTables('node:sqlite', address, 'PRAGMA journal_mode = WAL'));
  afterAll(() => removeFolder(folder));
  testStorms({ title: 'SQLite', kinds, address: () => address });
});

async function createTables(kind, address, sql) {
  const { ask, end } = await startFactorWorker({ kind, address });
  if (sql) await ask('run', { sql });
  await ask('createTable');
  await end();
}
