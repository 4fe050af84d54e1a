// Installs what writes the reference, by the lockfile, where it is missing or not of its versions:
// part of `npm run docs:api`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./', import.meta.url));
const readJson = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** Whether each package is there in the version that package.json pins. */
function isInstalled() {
  const { devDependencies } = readJson('./package.json');
  try {
    return Object.entries(devDependencies).every(
      ([name, pinned]) => readJson(`./node_modules/${name}/package.json`).version === pinned,
    );
  } catch {
    return false;
  }
}

if (!isInstalled()) {
  process.stderr.write('installing TypeDoc: npm ci --prefix docs/api\n');
  const { status } = spawnSync('npm', ['ci', '--prefix', folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  process.exitCode = status ?? 1;
}
