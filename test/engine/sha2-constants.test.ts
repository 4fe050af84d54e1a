/** The computed constants of SHA-2 against the words that FIPS 180-4 prints. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { sha256H, sha256K, sha512H, sha512K } from '../../src/engine/sha2-constants.js';
import { sha2Words } from '../vectors/sha2-constants.js';

const hex = (words: Iterable<number>) =>
  [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
/** The high halves of 64-bit words. */
const highHalves = (words: readonly string[]) => words.map((word) => word.slice(0, 8));

test('K of SHA-512 is the table of §4.2.3', () => {
  expect(sha2Words.k).toHaveLength(80);
  expect(hex(sha512K())).toBe(sha2Words.k.join(''));
});

test('K of SHA-256 is the table of §4.2.2', () => {
  expect(hex(sha256K())).toBe(highHalves(sha2Words.k.slice(0, 64)).join(''));
});

test('H(0) of SHA-512 is that of §5.3.5, as unsigned words', () => {
  expect(hex(sha512H())).toBe(sha2Words.h.join(''));
  expect(sha512H().every((word) => word >= 0)).toBe(true);
});

test('H(0) of SHA-256 is that of §5.3.3', () => {
  expect(hex(sha256H())).toBe(highHalves(sha2Words.h).join(''));
});

test('They are computed once', () => {
  expect(sha512K()).toBe(sha512K());
  expect(sha256H()).toBe(sha256H());
});

describe('Built-in functions that lie for a moment leave no wrong constants behind:', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  const lies: readonly (readonly [what: string, lie: () => void])[] = [
    ['BigInt.asUintN', () => vi.spyOn(BigInt, 'asUintN').mockReturnValue(0n)],
    ['Array.prototype.flatMap', () => vi.spyOn(Array.prototype, 'flatMap').mockReturnValue([])],
    ['Array.prototype.every', () => vi.spyOn(Array.prototype, 'every').mockReturnValue(true)],
    ['Array.prototype.filter', () => vi.spyOn(Array.prototype, 'filter').mockReturnValue([])],
    ['BigInt', () => vi.stubGlobal('BigInt', () => 7n)],
    ['Number', () => vi.stubGlobal('Number', () => 7)],
  ];

  test.each(lies)('%s', async (_, lie) => {
    vi.resetModules();
    const fresh = await import('../../src/engine/sha2-constants.js');
    let isRefused = false;
    lie();
    try {
      fresh.sha256K();
      fresh.sha256H();
    } catch (error) {
      expect(String(error)).toContain('the constants of SHA-2 came out wrong');
      isRefused = true;
    }
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    expect(hex(fresh.sha512K())).toBe(sha2Words.k.join(''));
    expect(hex(fresh.sha256H())).toBe(highHalves(sha2Words.h).join(''));
    // Those two are asked; the others are not.
    expect(isRefused).toBe(lie.toString().includes('stubGlobal'));
  });
});
