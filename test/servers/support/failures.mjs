// What every store over a network owes when the network or the server fails: an error, never an
// accepted code; and a code that the server took is used, even if nobody heard it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attempt, FAILED, newId } from './attempt.mjs';
import { inTime } from './in-time.mjs';
import { startProxy } from './proxy.mjs';
import { CLIENTS } from './stores.mjs';

/** Claims steps in and out of order, the highest ones too, for an id that is new. */
export async function expectRightAnswers(store, id) {
  const steps = [0, 0, 7, 6, 7, 2 ** 53 - 2, 2 ** 53 - 1, 2 ** 53 - 1, 2 ** 53 - 2];
  const answers = [];
  for (const step of steps) answers.push(await store.claim(id, step));
  expect(answers).toEqual([true, false, true, false, false, true, true, false, false]);
}

/**
 * Registers the tests.
 *
 * @param kind - of `CLIENTS`
 * @param address - gives the server's address once it runs
 * @param one - options with which the client keeps to one connection
 * @param timeout - options with which the client stops waiting for an answer, if it has such
 * @param lost - what an attempt comes to whose request or whose answer was lost: most clients fail;
 *   one that sends again by itself hears what the server has to say
 */
export function testLostAnswers({ kind, address, one, timeout, lost = {} }) {
  const { request = FAILED, answer = FAILED } = lost;

  describe(`whose connection is cut`, () => {
    let proxy;
    let near;
    let far;

    beforeAll(async () => {
      proxy = await startProxy(address());
      near = await CLIENTS[kind].open(address());
      far = await CLIENTS[kind].open({ ...address(), host: proxy.host, port: proxy.port }, one);
      // Connected, and the statement prepared if it gets prepared.
      await far.store.claim(newId(), 1);
    });
    afterAll(async () => {
      await far?.end();
      await near?.end();
      await proxy?.stop();
    });

    test('makes one round trip a claim', async () => {
      const id = newId();
      const before = proxy.roundTrips;
      // Half of them are refused.
      for (let i = 0; i < 50; i++) await far.store.claim(id, 50_000_000 + (i >> 1));
      expect(proxy.roundTrips - before).toBe(50);
    });

    test('after the statement was sent, does not accept, and the code is used', async () => {
      const id = newId();
      proxy.loseNextAnswer();
      expect(await attempt(far.store, id)).toMatch(answer);
      expect(proxy.lostAnswers).toBe(1);
      expect(await attempt(near.store, id)).toBe('reused');
    });

    test('before the statement was there, accepts the code no more than once', async () => {
      const id = newId();
      await far.store.claim(newId(), 1);
      proxy.loseNextRequest();
      const first = await attempt(far.store, id);
      expect(first).toMatch(request);
      expect(await attempt(near.store, id)).toBe(first === 'accepted' ? 'reused' : 'accepted');
    });

    test('goes on with a new connection', async () => {
      const id = newId();
      expect(await attempt(far.store, id)).toBe('accepted');
      expect(await attempt(far.store, id)).toBe('reused');
    });

    if (timeout === undefined) return;
    test('fails when no answer comes in time, and the code is used', async () => {
      const id = newId();
      const behind = { ...address(), host: proxy.host, port: proxy.port };
      const waiting = await CLIENTS[kind].open(behind, { ...one, ...timeout });
      await waiting.store.claim(newId(), 1);
      proxy.holdAnswers();
      expect(await attempt(waiting.store, id)).toMatch(FAILED);
      proxy.pass();
      expect(await attempt(near.store, id)).toBe('reused');
      // Its connection may be stuck; that is no concern of the store's.
      await Promise.race([waiting.end(), new Promise((resolve) => setTimeout(resolve, 500))]);
    });
  });
}

/**
 * Registers the tests of a time limit around a store whose driver has none of its own that holds.
 *
 * @param occupy - takes the client's only connection, and gives how to let go of it
 */
export function testTimeLimit({ kind, address, one, occupy }) {
  const LATE = /^failed: .*the store is silent/;

  test('with a time limit fails each time when the server is silent', async () => {
    const proxy = await startProxy(address());
    const near = await CLIENTS[kind].open(address());
    const far = await CLIENTS[kind].open({ ...address(), host: proxy.host, port: proxy.port }, one);
    const store = inTime(far.store, 300);
    await store.claim(newId(), 1);
    proxy.holdAnswers();
    const [first, second] = [newId(), newId()];
    expect(await attempt(store, first)).toMatch(LATE);
    // The one connection still waits for the first answer.
    expect(await attempt(store, second)).toMatch(LATE);
    expect(await attempt(near.store, first)).toBe('reused');
    await proxy.stop();
    await near.end();
    // Its connection was cut.
    const ended = far.end().catch(() => {});
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 500))]);
  });

  test('with a time limit fails when its pool is used up', async () => {
    const { client, store, end } = await CLIENTS[kind].open(address(), one);
    const release = await occupy(client);
    const id = newId();
    expect(await attempt(inTime(store, 300), id)).toMatch(LATE);
    await release();
    // The claim that was given up on is made all the same, once there is a connection.
    await expect.poll(() => attempt(inTime(store, 3000), id)).toBe('reused');
    await end();
  });
}
