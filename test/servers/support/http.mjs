// What Neon and Upstash offer over HTTP, on loopback, with a real server behind it: each request is one
// statement or command, and its answer has the shape that their packages read.
import { createServer } from 'node:http';
import { HOST } from './server.mjs';

/**
 * @param answer - gives `{ status, body }` for a path and the parsed body of a request
 */
export async function startHttp(answer) {
  const sockets = new Set();
  let requests = 0;
  let isLosing = false;
  let isHolding = false;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    requests += 1;
    const { status, body } = await answer(request.url, JSON.parse(text));
    if (isHolding) return;
    if (isLosing) {
      isLosing = false;
      response.socket.resetAndDestroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, HOST, resolve));
  return {
    url: `http://${HOST}:${server.address().port}`,
    get requests() {
      return requests;
    },
    /** The server runs the next request, and its answer never arrives. */
    loseNextAnswer() {
      isLosing = true;
    },
    /** The server runs all requests from now on, and is silent. */
    holdAnswers() {
      isHolding = true;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As Neon answers: every value as the text that PostgreSQL has for it. */
export function neonOver(pool) {
  const raw = { getTypeParser: () => (text) => text };
  return async (_path, { query: text, params: values }) => {
    try {
      const result = await pool.query({ text, values, rowMode: 'array', types: raw });
      const { command, rowCount, rows, fields } = result;
      return { status: 200, body: { command, rowCount, rows, fields, rowAsArray: true } };
    } catch ({ message, code }) {
      return { status: 400, body: { message, code } };
    }
  };
}

/** As Upstash answers: a command at `/`, several at `/pipeline`. */
export function upstashOver(ioredis) {
  const run = async ([name, ...args]) => {
    try {
      return { result: await ioredis.call(name, ...args.map(String)) };
    } catch ({ message }) {
      return { error: message };
    }
  };
  return async (path, body) => {
    if (path === '/pipeline') return { status: 200, body: await Promise.all(body.map(run)) };
    const answer = await run(body);
    return { status: 'error' in answer ? 400 : 200, body: answer };
  };
}
