// Enrolling, confirming, replacing and adopting authenticators; and the proofs these ask for.
import { describe, expect, test } from 'vitest';
import { lintOtpauthUri, parseOtpauthUri } from '../../src/index.js';
import { enrol, newWorld, STEP, sessionProof, USER, wrongCode } from './support.js';

const account = 'alice@example.com';

describe('enroll', () => {
  test('gives a URI, the secret for typing, an id and the seconds it lasts', async () => {
    const world = newWorld();
    const enrolled = await world.second.enroll(USER, { account });
    if (!enrolled.ok) throw new Error();
    expect(Object.keys(enrolled).sort()).toEqual([
      'enrollmentId',
      'expiresIn',
      'ok',
      'secret',
      'uri',
    ]);
    expect(enrolled.expiresIn).toBe(900);
    expect(parseOtpauthUri(enrolled.uri)).toMatchObject({
      issuer: 'ACME',
      account,
      digits: 6,
      period: 30,
    });
    expect(lintOtpauthUri(enrolled.uri)).toEqual([]);
    expect(enrolled.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(await world.second.status(USER)).toMatchObject({ state: 'pending', authenticators: [] });
    expect(world.events).toMatchObject([{ type: 'enrollment-started', notify: false }]);
  });

  test('takes issuer, algorithm and digits of its own', async () => {
    const world = newWorld({ algorithm: 'SHA256', period: 60 });
    const enrolled = await world.second.enroll(USER, {
      account,
      issuer: 'Own',
      digits: 8,
      algorithm: 'SHA512',
    });
    const fields = enrolled.ok && parseOtpauthUri(enrolled.uri);
    expect(fields).toMatchObject({ issuer: 'Own', digits: 8, algorithm: 'SHA512', period: 60 });
    const other = await world.second.enroll(USER, { account });
    expect(other.ok && parseOtpauthUri(other.uri)).toMatchObject({
      issuer: 'ACME',
      algorithm: 'SHA256',
    });
  });

  test('overwrites a pending enrolment, which is then superseded', async () => {
    const world = newWorld();
    const first = await world.second.enroll(USER, { account });
    const second = await world.second.enroll(USER, { account });
    if (!first.ok || !second.ok) throw new Error();
    const code = world.phone(first.secret).code();
    const answer = await world.second.confirm(USER, first.enrollmentId, code);
    expect(answer).toEqual({ ok: false, reason: 'superseded' });
    const right = world.phone(second.secret).code();
    expect(await world.second.confirm(USER, second.enrollmentId, right)).toMatchObject({
      ok: true,
    });
  });

  test('needs a proof exactly if an authenticator is confirmed; before that, any is ignored', async () => {
    const world = newWorld();
    const wrong = { code: 'wrong' } as const;
    expect(await world.second.enroll(USER, { account, proof: wrong })).toMatchObject({ ok: true });
    const { phone } = await enrol(world);
    const required = { ok: false, reason: 'proof-required' };
    expect(await world.second.enroll(USER, { account })).toEqual(required);
    expect(await world.second.enroll(USER, { account, proof: wrong })).toMatchObject({
      reason: 'malformed',
    });
    const proof = { code: phone.code() };
    expect(await world.second.enroll(USER, { account, proof })).toMatchObject({ ok: true });
    expect(await world.second.enroll(USER, { account, proof })).toMatchObject({ reason: 'reused' });
  });

  test('counts a wrong code given as proof, and throttles it', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const proof = { code: wrongCode([phone]) };
    for (let i = 0; i < 3; i++) {
      expect(await world.second.enroll(USER, { account, proof })).toMatchObject({
        reason: 'mismatch',
      });
    }
    expect(await world.second.enroll(USER, { account, proof })).toEqual({
      ok: false,
      reason: 'throttled',
      retryAfter: 4,
    });
    expect((await world.record()).pending).toBeUndefined();
  });

  test('allows five authenticators, a pending one that replaces nothing counted', async () => {
    const world = newWorld();
    let { phone } = await enrol(world);
    for (let i = 0; i < 4; i++) ({ phone } = await enrol(world, { proof: { code: phone.code() } }));
    const full = { ok: false, reason: 'too-many' };
    // No proof is asked for, and none is spent, on a call that fails anyway.
    expect(await world.second.enroll(USER, { account })).toEqual(full);
    expect(await world.second.enroll(USER, { account, proof: { code: phone.code() } })).toEqual(
      full,
    );
    const [first] = (await world.record()).authenticators;
    const replacing = { account, replaces: first?.id, proof: { code: phone.code() } };
    expect(await world.second.enroll(USER, replacing)).toMatchObject({ ok: true });
  });

  test.each([undefined, 'gone', '', 7, ['x'], null])(
    'that replaces %j is unknown unless it is there',
    async (replaces) => {
      const world = newWorld();
      const answer = await world.second.enroll(USER, { account, replaces });
      expect(answer).toMatchObject(
        replaces === undefined ? { ok: true } : { ok: false, reason: 'unknown' },
      );
    },
  );

  test('changes nothing and spends no proof if the sealer fails', async () => {
    let isBroken = false;
    const world = newWorld({
      sealer: {
        isCurrent: () => true,
        seal(secret) {
          if (isBroken) throw new Error('KMS is away');
          return `k1.${Buffer.from(secret).toString('hex')}`;
        },
        open: (sealed) => new Uint8Array(Buffer.from(sealed.slice(3), 'hex')),
      },
    });
    const { phone, codes } = await enrol(world);
    isBroken = true;
    const before = await world.record();
    const events = world.events.length;
    for (const proof of [{ code: phone.code() }, { recoveryCode: codes[0] }]) {
      await expect(world.second.enroll(USER, { account, proof })).rejects.toThrow('KMS is away');
    }
    expect(await world.record()).toEqual(before);
    expect(world.events).toHaveLength(events);
    isBroken = false;
    expect(await world.second.verify(USER, phone.code())).toMatchObject({ ok: true });
  });

  test('names an authenticator as asked, else as the one that is replaced, else Authenticator', async () => {
    const world = newWorld();
    const names = async () =>
      (await world.second.status(USER)).authenticators.map(({ name }) => name);
    const first = await enrol(world);
    expect(await names()).toEqual(['Authenticator']);
    await world.second.rename(USER, first.id, 'Pixel');
    const second = await enrol(world, { replaces: first.id, proof: { code: first.phone.code() } });
    expect(await names()).toEqual(['Pixel']);
    const third = await enrol(world, { replaces: 'all', proof: { code: second.phone.code() } });
    expect(await names()).toEqual(['Pixel']);
    await enrol(world, { name: '🔑'.repeat(64), proof: { code: third.phone.code() } });
    expect(await names()).toEqual(['Pixel', '🔑'.repeat(64)]);
  });

  test.each(['', '🔑'.repeat(65), 'a\nb', 'x'.repeat(65), 7])(
    'refuses the name %j by an error',
    async (name) => {
      const world = newWorld();
      await expect(world.second.enroll(USER, { account, name: name as string })).rejects.toThrow(
        /"name"/,
      );
      await expect(world.second.rename(USER, 'a', name as string)).rejects.toThrow(/"name"/);
      expect(await world.second.status(USER)).toMatchObject({ state: 'none' });
    },
  );
});

describe('confirm', () => {
  async function start(options: Parameters<typeof newWorld>[0] = {}) {
    const world = newWorld(options);
    const enrolled = await world.second.enroll(USER, { account });
    if (!enrolled.ok) throw new Error();
    const phone = world.phone(enrolled.secret, { digits: options.digits ?? 6 });
    const confirm = (codes: unknown) => world.second.confirm(USER, enrolled.enrollmentId, codes);
    return { world, phone, confirm, id: enrolled.enrollmentId };
  }

  test.each([-1, 0, 1])(
    'accepts one code %d steps off, with drift 0 and recovery codes',
    async (off) => {
      const { world, phone, confirm, id } = await start();
      const answer = await confirm(phone.code(off));
      expect(answer).toMatchObject({ ok: true, authenticatorId: id, clockOff: 0 });
      expect(answer.ok && answer.recoveryCodes).toHaveLength(10);
      expect((await world.record()).authenticators).toMatchObject([
        { id, drift: 0, lastStep: world.now() / STEP + off },
      ]);
      expect(world.events.at(-1)).toMatchObject({ type: 'authenticator-added', notify: true });
      expect(await confirm(phone.code(off))).toEqual({ ok: false, reason: 'reused' });
    },
  );

  test.each([-2880, -120, -2, 2, 120, 2880])(
    'asks for a second code at %d steps off, and stores the drift',
    async (off) => {
      // With six digits, one day in 170 shows the same code a second time, and nearer.
      const { world, phone, confirm } = await start({ digits: 9 });
      const first = phone.code(off);
      expect(await confirm(first)).toEqual({
        ok: false,
        reason: 'second-code',
        clockOff: 30 * off,
      });
      expect((await world.record()).authenticators).toEqual([]);
      world.pass(STEP);
      expect(await confirm([first, phone.code(off)])).toMatchObject({
        ok: true,
        clockOff: 30 * off,
      });
      world.pass(STEP);
      expect(await world.second.verify(USER, phone.code(off))).toMatchObject({ ok: true });
    },
  );

  test('keeps nothing of a first code: the second alone asks again', async () => {
    const { world, phone, confirm } = await start();
    await confirm(phone.code(100));
    world.pass(STEP);
    expect(await confirm(phone.code(100))).toMatchObject({ reason: 'second-code' });
  });

  test('accepts two codes within the window, with drift 0', async () => {
    const { world, phone, confirm } = await start();
    world.pass(STEP);
    expect(await confirm([phone.code(-1), phone.code()])).toMatchObject({ ok: true, clockOff: 0 });
  });

  test('takes the nearest match', async () => {
    const { phone, confirm } = await start();
    // A code that is shown again within the day is rare; the nearest of all its places counts.
    const offsets = Array.from({ length: 5761 }, (_, i) => i - 2880);
    const places = new Map<string, number[]>();
    for (const off of offsets)
      places.set(phone.code(off), [...(places.get(phone.code(off)) ?? []), off]);
    const twice = [...places].filter(
      ([, found]) => found.length > 1 && found.every((off) => Math.abs(off) > 1),
    );
    for (const [code, found] of twice) {
      const nearest = Math.min(...found.map(Math.abs));
      const answer = await confirm(code);
      expect(answer).toMatchObject({ reason: 'second-code' });
      expect(Math.abs((answer as { clockOff: number }).clockOff)).toBe(30 * nearest);
    }
    expect(twice.length).toBeGreaterThan(0);
  });

  test('refuses codes that are not of consecutive steps, or further off than a day', async () => {
    const { phone, confirm } = await start({ digits: 9 });
    const mismatch = { ok: false, reason: 'mismatch' };
    expect(await confirm([phone.code(100), phone.code(102)])).toEqual(mismatch);
    expect(await confirm([phone.code(101), phone.code(100)])).toEqual(mismatch);
    expect(await confirm(phone.code(2881))).toEqual(mismatch);
    expect(await confirm(phone.code(-2881))).toEqual(mismatch);
  });

  test.each([
    undefined,
    null,
    'x',
    '12345',
    7,
    [],
    ['1', '2'],
    ['123456', '123456', '123456'],
    [7],
    {},
  ])('of %j is malformed', async (codes) => {
    const { confirm } = await start();
    expect(await confirm(codes)).toEqual({ ok: false, reason: 'malformed' });
  });

  test('is held back by no wait and no lock, and counts nothing', async () => {
    const { world, confirm, phone } = await start();
    const before = await world.record();
    world.calls.length = 0;
    for (let i = 0; i < 30; i++)
      expect(await confirm(wrongCode([phone], [phone.code()]))).toMatchObject({ ok: false });
    expect(world.calls).not.toContain('write');
    expect(await world.record()).toEqual(before);
    await world.change({ code: { failures: 5, retryAt: world.now() + 100_000, spentUntil: 0 } });
    expect(await confirm(phone.code())).toMatchObject({ ok: true });
  });

  test('ends after its time, and tells expired from superseded', async () => {
    const { world, phone, confirm } = await start();
    world.pass(899_999);
    const code = phone.code();
    world.pass(1);
    expect(await confirm(code)).toEqual({ ok: false, reason: 'expired' });
    expect(await world.second.status(USER)).toMatchObject({ state: 'none' });
    for (const id of ['other', undefined, 7, ['x']]) {
      expect(await world.second.confirm(USER, id, code)).toEqual({
        ok: false,
        reason: 'superseded',
      });
    }
    expect(await world.second.confirm('user-2', 'other', code)).toMatchObject({
      reason: 'superseded',
    });
  });

  test('of an enrolment from a clock that was ahead is expired', async () => {
    const { world, phone, confirm } = await start();
    world.pass(-365 * 86_400_000);
    expect(await confirm(phone.code())).toEqual({ ok: false, reason: 'expired' });
    expect((await world.second.status(USER)).state).toBe('none');
  });

  test('on a server whose clock is a minute behind works all the same', async () => {
    const { world, phone, confirm } = await start();
    world.pass(-60_000);
    expect(await confirm(phone.code())).toMatchObject({ ok: true });
  });

  test('replaces one authenticator, keeps the others, and ends sessions', async () => {
    const world = newWorld();
    const first = await enrol(world);
    const second = await enrol(world, { proof: { code: first.phone.code() } });
    expect(second.epoch).toBe(first.epoch);
    expect(second).not.toHaveProperty('recoveryCodes');
    const proof = { code: second.phone.code() };
    const third = await enrol(world, { replaces: first.id, proof });
    expect(third.epoch).toBe(first.epoch + 1);
    expect(third).not.toHaveProperty('recoveryCodes');
    const { authenticators } = await world.second.status(USER);
    expect(authenticators.map(({ id }) => id)).toEqual([second.id, third.id]);
    expect(world.events.at(-1)).toMatchObject({
      type: 'authenticator-replaced',
      replaced: [first.id],
      notify: true,
    });
    expect(await world.second.verify(USER, first.phone.code())).toMatchObject({
      reason: 'mismatch',
    });
  });

  test('lets the old phone work until then', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const next = await world.second.enroll(USER, {
      account,
      replaces: 'all',
      proof: { code: phone.code() },
    });
    world.pass(STEP);
    expect(await world.second.verify(USER, phone.code())).toMatchObject({ ok: true });
    if (!next.ok) throw new Error();
    const code = world.phone(next.secret).code();
    expect(await world.second.verify(USER, code)).toMatchObject({ ok: false });
    const confirmed = await world.second.confirm(USER, next.enrollmentId, code);
    expect(confirmed.ok && confirmed.recoveryCodes).toHaveLength(10);
  });

  test('that is pending ends with the epoch: a removal stops whoever began it', async () => {
    const world = newWorld();
    const first = await enrol(world);
    const second = await enrol(world, { proof: { code: first.phone.code() } });
    const replaces = first.id;
    const third = await world.second.enroll(USER, {
      account,
      replaces,
      proof: { code: second.phone.code() },
    });
    if (!third.ok) throw new Error();
    world.pass(2 * STEP);
    const removed = await world.second.remove(USER, first.id, {
      proof: { code: second.phone.code() },
    });
    expect(removed.ok).toBe(true);
    const code = world.phone(third.secret).code();
    const late = await world.second.confirm(USER, third.enrollmentId, code);
    expect(late).toEqual({ ok: false, reason: 'superseded' });
    expect((await world.record()).pending).toBeUndefined();
  });

  test('that is pending ends with the epoch: a recovery stops whoever began it', async () => {
    const world = newWorld();
    const { phone, codes } = await enrol(world);
    const proof = { code: phone.code() };
    const begun = await world.second.enroll(USER, { account, replaces: 'all', proof });
    if (!begun.ok) throw new Error();
    expect(await world.second.recover(USER, codes[0])).toMatchObject({ ok: true });
    const late = await world.second.confirm(
      USER,
      begun.enrollmentId,
      world.phone(begun.secret).code(),
    );
    expect(late).toEqual({ ok: false, reason: 'superseded' });
  });

  test('hands out as many recovery codes as asked for, none included', async () => {
    const { phone, confirm } = await start({ recoveryCodes: 0 });
    expect(await confirm(phone.code())).not.toHaveProperty('recoveryCodes');
    const many = await start({ recoveryCodes: 20 });
    const answer = await many.confirm(many.phone.code());
    expect(answer.ok && new Set(answer.recoveryCodes).size).toBe(20);
  });
});

describe('A proof', () => {
  test('by session passed the second factor at most 15 minutes ago, in this epoch', async () => {
    const world = newWorld();
    const { epoch } = await enrol(world);
    const now = world.now();
    const ask = (proof: unknown) =>
      world.second.regenerateRecoveryCodes(USER, { proof: proof as never });
    expect(await ask(sessionProof(epoch, now - 900_000))).toMatchObject({ ok: true });
    const required = { ok: false, reason: 'proof-required' };
    for (const proof of [
      sessionProof(epoch, now - 900_001),
      sessionProof(epoch, now + 60_001),
      sessionProof(epoch - 1, now),
      sessionProof(epoch + 1, now),
      sessionProof(String(epoch) as never, now),
      sessionProof(epoch, undefined as never),
      { session: null },
      { session: 'yes' },
      { session: { epoch } },
      ...[undefined, null, {}, [], 'code', 7, true],
    ]) {
      expect(await ask(proof)).toEqual(required);
    }
  });

  test('by recovery code is used up, is told to the user, and raises no epoch', async () => {
    const world = newWorld();
    const { codes, epoch } = await enrol(world);
    const proof = { recoveryCode: codes[0] };
    world.calls.length = 0;
    expect(await world.second.enroll(USER, { account, proof })).toMatchObject({ ok: true });
    expect(world.calls).not.toContain('open');
    expect(world.events.slice(-2)).toMatchObject([
      { type: 'recovery-code-used', left: 9 },
      { type: 'enrollment-started' },
    ]);
    expect(await world.second.enroll(USER, { account, proof })).toMatchObject({ reason: 'reused' });
    expect(await world.second.status(USER)).toMatchObject({ epoch, recoveryCodesLeft: 9 });
  });

  test('is consumed in the same write as the change', async () => {
    const world = newWorld();
    const { phone, id } = await enrol(world);
    world.calls.length = 0;
    await world.second.remove(USER, id, { proof: { code: phone.code() } });
    expect(world.calls).toEqual(['read', 'open', 'write']);
  });

  test('of two kinds at once is an error of the program', async () => {
    const world = newWorld();
    await enrol(world);
    const proof = { code: '1', recoveryCode: '2' } as never;
    await expect(world.second.enroll(USER, { account, proof })).rejects.toThrow(TypeError);
  });
});

describe('adopt', () => {
  const secret = 'JBSWY3DPEHPK3PXP';

  test('takes over a secret of 10 bytes, silently, without recovery codes', async () => {
    const world = newWorld();
    const adopted = await world.second.adopt(USER, { secret, name: 'Phone' });
    expect(adopted).toMatchObject({ ok: true });
    expect(await world.second.status(USER)).toMatchObject({
      state: 'active',
      recoveryCodesLeft: 0,
    });
    expect(world.events).toMatchObject([{ type: 'adopted', notify: false }]);
    const phone = world.phone(secret);
    expect(await world.second.verify(USER, phone.code())).toMatchObject({ ok: true });
    expect(await world.second.recover(USER, '0'.repeat(24))).toMatchObject({ reason: 'mismatch' });
  });

  test('keeps the step and the drift that the other library knew', async () => {
    const world = newWorld();
    const lastStep = world.now() / STEP + 4;
    await world.second.adopt(USER, { secret, lastStep, drift: 4 });
    const phone = world.phone(secret);
    expect(await world.second.verify(USER, phone.code(4))).toMatchObject({ reason: 'reused' });
    expect(await world.second.verify(USER, phone.code(5))).toMatchObject({ ok: true, delta: 5 });
  });

  test('changes nothing where an authenticator is confirmed, so that a job may run twice', async () => {
    const world = newWorld();
    await world.second.adopt(USER, { secret });
    const before = await world.record();
    world.calls.length = 0;
    expect(await world.second.adopt(USER, { secret })).toEqual({ ok: false, reason: 'enrolled' });
    expect(await world.record()).toEqual(before);
    expect(world.calls).toEqual(['read']);
  });

  test('drops a pending enrolment', async () => {
    const world = newWorld();
    const pending = await world.second.enroll(USER, { account });
    await world.second.adopt(USER, { secret });
    expect((await world.record()).pending).toBeUndefined();
    const id = pending.ok && pending.enrollmentId;
    expect(await world.second.confirm(USER, id, '123456')).toMatchObject({ reason: 'superseded' });
  });

  test.each([
    [{ secret: 'not base32!' }, /base32/],
    [{ secret: '' }, /secret/],
    [{ secret: new Uint8Array(0) }, /secret/],
    [{ secret: 7 }, /secret/],
    [{ secret, digits: 5 }, /digits/],
    [{ secret, period: 0 }, /period/],
    [{ secret, drift: 3000 }, /drift/],
    [{ secret, lastStep: -2 }, /lastStep/],
    [{ secret, algorithm: 'MD5' }, /algorithm/],
    [{ secret, step: 30 }, /options.step/],
  ])('of %o is an error', async (options, message) => {
    const world = newWorld();
    await expect(world.second.adopt(USER, options as never)).rejects.toThrow(message);
    expect(world.calls).toEqual([]);
  });
});
