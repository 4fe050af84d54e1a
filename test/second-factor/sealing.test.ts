import { afterEach, describe, expect, test, vi } from 'vitest';
import { aesGcmSealer } from '../../src/second-factor.js';

const k1 = Uint8Array.from({ length: 32 }, (_, i) => i);
const k2 = new Uint8Array(32).fill(2);
const about = { userId: 'user-1', authenticatorId: 'a' };
const secret = Uint8Array.from({ length: 20 }, (_, i) => 200 + i);
const unreadable = { name: 'OtpError', code: 'secret-unreadable' };

afterEach(() => vi.unstubAllGlobals());

describe('aesGcmSealer', () => {
  const sealer = aesGcmSealer({ current: 'k1', keys: { k1, k2 } });

  test('opens what it sealed, for secrets of 1 to 64 bytes', async () => {
    for (const length of [1, 10, 20, 32, 64]) {
      const bytes = new Uint8Array(length).fill(length);
      const sealed = await sealer.seal(bytes, about);
      expect(sealed).toMatch(/^k1\.[\w-]+$/);
      expect(await sealer.open(sealed, about)).toEqual(bytes);
    }
  });

  test('seals one secret differently each time, as nonces are drawn at random', async () => {
    const texts = await Promise.all(Array.from({ length: 100 }, () => sealer.seal(secret, about)));
    expect(new Set(texts).size).toBe(100);
  });

  test('opens a text under a former key, and knows that it is not current', async () => {
    const former = aesGcmSealer({ current: 'k2', keys: { k2 } });
    const sealed = await former.seal(secret, about);
    expect([sealer.isCurrent(sealed), former.isCurrent(sealed)]).toEqual([false, true]);
    expect(await sealer.open(sealed, about)).toEqual(secret);
  });

  test.each([
    ['another user', { userId: 'user-2', authenticatorId: 'a' }],
    ['another authenticator', { userId: 'user-1', authenticatorId: 'b' }],
    ['ids that join to the same text', { userId: 'user-1a', authenticatorId: '' }],
    ['ids that quote each other', { userId: 'user-1","a', authenticatorId: '' }],
  ])('opens for %s in no way', async (_, other) => {
    const sealed = await sealer.seal(secret, about);
    await expect(sealer.open(sealed, other)).rejects.toMatchObject(unreadable);
  });

  test('keeps half surrogate pairs apart', async () => {
    const sealed = await sealer.seal(secret, { ...about, userId: '\ud83d' });
    await expect(sealer.open(sealed, { ...about, userId: '\ud83e' })).rejects.toMatchObject(
      unreadable,
    );
    await expect(sealer.open(sealed, { ...about, userId: '\ufffd' })).rejects.toMatchObject(
      unreadable,
    );
  });

  test('rejects a text with any character changed, cut, or moved to another key', async () => {
    const sealed = await sealer.seal(secret, about);
    for (let i = 0; i < sealed.length - 1; i++) {
      const changed = sealed.slice(0, i) + (sealed[i] === 'A' ? 'B' : 'A') + sealed.slice(i + 1);
      await expect(sealer.open(changed, about)).rejects.toMatchObject(unreadable);
    }
    const others = [
      '',
      '.',
      'k1',
      'k1.',
      'k1.AA',
      'k1.!',
      'k3.AAAA',
      sealed.slice(0, -4),
      `k2${sealed.slice(2)}`,
    ];
    for (const text of others)
      await expect(sealer.open(text, about)).rejects.toMatchObject(unreadable);
  });

  test('shows nothing of the secret in an error', async () => {
    const failure = await Promise.resolve(sealer.open(`k1.${'A'.repeat(64)}`, about)).catch(
      (error) => error,
    );
    expect(failure.message).not.toContain('AAAA');
    expect(failure.cause).toBeUndefined();
  });

  test('copies the keys, so that wiping them later changes nothing', async () => {
    const bytes = Uint8Array.from(k1);
    const own = aesGcmSealer({ current: 'k1', keys: { k1: bytes } });
    bytes.fill(0);
    expect(await sealer.open(await own.seal(secret, about), about)).toEqual(secret);
  });

  test.each([
    [undefined, /"options"/],
    [{ current: 'k1', keys: {} }, /"current"/],
    [{ current: 'k9', keys: { k1 } }, /"current"/],
    [{ current: 7, keys: { k1 } }, /"current"/],
    [{ current: 'k1', keys: { k1: new Uint8Array(31) } }, /"keys.k1" must have 32 bytes/],
    [{ current: 'k1', keys: { k1: 'x'.repeat(32) } }, /"keys.k1" must be a Uint8Array/],
    [{ current: 'a.b', keys: { 'a.b': k1 } }, /"keys" must have ids/],
    [{ current: 'k'.repeat(33), keys: { ['k'.repeat(33)]: k1 } }, /"keys" must have ids/],
    [{ current: 'toString', keys: { k1 } }, /"current"/],
    [{ current: 'k1', keys: { k1 }, key: k1 }, /options.key/],
  ])('of %o is not made', (options, message) => {
    expect(() => aesGcmSealer(options as never)).toThrow(message);
  });

  test('is not made in a runtime without WebCrypto', () => {
    vi.stubGlobal('crypto', {});
    expect(() => aesGcmSealer({ current: 'k1', keys: { k1 } })).toThrow(/WebCrypto/);
    vi.stubGlobal('crypto', undefined);
    expect(() => aesGcmSealer({ current: 'k1', keys: { k1 } })).toThrow(TypeError);
  });
});
