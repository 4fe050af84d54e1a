// A PostgreSQL server. Nothing about its durability is set: fsync and synchronous_commit are on.
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
} from './server.mjs';

const USER = 'postgres';

export const postgresProgram = findProgram('postgres');
/** How to get it, on Debian. */
export const postgresRemedy = 'apt-get install postgresql';

/** @param settings - lines of postgresql.conf as `{ name: value }` */
export async function startPostgres(settings = {}) {
  const command = requireProgram('postgres', 'PostgreSQL', postgresRemedy);
  const folder = makeFolder('postgres', USER);
  const data = join(folder, 'data');
  const port = await freePort();
  // Only the making of the empty database is not waited for until it is on the disk.
  const flags = [
    '--username=app',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ];
  run(USER, findProgram('initdb'), '-D', data, ...flags);
  const all = {
    listen_addresses: HOST,
    port,
    unix_socket_directories: folder,
    // Eight processes with a pool of ten each, and the tests' own.
    max_connections: 300,
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = makeServer({
    name: 'postgres',
    command,
    args: ['-D', data, ...args],
    user: USER,
    // A fast shutdown: clients that are still there are sent away.
    stopSignal: 'SIGINT',
  });
  await server.start();
  const address = { host: HOST, port, user: 'app', database: 'postgres' };
  const stop = async () => {
    await server.stop();
    removeFolder(folder);
  };
  return { server, folder, address, stop };
}
