// Installs the runtimes by the lockfile, where they are missing or not of its versions: part of
// `npm run test:runtimes`. Their install scripts, which download or copy binaries, are not needed.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./', import.meta.url));
/** A copy of the lockfile that was installed. Not every runtime is there for every machine. */
const stamp = new URL('./node_modules/.installed-lockfile', import.meta.url);
const lockfile = readFileSync(new URL('./package-lock.json', import.meta.url), 'utf8');

function isInstalled() {
  try {
    return readFileSync(stamp, 'utf8') === lockfile;
  } catch {
    return false;
  }
}

if (!isInstalled()) {
  process.stderr.write('installing the runtimes: npm ci --prefix test/runtimes\n');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--prefix', folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status === 0) writeFileSync(stamp, lockfile);
  process.exitCode = status ?? 1;
}
