// The second factor on the store in memory, and the opening of its sealed secrets alone.
import assert from 'node:assert/strict';
import { memoryFactorStore } from '../../dist/node/second-factor/memory.js';
import { aesGcmSealer, createSecondFactor } from '../../dist/node/second-factor.js';
import { newClock, signInJob } from './sign-ins.mjs';

export const newSealer = () =>
  aesGcmSealer({ current: 'k1', keys: { k1: new Uint8Array(32).fill(7) } });

/**
 * A second factor in which all users are enrolled and have recovery codes, as after `confirm`.
 *
 * @returns `verify(id, code)`, and the store
 */
export async function enrolAll(users, clock, store, sealer) {
  const second = createSecondFactor({ issuer: 'ACME', store, sealer, now: () => clock.now });
  const session = { verifiedAt: clock.now };
  for (const { account, secret } of users) {
    const adopted = await second.adopt(account, { secret });
    assert.equal(adopted.ok, true);
    const { epoch } = await second.status(account);
    const proof = { session: { ...session, epoch } };
    const codes = await second.regenerateRecoveryCodes(account, { proof });
    assert.equal(codes.recoveryCodes.length, 10);
  }
  return second;
}

/** The answers of the first user, before anything is timed. */
export async function assertAnswers(second, { account, right, wrong }) {
  assert.equal((await second.verify(account, right)).ok, true, 'a right code is accepted');
  assert.equal((await second.verify(account, right)).reason, 'reused', 'and once alone');
  assert.equal((await second.verify(account, wrong)).reason, 'mismatch', 'a wrong one is refused');
}

export async function factorsInMemory(users, sealer = newSealer()) {
  const clock = newClock();
  const second = await enrolAll(users, clock, memoryFactorStore(), sealer);
  const signIn = async (id, code) => (await second.verify(id, code)).ok;
  return signInJob(users, clock, signIn, () => assertAnswers(second, users[0]));
}

/** What a sign-in spends on AES-GCM: one opening of one secret. */
export async function openingAlone(users) {
  const sealer = newSealer();
  const about = users.map(({ account }) => ({ userId: account, authenticatorId: 'A' }));
  const sealed = await Promise.all(users.map(({ secret }, i) => sealer.seal(secret, about[i])));
  return {
    call: async (text, i) => ((await sealer.open(text, about[i])).length === 20 ? 1 : 0),
    left: sealed,
    right: users.map((_, i) => i),
    usersACall: 1,
    isAsync: true,
    async check() {
      assert.deepEqual(await sealer.open(sealed[0], about[0]), users[0].secret);
      await assert.rejects(sealer.open(sealed[0], about[1]), { code: 'secret-unreadable' });
    },
  };
}
