// Neon and Upstash, whose packages speak HTTP: over a stand-in for their service on loopback, with a real
// server behind it.
import { neon, neonConfig } from '@neondatabase/serverless';
import { Redis as Upstash } from '@upstash/redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresTable, postgresStore } from '../../dist/node/stores/postgres.js';
import { redisStore } from '../../dist/node/stores/redis.js';
import { testSingleUseStore } from '../../dist/node/testing.js';
import {
  createPostgresFactorTable,
  postgresFactorStore,
} from '../../dist/second-factor/postgres.js';
import { testFactorStore } from '../../dist/second-factor/testing.js';
import { attempt, FAILED, newId } from './support/attempt.mjs';
import { expectRightAnswers } from './support/failures.mjs';
import { neonOver, startHttp, upstashOver } from './support/http.mjs';
import { inTime } from './support/in-time.mjs';
import { describeWith } from './support/needs.mjs';
import { postgresProgram, postgresRemedy, startPostgres } from './support/postgres.mjs';
import { command, redisProgram, redisRemedy, startRedis } from './support/redis.mjs';
import { CLIENTS } from './support/stores.mjs';

describeWith('Neon over HTTP', postgresProgram, postgresRemedy, () => {
  let postgres;
  let behind;
  let http;
  const open = (options) => neon('postgresql://app:secret@db.neon.test/postgres', options);
  let store;

  beforeAll(async () => {
    postgres = await startPostgres();
    behind = await CLIENTS.pg.open(postgres.address);
    http = await startHttp(neonOver(behind.client));
    neonConfig.fetchEndpoint = () => http.url;
    await createPostgresTable(open());
    store = postgresStore(open());
  });
  afterAll(async () => {
    await http?.stop();
    await behind?.end();
    await postgres?.stop();
  });

  testSingleUseStore({ claim: (id, step) => store.claim(id, step) }, test);

  test('answers alike with rows as arrays and with full results', async () => {
    for (const options of [{ arrayMode: true }, { fullResults: true }]) {
      await expectRightAnswers(postgresStore(open(options)), newId());
    }
  });

  test('makes one request a claim', async () => {
    const before = http.requests;
    for (let step = 0; step < 10; step++) await store.claim('requests', step >> 1);
    expect(http.requests - before).toBe(10);
  });

  test('fails without its table, and when an answer is lost', async () => {
    expect(await attempt(postgresStore(open(), { table: 'nowhere' }), newId())).toMatch(/42P01/);
    const id = newId();
    http.loseNextAnswer();
    expect(await attempt(store, id)).toMatch(FAILED);
    expect(await attempt(store, id)).toBe('reused');
  });

  describe.each([{}, { arrayMode: true }, { fullResults: true }])(
    'A factor store over Neon set to %o',
    (options) => {
      const tables = { table: 'told', eventsTable: 'told_events' };
      const makeStore = () => postgresFactorStore(open(options), tables);
      const factors = {
        read: (...args) => makeStore().read(...args),
        write: (...args) => makeStore().write(...args),
      };
      beforeAll(() => createPostgresFactorTable(open(options), tables));
      testFactorStore(factors, test, {
        other: factors,
        erase: (userId) => open().query('DELETE FROM told WHERE user_id = $1', [userId]),
      });
    },
  );

  test('waits no longer than its time limit', async () => {
    const silent = await startHttp(neonOver(behind.client));
    silent.holdAnswers();
    neonConfig.fetchEndpoint = () => silent.url;
    expect(await attempt(inTime(store, 300), newId())).toMatch(/^failed: .*silent/);
    neonConfig.fetchEndpoint = () => http.url;
    await silent.stop();
  });
});

describeWith('Upstash', redisProgram, redisRemedy, () => {
  let redis;
  let behind;
  let http;
  const open = (options) =>
    new Upstash({ url: http.url, token: 'secret', retry: { retries: 0 }, ...options });
  let store;

  beforeAll(async () => {
    redis = await startRedis();
    behind = await CLIENTS.ioredis.open(redis.address);
    http = await startHttp(upstashOver(behind.client));
    store = redisStore(open());
  });
  afterAll(async () => {
    await http?.stop();
    await behind?.end();
    await redis?.stop();
  });

  testSingleUseStore({ claim: (id, step) => store.claim(id, step) }, test);

  test.each([
    ['no automatic pipelines', { enableAutoPipelining: false }],
    ['answers as they came', { automaticDeserialization: false }],
  ])('answers alike with %s', async (_, options) => {
    const other = redisStore(open(options));
    command(redis.address.port, 'SCRIPT', 'FLUSH', 'SYNC');
    await expectRightAnswers(other, newId());
  });

  test('keeps what it claims under its prefix', async () => {
    const id = newId();
    await redisStore(open(), { prefix: 'my-app:' }).claim(id, 2 ** 53 - 1);
    expect(command(redis.address.port, 'GET', `my-app:${id}`)).toBe('9007199254740991');
  });

  test('fails when an answer is lost, and the code is used', async () => {
    const id = newId();
    http.loseNextAnswer();
    expect(await attempt(store, id)).toMatch(FAILED);
    expect(await attempt(store, id)).toBe('reused');
  });

  // Why the guide asks for { retries: 0 }: what the package does by itself, and is not mended here.
  test.each([[undefined], [false]])(
    'takes an unused code for used after a lost answer where retry is %o',
    async (retry) => {
      const id = newId();
      const retrying = redisStore(open({ retry }));
      await retrying.claim(newId(), 1);
      http.loseNextAnswer();
      expect(await attempt(retrying, id)).toBe('reused');
    },
  );

  test('waits no longer than its signal says', async () => {
    const silent = await startHttp(upstashOver(behind.client));
    silent.holdAnswers();
    const signal = () => AbortSignal.timeout(300);
    const client = open({ url: silent.url, signal });
    expect(await attempt(redisStore(client), newId())).toMatch(/^failed: TimeoutError/);
    await silent.stop();
  });
});
