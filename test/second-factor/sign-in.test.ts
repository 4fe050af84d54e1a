// The commands of a sign-in, through the shell, with a simulated clock.
import { describe, expect, test } from 'vitest';
import { DAY, enrol, newWorld, STEP, USER, wrongCode } from './support.js';

describe('verify', () => {
  test('accepts a right code once, and names the authenticator, the delta and the epoch', async () => {
    const world = newWorld();
    const { phone, id, epoch } = await enrol(world);
    const code = phone.code();
    expect(await world.second.verify(USER, code)).toEqual({
      ok: true,
      authenticatorId: id,
      delta: 0,
      recoveryCodesLeft: 10,
      epoch,
    });
    const again = await world.second.verify(USER, code);
    expect(again).toEqual({ ok: false, reason: 'reused', attemptsLeft: 3, retryAfter: 0 });
  });

  test('accepts no code of an earlier step after a later one', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    expect(await world.second.verify(USER, phone.code(1))).toMatchObject({ ok: true, delta: 1 });
    expect(await world.second.verify(USER, phone.code())).toMatchObject({ reason: 'reused' });
    expect(await world.second.verify(USER, phone.code(-1))).toMatchObject({ reason: 'reused' });
  });

  test('accepts the code that confirmed the enrolment no second time', async () => {
    const world = newWorld();
    const enrolled = await world.second.enroll(USER, { account: 'alice' });
    if (!enrolled.ok) throw new Error();
    const code = world.phone(enrolled.secret).code();
    expect(await world.second.confirm(USER, enrolled.enrollmentId, code)).toMatchObject({
      ok: true,
    });
    expect(await world.second.verify(USER, code)).toMatchObject({ reason: 'reused' });
  });

  test('reads a code as people type it', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const code = phone.code();
    const typed = ` ${code.slice(0, 3)}-${code.slice(3)} `;
    expect(await world.second.verify(USER, typed)).toMatchObject({ ok: true });
  });

  test('answers malformed for every value that is no code, and counts none of them', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const code = phone.code();
    const values: unknown[] = [
      ...[undefined, null, '', 0, Number(code), true, {}, [], [code], [code, code], () => code],
      ...['12345', '1234567', 'abcdef', '12345x', '９８７６５', Symbol('x'), BigInt(7), new Date()],
      ...[{ toString: () => code }, Object(code), 'x'.repeat(100_000)],
    ];
    for (const value of values) {
      const malformed = { ok: false, reason: 'malformed', attemptsLeft: 3, retryAfter: 0 };
      expect(await world.second.verify(USER, value)).toEqual(malformed);
    }
    expect((await world.record()).code.failures).toBe(0);
    expect(await world.second.verify(USER, code)).toMatchObject({ ok: true });
  });

  test('counts a wrong code, tells what is left, and hints at the clock after two in a row', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const wrong = wrongCode([phone]);
    const mismatch = { ok: false, reason: 'mismatch' };
    expect(await world.second.verify(USER, wrong)).toEqual({
      ...mismatch,
      attemptsLeft: 2,
      retryAfter: 0,
    });
    const hint = 'check-clock';
    expect(await world.second.verify(USER, wrong)).toEqual({
      ...mismatch,
      attemptsLeft: 1,
      retryAfter: 0,
      hint,
    });
    expect(await world.second.verify(USER, wrong)).toEqual({
      ...mismatch,
      attemptsLeft: 0,
      retryAfter: 4,
      hint,
    });
    const throttled = { ok: false, reason: 'throttled', retryAfter: 4 };
    expect(await world.second.verify(USER, phone.code())).toEqual(throttled);
    expect(await world.second.verify(USER, 'none')).toMatchObject({
      reason: 'malformed',
      attemptsLeft: 0,
      retryAfter: 4,
    });
    world.pass(4_000);
    expect(await world.second.verify(USER, phone.code())).toMatchObject({ ok: true });
    expect((await world.record()).code).toMatchObject({ failures: 0, retryAt: 0 });
  });

  test('gives no hint of a code that lies outside the window', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const answer = await world.second.verify(USER, phone.code(30));
    expect(answer).toEqual({ ok: false, reason: 'mismatch', attemptsLeft: 2, retryAfter: 0 });
  });

  test('writes and opens nothing while it is throttled', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const wrong = wrongCode([phone]);
    for (let i = 0; i < 3; i++) await world.second.verify(USER, wrong);
    world.calls.length = 0;
    for (let i = 0; i < 50; i++) {
      expect(await world.second.verify(USER, wrong)).toMatchObject({ reason: 'throttled' });
    }
    expect(new Set(world.calls)).toEqual(new Set(['read']));
  });

  test('is not-enrolled without a record, with a pending enrolment alone, and after a reset', async () => {
    const world = newWorld();
    const none = { ok: false, reason: 'not-enrolled' };
    expect(await world.second.verify(USER, '123456')).toEqual(none);
    const enrolled = await world.second.enroll(USER, { account: 'alice' });
    const code = enrolled.ok ? world.phone(enrolled.secret).code() : '';
    expect(await world.second.verify(USER, code)).toEqual(none);
    await enrol(world);
    await world.second.reset(USER, { by: 'support' });
    expect(await world.second.verify(USER, code)).toEqual(none);
    expect(await world.second.recover(USER, '0'.repeat(24))).toEqual(none);
  });

  test('follows no drifting clock by itself, and compares around the stored drift', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    await world.change({
      authenticators: (await world.record()).authenticators.map((held) => ({ ...held, drift: 5 })),
    });
    expect(await world.second.verify(USER, phone.code(6))).toMatchObject({ ok: true, delta: 6 });
    expect((await world.record()).authenticators[0]).toMatchObject({ drift: 5 });
  });

  test('uses up every step of a code that is shown twice in a row', async () => {
    // The key of RFC 6238 shows 070562 at steps 50,424,280 and 50,424,281.
    const world = newWorld();
    world.pass(50_424_280 * STEP - world.now());
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    await world.second.adopt(USER, { secret });
    expect(await world.second.verify(USER, '070562')).toMatchObject({ ok: true, delta: 1 });
    world.pass(-STEP);
    await world.second.reset(USER, { by: 'support' });
    await world.second.adopt(USER, { secret });
    // One step earlier the second of the two lies beyond the window, and is used up all the same.
    expect(await world.second.verify(USER, '070562')).toMatchObject({ ok: true, delta: 1 });
    world.pass(2 * STEP);
    expect(await world.second.verify(USER, '070562')).toMatchObject({ reason: 'reused' });
  });
});

describe('Several authenticators', () => {
  test('share one failure count, and each accepts its own codes', async () => {
    const world = newWorld();
    const first = await enrol(world);
    const second = await enrol(world, { name: 'Tablet', proof: { code: first.phone.code() } });
    const wrong = wrongCode([first.phone, second.phone]);
    await world.second.verify(USER, wrong);
    await world.second.verify(USER, wrong);
    expect((await world.record()).code.failures).toBe(2);
    expect(await world.second.verify(USER, second.phone.code())).toMatchObject({
      authenticatorId: second.id,
    });
    expect(await world.second.verify(USER, first.phone.code())).toMatchObject({
      authenticatorId: first.id,
    });
  });

  test('with one secret all consume the code, and the answer names the first', async () => {
    const world = newWorld();
    const { phone, id } = await enrol(world);
    const [held] = (await world.record()).authenticators;
    const twin = { ...held, id: 'twin', sealed: held?.sealed.replace(id, 'twin') };
    await world.change({ authenticators: [held, twin] });
    const code = phone.code();
    expect(await world.second.verify(USER, code)).toMatchObject({ ok: true, authenticatorId: id });
    const [one, two] = (await world.record()).authenticators;
    expect(two?.lastStep).toBe(one?.lastStep);
    expect(await world.second.verify(USER, code)).toMatchObject({ reason: 'reused' });
  });

  test('of which one has used the code and the other shows it afresh accept it', async () => {
    const world = newWorld();
    const { phone, id } = await enrol(world);
    const code = phone.code();
    await world.second.verify(USER, code);
    const [held] = (await world.record()).authenticators;
    const twin = { ...held, id: 'twin', lastStep: -1, sealed: held?.sealed.replace(id, 'twin') };
    await world.change({ authenticators: [held, twin] });
    expect(await world.second.verify(USER, code)).toMatchObject({ authenticatorId: 'twin' });
  });

  test('of different lengths are each compared with codes of their own; any other is malformed', async () => {
    const world = newWorld();
    const six = await enrol(world);
    const eight = await enrol(world, { digits: 8, proof: { code: six.phone.code() } });
    expect(await world.second.verify(USER, eight.phone.code())).toMatchObject({
      authenticatorId: eight.id,
    });
    expect(await world.second.verify(USER, six.phone.code())).toMatchObject({
      authenticatorId: six.id,
    });
    expect(await world.second.verify(USER, '1234567')).toMatchObject({ reason: 'malformed' });
  });
});

describe('The lock', () => {
  /** 100 wrong codes in a row, each as soon as it is looked at. */
  async function lockOut(world: ReturnType<typeof newWorld>, wrong: string): Promise<number> {
    for (let counted = 0; counted < 100; ) {
      const answer = await world.second.verify(USER, wrong);
      if (answer.ok) throw new Error('accepted');
      if (answer.reason === 'mismatch') counted++;
      if (answer.reason === 'throttled') world.pass(1000 * answer.retryAfter);
    }
    return world.now();
  }

  test('comes with the 100th wrong code in a row, after 3.7 days, and `guessing` with the tenth', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const start = world.now();
    expect(((await lockOut(world, wrongCode([phone]))) - start) / DAY).toBeCloseTo(3.67, 2);
    expect((await world.second.status(USER)).state).toBe('locked');
    const told = world.events.filter(({ type }) => ['guessing', 'locked'].includes(type));
    expect(told).toMatchObject([
      { type: 'guessing', failures: 10, notify: true },
      // A quarter, a half and three quarters of the budget are spent.
      ...Array(3).fill({ type: 'guessing', reason: 'code', notify: true }),
      { type: 'locked', failures: 100, notify: true },
    ]);
    expect(world.events.filter(({ type }) => type === 'refused')).toHaveLength(100);
  });

  test('is told beforehand to a daily user whose attacker stays below ten in a row', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    for (let day = 0; day < 14; day++) {
      for (let i = 0; i < 9; i++) {
        await world.second.verify(USER, wrongCode([phone]));
        world.pass(1000 * (await world.second.status(USER)).retryAfter);
      }
      expect(await world.second.verify(USER, phone.code())).toMatchObject({ ok: true });
      world.pass(DAY);
    }
    const told = world.events.filter(({ type }) => type === 'guessing');
    expect(told.length).toBeGreaterThanOrEqual(3);
    expect(told.every(({ failures = 0, notify }) => failures < 10 && notify)).toBe(true);
  });

  test('refuses codes in verify, unlock, resync and proofs, and opens no secret for them', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    await lockOut(world, wrongCode([phone]));
    world.pass(DAY);
    world.calls.length = 0;
    const events = world.events.length;
    const { second } = world;
    const pair = [phone.code(-1), phone.code()];
    const locked = { ok: false, reason: 'locked' };
    expect(await second.verify(USER, phone.code())).toEqual(locked);
    expect(await second.verify(USER, 'none')).toEqual(locked);
    expect(await second.unlock(USER, [phone.code(-2), ...pair])).toEqual(locked);
    expect(await second.resync(USER, pair)).toEqual(locked);
    const proof = { code: phone.code() };
    expect(await second.enroll(USER, { account: 'a', replaces: 'all', proof })).toEqual(locked);
    expect(await second.regenerateRecoveryCodes(USER, { proof })).toEqual(locked);
    expect(new Set(world.calls)).toEqual(new Set(['read']));
    expect(world.events).toHaveLength(events);
  });

  test('lets recovery codes, sessions and a new enrolment of all pass, and ends with that', async () => {
    const world = newWorld();
    const { phone, codes } = await enrol(world);
    await lockOut(world, wrongCode([phone]));
    const { second } = world;
    const recovered = await second.recover(USER, codes[0]);
    if (!recovered.ok) throw new Error();
    const proof = { session: { epoch: recovered.epoch, verifiedAt: world.now() } };
    const locked = { ok: false, reason: 'locked' };
    expect(await second.enroll(USER, { account: 'a', proof })).toEqual(locked);
    const replaces = (await world.record()).authenticators[0]?.id;
    expect(await second.enroll(USER, { account: 'a', proof, replaces })).toEqual(locked);
    const next = await enrol(world, { replaces: 'all', proof });
    expect(await second.status(USER)).toMatchObject({
      state: 'active',
      attemptsLeft: 3,
      retryAfter: 0,
    });
    expect((await world.record()).code).toEqual({ failures: 0, retryAt: 0, spentUntil: 0 });
    expect(await second.verify(USER, next.phone.code())).toMatchObject({ ok: true });
    expect(next.codes).toHaveLength(10);
  });

  test('is no weapon against somebody who signs in at least every third day', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const wrong = wrongCode([phone]);
    for (let day = 0; day < 30; day += 3) {
      const end = world.now() + 3 * DAY;
      while (world.now() < end) {
        const answer = await world.second.verify(USER, wrong);
        world.pass(!answer.ok && answer.reason === 'throttled' ? 1000 * answer.retryAfter : 100);
      }
      const codes = [phone.code(-1), phone.code(), phone.code(1)];
      expect(await world.second.unlock(USER, codes)).toMatchObject({ ok: true });
    }
  });
});

describe('unlock', () => {
  test('passes wait and budget with three consecutive codes, and ends the row', async () => {
    const world = newWorld();
    const { phone, id } = await enrol(world);
    const spentUntil = world.now() + 99.5 * DAY;
    await world.change({ code: { failures: 40, retryAt: world.now() + 3_600_000, spentUntil } });
    world.pass(2 * STEP);
    expect(await world.second.verify(USER, phone.code())).toMatchObject({ reason: 'throttled' });
    const codes = [phone.code(-2), phone.code(-1), phone.code()];
    const answer = await world.second.unlock(USER, codes);
    expect(answer).toMatchObject({
      ok: true,
      authenticatorId: id,
      delta: 0,
      recoveryCodesLeft: 10,
    });
    expect((await world.record()).code).toEqual({ failures: 0, retryAt: 0, spentUntil });
    expect(await world.second.unlock(USER, codes)).toMatchObject({ reason: 'reused' });
  });

  test('wants the first code above the last used step, and the last within the window', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    world.pass(4 * STEP);
    const { second } = world;
    const row = (last: number) => [phone.code(last - 2), phone.code(last - 1), phone.code(last)];
    expect(await second.unlock(USER, row(2))).toMatchObject({ reason: 'mismatch' });
    expect(await second.unlock(USER, row(-2))).toMatchObject({ reason: 'mismatch' });
    expect(await second.verify(USER, phone.code(-1))).toMatchObject({ ok: true });
    expect(await second.unlock(USER, row(1))).toMatchObject({ reason: 'reused' });
    world.pass(STEP);
    expect(await second.unlock(USER, row(1))).toMatchObject({ ok: true, delta: 1 });
  });

  test('of a phone with a known drift is found around that', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const [held] = (await world.record()).authenticators;
    await world.change({ authenticators: [{ ...held, drift: -7, lastStep: -1 }] });
    const codes = [phone.code(-9), phone.code(-8), phone.code(-7)];
    expect(await world.second.unlock(USER, codes)).toMatchObject({ ok: true, delta: -7 });
    expect((await world.record()).authenticators[0]?.drift).toBe(-7);
  });

  test('that misses is not counted, gives no hint, writes nothing and makes no event', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const wrong = wrongCode([phone]);
    const before = await world.record();
    world.calls.length = 0;
    const events = world.events.length;
    for (let i = 0; i < 20; i++) {
      const answer = await world.second.unlock(USER, [phone.code(-1), phone.code(), wrong]);
      expect(answer).toEqual({ ok: false, reason: 'mismatch', attemptsLeft: 3, retryAfter: 0 });
    }
    expect(await world.record()).toEqual(before);
    expect(world.calls).not.toContain('write');
    expect(world.events).toHaveLength(events);
  });

  test.each([[[]], [['123456', '123456']], [['1', '2', '3']], ['123456'], [undefined]])(
    'of %j is malformed',
    async (codes) => {
      const world = newWorld();
      await enrol(world);
      expect(await world.second.unlock(USER, codes)).toMatchObject({ reason: 'malformed' });
    },
  );

  test('that is switched off is an error of the program', async () => {
    const world = newWorld({ unlock: false });
    await expect(world.second.unlock(USER, [])).rejects.toThrow(TypeError);
  });
});

describe('resync', () => {
  test.each([-20, -9, 9, 20])(
    'finds a clock that is %d steps off, and stores the drift',
    async (off) => {
      const world = newWorld();
      const { phone, id, epoch } = await enrol(world);
      world.pass(30 * STEP);
      const codes = [phone.code(off - 1), phone.code(off)];
      expect(await world.second.resync(USER, codes)).toEqual({
        ok: true,
        authenticatorId: id,
        clockOff: 30 * off,
        epoch,
      });
      expect(world.events.at(-1)).toMatchObject({ type: 'resynced', authenticatorId: id });
      world.pass(STEP);
      expect(await world.second.verify(USER, phone.code(off))).toMatchObject({ ok: true });
      expect(await world.second.resync(USER, codes)).toMatchObject({ reason: 'reused' });
    },
  );

  test('finds no clock further off than 20 steps from the present and from the known drift', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const [held] = (await world.record()).authenticators;
    await world.change({ authenticators: [{ ...held, drift: 30 }] });
    world.pass(60 * STEP);
    const row = (off: number) => [phone.code(off - 1), phone.code(off)];
    expect(await world.second.resync(USER, row(-21))).toMatchObject({ reason: 'mismatch' });
    expect(await world.second.resync(USER, row(51))).toMatchObject({ reason: 'mismatch' });
    expect(await world.second.resync(USER, row(50))).toMatchObject({ ok: true, clockOff: 1500 });
    await world.change({ authenticators: [{ ...held, drift: 30 }] });
    expect(await world.second.resync(USER, row(-20))).toMatchObject({ ok: true, clockOff: -600 });
  });

  test('wants both codes above the last used step', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    await world.second.verify(USER, phone.code());
    world.pass(STEP);
    expect(await world.second.resync(USER, [phone.code(-1), phone.code()])).toMatchObject({
      reason: 'reused',
    });
  });

  test('is gated and counted like one code', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const wrong = wrongCode([phone]);
    for (const [left, after] of [
      [2, 0],
      [1, 0],
      [0, 4],
    ]) {
      const answer = await world.second.resync(USER, [phone.code(), wrong]);
      expect(answer).toMatchObject({ reason: 'mismatch', attemptsLeft: left, retryAfter: after });
    }
    const pair = [phone.code(5), phone.code(6)];
    expect(await world.second.resync(USER, pair)).toMatchObject({ reason: 'throttled' });
    expect(await world.second.resync(USER, ['1', '2'])).toMatchObject({ reason: 'malformed' });
  });
});

describe('recover', () => {
  test('accepts each code once, raises the epoch, and opens no secret', async () => {
    const world = newWorld();
    const { codes, epoch } = await enrol(world);
    world.calls.length = 0;
    expect(await world.second.recover(USER, codes[3])).toEqual({
      ok: true,
      recoveryCodesLeft: 9,
      epoch: epoch + 1,
    });
    expect(world.events.at(-1)).toMatchObject({
      type: 'recovery-code-used',
      left: 9,
      notify: true,
    });
    expect(await world.second.recover(USER, codes[3]?.toLowerCase())).toMatchObject({
      reason: 'reused',
    });
    expect(world.calls).not.toContain('open');
    expect((await world.record()).recover.failures).toBe(0);
  });

  test('waits after wrong codes and never locks; a right, unused code passes the wait', async () => {
    const world = newWorld();
    const { codes } = await enrol(world);
    await world.second.recover(USER, codes[0]);
    await world.change({ recover: { failures: 150, retryAt: 0 } });
    const wrong = '0'.repeat(24);
    expect(await world.second.recover(USER, wrong)).toEqual({
      ok: false,
      reason: 'mismatch',
      attemptsLeft: 0,
      retryAfter: 3600,
    });
    expect(await world.second.recover(USER, wrong)).toMatchObject({ reason: 'throttled' });
    expect(await world.second.recover(USER, codes[0])).toMatchObject({ reason: 'throttled' });
    expect(await world.second.recover(USER, 'short')).toMatchObject({ reason: 'malformed' });
    expect((await world.second.status(USER)).state).toBe('active');
    expect(await world.second.recover(USER, codes[1])).toMatchObject({ ok: true });
    expect((await world.record()).recover).toEqual({ failures: 0, retryAt: 0 });
  });

  test('leaves the count of codes alone, and codes leave the count of recovery alone', async () => {
    const world = newWorld();
    const { phone, codes } = await enrol(world);
    await world.second.verify(USER, wrongCode([phone]));
    await world.second.recover(USER, 'Z'.repeat(24));
    const before = await world.record();
    expect([before.code.failures, before.recover.failures]).toEqual([1, 1]);
    await world.second.recover(USER, codes[0]);
    expect((await world.record()).code).toEqual(before.code);
  });

  test('works when the sealing key is lost', async () => {
    const world = newWorld();
    const { phone, codes } = await enrol(world);
    const [held] = (await world.record()).authenticators;
    await world.change({ authenticators: [{ ...held, sealed: 'lost' }] });
    await expect(world.second.verify(USER, phone.code())).rejects.toThrow('sealed for other ids');
    expect(await world.second.recover(USER, codes[0])).toMatchObject({ ok: true });
  });

  test('accepts a code for the user alone that it was made for', async () => {
    const world = newWorld();
    const { codes } = await enrol(world);
    await enrol(world, {}, 'user-2');
    expect(await world.second.recover('user-2', codes[0])).toMatchObject({ reason: 'mismatch' });
    const stolen = (await world.record()).recovery;
    await world.change({ recovery: stolen }, 'user-2');
    expect(await world.second.recover('user-2', codes[0])).toMatchObject({ reason: 'mismatch' });
  });
});
