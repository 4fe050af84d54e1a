import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import type { SingleUseStore } from '../../src/single-use.js';
import { memoryStore } from '../../src/stores/memory.js';
import { testSingleUseStore } from '../../src/testing.js';
import { naiveStore } from '../support/naive-store.js';

const MAX_STEP = Number.MAX_SAFE_INTEGER;

/** Claims `step + i` for `count` ids of their own, one after the other; how many were granted. */
function flood(store: SingleUseStore, prefix: string, count: number, step: number): number {
  let granted = 0;
  for (let i = 0; i < count; i++) if (store.claim(`${prefix}${i}`, step + i)) granted++;
  return granted;
}

describe('As any store', () => testSingleUseStore(memoryStore(), test));

describe('A claim', () => {
  const ids = [
    ['a plain id', 'alice'],
    ['an HOTP id', 'hotp:alice'],
    ['an id of an HOTP id', 'totp:hotp:alice'],
    ['the empty id', ''],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['an emoji', '\u{1f511}'],
    ['NUL', '\0'],
    ['a lone surrogate', '\ud83d'],
    ['the longest id', 'x'.repeat(1029)],
  ] as const;

  test.each(ids)('is granted above every earlier step of the id, for %s', (_, id) => {
    const store = memoryStore();
    const steps = [5, 5, 4, 0, 6, 5, 6, 1_000_000, 7, MAX_STEP - 1, MAX_STEP, MAX_STEP, 0];
    const answers = steps.map((step) => store.claim(id, step));
    const yes = [5, 6, 1_000_000, MAX_STEP - 1, MAX_STEP];
    const firsts = yes.map((step) => steps.indexOf(step));
    expect(answers).toEqual(steps.map((_, i) => firsts.includes(i)));
  });

  test.each(ids)('of step 0 is granted once, for %s', (_, id) => {
    const store = memoryStore();
    expect([store.claim(id, 0), store.claim(id, 0), store.claim(id, 1)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('of minus zero is one of step 0', () => {
    const store = memoryStore();
    expect([store.claim('alice', -0), store.claim('alice', 0)]).toEqual([true, false]);
  });

  test('leaves every other id as it was', () => {
    const store = memoryStore();
    const all = ids.map(([, id]) => id);
    expect(all.map((id) => store.claim(id, 7))).toEqual(all.map(() => true));
    expect(all.map((id) => store.claim(id, 7))).toEqual(all.map(() => false));
  });

  test.each([
    ['ALICE', 'alice'],
    ['alice', 'alice '],
    ['alice', 'alice\0'],
    ['\ud83d', '\ud83e'],
    ['\u00e9', 'e\u0301'],
    ['hotp:alice', 'HOTP:alice'],
  ])('takes %j and %j for two ids', (one, other) => {
    const store = memoryStore();
    expect([store.claim(one, 7), store.claim(other, 7)]).toEqual([true, true]);
  });

  test('is answered at once, not by a promise', () => {
    expect(memoryStore().claim('alice', 1)).toBe(true);
  });

  test('in one store leaves another store as it was', () => {
    expect([memoryStore().claim('alice', 1), memoryStore().claim('alice', 1)]).toEqual([
      true,
      true,
    ]);
  });

  test.each([
    ['id', undefined, TypeError],
    ['id', null, TypeError],
    ['id', 7, TypeError],
    ['id', ['alice'], TypeError],
    ['id', Object('alice'), TypeError],
    ['id', 'x'.repeat(1030), RangeError],
    ['step', undefined, TypeError],
    ['step', null, TypeError],
    ['step', '7', TypeError],
    ['step', 7n, TypeError],
    ['step', Number.NaN, RangeError],
    ['step', Number.POSITIVE_INFINITY, RangeError],
    ['step', -1, RangeError],
    ['step', 6.5, RangeError],
    ['step', 2 ** 53, RangeError],
  ])('with %s %o throws and remembers nothing', (name, value, error) => {
    const store = memoryStore({ maxIds: 1 });
    const id = name === 'id' ? value : 'alice';
    const step = name === 'step' ? value : 7;
    expect(() => store.claim(id as never, step as never)).toThrow(error);
    expect(store.claim('alice', 0)).toBe(true);
  });

  test('that is refused for its id does not repeat the id in the message', () => {
    const id = `secret${'x'.repeat(1024)}`;
    expect(() => memoryStore().claim(id, 7)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});

test('Ids are kept as they came, whatever has become of String.prototype.slice', () => {
  const store = memoryStore();
  const slice = vi.spyOn(String.prototype, 'slice').mockReturnValue('mallory');
  const answers = ['alice', 'bob', 'hotp:alice', 'hotp:bob'].map((id) => store.claim(id, 7));
  slice.mockRestore();
  expect(answers).toEqual([true, true, true, true]);
  expect(store.claim('mallory', 7)).toBe(true);
});

test('An id that is too long is told how long it may be', () => {
  expect(() => memoryStore().claim('x'.repeat(1030), 1)).toThrow(
    '"id" must have at most 1029 characters',
  );
});

describe('maxIds', () => {
  test.each([1, 2, 10_000_000, undefined])('may be %o', (maxIds) => {
    expect(memoryStore({ maxIds }).claim('alice', 1)).toBe(true);
  });

  test.each([
    [0, RangeError],
    [-1, RangeError],
    [1.5, RangeError],
    [10_000_001, RangeError],
    [Number.NaN, RangeError],
    [Number.POSITIVE_INFINITY, RangeError],
    [null, TypeError],
    ['5', TypeError],
    [5n, TypeError],
    [true, TypeError],
  ])('may not be %o', (maxIds, error) => {
    expect(() => memoryStore({ maxIds } as never)).toThrow(error);
  });

  test.each([[null], ['maxIds'], [5], [[]], [() => 5]])('may not stand in %o', (options) => {
    expect(() => memoryStore(options as never)).toThrow(TypeError);
  });
});

describe('A store that was full', () => {
  test('forgets nothing as long as its ids suffice', () => {
    const store = memoryStore({ maxIds: 100 });
    expect(flood(store, 'user', 100, 1000)).toBe(100);
    expect(flood(store, 'user', 100, 1000)).toBe(0);
    // And it has refused nothing on account of something forgotten.
    expect(store.claim('user0', 1001)).toBe(true);
  });

  test.each([1, 2, 3, 4, 5, 10, 100])(
    'with maxIds %d refuses what it forgot, grants what lies above',
    (maxIds) => {
      const count = 3 * maxIds;
      const store = memoryStore({ maxIds });
      expect(flood(store, 'user', count, 1000)).toBe(count);
      expect(flood(store, 'user', count, 1000)).toBe(0);
      expect(flood(store, 'user', count, 999)).toBe(0);
      expect(flood(store, 'user', count, 1000 + count)).toBe(count);
    },
  );

  test.each([1, 2, 3, 4, 5, 10, 100])('remembers at most maxIds %d ids', (maxIds) => {
    const count = 3 * maxIds;
    const store = memoryStore({ maxIds });
    flood(store, 'user', count, 1000);
    // At least 2 * maxIds are forgotten. A store that knows one of them no more can be safe only if
    // it refuses their steps to everyone, so a newcomer tells how many there are.
    expect(store.claim('newcomer', 1000 + 2 * maxIds - 1)).toBe(false);
  });

  test('forgets the oldest steps first', () => {
    const store = memoryStore({ maxIds: 100 });
    flood(store, 'user', 101, 1000);
    expect(store.claim('newcomer', 1100)).toBe(true);
    expect(store.claim('user99', 1099)).toBe(false);
    expect(store.claim('user99', 1100)).toBe(true);
  });

  test('is safe when all its users share one step', () => {
    const store = memoryStore({ maxIds: 10 });
    const ids = Array.from({ length: 50 }, (_, i) => `user${i}`);
    const granted = ids.filter((id) => store.claim(id, 1000));
    expect(granted.slice(0, 10)).toEqual(ids.slice(0, 10));
    expect(granted.filter((id) => store.claim(id, 1000))).toEqual([]);
    expect(ids.filter((id) => store.claim(id, 1001)).slice(0, 10)).toEqual(ids.slice(0, 10));
  });
});

describe('HOTP counters', () => {
  test('are never forgotten, however many TOTP ids come through', () => {
    const store = memoryStore({ maxIds: 3 });
    const ids = ['hotp:alice', 'hotp:bob', 'hotp:'];
    expect(ids.map((id) => store.claim(id, 7))).toEqual([true, true, true]);
    expect(flood(store, 'user', 1000, 50_000_000)).toBe(1000);
    expect(ids.map((id) => store.claim(id, 7))).toEqual([false, false, false]);
    expect(ids.map((id) => store.claim(id, 8))).toEqual([true, true, true]);
  });

  test('start at 0 in a store that has forgotten high TOTP steps', () => {
    const store = memoryStore({ maxIds: 3 });
    flood(store, 'user', 1000, 50_000_000);
    expect(store.claim('hotp:alice', 0)).toBe(true);
  });

  test('do not refuse a TOTP id, full as the store may be of them', () => {
    const store = memoryStore({ maxIds: 3 });
    expect(flood(store, 'hotp:user', 3, MAX_STEP - 3)).toBe(3);
    expect(() => store.claim('hotp:user3', 0)).toThrow(RangeError);
    expect(() => store.claim('hotp:user3', 0)).toThrow(/"maxIds" \(3\)/);
    expect([store.claim('alice', 0), store.claim('alice', 0)]).toEqual([true, false]);
    expect(['bob', 'carol'].map((id) => store.claim(id, 0))).toEqual([true, true]);
    expect(flood(store, 'user', 100, 1)).toBe(100);
  });

  test('of a new id throw in a full store, and those of known ids are served as before', () => {
    const store = memoryStore({ maxIds: 3 });
    expect(flood(store, 'hotp:user', 3, 10)).toBe(3);
    for (const counter of [0, 11, MAX_STEP]) {
      expect(() => store.claim('hotp:newcomer', counter)).toThrow(RangeError);
    }
    expect(flood(store, 'hotp:user', 3, 10)).toBe(0);
    expect(flood(store, 'hotp:user', 3, 11)).toBe(3);
    expect(() => store.claim('hotp:newcomer', 0)).toThrow(RangeError);
  });

  test('that no longer fit are refused without a word about the id', () => {
    const store = memoryStore({ maxIds: 1 });
    store.claim('hotp:alice', 0);
    expect(() => store.claim('hotp:secret', 0)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});

describe('After the clock ran far ahead and came back', () => {
  const now = 1000;
  const far = 10_000_000;

  test('only those who signed in meanwhile wait for it', () => {
    const store = memoryStore({ maxIds: 8 });
    flood(store, 'early', 2, now);
    flood(store, 'unlucky', 3, far);
    // Hundreds of others come through a store of eight, and not one is refused.
    expect(flood(store, 'late', 300, now + 2)).toBe(300);
    expect(flood(store, 'early', 2, now + 302)).toBe(2);
    expect(flood(store, 'unlucky', 3, now + 304)).toBe(0);
    expect(flood(store, 'unlucky', 3, far + 3)).toBe(3);
  });

  test('three quarters of the ids far ahead keep no newcomer out', () => {
    const store = memoryStore({ maxIds: 400 });
    expect(flood(store, 'near', 100, now)).toBe(100);
    expect(flood(store, 'unlucky', 300, far)).toBe(300);
    // Round after round of newcomers, ten a step, each of whom is let in, and once only.
    for (let step = now + 100; step < now + 400; step++) {
      const ids = Array.from({ length: 10 }, (_, i) => `late ${step} ${i}`);
      expect(ids.filter((id) => store.claim(id, step))).toEqual(ids);
      expect(ids.filter((id) => store.claim(id, step))).toEqual([]);
    }
    expect(flood(store, 'near', 100, now)).toBe(0);
    expect(flood(store, 'unlucky', 300, far)).toBe(0);
  });

  test('a store that overflowed meanwhile refuses all it does not know, until time catches up', () => {
    // The price of a bound: it cannot tell a newcomer from one whose high step it forgot, and
    // granting to the latter would accept a code twice. A new store, once the codes accepted at the
    // wrong time are no longer due, ends the wait.
    const store = memoryStore({ maxIds: 8 });
    flood(store, 'unlucky', 9, far);
    expect(flood(store, 'newcomer', 300, now)).toBe(0);
    expect(flood(store, 'newcomer', 300, far + 9)).toBe(300);
  });
});

describe.runIf(process.env.SLOW)('Memory', { timeout: 120_000 }, () => {
  const MEGABYTE = 2 ** 20;

  function heapUsed(): number {
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')();
    return process.memoryUsage().heapUsed;
  }

  /** By how many bytes the heap grows when a million ids come through a store that has seen 100,000. */
  function growth(store: SingleUseStore): number {
    flood(store, 'early', 100_000, 0);
    const before = heapUsed();
    flood(store, 'late', 1_000_000, 100_000);
    const after = heapUsed();
    // Used once more, so that it is still there when the heap is measured.
    store.claim('alice', MAX_STEP);
    return after - before;
  }

  test('of a store without a bound grows by a million ids', () => {
    expect(growth(naiveStore())).toBeGreaterThan(50 * MEGABYTE);
  });

  test('of a memory store does not grow with the ids that come through', () => {
    expect(growth(memoryStore({ maxIds: 100_000 }))).toBeLessThan(16 * MEGABYTE);
  });

  test.each(['', 'hotp:'])('is not held by the text that an id "%s…" was cut from', (prefix) => {
    const store = memoryStore();
    const before = heapUsed();
    for (let i = 0; i < 100; i++) {
      // What a parser does: V8 keeps the whole text alive as long as the piece.
      const body = `${'x'.repeat(MEGABYTE)}${prefix}a user's id, number ${i}`;
      store.claim(body.slice(MEGABYTE), i);
    }
    const after = heapUsed();
    store.claim('alice', MAX_STEP);
    expect(after - before).toBeLessThan(10 * MEGABYTE);
  });
});

test('Cut off while it forgets, it has forgotten nothing that could be claimed again', () => {
  const store = memoryStore({ maxIds: 100 });
  flood(store, 'user', 100, 1000);
  const forget = Map.prototype.delete;
  let left = 7;
  Map.prototype.delete = function (key: unknown) {
    if (left-- === 0) throw new RangeError('Maximum call stack size exceeded');
    return forget.call(this, key);
  };
  try {
    expect(() => store.claim('one more', 2000)).toThrow(RangeError);
  } finally {
    Map.prototype.delete = forget;
  }
  expect(left).toBe(-1);
  expect(flood(store, 'user', 100, 1000)).toBe(0);
});
