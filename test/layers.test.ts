// What may stand in src, and where: the import table, who reads the clock, who touches the random
// source, and what every public function says of itself. Each rule is also run on sources that
// break it, so that none of them can rot into one that finds nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/** Texts by their path inside src. */
type Sources = Readonly<Record<string, string>>;
/** Finds what breaks a rule: one line for each place. */
type Rule = (project: Project) => string[];

interface Project {
  readonly files: readonly ts.SourceFile[];
  readonly checker: ts.TypeChecker;
}

/** From the ground up; a name that ends in a slash is a whole folder. */
const LAYERS: readonly (readonly string[])[] = [
  ['errors.ts', 'internal/'],
  ['base32.ts', 'window.ts', 'code.ts', 'secret.ts'],
  ['engine/'],
  ['key.ts', 'sha1-key.ts'],
  ['hotp.ts', 'recovery-codes.ts'],
  ['totp.ts', 'otpauth-uri.ts', 'uri/'],
  ['single-use.ts'],
  ['stores/', 'testing.ts'],
  ['second-factor/'],
  ['second-factor.ts'],
  ['index.ts'],
];
/** Within a layer, only the files of one of these see each other. */
const GROUPS: readonly (readonly string[])[] = [
  ['internal/'],
  ['engine/'],
  ['uri/'],
  ['second-factor/'],
];

/** Public by their own paths alone: an application takes the one that it needs. */
const NOT_IN_INDEX = [
  'recovery-codes.ts',
  'second-factor.ts',
  'stores/mysql.ts',
  'stores/postgres.ts',
  'stores/redis.ts',
  'stores/sqlite.ts',
  'testing.ts',
];

/** The stores whose databases no test has at hand. */
const NEED_SERVER = ['stores/mysql.ts', 'stores/postgres.ts', 'stores/redis.ts'];

/** What reaches outside the language itself, and the only files that may name it. */
const AMBIENT: Readonly<Record<string, readonly string[]>> = {
  Date: ['internal/clock.ts', 'second-factor.ts'],
  performance: [],
  Temporal: [],
  crypto: ['secret.ts', 'second-factor/platform.ts'],
  globalThis: ['secret.ts', 'engine/simd.ts', 'recovery-codes.ts', 'second-factor/platform.ts'],
  WebAssembly: ['engine/simd.ts'],
  random: [],
  process: [],
  Deno: [],
  Bun: [],
  require: [],
  // The name of a command of Redis.
  eval: ['stores/redis.ts'],
};

const CLASSES = ['OtpKey', 'OtpError'];
const ERRORS = ['TypeError', 'RangeError', 'OtpError'];

// Sources ------------------------------------------------------------------------------------------

function readSources(): Sources {
  const folder = fileURLToPath(new URL('../src', import.meta.url));
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = paths.filter((path) => path.endsWith('.ts')).map((path) => posixPath(path));
  return Object.fromEntries(
    sources.map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
}

function posixPath(path: string): string {
  return path.replaceAll('\\', '/');
}

/** A program over texts alone: no library, no file system. */
function projectOf(sources: Sources): Project {
  const at = (path: string) => `/src/${path}`;
  const parsed = new Map(
    Object.entries(sources).map(([path, text]) => [
      at(path),
      ts.createSourceFile(at(path), text, ts.ScriptTarget.ES2022, true),
    ]),
  );
  const host: ts.CompilerHost = {
    fileExists: (file) => parsed.has(file),
    readFile: (file) => parsed.get(file)?.text,
    getSourceFile: (file) => parsed.get(file),
    getDefaultLibFileName: () => 'lib.d.ts',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (file) => file,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => {},
  };
  const program = ts.createProgram(
    [...parsed.keys()],
    {
      noLib: true,
      types: [],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    },
    host,
  );
  return { files: [...parsed.values()], checker: program.getTypeChecker() };
}

function pathOf(file: ts.SourceFile): string {
  return file.fileName.slice('/src/'.length);
}

/** Every node of a file, in their order; comments are no nodes here. */
function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

/** A rule that looks at one node at a time. */
function nodeRule(find: (node: ts.Node, path: string) => string | undefined): Rule {
  return ({ files }) =>
    files.flatMap((file) =>
      [...nodesOf(file)].flatMap((node) => {
        const found = find(node, pathOf(file));
        return found === undefined ? [] : [`${pathOf(file)}: ${found}`];
      }),
    );
}

// Imports ------------------------------------------------------------------------------------------

/** What a node imports: an import or export of any form, of types too. */
function specifierOf(node: ts.Node): string | undefined {
  let specifier: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    specifier = node.moduleSpecifier;
  } else if (ts.isExternalModuleReference(node)) specifier = node.expression;
  else if (ts.isImportTypeNode(node)) specifier = node.argument;
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    specifier = node.arguments[0];
  }
  if (specifier === undefined) return undefined;
  return specifier.getText().replace(/^['"`]|['"`]$/g, '');
}

/** The path inside src, or undefined for anything else. */
function targetOf(specifier: string, from: string): string | undefined {
  if (specifier === '#engine') return 'engine/engine.ts';
  if (!/^\.\.?\/.*\.js$/.test(specifier)) return undefined;
  const target = posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
  return target.startsWith('..') ? undefined : target;
}

function isIn(path: string, names: readonly string[]): boolean {
  return names.some((name) => (name.endsWith('/') ? path.startsWith(name) : path === name));
}

function mayImport(from: string, to: string): boolean {
  const layer = (path: string) => LAYERS.findIndex((names) => isIn(path, names));
  if (layer(from) < 0 || layer(to) < 0) return false;
  if (layer(to) < layer(from)) return true;
  if (from === 'otpauth-uri.ts' && to.startsWith('uri/')) return true;
  return GROUPS.some((group) => isIn(from, group) && isIn(to, group));
}

const importsOnlyFromLowerLayers = nodeRule((node, path) => {
  const specifier = specifierOf(node);
  if (specifier === undefined) return undefined;
  const target = targetOf(specifier, path);
  if (target === undefined) return `imports ${specifier}`;
  return mayImport(path, target) ? undefined : `imports ${target}`;
});

/** The files that each file imports. */
function importsOf({ files }: Project): Map<string, string[]> {
  return new Map(
    files.map((file) => [
      pathOf(file),
      [...nodesOf(file)]
        .map(specifierOf)
        .flatMap((specifier) => (specifier && targetOf(specifier, pathOf(file))) || []),
    ]),
  );
}

/** All that a file imports, at any remove. */
function closureOf(path: string, imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const visit = (from: string): void => {
    for (const to of imports.get(from) ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      visit(to);
    }
  };
  visit(path);
  return reached;
}

/**
 * What is bundled for a browser names no WebAssembly: the writers of it are imported by the engine
 * that uses it alone, and that one by nobody, since `#engine` chooses.
 */
const keepsWebAssemblyApart: Rule = (project) =>
  [...importsOf(project)].flatMap(([from, targets]) =>
    targets
      .filter((to) => isIn(to, ['engine/simd.ts', 'engine/wasm/']))
      .filter((to) => to === 'engine/simd.ts' || !isIn(from, ['engine/simd.ts', 'engine/wasm/']))
      .map((to) => `${from}: imports ${to}`),
  );

const importsNoCycle: Rule = (project) => {
  const imports = importsOf(project);
  return [...imports.keys()].flatMap((path) =>
    closureOf(path, imports).has(path) ? [`${path}: imports itself, by way of others`] : [],
  );
};

const countsStepsWithoutEngine: Rule = (project) => {
  const imports = importsOf(project);
  return ['window.ts', 'internal/steps.ts'].flatMap((path) =>
    [...closureOf(path, imports)]
      .filter((to) => to.startsWith('engine/'))
      .map((to) => `${path}: imports ${to}`),
  );
};

// What stands in a file ------------------------------------------------------------------------------

/** `x instanceof Date`: looks at a value, and reads no clock. */
function isKindCheck({ parent }: ts.Node): boolean {
  return (
    ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword
  );
}

const namesAmbientInItsPlace = nodeRule((node, path) => {
  if (!ts.isIdentifier(node) || isKindCheck(node)) return undefined;
  const allowed = Object.hasOwn(AMBIENT, node.text) ? AMBIENT[node.text] : undefined;
  return allowed === undefined || allowed.includes(path) ? undefined : `names ${node.text}`;
});

const readsClockOnce: Rule = ({ files }) => {
  const reads = files.flatMap((file) =>
    [...nodesOf(file)].filter(
      (node) => ts.isIdentifier(node) && node.text === 'Date' && !isKindCheck(node),
    ),
  );
  const calls = reads.filter((node) => node.parent.parent.getText() === 'Date.now()');
  const places = new Set(files.map(pathOf).filter((path) => AMBIENT.Date?.includes(path)));
  return reads.length === places.size && calls.length === places.size
    ? []
    : [`${reads.length} uses of Date, ${calls.length} of them Date.now()`];
};

const hasNoAny = nodeRule((node) =>
  node.kind === ts.SyntaxKind.AnyKeyword ? `any in ${node.parent.getText()}` : undefined,
);

const hasNoOtherClass = nodeRule((node) => {
  if (!ts.isClassLike(node) || CLASSES.includes(node.name?.text ?? '')) return undefined;
  return `class ${node.name?.text ?? '(without a name)'}`;
});

const keepsNoModuleState = nodeRule((node, path) => {
  if (!ts.isVariableStatement(node) || !ts.isSourceFile(node.parent)) return undefined;
  if (node.declarationList.flags & ts.NodeFlags.Const) return undefined;
  const names = node.declarationList.declarations.map(({ name }) => name.getText()).join(', ');
  return path === 'engine/otp-key.ts' && names === 'readMidstates' ? undefined : `let ${names}`;
});

// What is public -------------------------------------------------------------------------------------

/** A file that is a subpath of the package. */
function isPublic(path: string): boolean {
  return path !== 'index.ts' && /^(?:stores\/)?[^/]+$/.test(path);
}

const indexNamesAllThatIsPublic: Rule = ({ files, checker }) => {
  const namesOf = (file: ts.SourceFile): string[] => {
    const symbol = checker.getSymbolAtLocation(file);
    return symbol ? checker.getExportsOfModule(symbol).map(({ name }) => name) : [];
  };
  const index = files.find((file) => pathOf(file) === 'index.ts');
  const named = new Set(index && namesOf(index));
  const other = index?.statements.filter(
    (node) => !(ts.isExportDeclaration(node) && node.exportClause && node.moduleSpecifier),
  );
  return [
    ...(other ?? []).map((node) => `index.ts: is more than named re-exports: ${node.getText()}`),
    ...files
      .filter((file) => isPublic(pathOf(file)))
      .flatMap((file) => {
        const isOutside = isIn(pathOf(file), NOT_IN_INDEX);
        return namesOf(file)
          .filter((name) => named.has(name) === isOutside)
          .map((name) => `${pathOf(file)}: ${name} is${isOutside ? '' : ' not'} in index.ts`);
      }),
  ];
};

interface PublicFunction {
  readonly name: string;
  /** Where its doc comment hangs. */
  readonly statement: ts.Statement;
  readonly body: ts.Node | undefined;
}

function publicFunctions({ files }: Project): [path: string, PublicFunction][] {
  return files
    .filter((file) => isPublic(pathOf(file)))
    .flatMap((file) =>
      file.statements
        .filter((node) => ts.canHaveModifiers(node) && isExported(node))
        .flatMap(functionsOf)
        .map((found): [string, PublicFunction] => [pathOf(file), found]),
    );
}

function isExported(node: ts.HasModifiers): boolean {
  return ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function functionsOf(statement: ts.Statement): PublicFunction[] {
  if (ts.isFunctionDeclaration(statement)) {
    return [{ name: statement.name?.text ?? 'default', statement, body: statement.body }];
  }
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations
    .filter(({ initializer }) => initializer && ts.isFunctionLike(initializer))
    .map(({ name, initializer }) => ({ name: name.getText(), statement, body: initializer }));
}

const documentsEveryFunction: Rule = (project) =>
  publicFunctions(project).flatMap(([path, { name, statement }]) => {
    const comment = ts.getJSDocCommentsAndTags(statement).find(ts.isJSDoc);
    const examples = ts.getJSDocTags(statement).filter(({ tagName }) => tagName.text === 'example');
    // What needs a server is type-checked here, and run where there is one.
    const fence = isIn(path, NEED_SERVER) ? /^```ts(?: no-run)?$/m : /^```ts$/m;
    const hasFence = examples.some((tag) => fence.test(tag.getText().replace(/^ *\* ?/gm, '')));
    const missing = [
      ...(ts.getTextOfJSDocComment(comment?.comment) ? [] : ['no sentence']),
      ...(hasFence ? [] : ['no @example with a ts fence']),
    ];
    return missing.map((what) => `${path}: ${name} has ${what}`);
  });

/** `@throws {…}` names exactly what the body, and all that it calls in src, can throw. */
const documentsWhatIsThrown: Rule = (project) =>
  publicFunctions(project).flatMap(([path, { name, statement, body }]) => {
    const documented = ts
      .getJSDocTags(statement)
      .filter(ts.isJSDocThrowsTag)
      .flatMap((tag) => tag.typeExpression?.getText().match(/\w+/g) ?? []);
    const thrown = [...thrownBy(body, project.checker)].filter((error) => ERRORS.includes(error));
    return [
      ...thrown.filter((error) => !documented.includes(error)).map((error) => `throws ${error}`),
      ...documented
        .filter((error) => !thrown.includes(error))
        .map((error) => `never throws ${error}`),
    ].map((what) => `${path}: ${name} ${what}`);
  });

/**
 * The classes of the errors that get out of a piece of code. Calls are followed to functions whose
 * body is known; a callback counts where it is handed over; what a `try` catches does not get out.
 */
function thrownBy(
  code: ts.Node | undefined,
  checker: ts.TypeChecker,
  seen: Set<ts.Node> = new Set(),
): Set<string> {
  const thrown = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && node !== code && !ts.isCallExpression(node.parent)) return;
    if (ts.isTryStatement(node) && node.catchClause) {
      visit(node.catchClause);
      if (node.finallyBlock) visit(node.finallyBlock);
      return;
    }
    if (ts.isThrowStatement(node) && ts.isNewExpression(node.expression)) {
      thrown.add(node.expression.expression.getText());
    }
    if (ts.isCallExpression(node)) {
      const body = bodyOf(node.expression, checker);
      if (body && !seen.has(body)) {
        for (const error of thrownBy(body, checker, seen.add(body))) thrown.add(error);
      }
    }
    ts.forEachChild(node, visit);
  };
  if (code) visit(code);
  return thrown;
}

/** The body of the function that a name stands for. */
function bodyOf(callee: ts.Expression, checker: ts.TypeChecker): ts.Node | undefined {
  const symbol = checker.getSymbolAtLocation(callee);
  if (symbol === undefined) return undefined;
  const origin = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declaration = origin.valueDeclaration;
  if (declaration && ts.isFunctionDeclaration(declaration)) return declaration.body;
  return declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
}

/** Options, the parameters of a URI, and the sides of a window: all that a caller spells by name. */
const OPTIONS = /(?:Options|Params|Sides)$/;

const documentsEveryOption = nodeRule((node) => {
  if (!ts.isPropertySignature(node) || !ts.isInterfaceDeclaration(node.parent)) return undefined;
  // What can only be left out has nothing to be said of.
  if (!OPTIONS.test(node.parent.name.text) || node.type?.getText() === 'undefined')
    return undefined;
  const comment = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc);
  const name = `${node.parent.name.text}.${node.name.getText()}`;
  if (!ts.getTextOfJSDocComment(comment?.comment)) return `${name} has no doc comment`;
  const isReadonly = ts
    .getModifiers(node)
    ?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword);
  return isReadonly ? undefined : `${name} is not readonly`;
});

// The tests ----------------------------------------------------------------------------------------

const RULES = {
  'A file imports only from lower layers or its own group, and no package':
    importsOnlyFromLowerLayers,
  'No file imports itself, not by way of others either': importsNoCycle,
  'Steps are counted without the engine': countsStepsWithoutEngine,
  'Only the SIMD engine has to do with WebAssembly, and no file imports it': keepsWebAssemblyApart,
  'Clock, random source and runtime are named only in their places': namesAmbientInItsPlace,
  'The clock is read once in each of its places, by Date.now()': readsClockOnce,
  'There is no any': hasNoAny,
  'There is no class but OtpKey and OtpError': hasNoOtherClass,
  'No module keeps state in a variable but the way into a key': keepsNoModuleState,
  'The index names all that is public, but for what has a path alone, and is nothing else':
    indexNamesAllThatIsPublic,
  'Every public function has a doc comment with an example': documentsEveryFunction,
  'Every public function says what it throws, and no more': documentsWhatIsThrown,
  'Every option has a doc comment and is readonly': documentsEveryOption,
} satisfies Record<string, Rule>;

const src = projectOf(readSources());

test('The sources are found, each with its place in a layer', () => {
  const paths = src.files.map(pathOf);
  expect(paths).toContain('index.ts');
  expect(paths.filter((path) => !LAYERS.some((names) => isIn(path, names)))).toEqual([]);
});

test.each(Object.entries(RULES))('%s', (_, rule) => {
  expect(rule(src)).toEqual([]);
});

/** A file, its text, and what the rule says of it; nothing, if the rule lets it pass. */
type Sample = [path: string, text: string, ...found: string[]];

const IMPORTS: Sample[] = [
  ['base32.ts', "import './key.js';", 'imports key.ts'],
  ['key.ts', "import './hotp.js';", 'imports hotp.ts'],
  ['key.ts', "type A = import('./totp.js').A;", 'imports totp.ts'],
  ['key.ts', "import { engine } from '#engine';"],
  ['window.ts', "import { engine } from '#engine';", 'imports engine/engine.ts'],
  ['code.ts', "import './base32.js';", 'imports base32.ts'],
  ['errors.ts', "import './internal/a.js';", 'imports internal/a.ts'],
  ['internal/a.ts', "import './b.js';"],
  ['internal/a.ts', "import '../errors.js';", 'imports errors.ts'],
  ['otpauth-uri.ts', "import './uri/a.js';"],
  ['uri/a.ts', "import '../otpauth-uri.js';", 'imports otpauth-uri.ts'],
  ['totp.ts', "import './uri/a.js';", 'imports uri/a.ts'],
  ['totp.ts', "import 'node:crypto';", 'imports node:crypto'],
  ['totp.ts', "import type { A } from 'otplib';", 'imports otplib'],
  ['totp.ts', "export * from '../test/a.js';", 'imports ../test/a.js'],
  ['totp.ts', "const a = await import('crypto');", 'imports crypto'],
  ['stores/a.ts', "import './b.js';", 'imports stores/b.ts'],
  ['stores/a.ts', "import '../testing.js';", 'imports testing.ts'],
  ['stores/a.ts', "import 'pg';", 'imports pg'],
  ['testing.ts', "import './stores/a.js';", 'imports stores/a.ts'],
  ['testing.ts', "import 'vitest';", 'imports vitest'],
  ['testing.ts', "import './single-use.js';"],
  ['utils.ts', "import './errors.js';", 'imports errors.ts'],
];

const AMBIENT_NAMES: Sample[] = [
  ['totp.ts', 'const now = Date.now();', 'names Date'],
  ['window.ts', 'const now = +new Date();', 'names Date'],
  ['window.ts', 'performance.now();', 'names performance'],
  ['secret.ts', 'crypto.getRandomValues(Math.random());', 'names random'],
  ['key.ts', 'globalThis.crypto;', 'names globalThis', 'names crypto'],
  ['key.ts', "const fs = require('node:fs');", 'names require'],
  ['internal/clock.ts', '/* Math.random */ Date.now();'],
  ['key.ts', 'key instanceof Date;'],
  ['engine/simd.ts', 'globalThis.WebAssembly;'],
  ['engine/portable.ts', 'new WebAssembly.Module();', 'names WebAssembly'],
  ['engine/wasm/kernel.ts', 'globalThis.WebAssembly;', 'names globalThis', 'names WebAssembly'],
];

const SHAPES: Record<string, [Rule, ...Sample]> = {
  'the type any': [hasNoAny, 'key.ts', 'const key = {} as any;', 'any in {} as any'],
  'a class': [hasNoOtherClass, 'key.ts', 'class OtpKey {} class Key {}', 'class Key'],
  'a class without a name': [
    hasNoOtherClass,
    'key.ts',
    'const Key = class {};',
    'class (without a name)',
  ],
  'a variable of a module': [
    keepsNoModuleState,
    'key.ts',
    'let a = 1; var b; const c = 2; { let d = 3; }',
    'let a',
    'let b',
  ],
  'a second variable beside the way into a key': [
    keepsNoModuleState,
    'engine/otp-key.ts',
    'let readMidstates; let count = 0;',
    'let count',
  ],
  'options without a comment or open to writing': [
    documentsEveryOption,
    'key.ts',
    'interface KeyOptions {\nreadonly a?: 1;\n/** B. */\nb: 1;\n/** C. */\nreadonly c: 1;\n}',
    'KeyOptions.a has no doc comment',
    'KeyOptions.b is not readonly',
  ],
};

const FUNCTIONS: Record<string, [Rule, ...Sample]> = {
  'no doc comment': [
    documentsEveryFunction,
    'key.ts',
    'export const f = () => 1;',
    'f has no sentence',
    'f has no @example with a ts fence',
  ],
  'no example': [
    documentsEveryFunction,
    'key.ts',
    '/** It does. */ export function f() {}',
    'f has no @example with a ts fence',
  ],
  'all that it needs': [
    documentsEveryFunction,
    'key.ts',
    '/**\n * It does.\n * @example\n * ```ts\n * f();\n * ```\n */\nexport function f() {}',
  ],
  'an error of its own that it does not name': [
    documentsWhatIsThrown,
    'key.ts',
    "export function f() { throw new TypeError('no'); }",
    'f throws TypeError',
  ],
  'an error of a guard, called in a callback, that it does not name': [
    documentsWhatIsThrown,
    'key.ts',
    "export function f() { [1].map(() => need()); }\nfunction need() { throw new OtpError('no'); }",
    'f throws OtpError',
  ],
  'an error that is caught': [
    documentsWhatIsThrown,
    'key.ts',
    "export function f() { try { throw new OtpError('no'); } catch { return 1; } }",
  ],
  'an error that it names and never throws': [
    documentsWhatIsThrown,
    'key.ts',
    '/** @throws {RangeError} never */ export function f() {}',
    'f never throws RangeError',
  ],
};

describe('The rules find what breaks them', () => {
  /** What a rule says of a sample, without the path in front. */
  const found = (rule: Rule, [path, text]: Sample) =>
    rule(projectOf({ [path]: text })).map((line) => line.replace(`${path}: `, ''));

  test.each(IMPORTS)('In %s, of the import %s', (...sample) => {
    expect(found(importsOnlyFromLowerLayers, sample)).toEqual(sample.slice(2));
  });

  test.each(AMBIENT_NAMES)('In %s, of the text %s', (...sample) => {
    expect(found(namesAmbientInItsPlace, sample)).toEqual(sample.slice(2));
  });

  test.each(Object.entries(SHAPES))('Of a file with %s', (_, [rule, ...sample]) => {
    expect(found(rule, sample)).toEqual(sample.slice(2));
  });

  test.each(Object.entries(FUNCTIONS))('Of a function with %s', (_, [rule, ...sample]) => {
    expect(found(rule, sample)).toEqual(sample.slice(2));
  });

  test('Of a file that imports itself by way of another', () => {
    const sources = { 'uri/a.ts': "import './b.js';", 'uri/b.ts': "import type {} from './a.js';" };
    expect(importsNoCycle(projectOf(sources))).toHaveLength(2);
  });

  test('Of an engine reached from the counting of steps, at any remove', () => {
    const sources = {
      'window.ts': "import './internal/steps.js';",
      'internal/steps.ts': "import '../engine/sha1.js';",
    };
    expect(countsStepsWithoutEngine(projectOf(sources))).toEqual([
      'window.ts: imports engine/sha1.ts',
      'internal/steps.ts: imports engine/sha1.ts',
    ]);
  });

  test('Of WebAssembly that any but the SIMD engine reaches for', () => {
    const sources = {
      'key.ts': "import './engine/simd.js';",
      'engine/portable.ts': "import './wasm/a.js';",
      'engine/simd.ts': "import './portable.js'; import './wasm/a.js';",
      'engine/wasm/a.ts': "import './b.js';",
      'engine/wasm/b.ts': "import '../sha1.js';",
    };
    expect(keepsWebAssemblyApart(projectOf(sources))).toEqual([
      'key.ts: imports engine/simd.ts',
      'engine/portable.ts: imports engine/wasm/a.ts',
    ]);
  });

  test.each(['', 'Date.now(); Date.now();', 'new Date();', 'const now = Date.now;'])(
    'Of a clock that says: %s',
    (text) => {
      expect(readsClockOnce(projectOf({ 'internal/clock.ts': text }))).toHaveLength(1);
    },
  );

  test('Of a guard in another file whose error is not named', () => {
    const sources = {
      'key.ts': "import { need } from './internal/a.js';\nexport function f() { need(); }",
      'internal/a.ts': "export function need() { throw new RangeError('no'); }",
    };
    expect(documentsWhatIsThrown(projectOf(sources))).toEqual(['key.ts: f throws RangeError']);
  });

  test('Of a public name that the index leaves out, and of an index that names nothing', () => {
    const key = 'export const f = 1; export type T = 1;';
    const named = { 'index.ts': "export { f } from './key.js';", 'key.ts': key };
    expect(indexNamesAllThatIsPublic(projectOf(named))).toEqual(['key.ts: T is not in index.ts']);
    const starred = { 'index.ts': "export * from './key.js';", 'key.ts': key };
    expect(indexNamesAllThatIsPublic(projectOf(starred))).toHaveLength(1);
  });

  test('Of a store on a database that the index brings along', () => {
    const path = 'stores/redis.ts';
    const store = { [path]: 'export const f = 1;' };
    const bare = { 'index.ts': '', ...store };
    expect(indexNamesAllThatIsPublic(projectOf(bare))).toEqual([]);
    const named = { 'index.ts': "export { f } from './stores/redis.js';", ...store };
    expect(indexNamesAllThatIsPublic(projectOf(named))).toEqual([`${path}: f is in index.ts`]);
  });
});
