// The real shell and core, explored breadth first, and 100,000 random operations beside it.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createKey, encodeBase32, generateTotp } from '../../src/index.js';
import { hashRecoveryCode } from '../../src/recovery-codes.js';
import { explore, fakeRandomValues, type Request } from './model.js';
import { newWorld, type Phone, plainSealer, START, STEP, USER } from './support.js';

const secret = Buffer.from('12345678901234567890');
const key = createKey(new Uint8Array(secret));
const pendingSecret = Buffer.from('abcdefghijklmnopqrst');
const pendingKey = createKey(new Uint8Array(pendingSecret));
const codeAt = (steps: number, of = key) => generateTotp(of, { timestamp: START + steps * STEP });
const recoveryCodes = ['0'.repeat(24), '1'.repeat(24)];

/** One authenticator, sealed with a former key; a pending one; two recovery codes. */
const record = JSON.stringify({
  v: 1,
  epoch: START / 1000,
  authenticators: [
    {
      ...{ id: 'phone', name: 'Phone', sealed: `k0.${secret.toString('hex')}.phone.${USER}` },
      ...{ algorithm: 'SHA1', digits: 6, period: 30 },
      ...{ lastStep: START / STEP - 3, drift: 0, addedAt: START - 90_000, usedAt: START - 90_000 },
    },
  ],
  pending: {
    ...{ id: 'new', name: 'New', sealed: `k1.${pendingSecret.toString('hex')}.new.${USER}` },
    ...{ algorithm: 'SHA1', digits: 6, period: 30, expiresAt: START + 600_000, replaces: 'all' },
  },
  code: { failures: 0, retryAt: 0, spentUntil: 0 },
  recover: { failures: 0, retryAt: 0 },
  recovery: recoveryCodes.map((code) => ({ hash: hashRecoveryCode(USER, code) })),
});

const account = 'alice';
const wrong = '999999';
const code = codeAt(0);
const proof = { code };

/** Every command, right and wrong. */
const REQUESTS = {
  verify: { uses: 'the code', raisesStep: true, run: (second) => second.verify(USER, code) },
  verifyNext: {
    uses: 'the next code',
    raisesStep: true,
    run: (second) => second.verify(USER, codeAt(1)),
  },
  verifyWrong: { run: (second) => second.verify(USER, wrong) },
  unlock: {
    uses: 'the row of codes',
    raisesStep: true,
    run: (second) => second.unlock(USER, [codeAt(-1), code, codeAt(1)]),
  },
  resync: {
    uses: 'the code',
    raisesStep: true,
    run: (second) => second.resync(USER, [codeAt(-1), code]),
  },
  recover: { uses: 'the recovery code', run: (second) => second.recover(USER, recoveryCodes[0]) },
  recoverWrong: { uses: 'none', run: (second) => second.recover(USER, 'Z'.repeat(24)) },
  enroll: {
    uses: 'the code',
    isProof: true,
    raisesStep: true,
    run: (second) => second.enroll(USER, { account, proof }),
  },
  enrollRecovery: {
    uses: 'the recovery code',
    isProof: true,
    run: (second) =>
      second.enroll(USER, { account, replaces: 'all', proof: { recoveryCode: recoveryCodes[0] } }),
  },
  confirm: {
    uses: 'the first code',
    run: (second) => second.confirm(USER, 'new', codeAt(0, pendingKey)),
  },
  regenerate: {
    uses: 'the code',
    raisesStep: true,
    run: (second) => second.regenerateRecoveryCodes(USER, { proof }),
  },
  rename: { run: (second) => second.rename(USER, 'phone', 'Pixel') },
  remove: { uses: 'the code', run: (second) => second.remove(USER, 'phone', { proof }) },
  reset: { run: (second) => second.reset(USER, { by: 'support' }) },
  adopt: { run: (second) => second.adopt(USER, { secret: new Uint8Array(20).fill(9) }) },
  reseal: { run: (second) => second.reseal(USER) },
  status: { run: (second) => second.status(USER) },
} satisfies Record<string, Omit<Request, 'name'>>;

type Name = keyof typeof REQUESTS;
const names = Object.keys(REQUESTS) as Name[];
const requestsOf = (...of: readonly Name[]): Request[] =>
  of.map((name) => ({ name, ...REQUESTS[name] }));

/** Fives that hold every command between them, and the races that matter most. */
const FIVES: readonly (readonly Name[])[] = [
  ['verify', 'verify', 'verifyNext', 'verifyWrong', 'resync'],
  ['verifyWrong', 'verifyWrong', 'verifyWrong', 'verifyWrong', 'verify'],
  ['recover', 'recover', 'enrollRecovery', 'recoverWrong', 'remove'],
  ['enroll', 'confirm', 'confirm', 'verify', 'regenerate'],
  ['unlock', 'unlock', 'verify', 'verifyNext', 'verifyWrong'],
  ['reset', 'adopt', 'confirm', 'recover', 'verify'],
  ['reseal', 'rename', 'verify', 'status', 'remove'],
];

let states = 0;
let transitions = 0;

beforeAll(() => {
  vi.stubGlobal('crypto', { getRandomValues: fakeRandomValues });
});
afterAll(() => {
  vi.unstubAllGlobals();
  console.log(JSON.stringify({ model: { states, transitions } }));
});

async function expectHeld(of: readonly Name[], options: object = {}): Promise<void> {
  const found = await explore({ record, requests: requestsOf(...of), ...options });
  states += found.states;
  transitions += found.transitions;
  expect(found.violation).toBeUndefined();
  expect(found.states).toBeGreaterThan(of.length);
}

describe('No interleaving, lost answer or clock breaks a lemma', () => {
  test('of every pair of commands, one of them twice included', async () => {
    for (const [i, first] of names.entries()) {
      for (const second of names.slice(i)) await expectHeld([first, second]);
    }
  }, 120_000);

  test.each(FIVES.map((five) => [five.join(', '), five] as const))(
    'of five: %s',
    async (_, five) => {
      await expectHeld(five, process.env.SLOW ? {} : { moves: [], losses: 1 });
    },
    600_000,
  );

  test.skipIf(!process.env.SLOW)(
    'of every three commands',
    async () => {
      for (const [i, first] of names.entries()) {
        for (const [j, second] of names.slice(i).entries()) {
          for (const third of names.slice(i + j)) await expectHeld([first, second, third]);
        }
      }
    },
    3_600_000,
  );

  test('the fives hold every command', () => {
    expect(new Set(FIVES.flat())).toEqual(new Set(names));
  });
});

describe('The control, a store that writes without looking,', () => {
  test.each(FIVES.map((five) => [five.join(', '), five] as const))(
    'is found: %s',
    async (_, five) => {
      const { violation, states: after } = await explore({
        record,
        requests: requestsOf(...five),
        isLeaky: true,
      });
      expect(violation).toMatch(/accepted twice|counted|fell|fresh again|without using/);
      console.log(JSON.stringify({ control: { violation, after } }));
    },
    120_000,
  );
});

describe('Random operations (20,000, or 100,000 where time allows), with a clock that jumps both ways,', () => {
  /** A store whose writes look at the version, or do not. */
  async function run(operations: number, corrupt: (text: string) => string = (text) => text) {
    let random = 7;
    const pick = (below: number): number => {
      random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (random >>> 8) % below;
    };
    const world = newWorld({ sealer: plainSealer, recoveryCodes: 3 });
    const { second } = world;
    const phones = new Map<string, Phone>();
    let pending: { id: string; phone: Phone } | undefined;
    let recovery: readonly string[] = [];
    const used = new Set<string>();
    const last = new Map<string, number>();
    const reasons: Record<string, number> = {};
    let replays = 0;
    let epoch = 0;
    let session = { epoch: 0, verifiedAt: 0 };

    const shown = (steps: number): string => {
      const all = [...phones.values()];
      return all.length === 0 ? '123456' : (all[pick(all.length)] as Phone).code(steps);
    };
    const note = (name: string, answer: { ok?: boolean; reason?: string; epoch?: number }) => {
      const what = `${name} ${answer.ok ? 'ok' : (answer.reason ?? 'status')}`;
      reasons[what] = (reasons[what] ?? 0) + 1;
      if (answer.ok && answer.epoch) session = { epoch: answer.epoch, verifiedAt: world.now() };
    };
    /** A step of a phone that was accepted before must never be accepted again. */
    const accept = (id: string, step: number) => {
      if (used.has(`${id} ${step}`)) replays++;
      used.add(`${id} ${step}`);
    };

    for (let i = 0; i < operations; i++) {
      const chance = pick(1000);
      if (chance < 30) world.pass((pick(2) ? 1 : -1) * pick(365 * 86_400) * 1000);
      else world.pass(pick(40_000));
      // Jumps of years must not leave the range of a clock.
      if (world.now() < 1.6e12 || world.now() > 2e12) world.pass(START - world.now());
      const proof = [{ code: shown(0) }, { recoveryCode: recovery[0] ?? 'x' }, { session }][
        pick(3)
      ] as never;
      const name = names[pick(names.length)] as Name;
      if (name.startsWith('verify')) {
        const steps = pick(5) - 2;
        const answer = await second.verify(USER, name === 'verifyWrong' ? '999999' : shown(steps));
        note(name, answer);
        if (answer.ok)
          accept(answer.authenticatorId, Math.floor(world.now() / STEP) + answer.delta);
      } else if (name === 'unlock') {
        const phone = [...phones.values()][0];
        note(
          name,
          await second.unlock(
            USER,
            [-2, -1, 0].map((steps) => phone?.code(steps) ?? ''),
          ),
        );
      } else if (name === 'resync') {
        const off = pick(40) - 20;
        const phone = [...phones.values()][0];
        note(
          name,
          await second.resync(
            USER,
            [off - 1, off].map((steps) => phone?.code(steps) ?? ''),
          ),
        );
      } else if (name === 'recover') note(name, await second.recover(USER, recovery[pick(3)]));
      else if (name === 'recoverWrong') note(name, await second.recover(USER, 'Z'.repeat(24)));
      else if (name.startsWith('enroll')) {
        const replaces = [undefined, 'all', [...phones.keys()][0]][pick(3)];
        const answer = await second.enroll(USER, { account, proof, replaces });
        note(name, answer);
        if (answer.ok) pending = { id: answer.enrollmentId, phone: world.phone(answer.secret) };
      } else if (name === 'confirm') {
        const off = pick(8) === 0 ? pick(2000) : 0;
        const codes = [off - 1, off].map((steps) => pending?.phone.code(steps));
        const answer = await second.confirm(USER, pending?.id, codes);
        note(name, answer);
        if (answer.ok && pending) {
          phones.set(pending.id, pending.phone);
          recovery = answer.recoveryCodes ?? recovery;
        }
      } else if (name === 'regenerate') {
        const answer = await second.regenerateRecoveryCodes(USER, { proof });
        note(name, answer);
        if (answer.ok) recovery = answer.recoveryCodes;
      } else if (name === 'remove' && pick(4) === 0) {
        note(name, await second.remove(USER, [...phones.keys()][0], { proof }));
      } else if (name === 'rename')
        note(name, await second.rename(USER, [...phones.keys()][0], 'x'));
      else if (name === 'reset' && pick(20) === 0)
        note(name, await second.reset(USER, { by: 'x' }));
      else if (name === 'reseal') note(name, await second.reseal(USER));
      else if (name === 'adopt') {
        const bytes = new Uint8Array(20).fill(pick(255));
        const answer = await second.adopt(USER, { secret: bytes });
        note(name, answer);
        const hex = Buffer.from(bytes).toString('hex');
        if (answer.ok) phones.set(answer.authenticatorId, world.phone(base32(hex)));
      }
      const held = await world.record();
      if (held === null) continue;
      for (const id of [...phones.keys()]) {
        if (!held.authenticators.some((authenticator) => authenticator.id === id))
          phones.delete(id);
      }
      for (const { id, lastStep } of held.authenticators) {
        expect(lastStep).toBeGreaterThanOrEqual(last.get(id) ?? -1);
        last.set(id, lastStep);
      }
      expect(held.epoch).toBeGreaterThanOrEqual(epoch);
      epoch = held.epoch;
      expect(held.authenticators.length).toBeLessThanOrEqual(5);
      const text = JSON.stringify(held);
      const changed = corrupt(text);
      if (changed !== text) await world.plant(changed);
    }
    return { replays, reasons, used: used.size };
  }

  const base32 = (hex: string) => encodeBase32(new Uint8Array(Buffer.from(hex, 'hex')));

  test('accept no step twice, let none fall, and reach every answer', async () => {
    const { replays, reasons, used } = await run(process.env.SLOW ? 100_000 : 20_000);
    expect(replays).toBe(0);
    expect(used).toBeGreaterThan(200);
    for (const name of ['verify ok', 'verify reused', 'verifyWrong mismatch', 'verify throttled']) {
      expect(reasons[name], name).toBeGreaterThan(10);
    }
    for (const name of [
      'unlock ok',
      'resync ok',
      'recover ok',
      'recover reused',
      'remove ok',
      'reset ok',
    ]) {
      expect(reasons[name], name).toBeGreaterThan(5);
    }
    for (const name of [
      'confirm ok',
      'enroll proof-required',
      'adopt enrolled',
      'confirm expired',
    ]) {
      expect(reasons[name], name).toBeGreaterThan(5);
    }
  }, 300_000);

  test('find a record that forgets its steps: the control accepts some twice', async () => {
    const forget = (text: string) => text.replace(/"lastStep":\d+/g, '"lastStep":0');
    await expect(
      run(20_000, forget).then(({ replays }) => expect(replays).toBe(0)),
    ).rejects.toThrow();
  }, 300_000);
});
