// The store in memory, and the conformance suite: it passes a right store and finds each wrong one.
import { describe, expect, test } from 'vitest';
import { memoryFactorStore } from '../../src/second-factor/memory.js';
import { type TestFactorStoreOptions, testFactorStore } from '../../src/second-factor/testing.js';
import type { FactorStore, StoredFactor } from '../../src/second-factor.js';

describe('In memory', () => {
  const store = memoryFactorStore();
  testFactorStore(store, test, { other: store });
});

/** The names of the tests that a store fails. */
async function failures(store: FactorStore, options?: TestFactorStoreOptions): Promise<string[]> {
  const tests: [string, () => Promise<void>][] = [];
  testFactorStore(store, (name, run) => tests.push([name, run]), options);
  const failed: string[] = [];
  for (const [name, run] of tests) await run().catch(() => failed.push(name));
  return failed;
}

type Row = StoredFactor;

/** A store over a map, one part of which is wrong. */
function storeWith(wrong: {
  key?: (userId: string) => string;
  keep?: (record: string) => string;
  isKept?: (row: Row | undefined, version: string | undefined) => boolean;
  next?: (row: Row | undefined) => string;
  answer?: (isKept: boolean) => unknown;
  check?: (userId: unknown) => void;
}) {
  const {
    key = (userId) => userId,
    keep = (record) => record,
    isKept = (row, version) => row?.version === version,
    answer = (kept) => kept,
    check = (userId) => {
      if (typeof userId !== 'string' || userId === '' || userId.length > 1024)
        throw new TypeError();
    },
  } = wrong;
  let count = 0;
  const next = wrong.next ?? (() => String(++count));
  const rows = new Map<string, Row>();
  const store: FactorStore = {
    read(userId) {
      check(userId);
      return rows.get(key(userId));
    },
    write(userId, record, version) {
      check(userId);
      const row = rows.get(key(userId));
      if (!isKept(row, version)) return answer(false) as boolean;
      rows.set(key(userId), { record: keep(record), version: next(row) });
      return answer(true) as boolean;
    },
  };
  return { store, rows, erase: (userId: string) => rows.delete(key(userId)) };
}

describe('The suite', () => {
  test('passes a right store, with the deletion of rows too', async () => {
    const { store, erase } = storeWith({});
    expect(await failures(store, { other: store, erase })).toEqual([]);
  });

  const wrong: [string, Parameters<typeof storeWith>[0], RegExp][] = [
    ['writes without looking', { isKept: () => true }, /one wins/],
    [
      'creates over a row',
      { isKept: (row, version) => version === undefined || row?.version === version },
      /created once/,
    ],
    [
      'updates what is not there',
      { isKept: (row, version) => row === undefined || row.version === version },
      /not there/,
    ],
    ['parses JSON', { keep: (record) => JSON.stringify(JSON.parse(record)) }, /order, spaces/],
    ['trims texts', { keep: (record) => record.trim() }, /spaces at both ends/],
    ['cuts texts', { keep: (record) => record.slice(0, 16_000) }, /16,384/],
    ['keeps Latin letters alone', { keep: (record) => record.replace(/[^ -~\s]/g, '?') }, /emoji/],
    ['folds case', { key: (userId) => userId.toLowerCase() }, /look alike/],
    ['trims ids', { key: (userId) => userId.trim() }, /look alike/],
    ['composes accents', { key: (userId) => userId.normalize('NFC') }, /look alike/],
    ['cuts ids', { key: (userId) => userId.slice(0, 255) }, /differ in one/],
    [
      'replaces halves of pairs',
      { key: (userId) => userId.replace(/\p{Surrogate}/gu, '\ufffd') },
      /surrogate/,
    ],
    ['keeps one version', { next: () => '1' }, /stale|new version/],
    [
      'starts each row at 1',
      { next: (row) => String(Number(row?.version ?? 0) + 1) },
      /deleted and made anew/,
    ],
    ['answers with numbers', { answer: Number }, /created once/],
    ['answers the wrong way round', { answer: (kept) => !kept }, /created once/],
    ['takes any id', { check: () => {} }, /no text/],
  ];

  test.each(wrong)('finds a store that %s', async (_, parts, name) => {
    const { store, erase } = storeWith(parts);
    const found = await failures(store, { erase });
    expect(
      found.some((failed) => name.test(failed)),
      found.join('\n'),
    ).toBe(true);
  });

  test('finds a race: a store that reads, waits and then writes', async () => {
    const { store, rows } = storeWith({});
    const slow: FactorStore = {
      read: (userId) => store.read(userId),
      async write(userId, record, version, more) {
        const stored = rows.get(userId);
        await new Promise<void>((resolve) => setImmediate(resolve));
        if (stored?.version !== version) return false;
        return store.write(userId, record, rows.get(userId)?.version, more);
      },
    };
    expect(await failures(slow)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/create a row at once/),
        expect.stringMatching(/lose no count/),
      ]),
    );
  });

  test('finds a client inside a transaction: another connection does not see the rows', async () => {
    const inside = storeWith({}).store;
    const outside = storeWith({}).store;
    const found = await failures(inside, { other: outside });
    expect(found).toContainEqual(expect.stringMatching(/no transaction is open/));
  });

  test.each([undefined, {}, { read() {} }, { write() {} }])('is no suite for %o', (store) => {
    expect(() => testFactorStore(store as never, test)).toThrow(TypeError);
  });
});
