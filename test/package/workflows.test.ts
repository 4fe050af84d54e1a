// What runs on GitHub: every action pinned by commit, no more rights than each job needs, nothing that
// comes from an event in a script; and the check that a release begins with. The workflows are read
// line by line, so they are held to one plain way of writing each thing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const github = fileURLToPath(new URL('../../.github/', import.meta.url));
const folder = join(github, 'workflows');
const workflows = new Map(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
);

/** Who may do more than read: the jobs that publish, which prove who they are by a signed identity. */
const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  '': ['contents: read'],
  npm: ['contents: read', 'id-token: write'],
  jsr: ['contents: read', 'id-token: write'],
  notes: ['contents: write'],
};

/** The only values that are put into a workflow's text; none is of a stranger's choosing. */
const EXPRESSIONS = ['matrix.node', 'matrix.os', 'github.repository', 'github.token'];

const PIN =
  /^ +(?:- )?uses: (actions\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+|\.\/\.github\/workflows\/[\w-]+\.yml)$/;

/** Lines by their number, without those that are comments. */
function codeLines(text: string): { line: string; at: number }[] {
  return text
    .split('\n')
    .map((line, i) => ({ line, at: i + 1 }))
    .filter(({ line }) => !/^ *(?:#|$)/.test(line));
}

/** The lines of a block, below its head and further in. */
function blockAt(lines: readonly string[], at: number): string[] {
  const depth = (line: string) => line.search(/\S/);
  const end = lines.findIndex((line, i) => i > at && depth(line) <= depth(lines[at] ?? ''));
  return lines.slice(at + 1, end === -1 ? undefined : end);
}

/** Each block of permissions, by its job; that of the workflow by the empty name. */
function permissions(text: string): Record<string, string[]> {
  const lines = codeLines(text).map(({ line }) => line);
  const found: Record<string, string[]> = {};
  let job = '';
  for (const [i, line] of lines.entries()) {
    job = /^ {2}([\w-]+):/.exec(line)?.[1] ?? (/^\w/.test(line) ? '' : job);
    if (/^(?: {4})?permissions:$/.test(line)) {
      found[job] = blockAt(lines, i).map((right) => right.trim());
    }
  }
  return found;
}

/** What no line may be, and what is wrong with it if it is. */
const LINE_FAULTS: Readonly<Record<string, (line: string) => boolean>> = {
  'an action that is not pinned': (line) => /\buses\b/.test(line) && !PIN.test(line),
  'a key that is not plain': (line) => /^ *(?:- )?[{"']/.test(line),
  'an event that gives strangers rights': (line) => /pull_request_target|workflow_run/.test(line),
  'a stored secret': (line) => /\bsecrets\b/.test(line),
  'a script of several lines': (line) => /\brun: *(?:[|>]|$)/.test(line),
  'a value in a script': (line) => /\brun:.*\$\{\{/.test(line),
  'a value that is not known': (line) =>
    [...line.matchAll(/\$\{\{(.*?)(?:\}\}|$)/g)].some(
      ([, value = '']) => !EXPRESSIONS.includes(value.trim()),
    ),
  'an install that the lockfile does not bind': (line) =>
    /\b(?:npm (?:i|install|exec)|curl|wget|npx (?!vitest))\b/.test(line),
};

/** Faults of the rights: too many, in a place that was not read, or left to the repository's settings. */
function rightsFaults(text: string, count: (pattern: RegExp) => number): string[] {
  const rights = permissions(text);
  const written = Object.values(rights)
    .flat()
    .filter((right) => right.endsWith('write'));
  const other = Object.keys(rights).filter(
    (job) => JSON.stringify(rights[job]) !== JSON.stringify(RIGHTS[job]),
  );
  const found = other.map((job) => `the rights of ${job || 'the workflow'}`);
  if (!rights['']) found.push('no rights are named');
  if (written.length !== count(/\bwrite(?:-all)?\b/)) found.push('a right in another place');
  return found;
}

/** All that is wrong with a workflow, with the line if it is that of one. */
function faults(text: string): string[] {
  const lines = codeLines(text);
  const count = (pattern: RegExp) => lines.filter(({ line }) => pattern.test(line)).length;
  const found = Object.entries(LINE_FAULTS).flatMap(([fault, isWrong]) =>
    lines.filter(({ line }) => isWrong(line)).map(({ at }) => `${at}: ${fault}`),
  );
  if (count(/actions\/checkout@/) !== count(/^ +persist-credentials: false$/)) {
    found.push('a checkout keeps its login');
  }
  if (count(/^ {4}runs-on:/) !== count(/^ {4}timeout-minutes: \d+$/)) {
    found.push('a job without a time limit');
  }
  return [...found, ...rightsFaults(text, count)];
}

/** Each action's commit and version, wherever it is used. */
function pins(): Set<string> {
  const all = [...workflows.values()].join('\n');
  return new Set([...all.matchAll(/uses: (actions\/.*)$/gm)].map(([, pin = '']) => pin));
}

describe('The workflows', () => {
  test('are those of the checks and of the release', () => {
    expect([...workflows.keys()].sort()).toEqual(['ci.yml', 'release.yml']);
  });

  test.each([...workflows])('%s has no fault', (_, text) => {
    expect(faults(text)).toEqual([]);
  });

  test('have each action in one version', () => {
    const names = [...pins()].map((pin) => pin.replace(/@.*/, ''));
    expect(names.length).toBeGreaterThan(2);
    expect(new Set(names).size).toBe(names.length);
  });

  test('let only the jobs that publish do more than read', () => {
    expect(permissions(workflows.get('ci.yml') ?? '')).toEqual({ '': RIGHTS[''] });
    expect(permissions(workflows.get('release.yml') ?? '')).toEqual(RIGHTS);
  });

  test('publish to npm with provenance, and run nothing of the tree where they may', () => {
    const lines = (workflows.get('release.yml') ?? '').split('\n');
    const job = blockAt(lines, lines.indexOf('  npm:')).join('\n');
    expect(job).toContain('npm publish ./release/otpcore-*.tgz --provenance --access public');
    expect(job).toContain('needs: [gate, pack]');
    expect(job).not.toMatch(/checkout|npm ci/);
    // JSR takes sources, by a program of the lockfile; no script of a package runs beside it.
    const jsr = blockAt(lines, lines.indexOf('  jsr:')).join('\n');
    expect(jsr).toContain('npm ci --prefix test/runtimes --ignore-scripts');
    expect(jsr.match(/npm (?:ci|install)/g)).toHaveLength(1);
  });
});

describe('In a workflow', () => {
  const good = workflows.get('release.yml') ?? '';
  const expression = (value: string) => ['$', '{{ ', value, ' }}'].join('');
  const added = (line: string) => good.replace('    steps:\n', `    steps:\n${line}\n`);

  const onePlace = (from: string | RegExp, to: string) => good.replace(from, to);
  const rows: readonly (readonly [what: string, says: string, text: string])[] = [
    ['a tag for a commit', 'not pinned', added('      - uses: actions/cache@v5')],
    ['a branch for a commit', 'not pinned', added('      - uses: actions/cache@main # v5.0.0')],
    ['a pin without version', 'not pinned', onePlace(/(uses: actions\/[\w-]+@\w+) # .*/, '$1')],
    ['an action of others', 'not pinned', onePlace('uses: actions/setup', 'uses: others/setup')],
    ['an action in braces', 'not plain', added('      - { "uses": actions/cache@v5 }')],
    ['a script under a quoted key', 'not plain', added('      - "run": echo')],
    ['an event with rights', 'gives strangers', onePlace('  push:', '  pull_request_target:')],
    ['a secret', 'a stored secret', added(`      - env: { A: ${expression('secrets.A')} }`)],
    ['an event', 'not known', added(`      - name: ${expression('github.event.a')}`)],
    ['a value in a script', 'in a script', added(`      - run: ${expression('matrix.os')}`)],
    ['a long script', 'of several lines', added('      - run: |\n          echo a')],
    ['an install past the lockfile', 'does not bind', added('      - run: npm install a')],
    ['a download', 'does not bind', added('      - run: curl https://a.example | sh')],
    ['a package past the lockfile', 'does not bind', added('      - run: npx a')],
    ['no rights named', 'no rights', onePlace('permissions:\n  contents: read\n', '')],
    ['a right too many', 'rights of the workflow', onePlace('contents: read', 'contents: write')],
    ['all rights', 'in another place', onePlace(/permissions:\n.*\n/, 'permissions: write-all\n')],
    ['a right in braces', 'in another place', added('    permissions: { id-token: write }')],
    ['the rights of another job', 'the rights of more', onePlace('  npm:', '  more:')],
    ['a login that stays', 'keeps its login', onePlace('persist-credentials: false', 'ref: a')],
    ['no time limit', 'without a time limit', onePlace('    timeout-minutes: 10\n', '')],
  ];

  test.each(rows)('%s is found', (_, says, text) => {
    expect(faults(text)).toContainEqual(expect.stringContaining(says));
  });
});

describe('A release', () => {
  const work = mkdtempSync(join(tmpdir(), 'otpcore-release-'));
  afterAll(() => rmSync(work, { recursive: true }));

  const GOOD = {
    manifest: {
      version: '1.2.3',
      repository: { type: 'git', url: 'git+https://github.com/someone/otpcore.git' },
    },
    jsr: { version: '1.2.3' },
    changelog: '# Changelog\n\n## 1.2.3 — 2026-01-31\n\n- Add a thing.\n',
    tag: 'v1.2.3',
  };

  /** What the check says of a tree and a tag; nothing, if it lets them pass. */
  function check({ manifest, jsr, changelog, tag }: typeof GOOD): string {
    writeFileSync(join(work, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(work, 'jsr.json'), JSON.stringify(jsr));
    writeFileSync(join(work, 'CHANGELOG.md'), changelog);
    const { status, stderr } = spawnSync(process.execPath, [join(github, 'check-release.mjs')], {
      cwd: work,
      env: { ...process.env, GITHUB_REF_NAME: tag, GITHUB_REPOSITORY: 'someone/otpcore' },
      encoding: 'utf8',
    });
    expect(status === 0).toBe(stderr === '');
    return stderr;
  }

  beforeAll(() => expect(check(GOOD)).toBe(''));

  test.each([
    { what: 'tag', change: { tag: 'v1.2.4' }, says: 'the tag is v1.2.4' },
    { what: 'tag without its letter', change: { tag: '1.2.3' }, says: 'the tag is 1.2.3' },
    { what: 'version for JSR', change: { jsr: { version: '1.2.2' } }, says: 'jsr.json says 1.2.2' },
    {
      what: 'changelog that has it unreleased',
      change: { changelog: '## 1.2.3 — unreleased' },
      says: 'CHANGELOG.md has no line "## 1.2.3 — year-month-day"',
    },
    {
      what: 'changelog that has another',
      change: { changelog: '## 1.2.30 — 2026-01-31' },
      says: 'CHANGELOG.md has no line',
    },
    {
      what: 'repository',
      change: {
        manifest: { ...GOOD.manifest, repository: { type: 'git', url: 'git+https://a.example' } },
      },
      says: '"repository.url" of package.json is not',
    },
  ])('with a wrong $what is stopped', ({ change, says }) => {
    expect(check({ ...GOOD, ...change })).toContain(says);
  });
});
