// The layers of src: who may import whom, and who must never load whom.
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { hold, isIn, nodesOf, type Project, type Rule, src } from './sources.js';

/**
 * From the ground up. `x` is a part: the door `x.ts` and the room `x/`. A file imports lower layers,
 * a door its own room, and a room its own files.
 */
const LAYERS: readonly string[] = [
  'arguments errors',
  'base32 code secret step',
  'engine',
  'key',
  'hotp',
  'totp otpauth-uri',
  'single-use',
  'stores testing recovery-codes otpauth-migration',
  'index',
  'second-factor',
];

/** A store is a door of its own: the files of this folder do not import each other. */
const DOORS_ONLY = ['stores/'];

/** Files, and the only ones that may import them. */
const IMPORTED_ONLY_BY: readonly (readonly [string, readonly string[]])[] = [
  // package.json chooses the engine, so bundles for browsers hold no WebAssembly.
  ['engine/simd.ts', []],
  ['engine/simd/', ['engine/simd.ts', 'engine/simd/']],
  ['second-factor.ts', []],
  ['second-factor/', ['second-factor.ts', 'second-factor/']],
];

/** A file, and files that it loads in no way, not even through others. */
const NEVER_LOADS: readonly (readonly [string, string])[] = [
  ['otpauth-uri.ts', 'engine/'],
  ['otpauth-uri/', 'engine/'],
  ['code.ts', 'engine/'],
  ['base32.ts', 'engine/'],
  ['secret.ts', 'engine/'],
  ['step.ts', 'engine/'],
  ['step/', 'engine/'],
];

/** These import doors only, so that their folder can become a package of its own. */
const WALLED = ['second-factor.ts', 'second-factor/'];

/** The specifier of an import or export of any form, of types too. */
function specifierOf(node: ts.Node): string | undefined {
  let specifier: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    specifier = node.moduleSpecifier;
  } else if (ts.isExternalModuleReference(node)) specifier = node.expression;
  else if (ts.isImportTypeNode(node)) specifier = node.argument;
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    specifier = node.arguments[0];
  }
  return specifier?.getText().replace(/^['"`]|['"`]$/g, '');
}

/** The path inside src, or the specifier itself for anything else. */
function targetOf(specifier: string, from: string): string {
  if (specifier === '#engine') return 'engine/engine.ts';
  if (!/^\.\.?\/.*\.js$/.test(specifier)) return specifier;
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
}

/** The files that each file imports. */
function importsOf({ files }: Project): [from: string, targets: string[]][] {
  return [...files].map(([path, file]) => {
    const specifiers = nodesOf(file).flatMap((node) => specifierOf(node) ?? []);
    return [path, specifiers.map((specifier) => targetOf(specifier, path))];
  });
}

/** A rule that looks at one import at a time. */
function importRule(isFault: (from: string, to: string) => boolean): Rule {
  return (project) =>
    importsOf(project).flatMap(([from, targets]) =>
      targets.filter((to) => isFault(from, to)).map((to) => `${from}: imports ${to}`),
    );
}

/** The files that each file loads: its imports, and theirs. */
function loadsOf(project: Project): [path: string, loads: ReadonlySet<string>][] {
  const imports = new Map(importsOf(project));
  return [...imports.keys()].map((path) => {
    const loads = new Set<string>();
    const visit = (from: string): void => {
      for (const to of imports.get(from) ?? []) {
        if (loads.has(to)) continue;
        loads.add(to);
        visit(to);
      }
    };
    visit(path);
    return [path, loads];
  });
}

/** The part that a path belongs to: `totp` for `totp.ts` and `totp/judge.ts`. */
function partOf(path: string): string {
  return path.replace(/(?:\.ts|\/.*)$/, '');
}

function layerOf(path: string): number {
  return LAYERS.findIndex((parts) => parts.split(' ').includes(partOf(path)));
}

function isUpward(from: string, to: string): boolean {
  if (layerOf(from) < 0 || layerOf(to) < 0) return true;
  if (layerOf(to) !== layerOf(from)) return layerOf(to) > layerOf(from);
  const room = to.replace(/[^/]*$/, '');
  if (room === '' || DOORS_ONLY.includes(room)) return true;
  const part = to.replace(/\/.*/, '/');
  return from !== part.replace('/', '.ts') && !from.startsWith(part);
}

test('Every source belongs to a layer', () => {
  expect([...src.files.keys()]).toContain('index.ts');
  expect([...src.files.keys()].filter((path) => layerOf(path) < 0)).toEqual([]);
});

hold(
  'A file imports lower layers or its own room, and no package',
  importRule(isUpward),
  [{ 'key.ts': "import './key/a.js';", 'key/a.ts': "import './b.js'; import '#engine';" }],
  [{ 'key/a.ts': "import '../key.js';" }, 'key/a.ts: imports key.ts'],
  [{ 'code.ts': "import './base32.js';" }, 'code.ts: imports base32.ts'],
  [{ 'code.ts': "import './base32/a.js';" }, 'code.ts: imports base32/a.ts'],
  [{ 'step.ts': "import '#engine';" }, 'step.ts: imports engine/engine.ts'],
  [{ 'hotp.ts': "type A = import('./totp.js').A;" }, 'hotp.ts: imports totp.ts'],
  [{ 'hotp.ts': "const a = await import('crypto');" }, 'hotp.ts: imports crypto'],
  [{ 'hotp.ts': "export * from '../test/a.js';" }, 'hotp.ts: imports ../test/a.ts'],
  [{ 'stores/a.ts': "import './b.js';" }, 'stores/a.ts: imports stores/b.ts'],
  [{ 'utils.ts': "import './errors.js';" }, 'utils.ts: imports errors.ts'],
);

hold(
  'No file loads itself through others',
  (project) => loadsOf(project).flatMap(([path, loads]) => (loads.has(path) ? [path] : [])),
  [
    { 'key/a.ts': "import './b.js';", 'key/b.ts': "import type {} from './a.js';" },
    'key/a.ts',
    'key/b.ts',
  ],
);

hold(
  'The SIMD engine and the second factor are imported by their own files only',
  importRule((from, to) =>
    IMPORTED_ONLY_BY.some(([file, importers]) => isIn(to, [file]) && !isIn(from, importers)),
  ),
  [{ 'engine/simd.ts': "import './simd/a.js';", 'engine/simd/a.ts': "import './kernels/b.js';" }],
  [{ 'key.ts': "import './engine/simd.js';" }, 'key.ts: imports engine/simd.ts'],
  [{ 'engine/hmac.ts': "import './simd/a.js';" }, 'engine/hmac.ts: imports engine/simd/a.ts'],
);

hold(
  'Codes, base32, secrets, steps and URIs load no engine',
  (project) =>
    loadsOf(project).flatMap(([path, loads]) =>
      NEVER_LOADS.filter(([from]) => isIn(path, [from])).flatMap(([, never]) =>
        [...loads].filter((to) => isIn(to, [never])).map((to) => `${path}: loads ${to}`),
      ),
    ),
  [
    { 'step.ts': "import './step/a.js';", 'step/a.ts': "import '../engine/sha1.js';" },
    'step.ts: loads engine/sha1.ts',
    'step/a.ts: loads engine/sha1.ts',
  ],
);

hold(
  'The second factor imports doors only',
  importRule((from, to) => isIn(from, WALLED) && to.includes('/') && !isIn(to, WALLED)),
  [{ 'second-factor.ts': "import './totp.js'; import './second-factor/a.js';" }],
  [{ 'second-factor/a.ts': "import '../key/a.js';" }, 'second-factor/a.ts: imports key/a.ts'],
);

/** One line a part, from the top down: the parts that it imports. */
function drawing(project: Project): string {
  const lines = LAYERS.flatMap((layer) => layer.split(' ')).map((part) => {
    const targets = importsOf(project)
      .filter(([from]) => partOf(from) === part)
      .flatMap(([, to]) => to.map(partOf));
    const others = [...new Set(targets)].filter((target) => target !== part);
    const inOrder = others.sort((a, b) => layerOf(b) - layerOf(a) || (a < b ? -1 : 1));
    return inOrder.length > 0 ? `${part.padEnd(18)}→ ${inOrder.join(', ')}` : part;
  });
  const existing = new Set([...project.files.keys()].map(partOf));
  return lines
    .filter((line) => existing.has(line.split(' ')[0] as string))
    .reverse()
    .join('\n');
}

test('The drawing in docs/architecture.md shows the imports between the parts', () => {
  const page = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');
  expect(/```text\n([\s\S]*?)\n```/.exec(page)?.[1]).toBe(drawing(src));
});
