/** The sources as TypeScript sees them, and the shape of a rule about them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

export interface Project {
  /** By the path inside src. */
  readonly files: ReadonlyMap<string, ts.SourceFile>;
  readonly checker: ts.TypeChecker;
}

/** Finds the places that break a rule: one line for each. */
export type Rule = (project: Project) => readonly string[];

/** Texts by their path inside src, and the lines that a rule finds in them. */
export type Sample = readonly [texts: Readonly<Record<string, string>>, ...found: string[]];

const folder = fileURLToPath(new URL('../../src/', import.meta.url));
const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
const texts = paths
  .filter((path) => path.endsWith('.ts'))
  .map((path): [string, string] => [
    path.replaceAll('\\', '/'),
    readFileSync(folder + path, 'utf8'),
  ]);

export const src: Project = projectOf(Object.fromEntries(texts));

/** A program over texts alone: no library, no file system. */
function projectOf(texts: Readonly<Record<string, string>>): Project {
  const files = new Map(
    Object.entries(texts).map(([path, text]) => [
      path,
      ts.createSourceFile(`/src/${path}`, text, ts.ScriptTarget.ES2022, true),
    ]),
  );
  const at = (name: string) => files.get(name.slice('/src/'.length));
  const host: ts.CompilerHost = {
    fileExists: (name) => at(name) !== undefined,
    readFile: (name) => at(name)?.text,
    getSourceFile: at,
    getDefaultLibFileName: () => 'lib.d.ts',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => {},
  };
  const options = { noLib: true, types: [], moduleResolution: ts.ModuleResolutionKind.Bundler };
  const names = [...files.keys()].map((path) => `/src/${path}`);
  const program = ts.createProgram(names, { ...options, module: ts.ModuleKind.ESNext }, host);
  return { files, checker: program.getTypeChecker() };
}

/** Every node of a file, in order. Comments are not nodes. */
export function nodesOf(node: ts.Node): ts.Node[] {
  const nodes = [node];
  ts.forEachChild(node, (child) => void nodes.push(...nodesOf(child)));
  return nodes;
}

/** A rule that looks at one node at a time. */
export function nodeRule(find: (node: ts.Node, path: string) => string | undefined): Rule {
  return ({ files }) =>
    [...files].flatMap(([path, file]) =>
      nodesOf(file).flatMap((node) => {
        const found = find(node, path);
        return found === undefined ? [] : [`${path}: ${found}`];
      }),
    );
}

/** Whether a path belongs to one of the names: a door `x.ts`, or a folder `x/`. */
export function isIn(path: string, names: readonly string[]): boolean {
  return names.some((name) => (name.endsWith('/') ? path.startsWith(name) : path === name));
}

/** Holds the sources to a rule, after showing that the rule finds its faults in each sample. */
export function hold(title: string, rule: Rule, ...samples: readonly Sample[]): void {
  test(title, () => {
    for (const [texts, ...found] of samples) expect(rule(projectOf(texts))).toEqual(found);
    expect(samples.some(([, ...found]) => found.length > 0)).toBe(true);
    expect(rule(src)).toEqual([]);
  });
}
