// The suite of otpcore/second-factor/testing without a test runner, and one code sent 64 times at once.
import { createKey, generateTotp } from 'otpcore';
import { aesGcmSealer, createSecondFactor } from 'otpcore/second-factor';
import { testFactorStore } from 'otpcore/second-factor/testing';
import { judgeTests } from './stores-suite.mjs';

const WRITTEN = { state: 'none', sealedWith: [], events: [] };
const STEP_MS = 30_000;

/** A second factor over a store; `clock.now` is its time. */
function serviceOver(store, clock) {
  const sealer = aesGcmSealer({ current: 'k1', keys: { k1: new Uint8Array(32).fill(7) } });
  return createSecondFactor({ issuer: 'ACME', store, sealer, now: () => clock.now });
}

/** Enrols a user; gives the code of the step after the next. */
export async function enrolUser(store, userId) {
  const clock = { now: 1_800_000_000_000 };
  const second = serviceOver(store, clock);
  const { secret, enrollmentId } = await second.enroll(userId, { account: 'alice@example.com' });
  const key = createKey(secret);
  const codeNow = () => generateTotp(key, { timestamp: clock.now });
  await second.confirm(userId, enrollmentId, codeNow());
  clock.now += 3 * STEP_MS;
  return { code: codeNow(), now: clock.now };
}

/** The outcome of one sign-in: `accepted`, or the reason. */
export async function signIn(store, userId, { code, now }) {
  const answer = await serviceOver(store, { now }).verify(userId, code);
  return answer.ok ? 'accepted' : answer.reason;
}

/** Everything that holds for a store whose table was just made. */
export async function judgeFactorStore(store, erase) {
  const suite = await judgeTests((test) => testFactorStore(store, test, { erase }));
  const typed = await enrolUser(store, 'storm');
  const racers = Array.from({ length: 64 }, () => signIn(store, 'storm', typed));
  const atOnce = await Promise.all(racers);
  return { suite, atOnce };
}

/** A first write, which fails where the table is missing. */
export async function firstWrite(store) {
  return store.write('first', '{}', undefined, WRITTEN);
}
