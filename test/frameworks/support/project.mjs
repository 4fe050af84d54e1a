// An application made of the examples, in a folder of its own beneath the installed packages.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the applications are made; git ignores it. */
export const work = fileURLToPath(new URL('../.tmp/', import.meta.url));
export const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
export const examples = fileURLToPath(
  new URL('../../../docs/examples/frameworks/', import.meta.url),
);

/** The variables that every example reads. */
export const SECRETS = {
  OTP_KEY: Buffer.alloc(32, 7).toString('base64'),
  SESSION_SECRET: 'a secret of forty characters, for tests.',
};
const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/**
 * Makes a folder of examples.
 *
 * @param copies - the name of an example, or of a folder of them, by the place that it gets
 */
export function makeProject(name, copies) {
  const folder = join(work, name);
  for (const [place, example] of Object.entries(copies)) {
    const to = join(folder, place);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(examples, example), to, { recursive: true });
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  return {
    folder,
    path: (...parts) => join(folder, ...parts),
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    write: (path, text) => writeFileSync(join(folder, path), text),
    /** Starts Node in it, with the secrets and these variables. */
    start: (args, env) => start(folder, args, env),
    /** Runs Node to its end; throws with its output if it fails. */
    async run(args, env) {
      const { child, output } = start(folder, args, env);
      const [code] = await once(child, 'close');
      if (code !== 0) throw new Error(output());
      return output();
    },
  };
}

function start(cwd, args, env = {}) {
  const { NODE_OPTIONS, NODE_ENV, VITEST, ...rest } = process.env;
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...rest, ...SECRETS, NEXT_TELEMETRY_DISABLED: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more) => {
      text += more;
    });
  }
  const output = () => text;
  /** Waits until it has printed this. */
  async function printed(pattern) {
    while (!pattern.test(text)) {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${text}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }
  async function stop() {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  return { child, output, printed, stop };
}
