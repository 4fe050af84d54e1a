// An empty project into which the packed tarball was installed, with the suite beside it: what every
// runtime gets.
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { run } from './process.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const tests = join(root, 'test/runtimes');

/** The platforms' own conditions, by which package.json chooses a form. */
const TARGETS = {
  browser: { platform: 'browser' },
  workerd: { platform: 'neutral', conditions: ['workerd', 'worker', 'browser'] },
  /** Nothing is said, as for QuickJS and Hermes. */
  plain: { platform: 'neutral' },
  /** A server's bundle, which carries the SIMD engine to where it may not be compiled. */
  server: { platform: 'neutral', conditions: ['node'] },
};

/** Makes the project; `remove` deletes it. */
export async function createProject() {
  const folder = mkdtempSync(join(tmpdir(), 'otpcore-runtimes-'));
  await npm(root, folder, 'pack', '--ignore-scripts', '--pack-destination', folder);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  writeFileSync(
    join(folder, 'package.json'),
    '{ "name": "consumer", "private": true, "type": "module" }',
  );
  await npm(folder, folder, 'install', '--offline', `./${tarball}`);
  // The suite without the library, which each runtime resolves, or its bundler.
  await build({
    entryPoints: [join(tests, 'suite/judge.mjs')],
    outfile: join(folder, 'judge.mjs'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
  });
  for (const name of readdirSync(join(tests, 'entries'))) {
    copyFileSync(join(tests, 'entries', name), join(folder, name));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function npm(cwd, folder, ...args) {
  const quiet = ['--cache', join(folder, '.npm-cache'), '--no-audit', '--no-fund', '--silent'];
  return run('npm', [...args, ...quiet], { cwd });
}

/**
 * Bundles an entry of the project together with the library, as the platform's bundler would.
 *
 * @param target - one of `TARGETS`
 * @returns the path of the bundle
 */
export async function bundle({ folder }, entry, target, options = {}) {
  const outfile = join(folder, `${target}-${entry}`);
  await build({
    entryPoints: [join(folder, entry)],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    ...TARGETS[target],
    ...options,
  });
  return outfile;
}

/** The path of a file of a runtime's package, or undefined where that is not installed. */
export function installed(scope, program) {
  const modules = join(tests, 'node_modules');
  // Platform packages have the platform in their name: `@oven/bun-linux-x64`.
  for (const name of namesIn(join(modules, scope))) {
    const path = join(modules, scope, name, program);
    if (existsSync(path)) return path;
  }
  return undefined;
}

function namesIn(folder) {
  try {
    return ['.', ...readdirSync(folder)];
  } catch {
    return [];
  }
}
