import { serve } from '@hono/node-server';

/** Serves on loopback; resolves with the server once it listens, and its port. */
export function listen(app, port) {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) =>
      resolve({ server, port: address.port }),
    );
    server.on('error', reject);
  });
}
