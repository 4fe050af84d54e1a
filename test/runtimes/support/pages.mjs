// The pages that a browser is shown, one after the other, from a server on loopback that takes what
// they found, and the browser's reports of violations of a Content-Security-Policy.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { bundle } from './project.mjs';

/** Scripts from here alone: no 'unsafe-eval', and no 'wasm-unsafe-eval' either. */
const STRICT = "default-src 'self'; report-uri /report";

/**
 * The pages. `raw` loads the package's own files, one by one and without an import map. The last two
 * have the SIMD engine, as a bundle for servers does: they show that a browser's engine is told apart,
 * and that a report does come in where WebAssembly is compiled.
 */
export const PAGES = {
  open: { target: 'browser' },
  raw: {},
  strict: { target: 'browser', policy: STRICT },
  server: { target: 'server' },
  compiling: { target: 'server', policy: STRICT },
};

/**
 * Serves the pages until the last one has been heard of.
 *
 * @param visit - starts a browser at a URL
 * @returns what each page found, with the reports on it in `reports`
 */
export async function visitPages(project, visit) {
  const names = Object.keys(PAGES);
  const scripts = {};
  for (const name of names.filter((page) => PAGES[page].target)) {
    scripts[name] = readFileSync(await bundle(project, 'page.mjs', PAGES[name].target));
  }
  scripts.raw = readFileSync(join(project.folder, 'page.mjs'), 'utf8')
    .replace("'./library.mjs'", "'/script/library'")
    .replace("'./judge.mjs'", "'/judge.mjs'");
  scripts.library = readFileSync(join(project.folder, 'library.mjs'), 'utf8')
    .replace("'otpcore'", "'/dist/index.js'")
    .replaceAll(/'otpcore\/(.+)'/g, "'/dist/$1.js'");
  const found = {};
  const reports = [];
  const finished = withResolvers();

  const server = createServer(async (request, response) => {
    const [, kind, name] = request.url.split('/');
    if (kind === 'page' && name in PAGES) return sendPage(response, name);
    if (kind === 'script' && name in scripts) {
      return response.setHeader('content-type', 'text/javascript').end(scripts[name]);
    }
    const file = fileOf(project, request.url);
    if (file !== undefined) {
      return response.setHeader('content-type', 'text/javascript').end(readFileSync(file));
    }
    if (request.method !== 'POST') return response.writeHead(204).end();
    const body = await textOf(request);
    if (kind === 'report') reports.push(JSON.parse(body)['csp-report']);
    if (kind === 'result') found[request.url.split('/').at(-1)] = JSON.parse(body);
    const next = names.find((page) => !(page in found));
    response.end(kind === 'result' && next !== undefined ? `/page/${next}` : '');
    if (next === undefined) finished.resolve();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = visit(`${origin}/page/${names[0]}`);
  try {
    await withDeadline(
      finished.promise,
      () => `heard of ${Object.keys(found).join(', ') || 'no page'}`,
    );
    await waitFor(() => reports.some(({ 'document-uri': uri }) => uri.endsWith('/compiling')));
  } finally {
    close();
    server.close();
    server.closeAllConnections();
  }
  for (const name of names) {
    found[name].reports = reports.filter((report) => report['document-uri'].endsWith(`/${name}`));
  }
  return found;
}

/** The file of a path that the raw page loads: the suite, or a module of the package. */
function fileOf({ folder }, path) {
  if (path === '/judge.mjs') return join(folder, 'judge.mjs');
  return /^\/dist\/[\w/-]+\.js$/.test(path)
    ? join(folder, 'node_modules', 'otpcore', path)
    : undefined;
}

function sendPage(response, name) {
  const { policy } = PAGES[name];
  if (policy !== undefined) response.setHeader('content-security-policy', policy);
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(
    `<!doctype html><title>${name}</title><script type="module" src="/script/${name}"></script>`,
  );
}

async function textOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

function withResolvers() {
  const deferred = {};
  deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  return deferred;
}

async function withDeadline(promise, state) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(
      () => fail(new Error(`the browser took over three minutes: ${state()}`)),
      180_000,
    );
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Reports are sent in the browser's own time; without one, the test says so. */
async function waitFor(isThere) {
  for (let i = 0; i < 100 && !isThere(); i++) await new Promise((done) => setTimeout(done, 50));
}
