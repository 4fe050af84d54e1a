// The public files: the index names their exports, and their comments describe each function.
import ts from 'typescript';
import { hold, isIn, nodeRule, type Project, type Rule } from './sources.js';

/** The doors, and the stores of both kinds. */
const PUBLIC =
  /^(?!index\.ts)(?:stores\/\w+|second-factor\/(?:memory|postgres|sqlite|mysql|testing)|[\w-]+)\.ts$/;

/** Public by their own subpaths alone. */
const NOT_IN_INDEX = [
  ...['mysql', 'postgres', 'redis', 'sqlite'].map((name) => `stores/${name}.ts`),
  ...['testing', 'otpauth-migration', 'recovery-codes', 'second-factor'].map(
    (name) => `${name}.ts`,
  ),
  'second-factor/',
];
/** Their examples need a server, so they are compiled here and not run. */
const NEED_SERVER = ['mysql', 'postgres', 'redis'].flatMap((name) => [
  `stores/${name}.ts`,
  `second-factor/${name}.ts`,
]);

const ERRORS = ['TypeError', 'RangeError', 'OtpError'];
/** Everything that a caller spells by name: options, the parameters of a URI, the sides of a window. */
const OPTIONS = /(?:Options|Params|Sides)$|^Otpauth\w*Fields$/;

const indexNamesPublicExports: Rule = ({ files, checker }) => {
  const exportsOf = (file: ts.SourceFile | undefined): string[] => {
    const symbol = file && checker.getSymbolAtLocation(file);
    return symbol ? checker.getExportsOfModule(symbol).map(({ name }) => name) : [];
  };
  const index = files.get('index.ts');
  const named = exportsOf(index);
  const other = (index?.statements ?? []).filter(
    (node) => !(ts.isExportDeclaration(node) && node.exportClause && node.moduleSpecifier),
  );
  const doors = [...files].filter(([path]) => PUBLIC.test(path));
  return [
    ...other.map((node) => `index.ts: more than named exports: ${node.getText()}`),
    ...doors.flatMap(([path, file]) =>
      exportsOf(file)
        .filter((name) => named.includes(name) === isIn(path, NOT_IN_INDEX))
        .map((name) => `${path}: ${name} is ${named.includes(name) ? '' : 'not '}in index.ts`),
    ),
  ];
};

interface PublicFunction {
  readonly path: string;
  readonly name: string;
  /** The statement with the doc comment. */
  readonly statement: ts.Statement;
  readonly body: ts.Node | undefined;
}

function publicFunctions({ files }: Project): PublicFunction[] {
  return [...files]
    .filter(([path]) => PUBLIC.test(path))
    .flatMap(([path, file]) =>
      file.statements
        .filter((node) => ts.canHaveModifiers(node) && has(node, ts.SyntaxKind.ExportKeyword))
        .flatMap(functionsOf)
        .map((found) => ({ path, ...found })),
    );
}

function has(node: ts.HasModifiers, modifier: ts.SyntaxKind): boolean {
  return ts.getModifiers(node)?.some(({ kind }) => kind === modifier) ?? false;
}

function functionsOf(statement: ts.Statement): Omit<PublicFunction, 'path'>[] {
  if (ts.isFunctionDeclaration(statement)) {
    return [{ name: statement.name?.text ?? 'default', statement, body: statement.body }];
  }
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations
    .filter(({ initializer }) => initializer && ts.isFunctionLike(initializer))
    .map(({ name, initializer }) => ({ name: name.getText(), statement, body: initializer }));
}

/** The text of a doc comment, without its tags. */
function commentOf(node: ts.Node): string | undefined {
  return ts.getTextOfJSDocComment(ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc)?.comment);
}

const documentsFunctions: Rule = (project) =>
  publicFunctions(project).flatMap(({ path, name, statement }) => {
    const fence = isIn(path, NEED_SERVER) ? /^```ts(?: no-run)?$/m : /^```ts$/m;
    const examples = ts.getJSDocTags(statement).filter(({ tagName }) => tagName.text === 'example');
    const hasFence = examples.some((tag) => fence.test(tag.getText().replace(/^ *\* ?/gm, '')));
    return [
      ...(commentOf(statement) ? [] : [`${path}: ${name} has no sentence`]),
      ...(hasFence ? [] : [`${path}: ${name} has no @example with a ts fence`]),
    ];
  });

const documentsErrors: Rule = (project) =>
  publicFunctions(project).flatMap(({ path, name, statement, body }) => {
    const named = ts
      .getJSDocTags(statement)
      .filter(ts.isJSDocThrowsTag)
      .flatMap((tag) => tag.typeExpression?.getText().match(/\w+/g) ?? []);
    const thrown = errorsOf(body, project.checker);
    return ERRORS.filter((error) => named.includes(error) !== thrown.has(error)).map(
      (error) => `${path}: ${name} ${thrown.has(error) ? 'throws' : 'never throws'} ${error}`,
    );
  });

/**
 * The classes of the errors that leave a piece of code. Calls are followed to functions with a known
 * body; a callback counts where it is passed; what a `try` catches does not leave.
 */
function errorsOf(
  code: ts.Node | undefined,
  checker: ts.TypeChecker,
  seen: Set<ts.Node> = new Set(),
): Set<string> {
  const errors = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && node !== code && !ts.isCallExpression(node.parent)) return;
    if (ts.isTryStatement(node) && node.catchClause) {
      visit(node.catchClause);
      if (node.finallyBlock) visit(node.finallyBlock);
      return;
    }
    if (ts.isThrowStatement(node) && ts.isNewExpression(node.expression)) {
      errors.add(node.expression.expression.getText());
    }
    if (ts.isCallExpression(node)) {
      const body = bodyOf(node.expression, checker);
      if (body && !seen.has(body)) {
        for (const error of errorsOf(body, checker, seen.add(body))) errors.add(error);
      }
    }
    ts.forEachChild(node, visit);
  };
  if (code) visit(code);
  return errors;
}

/** The body of a called function. */
function bodyOf(callee: ts.Expression, checker: ts.TypeChecker): ts.Node | undefined {
  const symbol = checker.getSymbolAtLocation(callee);
  if (symbol === undefined) return undefined;
  const origin = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declaration = origin.valueDeclaration;
  if (declaration && ts.isFunctionDeclaration(declaration)) return declaration.body;
  return declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
}

hold(
  'The index names every public export of the core, and holds named exports only',
  indexNamesPublicExports,
  [
    { 'index.ts': "export { f } from './key.js';", 'key.ts': 'export const f = 1, g = 1;' },
    'key.ts: g is not in index.ts',
  ],
  [
    { 'index.ts': "export * from './key.js';" },
    "index.ts: more than named exports: export * from './key.js';",
  ],
  [{ 'index.ts': '', 'stores/redis.ts': 'export const f = 1;' }],
  [
    { 'index.ts': "export { f } from './testing.js';", 'testing.ts': 'export const f = 1;' },
    'testing.ts: f is in index.ts',
  ],
);

hold(
  'Every public function has a doc comment with an example',
  documentsFunctions,
  [
    {
      'key.ts':
        '/**\n * It does.\n * @example\n * ```ts\n * f();\n * ```\n */\nexport function f() {}',
    },
  ],
  [
    { 'key.ts': '/** It does. */ export function f() {}' },
    'key.ts: f has no @example with a ts fence',
  ],
  [
    { 'key.ts': 'export const f = () => 1;' },
    'key.ts: f has no sentence',
    'key.ts: f has no @example with a ts fence',
  ],
);

hold(
  'Every public function names the errors that it throws, and no other',
  documentsErrors,
  [
    { 'key.ts': "export function f() { throw new TypeError('no'); }" },
    'key.ts: f throws TypeError',
  ],
  [
    { 'key.ts': '/** @throws {RangeError} never */ export function f() {}' },
    'key.ts: f never throws RangeError',
  ],
  [{ 'key.ts': "export function f() { try { throw new OtpError('no'); } catch { return 1; } }" }],
  [
    {
      'key.ts':
        "export function f() { [1].map(() => g()); }\nfunction g() { throw new OtpError('no'); }",
    },
    'key.ts: f throws OtpError',
  ],
  [
    {
      'key.ts': "import { g } from './key/a.js';\nexport function f() { g(); }",
      'key/a.ts': "export function g() { throw new RangeError('no'); }",
    },
    'key.ts: f throws RangeError',
  ],
);

hold(
  'Every option has a doc comment and is readonly',
  nodeRule((node) => {
    if (!ts.isPropertySignature(node) || !ts.isInterfaceDeclaration(node.parent)) return undefined;
    // A field of type `undefined` can only be left out, so there is nothing to describe.
    if (!OPTIONS.test(node.parent.name.text) || node.type?.getText() === 'undefined')
      return undefined;
    const name = `${node.parent.name.text}.${node.name.getText()}`;
    if (!commentOf(node)) return `${name} has no doc comment`;
    return has(node, ts.SyntaxKind.ReadonlyKeyword) ? undefined : `${name} is not readonly`;
  }),
  [
    {
      'a.ts':
        'interface AOptions {\nreadonly a?: 1;\n/** B. */\nb: 1;\n/** C. */\nreadonly c: 1;\n}',
    },
    'a.ts: AOptions.a has no doc comment',
    'a.ts: AOptions.b is not readonly',
  ],
);
