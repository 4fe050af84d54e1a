// A consumer's TypeScript, in every way it finds modules, from the oldest version that can to the
// newest, with no library skipped. The tables of docs/evidence/packaging.md are what came out here.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compilers } from './support/compilers.mjs';
import { makeProject, specifiers } from './support/project.mjs';

const document = readFileSync(new URL('../../docs/evidence/packaging.md', import.meta.url), 'utf8');

const projects = {
  ESM: makeProject({ 'package.json': '{ "private": true, "type": "module" }' }),
  CommonJS: makeProject({ 'package.json': '{ "private": true, "type": "commonjs" }' }),
};

/** Uses every subpath, types and values, and swaps two arguments in its last line. */
const CONSUMER = `
${specifiers.map((path, i) => `import * as m${i} from '${path}';`).join('\n')}
import { createKey, memoryStore, verifyTotp, verifyTotpOnce } from 'otpcore';
import type { TotpResult } from 'otpcore';
import type { OtpKey } from 'otpcore/key';
import type { SingleUseStore } from 'otpcore/single-use';

export const all: readonly object[] = [${specifiers.map((_, i) => `m${i}`).join(', ')}];
const key: OtpKey = createKey('GEZDGNBVGY3TQOJQ', { algorithm: 'SHA256' });
const store: SingleUseStore = memoryStore();
export async function signIn(code: string): Promise<number | TotpResult['valid']> {
  const result = await verifyTotpOnce(key, code, { store, id: 'alice' });
  return result.valid ? result.step : false;
}
verifyTotp('287082', key);`;

/** The one error that it has where all is well: a text is no key. */
const WELL = [`TS2345:${CONSUMER.split('\n').length}`];

const STRICT = {
  target: 'es2022',
  lib: ['es2022'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  // TypeScript's own library is checked below, where it differs; it is half of the time.
  skipDefaultLibCheck: true,
};

/** What a compiler does not know, no longer knows, or knows only beside another `module`. */
const NO_SUCH_SETTING = ['TS6046', 'TS5108', 'TS5095', 'TS5110'];
const DEPRECATED = 'TS5107';

const LEFT_OUT = 'left out';

/** A cell of a table: whether it works, or the codes of what is wrong. */
function cellOf(errors) {
  const codes = [...new Set(errors.map((error) => error.replace(/:.*/, '')))];
  if (codes.some((code) => NO_SUCH_SETTING.includes(code))) return '–';
  if (String(errors) === String(WELL)) return 'yes';
  return codes.filter((code) => code !== 'TS2345').join(', ') || 'any';
}

async function cell({ diagnose }, { module, resolution, file }) {
  const project = projects[file];
  project.write('consumer.ts', CONSUMER);
  const moduleResolution = resolution !== LEFT_OUT && { moduleResolution: resolution };
  const settings = { ...STRICT, noEmit: true, module, ...moduleResolution };
  const errors = await diagnose(project, 'consumer.ts', settings);
  if (!errors.includes(DEPRECATED)) return cellOf(errors);
  // The compiler would stop here and say so; told to go on, it says the rest.
  const ignoring = { ...settings, ignoreDeprecations: '6.0' };
  const rest = cellOf(await diagnose(project, 'consumer.ts', ignoring));
  return rest === 'yes' ? 'deprecated' : rest;
}

/** Every `module` with each `moduleResolution` that it may stand beside. */
const ROWS = [
  { module: 'nodenext', resolution: 'nodenext', file: 'ESM' },
  { module: 'nodenext', resolution: 'nodenext', file: 'CommonJS' },
  { module: 'node20', resolution: 'node16', file: 'ESM' },
  { module: 'node20', resolution: 'node16', file: 'CommonJS' },
  { module: 'node18', resolution: 'node16', file: 'ESM' },
  { module: 'node18', resolution: 'node16', file: 'CommonJS' },
  { module: 'node16', resolution: 'node16', file: 'ESM' },
  { module: 'node16', resolution: 'node16', file: 'CommonJS' },
  { module: 'preserve', resolution: 'bundler', file: 'ESM' },
  { module: 'preserve', resolution: 'bundler', file: 'CommonJS' },
  { module: 'esnext', resolution: 'bundler', file: 'ESM' },
  { module: 'commonjs', resolution: 'bundler', file: 'CommonJS' },
  { module: 'esnext', resolution: 'node', file: 'ESM' },
  { module: 'commonjs', resolution: 'node', file: 'CommonJS' },
  { module: 'esnext', resolution: 'classic', file: 'ESM' },
  { module: 'esnext', resolution: LEFT_OUT, file: 'ESM' },
  { module: 'commonjs', resolution: LEFT_OUT, file: 'CommonJS' },
];

test.each(ROWS)('The document says what $module with $resolution does in $file', async (row) => {
  const cells = [];
  for (const compiler of compilers) cells.push(await cell(compiler, row));
  const resolution = row.resolution === LEFT_OUT ? LEFT_OUT : `\`${row.resolution}\``;
  const head = `| \`${row.module}\` | ${resolution} | ${row.file} |`;
  const line = document.split('\n').find((text) => text.startsWith(head));
  expect(line).toBe(`${head} ${cells.join(' | ')} |`);
});

test('The document names these versions, and has no other row', () => {
  const names = compilers.map(({ name }) => name);
  const head = `| \`module\` | \`moduleResolution\` | file | ${names.join(' | ')} |`;
  const table = document.slice(document.indexOf(head)).split('\n\n')[0].split('\n');
  expect(table[0]).toBe(head);
  expect(table.length - 2).toBe(ROWS.length);
});

const [, stable, latest] = compilers;

const oldest = compilers[0];

describe.each([oldest, stable])(
  'A CommonJS file under node16, by TypeScript $name,',
  (compiler) => {
    const NODE16 = { ...STRICT, noEmit: true, module: 'node16', moduleResolution: 'node16' };

    test.each([
      ['import = require', "import otpcore = require('otpcore');\nvoid otpcore.createKey;"],
      ['import', "import { createKey } from 'otpcore';\nvoid createKey;"],
      [
        'import of types',
        "import type { OtpKey } from 'otpcore';\nexport type createKey = OtpKey;",
      ],
      ['import() of the ES module', "void import('otpcore').then(({ createKey }) => createKey);"],
    ])('has %s', async (_, text) => {
      projects.CommonJS.write('way.ts', text);
      expect(await compiler.diagnose(projects.CommonJS, 'way.ts', NODE16)).toEqual([]);
      // It has types: something that is not there is an error.
      projects.CommonJS.write('way.ts', text.replaceAll(/createKey|OtpKey/g, '$&s'));
      expect(await compiler.diagnose(projects.CommonJS, 'way.ts', NODE16)).not.toEqual([]);
    });
  },
);

test('A CommonJS file has import = require with verbatimModuleSyntax too', async () => {
  const text = `import otpcore = require('otpcore');
    const key: otpcore.OtpKey = otpcore.createKey('GEZDGNBVGY3TQOJQ');
    void key;`;
  projects.CommonJS.write('way.ts', text);
  const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' };
  const settings = { ...STRICT, ...nodenext, noEmit: true, verbatimModuleSyntax: true };
  expect(await stable.diagnose(projects.CommonJS, 'way.ts', settings)).toEqual([]);
});

describe('What the compiler writes runs in Node', () => {
  const PROGRAM = `
    import { createKey, generateTotp } from 'otpcore';
    import { verifyTotp } from 'otpcore/totp';
    const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    const timestamp: number = 59_000;
    const code: string = generateTotp(key, { timestamp });
    declare const console: { log(...values: unknown[]): void };
    console.log(code, verifyTotp(key, code, { timestamp }).valid);`;

  test.each([
    { compiler: stable, module: 'nodenext', file: 'ESM' },
    { compiler: stable, module: 'nodenext', file: 'CommonJS' },
    { compiler: stable, module: 'node20', file: 'CommonJS' },
    { compiler: stable, module: 'node16', file: 'CommonJS' },
    { compiler: stable, module: 'commonjs', moduleResolution: 'node', file: 'CommonJS' },
    { compiler: stable, module: 'esnext', moduleResolution: 'bundler', file: 'ESM' },
    { compiler: latest, module: 'commonjs', moduleResolution: 'bundler', file: 'CommonJS' },
  ])('as $module by $compiler.name, from $file', async ({ compiler, file, ...settings }) => {
    const project = projects[file];
    project.write('program.ts', PROGRAM);
    const outDir = project.path('out');
    const all = { ...STRICT, ...settings, outDir, rootDir: project.folder };
    expect(await compiler.diagnose(project, 'program.ts', all)).toEqual([]);
    const { stdout, stderr } = await project.node('out/program.js');
    expect([stdout.trim(), stderr]).toEqual(['287082 true', '']);
  });
});

describe('With no library skipped, TypeScript’s own neither,', () => {
  const typeRoots = [fileURLToPath(new URL('../../node_modules/@types', import.meta.url))];
  const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' };
  const full = { ...STRICT, ...nodenext, skipDefaultLibCheck: false, noEmit: true };

  test.each([
    { what: 'ES2022 alone', settings: {} },
    { what: 'ES2020 alone', settings: { target: 'es2020', lib: ['es2020'] } },
    { what: 'the DOM', settings: { lib: ['es2022', 'dom', 'dom.iterable'] } },
    { what: 'the DOM, as a bundler resolves', settings: { ...bundler(), lib: ['es2022', 'dom'] } },
    { what: 'web workers', settings: { lib: ['es2022', 'webworker'] } },
    { what: 'Node’s types', settings: { types: ['node'], typeRoots } },
    {
      what: 'isolated, verbatim modules',
      settings: { isolatedModules: true, verbatimModuleSyntax: true },
    },
  ])('a consumer compiles with $what', async ({ settings }) => {
    projects.ESM.write('consumer.ts', CONSUMER);
    expect(await stable.diagnose(projects.ESM, 'consumer.ts', { ...full, ...settings })).toEqual(
      WELL,
    );
  });

  /** Where the web takes bytes that are in no shared memory. */
  const WEB = `
    import { decodeBase32, decodeBase32Lenient, generateSecret, parseOtpauthUri } from 'otpcore';
    const { secret } = parseOtpauthUri('');
    for (const bytes of [generateSecret(), decodeBase32(''), decodeBase32Lenient(''), secret]) {
      void crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
      void fetch('/', { method: 'POST', body: bytes });
      void new Blob([bytes]);
    }`;

  test.each(compilers)(
    'bytes go into WebCrypto, fetch and a Blob, by $name',
    async ({ diagnose }) => {
      projects.ESM.write('web.ts', WEB);
      const lib = ['es2022', 'dom'];
      const skips = { skipDefaultLibCheck: true, module: 'node16', moduleResolution: 'node16' };
      expect(await diagnose(projects.ESM, 'web.ts', { ...full, lib, ...skips })).toEqual([]);
    },
  );

  test('a declaration that does not fit is found', async () => {
    const broken = makeProject({ 'package.json': '{ "type": "module" }', 'consumer.ts': CONSUMER });
    broken.write(
      'node_modules/otpcore/dist/cjs/code.d.cts',
      'export declare const normalizeCode: Gone;',
    );
    const errors = await stable.diagnose(broken, 'consumer.ts', full);
    expect(errors.sort()).toEqual(['TS2304:1', ...WELL]);
  });
});

function bundler() {
  return { module: 'esnext', moduleResolution: 'bundler' };
}
