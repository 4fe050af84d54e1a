/**
 * What is the portable engine's own: that its working memory holds nothing after a call. Its answers
 * are for `engines.test.ts` and the oracle.
 */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { engine as chosen } from '#engine';
import type { Attempt } from '../../src/engine/engine.js';
import { hmacOfCounter, prepareHmac } from '../../src/engine/hmac.js';
import { engine } from '../../src/engine/portable.js';
import type { Algorithm } from '../../src/internal/algorithm.js';
import { createKey } from '../../src/key.js';

// Both as they are, but with a record of what they were given.
vi.mock('../../src/engine/hmac.js', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/engine/hmac.js')>();
  return {
    prepareHmac: vi.fn(original.prepareHmac),
    hmacOfCounter: vi.fn(original.hmacOfCounter),
  };
});

const algorithms: readonly Algorithm[] = ['SHA1', 'SHA256', 'SHA512'];
const isFilled = (array: Uint8Array | Int32Array) => array.some((element) => element !== 0);
const { prepareHmac: prepareOriginally, hmacOfCounter: hmacOriginally } = await vi.importActual<
  typeof import('../../src/engine/hmac.js')
>('../../src/engine/hmac.js');

/** The memory that texts are decoded into, as `prepareHmac` sees it, and what it held then. */
function watchScratch() {
  const seen = { bytes: [] as Uint8Array[], held: [] as string[] };
  vi.mocked(prepareHmac).mockImplementation((hash, secret, length) => {
    seen.bytes.push(secret);
    seen.held.push(Buffer.from(secret.subarray(0, length)).toString('hex'));
    return prepareOriginally(hash, secret, length);
  });
  return seen;
}

beforeEach(() => {
  vi.mocked(prepareHmac).mockReset().mockImplementation(prepareOriginally);
  vi.mocked(hmacOfCounter).mockReset().mockImplementation(hmacOriginally);
});

describe('Nothing stays of a text', () => {
  const LENGTHS = [2, 4, 8, 16, 32, 34, 64, 103, 104, 205, 255, 256];

  test.each(algorithms)('in the memory that it was decoded into, under %s', (algorithm) => {
    const seen = watchScratch();
    for (const length of LENGTHS) engine.prepareText(algorithm, '7'.repeat(length));
    expect(seen.held).toEqual(LENGTHS.map((length) => 'ff'.repeat(Math.floor((length * 5) / 8))));
    expect(seen.bytes.map(isFilled)).toEqual(LENGTHS.map(() => false));
    // One memory for all, so that it was not made anew each time and left lying about.
    expect(new Set(seen.bytes).size).toBe(1);
  });

  test('that turns out not to be base32, wherever its fault is', () => {
    const seen = watchScratch();
    for (let length = 2; length <= 256; length += 5) {
      for (const place of [0, length >> 1, length - 1]) {
        for (const fault of ['!', '\u0141']) {
          const text = `${'7'.repeat(place)}${fault}${'7'.repeat(length - place - 1)}`;
          expect(engine.prepareText('SHA1', text)).toBeUndefined();
          expect(seen.bytes.some(isFilled)).toBe(false);
        }
      }
    }
    expect(seen.held.some((held) => held.includes('ff'))).toBe(true);
  });

  // As `createKey` does, over whichever engine. Kernels have memory of their own, which is not here.
  test.each(LENGTHS)('of %i characters on the way to a key', (length) => {
    const seen = watchScratch();
    createKey('7'.repeat(length));
    if (chosen.name === 'portable') {
      expect(seen.held).toEqual(['ff'.repeat(Math.floor((length * 5) / 8))]);
    }
    expect(seen.bytes.some(isFilled)).toBe(false);
  });

  test('on the way to an error', () => {
    const seen = watchScratch();
    for (const length of [2, 34, 64, 200, 256]) {
      expect(() => createKey(`${'7'.repeat(length - 1)}!`)).toThrow();
    }
    if (chosen.name === 'portable') expect(seen.held).toHaveLength(5);
    expect(seen.bytes.some(isFilled)).toBe(false);
  });
});

describe.each(algorithms)('Nothing stays of an HMAC of %s after', (algorithm) => {
  const key = engine.prepare(algorithm, Uint8Array.of(1, 2, 3));

  /** The working memory of the HMACs that `run` computes, and whether they were in it. */
  function watchWork(run: () => void) {
    const seen = { memories: new Set<Int32Array>(), wereFilled: [] as boolean[] };
    vi.mocked(hmacOfCounter).mockImplementation((hash, midstates, high, low, schedule, state) => {
      hmacOriginally(hash, midstates, high, low, schedule, state);
      seen.wereFilled.push(isFilled(schedule) && isFilled(state));
      seen.memories.add(schedule).add(state);
    });
    run();
    return { wereFilled: seen.wereFilled, left: [...seen.memories].map(isFilled) };
  }

  function attempt(count: number): Attempt {
    return { midstates: key, first: 2 ** 32 - 2, count, typed: 123_456, highest: -1 };
  }

  test.each([
    { what: 'a run', run: () => engine.truncateRun(key, 7, new Int32Array(3)) },
    { what: 'a match', run: () => engine.highestMatch(key, 7, 3, 123_456, 6) },
    { what: 'a batch', run: () => engine.highestMatches([attempt(1), attempt(2)], 6) },
  ])('$what', ({ run }) => {
    const { wereFilled, left } = watchWork(run);
    expect(wereFilled).toEqual([true, true, true]);
    expect(left).toEqual([false, false]);
  });
});
