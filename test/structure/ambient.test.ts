// What the sources use of their surroundings, and constructs that they do without.
import ts from 'typescript';
import { hold, nodeRule } from './sources.js';

/** Names that reach outside the language, and the only files that may use them. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  Date: ['step/clock.ts', 'second-factor/options.ts'],
  crypto: ['secret.ts', 'second-factor/platform.ts'],
  globalThis: ['secret.ts', 'engine/simd.ts', 'recovery-codes.ts', 'second-factor/platform.ts'],
  WebAssembly: ['engine/simd.ts'],
  // The name of a Redis command.
  eval: ['stores/redis.ts'],
  ...Object.fromEntries(
    'performance Temporal random process Deno Bun require'.split(' ').map((name) => [name, []]),
  ),
};
const CLASSES = ['OtpKey', 'OtpError'];
/** The accessor that a class hands to its own module. */
const STATE = ['let readMidstates'];

/** `x instanceof Date` looks at a value and reads no clock. */
function isKindCheck({ parent }: ts.Node): boolean {
  return ts.isBinaryExpression(parent) && parent.operatorToken.getText() === 'instanceof';
}

hold(
  'Clock, random source and runtime are used in their places only',
  nodeRule((node, path) => {
    if (!ts.isIdentifier(node) || isKindCheck(node)) return undefined;
    const places = Object.hasOwn(PLACES, node.text) ? PLACES[node.text] : undefined;
    return places === undefined || places.includes(path) ? undefined : `uses ${node.text}`;
  }),
  [{ 'totp.ts': 'Date.now();' }, 'totp.ts: uses Date'],
  [{ 'secret.ts': 'crypto.getRandomValues(Math.random());' }, 'secret.ts: uses random'],
  [{ 'key.ts': '/* Date.now() */ key instanceof Date;' }],
);

hold(
  'The clock is read by Date.now() alone',
  nodeRule((node) => {
    if (!ts.isIdentifier(node) || node.text !== 'Date' || isKindCheck(node)) return undefined;
    const use = node.parent.parent.getText();
    return use === 'Date.now()' ? undefined : use;
  }),
  [{ 'a.ts': 'f(Date.now());' }],
  [{ 'a.ts': 'f(new Date());' }, 'a.ts: f(new Date())'],
  [{ 'a.ts': 'const now = Date.now;' }, 'a.ts: now = Date.now'],
);

hold(
  'The type any is not used',
  nodeRule(({ kind, parent }) =>
    kind === ts.SyntaxKind.AnyKeyword ? parent.getText() : undefined,
  ),
  [{ 'a.ts': 'const a = {} as any;' }, 'a.ts: {} as any'],
);

hold(
  'OtpKey and OtpError are the only classes',
  nodeRule((node) => {
    if (!ts.isClassLike(node) || CLASSES.includes(node.name?.text ?? '')) return undefined;
    return `class ${node.name?.text ?? '(without a name)'}`;
  }),
  [{ 'a.ts': 'class OtpKey {} class Key {}' }, 'a.ts: class Key'],
  [{ 'a.ts': 'const Key = class {};' }, 'a.ts: class (without a name)'],
);

hold(
  'No module keeps state in a variable',
  nodeRule((node) => {
    if (!ts.isVariableStatement(node) || !ts.isSourceFile(node.parent)) return undefined;
    if (node.declarationList.flags & ts.NodeFlags.Const) return undefined;
    const names = node.declarationList.declarations.map(({ name }) => name.getText()).join(', ');
    return STATE.includes(`let ${names}`) ? undefined : `let ${names}`;
  }),
  [{ 'a.ts': 'let a = 1; var b; const c = 2; { let d = 3; }' }, 'a.ts: let a', 'a.ts: let b'],
);
