// A server of the built files, as GitHub Pages serves them: on loopback, for the preview and the tests.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const SITE = fileURLToPath(new URL('../dist/', import.meta.url));

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** Serves the site; 0 takes any free port. */
export async function serveSite(port = 0) {
  const server = createServer(async ({ url }, response) => {
    const found = await read(new URL(url, 'http://localhost').pathname);
    if (found === undefined) return response.writeHead(404).end('No such page\n');
    response.setHeader('content-type', TYPES[found.extension] ?? 'application/octet-stream');
    response.end(found.contents);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { address: `http://127.0.0.1:${server.address().port}/`, close };
}

/** The file of a path. A parsed URL has no `..` left, and an escaped one is not decoded. */
async function read(path) {
  const file = path.endsWith('/') ? `${path}index.html` : path;
  for (const name of [file, `${file}.html`]) {
    try {
      return { contents: await readFile(join(SITE, name)), extension: extname(name) };
    } catch {
      // The next name.
    }
  }
  return undefined;
}
