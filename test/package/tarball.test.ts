// What is published: the tarball that `npm pack` makes of the built tree, installed without a
// network into an empty project, imported, required, type-checked and linted there.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DOORS, packageExports } from '../../scripts/doors.mjs';
import { npm } from '../../scripts/npm.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What each subpath exports at run time. */
const SUBPATHS: Readonly<Record<string, readonly string[]>> = {
  base32: ['decodeBase32', 'decodeBase32Lenient', 'encodeBase32'],
  code: ['normalizeCode'],
  errors: ['OtpError'],
  hotp: ['generateHotp', 'resyncHotp', 'truncatedHmac', 'verifyHotp'],
  key: ['createKey', 'createSha1Key'],
  'otpauth-migration': ['parseMigrationUri'],
  'otpauth-uri': ['buildOtpauthUri', 'lintOtpauthUri', 'parseOtpauthUri'],
  'recovery-codes': ['generateRecoveryCodes', 'hashRecoveryCode', 'readRecoveryCode'],
  'second-factor': [
    ...['aesGcmSealer', 'afterFailure', 'afterSuccess', 'attemptsLeft', 'chance'],
    ...['createSecondFactor', 'decide', 'retryAfter'],
  ],
  'second-factor/memory': ['memoryFactorStore'],
  'second-factor/mysql': ['createMysqlFactorTable', 'mysqlFactorSchema', 'mysqlFactorStore'],
  'second-factor/postgres': [
    ...['createPostgresFactorTable', 'postgresFactorSchema', 'postgresFactorStore'],
  ],
  'second-factor/sqlite': ['createSqliteFactorTable', 'sqliteFactorSchema', 'sqliteFactorStore'],
  'second-factor/testing': ['testFactorStore'],
  secret: ['generateSecret'],
  'single-use': [
    'checkStore',
    'resyncHotpOnce',
    'resyncTotpOnce',
    'verifyHotpOnce',
    'verifyTotpOnce',
  ],
  step: ['secondsRemaining', 'timeStep'],
  'stores/memory': ['memoryStore'],
  'stores/mysql': ['createMysqlTable', 'mysqlSchema', 'mysqlStore'],
  'stores/postgres': ['createPostgresTable', 'postgresSchema', 'postgresStore'],
  'stores/redis': ['redisStore'],
  'stores/sqlite': ['createSqliteTable', 'sqliteSchema', 'sqliteStore'],
  testing: ['testSingleUseStore'],
  totp: ['generateTotp', 'resyncTotp', 'verifyTotp', 'verifyTotpBatch'],
};
/** What the root leaves out: of the stores on databases, an application takes one. */
const NOT_IN_ROOT =
  /^(?:stores\/(?!memory$)|testing$|otpauth-migration$|recovery-codes$|second-factor)/;
const EXPORTED: Readonly<Record<string, readonly string[]>> = {
  otpcore: Object.entries(SUBPATHS)
    .flatMap(([path, names]) => (NOT_IN_ROOT.test(path) ? [] : names))
    .sort(),
  ...Object.fromEntries(
    Object.entries(SUBPATHS).map(([path, names]) => [`otpcore/${path}`, names]),
  ),
};

const manifest = readJson(join(root, 'package.json'));
const work = mkdtempSync(join(tmpdir(), 'otpcore-package-'));
const installed = join(work, 'node_modules', 'otpcore');
let tarball: string;

beforeAll(() => {
  npm(work, root, 'pack', '--ignore-scripts', '--pack-destination', work);
  tarball = join(work, `${manifest.name}-${manifest.version}.tgz`);
  writeFileSync(join(work, 'package.json'), '{ "name": "consumer", "private": true }');
  npm(work, work, 'install', '--offline', tarball);
}, 120_000);

afterAll(() => rmSync(work, { recursive: true }));

function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Runs a script in the consumer's project and reads the JSON that it prints. */
function runScript(name: string, script: string, ...flags: string[]) {
  writeFileSync(join(work, name), script);
  const args = [...flags, name];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: work, encoding: 'utf8' }));
}

/** Node as it was before it could require ES modules. */
const NO_REQUIRE_OF_MODULES = '--no-experimental-require-module';

/** All files below a folder, as paths with forward slashes. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/** The files that a page of the tarball links to, as paths in the tarball. */
function linksOf(page: string): string[] {
  const text = readFileSync(join(installed, page), 'utf8').replace(/^ *```.*?^ *```$/gms, '');
  return [...text.matchAll(/\]\(([^)\s#]+)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => join(dirname(page), link).replaceAll('\\', '/'));
}

function deadLinksOf(page: string): string[] {
  return linksOf(page).filter((path) => !existsSync(join(installed, path)));
}

/** Folders and files that pages of the package may link to, though they stay in the repository. */
const IN_REPOSITORY_ALONE =
  /^(?:test|bench|\.github|docs\/examples\/(?:portal|better-auth))(?:\/|$)|^(?:CONTRIBUTING\.md|jsr\.json)$/;

/** The names of the source files, without the ending. */
function sourceNames(): string[] {
  return filesBelow(join(root, 'src')).map((file) => file.replace(/\.ts$/, ''));
}

describe('The tarball', () => {
  test('holds the sources, three forms of each door, the guides, and five files beside', () => {
    const doors = DOORS.flatMap((door) => [
      ...['.js', '.js.map', '.d.ts'].map((end) => `dist/${door}${end}`),
      `dist/node/${door}.js`,
      ...['.cjs', '.d.cts', '.d.cts.map'].map((end) => `dist/cjs/${door}${end}`),
    ]);
    const bundles = ['index', ...DOORS.filter((door) => NOT_IN_ROOT.test(door))];
    const expected = [
      ...sourceNames().map((name) => `src/${name}.ts`),
      ...doors,
      ...bundles.flatMap((name) => [`dist/node/${name}.js.map`, `dist/cjs/${name}.cjs.map`]),
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json'],
    ];
    const guides = filesBelow(join(root, 'docs')).filter(
      (name) =>
        /\.(?:md|svg|png)$|^examples\/(?:frameworks\/|[^/]+\.mjs$)/.test(name) &&
        !/node_modules|^site\/|^examples\/[^/]+\/README\.md$/.test(name),
    );
    expected.push(...guides.map((name) => `docs/${name}`));
    const found = filesBelow(installed);
    expect(found).toEqual(expect.arrayContaining(expected));
    // Beside these, the private files: the code that doors load, and the types that they name.
    const names = found
      .filter((file) => !expected.includes(file))
      .map((file) => /^dist\/(?:(.+)\.js|cjs\/(.+)\.d\.cts)(?:\.map)?$/.exec(file) ?? [file])
      .map(([file = '', code, types]) => code ?? types ?? file);
    expect(names).toContain('engine/portable');
    expect(names.filter((name) => !sourceNames().includes(name))).toEqual([]);
    expect(names.filter((name) => name.startsWith('engine/simd'))).toEqual([]);
  });

  test('has a README without a link to a file that it lacks', () => {
    expect(linksOf('README.md').length).toBeGreaterThan(20);
    expect(deadLinksOf('README.md')).toEqual([]);
  });

  test('has guides whose links lead to its own files, or to sources that the repository alone has', () => {
    const pages = filesBelow(installed).filter((file) => file.endsWith('.md'));
    const dead = pages.flatMap(deadLinksOf);
    expect(dead).not.toEqual([]);
    expect(dead.filter((path) => !IN_REPOSITORY_ALONE.test(path))).toEqual([]);
  });

  test('has less than a megabyte', () => {
    expect(statSync(tarball).size).toBeLessThan(1_000_000);
  });

  test('has maps that lead to its own sources, and hold no copy of them', () => {
    const maps = filesBelow(installed).filter((file) => file.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(2 * DOORS.length);
    for (const map of maps) {
      const { sources, sourcesContent, sourceRoot = '' } = readJson(join(installed, map));
      const targets = (sources as string[]).map((path) =>
        join(dirname(map), sourceRoot, path).replaceAll('\\', '/'),
      );
      // A file of types alone leaves no code behind, and so no source of any.
      if (!map.endsWith('.js.map')) expect(targets, map).not.toEqual([]);
      const strays = targets.filter((path) => !existsSync(join(installed, path)));
      expect({ map, strays, sourcesContent }).toEqual({ map, strays: [] });
    }
  });

  test('has a map for every file that names one', () => {
    const named = filesBelow(installed)
      .filter((file) => file.startsWith('dist/') && !file.endsWith('.map'))
      .flatMap((file) => {
        const text = readFileSync(join(installed, file), 'utf8');
        const map = /^\/\/# sourceMappingURL=(\S+)$/m.exec(text)?.[1];
        return map === undefined ? [] : [join(installed, dirname(file), map)];
      });
    expect(named.length).toBeGreaterThan(2 * DOORS.length);
    expect(named.filter((map) => !existsSync(map))).toEqual([]);
  });

  test('names the alias of the sources in no file of dist', () => {
    const files = filesBelow(join(installed, 'dist'));
    const naming = files.filter((file) =>
      readFileSync(join(installed, 'dist', file), 'utf8').includes('#engine'),
    );
    expect(naming).toEqual([]);
  });

  // A second copy would take the first one's keys for foreign, and its errors too.
  test.each([
    { form: 'node', ending: '.js' },
    { form: 'cjs', ending: '.cjs' },
  ])('has the class of keys and that of errors once in dist/$form', ({ form, ending }) => {
    const folder = join(installed, 'dist', form);
    const files = filesBelow(folder).filter((file) => file.endsWith(ending));
    const classes = files.flatMap((file) => {
      const found = readFileSync(join(folder, file), 'utf8').matchAll(
        /\b(Otp(?:Error|Key)) = class\b/g,
      );
      return [...found].map(([, name]) => `${file}: ${name}`);
    });
    expect(classes.sort()).toEqual([`index${ending}: OtpError`, `index${ending}: OtpKey`]);
  });

  test('brings nothing else into an empty project', () => {
    expect(readdirSync(join(work, 'node_modules')).filter((name) => name[0] !== '.')).toEqual([
      'otpcore',
    ]);
  });

  test('gives publint nothing to say, not even a suggestion', async () => {
    const { messages } = await publint({
      strict: true,
      pack: { tarball: new Uint8Array(readFileSync(tarball)).buffer },
    });
    expect(messages).toEqual([]);
  });
});

describe('The installed package', () => {
  test('has each public file as a subpath, and no other: else run `node scripts/doors.mjs --write`', () => {
    expect(manifest.exports).toEqual(packageExports);
    // The order of conditions counts.
    expect(JSON.stringify(manifest.exports)).toBe(JSON.stringify(packageExports));
    expect(Object.keys(SUBPATHS).sort()).toEqual(DOORS.slice(1));
  });

  // TypeScript's `moduleResolution: node`, linters: what never learned to read `exports`.
  test('gives tools that do not read that the form that they can load', () => {
    expect(manifest).toMatchObject({
      main: packageExports['.'].require,
      types: packageExports['.'].types.require,
      typesVersions: { '*': { '*': ['./dist/cjs/*.d.cts', './*'] } },
    });
    expect(manifest).not.toHaveProperty('module');
  });

  // Provenance can be stated only of what everybody may read.
  test('is for all the world, and says where it was built', () => {
    expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true });
    expect(manifest).not.toHaveProperty('private');
  });

  test('exports exactly its names when imported', () => {
    const names = runScript(
      'names.mjs',
      `const names = {};
      for (const path of ${JSON.stringify(Object.keys(EXPORTED))}) {
        names[path] = Object.keys(await import(path)).sort();
      }
      console.log(JSON.stringify(names));`,
    );
    expect(names).toEqual(EXPORTED);
  });

  test.each([
    { form: 'the core', flags: [] },
    { form: 'CommonJS', flags: [NO_REQUIRE_OF_MODULES] },
  ])('exports exactly its names when required, from $form', ({ flags }) => {
    const { names, loaded } = runScript(
      'names.cjs',
      `const names = {};
      for (const path of ${JSON.stringify(Object.keys(EXPORTED))}) {
        names[path] = Object.keys(require(path)).sort();
      }
      const loaded = Object.keys(require.cache).some((file) => /dist.cjs.index\\.cjs$/.test(file));
      console.log(JSON.stringify({ names, loaded }));`,
      ...flags,
    );
    expect(names).toEqual(EXPORTED);
    expect(loaded).toBe(flags.length > 0);
  });

  test('is one and the same, whichever way it comes in', () => {
    const [isSameError, isSameKey, code] = runScript(
      'same.mjs',
      `import { createRequire } from 'node:module';
      import * as imported from 'otpcore';
      import { verifyTotp } from 'otpcore/totp';
      const required = createRequire(import.meta.url)('otpcore');
      const key = required.createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
      console.log(JSON.stringify([
        required.OtpError === imported.OtpError,
        verifyTotp(key, '287082', { timestamp: 59_000 }).valid,
        imported.generateTotp(key, { timestamp: 59_000, digits: 8 }),
      ]));`,
    );
    expect([isSameError, isSameKey]).toEqual([true, true]);
    // RFC 6238, Appendix B, first row.
    expect(code).toBe('94287082');
  });

  test('says so where a key comes from another copy', () => {
    const script = `const { createKey } = require('otpcore');
      import('otpcore').then(({ verifyTotp }) => {
        try { verifyTotp(createKey('GEZDGNBV'), '287082'); } catch (error) {
          console.log(JSON.stringify([error.name, error.message]));
        }
      });`;
    const [name, message] = runScript('two.cjs', script, NO_REQUIRE_OF_MODULES);
    expect(name).toBe('TypeError');
    expect(message).toMatch(/of this copy/);
  });

  test('keeps its inner files to itself', () => {
    const inner = [
      'arguments/guards',
      'engine/otp-key',
      'engine/portable',
      'otpauth-uri/read',
      'dist/index.js',
    ];
    const codes = runScript(
      'inner.mjs',
      `const codes = [];
      for (const path of ${JSON.stringify(inner)}) {
        codes.push(await import('otpcore/' + path).then(() => 'open', (error) => error.code));
      }
      console.log(JSON.stringify(codes));`,
    );
    expect(codes).toEqual(inner.map(() => 'ERR_PACKAGE_PATH_NOT_EXPORTED'));
  });

  test.each([[], [NO_REQUIRE_OF_MODULES]])('shows a key under its own name', (...flags) => {
    const script = `const key = require('otpcore').createKey('GEZDGNBV');
      console.log(JSON.stringify(key.constructor.name));`;
    expect(runScript('name.cjs', script, ...flags)).toBe('OtpKey');
  });

  test('shows its own package.json', () => {
    const script = "console.log(JSON.stringify(require('otpcore/package.json').version));";
    expect(runScript('manifest.cjs', script)).toBe(manifest.version);
  });
});

describe('A consumer', () => {
  /** Uses every subpath, types and values; the engine and the inner files stay out of sight. */
  const CONSUMER = `
${Object.keys(EXPORTED)
  .map((path, i) => `import * as m${i} from '${path}';`)
  .join('\n')}
import { createKey, memoryStore, type TotpResult, verifyTotpOnce } from 'otpcore';
import type { SingleUseStore } from 'otpcore/single-use';
import type { OtpauthFields } from 'otpcore/otpauth-uri';
import type { OtpKey } from 'otpcore/key';

export const all = [${Object.keys(EXPORTED)
    .map((_, i) => `m${i}`)
    .join(', ')}];
const key: OtpKey = createKey('GEZDGNBVGY3TQOJQ', { algorithm: 'SHA256' });
const store: SingleUseStore = memoryStore();
export async function signIn(code: string): Promise<number | TotpResult['valid']> {
  const result = await verifyTotpOnce(key, code, { store, id: 'alice' });
  return result.valid ? result.step : false;
}
export function periodOf(uri: OtpauthFields): number | undefined {
  return uri.type === 'totp' ? uri.period : undefined;
}
`;

  /** Errors of the compiler in strictest mode: no library is skipped, and no types are lent. */
  function compile(file: string, text: string, options: ts.CompilerOptions): string[] {
    const path = join(work, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const program = ts.createProgram([path], {
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      skipLibCheck: false,
      noEmit: true,
      ...options,
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ file: where, messageText }) =>
        [where?.fileName, ts.flattenDiagnosticMessageText(messageText, ' ')].join(': '),
      );
  }

  const nodenext = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const bundler = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };

  test.each([
    { resolution: 'nodenext', options: nodenext },
    { resolution: 'bundler', options: bundler },
  ])('compiles with no library skipped, under $resolution', ({ options }) => {
    expect(compile('consumer.mts', CONSUMER, options)).toEqual([]);
  });

  test('compiles as CommonJS under nodenext', () => {
    const text =
      "import otpcore = require('otpcore');\nvoid (otpcore.createKey('GEZDGNBV') satisfies otpcore.OtpKey);";
    expect(compile('consumer.cts', text, nodenext)).toEqual([]);
  });

  test('that swaps key and code does not compile', () => {
    const text =
      "import { createKey, verifyTotp } from 'otpcore';\nverifyTotp('287082', createKey('GEZDGNBV'));";
    expect(compile('wrong.mts', text, nodenext)).toHaveLength(1);
  });
});
