// Installs compilers, bundlers and test runners by the lockfile, where they are missing or not of
// its versions: part of `npm run test:consumers`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./', import.meta.url));
const readJson = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** Whether each tool is there in the version that package.json pins, be it under another name. */
function isInstalled() {
  const { devDependencies } = readJson('./package.json');
  try {
    return Object.entries(devDependencies).every(
      ([name, pinned]) =>
        readJson(`./node_modules/${name}/package.json`).version === pinned.replace(/^npm:.*@/, ''),
    );
  } catch {
    return false;
  }
}

if (!isInstalled()) {
  process.stderr.write('installing the tools: npm ci --prefix test/consumers\n');
  // None of them needs a script to be ready.
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--prefix', folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  process.exitCode = status ?? 1;
}
