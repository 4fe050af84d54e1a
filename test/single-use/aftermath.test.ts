// What follows from a claim that lies ahead, or in other steps: the last rows of the table of warnings in
// docs/stores.md.
import { describe, expect, test } from 'vitest';
import {
  createKey,
  generateHotp,
  generateTotp,
  memoryStore,
  resyncTotpOnce,
  verifyHotp,
  verifyHotpOnce,
  verifyTotpOnce,
} from '../../src/index.js';

const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
const outcomeOf = (result: { valid: boolean; reason?: string }) =>
  result.valid ? 'accepted' : result.reason;

describe('A chance match of HOTP ahead', () => {
  test.each([
    [10, 1],
    [100, 3],
  ])('with lookAhead %d moves the counter in %d of 30,000 sign-ins', (lookAhead, expected) => {
    let ahead = 0;
    for (let counter = 0; counter < 30_000; counter++) {
      const result = verifyHotp(key, generateHotp(key, counter), { counter, lookAhead });
      if (result.valid && result.counter !== counter) ahead++;
    }
    expect(ahead).toBe(expected);
  });

  test('is caught up with by as many presses as it skipped', async () => {
    // Counters 2386 and 2394 share the code 709847.
    const options = { store: memoryStore(), id: 'device', lookAhead: 10 };
    let next = 2386;
    const outcomes: unknown[] = [];
    for (let counter = 2386; counter <= 2396; counter++) {
      const code = generateHotp(key, counter);
      const result = await verifyHotpOnce(key, code, { ...options, counter: next });
      if (result.valid) next = result.nextCounter;
      outcomes.push(outcomeOf(result));
    }
    const skipped = Array.from({ length: 8 }, () => 'mismatch');
    expect(outcomes).toEqual(['accepted', ...skipped, 'accepted', 'accepted']);
  });
});

describe('One id under another period or epoch', () => {
  const timestamp = 1_700_000_000_000;
  const attempt = async (options: object, shared: object) => {
    const code = generateTotp(key, { timestamp, ...options });
    return outcomeOf(
      await verifyTotpOnce(key, code, {
        id: 'alice',
        store: memoryStore(),
        timestamp,
        ...shared,
        ...options,
      }),
    );
  };

  test.each([
    ['a longer period', { period: 60 }, 'reused'],
    ['a later epoch', { epoch: 1_000_000_000 }, 'reused'],
    ['a shorter period', { period: 15 }, 'accepted'],
  ])('with %s is %s', async (_, options, outcome) => {
    const store = memoryStore();
    expect(await attempt({}, { store })).toBe('accepted');
    expect(await attempt(options, { store })).toBe(outcome);
    expect(await attempt(options, { store, id: 'alice, second secret' })).toBe('accepted');
  });

  test('with a shorter period and back is shut out', async () => {
    const store = memoryStore();
    expect(await attempt({ period: 15 }, { store })).toBe('accepted');
    expect(await attempt({}, { store })).toBe('reused');
  });
});

test('A fast phone that was resynchronised and set right waits until the clock has caught up', async () => {
  const shared = { store: memoryStore(), id: 'alice' };
  const step = 50_000_000;
  const ahead = 15;
  const codeOf = (at: number) => generateTotp(key, { timestamp: 30_000 * at });
  const codes = [codeOf(step + ahead - 1), codeOf(step + ahead)];
  const timestamp = 30_000 * step;
  const found = await resyncTotpOnce(key, codes, { ...shared, timestamp });
  expect(found).toMatchObject({ valid: true, step: step + ahead });
  const outcomes = [];
  for (let now = step + 1; now <= step + ahead + 1; now++) {
    const options = { ...shared, timestamp: 30_000 * now, window: 1 };
    outcomes.push(outcomeOf(await verifyTotpOnce(key, codeOf(now), options)));
  }
  const waiting = Array.from({ length: ahead }, () => 'reused');
  expect(outcomes).toEqual([...waiting, 'accepted']);
});
