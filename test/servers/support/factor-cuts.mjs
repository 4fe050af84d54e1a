// What a second factor over a network owes when its connection is cut: an error or the right answer, and
// in either case the change is made once at most.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey, generateTotp } from '../../../dist/index.js';
import { newId } from './attempt.mjs';
import { openFactorStore } from './factor-stores.mjs';
import { traceSecondFactor } from './factor-trace.mjs';
import { startProxy } from './proxy.mjs';

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const STEP = 60_000_000;
const now = () => STEP * 30_000;
/** As the enrolment of another library had them. */
const ADOPTED = { secret: SECRET, digits: 8 };

const codeOf = (step, secret = SECRET) =>
  generateTotp(createKey(secret), { timestamp: step * 30_000, digits: 8 });

/** Every command that changes a row, by what it answers when it is sent again after it was kept. */
const COMMANDS = {
  adopt: { again: 'enrolled', prepare: async () => (second, id) => second.adopt(id, ADOPTED) },
  verify: { again: 'reused', prepare: adopted((second, id) => second.verify(id, codeOf(STEP))) },
  unlock: {
    again: 'reused',
    prepare: adopted((second, id) =>
      second.unlock(
        id,
        [STEP - 1, STEP, STEP + 1].map((s) => codeOf(s)),
      ),
    ),
  },
  resync: {
    again: 'reused',
    prepare: adopted((second, id) => second.resync(id, [codeOf(STEP), codeOf(STEP + 1)])),
  },
  confirm: { again: 'reused', prepare: enrolled },
  recover: { again: 'reused', prepare: withRecoveryCodes },
  remove: {
    again: 'unknown',
    prepare: adopted((second, id, authenticatorId, epoch) =>
      second.remove(id, authenticatorId, { proof: { session: { epoch, verifiedAt: now() } } }),
    ),
  },
  regenerate: {
    again: 'reused',
    prepare: adopted((second, id) =>
      second.regenerateRecoveryCodes(id, { proof: { code: codeOf(STEP) } }),
    ),
  },
};

/** Prepares a user whose secret was adopted. */
function adopted(command) {
  return async (second, userId) => {
    const { authenticatorId } = await second.adopt(userId, ADOPTED);
    const { epoch } = await second.status(userId);
    return (other, id) => command(other, id, authenticatorId, epoch);
  };
}

async function enrolled(second, userId) {
  const { enrollmentId, secret } = await second.enroll(userId, { account: 'alice' });
  return (other, id) => other.confirm(id, enrollmentId, codeOf(STEP, secret));
}

async function withRecoveryCodes(second, userId) {
  const confirm = await enrolled(second, userId);
  const { recoveryCodes } = await confirm(second, userId);
  return (other, id) => other.recover(id, recoveryCodes[0]);
}

/**
 * Registers the tests.
 *
 * @param one - options with which the client keeps to one connection
 */
export function testCuts({ kind, address, one }) {
  describe('a second factor whose connection is cut', () => {
    let proxy;
    let near;
    let far;
    /** Set to cut at the next read or write. */
    let cut;

    beforeAll(async () => {
      proxy = await startProxy(address());
      near = await openFactorStore(kind, address());
      const behind = { ...address(), host: proxy.host, port: proxy.port };
      far = await openFactorStore(kind, behind, one);
    });
    afterAll(async () => {
      await far?.end();
      await near?.end();
      await proxy?.stop();
    });

    const secondOver = (store) => {
      const { run } = traceSecondFactor({ store, now });
      return (command, userId) => run([], (second) => command(second, userId));
    };
    const cutAt =
      (name) =>
      (...args) => {
        if (cut?.at === name) {
          proxy[cut.how]();
          cut = undefined;
        }
        return far.store[name](...args);
      };

    /** Sends a command over the connection that is cut, and once more over the other one. */
    async function sendTwice({ prepare }, how) {
      const [nearby, remote] = [
        secondOver(near.store),
        secondOver({ read: cutAt('read'), write: cutAt('write') }),
      ];
      // Connected, and the statements prepared if they get prepared.
      const [warm, userId] = [newId(), newId()];
      await remote((second, id) => second.adopt(id, ADOPTED), warm);
      await remote((second, id) => second.reset(id, { by: 'Eve' }), warm);
      let command;
      await nearby(async (second) => {
        command = await prepare(second, userId);
      });
      const before = await near.store.read(userId);
      cut = how;
      const first = await remote(command, userId).then(
        ({ ok, reason }) => (ok ? 'ok' : reason),
        () => 'rejected',
      );
      const after = await near.store.read(userId);
      const { ok, reason } = await nearby(command, userId);
      return { first, isKept: after?.version !== before?.version, again: ok ? 'ok' : reason };
    }

    test.each(Object.entries(COMMANDS))(
      'behind the write of %s makes the change once',
      async (_, one) => {
        const outcome = await sendTwice(one, { at: 'write', how: 'loseNextAnswer' });
        // A driver that sent again by itself would be told that the version is gone.
        expect(['rejected', one.again]).toContain(outcome.first);
        expect(outcome).toMatchObject({ isKept: true, again: one.again });
      },
    );

    test.each(Object.entries(COMMANDS))(
      'before the write of %s changes nothing',
      async (_, one) => {
        const outcome = await sendTwice(one, { at: 'write', how: 'loseNextRequest' });
        expect(outcome).toEqual({ first: 'rejected', isKept: false, again: 'ok' });
      },
    );

    test.each(['loseNextRequest', 'loseNextAnswer'])(
      'at the read (%s) changes nothing',
      async (how) => {
        for (const command of Object.values(COMMANDS)) {
          const outcome = await sendTwice(command, { at: 'read', how });
          expect(outcome).toEqual({ first: 'rejected', isKept: false, again: 'ok' });
        }
      },
    );

    test('or that reads from a replica lagging behind lets nobody in twice', async () => {
      const userId = newId();
      await secondOver(near.store)((second, id) => second.adopt(id, ADOPTED), userId);
      const stale = await near.store.read(userId);
      const lagging = secondOver({ read: () => stale, write: near.store.write });
      const signIn = () => lagging((second, id) => second.verify(id, codeOf(STEP)), userId);
      expect(await signIn()).toMatchObject({ ok: true });
      await expect(signIn()).rejects.toMatchObject({ code: 'store-conflict' });
    });
  });
}
