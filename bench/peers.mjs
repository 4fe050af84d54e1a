// The rivals' packages: installed by the lockfile where they are missing or not of its versions.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./', import.meta.url));
const readJson = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** Whether each dependency is there in the version that bench/package.json pins. */
function isInstalled() {
  const { dependencies } = readJson('./package.json');
  try {
    return Object.entries(dependencies).every(([name, pinned]) =>
      pinned.endsWith(readJson(`./node_modules/${name}/package.json`).version),
    );
  } catch {
    return false;
  }
}

/** Installs what is missing; throws if it cannot. */
export function ensurePeers() {
  if (isInstalled()) return;
  process.stderr.write('installing the rivals: npm ci --prefix bench\n');
  const windows = process.platform === 'win32';
  const { status } = spawnSync('npm', ['ci', '--prefix', folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: windows,
  });
  if (status !== 0)
    throw new Error('the rivals could not be installed; `npm run bench` needs none');
}
