// What a newcomer pastes and reads first: the route of the README in a default project, its block of the
// second factor, and the lists of commands.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey, generateTotp } from '../../src/index.js';
import { readFences } from '../support/fences.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** Express, as far as the route uses it. */
const EXPRESS = `import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
export default function express() {
  const routes = {};
  const app = {
    use: () => app,
    post: (path, handler) => { routes[path] = handler; },
    listen: () => createServer(async (req, res) => {
      const sent = await text(req);
      const answer = {
        status: (code) => { res.statusCode = code; return answer; },
        send: (body) => res.end(body),
      };
      await routes[req.url]({ body: sent === '' ? undefined : JSON.parse(sent) }, answer);
    }).listen(0, '127.0.0.1', function () { console.log(this.address().port); }),
  };
  return app;
}
express.json = () => {};
`;
const EXPRESS_TYPES = `interface Answer { send(body: string): Answer; status(code: number): Answer }
type Handler = (req: { body: any }, res: Answer) => void | Promise<void>;
interface App { use(part: void): App; post(path: string, handler: Handler): App; listen(port: number): void }
declare const express: { (): App; json(): void };
export default express;
`;

let work: string;

beforeAll(() => {
  // Below the root, so that the package is found by its own name.
  mkdirSync(join(root, '.tmp'), { recursive: true });
  work = mkdtempSync(join(root, '.tmp', 'newcomer-'));
  const manifest =
    '{ "type": "module", "exports": { "types": "./index.d.ts", "default": "./index.js" } }';
  put('node_modules/express/package.json', manifest);
  put('node_modules/express/index.js', EXPRESS);
  put('node_modules/express/index.d.ts', EXPRESS_TYPES);
});
afterAll(() => rmSync(work, { recursive: true }));

function put(name: string, text: string) {
  const path = join(work, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Starts a file, and waits for its first line. */
async function start(file: string, env: object = {}) {
  const child = spawn(process.execPath, [file], { env: { ...process.env, ...env } });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
    child.stderr.once('data', (chunk) => reject(new Error(String(chunk))));
    child.once('close', () => reject(new Error('it ended without a line')));
  });
  return { child, line };
}

describe("The README's first block", () => {
  const [route] = readFences('README.md', readme, 'js');
  const code = route?.code ?? '';
  let child: ChildProcess;
  afterAll(() => child?.kill());

  test('comes before every heading but the name', () => {
    expect(readme.indexOf('```js')).toBeLessThan(readme.indexOf('\n## '));
    expect(code).toMatch(/^\/\/ index\.js, or index\.ts/);
  });

  test('lets a code in once as index.js, and answers everything else', async () => {
    const started = await start(put('index.js', code));
    child = started.child;
    const send = async (body?: string) => {
      const url = `http://127.0.0.1:${started.line}/second-factor`;
      const answer = await fetch(url, { method: 'POST', body: body ?? null });
      return `${answer.status} ${await answer.text()}`;
    };
    const right = JSON.stringify({ code: generateTotp(createKey(SECRET)) });
    const answers = [];
    for (const body of [right, right, '{"code":"hello"}', '{"code":7}', undefined]) {
      answers.push(await send(body));
    }
    const malformed = '401 malformed';
    expect(answers).toEqual(['200 welcome', '401 reused', malformed, malformed, malformed]);
  });

  test('compiles as index.ts with the options of `tsc --init`', () => {
    const program = ts.createProgram([put('index.ts', code)], {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ESNext,
      ...{ types: [], strict: true, verbatimModuleSyntax: true, isolatedModules: true },
      ...{ noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
      ...{ skipLibCheck: true, noEmit: true, moduleDetection: ts.ModuleDetectionKind.Force },
    });
    const messages = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText);
    expect(messages).toEqual([]);
  });
});

test("The README's second factor enrols, confirms, refuses a second use and recovers", async () => {
  const [fence] = readFences('README.md', readme).filter(({ code }) => code.includes('OTP_KEY'));
  const file = put(
    'second.mjs',
    `${ts.transpile(fence?.code ?? '', { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext })}
    import { createKey, generateTotp } from 'otpcore';
    const { uri, secret, enrollmentId } = await routes.enroll('user-1', 'alice@example.com');
    const code = generateTotp(createKey(secret));
    const { recoveryCodes } = await routes.confirm('user-1', enrollmentId, code);
    const again = await routes.verify('user-1', code);
    const recovered = await routes.recover('user-1', recoveryCodes[0]);
    const { ok } = await routes.support('user-1', 'support-7');
    console.log([uri.slice(0, 15), recoveryCodes.length, again.reason, recovered.ok, ok].join());`.replace(
      'file:app.db',
      'file::memory:',
    ),
  );
  const { line } = await start(file, { OTP_KEY: Buffer.alloc(32, 7).toString('base64') });
  expect(line).toBe('otpauth://totp/,10,reused,true,true');
});

test('The README has at most 200 lines, and no code made by the server in its first blocks', () => {
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  expect(readme).not.toMatch(/generateTotp\(/);
});

test('`npm run` lists a dozen commands for users, and then those of contributors, all in CONTRIBUTING', () => {
  const names = Object.keys(JSON.parse(read('package.json')).scripts);
  const isOurs = (name: string) => /^(?:test|bench):/.test(name);
  const users = names.filter((name) => !isOurs(name));
  expect(users.length).toBeLessThanOrEqual(12);
  expect(names).toEqual([...users, ...names.filter(isOurs)]);
  const table = read('CONTRIBUTING.md')
    .split('\n')
    .filter((line) => line.startsWith('| `npm '))
    .map((line) => /^\| `npm (?:run )?([\w:-]+)/.exec(line)?.[1]);
  expect(table).toEqual(expect.arrayContaining(names.filter((name) => name !== 'prepack')));
});
