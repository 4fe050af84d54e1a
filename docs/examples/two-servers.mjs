// Two servers behind one database: `node docs/examples/two-servers.mjs`, after `npm run build`. Each
// is a process of its own, without a word to the other. The same code is sent to both at the same
// moment, again and again; each time one of them accepts it. The exit code is 0 only then.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client';
import { createKey, generateTotp, verifyTotpOnce } from 'otpcore';
import { createSqliteTable, sqliteStore } from 'otpcore/stores/sqlite';

const HOST = '127.0.0.1';
const PERIOD = 30_000;
const ROUNDS = 25;
/** In a real application each user has a secret of their own, in the database. */
const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');

/** An SQLite file here; PostgreSQL, MySQL or Redis change these three lines only. */
async function openStore(file) {
  const db = createClient({ url: `file:${file}`, timeout: 5000 });
  await createSqliteTable(db);
  return sqliteStore(db);
}

// One server -----------------------------------------------------------------------------------------

/** Answers `POST /sign-in` with the outcome of the code. */
async function serve(file) {
  const store = await openStore(file);
  const server = createServer(async (request, response) => {
    try {
      const { id, code, timestamp } = JSON.parse(await readBody(request));
      // The time is played, so that the rounds need no wait; leave it out in yours.
      const result = await verifyTotpOnce(key, code, { store, id, timestamp });
      response.end(result.valid ? 'accepted' : result.reason);
    } catch (error) {
      // The database failed: the user stays out, and tries the next code.
      console.error(error);
      response.writeHead(503).end('try again with the next code');
    }
  });
  server.listen(0, HOST, () => process.send(server.address().port));
  process.on('disconnect', () => process.exit());
}

async function readBody(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

// The demonstration ----------------------------------------------------------------------------------

/** Starts a server process; answers its address once it listens. */
function startServer(file) {
  const child = fork(fileURLToPath(import.meta.url), [file]);
  return new Promise((resolve, reject) => {
    child.once('message', (port) => resolve({ child, url: `http://${HOST}:${port}/sign-in` }));
    child.once('exit', (code) => reject(new Error(`a server ended with ${code}`)));
  });
}

async function signIn({ url }, attempt) {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(attempt) });
  return response.text();
}

async function demonstrate(servers) {
  const wins = servers.map(() => 0);
  let failures = 0;
  for (let round = 0; round < ROUNDS; round++) {
    // Three steps apart, so that the windows of two rounds share no step.
    const timestamp = Date.now() + 3 * round * PERIOD;
    const code = generateTotp(key, { timestamp });
    const attempt = { id: '7f9c', code, timestamp };
    const outcomes = await Promise.all(servers.map((server) => signIn(server, attempt)));
    const isRight = [...outcomes].sort().join() === 'accepted,reused';
    if (!isRight) failures += 1;
    for (const [i, outcome] of outcomes.entries()) if (outcome === 'accepted') wins[i] += 1;
    const shown = outcomes.map((outcome, i) => `server ${i + 1}: ${outcome.padEnd(8)}`).join('   ');
    console.log(`${isRight ? 'ok  ' : 'FAIL'} ${code}   ${shown}`);
  }
  console.log(`${ROUNDS} codes, each sent to both: ${wins.join(' + ')} accepted.`);
  return failures;
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'otpcore-two-servers-'));
  const servers = [];
  try {
    const file = join(folder, 'app.db');
    for (let i = 0; i < 2; i++) servers.push(await startServer(file));
    process.exitCode = (await demonstrate(servers)) === 0 ? 0 : 1;
  } finally {
    for (const { child } of servers) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

const [, , file] = process.argv;
if (process.send && file) await serve(file);
else await main();
