// Holds docs/evidence/conformance.md to the sources and the tests: every row has an answer, its functions
// are exported, and its tests exist under the titles that it gives.
import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const DOCUMENT = new URL('../docs/evidence/conformance.md', import.meta.url);
/** The doors whose functions a row may name. */
const DOORS = ['index', 'recovery-codes', 'second-factor', 'second-factor/postgres'];

const COLUMNS = ['rule', 'level', 'what it asks', 'here', 'test'];
const LEVELS = [
  ...['MUST', 'MUST NOT', 'SHALL', 'SHALL NOT', 'SHOULD', 'SHOULD NOT', 'RECOMMENDED', 'MAY'],
  ...['must', 'should', 'should not', 'may', 'can', 'definition', 'option'],
  ...['level 1', 'level 2', 'level 3'],
];
/** Answers that say something of the library's own doing, and so want a function and a test. */
const OWN_ANSWERS = ['done', 'deviates', 'refused'];
/** All other answers, each with what stands for a test where there is none. */
const OTHER_ANSWERS = new Map([
  ['application', 'left to the application'],
  ['out of scope', 'out of scope'],
]);

/** The rules that were found in each document; none may get lost. */
const RULES_FOUND = {
  'RFC 4226': 44,
  'RFC 6238': 33,
  'RFC 4648': 19,
  'NIST SP 800-63B-4': 60,
  'OWASP ASVS 5.0': 9,
};

/** The cells of a row, in the order of the columns. */
type Row = readonly string[];

/** The tables of a document by the heading they stand under, without their two header lines. */
function readTables(markdown: string): Map<string, Row[]> {
  const tables = new Map<string, Row[]>();
  for (const section of markdown.split(/^## /m).slice(1)) {
    const [heading, ...lines] = section.split('\n');
    const rows = lines.filter((line) => line.startsWith('|')).map(cellsOf);
    if (rows.length === 0) continue;
    expect(rows[0]).toEqual(COLUMNS);
    tables.set(heading as string, rows.slice(2));
  }
  return tables;
}

function cellsOf(line: string): Row {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim());
}

/** The ids of the rules that a row merges. */
function rulesOf([rule = '']: Row): string[] {
  return rule.split(', ');
}

/** What is wrong with a row, one line for each fault. */
function faultsOf(row: Row): string[] {
  const [, level = '', , here = '', shown = ''] = row;
  if (row.length !== COLUMNS.length) return [`it has ${row.length} cells`];
  if (row.includes('')) return ['a cell is empty'];
  const unknownLevels = level.split(', ').filter((name) => !LEVELS.includes(name));
  return [
    ...unknownLevels.map((name) => `the level "${name}" is unknown`),
    ...faultsOfAnswer(here, shown),
    ...faultsOfTests(shown),
  ];
}

/** An answer, the functions it names, and a reason: "done: `a`, `b`. Why." */
function faultsOfAnswer(here: string, shown: string): string[] {
  const [, answer = '', list = '', reason = ''] =
    /^([a-z ]+): (?:((?:`[\w.]+`, )*`[\w.]+`)\. ?)?(.*)$/.exec(here) ?? [];
  const names = [...list.matchAll(/`([\w.]+)`/g)].map(([, name]) => name as string);
  const faults = names.filter((name) => !exported.has(name)).map((name) => `${name} is no export`);
  if (OWN_ANSWERS.includes(answer)) {
    if (names.length === 0) faults.push('no function is named');
    if (linksOf(shown).length === 0) faults.push('no test is linked');
  } else {
    const instead = OTHER_ANSWERS.get(answer);
    if (instead === undefined) faults.push('it has none of the fixed answers');
    else if (names.length === 0 && reason === '') faults.push('the answer has no reason');
    else if (linksOf(shown).length === 0 && shown !== instead) faults.push('it shows nothing');
  }
  return faults;
}

const LINK = /\[([^\]]+)\]\(([^)]+)\)/g;

interface Link {
  readonly title: string;
  readonly target: string;
}

function linksOf(cell: string): Link[] {
  return [...cell.matchAll(LINK)].map(([, title = '', target = '']) => ({
    title,
    target,
  }));
}

function faultsOfTests(shown: string): string[] {
  const links = linksOf(shown);
  const faults = links.flatMap(({ title, target }) => {
    const file = new URL(target, DOCUMENT);
    if (!/^\.\.\/\.\.\/test\/.+\.test\.ts$/.test(target) || !existsSync(file)) {
      return [`${target} is no test file`];
    }
    // The tail of the path, so that a title may stand with or without those of its groups.
    const isThere = titlesIn(file).some((path) => ` › ${path}`.endsWith(` › ${title}`));
    return isThere ? [] : [`${target} has no test "${title}"`];
  });
  const between = shown.replace(LINK, '').replaceAll(' · ', '');
  return links.length > 0 && between !== '' ? [...faults, `"${between}" is no link`] : faults;
}

// What the sources say ---------------------------------------------------------------------------

function parse(file: URL): ts.SourceFile {
  return ts.createSourceFile(file.pathname, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
}

/** The names that a door exports, other than types. */
function exportsOf({ statements }: ts.SourceFile): string[] {
  return statements.flatMap((statement) => {
    if (ts.isFunctionDeclaration(statement)) {
      const isExported = statement.modifiers?.some(
        ({ kind }) => kind === ts.SyntaxKind.ExportKeyword,
      );
      return isExported && statement.name !== undefined ? [statement.name.text] : [];
    }
    const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
    if (clause === undefined || !ts.isNamedExports(clause)) return [];
    return clause.elements.filter((e) => !e.isTypeOnly).map((e) => e.name.text);
  });
}

/** The methods of a second factor, as rows name them: `second.verify`. */
function methodsOf({ statements }: ts.SourceFile): string[] {
  return statements
    .filter(ts.isInterfaceDeclaration)
    .filter(({ name }) => name.text === 'SecondFactor')
    .flatMap(({ members }) => members.filter(ts.isMethodSignature))
    .map(({ name }) => `second.${(name as ts.Identifier).text}`);
}

const doors = DOORS.map((name) => parse(new URL(`../src/${name}.ts`, import.meta.url)));

/** Every name that a row may call a function. */
const exported = new Set(doors.flatMap((door) => [...exportsOf(door), ...methodsOf(door)]));

const titles = new Map<string, string[]>();

/** Every test of a file by its title and those of its groups, placeholders as they are written. */
function titlesIn(file: URL): string[] {
  const known = titles.get(file.href);
  if (known !== undefined) return known;
  const found = titlesOf(parse(file));
  titles.set(file.href, found);
  return found;
}

function titlesOf(file: ts.SourceFile): string[] {
  const found: string[] = [];
  function visit(node: ts.Node, groups: readonly string[]): void {
    let inner = groups;
    if (ts.isCallExpression(node)) {
      const [title] = node.arguments;
      const { name, modifiers } = calleeOf(node);
      if (modifiers.includes('skip') || modifiers.includes('todo')) return;
      if (title !== undefined && ts.isStringLiteralLike(title)) {
        if (name === 'describe') inner = [...groups, title.text];
        if (name === 'test') found.push([...groups, title.text].join(' › '));
      }
    }
    ts.forEachChild(node, (child) => visit(child, inner));
  }
  visit(file, []);
  return found;
}

/** Of `test.each(table)(title, …)` the name `test` and the modifier `each`. */
function calleeOf(call: ts.CallExpression): { name: string | undefined; modifiers: string[] } {
  const modifiers: string[] = [];
  let callee: ts.Node = call.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) {
    if (ts.isPropertyAccessExpression(callee)) modifiers.push(callee.name.text);
    callee = callee.expression;
  }
  return { name: ts.isIdentifier(callee) ? callee.text : undefined, modifiers };
}

// ------------------------------------------------------------------------------------------------

const tables = readTables(readFileSync(DOCUMENT, 'utf8'));

test('There is a table for each of the documents and no other', () => {
  expect([...tables.keys()]).toEqual(Object.keys(RULES_FOUND));
});

describe.each(Object.entries(RULES_FOUND))('The table of %s', (document, found) => {
  const rows = tables.get(document) ?? [];

  test('has every rule that was found, each once', () => {
    const rules = rows.flatMap(rulesOf);
    expect(rules.filter((rule, i) => rules.indexOf(rule) !== i)).toEqual([]);
    expect(rules.length).toBeGreaterThanOrEqual(found);
  });

  test('has rows that are complete and true to the sources and the tests', () => {
    const faults = rows.flatMap((row) => faultsOf(row).map((fault) => `${row[0]}: ${fault}`));
    expect(faults).toEqual([]);
  });
});

describe('SECURITY.md', () => {
  const page = new URL('../SECURITY.md', import.meta.url);
  const links = linksOf(readFileSync(page, 'utf8')).filter(({ target }) =>
    /\.test\.ts$/.test(target),
  );

  test.each(links)('names a test that exists: $title', ({ title, target }) => {
    const paths = titlesIn(new URL(target, page));
    expect(paths.filter((path) => ` › ${path}`.endsWith(` › ${title}`))).not.toEqual([]);
  });

  test('names a test for every guarantee of the second factor', () => {
    const [, table = ''] =
      /\| guarantee \| test \|\n.*\n((?:\|.*\n)+)/.exec(readFileSync(page, 'utf8')) ?? [];
    const untested = table
      .trim()
      .split('\n')
      .filter((row) => linksOf(row).length === 0);
    expect(untested).toEqual([]);
    expect(links.length).toBeGreaterThan(10);
  });
});

describe('In a row that is made up', () => {
  const link =
    '[The table of %s › has every rule that was found, each once](../../test/conformance.test.ts)';
  const sound = {
    rule: '§1 a, §2',
    level: 'MUST, should',
    asks: 'Something.',
    here: 'done: `generateHotp`, `verifyHotp`. So it is.',
    test: link,
  };
  const { test: _, ...untested } = sound;

  test.each([
    ['a sound one', sound],
    ['one with two tests', { ...sound, test: `${link} · ${link}` }],
    ['one that gives no reason for what is done', { ...sound, here: 'refused: `verifyHotp`.' }],
    [
      'one that leaves it to the application',
      { ...untested, here: 'application: it is.', test: 'left to the application' },
    ],
    [
      'one that is left to the application and helped',
      { ...sound, here: 'application: `OtpError`.' },
    ],
    ['one out of scope', { ...untested, here: 'out of scope: as it is.', test: 'out of scope' }],
  ])('no fault is found: %s', (_, row) => {
    expect(faultsOf(Object.values(row))).toEqual([]);
  });

  test.each([
    ['an empty cell', { ...sound, asks: '' }],
    ['a cell too many', { ...sound, more: 'more' }],
    ['a level that there is not', { ...sound, level: 'MUST, OUGHT' }],
    ['an answer of its own', { ...sound, here: 'maybe: `generateHotp`.' }],
    ['no answer', { ...sound, here: '`generateHotp`' }],
    ['a function that is not exported', { ...sound, here: 'done: `generateHotp`, `forgeHotp`.' }],
    ['a method that there is not', { ...sound, here: 'done: `second.forge`.' }],
    ['a type for a function', { ...sound, here: 'done: `HotpResult`.' }],
    ['no function', { ...sound, here: 'done: somehow.' }],
    ['no reason', { ...untested, here: 'out of scope: ', test: 'out of scope' }],
    ['no test', { ...sound, test: 'left to the application' }],
    [
      'a word for no test that belongs to another answer',
      { ...sound, here: 'application: no.', test: 'out of scope' },
    ],
    ['a test file that is not there', { ...sound, test: link.replace('conformance', 'absent') }],
    [
      'a file that holds no tests',
      { ...sound, test: link.replace(/\(.*\)/, '(../architecture.md)') },
    ],
    ['a title that no test has', { ...sound, test: link.replace('every rule', 'no rule') }],
    ['half a title', { ...sound, test: link.replace('[The table', '[table') }],
    ['a test that is not linked', { ...sound, test: `${link} · A code has 6 digits` }],
    ['a title of another file', { ...sound, test: link.replace('conformance', 'hotp') }],
  ])('a fault is found: %s', (_, row) => {
    expect(faultsOf(Object.values(row))).toHaveLength(1);
  });

  test('a skipped test does not count', () => {
    const source = "test.skip('A'); describe.skip('B', () => test('C')); test.skipIf(x)('D', f);";
    const file = ts.createSourceFile(
      'x.ts',
      `${source} test.each([1])('E')`,
      ts.ScriptTarget.ES2022,
    );
    expect(titlesOf(file)).toEqual(['D', 'E']);
  });
});
