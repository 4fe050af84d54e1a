// What stands on JSR after `deno publish`, shown on a registry of our own: the sources as they are in
// this tree, with imports that Deno follows, and each subpath of jsr.json as a module that works.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRegistry } from './support/jsr-registry.mjs';
import { installed } from './support/project.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = installed('@deno', 'deno');
const jsr = JSON.parse(readFileSync(join(root, 'jsr.json'), 'utf8'));
const work = mkdtempSync(join(tmpdir(), 'otpcore-jsr-'));
const published = join(work, 'published');
// Left out, as the runtime itself is, where Deno is not installed; in the gate that fails.
const isMissing = program === undefined && process.env.RUNTIMES !== 'required';
let registry;

/** Runs Deno against the registry, with a cache that is empty at first. */
async function deno(cwd, ...args) {
  const env = {
    PATH: process.env.PATH,
    HOME: work,
    DENO_DIR: join(work, 'cache'),
    JSR_URL: registry.address,
    NO_COLOR: '1',
  };
  const { stdout } = await promisify(execFile)(program, args, { cwd, env, timeout: 120_000 });
  return stdout;
}

/** The tree as it is published from: what jsr.json includes, and no more. */
function copyTree() {
  const tree = join(work, 'tree');
  for (const name of jsr.publish.include) {
    cpSync(join(root, name), join(tree, name), { recursive: true });
  }
  return tree;
}

beforeAll(async () => {
  if (isMissing) return;
  registry = await startRegistry({ folder: published, name: jsr.name, version: jsr.version });
  // The login is to this registry, which asks for none.
  await deno(copyTree(), 'publish', '--allow-dirty', '--token', 'none');
}, 150_000);

afterAll(() => {
  registry?.close();
  rmSync(work, { recursive: true });
});

test.skipIf(isMissing)(
  'Every source is published, byte for byte but for the paths in its imports',
  () => {
    const names = readdirSync(join(root, 'src'), { recursive: true }).filter((name) =>
      name.endsWith('.ts'),
    );
    const engine = jsr.imports['#engine'].replace('./src/', '');
    expect(names.length).toBeGreaterThan(40);
    for (const name of names) {
      const ours = readFileSync(join(root, 'src', name), 'utf8');
      const up = '../'.repeat(name.split(/[/\\]/).length - 1) || './';
      const expected = ours
        .replaceAll(/^((?:import|export|\}) .*'\.{1,2}\/.*)\.js';$/gm, "$1.ts';")
        .replaceAll(/'#engine'/g, `'${up}${engine}'`);
      const theirs = readFileSync(join(published, 'src', name), 'utf8');
      expect(theirs, name).toBe(expected);
    }
  },
);

test.skipIf(isMissing)(
  'Each subpath is a module of its own that type-checks, and the codes are those of the RFC',
  async () => {
    const paths = Object.keys(jsr.exports).map(
      (path) => `jsr:${jsr.name}@${jsr.version}${path.slice(1)}`,
    );
    writeFileSync(
      join(work, 'main.ts'),
      `${paths.map((path, i) => `import * as m${i} from '${path}';`).join('\n')}
    let compiled = 0;
    const { Module } = WebAssembly;
    Object.assign(WebAssembly, { Module: function (bytes: BufferSource) {
      compiled++;
      return new Module(bytes);
    } });
    const key = m0.createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    console.log(JSON.stringify({
      modules: [${paths.map((_, i) => `m${i}`).join(', ')}].length,
      code: m0.generateTotp(key, { timestamp: 59_000, digits: 8 }),
      result: m0.verifyTotp(key, '287082', { timestamp: 59_000 }),
      compiled,
    }));`,
    );
    const printed = await deno(work, 'run', '--check', '--no-prompt', 'main.ts');
    expect(JSON.parse(printed)).toEqual({
      modules: paths.length,
      code: '94287082',
      result: { valid: true, step: 1, delta: 0 },
      compiled: 1,
    });
  },
);

test.skipIf(isMissing)('A tree whose imports do not resolve is not published', async () => {
  const tree = copyTree();
  writeFileSync(join(tree, 'src/code.ts'), "export { nothing } from './nowhere.js';\n");
  await expect(deno(tree, 'publish', '--dry-run', '--allow-dirty')).rejects.toThrow(/nowhere/);
});
