// Next.js: one application whose routes run in Node, on the edge and in the middleware, built and
// started. Each answers the subject's JSON, and a page holds the package in its script.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installInto, specifiers, tools, writeFiles } from './support/project.mjs';
import { COUNTER, NAMES, rightAnswer, SUBJECT } from './support/subject.mjs';

const NEXT = join(tools, 'next', 'dist', 'bin', 'next');
// Beside the tools, which its bundler does not follow by link.
const folder = fileURLToPath(new URL('./.tmp/next/', import.meta.url));
const IMPORTS = `import { ${NAMES} } from 'otpcore';\n`;
const SUBPATHS = specifiers.map((path, i) => `import * as m${i} from '${path}';`).join('\n');
const COUNTS = `[${specifiers.map((_, i) => `Object.keys(m${i}).length`)}]`;
const answering = `${IMPORTS}${SUBPATHS}${SUBJECT}
const respond = async () => Response.json({ answer: JSON.parse(await answer()), counts: ${COUNTS} });`;

const FILES = {
  'package.json': '{ "private": true, "type": "module" }',
  'next.config.mjs': `export default { turbopack: { root: ${JSON.stringify(join(tools, '..'))} } };`,
  'instrumentation.js': `export function register() {
    if (process.env.NEXT_RUNTIME === 'nodejs') { ${COUNTER} }
  }`,
  'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>;',
  'app/page.js': `'use client';\n${IMPORTS}
    export default () => <p>{generateTotp(createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'), { timestamp: 59_000 })}</p>;`,
  'app/node/route.js': `export const dynamic = 'force-dynamic';\n${answering}\nexport const GET = respond;`,
  'app/edge/route.js': `export const runtime = 'edge';\n${answering}\nexport const GET = respond;`,
  'middleware.js': `${answering}
    export const config = { matcher: '/middleware' };
    export const middleware = respond;`,
};

let server;
let origin;

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

function next(...args) {
  const { NODE_OPTIONS, NODE_ENV, VITEST, ...env } = process.env;
  return spawn(process.execPath, [NEXT, ...args], {
    cwd: folder,
    env: { ...env, NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outputOf(child) {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more) => {
      text += more;
    });
  }
  const [code] = await once(child, 'close');
  return { code, text };
}

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFiles(folder, FILES);
  installInto(folder);
  const { code, text } = await outputOf(next('build'));
  if (code !== 0) throw new Error(text);
  const port = await freePort();
  server = next('start', '--hostname', '127.0.0.1', '--port', String(port));
  origin = `http://127.0.0.1:${port}`;
  for await (const line of server.stdout.setEncoding('utf8')) if (/Ready/.test(line)) break;
}, 180_000);

afterAll(() => {
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  { where: 'a route in Node', path: '/node', compiled: 3 },
  { where: 'a route on the edge', path: '/edge' },
  { where: 'the middleware', path: '/middleware' },
])('$where takes the root and every subpath', async ({ path, compiled }) => {
  const response = await fetch(origin + path);
  const { answer, counts } = await response.json();
  expect({ ...answer, compiled }).toEqual(rightAnswer(compiled));
  expect(answer.compiled ?? undefined).toBe(compiled);
  expect(counts.filter((count) => count > 0)).toHaveLength(specifiers.length);
});

test('only the code for Node holds kernels', () => {
  const build = join(folder, '.next');
  const files = readdirSync(build, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js') && !file.startsWith('cache'))
    // The first bytes of a WebAssembly module.
    .filter((file) => readFileSync(join(build, file), 'utf8').includes('0061736d01000000'));
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => /edge|middleware|static/.test(file))).toEqual([]);
});

test('a page shows a code', async () => {
  expect(await (await fetch(origin)).text()).toContain('<p>287082</p>');
});
