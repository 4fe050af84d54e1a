// Installs the packages of a folder that has a tree of its own, by its lockfile: what the tests of
// servers, runtimes and consumers, the benchmark and the API reference need beside the root's.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * Installs what is missing; throws if it cannot.
 *
 * @param folder - from the project's root, such as `test/servers`
 * @param what - what is installed, as a person is told
 * @param flags - more for `npm ci`
 */
export function ensureInstalled(folder, what, ...flags) {
  const lockfile = readFileSync(`${root}${folder}/package-lock.json`, 'utf8');
  // A copy of the lockfile that was installed: some packages are not there for every machine.
  const stamp = `${root}${folder}/node_modules/.installed-lockfile`;
  if (isSame(stamp, lockfile)) return;
  process.stderr.write(`installing ${what}: npm ci --prefix ${folder}\n`);
  const { status } = spawnSync('npm', ['ci', ...flags, '--prefix', folder], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${what} could not be installed`);
  writeFileSync(stamp, lockfile);
}

function isSame(file, text) {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}
