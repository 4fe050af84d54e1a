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
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { npm } from '../support/npm.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What each subpath exports at run time. */
const SUBPATHS: Readonly<Record<string, readonly string[]>> = {
  base32: ['decodeBase32', 'decodeBase32Lenient', 'encodeBase32'],
  code: ['normalizeCode'],
  errors: ['OtpError'],
  hotp: ['generateHotp', 'resyncHotp', 'verifyHotp'],
  key: ['createKey'],
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
  'sha1-key': ['createSha1Key'],
  'single-use': ['resyncHotpOnce', 'resyncTotpOnce', 'verifyHotpOnce', 'verifyTotpOnce'],
  'stores/memory': ['memoryStore'],
  'stores/mysql': ['createMysqlTable', 'mysqlSchema', 'mysqlStore'],
  'stores/postgres': ['createPostgresTable', 'postgresSchema', 'postgresStore'],
  'stores/redis': ['redisStore'],
  'stores/sqlite': ['createSqliteTable', 'sqliteSchema', 'sqliteStore'],
  testing: ['testSingleUseStore'],
  totp: ['generateTotp', 'resyncTotp', 'verifyTotp', 'verifyTotpBatch'],
  window: ['secondsRemaining', 'timeStep'],
};
/** What the root leaves out: of the stores on databases, an application takes one. */
const NOT_IN_ROOT = /^(?:stores\/(?!memory$)|testing$|recovery-codes$|second-factor)/;
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
function runScript(name: string, script: string) {
  writeFileSync(join(work, name), script);
  return JSON.parse(execFileSync(process.execPath, [name], { cwd: work, encoding: 'utf8' }));
}

/** All files below a folder, as paths with forward slashes. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/** The names of the source files, without the ending. */
function sourceNames(): string[] {
  return filesBelow(join(root, 'src')).map((file) => file.replace(/\.ts$/, ''));
}

describe('The tarball', () => {
  test('holds the sources, dist as their mirror image, and five files beside', () => {
    const expected = sourceNames().flatMap((name) => [
      `src/${name}.ts`,
      ...['.js', '.js.map', '.d.ts', '.d.ts.map'].map((ending) => `dist/${name}${ending}`),
    ]);
    expected.push('CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json');
    expect(filesBelow(installed)).toEqual(expected.sort());
  });

  test('has maps that point to its own sources, and are of these very sources', () => {
    const maps = filesBelow(installed).filter((file) => file.endsWith('.map'));
    expect(maps).toHaveLength(2 * sourceNames().length);
    for (const map of maps) {
      const { sources, sourcesContent, sourceRoot = '' } = readJson(join(installed, map));
      const source = map.replace(/^dist\//, 'src/').replace(/(?:\.d\.ts|\.js)\.map$/, '.ts');
      const targets = (sources as string[]).map((path) =>
        join(dirname(map), sourceRoot, path).replaceAll('\\', '/'),
      );
      // A file of types alone leaves no code behind, and so no source of any.
      const isEmpty = map.endsWith('.js.map') && targets.length === 0;
      expect(isEmpty ? [] : [source], map).toEqual(targets);
      for (const text of sourcesContent ?? []) {
        expect(text, map).toBe(readFileSync(join(installed, source), 'utf8'));
      }
    }
  });

  test('has a map for every file that names one', () => {
    const named = filesBelow(installed)
      .filter((file) => file.startsWith('dist/') && !file.endsWith('.map'))
      .map((file) => {
        const text = readFileSync(join(installed, file), 'utf8');
        const map = /^\/\/# sourceMappingURL=(\S+)$/m.exec(text)?.[1] ?? 'none';
        return { file, exists: existsSync(join(installed, dirname(file), map)) };
      });
    expect(named.filter(({ exists }) => !exists)).toEqual([]);
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
  test('has each public file as a subpath, with its types, and no other', () => {
    const entry = (name: string) => ({
      types: `./dist/${name}.d.ts`,
      default: `./dist/${name}.js`,
    });
    const publicNames = sourceNames().filter((name) =>
      /^(?:(?:stores\/)?[^/]+|second-factor\/(?:memory|mysql|postgres|sqlite|testing))$/.test(name),
    );
    const expected = Object.fromEntries(
      publicNames.map((name) => [name === 'index' ? '.' : `./${name}`, entry(name)]),
    );
    expect(manifest.exports).toEqual({ ...expected, './package.json': './package.json' });
    expect(Object.keys(SUBPATHS).sort()).toEqual(publicNames.filter((name) => name !== 'index'));
  });

  // TypeScript's `moduleResolution: node`, linters: what never learned to read `exports`.
  test('says the same to tools that do not read that', () => {
    const { '.': main, './package.json': _, ...subpaths } = manifest.exports;
    expect(manifest).toMatchObject({ main: main.default, types: main.types });
    const paths = Object.entries<{ types: string }>(subpaths);
    const types = Object.fromEntries(paths.map(([path, entry]) => [path.slice(2), [entry.types]]));
    expect(manifest.typesVersions).toEqual({ '*': types });
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

  test('exports exactly its names when required', () => {
    const names = runScript(
      'names.cjs',
      `const names = {};
      for (const path of ${JSON.stringify(Object.keys(EXPORTED))}) {
        names[path] = Object.keys(require(path)).sort();
      }
      console.log(JSON.stringify(names));`,
    );
    expect(names).toEqual(EXPORTED);
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

  test('keeps its inner files to itself', () => {
    const inner = [
      'internal/guards',
      'engine/otp-key',
      'engine/portable',
      'uri/read',
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
import type { OtpauthUri } from 'otpcore/otpauth-uri';
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
export function periodOf(uri: OtpauthUri): number | undefined {
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

  test('that passes a number for a code does not compile', () => {
    const text =
      "import { createKey, verifyTotp } from 'otpcore';\nverifyTotp(createKey('GEZDGNBV'), 287082);";
    expect(compile('wrong.mts', text, nodenext)).toHaveLength(1);
  });
});
