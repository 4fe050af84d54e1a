// Redis under node-redis and ioredis, one server and a cluster of three: the adapter, the storm, and
// what happens when things fail.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisStore } from '../../dist/node/stores/redis.js';
import { testSingleUseStore } from '../../dist/node/testing.js';
import { attempt, attemptUntilRefused, FAILED, newId } from './support/attempt.mjs';
import { expectRightAnswers, testLostAnswers } from './support/failures.mjs';
import { describeKill, killDuringClaims } from './support/kill.mjs';
import { describeWith } from './support/needs.mjs';
import {
  command,
  redisProgram,
  redisRemedy,
  startRedis,
  startRedisCluster,
} from './support/redis.mjs';
import { makeFolder, removeFolder } from './support/server.mjs';
import { isMountable, mountSmallDisk, unmountSmallDisk } from './support/small-disk.mjs';
import { CLIENTS, makeOpener } from './support/stores.mjs';
import { describeStorm, judgeStorm, NOTHING_WRONG, runStorm } from './support/storm.mjs';

const PREFIX = 'otp:';
/** For ioredis, which else tries for seconds before it gives up. */
const IMPATIENT = { maxRetriesPerRequest: 1 };

const KINDS = {
  'node-redis': {
    timeout: { socket: { socketTimeout: 300 } },
    variants: {
      'the older protocol': { RESP: 2 },
      'the newer protocol': { RESP: 3 },
      'numbers as text': { commandOptions: { typeMapping: { 58: String } } },
      'no queue while offline': { disableOfflineQueue: true },
    },
  },
  ioredis: {
    timeout: { commandTimeout: 300 },
    variants: {
      'numbers as text': { stringNumbers: true },
      'a prefix of the client': { keyPrefix: 'app:' },
      'automatic pipelines': { enableAutoPipelining: true },
      'no queue while offline': { enableOfflineQueue: false, lazyConnect: true },
    },
    // It sends again, on its next connection, what was not answered.
    lost: { request: /^accepted$/, answer: /^reused$/ },
  },
};
const CLUSTER_KINDS = ['node-redis cluster', 'ioredis cluster'];

/** The claims among the commands that a server wrote. */
function claimsOf(writes) {
  return writes
    .filter(([name, key]) => name.toUpperCase() === 'SET' && key.startsWith(PREFIX))
    .map(([, key, step]) => [key.slice(PREFIX.length), Number(step)]);
}

/** Loses the scripts of a server. */
const flushScripts = ({ port }) => command(port, 'SCRIPT', 'FLUSH', 'SYNC');

async function expectRelearning(store, flush) {
  const id = newId();
  expect(await attempt(store, id)).toBe('accepted');
  flush();
  expect(await attempt(store, id)).toBe('reused');
  flush();
  const all = Promise.all(Array.from({ length: 64 }, () => attempt(store, id, 50_000_001)));
  flush();
  expect((await all).filter((outcome) => outcome === 'accepted')).toHaveLength(1);
  expect((await all).filter((outcome) => outcome === 'reused')).toHaveLength(63);
}

describeWith('Redis', redisProgram, redisRemedy, () => {
  let redis;
  const { open, endLater, endAll } = makeOpener(() => redis.address);

  beforeAll(async () => {
    // So that a replica is there at once.
    redis = await startRedis({ 'repl-diskless-sync-delay': 0 });
  });
  afterAll(async () => {
    await endAll();
    await redis?.stop();
  });

  describe.each(Object.entries(KINDS))('A store over %s', (kind, { timeout, variants, lost }) => {
    let store;
    beforeAll(async () => {
      ({ store } = await open(kind));
    });

    testSingleUseStore({ claim: (id, step) => store.claim(id, step) }, test);
    testLostAnswers({ kind, address: () => redis.address, one: {}, timeout, lost });
    if (lost) {
      describe('that sends nothing again', () => {
        const one = { maxRetriesPerRequest: 0 };
        testLostAnswers({ kind, address: () => redis.address, one, timeout });
      });
    }

    test.each(Object.entries(variants))('answers alike with %s', async (_, options) => {
      const { client, store: variant } = await open(kind, {}, options);
      if (options.lazyConnect) await client.connect();
      const id = newId();
      await expectRightAnswers(variant, id);
    });

    test('takes NUL and emoji, and refuses half a character', async () => {
      const id = newId();
      for (const end of ['', '\0', '\0\0', ' ', '{a}', '{b}', '🙂', '🙁']) {
        expect(await attempt(store, id + end)).toBe('accepted');
        expect(await attempt(store, id + end)).toBe('reused');
      }
      expect(await attempt(store, `${id}\ud83d`)).toMatch(FAILED);
    });

    test('teaches a server its script that has lost it', () =>
      expectRelearning(store, () => flushScripts(redis.address)));

    test('keeps what it claims under its prefix, for ever', async () => {
      const id = newId();
      const { client } = await open(kind);
      await redisStore(client, { prefix: 'my-app:' }).claim(id, 7);
      expect(command(redis.address.port, 'GET', `my-app:${id}`)).toBe('7');
      expect(command(redis.address.port, 'TTL', `my-app:${id}`)).toBe('-1');
      expect(await attempt(store, id)).toBe('accepted');
    });

    test('fails where the server takes no more connections', async () => {
      const full = await startRedis({ maxclients: 1 });
      const held = await CLIENTS.ioredis.open(full.address);
      await held.store.claim(newId(), 1);
      const crowded = CLIENTS[kind].open(full.address, {
        ...(kind === 'ioredis' ? IMPATIENT : { socket: { reconnectStrategy: false } }),
      });
      const outcome = await crowded.then(
        async ({ store: refused, end }) => {
          const result = await attempt(refused, newId());
          await end();
          return result;
        },
        (error) => `failed: ${error}`,
      );
      expect(outcome).toMatch(FAILED);
      await held.end();
      await full.stop();
    });

    test('fails where the memory is full and nothing may be dropped', async () => {
      const small = await startRedis({ 'maxmemory-policy': 'noeviction' });
      const { store: claims, end } = await CLIENTS[kind].open(small.address);
      const id = newId();
      expect(await attempt(claims, id)).toBe('accepted');
      command(small.address.port, 'CONFIG', 'SET', 'maxmemory', '1');
      expect(await attempt(claims, newId())).toMatch(/^failed: .*OOM/);
      expect(await attempt(claims, id)).not.toBe('accepted');
      await end();
      await small.stop();
    });

    test('fails on a replica, which may only be read', async () => {
      const { host, port } = redis.address;
      const replica = await startRedis({ replicaof: `${host} ${port}`, appendonly: 'no' });
      const { store: reader, end } = await CLIENTS[kind].open(replica.address);
      const id = newId();
      expect(await attempt(reader, id)).toMatch(/^failed: .*READONLY/);
      expect(await attempt(store, id)).toBe('accepted');
      const hasArrived = () => command(replica.address.port, 'EXISTS', PREFIX + id);
      await expect.poll(hasArrived, { timeout: 10_000 }).toBe('1');
      expect(await attempt(reader, id)).not.toBe('accepted');
      await end();
      await replica.stop();
    });

    test('fails when the server is gone, and not before it has asked', async () => {
      const gone = await startRedis();
      const options = kind === 'ioredis' ? IMPATIENT : { disableOfflineQueue: true };
      const { store: orphan, end } = await CLIENTS[kind].open(gone.address, options);
      expect(await attempt(orphan, newId())).toBe('accepted');
      await gone.server.kill();
      expect(await attempt(orphan, newId())).toMatch(FAILED);
      await end();
      await gone.stop();
    });

    test.skipIf(!isMountable)('fails when the disk is full, and nothing is lost', async () => {
      const folder = makeFolder('small');
      mountSmallDisk(folder, { kibibytes: 256 });
      let small;
      try {
        small = await startRedis({ dir: folder });
        const options = kind === 'ioredis' ? IMPATIENT : { disableOfflineQueue: true };
        const { store: claims, end } = await CLIENTS[kind].open(small.address, options);
        const { accepted, outcome } = await attemptUntilRefused(claims);
        expect(outcome).toMatch(FAILED);
        expect(accepted.length).toBeGreaterThan(10);
        await end();
        // With `appendfsync always` it ends when it cannot write. Given room, it starts again.
        await small.server.stop();
        spawnSync('mount', ['-o', 'remount,size=4096k', folder]);
        await small.server.start();
        const { store: again, end: endAgain } = await CLIENTS[kind].open(small.address);
        const outcomes = await Promise.all(accepted.map((id) => attempt(again, id)));
        expect(new Set(outcomes)).toEqual(new Set(['reused']));
        await endAgain();
      } finally {
        await small?.stop();
        unmountSmallDisk(folder);
        removeFolder(folder);
      }
    });
  });

  test('A pool of node-redis serves as well', async () => {
    const { createClientPool } = await import('redis');
    const { host, port } = redis.address;
    const pool = createClientPool({ socket: { host, port } });
    await pool.connect();
    endLater({ end: async () => pool.destroy() });
    const id = newId();
    const all = Array.from({ length: 64 }, () => attempt(redisStore(pool), id));
    const outcomes = await Promise.all(all);
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'reused')).toHaveLength(63);
  });

  test('A storm of eight processes: each step once, rising, and the highest', async () => {
    const logging = await startRedis();
    try {
      const storm = await runStorm(Object.keys(KINDS).map((kind) => [kind, logging.address]));
      console.log(describeStorm('Redis', storm));
      expect(storm.errors.slice(0, 5)).toEqual([]);
      const written = claimsOf(logging.readWrites());
      expect(judgeStorm({ ...storm, written })).toEqual(NOTHING_WRONG);
    } finally {
      await logging.stop();
    }
  });

  test('The same storm finds out a store that reads, compares and writes', async () => {
    // Its many writes need not be on the disk.
    const logging = await startRedis({ appendfsync: 'no' });
    try {
      const storm = await runStorm([['broken', logging.address]]);
      console.log(describeStorm('a store that is wrong', storm));
      const judgement = judgeStorm({ ...storm, written: claimsOf(logging.readWrites()) });
      expect(judgement.grantedTwice.length).toBeGreaterThan(0);
      expect(judgement.notRising.length).toBeGreaterThan(0);
    } finally {
      await logging.stop();
    }
  });

  async function kill(settings) {
    const own = await startRedis(settings);
    try {
      return await killDuringClaims({
        server: own.server,
        clients: Object.keys(KINDS).map((kind) => [kind, own.address]),
        ids: Array.from({ length: 20 }, newId),
        openFresh: () => CLIENTS.ioredis.open(own.address),
      });
    } finally {
      await own.stop();
    }
  }

  test('A server that is killed and started again grants nothing twice', async () => {
    for (let round = 0; round < 3; round++) {
      const result = await kill({});
      console.log(describeKill('Redis', result));
      expect(result).toMatchObject({ again: [], isAlive: true });
      expect(result.granted).toBeGreaterThan(0);
    }
  });

  test('With its default persistence it forgets what it granted', async () => {
    // No append-only file, and a snapshot now and then: what the documents warn of.
    const result = await kill({ appendonly: 'no', save: '3600 1 300 100 60 10000' });
    console.log(describeKill('Redis with its default persistence', result));
    expect(result.again.length).toBeGreaterThan(0);
  });

  describe('In a cluster', () => {
    let cluster;
    beforeAll(async () => {
      cluster = await startRedisCluster();
    });
    afterAll(() => cluster?.stop());

    describe.each(CLUSTER_KINDS)('a store over %s', (kind) => {
      let store;
      beforeAll(async () => {
        const one = await CLIENTS[kind].open(cluster.address);
        store = one.store;
        endLater(one);
      });

      testSingleUseStore({ claim: (id, step) => store.claim(id, step) }, test);

      test('claims on every node, one key a claim', async () => {
        const before = cluster.nodes.map(({ address }) => Number(command(address.port, 'DBSIZE')));
        const ids = Array.from({ length: 60 }, newId);
        const outcomes = await Promise.all(ids.map((id) => attempt(store, id)));
        expect(new Set(outcomes)).toEqual(new Set(['accepted']));
        const after = cluster.nodes.map(({ address }) => Number(command(address.port, 'DBSIZE')));
        expect(after.every((size, i) => size > before[i])).toBe(true);
        expect(after.reduce((sum, size, i) => sum + size - before[i], 0)).toBe(60);
      });

      test('teaches every node its script', () =>
        expectRelearning(store, () => {
          for (const { address } of cluster.nodes) flushScripts(address);
        }));
    });

    test('A storm of eight processes: each step once, rising, and the highest', async () => {
      const already = cluster.nodes.map(({ readWrites }) => readWrites().length);
      const storm = await runStorm(CLUSTER_KINDS.map((kind) => [kind, cluster.address]));
      console.log(describeStorm('a Redis cluster', storm));
      expect(storm.errors.slice(0, 5)).toEqual([]);
      // An id is at one node, so that the order among nodes does not matter.
      const written = cluster.nodes.flatMap(({ readWrites }, i) =>
        claimsOf(readWrites().slice(already[i])),
      );
      expect(judgeStorm({ ...storm, written })).toEqual(NOTHING_WRONG);
    });

    test('A node that is killed and started again grants nothing twice', async () => {
      for (const { server } of cluster.nodes) {
        const result = await killDuringClaims({
          server,
          clients: CLUSTER_KINDS.map((kind) => [kind, cluster.address]),
          ids: Array.from({ length: 20 }, newId),
          async openFresh() {
            await cluster.ready();
            return CLIENTS['ioredis cluster'].open(cluster.address);
          },
        });
        console.log(describeKill('a node of a Redis cluster', result));
        expect(result).toMatchObject({ again: [], isAlive: true });
        expect(result.granted).toBeGreaterThan(0);
      }
    });
  });
});
