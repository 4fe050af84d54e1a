// What linters say: two of packages, to the tarball and to tarballs with one fault each; and
// typescript-eslint, to code that takes a result for a boolean.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { publint } from 'publint';
import { describe, expect, inject, test } from 'vitest';
import { makeFolder, makeProject, specifiers, tools } from './support/project.mjs';

const ATTW = join(tools, '@arethetypeswrong', 'cli', 'dist', 'index.js');

/** The tarball with one file replaced, packed again. */
function spoil(file, edit) {
  const project = makeProject();
  const path = `node_modules/otpcore/${file}`;
  const before = project.read(path);
  project.write(path, edit(before));
  if (project.read(path) === before) throw new Error(`nothing was changed in ${file}`);
  const tarball = project.path('spoiled.tgz');
  const args = [
    '-czf',
    tarball,
    '-C',
    project.path('node_modules'),
    '--transform',
    's/^otpcore/package/',
    'otpcore',
  ];
  execFileSync('tar', args);
  return tarball;
}

/** What attw finds under a profile: the kinds of its problems, and whether it is content. */
async function attw(tarball, ...args) {
  const { path, read } = makeFolder();
  // It ends before a pipe has taken all that it has to say; a file has.
  const file = openSync(path('attw.json'), 'w');
  const stdio = ['ignore', file, 'inherit'];
  const child = spawn(process.execPath, [ATTW, tarball, '--format', 'json', ...args], { stdio });
  const [code] = await once(child, 'close');
  closeSync(file);
  const { analysis, problems = {} } = JSON.parse(read('attw.json'));
  const entries = Object.keys(analysis.entrypoints);
  return { isContent: code === 0, entries, kinds: Object.keys(problems) };
}

const FAULTS = [
  {
    fault: 'declarations that are named and not there',
    file: 'package.json',
    edit: (text) => text.replace('"./dist/totp.d.ts"', '"./dist/absent.d.ts"'),
    kinds: ['FallbackCondition'],
    code: 'FILE_DOES_NOT_EXIST',
  },
  {
    fault: 'code that is named and not there',
    file: 'package.json',
    edit: (text) => text.replaceAll('"./dist/totp.js"', '"./dist/absent.js"'),
    kinds: [],
    code: 'FILE_DOES_NOT_EXIST',
  },
  {
    fault: 'an import without its ending in the declarations',
    file: 'dist/totp.d.ts',
    edit: (text) => text.replaceAll(/(from '\.[^']*)\.cjs'/g, "$1'"),
    kinds: ['InternalResolutionError'],
  },
  {
    fault: 'CommonJS beneath declarations of ES modules',
    file: 'dist/code.js',
    edit: () => 'module.exports = {};\n',
    kinds: [],
    code: 'FILE_INVALID_FORMAT',
  },
];

describe('attw', () => {
  test('is content with every subpath, imported or required', async () => {
    const { entries, ...rest } = await attw(inject('tarball'));
    expect(rest).toEqual({ isContent: true, kinds: [] });
    const paths = entries.map((path) => join('otpcore', path));
    expect(paths.filter((path) => path !== 'otpcore/package.json')).toEqual(specifiers);
  });

  const found = FAULTS.filter(({ kinds }) => kinds.length > 0);
  test.each(found)('finds $fault', async ({ file, edit, kinds }) => {
    const result = await attw(spoil(file, edit));
    expect(result.isContent).toBe(false);
    expect(result.kinds).toEqual(expect.arrayContaining(kinds));
  });
});

describe('publint', () => {
  async function codesOf(tarball) {
    const pack = { tarball: new Uint8Array(readFileSync(tarball)).buffer };
    const { messages } = await publint({ strict: true, pack });
    return messages.map(({ code }) => code);
  }

  test('has nothing to say, not even a suggestion', async () => {
    expect(await codesOf(inject('tarball'))).toEqual([]);
  });

  test.each(FAULTS.filter(({ code }) => code !== undefined))(
    'finds $fault',
    async ({ file, edit, code }) => {
      expect(await codesOf(spoil(file, edit))).toContain(code);
    },
  );
});

/** Each form of the table in docs/evidence/lint-rule.md, as code in an async function. */
const FORMS = [
  ['if (verifyTotpOnce(…))', 'welcome();'],
  ['if (!verifyTotpOnce(…))', 'return;'],
  ['verifyTotpOnce(…) ? a : b', ';'],
  ['verifyTotpOnce(…) && a', ';'],
  ['while (!verifyTotpOnce(…))', 'welcome();'],
  ['if (await verifyTotpOnce(…))', 'welcome();'],
  ['if (!(await verifyTotpOnce(…)))', 'return;'],
  ['while (!(await verifyTotpOnce(…)))', 'welcome();'],
  ['(await verifyTotpOnce(…)) && a', ';'],
  ['if (verifyTotp(…))', 'welcome();'],
  ['if (!verifyTotp(…))', 'return;'],
  ['verifyTotp(…) ? a : b', ';'],
  ['Boolean(verifyTotp(…))', ';'],
  ['return !verifyTotp(…)', ';'],
  ['if (second.verify(…))', 'welcome();'],
  ['if (!second.verify(…))', 'return;'],
  ['if (await second.verify(…))', 'welcome();'],
  ['if (!(await second.verify(…)))', 'return;'],
  ['if ((await second.verify(…)).ok)', 'welcome();'],
  ['if ((await verifyTotpOnce(…)).valid)', 'welcome();'],
  ['if (verifyTotp(…).valid)', 'welcome();'],
];

describe('typescript-eslint', () => {
  const read = (page) => readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const table = read('evidence/lint-rule.md').split('\n');
  const [, config] =
    /```js no-run\n(\/\/ eslint\.config\.js\n.*?)```/s.exec(read('verifying.md')) ?? [];

  test('finds the forms of docs/evidence/lint-rule.md, with the configuration of docs/verifying.md', async () => {
    const functions = FORMS.map(([form, rest], i) => {
      const code =
        form.replace('…', form.includes('second') ? 'id, code' : 'key, code, { store, id }') + rest;
      return `export async function f${i}(): Promise<unknown> { ${code} return; }`;
    });
    const head =
      "import { type OtpKey, type SingleUseStore, verifyTotp as plain, verifyTotpOnce } from 'otpcore'; import type { SecondFactor } from 'otpcore/second-factor'; declare const second: SecondFactor; declare const key: OtpKey, code: string, store: SingleUseStore, id: string, a: unknown, b: unknown; declare function welcome(): void; const verifyTotp = (key: OtpKey, code: string, _: object) => plain(key, code);";
    const compilerOptions = {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      types: [],
      noEmit: true,
    };
    const project = makeProject(
      {
        'package.json': '{ "private": true, "type": "module" }',
        'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.mts'] }),
        'eslint.config.js': config,
        'forms.mts': [head, ...functions].join('\n'),
      },
      ['typescript-eslint', 'typescript', 'eslint'],
    );
    const tsc = join(tools, 'typescript', 'bin', 'tsc');
    const { stdout } = await project.node(tsc, '--noEmit', '--pretty', 'false');
    const compiler = [...stdout.matchAll(/\((\d+),\d+\): error (TS\d+)/g)].map(
      ([, line, error]) => [Number(line), error],
    );
    const [{ messages }] = await new ESLint({ cwd: project.folder }).lintFiles(['forms.mts']);
    const rules = messages.map(({ line, ruleId, message }) => [line, ruleId ?? message]);

    const cell = (found, line, what) => found.find(([at, it]) => at === line && what.test(it));
    const rows = FORMS.map(([form], i) => {
      const error = cell(compiler, i + 2, /./)?.[1] ?? 'passes';
      const [condition, promise] = [/no-unnecessary-condition$/, /no-misused-promises$/].map(
        (rule) => (cell(rules, i + 2, rule) ? 'found' : 'passes'),
      );
      return `| \`${form}\` | ${error} | ${condition} | ${promise} |`;
    });
    const reported = [...compiler.map(([, error]) => error), ...rules.map(([, rule]) => rule)];
    expect(reported.filter((it) => !/^TS2801$|^@typescript-eslint\//.test(it))).toEqual([]);
    expect(table.filter((line) => /^\| `.*verify/.test(line))).toEqual(rows);
  });
});
