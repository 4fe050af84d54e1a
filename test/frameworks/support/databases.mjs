// A database for each application on the PostgreSQL server of the setup.
import pg from 'pg';
import { inject } from 'vitest';
import { freePort, HOST } from '../../servers/support/server.mjs';

/** Creates a database, and opens a pool on it. */
export async function createDatabase(name) {
  const address = inject('postgres');
  const first = new pg.Client(address);
  await first.connect();
  await first.query(`CREATE DATABASE ${name}`);
  await first.end();
  const pool = new pg.Pool({ ...address, database: name });
  const url = `postgresql://${address.user}@${address.host}:${address.port}/${name}`;
  return { pool, url, end: () => pool.end() };
}

/** Starts a project's server on a free port; `send` fetches from it. */
export async function serve(project, args, env, isReady = /ready/) {
  const PORT = String(await freePort());
  const server = project.start(args(PORT), { ...env, PORT });
  await server.printed(isReady);
  return { ...server, send: (path, init) => fetch(`http://${HOST}:${PORT}${path}`, init) };
}
