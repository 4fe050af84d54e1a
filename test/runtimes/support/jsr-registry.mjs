// As much of JSR as publishing one package and importing it takes, on loopback: it keeps the files that
// are sent to it, and serves them with their checksums.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, relative } from 'node:path';

/** Every file below a folder, by its path from there with a slash before it. */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(
      (entry) => `/${relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/')}`,
    );
}

/** What JSR says of a version: its exports, and every file with size and checksum. */
function describeVersion(folder) {
  const manifest = filesBelow(folder).map((path) => {
    const bytes = readFileSync(join(folder, path));
    const checksum = `sha256-${createHash('sha256').update(bytes).digest('hex')}`;
    return [path, { size: bytes.length, checksum }];
  });
  const { exports } = JSON.parse(readFileSync(join(folder, 'jsr.json'), 'utf8'));
  return { manifest: Object.fromEntries(manifest), exports };
}

function unpack(tarball, folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}.tar.gz`, tarball);
  execFileSync('tar', ['-xzf', `${folder}.tar.gz`, '-C', folder]);
}

/** Answers to the paths of JSR's interface; undefined where there is nothing. */
function answer({ method, path, body, folder, name, version }) {
  const api = `/api/scopes/${name.replace(/^@(.*)\/(.*)$/, '$1/packages/$2')}`;
  if (path === api) return {};
  if (path === `${api}/versions/${version}` && method === 'POST') {
    unpack(body, folder);
    return { id: '1', status: 'success', error: null };
  }
  if (path === `/${name}/meta.json`) return { latest: version, versions: { [version]: {} } };
  if (path === `/${name}/${version}_meta.json`) return describeVersion(folder);
  const file = path.slice(`/${name}/${version}`.length);
  const isFile = path.startsWith(`/${name}/${version}/`) && filesBelow(folder).includes(file);
  return isFile ? readFileSync(join(folder, file)) : undefined;
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Starts a registry for one version of one package, whose files it keeps in `folder`. */
export async function startRegistry({ folder, name, version }) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://registry').pathname;
    const body = await bodyOf(request);
    const found = answer({ method: request.method, path, body, folder, name, version });
    if (found === undefined) response.statusCode = 404;
    const isFile = Buffer.isBuffer(found);
    response.setHeader('content-type', isFile ? 'text/typescript' : 'application/json');
    response.end(isFile ? found : JSON.stringify(found ?? { code: 'notFound', message: path }));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${server.address().port}/`;
  return { address, close: () => server.close() };
}
