// Many requests at once, and the attacks of the field, replayed with a simulated clock.
import { describe, expect, test } from 'vitest';
import { memoryFactorStore } from '../../src/second-factor/memory.js';
import type { FactorStore, StoredFactor, VerifyResult } from '../../src/second-factor.js';
import { DAY, enrol, newWorld, type Phone, STEP, USER, wrongCode } from './support.js';

/** A store in memory whose answers take a turn of the event loop, as those of a database do. */
function slowStore(inner: FactorStore = memoryFactorStore()): FactorStore {
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    async read(userId) {
      await turn();
      return inner.read(userId);
    },
    async write(...args) {
      await turn();
      return inner.write(...args);
    },
  };
}

/** Reads, compares and then writes, as two statements do. */
function carelessStore(): FactorStore {
  const inner = memoryFactorStore();
  return {
    read: (userId) => inner.read(userId),
    write(userId, record, _version, more) {
      const stored = inner.read(userId) as StoredFactor | undefined;
      return inner.write(userId, record, stored?.version, more);
    },
  };
}

const at64 = Array.from({ length: 64 });
const stores = [
  ['in memory', memoryFactorStore],
  ['with answers that take time', slowStore],
] as const;

describe.each(stores)('Of 64 requests at once, %s,', (_, makeStore) => {
  async function race(world: ReturnType<typeof newWorld>, call: () => Promise<unknown>) {
    const settled = await Promise.allSettled(at64.map(call));
    const names = settled.map((one) =>
      one.status === 'rejected'
        ? one.reason.code
        : (one.value as { reason?: string; ok: boolean }).ok
          ? 'ok'
          : (one.value as { reason: string }).reason,
    );
    const counts: Record<string, number> = {};
    for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
    return { counts, record: await world.record() };
  }

  test('with one right code, one is accepted and 63 are reused', async () => {
    const world = newWorld({ store: makeStore() });
    const { phone } = await enrol(world);
    const code = phone.code();
    const { counts } = await race(world, () => world.second.verify(USER, code));
    expect(counts).toEqual({ ok: 1, reused: 63 });
  });

  test('with wrong codes, 3 are answered and 61 throttled', async () => {
    const world = newWorld({ store: makeStore() });
    const { phone } = await enrol(world);
    const wrong = wrongCode([phone]);
    const { counts, record } = await race(world, () => world.second.verify(USER, wrong));
    expect(counts).toEqual({ mismatch: 3, throttled: 61 });
    expect(record.code.failures).toBe(3);
  });

  test('with one recovery code, one is accepted', async () => {
    const world = newWorld({ store: makeStore() });
    const { codes } = await enrol(world);
    const { counts } = await race(world, () => world.second.recover(USER, codes[0]));
    expect(counts).toEqual({ ok: 1, reused: 63 });
  });

  test('that confirm one enrolment, one is told the recovery codes', async () => {
    const world = newWorld({ store: makeStore() });
    const enrolled = await world.second.enroll(USER, { account: 'a' });
    if (!enrolled.ok) throw new Error();
    const code = world.phone(enrolled.secret).code();
    const confirm = () => world.second.confirm(USER, enrolled.enrollmentId, code);
    expect((await race(world, confirm)).counts).toEqual({ ok: 1, reused: 63 });
  });

  test('with one unlock, one is accepted; with one resync, one', async () => {
    const world = newWorld({ store: makeStore() });
    const { phone } = await enrol(world);
    world.pass(4 * STEP);
    const row = [phone.code(-2), phone.code(-1), phone.code()];
    expect((await race(world, () => world.second.unlock(USER, row))).counts).toEqual({
      ok: 1,
      reused: 63,
    });
    world.pass(4 * STEP);
    const pair = [phone.code(-1), phone.code()];
    expect((await race(world, () => world.second.resync(USER, pair))).counts).toEqual({
      ok: 1,
      reused: 63,
    });
  });

  test('at most 2 · 3 + 1 writes win before the first wait', async () => {
    let wins = 0;
    const inner = makeStore();
    const store: FactorStore = {
      read: (userId) => inner.read(userId),
      async write(...args) {
        const isKept = await inner.write(...args);
        if (isKept) wins++;
        return isKept;
      },
    };
    const world = newWorld({ store });
    const { phone } = await enrol(world);
    const wrong = wrongCode([phone]);
    const code = phone.code();
    wins = 0;
    let turn = 0;
    await race(world, () => world.second.verify(USER, turn++ % 8 === 3 ? code : wrong));
    expect(wins).toBeGreaterThanOrEqual(3);
    expect(wins).toBeLessThanOrEqual(7);
  });
});

test('A store that compares nothing is found by the race: it accepts one code more than once', async () => {
  const world = newWorld({ store: carelessStore() });
  const { phone } = await enrol(world);
  const code = phone.code();
  const answers = await Promise.all(at64.map(() => world.second.verify(USER, code)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(64);
});

/** AuthQuake: parallel sessions at a large provider, codes that lived for three minutes, no notice. */
describe('The AuthQuake attack', () => {
  /** Half a million tries within an hour, 500 at a time; returns what the attacker got. */
  async function attack(world: ReturnType<typeof newWorld>, phone: Phone) {
    const got: Record<string, number> = {};
    for (let wave = 0; wave < 120; wave++) {
      const guess = wrongCode([phone], [String(wave)]);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => world.second.verify(USER, guess)),
      );
      for (const answer of answers) {
        const name = answer.ok ? 'ok' : answer.reason;
        got[name] = (got[name] ?? 0) + 1;
      }
      world.pass(STEP);
    }
    return got;
  }

  test('ends at throttled: an hour of parallel sessions gets 12 guesses, and the user is told', async () => {
    const world = newWorld({ store: slowStore() });
    const { phone } = await enrol(world);
    const got = await attack(world, phone);
    expect(got.ok).toBeUndefined();
    expect(got.mismatch).toBeLessThanOrEqual(12);
    expect((got.mismatch ?? 0) + (got.throttled ?? 0)).toBe(2400);
    const told = world.events.filter(({ notify }) => notify).map(({ type }) => type);
    expect(told).toEqual(['authenticator-added', 'guessing']);
  });

  test('is not stopped by waits that each session counts for itself: the control gets every guess', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const record = JSON.stringify(await world.record());
    let mismatches = 0;
    for (let session = 0; session < 200; session++) {
      // A fresh count for each session.
      await world.plant(record);
      for (let i = 0; i < 3; i++) {
        const answer = await world.second.verify(USER, wrongCode([phone]));
        if (!answer.ok && answer.reason === 'mismatch') mismatches++;
      }
    }
    expect(mismatches).toBe(600);
  });
});

/** A flood of wrong codes while the user signs in; the clock moves 1 ms a request. */
describe('While 1,000 wrong codes a second arrive', () => {
  test('a person with phone in hand and a right clock gets in within 90 seconds', async () => {
    for (const spent of [0, 100]) {
      const world = newWorld();
      const { phone } = await enrol(world);
      const wrong = wrongCode([phone]);
      // The flood has lasted: the wait is an hour, and the budget is spent.
      const code = {
        failures: 60,
        retryAt: world.now() + 3_600_000,
        spentUntil: world.now() + spent * DAY,
      };
      await world.change({ code });
      const start = world.now();
      const seen: string[] = [];
      let result: VerifyResult | undefined;
      while (result?.ok !== true) {
        await world.second.verify(USER, wrong);
        world.pass(1);
        if (seen.length === 0 || world.now() % STEP === 0) seen.push(phone.code());
        // The person types the third code as soon as the app shows it.
        if (seen.length === 3) result = await world.second.unlock(USER, seen);
        if (world.now() - start > 90_000) throw new Error('90 seconds are over');
      }
      expect(world.now() - start).toBeLessThanOrEqual(90_000);
    }
  }, 60_000);

  test('the control, a service without unlock, shuts the same person out', async () => {
    const world = newWorld({ unlock: false });
    const { phone } = await enrol(world);
    await world.change({ code: { failures: 60, retryAt: world.now() + 3_600_000, spentUntil: 0 } });
    for (let second = 0; second < 90; second++) {
      world.pass(1000);
      expect(await world.second.verify(USER, phone.code())).toMatchObject({ reason: 'throttled' });
    }
  });
});
