// A worker with D1 and an SQLite-backed Durable Object, in workerd by way of miniflare.
import { readFileSync } from 'node:fs';
import { Miniflare } from 'miniflare';
import { bundle } from './project.mjs';

/**
 * Runs a worker for one request, and answers what it says.
 *
 * @param entry - a file of `entries/`
 * @param database - the name of its D1 database, `DB`
 * @param objects - its Durable Objects: `{ BINDING: className }`
 */
export async function askWorker(project, entry, database, objects) {
  const worker = await bundle(project, entry, 'workerd', { external: ['cloudflare:*'] });
  const durableObjects = Object.entries(objects).map(([binding, className]) => {
    return [binding, { className, useSQLite: true }];
  });
  const miniflare = new Miniflare({
    modules: true,
    script: readFileSync(worker, 'utf8'),
    compatibilityDate: '2026-04-20',
    // Else it asks the network where it is.
    cf: false,
    d1Databases: { DB: database },
    durableObjects: Object.fromEntries(durableObjects),
  });
  try {
    const response = await miniflare.dispatchFetch('http://worker.test/');
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return JSON.parse(text);
  } finally {
    await miniflare.dispose();
  }
}
