// Starts a runtime as a process of its own, and ends it with all that it has started.
import { spawn } from 'node:child_process';

/** What runs at the moment, to be ended if the tests are. */
const running = new Set();
process.on('exit', () => {
  for (const child of running) end(child);
});

/** Nothing of the test runner's or of an `npm run` around it, and a home folder of its own. */
function cleanEnvironment(home) {
  const { PATH, LANG } = process.env;
  return { PATH, LANG, HOME: home, NO_COLOR: '1' };
}

/** Starts a process in a group of its own, which `end` ends. */
export function start(command, args, { cwd, ...options }) {
  const child = spawn(command, args, {
    cwd,
    env: cleanEnvironment(cwd),
    detached: true,
    ...options,
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Ends a process and what it has started. */
export function end(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Runs a process to its end and gives what it wrote to its standard output. */
export function run(command, args, { cwd, timeoutMs = 60_000 }) {
  const child = start(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      texts[name] += text;
    });
  }
  return new Promise((done, fail) => {
    const timer = setTimeout(() => {
      end(child);
      fail(new Error(`${command} took more than ${timeoutMs} ms: ${texts.stderr.slice(-2000)}`));
    }, timeoutMs);
    child.once('error', fail);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) done(texts.stdout);
      else fail(new Error(`${command} ended with ${code ?? signal}: ${texts.stderr.slice(-2000)}`));
    });
  });
}

/** The last line of a text, as JSON. */
export function lastLine(text) {
  return JSON.parse(text.trim().split('\n').at(-1));
}
