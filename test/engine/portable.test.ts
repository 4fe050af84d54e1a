/**
 * What is the portable engine's own: that its working memory holds nothing after a call. Its answers
 * are for `engines.test.ts` and the oracle.
 */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Attempt } from '../../src/engine/engine.js';
import type { HashFunction } from '../../src/engine/hash.js';
import { hmacOfCounter, type Workspace } from '../../src/engine/hmac.js';
import type { Algorithm } from '../../src/key/algorithm.js';
import { portable as engine } from '../support/engines.js';

// As it is, but with a record of what it was given.
vi.mock('../../src/engine/hmac.js', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/engine/hmac.js')>();
  return { ...original, hmacOfCounter: vi.fn(original.hmacOfCounter) };
});

const algorithms: readonly Algorithm[] = ['SHA1', 'SHA256', 'SHA512'];
/** Whether a workspace holds anything of an inner digest or of an HMAC. */
function isFilled({ stateWords, blockWords }: HashFunction, { outer, state }: Workspace): boolean {
  const secrets = [outer.subarray(0, stateWords), outer.subarray(blockWords), state];
  return secrets.some((words) => words.some((word) => word !== 0));
}

const { hmacOfCounter: hmacOriginally } = await vi.importActual<
  typeof import('../../src/engine/hmac.js')
>('../../src/engine/hmac.js');

beforeEach(() => {
  vi.mocked(hmacOfCounter).mockReset().mockImplementation(hmacOriginally);
});

describe.each(algorithms)('Nothing stays of an HMAC of %s after', (algorithm) => {
  test.each(['truncateHmacs', 'matchOne'] as const)('%s was cut off', (name) => {
    const areFilled: (() => boolean)[] = [];
    vi.mocked(hmacOfCounter).mockImplementation((...input) => {
      hmacOriginally(...input);
      areFilled.push(() => isFilled(input[0], input[4]));
      expect(areFilled[0]?.()).toBe(true);
      throw new RangeError('Maximum call stack size exceeded');
    });
    const cutOff = () =>
      name === 'truncateHmacs'
        ? engine.truncateHmacs(key, 7, new Int32Array(3))
        : engine.matchOne(key, 7, 3, 1, 6);
    expect(cutOff).toThrow(RangeError);
    expect(areFilled.map((look) => look())).toEqual([false]);
  });

  const key = engine.prepareKey(algorithm, Uint8Array.of(1, 2, 3));

  /** The working memory of the HMACs that `run` computes, and whether they were in it. */
  function watchWork(run: () => void) {
    const looks: (() => boolean)[] = [];
    const wereFilled: boolean[] = [];
    vi.mocked(hmacOfCounter).mockImplementation((hash, midstates, high, low, work) => {
      hmacOriginally(hash, midstates, high, low, work);
      wereFilled.push(isFilled(hash, work));
      looks.push(() => isFilled(hash, work));
    });
    run();
    return { wereFilled, left: looks.map((look) => look()) };
  }

  function attempt(count: number): Attempt {
    return { midstates: key, first: 2 ** 32 - 2, count, typed: 123_456, matchIndex: -1 };
  }

  test.each([
    { what: 'a run', run: () => engine.truncateHmacs(key, 7, new Int32Array(3)) },
    { what: 'a match', run: () => engine.matchOne(key, 7, 3, 123_456, 6) },
    { what: 'a batch', run: () => engine.matchBatch([attempt(1), attempt(2)], 6) },
  ])('$what', ({ run }) => {
    const { wereFilled, left } = watchWork(run);
    expect(wereFilled).toEqual([true, true, true]);
    expect(left).toEqual([false, false, false]);
  });
});
