// A MariaDB server with its defaults, so that InnoDB writes and syncs its log at every commit.
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  findProgram,
  freePort,
  HOST,
  makeFolder,
  makeServer,
  removeFolder,
  requireProgram,
  run,
  runsAs,
} from './server.mjs';

const USER = 'mysql';
const DATABASE = 'app';

export const mariadbProgram = findProgram('mariadbd');
/** How to get it, on Debian. */
export const mariadbRemedy = 'apt-get install mariadb-server';

/** Done at every start; `app` is no administrator, so that read_only holds for it. */
const INIT = `CREATE DATABASE IF NOT EXISTS ${DATABASE};
CREATE USER IF NOT EXISTS 'app'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, TRIGGER ON *.* TO 'app'@'%';
CREATE USER IF NOT EXISTS 'one'@'%' WITH MAX_USER_CONNECTIONS 1;
GRANT SELECT, INSERT, UPDATE ON *.* TO 'one'@'%';
CREATE USER IF NOT EXISTS 'admin'@'%';
GRANT ALL ON *.* TO 'admin'@'%';
`;

/** @param settings - options of mariadbd as `{ name: value }` */
export async function startMariadb(settings = {}) {
  const command = requireProgram('mariadbd', 'MariaDB', mariadbRemedy);
  const folder = makeFolder('mariadb', USER);
  const data = join(folder, 'data');
  const port = await freePort();
  const common = ['--no-defaults', `--datadir=${data}`, `--user=${runsAs(USER)}`];
  const installFlags = ['--auth-root-authentication-method=normal', '--skip-test-db'];
  run(USER, findProgram('mariadb-install-db'), ...common, ...installFlags);
  writeFileSync(join(folder, 'init.sql'), INIT);
  const all = {
    'bind-address': HOST,
    port,
    // Eight processes with a pool of ten each, and the tests' own.
    'max-connections': 500,
    // Else the clients' names would be looked up.
    'skip-name-resolve': 1,
    socket: join(folder, 'socket'),
    'pid-file': join(folder, 'pid'),
    'init-file': join(folder, 'init.sql'),
    ...settings,
  };
  const args = Object.entries(all).map(([name, value]) => `--${name}=${value}`);
  const server = makeServer({
    name: 'mariadbd',
    command,
    args: [...common, ...args],
    user: USER,
  });
  await server.start();
  const address = { host: HOST, port, user: 'app', database: DATABASE };
  const stop = async () => {
    await server.stop();
    removeFolder(folder);
  };
  return { server, data, address, stop, readWrites: (table) => readWrites(data, table) };
}

/** Options with which a server keeps a log of what it writes, row by row. */
export const LOGGING = { 'log-bin': 'binlog', 'binlog-format': 'ROW' };

/**
 * What was written into a table of an id and a step, in the order in which the server wrote it: from
 * its binary log, which it keeps under `LOGGING`.
 */
function readWrites(data, table) {
  const files = readdirSync(data).filter((name) => /^binlog\.\d+$/.test(name));
  const flags = ['--no-defaults', '--verbose', '--base64-output=DECODE-ROWS'];
  const paths = files.sort().map((name) => join(data, name));
  const { stdout } = spawnSync(findProgram('mariadb-binlog'), [...flags, ...paths], {
    encoding: 'latin1',
    maxBuffer: 2 ** 30,
  });
  // After SET stands the row as it became; what it was, under WHERE, comes before.
  const row =
    /^### (?:INSERT INTO|UPDATE) `\w+`\.`(\w+)`\n(?:###.*\n)*?### SET\n### {3}@1='(.*)'\n### {3}@2=(\d+)$/gm;
  return [...stdout.matchAll(row)]
    .filter(([, name]) => name === table)
    .map(([, , id, step]) => [bytesOf(id), Number(step)]);
}

/** The bytes of a text in which some stand as `\x` and two digits. */
function bytesOf(escaped) {
  const text = escaped.replace(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(`0x${hex}`));
  return Buffer.from(text, 'latin1');
}
