// The loop around the core: conflicts, failures of store and sealer, events, and the options.
import { describe, expect, test } from 'vitest';
import { memoryFactorStore } from '../../src/second-factor/memory.js';
import {
  createSecondFactor,
  type FactorEvent,
  type FactorStore,
  type SecondFactorOptions,
  type WriteDetails,
} from '../../src/second-factor.js';
import { enrol, newWorld, plainSealer, sessionProof, USER, wrongCode } from './support.js';

/** A store whose next writes answer as told; by default it works. */
function fickleStore() {
  const inner = memoryFactorStore();
  const answers: unknown[] = [];
  const details: WriteDetails[] = [];
  const store: FactorStore = {
    read: (userId) => inner.read(userId),
    write(userId, record, version, more) {
      details.push(more);
      if (answers.length === 0) return inner.write(userId, record, version, more);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer as boolean;
    },
  };
  return { store, answers, details };
}

describe('A lost write', () => {
  test('is tried again at once, up to 8 times', async () => {
    const { store, answers } = fickleStore();
    const world = newWorld({ store });
    const { phone } = await enrol(world);
    world.calls.length = 0;
    answers.push(...new Array(7).fill(false));
    expect(await world.second.verify(USER, phone.code())).toMatchObject({ ok: true });
    expect(world.calls.filter((call) => call === 'write')).toHaveLength(8);
  });

  test('of 8 tries rejects with store-conflict, and tells no event', async () => {
    const { store, answers } = fickleStore();
    const world = newWorld({ store });
    const { phone } = await enrol(world);
    const events = world.events.length;
    answers.push(...new Array(8).fill(false));
    const verify = world.second.verify(USER, phone.code());
    await expect(verify).rejects.toMatchObject({ name: 'OtpError', code: 'store-conflict' });
    expect(world.events).toHaveLength(events);
    expect(answers).toEqual([]);
  });

  test('of an enrolment seals the secret once, and uses up its proof once', async () => {
    const { store, answers } = fickleStore();
    const world = newWorld({ store });
    const { codes } = await enrol(world);
    world.calls.length = 0;
    answers.push(false, false);
    const proof = { recoveryCode: codes[0] };
    expect(await world.second.enroll(USER, { account: 'a', proof })).toMatchObject({ ok: true });
    expect(world.calls.filter((call) => call === 'seal')).toHaveLength(1);
    expect((await world.second.status(USER)).recoveryCodesLeft).toBe(9);
  });
});

describe('A store', () => {
  test.each([undefined, null, 1, 0, 'true', { affectedRows: 1 }])(
    'that answers a write with %j lets nobody in',
    async (answer) => {
      const { store, answers } = fickleStore();
      const world = newWorld({ store });
      const { phone } = await enrol(world);
      answers.push(answer);
      await expect(world.second.verify(USER, phone.code())).rejects.toThrow(/store.write\(\)/);
    },
  );

  test.each([
    null,
    'x',
    {},
    { record: '{}' },
    { record: {}, version: '1' },
    { record: '{}', version: 1 },
  ])('that answers a read with %j is an error, never a user without a factor', async (answer) => {
    const store = { read: () => answer as never, write: () => true };
    const { second } = newWorld({ store });
    await expect(second.status(USER)).rejects.toThrow(TypeError);
    await expect(second.verify(USER, '123456')).rejects.toThrow(TypeError);
  });

  test('that fails comes through as it is', async () => {
    const { store, answers } = fickleStore();
    const world = newWorld({ store });
    const { phone } = await enrol(world);
    const lost = new Error('connection terminated');
    answers.push(lost);
    await expect(world.second.verify(USER, phone.code())).rejects.toBe(lost);
    const broken = newWorld({ store: { ...store, read: () => Promise.reject(lost) } });
    await expect(broken.second.status(USER)).rejects.toBe(lost);
  });
});

describe('A sealer', () => {
  test.each([undefined, 7, '', 'x'.repeat(2049)])(
    'that seals to %j is an error, and nothing is written',
    async (sealed) => {
      const world = newWorld({ sealer: { ...plainSealer, seal: () => sealed as string } });
      await expect(world.second.enroll(USER, { account: 'a' })).rejects.toThrow(/sealer.seal\(\)/);
      expect(world.calls).not.toContain('write');
    },
  );

  test('that opens to something else than bytes lets nobody in', async () => {
    let open = plainSealer.open;
    const world = newWorld({ sealer: { ...plainSealer, open: (...args) => open(...args) } });
    const { phone } = await enrol(world);
    for (const wrong of ['secret', undefined, [1, 2, 3], new ArrayBuffer(20)]) {
      open = () => wrong as never;
      await expect(world.second.verify(USER, phone.code())).rejects.toThrow(/sealer.open\(\)/);
    }
  });

  test('that cannot open one of two rejects before anything is compared or counted', async () => {
    const world = newWorld();
    const first = await enrol(world);
    const second = await enrol(world, { proof: { code: first.phone.code() } });
    const { authenticators } = await world.record();
    await world.change({
      authenticators: authenticators.map((held) =>
        held.id === second.id ? { ...held, sealed: 'lost' } : held,
      ),
    });
    const before = await world.record();
    const code = first.phone.code();
    const { second: factor } = world;
    await expect(factor.verify(USER, code)).rejects.toThrow('sealed for');
    await expect(factor.unlock(USER, [code, code, code])).rejects.toThrow('sealed for');
    await expect(factor.resync(USER, [code, code])).rejects.toThrow('sealed for');
    await expect(factor.remove(USER, second.id, { proof: { code } })).rejects.toThrow('sealed for');
    expect(await world.record()).toEqual(before);
    const proof = sessionProof(second.epoch, world.now());
    expect(await factor.remove(USER, second.id, { proof })).toMatchObject({ ok: true });
  });
});

describe('The answer that comes first', () => {
  test('is unknown and too-many, then proof-required, not-enrolled, locked, malformed, throttled, rejection', async () => {
    const world = newWorld();
    const { second } = world;
    const { id, epoch } = await enrol(world);
    const [held] = (await world.record()).authenticators;
    // Everything is wrong at once: locked, throttled, and a secret that cannot be opened.
    const throttled = { failures: 5, retryAt: world.now() + 60_000, spentUntil: 0 };
    const broken = [{ ...held, sealed: 'lost' }];
    await world.change({ authenticators: broken, code: { ...throttled, failures: 100 } });
    const session = sessionProof(epoch, world.now());
    expect(await second.enroll(USER, { account: 'a', replaces: 'gone' })).toMatchObject({
      reason: 'unknown',
    });
    expect(await second.remove(USER, 'gone', {})).toMatchObject({ reason: 'unknown' });
    expect(await second.remove(USER, id, {})).toMatchObject({ reason: 'proof-required' });
    expect(await second.enroll(USER, { account: 'a' })).toMatchObject({ reason: 'proof-required' });
    expect(await second.enroll(USER, { account: 'a', proof: session })).toMatchObject({
      reason: 'locked',
    });
    expect(await second.enroll(USER, { account: 'a', proof: { recoveryCode: '' } })).toMatchObject({
      reason: 'locked',
    });
    expect(await second.verify(USER, '')).toEqual({ ok: false, reason: 'locked' });
    await world.change({ code: throttled });
    expect(await second.verify(USER, '')).toMatchObject({
      reason: 'malformed',
      attemptsLeft: 0,
      retryAfter: 60,
    });
    expect(await second.verify(USER, '123456')).toEqual({
      ok: false,
      reason: 'throttled',
      retryAfter: 60,
    });
    world.pass(60_000);
    await expect(second.verify(USER, '123456')).rejects.toThrow('sealed for');
    await world.change({ authenticators: new Array(5).fill(held) });
    expect(await second.enroll(USER, { account: 'a' })).toMatchObject({ reason: 'too-many' });
  });
});

describe('Events', () => {
  test('are handed to the write together with state and keys', async () => {
    const { store, details } = fickleStore();
    const world = newWorld({ store });
    const { phone } = await enrol(world);
    await world.second.verify(USER, wrongCode([phone]));
    expect(
      details.map(({ state, sealedWith, events }) => [
        state,
        sealedWith,
        events.map(({ type }) => type),
      ]),
    ).toEqual([
      ['pending', ['k1'], ['enrollment-started']],
      ['active', ['k1'], ['authenticator-added']],
      ['active', ['k1'], ['refused']],
    ]);
    expect(details.flatMap(({ events }) => events)).toEqual(world.events);
  });

  test('of reused codes go to onEvent alone, and malformed, throttled and locked make none', async () => {
    const { store, details } = fickleStore();
    const world = newWorld({ store });
    const { phone } = await enrol(world);
    const code = phone.code();
    await world.second.verify(USER, code);
    const [writes, events] = [details.length, world.events.length];
    await world.second.verify(USER, code);
    expect(world.events.slice(events)).toMatchObject([{ type: 'reused', reason: 'code' }]);
    await world.second.verify(USER, 'x');
    await world.change({ code: { failures: 5, retryAt: world.now() + 1000, spentUntil: 0 } });
    await world.second.verify(USER, code);
    await world.change({ code: { failures: 100, retryAt: 0, spentUntil: 0 } });
    await world.second.verify(USER, code);
    expect(world.events).toHaveLength(events + 1);
    expect(details.slice(writes).flatMap((more) => more.events)).toEqual([]);
  });

  test('hold no code, secret or URI, whatever is called', async () => {
    const world = newWorld();
    const secrets: string[] = [];
    const enrolled = await world.second.enroll(USER, { account: 'alice@example.com' });
    if (!enrolled.ok) throw new Error();
    const phone = world.phone(enrolled.secret);
    const confirmed = await world.second.confirm(USER, enrolled.enrollmentId, phone.code());
    secrets.push(
      enrolled.secret,
      enrolled.uri,
      phone.code(),
      ...((confirmed.ok && confirmed.recoveryCodes) || []),
    );
    world.pass(60_000);
    secrets.push(phone.code(), wrongCode([phone]));
    await world.second.verify(USER, wrongCode([phone]));
    await world.second.verify(USER, phone.code());
    await world.second.verify(USER, phone.code());
    await world.second.recover(USER, secrets[3]);
    await world.second.recover(USER, secrets[3]);
    await world.second.reset(USER, { by: 'support' });
    const told = JSON.stringify(world.events.map(({ at: _at, ...event }) => event));
    expect(world.events.length).toBeGreaterThan(6);
    for (const secret of secrets) {
      expect(told).not.toContain(secret);
      expect(told).not.toContain(secret.replaceAll('-', ''));
    }
    const fields = new Set(world.events.flatMap((event) => Object.keys(event)));
    expect([...fields].sort()).toEqual([
      'at',
      'authenticatorId',
      'by',
      'failures',
      'left',
      'notify',
      'reason',
      'type',
      'userId',
    ]);
  });

  test('are told after the write; what onEvent throws rejects the call, and the change stands', async () => {
    const lost = new Error('mail server is away');
    let isBroken = false;
    const seen: [FactorEvent['type'], number][] = [];
    const world = newWorld({
      async onEvent(event) {
        await Promise.resolve();
        seen.push([event.type, world.calls.filter((call) => call === 'write').length]);
        if (isBroken) throw lost;
      },
    });
    const { phone } = await enrol(world);
    expect(seen).toEqual([
      ['enrollment-started', 1],
      ['authenticator-added', 2],
    ]);
    isBroken = true;
    const code = phone.code();
    await expect(world.second.verify(USER, code)).rejects.toBe(lost);
    isBroken = false;
    expect(await world.second.verify(USER, code)).toMatchObject({ reason: 'reused' });
  });
});

describe('A clock', () => {
  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 1_800_000_000, '1', undefined, 9e15])(
    'that says %s is an error before anything is decided',
    async (moment) => {
      const world = newWorld({ now: () => moment as number });
      await expect(world.second.verify(USER, '123456')).rejects.toThrow(/"now"/);
      await expect(world.second.enroll(USER, { account: 'a' })).rejects.toThrow(/"now"/);
      expect(world.calls).not.toContain('write');
    },
  );

  test('with fractions is rounded down', async () => {
    const world = newWorld({ now: () => 1_800_000_000_000.7 });
    expect(await world.second.enroll(USER, { account: 'a' })).toMatchObject({ ok: true });
    expect((await world.record()).pending?.expiresAt).toBe(1_800_000_900_000);
  });
});

describe('A user id', () => {
  test.each(['', 'x'.repeat(1025), 7, undefined, null, ['a'], {}])(
    'of %j is an error in every method',
    async (userId) => {
      const { second } = newWorld();
      const id = userId as string;
      const codes = ['1', '2', '3'];
      for (const call of [
        second.status(id),
        second.verify(id, '1'),
        second.unlock(id, codes),
        second.resync(id, codes),
        second.recover(id, '1'),
        second.enroll(id, { account: 'a' }),
        second.confirm(id, 'x', '1'),
        second.regenerateRecoveryCodes(id, {}),
        second.rename(id, 'x', 'y'),
        second.remove(id, 'x', {}),
        second.reset(id, { by: 'x' }),
        second.adopt(id, { secret: 'JBSWY3DPEHPK3PXP' }),
        second.reseal(id),
      ]) {
        await expect(call).rejects.toThrow(/"userId"/);
      }
    },
  );

  test('that looks like another is another user', async () => {
    const world = newWorld();
    const ids = [
      'user-1',
      'USER-1',
      'user-1 ',
      'user\u200b-1',
      '__proto__',
      'constructor',
      'tenant:user-1',
    ];
    for (const id of ids) {
      expect(await world.second.status(id)).toMatchObject({ state: 'none' });
      await enrol(world, {}, id);
    }
    for (const id of ids) expect(await world.second.status(id)).toMatchObject({ state: 'active' });
  });
});

describe('createSecondFactor', () => {
  const good: SecondFactorOptions = {
    issuer: 'ACME',
    store: memoryFactorStore(),
    sealer: plainSealer,
  };

  test.each<[object, RegExp]>([
    [{ issuer: undefined }, /"issuer"/],
    [{ issuer: 'A:B' }, /"issuer"/],
    [{ store: {} }, /"store"/],
    [{ store: undefined }, /"store"/],
    [{ sealer: { seal() {}, open() {} } }, /"sealer"/],
    [{ algorithm: 'MD5' }, /algorithm/],
    [{ digits: 5 }, /"digits"/],
    [{ period: 0 }, /"period"/],
    [{ window: 11 }, /"window"/],
    [{ window: { past: 1 } }, /"window"/],
    [{ window: { past: 1, future: 1, both: 1 } }, /window.both/],
    [{ maxAuthenticators: 6 }, /"maxAuthenticators"/],
    [{ recoveryCodes: 21 }, /"recoveryCodes"/],
    [{ keepRecoveryCodes: 1 }, /"keepRecoveryCodes"/],
    [{ pendingFor: 59 }, /"pendingFor"/],
    [{ throttle: { maxFailures: 1000 } }, /throttle.maxFailures/],
    [{ unlock: 'no' }, /"unlock"/],
    [{ onEvent: 'x' }, /"onEvent"/],
    [{ now: 5 }, /"now"/],
    [{ skew: 1 }, /options.skew/],
  ])('of %o is an error that names the option', (options, message) => {
    expect(() => createSecondFactor({ ...good, ...options } as never)).toThrow(message);
  });

  test.each([undefined, null, 'ACME', []])('of %j is a TypeError', (options) => {
    expect(() => createSecondFactor(options as never)).toThrow(TypeError);
  });

  test('compares with the window that is set', async () => {
    const wide = newWorld({ window: { past: 0, future: 3 } });
    const { phone } = await enrol(wide);
    wide.pass(120_000);
    expect(await wide.second.verify(USER, phone.code(-1))).toMatchObject({ reason: 'mismatch' });
    expect(await wide.second.verify(USER, phone.code(4))).toMatchObject({ reason: 'mismatch' });
    expect(await wide.second.verify(USER, phone.code(3))).toMatchObject({ ok: true, delta: 3 });
  });

  test('takes no option from a polluted Object.prototype', async () => {
    const polluted = Object.prototype as Record<string, unknown>;
    Object.assign(polluted, {
      window: 10,
      unlock: false,
      maxAuthenticators: 1,
      throttle: { free: 10 },
    });
    try {
      const world = newWorld();
      const { phone } = await enrol(world);
      world.pass(300_000);
      expect(await world.second.verify(USER, phone.code(5))).toMatchObject({ attemptsLeft: 2 });
      expect(await world.second.unlock(USER, [])).toMatchObject({ reason: 'malformed' });
    } finally {
      for (const name of ['window', 'unlock', 'maxAuthenticators', 'throttle'])
        delete polluted[name];
    }
  });
});

describe('A proof that changes while it is checked', () => {
  test.each([
    ['loses its code', (proof: Record<string, unknown>) => Reflect.deleteProperty(proof, 'code')],
    [
      'gets an undefined code',
      (proof: Record<string, unknown>) => Reflect.set(proof, 'code', undefined),
    ],
    [
      'becomes a session',
      (proof: Record<string, unknown>) => Reflect.set(proof, 'session', 'junk'),
    ],
  ])('proves what it held at the call: it %s', async (_, change) => {
    const world = newWorld();
    const { phone } = await enrol(world);
    for (const call of [
      (proof: never) => world.second.enroll(USER, { account: 'a', replaces: 'all', proof }),
      (proof: never) => world.second.regenerateRecoveryCodes(USER, { proof }),
      (proof: never) => world.second.remove(USER, 'none', { proof }),
    ]) {
      const proof: Record<string, unknown> = { code: wrongCode([phone]) };
      const pending = call(proof as never);
      await new Promise(setImmediate);
      change(proof);
      expect(await pending).toMatchObject({ ok: false });
    }
  });
});

test('A polluted prototype adds no record to a decision that writes nothing', async () => {
  const world = newWorld();
  const { phone } = await enrol(world);
  const code = phone.code();
  expect(await world.second.verify(USER, code)).toMatchObject({ ok: true });
  const prototype = Object.prototype as { record?: unknown };
  prototype.record = { v: 1, epoch: 1, authenticators: [], recovery: [] };
  try {
    expect(await world.second.verify(USER, code)).toMatchObject({ ok: false, reason: 'reused' });
  } finally {
    delete prototype.record;
  }
  expect(await world.second.status(USER)).toMatchObject({ state: 'active' });
});
