// The record as it is stored. The golden files were written by the first release of version 1; every
// later one has to read them, so they are never written anew.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hashRecoveryCode } from '../../src/recovery-codes.js';
import { readRecord, sealedWith } from '../../src/second-factor/record.js';
import { aesGcmSealer } from '../../src/second-factor.js';
import { enrol, newWorld, USER } from './support.js';

const golden = (name: string) =>
  JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8'));

describe('A golden', () => {
  test('record of version 1 is read, and written as it was', () => {
    const text = JSON.stringify(golden('record'));
    const record = readRecord(text);
    expect(record).toEqual(golden('record'));
    expect(JSON.stringify(record)).toBe(text);
    expect(sealedWith(record)).toEqual(['k1', 'k2']);
  });

  test('sealed text opens', async () => {
    const { keyHex, sealed, secretHex, userId, authenticatorId } = golden('sealed');
    const k1 = new Uint8Array(Buffer.from(keyHex, 'hex'));
    const sealer = aesGcmSealer({ current: 'k1', keys: { k1 } });
    const secret = await sealer.open(sealed, { userId, authenticatorId });
    expect(Buffer.from(secret).toString('hex')).toBe(secretHex);
  });

  test('recovery hash is that of its code', () => {
    const { userId, code, hash } = golden('recovery-hash');
    expect(hashRecoveryCode(userId, code)).toBe(hash);
  });

  test('row lets its user sign in by phone and by recovery code', async () => {
    const { userId, record, keyHex, now, totp, recoveryCode, state, sealed_with } = golden('row');
    const k1 = new Uint8Array(Buffer.from(keyHex, 'hex'));
    const world = newWorld({
      sealer: aesGcmSealer({ current: 'k1', keys: { k1 } }),
      now: () => now,
    });
    await world.plant(record, userId);
    expect(await world.second.status(userId)).toMatchObject({ state });
    expect(sealed_with).toBe(sealedWith(readRecord(record)).join(','));
    expect(await world.second.verify(userId, totp)).toMatchObject({ ok: true, delta: 0 });
    expect(await world.second.recover(userId, recoveryCode)).toMatchObject({ ok: true });
  });
});

describe('A record that cannot be read', () => {
  const good = golden('record');
  const [authenticator] = good.authenticators;
  const faults: [string, unknown][] = [
    ['no JSON', undefined],
    ['null', null],
    ['a text', 'x'],
    ['a list', []],
    ['an empty object', {}],
    ['of version 2', { ...good, v: 2 }],
    ['of version "1"', { ...good, v: '1' }],
    ['without a version', { ...good, v: undefined }],
    ['without an epoch', { ...good, epoch: undefined }],
    ['with a negative epoch', { ...good, epoch: -1 }],
    ['with authenticators that are no list', { ...good, authenticators: {} }],
    ['with an authenticator that is null', { ...good, authenticators: [null] }],
    ['without code', { ...good, code: undefined }],
    ['with failures that are a text', { ...good, code: { ...good.code, failures: '0' } }],
    ['with failures that are null', { ...good, code: { ...good.code, failures: null } }],
    ['without a budget', { ...good, code: { failures: 0, retryAt: 0 } }],
    ['without recover', { ...good, recover: undefined }],
    ['without recovery', { ...good, recovery: undefined }],
    ['with a hash that is no text', { ...good, recovery: [{ hash: 7 }] }],
    ['with a usedAt that is null', { ...good, recovery: [{ hash: 'a', usedAt: null }] }],
    ['with pending that is null', { ...good, pending: null }],
    ...Object.entries({
      id: [undefined, 7, ''],
      name: [undefined, '', 'x'.repeat(65), 'a\u0000b'],
      sealed: [undefined, '', 'x'.repeat(2049)],
      algorithm: [undefined, 'MD5', 'sha1'],
      digits: [undefined, 5, 10, '6'],
      period: [0, 86_401, null],
      lastStep: [undefined, -2, 0.5, 2 ** 53, 'NaN'],
      drift: [undefined, 0.5],
      addedAt: [undefined, -1],
      usedAt: [undefined, -1],
    }).flatMap(([field, values]) =>
      values.map((value): [string, unknown] => [
        `with an authenticator whose ${field} is ${JSON.stringify(value)?.slice(0, 20)}`,
        { ...good, authenticators: [{ ...authenticator, [field]: value }] },
      ]),
    ),
  ];

  test.each(faults)(
    '%s rejects everything but reset, and never reads as no factor',
    async (_, value) => {
      const world = newWorld();
      await world.plant(value === undefined ? '{' : JSON.stringify(value));
      const { second } = world;
      const codes = ['123456', '123456', '123456'];
      for (const call of [
        () => second.status(USER),
        () => second.verify(USER, '123456'),
        () => second.verify(USER, undefined),
        () => second.unlock(USER, codes),
        () => second.resync(USER, codes),
        () => second.recover(USER, 'x'),
        () => second.enroll(USER, { account: 'a' }),
        () => second.confirm(USER, 'x', '123456'),
        () => second.regenerateRecoveryCodes(USER, {}),
        () => second.rename(USER, 'x', 'y'),
        () => second.remove(USER, 'x', {}),
        () => second.adopt(USER, { secret: 'JBSWY3DPEHPK3PXP' }),
        () => second.reseal(USER),
      ]) {
        await expect(call()).rejects.toMatchObject({ name: 'OtpError', code: 'record-unreadable' });
      }
      expect(world.calls).not.toContain('write');
    },
  );

  test('does not repeat any of the text in its error', async () => {
    const world = newWorld();
    await world.plant('{"secret":"JBSWY3DPEHPK3PXP');
    const failure = await world.second.status(USER).catch((error) => error);
    expect(failure.message).not.toMatch(/JBSW|secret/);
    expect(failure.cause).toBeUndefined();
  });
});

describe('A record', () => {
  test('takes nothing from a polluted Object.prototype', async () => {
    const world = newWorld();
    const { phone } = await enrol(world);
    const polluted = Object.prototype as Record<string, unknown>;
    Object.assign(polluted, {
      pending: { id: 'evil' },
      usedAt: 5,
      replaces: 'all',
      proof: {},
      session: {},
    });
    try {
      const record = readRecord(JSON.stringify(await world.record()));
      expect(Object.hasOwn(record, 'pending') && record.pending).toBeUndefined();
      expect((await world.second.status(USER)).recoveryCodesLeft).toBe(10);
      expect(await world.second.enroll(USER, { account: 'a' })).toMatchObject({
        reason: 'proof-required',
      });
      expect(await world.second.verify(USER, phone.code())).toMatchObject({ ok: true });
    } finally {
      for (const name of ['pending', 'usedAt', 'replaces', 'proof', 'session'])
        delete polluted[name];
    }
  });

  test('with the most that a user can have stays below 16 kB', async () => {
    const world = newWorld({ recoveryCodes: 20 });
    const name = '🔑'.repeat(64);
    let { phone } = await enrol(world, { name });
    for (let i = 0; i < 4; i++)
      ({ phone } = await enrol(world, { name, proof: { code: phone.code() } }));
    const { authenticators } = await world.record();
    const sealed = `k1.${'A'.repeat(1000)}`;
    await world.change({ authenticators: authenticators.map((held) => ({ ...held, sealed })) });
    const text = JSON.stringify(await world.record());
    expect(text.length).toBeLessThan(10_000);
    expect(Buffer.byteLength(text)).toBeLessThan(16_384);
  });

  test('of another user, put in this one’s row, opens no secret', async () => {
    const keys = { k1: new Uint8Array(32).fill(1) };
    const world = newWorld({ sealer: aesGcmSealer({ current: 'k1', keys }) });
    const { phone } = await enrol(world);
    await world.plant(JSON.stringify(await world.record()), 'user-2');
    const verify = world.second.verify('user-2', phone.code());
    await expect(verify).rejects.toMatchObject({ code: 'secret-unreadable' });
  });
});
