// Status, rename, remove, new recovery codes, reset and reseal; epochs and the tombstone.
import { describe, expect, test } from 'vitest';
import { memoryFactorStore } from '../../src/second-factor/memory.js';
import { aesGcmSealer, type FactorStore } from '../../src/second-factor.js';
import { DAY, enrol, newWorld, START, STEP, sessionProof, USER } from './support.js';

const account = 'alice@example.com';

describe('status', () => {
  test('of a user without a record is none, with epoch 0', async () => {
    const world = newWorld();
    expect(await world.second.status(USER)).toEqual({
      state: 'none',
      authenticators: [],
      recoveryCodesLeft: 0,
      retryAfter: 0,
      attemptsLeft: 3,
      epoch: 0,
    });
    expect(world.calls).toEqual(['read']);
  });

  test('shows authenticators without their secrets, and opens none', async () => {
    const world = newWorld();
    const { id, phone } = await enrol(world);
    await world.second.verify(USER, phone.code());
    world.calls.length = 0;
    const { authenticators, epoch } = await world.second.status(USER);
    expect(authenticators).toEqual([
      { id, name: 'Authenticator', addedAt: START, usedAt: world.now() },
    ]);
    expect(epoch).toBe(START / 1000);
    expect(world.calls).toEqual(['read']);
  });
});

describe('rename', () => {
  test('changes the name and no epoch; an id that is not there is unknown', async () => {
    const world = newWorld();
    const { id, epoch } = await enrol(world);
    expect(await world.second.rename(USER, id, 'Pixel 9')).toEqual({ ok: true });
    const status = await world.second.status(USER);
    expect(status).toMatchObject({ epoch, authenticators: [{ name: 'Pixel 9' }] });
    expect(world.events.at(-1)).toMatchObject({
      type: 'renamed',
      authenticatorId: id,
      notify: false,
    });
    for (const other of ['gone', undefined, [id], 7]) {
      expect(await world.second.rename(USER, other, 'x')).toEqual({ ok: false, reason: 'unknown' });
    }
  });
});

describe('remove', () => {
  test('takes one of two away, and raises the epoch', async () => {
    const world = newWorld();
    const first = await enrol(world);
    const second = await enrol(world, { proof: { code: first.phone.code() } });
    const proof = { code: second.phone.code() };
    expect(await world.second.remove(USER, first.id, { proof })).toEqual({
      ok: true,
      state: 'active',
      epoch: first.epoch + 1,
    });
    expect(world.events.slice(-2)).toMatchObject([
      { type: 'accepted', authenticatorId: second.id },
      { type: 'authenticator-removed', authenticatorId: first.id, notify: true },
    ]);
    expect((await world.second.status(USER)).recoveryCodesLeft).toBe(10);
  });

  test('of the last leaves the tombstone', async () => {
    const world = newWorld();
    const { id, phone, epoch } = await enrol(world);
    const pending = { account, proof: { code: phone.code() } };
    await world.second.enroll(USER, pending);
    world.pass(2 * STEP);
    const removed = await world.second.remove(USER, id, { proof: { code: phone.code() } });
    expect(removed).toEqual({ ok: true, state: 'none', epoch: epoch + 1 });
    expect(await world.record()).toEqual({
      v: 1,
      epoch: epoch + 1,
      authenticators: [],
      code: { failures: 0, retryAt: 0, spentUntil: 0 },
      recover: { failures: 0, retryAt: 0 },
      recovery: [],
    });
  });

  test('keeps recovery codes beyond the last authenticator if that is set', async () => {
    const world = newWorld({ keepRecoveryCodes: true });
    const { id, codes, epoch } = await enrol(world);
    await world.second.remove(USER, id, { proof: sessionProof(epoch, world.now()) });
    expect(await world.second.status(USER)).toMatchObject({ state: 'none', recoveryCodesLeft: 10 });
    expect(await world.second.recover(USER, codes[0])).toMatchObject({
      ok: true,
      recoveryCodesLeft: 9,
    });
  });

  test('asks what is unknown first, then for the proof', async () => {
    const world = newWorld();
    const { id, phone } = await enrol(world);
    const proof = { code: phone.code() };
    const unknown = { ok: false, reason: 'unknown' };
    expect(await world.second.remove(USER, 'gone', { proof })).toEqual(unknown);
    expect(await world.second.remove('user-2', id, { proof })).toEqual(unknown);
    expect(await world.second.remove(USER, id, {})).toEqual({
      ok: false,
      reason: 'proof-required',
    });
    expect(await world.second.verify(USER, phone.code())).toMatchObject({ ok: true });
  });
});

describe('regenerateRecoveryCodes', () => {
  test('hands out new codes, ends the former, and raises no epoch', async () => {
    const world = newWorld();
    const { codes, phone, epoch } = await enrol(world);
    const answer = await world.second.regenerateRecoveryCodes(USER, {
      proof: { code: phone.code() },
    });
    if (!answer.ok) throw new Error();
    expect(answer.recoveryCodes).toHaveLength(10);
    expect(await world.second.recover(USER, codes[0])).toMatchObject({ reason: 'mismatch' });
    const recovered = await world.second.recover(USER, answer.recoveryCodes[9]);
    expect(recovered).toMatchObject({ ok: true, epoch: epoch + 1 });
    expect(world.events.map(({ type }) => type)).toContain('recovery-codes-regenerated');
  });

  test('needs a proof, and an authenticator', async () => {
    const world = newWorld();
    const answer = (proof?: never) => world.second.regenerateRecoveryCodes(USER, { proof });
    expect(await answer()).toEqual({ ok: false, reason: 'proof-required' });
    expect(await answer({ code: '123456' } as never)).toEqual({
      ok: false,
      reason: 'not-enrolled',
    });
    await world.second.reset(USER, { by: 'support' });
    const { epoch } = await world.second.status(USER);
    const session = sessionProof(epoch, world.now()) as never;
    expect(await answer(session)).toEqual({ ok: false, reason: 'not-enrolled' });
  });
});

describe('reset', () => {
  test('throws everything away but the epoch, opens nothing, and names support', async () => {
    const world = newWorld();
    const { epoch } = await enrol(world);
    world.calls.length = 0;
    expect(await world.second.reset(USER, { by: 'agent-7' })).toEqual({
      ok: true,
      epoch: epoch + 1,
    });
    expect(world.calls).toEqual(['read', 'write']);
    expect(await world.record()).toMatchObject({
      epoch: epoch + 1,
      authenticators: [],
      recovery: [],
    });
    expect(world.events.at(-1)).toMatchObject({ type: 'reset', by: 'agent-7', notify: true });
  });

  test('writes the tombstone without a row too', async () => {
    const world = newWorld();
    const { epoch } = await world.second.reset(USER, { by: 'agent-7' });
    expect(epoch).toBe(START / 1000 + 1);
    expect(await world.record()).toMatchObject({ v: 1, epoch, authenticators: [] });
  });

  test.each([
    ['no JSON', 'garbage', START / 1000 + 1],
    ['a list', '[]', START / 1000 + 1],
    ['no version', '{"epoch":5}', START / 1000 + 1],
    ['an epoch above the clock', `{"v":1,"epoch":${START}}`, START + 1],
  ])('mends a record that is %s', async (_, text, epoch) => {
    const world = newWorld();
    await world.plant(text);
    await expect(world.second.status(USER)).rejects.toMatchObject({ code: 'record-unreadable' });
    expect(await world.second.reset(USER, { by: 'agent-7' })).toEqual({ ok: true, epoch });
    expect(await world.second.status(USER)).toMatchObject({ state: 'none', epoch });
  });

  test('rejects on a version that this release does not know', async () => {
    const world = newWorld();
    await world.plant('{"v":2,"epoch":1}');
    const reset = world.second.reset(USER, { by: 'agent-7' });
    await expect(reset).rejects.toMatchObject({ code: 'record-unreadable' });
    expect(await world.record()).toEqual({ v: 2, epoch: 1 });
  });

  test.each([undefined, {}, { by: '' }, { by: 7 }])(
    'wants to know by whom: %j is an error',
    async (by) => {
      await expect(newWorld().second.reset(USER, by as never)).rejects.toThrow(/"by"|"options"/);
    },
  );
});

describe('The epoch', () => {
  test('of a row that was deleted and made anew repeats none of the former ones', async () => {
    const rows = new Map<string, ReturnType<typeof memoryFactorStore>>();
    let store = memoryFactorStore();
    rows.set('first', store);
    const proxy: FactorStore = {
      read: (userId) => store.read(userId),
      write: (...args) => store.write(...args),
    };
    const world = newWorld({ store: proxy });
    const { epoch } = await enrol(world);
    for (let i = 0; i < 5; i++) await world.second.reset(USER, { by: 'support' });
    store = memoryFactorStore();
    const again = await enrol(world);
    expect(again.epoch).toBeGreaterThan(epoch + 5);
  });

  test('rises with a replacement, remove, recover and reset, and with nothing else', async () => {
    const world = newWorld();
    const { second } = world;
    const epochs: [string, number][] = [];
    const note = async (what: string) =>
      epochs.push([what, (await second.status(USER)).epoch - START / 1000]);
    const first = await enrol(world);
    await note('first authenticator');
    await second.verify(USER, first.phone.code());
    await note('verify');
    world.pass(4 * STEP);
    await second.unlock(USER, [first.phone.code(-2), first.phone.code(-1), first.phone.code()]);
    await note('unlock');
    world.pass(4 * STEP);
    await second.resync(USER, [first.phone.code(-1), first.phone.code()]);
    await note('resync');
    world.pass(STEP);
    const further = await enrol(world, { proof: { code: first.phone.code() } });
    await note('further authenticator');
    await second.rename(USER, further.id, 'Tablet');
    await note('rename');
    await second.regenerateRecoveryCodes(USER, { proof: { code: further.phone.code() } });
    await note('new recovery codes');
    world.pass(2 * STEP);
    const third = await enrol(world, { replaces: first.id, proof: { code: further.phone.code() } });
    await note('replacement');
    await second.remove(USER, further.id, { proof: { code: third.phone.code() } });
    await note('remove');
    world.pass(2 * STEP);
    const fresh = await second.regenerateRecoveryCodes(USER, {
      proof: { code: third.phone.code() },
    });
    await second.recover(USER, fresh.ok ? fresh.recoveryCodes[0] : '');
    await note('recover');
    await second.reset(USER, { by: 'support' });
    await note('reset');
    await second.adopt(USER, { secret: 'JBSWY3DPEHPK3PXP' });
    await note('adopt');
    expect(epochs).toEqual([
      ['first authenticator', 0],
      ['verify', 0],
      ['unlock', 0],
      ['resync', 0],
      ['further authenticator', 0],
      ['rename', 0],
      ['new recovery codes', 0],
      ['replacement', 1],
      ['remove', 2],
      ['recover', 3],
      ['reset', 4],
      ['adopt', 4],
    ]);
  });
});

describe('reseal', () => {
  const keys = { k1: new Uint8Array(32).fill(1), k2: new Uint8Array(32).fill(2) };
  /** A store that keeps what was written beside the record. */
  function watched() {
    const inner = memoryFactorStore();
    const written: string[][] = [];
    const store: FactorStore = {
      read: (userId) => inner.read(userId),
      write(userId, record, version, more) {
        written.push([...more.sealedWith]);
        return inner.write(userId, record, version, more);
      },
    };
    return { store, written };
  }

  test('seals every secret with the current key, a pending one included', async () => {
    const { store, written } = watched();
    const before = newWorld({ store, sealer: aesGcmSealer({ current: 'k1', keys }) });
    const { phone } = await enrol(before);
    await before.second.enroll(USER, { account, proof: { code: phone.code() } });
    expect(written.at(-1)).toEqual(['k1']);
    const after = newWorld({ store, sealer: aesGcmSealer({ current: 'k2', keys }) });
    expect(await after.second.reseal(USER)).toEqual({ ok: true, resealed: 2 });
    expect(written.at(-1)).toEqual(['k2']);
    expect(after.events).toMatchObject([{ type: 'resealed' }, { type: 'resealed' }]);
    after.calls.length = 0;
    expect(await after.second.reseal(USER)).toEqual({ ok: true, resealed: 0 });
    expect(await after.second.reseal('nobody')).toEqual({ ok: true, resealed: 0 });
    expect(after.calls).toEqual(['read', 'read']);
    after.pass(4 * STEP);
    before.pass(2 * STEP);
    expect(await after.second.verify(USER, phone.code())).toMatchObject({ ok: true });
  });

  test('happens by itself in the write of a command that opened the secret', async () => {
    const { store, written } = watched();
    const before = newWorld({ store, sealer: aesGcmSealer({ current: 'k1', keys }) });
    const { phone } = await enrol(before);
    const after = newWorld({ store, sealer: aesGcmSealer({ current: 'k2', keys }) });
    after.pass(2 * STEP);
    expect(await after.second.verify(USER, 'none')).toMatchObject({ reason: 'malformed' });
    expect(written.at(-1)).toEqual(['k1']);
    expect(await after.second.verify(USER, phone.code())).toMatchObject({ ok: true });
    expect(written.at(-1)).toEqual(['k2']);
    expect(after.events.map(({ type }) => type)).toEqual(['accepted', 'resealed']);
  });

  test('names both keys while a record has secrets under each', async () => {
    const { store, written } = watched();
    const before = newWorld({ store, sealer: aesGcmSealer({ current: 'k1', keys }) });
    const { codes } = await enrol(before);
    const after = newWorld({ store, sealer: aesGcmSealer({ current: 'k2', keys }) });
    await after.second.enroll(USER, { account, proof: { recoveryCode: codes[0] } });
    expect(written.at(-1)).toEqual(['k1', 'k2']);
    after.pass(DAY);
    expect(await after.second.reseal(USER)).toEqual({ ok: true, resealed: 1 });
    expect(written.at(-1)).toEqual(['k2']);
  });
});
