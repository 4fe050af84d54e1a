// Server processes for the tests: on loopback, on a free port, in a temporary folder, and ended by
// their process ids, whatever becomes of the tests.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';

export const HOST = '127.0.0.1';

/** What every one of the servers prints, in its own words, once it takes connections. */
const READY = /ready (?:to accept|for) connections/i;
const START_MS = 30_000;
const STOP_MS = 20_000;
/** How much of a server's output is kept, for the message if it does not start. */
const TAIL_CHARACTERS = 2000;

const isRoot = process.getuid?.() === 0;
const alive = new Set();
const folders = new Set();

// If the tests end without having stopped their servers. Where not even this runs, because this
// process is killed, the kernel ends the servers: see `asUser`.
process.on('exit', () => {
  for (const server of alive) server.killNow();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
// An end by a signal, or of the runner that this process is a worker of, is an exit like others.
for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(event, () => process.exit(1));

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Where a program lies: on the path, or where Debian puts servers; undefined if nowhere. */
export function findProgram(name) {
  const postgres = '/usr/lib/postgresql';
  const versions = existsSync(postgres) ? readdirSync(postgres).sort((a, b) => b - a) : [];
  const places = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    ...versions.map((version) => join(postgres, version, 'bin')),
  ];
  return places.map((place) => join(place, name)).find((path) => existsSync(path));
}

/** A program that has to be there; what lacks it, and the remedy, stand in the error. */
export function requireProgram(name, server, remedy) {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${server} is not installed: ${remedy}`);
  return path;
}

/**
 * A port that nobody listens on. Not one of those that the system gives to outgoing connections: a
 * client that tries again and again while the server is down could otherwise meet itself there.
 */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const isFree = await new Promise((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, HOST, () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/** A temporary folder, of the user that a server runs as; removed at the end at the latest. */
export function makeFolder(name, user) {
  const folder = mkdtempSync(join(tmpdir(), `otpcore-${name}-`));
  folders.add(folder);
  if (isRoot && user !== undefined) chownSync(folder, ...idsOf(user));
  return folder;
}

export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

function idsOf(user) {
  return ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, user]).stdout));
}

/** The name of the user that `asUser` makes a command run as. */
export function runsAs(user) {
  return isRoot ? user : userInfo().username;
}

/** A command as another user, if we may choose, and ended by the kernel when this process ends. */
function asUser(user, command, args) {
  const setpriv = findProgram('setpriv');
  if (setpriv === undefined) return [command, args];
  const identity =
    isRoot && user !== undefined ? [`--reuid=${user}`, `--regid=${user}`, '--init-groups'] : [];
  return [setpriv, [...identity, '--pdeathsig=KILL', '--', command, ...args]];
}

/** Runs a command to its end, as that user; throws with its output if it fails. */
export function run(user, command, ...args) {
  const [file, rest] = asUser(user, command, args);
  const { status, stdout, stderr, error } = spawnSync(file, rest, { encoding: 'utf8', cwd: '/' });
  if (status !== 0) throw new Error(`${command} failed: ${error ?? `${stdout}${stderr}`}`);
  return stdout;
}

/** The process and all below it. */
function processTree(pid) {
  let children = '';
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  } catch {
    // It has ended, or the system has no such file.
  }
  return [pid, ...children.split(' ').filter(Boolean).map(Number).flatMap(processTree)];
}

/** Whether a process is there and more than an entry that nobody has asked about yet. */
function isRunning(pid) {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

/**
 * A server that can be started, killed, started again on the same data, and stopped.
 *
 * @param name - for messages
 * @param command, args - must stay in the foreground
 * @param user - the user it runs as, where we are root
 * @param stopSignal - ends it in good order, with clients still there
 */
export function makeServer({ name, command, args, user, stopSignal = 'SIGTERM' }) {
  let child;
  let hasEnded;
  let output = '';

  function launch() {
    // A new server needs no more than the path; a locale of the person's own could change answers.
    const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TMPDIR: tmpdir() };
    const [file, rest] = asUser(user, command, args);
    child = spawn(file, rest, { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
    hasEnded = new Promise((resolve) => {
      child.once('exit', resolve);
      child.once('error', resolve);
    }).then(() => alive.delete(server));
    alive.add(server);
  }

  /** Waits until the server says that it is ready. */
  function ready() {
    return new Promise((resolve, reject) => {
      const fail = (why) => {
        clearTimeout(timer);
        reject(new Error(`${name} ${why}:\n${output}`));
      };
      const timer = setTimeout(() => fail(`did not start in ${START_MS} ms`), START_MS);
      hasEnded.then(() => fail('ended'));
      output = '';
      const read = (chunk) => {
        output = (output + chunk).slice(-TAIL_CHARACTERS);
        if (!READY.test(output)) return;
        clearTimeout(timer);
        resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
    });
  }

  const server = {
    name,
    get pid() {
      return child?.pid;
    },
    get output() {
      return output;
    },
    async start() {
      launch();
      await ready();
    },
    killNow() {
      for (const pid of processTree(child.pid)) signal(pid, 'SIGKILL');
    },
    /** As when the power fails, less the disk: nothing of it gets to do anything more. */
    async kill() {
      const tree = processTree(child.pid);
      server.killNow();
      await hasEnded;
      // Children outlive it by a moment, and hold what the next one wants.
      while (tree.some(isRunning)) await sleep(5);
    },
    /** In good order; by force if that takes too long. */
    async stop() {
      if (!alive.has(server)) return;
      signal(child.pid, stopSignal);
      const timer = setTimeout(() => server.killNow(), STOP_MS);
      await hasEnded;
      clearTimeout(timer);
    },
  };
  return server;
}
