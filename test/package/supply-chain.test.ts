// What comes in with the package, which is nothing, and what comes in to make it, which is pinned: the
// manifests and lockfiles of this repository, the bill of materials, the manifest for JSR, and the
// tarball made a second time.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsrExports } from '../../scripts/doors.mjs';
import { npm } from '../../scripts/npm.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'otpcore-supply-'));
afterAll(() => rmSync(work, { recursive: true }));

type Versions = Readonly<Record<string, string>>;
/** Of a package.json, what is looked at here; whatever else it has may be anything. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly files: readonly string[];
  readonly scripts: Versions;
  readonly [field: string]: unknown;
}
interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}
interface Lockfile {
  readonly packages: Readonly<Record<string, Locked>>;
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readJson = (path: string) => JSON.parse(read(path));
const manifest: Manifest = readJson('package.json');

// Manifests and lockfiles --------------------------------------------------------------------------

/** Every folder below the root that has a package.json of this repository's own, from the root. */
function packageFolders(folder = root): string[] {
  const isOurs = (name: string) => !/^(?:node_modules|dist|coverage|\..*)$/.test(name);
  const below = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isOurs(entry.name))
    .flatMap((entry) => packageFolders(join(folder, entry.name)));
  const own = existsSync(join(folder, 'package.json')) ? [relative(root, folder)] : [];
  return [...own, ...below].map((path) => path.replaceAll('\\', '/'));
}

const KIND = /dependencies$/i;

/** Dependencies of every kind, development included. */
function dependencies(manifest: Readonly<Record<string, unknown>>): Versions {
  const kinds = Object.entries(manifest).filter(([field]) => KIND.test(field));
  return Object.assign({}, ...kinds.map(([, versions]) => versions));
}

/** What an install of the package would bring along. */
function runtimeKinds(manifest: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(manifest).filter((kind) => KIND.test(kind) && kind !== 'devDependencies');
}

const PINNED = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?(\d+\.\d+\.\d+)$/;

/** Dependencies that are a range, a tag or an address, and those that the lockfile has otherwise. */
function loose(manifest: Readonly<Record<string, unknown>>, lock: Lockfile): string[] {
  return Object.entries(dependencies(manifest))
    .filter(([name, wanted]) => {
      const version = PINNED.exec(wanted)?.[1];
      return !version || lock.packages[`node_modules/${name}`]?.version !== version;
    })
    .map(([name, wanted]) => `${name}@${wanted}`);
}

/** Packages that npm could not tell from others of the same name and version. */
function unverifiable(lock: Lockfile): string[] {
  return Object.entries(lock.packages)
    .filter(
      ([path, { integrity }]) => path !== '' && !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''),
    )
    .map(([path]) => path);
}

/** What a download address of a registry, or a login to one, looks like. */
const REGISTRY = /"resolved"|registry(?!-resolved)|npmjs|yarnpkg\.|_auth/;

/** Packages that run something when they are installed, and why that is all right. */
const INSTALL_SCRIPTS: Versions = {
  esbuild: 'checks its own binary; allowScripts denies it',
  bun: 'copies its own binary; test/runtimes installs it with --ignore-scripts',
  deno: 'links its own binary; test/runtimes installs it with --ignore-scripts',
  workerd: 'checks its own binary; test/runtimes installs it with --ignore-scripts',
  '@swc/core': 'checks its own binary; test/consumers installs it with --ignore-scripts',
  fsevents: 'compiles itself on macOS alone; test/consumers installs it with --ignore-scripts',
  lmdb: 'looks for its own binary; test/consumers installs it with --ignore-scripts',
  'msgpackr-extract': 'looks for its own binary; test/consumers installs it with --ignore-scripts',
  '@parcel/watcher': 'compiles itself where it has no binary; on the systems tested here it has',
  protobufjs: 'warns of a loose version range',
  sharp: 'checks its own binary; test/runtimes installs it with --ignore-scripts',
  '@prisma/engines': 'downloads an engine; test/frameworks installs it with --ignore-scripts',
  prisma: 'checks the version of Node; test/frameworks installs it with --ignore-scripts',
  'classic-level': 'looks for its own binary; test/frameworks installs it with --ignore-scripts',
  'unrs-resolver': 'checks its own binary; test/consumers installs it with --ignore-scripts',
};

function unexpectedScripts(lock: Lockfile): string[] {
  return Object.entries(lock.packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
    .filter((name) => !(name in INSTALL_SCRIPTS));
}

describe('The package', () => {
  test('names no dependency of any kind but for development', () => {
    expect(runtimeKinds(manifest)).toEqual([]);
  });

  // `prepack` runs where the tarball is made, not where it is installed: it builds.
  test('runs nothing at installation', () => {
    const hooks = /^(?:pre|post)?(?:install|prepare|uninstall)$|^(?:pre|post)publish|^prepublish/;
    expect(Object.keys(manifest.scripts).filter((name) => hooks.test(name))).toEqual([]);
    expect(existsSync(join(root, 'binding.gyp'))).toBe(false);
  });
});

const folders = packageFolders();

test('The manifests of this repository are found', () => {
  expect(folders).toEqual(expect.arrayContaining(['', 'bench', 'docs/api', 'test/servers']));
});

describe.each(folders)('What /%s installs', (folder) => {
  const own = readJson(join(folder, 'package.json'));
  if (Object.keys(dependencies(own)).length === 0) {
    return test('is nothing', () => expect(dependencies(own)).toEqual({}));
  }
  const lock: Lockfile = readJson(join(folder, 'package-lock.json'));

  test('is of one version each, in package.json and in the lockfile', () => {
    expect(loose(own, lock)).toEqual([]);
  });

  test('is told by a checksum, and by no address', () => {
    expect(unverifiable(lock)).toEqual([]);
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
      expect(REGISTRY.exec(read(join(folder, name)))?.[0], name).toBeUndefined();
    }
  });

  test('runs no script that is not known', () => {
    expect(unexpectedScripts(lock)).toEqual([]);
  });

  test('is installed with the settings of all', () => {
    expect(read(join(folder, '.npmrc'))).toBe(
      'omit-lockfile-registry-resolved=true\nfund=false\naudit=false\n',
    );
  });
});

describe('Of what is installed', () => {
  const integrity = `sha512-${'a'.repeat(86)}==`;
  const lockOf = (packages: Lockfile['packages']): Lockfile => ({ packages });

  test.each(['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies'])(
    '%s would be found',
    (kind) => expect(runtimeKinds({ devDependencies: {}, [kind]: {} })).toEqual([kind]),
  );

  test.each(['^1.2.3', '1.2', 'latest', '', '>=1.2.3', 'file:../a', 'npm:b@^1.2.3', '1.2.3 || 2'])(
    'a version that is not one is found: %j',
    (wanted) => {
      const lock = lockOf({ 'node_modules/a': { version: '1.2.3', integrity } });
      expect(loose({ devDependencies: { a: wanted } }, lock)).toEqual([`a@${wanted}`]);
      expect(loose({ devDependencies: { a: '1.2.3' } }, lock)).toEqual([]);
    },
  );

  test('another version in the lockfile, or none, is found', () => {
    const own = { devDependencies: { a: '1.2.3' }, optionalDependencies: { b: 'npm:@s/c@2.0.0' } };
    const a = { version: '1.2.4', integrity };
    const b = { version: '2.0.0', integrity };
    expect(loose(own, lockOf({ 'node_modules/a': a, 'node_modules/b': b }))).toEqual(['a@1.2.3']);
    expect(loose(own, lockOf({ 'node_modules/a': b }))).toEqual(['a@1.2.3', 'b@npm:@s/c@2.0.0']);
  });

  test('a missing or a weak checksum is found', () => {
    const weak = { 'node_modules/a': {}, 'node_modules/b': { integrity: 'sha1-aaaa' } };
    expect(unverifiable(lockOf({ '': {}, ...weak }))).toEqual(['node_modules/a', 'node_modules/b']);
    expect(unverifiable(lockOf({ 'node_modules/a': { integrity } }))).toEqual([]);
  });

  test.each(['"resolved": "x"', 'registry=https://a.example', '//a.example/:_authToken=x'])(
    'an address or a login is found: %s',
    (text) => expect(text).toMatch(REGISTRY),
  );

  test('a new install script is found, however deep', () => {
    const path = 'node_modules/esbuild/node_modules/evil';
    const lock = lockOf({
      'node_modules/esbuild': { hasInstallScript: true },
      [path]: { hasInstallScript: true },
    });
    expect(unexpectedScripts(lock)).toEqual(['evil']);
  });
});

// The bill of materials ----------------------------------------------------------------------------

/** What `npm run sbom` says: the package, its licences, and what it is made of. */
function billOfMaterials(folder: string) {
  const { metadata, components } = JSON.parse(npm(work, folder, 'run', '--silent', 'sbom'));
  const licenses = metadata.component.licenses.map(
    (entry: { license: { id: string } }) => entry.license.id,
  );
  const names = components.map(({ purl }: { purl: string }) => purl);
  return { purl: metadata.component.purl, licenses, components: names };
}

describe('The bill of materials', () => {
  test('has the package and its licence, and not one component', () => {
    expect(billOfMaterials(root)).toEqual({
      purl: `pkg:npm/${manifest.name}@${manifest.version}`,
      licenses: [manifest.license],
      components: [],
    });
  });

  test('would have a dependency if there were one', () => {
    const folder = join(work, 'dependent');
    const own = {
      name: 'dependent',
      version: '1.0.0',
      license: 'MIT',
      dependencies: { a: '1.0.0' },
    };
    const packages = { '': own, 'node_modules/a': { version: '1.0.0' } };
    mkdirSync(folder);
    const { sbom } = manifest.scripts;
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...own, scripts: { sbom } }));
    writeFileSync(
      join(folder, 'package-lock.json'),
      JSON.stringify({ name: 'dependent', version: '1.0.0', lockfileVersion: 3, packages }),
    );
    expect(billOfMaterials(folder).components).toEqual(['pkg:npm/a@1.0.0']);
  });
});

// JSR ----------------------------------------------------------------------------------------------

/** The manifest for JSR that says what package.json says. JSR has sources, and no conditions. */
function jsrManifest({ name, version, license, files }: Manifest, exports = jsrExports) {
  // JSR links to the repository, where the guides are.
  const include = files.filter((file) => file !== 'dist' && !/^!?docs\//.test(file));
  return {
    name: `@${name}/${name}`,
    version,
    license,
    exports,
    // It assembles its kernels on first use.
    imports: { '#engine': './src/engine/simd.ts' },
    // The sources import each other as `.js`, as Node wants it; publishing makes that `.ts`.
    unstable: ['sloppy-imports'],
    publish: { include: [...include, 'LICENSE', 'README.md', 'jsr.json'].sort() },
  };
}

describe('The manifest for JSR', () => {
  const jsr = readJson('jsr.json');

  test('says what package.json says', () => {
    expect(jsr).toEqual(jsrManifest(manifest));
  });

  test('names files that are there', () => {
    const files = [...Object.values<string>(jsr.exports), ...Object.values<string>(jsr.imports)];
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(files).toContain('./src/index.ts');
  });

  test.each([
    { what: 'version', change: { version: '0.0.0' } },
    { what: 'licence', change: { license: 'ISC' } },
  ])('that had another $what would be found', ({ change }) => {
    expect(jsr).not.toEqual(jsrManifest({ ...manifest, ...change }));
  });

  test('that had another subpath would be found', () => {
    const exports = { ...jsrExports, './new': './src/new.ts' };
    expect(jsr).not.toEqual(jsrManifest(manifest, exports));
  });
});

// The tarball, made again --------------------------------------------------------------------------

describe('A tarball made in another folder', () => {
  const copy = join(work, 'copy');
  const packed = (cwd: string, folder: string, ...args: string[]) => {
    mkdirSync(join(work, folder));
    npm(work, cwd, 'pack', ...args, '--pack-destination', join(work, folder));
    return join(work, folder, `${manifest.name}-${manifest.version}.tgz`);
  };
  let ours: string;
  let theirs: string;

  beforeAll(() => {
    const isNeeded =
      /^(?:src|docs|scripts|LICENSE|package\.json|tsup\.config\.ts|tsconfig.*|.*\.md)$/;
    mkdirSync(copy);
    for (const name of readdirSync(root).filter((name) => isNeeded.test(name))) {
      cpSync(join(root, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
    ours = packed(root, 'ours', '--ignore-scripts');
    theirs = packed(copy, 'theirs'); // builds
  }, 120_000);

  test('from the same sources is the same to the byte', () => {
    expect(readFileSync(theirs).equals(readFileSync(ours))).toBe(true);
  });

  test('with one byte more in dist is another', () => {
    appendFileSync(join(copy, 'dist/index.js'), '\n');
    const tampered = packed(copy, 'tampered', '--ignore-scripts');
    expect(readFileSync(tampered).equals(readFileSync(ours))).toBe(false);
  });

  test('names no dependency in its own package.json either', () => {
    const text = execFileSync('tar', ['-xzOf', ours, 'package/package.json'], { encoding: 'utf8' });
    expect(runtimeKinds(JSON.parse(text))).toEqual([]);
    expect(JSON.parse(text).version).toBe(manifest.version);
  });
});
