// The API reference as it stands in docs/api: it has every name that a subpath of the built package
// exports, and no other. That its words are those of the sources `npm run docs:api -- --check` holds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { DOORS } from '../../scripts/doors.mjs';
import { readFences } from '../support/fences.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The declarations of each subpath, by the name of its page; the root only repeats names. */
const declarations = new Map(DOORS.slice(1).map((door) => [door, join(root, `dist/${door}.d.ts`)]));
const program = ts.createProgram([...declarations.values(), join(root, 'dist/index.d.ts')], {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  types: [],
});

/** All names that a declaration file exports, types and values. */
function exportedNames(file: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is no module: run npm run build`);
  return checker
    .getExportsOfModule(module)
    .map(({ name }) => name)
    .sort();
}

/** What a page explains: its headings of the third rank, without a function's parentheses. */
function explainedNames(markdown: string): string[] {
  return [...markdown.matchAll(/^### (\w+)(?:\(\))?$/gm)].map(([, name = '']) => name).sort();
}

/** The examples of the sources, which the tests of the documents run. */
const sourceFences = ts.sys
  .readDirectory(join(root, 'src'), ['.ts'])
  .flatMap((file) => readFences(file, readFileSync(file, 'utf8')).map(({ code }) => code));

/** Fences that the sources do not have: they would be run by nobody. */
function strayFences(page: string, markdown: string): string[] {
  const fences = readFences(page, markdown).map(({ code }) => code);
  return fences.filter((code) => !sourceFences.includes(code));
}

describe.each([...declarations])('The page of otpcore/%s', (name, file) => {
  const page = `${name}.md`;
  const markdown = read(join('docs/api', page));

  test('explains each name that the subpath exports, and no other', () => {
    expect(explainedNames(markdown)).toEqual(exportedNames(file));
  });

  test('has no example but those of the sources', () => {
    expect(strayFences(page, markdown)).toEqual([]);
  });
});

describe('The reference', () => {
  const index = read('docs/api/README.md');

  test('has every page and every name in its index', () => {
    const rows = [...index.matchAll(/^\| \[`otpcore\/(.+?)`\]\((.+?)\) \|.*\| (.*) \|$/gm)];
    const listed = rows.map(([, name = '', page, names = '']) => {
      return { name, page, names: names.replaceAll('`', '').split(', ').sort() };
    });
    const expected = [...declarations].map(([name, file]) => {
      return { name, page: `${name}.md`, names: exportedNames(file) };
    });
    expect(listed).toEqual(expected);
  });

  test('explains all that the root of the package exports', () => {
    const explained = [...declarations.values()].flatMap(exportedNames);
    const names = exportedNames(join(root, 'dist/index.d.ts'));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !explained.includes(name))).toEqual([]);
  });
});

describe('A page is held to the subpath', () => {
  const page = 'code.md';
  const markdown = read(join('docs/api', page));
  const exported = exportedNames(declarations.get('code') ?? '');

  test.each([
    { what: 'a name too few', text: markdown.replace('### normalizeCode()', '### Other()') },
    { what: 'a name too many', text: `${markdown}\n### Midstates\n` },
  ])('$what is found', ({ text }) => {
    expect(explainedNames(text)).not.toEqual(exported);
  });

  test('a fence that no source has is found', () => {
    expect(strayFences(page, `${markdown}\n\`\`\`ts\nlet a = 1;\n\`\`\`\n`)).toEqual([
      'let a = 1;',
    ]);
  });
});
