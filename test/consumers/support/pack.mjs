// Packs the built package once for all files of tests, which find the tarball by
// `inject('tarball')`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Runs npm with nothing of a surrounding npm run, and with a cache that is empty. */
function pack(folder) {
  const env = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const npm_config_cache = join(folder, '.npm-cache');
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    env: { ...Object.fromEntries(env), npm_config_cache },
    stdio: 'pipe',
  });
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(folder, `${name}-${version}.tgz`);
}

export default function setup(project) {
  const folder = mkdtempSync(join(tmpdir(), 'otpcore-pack-'));
  project.provide('tarball', pack(folder));
  return () => rmSync(folder, { recursive: true });
}
