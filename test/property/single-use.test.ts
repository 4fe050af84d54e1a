/**
 * Single use as theorems: about claims, about the memory store, and about sequences of attempts by
 * many users, played against a naive record of what was used.
 */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { generateHotp } from '../../src/hotp.js';
import { createKey, type OtpKey } from '../../src/key.js';
import {
  type HotpOnceResult,
  resyncHotpOnce,
  resyncTotpOnce,
  type SingleUseStore,
  verifyHotpOnce,
  verifyTotpOnce,
} from '../../src/single-use.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { TotpResult } from '../../src/totp.js';
import { anyCharacter } from '../support/any-character.js';
import { brokenStores, gapStore, naiveStore, slowStore } from '../support/naive-store.js';
import { rfc4226 } from '../vectors/rfc4226.js';

const PERIOD_MS = 30_000;

/** A step counted from 2001: from 1970 on, the times of some would look like seconds. */
function since2001(step: number): { epoch: number; timestamp: number } {
  return { epoch: 1e9, timestamp: 1e12 + step * PERIOD_MS };
}
const rfcKey = createKey(new Uint8Array(Buffer.from(rfc4226.secretHex, 'hex')));
const RUNS = process.env.SLOW ? 10 : 1;
vi.setConfig({ testTimeout: 60_000 });

describe('Of 64 concurrent attempts with one code, on a store that answers in any order,', () => {
  const attempts = Array.from({ length: 64 }, (_, i) => i);
  const code = generateHotp(rfcKey, 1000);
  const ways = [
    (store: SingleUseStore) =>
      verifyTotpOnce(rfcKey, code, { store, id: 'alice', timestamp: 1000 * PERIOD_MS }),
    (store: SingleUseStore) => verifyHotpOnce(rfcKey, code, { store, id: 'alice', counter: 1000 }),
  ];

  /** How many of the attempts were accepted; none of the others is anything but `reused`. */
  async function countAccepted(
    scheduler: fc.Scheduler,
    makeStore: (wait: () => Promise<unknown>) => SingleUseStore,
    verify: (typeof ways)[number],
  ): Promise<number> {
    const store = makeStore(() => scheduler.schedule(Promise.resolve()));
    const results = await scheduler.waitFor(Promise.all(attempts.map(() => verify(store))));
    const accepted = results.filter((result) => result.valid);
    const reused = results.filter((result) => !result.valid && result.reason === 'reused');
    expect(accepted.length + reused.length).toBe(64);
    return accepted.length;
  }

  test.each(ways)('exactly one is accepted (%#)', (verify) =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, inMemory) => {
        const inner = inMemory ? memoryStore() : naiveStore();
        const makeStore = (wait: () => Promise<unknown>) => slowStore(inner, wait);
        expect(await countAccepted(scheduler, makeStore, verify)).toBe(1);
      }),
      { numRuns: 20 * RUNS },
    ),
  );

  test.each(ways)('more are accepted if the store reads, checks and then writes (%#)', (verify) =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        expect(await countAccepted(scheduler, gapStore, verify)).toBeGreaterThan(1);
      }),
      { numRuns: 20 },
    ),
  );
});

describe('Of sign-ins and resynchronisations at once, on a store that answers in any order,', () => {
  type Attempt = (store: SingleUseStore) => Promise<{ readonly valid: boolean }>;
  /** The codes of these steps, in a row: one is a sign-in, more are a resynchronisation. */
  type Row = { readonly first: number; readonly length: number };
  const codesOf = ({ first, length }: Row) =>
    Array.from({ length }, (_, i) => generateHotp(rfcKey, first + i));

  function byClock(row: Row): Attempt {
    const codes = codesOf(row);
    const time = since2001(row.first);
    return (store) =>
      codes.length === 1
        ? verifyTotpOnce(rfcKey, codes[0] as string, { store, id: 'alice', ...time })
        : resyncTotpOnce(rfcKey, codes, { store, id: 'alice', ...time });
  }

  function byCounter(row: Row): Attempt {
    const codes = codesOf(row);
    const counter = row.first;
    return (store) =>
      codes.length === 1
        ? verifyHotpOnce(rfcKey, codes[0] as string, { store, id: 'alice', counter })
        : resyncHotpOnce(rfcKey, codes, { store, id: 'alice', counter });
  }

  const rows = fc.array(
    fc.record({ first: fc.integer({ min: 1, max: 8 }), length: fc.integer({ min: 1, max: 5 }) }),
    { minLength: 2, maxLength: 5 },
  );

  /** How often a code counted that counts most. */
  async function highestCount(
    scheduler: fc.Scheduler,
    rows: readonly Row[],
    make: (row: Row) => Attempt,
    makeStore: (wait: () => Promise<unknown>) => SingleUseStore,
  ): Promise<number> {
    const store = makeStore(() => scheduler.schedule(Promise.resolve()));
    const results = await scheduler.waitFor(Promise.all(rows.map((row) => make(row)(store))));
    const counts = new Map<string, number>();
    rows.forEach((row, i) => {
      if (!results[i]?.valid) return;
      for (const code of codesOf(row)) counts.set(code, (counts.get(code) ?? 0) + 1);
    });
    return Math.max(0, ...counts.values());
  }

  test.each([
    ['clock', byClock],
    ['counter', byCounter],
  ])('no code by the %s counts twice', (_, make) =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), rows, async (scheduler, rows) => {
        const makeStore = (wait: () => Promise<unknown>) => slowStore(naiveStore(), wait);
        expect(await highestCount(scheduler, rows, make, makeStore)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 * RUNS },
    ),
  );

  test('codes count twice if the store reads, checks and then writes', async () => {
    const lists = [
      { first: 3, length: 3 },
      { first: 3, length: 3 },
    ];
    let highest = 0;
    for (const scheduler of fc.sample(fc.scheduler(), 50)) {
      highest = Math.max(highest, await highestCount(scheduler, lists, byClock, gapStore));
    }
    expect(highest).toBe(2);
  });
});

describe('The ids of claims', () => {
  /** Ids that try to look like the id of another kind, or of another user. */
  const ids = fc.oneof(
    fc
      .array(fc.constantFrom('totp:', 'hotp:', 'totp', 'hotp', ':', 'alice'), {
        minLength: 1,
        maxLength: 6,
      })
      .map((parts) => parts.join('')),
    fc.string({ unit: anyCharacter, minLength: 1, maxLength: 8 }),
  );

  async function claimIds(id: string): Promise<string[]> {
    const claimed: string[] = [];
    const claim = (claimId: string) => claimed.push(claimId) > 0;
    const code = generateHotp(rfcKey, 1);
    await verifyTotpOnce(rfcKey, code, { store: { claim }, id, timestamp: PERIOD_MS });
    await verifyHotpOnce(rfcKey, code, { store: { claim }, id, counter: 1 });
    return claimed;
  }

  test('are the same only for the same kind of code and the same id', () =>
    fc.assert(
      fc.asyncProperty(fc.uniqueArray(ids, { maxLength: 8 }), async (users) => {
        const claimed = (await Promise.all(users.map(claimIds))).flat();
        expect(claimed).toHaveLength(2 * users.length);
        expect(new Set(claimed).size).toBe(claimed.length);
      }),
      { numRuns: 500 * RUNS },
    ));

  test('have at most 1,029 characters', () =>
    fc.assert(
      fc.asyncProperty(ids, async (id) => {
        for (const claimed of await claimIds(id.padEnd(1024, 'x'))) {
          expect(claimed.length).toBeLessThanOrEqual(1029);
        }
      }),
    ));
});

describe('A memory store, given any claims,', () => {
  type Claim = readonly [id: string, step: number];
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.nat(30) },
    { weight: 1, arbitrary: fc.maxSafeNat() },
  );
  const claimsOf = (prefix: string): fc.Arbitrary<Claim[]> =>
    fc
      .array(fc.tuple(fc.nat(12).map(String), step), { maxLength: 60 })
      .map((claims) => claims.map(([id, step]): Claim => [`${prefix}${id}`, step]));
  const maxIds = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 20 }));
  const numRuns = 1000 * RUNS;

  /** Last step granted to each id. */
  type Last = Map<string, number>;

  test('grants none for an id at or below a step granted to it before', () =>
    fc.assert(
      fc.property(maxIds, claimsOf(''), (maxIds, claims) => {
        const store = memoryStore({ maxIds });
        const naive = naiveStore();
        for (const [id, step] of claims) {
          if (store.claim(id, step)) expect(naive.claim(id, step)).toBe(true);
        }
      }),
      { numRuns },
    ));

  test('answers as one that never forgets, as long as it need not forget', () =>
    fc.assert(
      fc.property(maxIds, claimsOf(''), (maxIds, claims) => {
        const store = memoryStore({ maxIds });
        const naive = naiveStore();
        const known = new Set<string>();
        for (const [id, step] of claims) {
          if (known.add(id).size > maxIds) break;
          expect(store.claim(id, step)).toBe(naive.claim(id, step));
        }
      }),
      { numRuns },
    ));

  test('grants every step above all that it ever granted', () =>
    fc.assert(
      fc.property(maxIds, claimsOf(''), (maxIds, claims) => {
        const store = memoryStore({ maxIds });
        let highest = -1;
        for (const [id, step] of claims) {
          const granted = store.claim(id, step);
          if (step > highest) expect(granted).toBe(true);
          if (granted) highest = Math.max(highest, step);
        }
      }),
      { numRuns },
    ));

  test('remembers no more than maxIds ids', () =>
    fc.assert(
      fc.property(maxIds, claimsOf(''), (maxIds, claims) => {
        const store = memoryStore({ maxIds });
        const last: Last = new Map();
        for (const [id, step] of claims) if (store.claim(id, step)) last.set(id, step);
        // All ids but maxIds are forgotten. Their last steps must be refused to anybody unknown,
        // so at the least the lowest last steps are.
        const forgotten = [...last.values()].sort((a, b) => a - b).slice(0, -maxIds);
        for (const step of forgotten) expect(store.claim('newcomer', step)).toBe(false);
      }),
      { numRuns },
    ));

  test('forgets no HOTP counter, and TOTP and HOTP never change each other', () =>
    fc.assert(
      fc.property(maxIds, claimsOf(''), claimsOf('hotp:'), (maxIds, steps, counters) => {
        const mixed = memoryStore({ maxIds });
        const totpOnly = memoryStore({ maxIds });
        const naive = naiveStore();
        const known = new Set<string>();
        for (let i = 0; i < Math.max(steps.length, counters.length); i++) {
          const [id, step] = steps[i] ?? ['0', 0];
          expect(mixed.claim(id, step)).toBe(totpOnly.claim(id, step));
          const [hotpId, counter] = counters[i] ?? ['hotp:0', 0];
          if (known.has(hotpId) || known.size < maxIds) {
            known.add(hotpId);
            expect(mixed.claim(hotpId, counter)).toBe(naive.claim(hotpId, counter));
          } else {
            expect(() => mixed.claim(hotpId, counter)).toThrow(RangeError);
          }
        }
      }),
      { numRuns },
    ));
});

// The model. Users sign in with codes of all sorts while the clock jumps; a naive record of what
// was used says what each answer may be.

/** Ids that try to get into each other's way. */
const ids = ['alice', 'hotp:alice', 'totp:alice', 'totp:hotp:alice', '__proto__', '\ud83d'];
/** The first is RFC 6238's, which has neighbouring steps with one code near where clocks start. */
const keys = ids.map((_, i) => (i === 0 ? rfcKey : createKey(new Uint8Array(20).fill(i))));
const known = ids.map(() => new Map<number, string>());

/** The code of a user's step or counter; of 0 for one below, which does not exist. */
function codeOf(user: number, counter: number): string {
  const existing = Math.max(0, counter);
  const codes = known[user] as Map<number, string>;
  const code = codes.get(existing) ?? generateHotp(keys[user] as OtpKey, existing);
  codes.set(existing, code);
  return code;
}

interface Attempt {
  readonly kind: 'totp' | 'hotp';
  readonly user: number;
  /** The code of a step or counter near the middle of the window, one used before, or any text. */
  readonly typed:
    | { readonly near: number }
    | { readonly again: number }
    | { readonly text: string };
  readonly past: number;
  /** HOTP: the look-ahead. */
  readonly future: number;
  readonly drift: number;
  /** HOTP: by how much the stored counter lags behind, because storing it failed. */
  readonly lag: number;
  /** TOTP: whether the application passes on the last step. */
  readonly informed: boolean;
}

interface Scenario {
  readonly maxIds: number;
  /** The step at which the clock starts: the epoch, twin codes, a far one. */
  readonly start: number;
  /** The clock moves by some steps, or attempts are made at once. */
  readonly events: readonly ({ readonly jump: number } | { readonly attempts: Attempt[] })[];
}

const code = fc.nat(999_999).map((n) => String(n).padStart(6, '0'));
const malformed = fc.constantFrom('', '12345', '1234567', ' 12345', '12345a', '１２３４５６');
const reach = fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(10) });

const attempt: fc.Arbitrary<Attempt> = fc.record({
  kind: fc.constantFrom('totp', 'totp', 'hotp'),
  user: fc.nat(ids.length - 1),
  typed: fc.oneof(
    { weight: 6, arbitrary: fc.record({ near: fc.integer({ min: -3, max: 3 }) }) },
    { weight: 2, arbitrary: fc.record({ near: fc.integer({ min: -60, max: 60 }) }) },
    { weight: 4, arbitrary: fc.record({ again: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ text: fc.oneof(code, malformed) }) },
  ),
  past: reach,
  future: reach,
  drift: fc.oneof(fc.constant(0), fc.integer({ min: -5, max: 5 })),
  lag: fc.oneof(fc.constant(0), fc.nat(10)),
  informed: fc.boolean(),
});

const attempts = fc.record({ attempts: fc.array(attempt, { minLength: 1, maxLength: 4 }) });
const jump = (steps: fc.Arbitrary<number>) => fc.record({ jump: steps });

const scenario: fc.Arbitrary<Scenario> = fc.record({
  maxIds: fc.integer({ min: 1, max: 6 }),
  start: fc.constantFrom(0, 50_424_278, 1_000_000_000),
  events: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: attempts },
      { weight: 2, arbitrary: jump(fc.nat(2)) },
      { weight: 1, arbitrary: jump(fc.integer({ min: -100, max: 100 })) },
      { weight: 1, arbitrary: jump(fc.constantFrom(-1_000_000, 1_000_000)) },
    ),
    { minLength: 1, maxLength: 40 },
  ),
});

/** The naive record: for each user, the steps or counters that were used up, in their order. */
type Used = Map<number, number[]>;

interface World {
  readonly store: SingleUseStore;
  readonly maxIds: number;
  now: number;
  readonly used: { readonly totp: Used; readonly hotp: Used };
}

type Verdict = PromiseSettledResult<TotpResult | HotpOnceResult>;

function usedBy({ used }: World, { kind, user }: Attempt): readonly number[] {
  return used[kind].get(user) ?? [];
}

function lastOf(world: World, attempt: Attempt): number {
  return Math.max(-1, ...usedBy(world, attempt));
}

/** The call that an application makes, and the highest step or counter that it may be accepted as. */
function prepare(world: World, attempt: Attempt) {
  const { store, now } = world;
  const { kind, user, typed, past, future, drift, lag, informed } = attempt;
  const last = lastOf(world, attempt);
  const counter = Math.max(0, last + 1 - lag);
  const centre = kind === 'totp' ? now + drift : counter;
  const used = usedBy(world, attempt);
  const text =
    'text' in typed
      ? typed.text
      : codeOf(user, 'near' in typed ? centre + typed.near : (used[typed.again] ?? centre));
  let match = -1;
  const first = kind === 'totp' ? Math.max(0, centre - past) : counter;
  for (let at = first; at <= centre + future; at++) if (codeOf(user, at) === text) match = at;

  const key = keys[user] as OtpKey;
  const claim = { store, id: ids[user] as string };
  const verify = (): Promise<TotpResult | HotpOnceResult> =>
    kind === 'hotp'
      ? verifyHotpOnce(key, text, { ...claim, counter, lookAhead: future })
      : verifyTotpOnce(key, text, {
          ...claim,
          ...since2001(now),
          window: { past, future },
          drift,
          lastStep: informed && last >= 0 ? last : undefined,
        });
  return { attempt, match, last, isCode: /^[0-9]{6}$/.test(text), verify };
}

type Prepared = ReturnType<typeof prepare>;

/** Checks an accepted code and records it. */
function accept(world: World, { attempt, match, last }: Prepared, verdict: Verdict): string {
  const { kind, user } = attempt;
  expect(verdict).toHaveProperty(
    'value',
    kind === 'totp'
      ? { valid: true, step: match, delta: match - world.now }
      : { valid: true, counter: match, nextCounter: match + 1 },
  );
  // Above all that was accepted before these attempts; among themselves they may finish in any order.
  expect(match).toBeGreaterThan(last);
  expect(usedBy(world, attempt)).not.toContain(match);
  // Digits that the next step shows too are used up for both.
  const taken = [match];
  while (kind === 'totp' && codeOf(user, match) === codeOf(user, match + taken.length)) {
    taken.push(match + taken.length);
  }
  world.used[kind].set(user, [...usedBy(world, attempt), ...taken]);
  return `${kind} accepted`;
}

/** Checks a refusal. A refused code must have been wrong, used, overtaken or, at worst, forgotten. */
function refuse(
  world: World,
  { attempt, match, last, isCode }: Prepared,
  verdict: Verdict,
): string {
  const { kind } = attempt;
  const { used, maxIds } = world;
  if (verdict.status === 'rejected') {
    // The code was right, but the store is full of HOTP ids, and this is none of them.
    expect(match).toBeGreaterThanOrEqual(0);
    expect(verdict.reason).toBeInstanceOf(RangeError);
    expect({ kind, last, ids: used.hotp.size }).toEqual({ kind: 'hotp', last: -1, ids: maxIds });
    return 'hotp full';
  }
  const right = match >= 0 ? 'reused' : 'mismatch';
  const reason = isCode ? right : 'malformed';
  expect(verdict.value).toEqual({ valid: false, reason });
  if (reason !== 'reused' || match <= lastOf(world, attempt)) return `${kind} ${reason}`;
  // Only steps are forgotten, only if there are too many ids, and only up to the highest.
  expect(kind).toBe('totp');
  expect(used.totp.size).toBeGreaterThan(maxIds);
  expect(match).toBeLessThanOrEqual(Math.max(...[...used.totp.values()].flat()));
  return 'totp forgotten';
}

/**
 * Plays a scenario; throws if an answer is not one that the record allows.
 *
 * @param seen - gathers what happened, so that a test can show that it met every case
 */
async function play(
  store: SingleUseStore,
  { maxIds, start, events }: Scenario,
  seen: Set<string>,
): Promise<void> {
  const used = { totp: new Map(), hotp: new Map() };
  const world: World = { store, maxIds, now: start, used };
  for (const event of events) {
    if ('jump' in event) {
      world.now = Math.max(0, world.now + event.jump);
      continue;
    }
    const prepared = event.attempts.map((attempt) => prepare(world, attempt));
    const verdicts = await Promise.allSettled(prepared.map(({ verify }) => verify()));
    const attempts = prepared.map((one, i) => [one, verdicts[i] as Verdict] as const);
    const accepted = ([, verdict]: (typeof attempts)[number]) =>
      verdict.status === 'fulfilled' && verdict.value.valid;
    // What was accepted first: the others are judged by it.
    for (const [one, verdict] of attempts.filter(accepted)) seen.add(accept(world, one, verdict));
    expect(used.hotp.size).toBeLessThanOrEqual(maxIds);
    for (const [one, verdict] of attempts.filter((each) => !accepted(each))) {
      seen.add(refuse(world, one, verdict));
    }
  }
}

describe('Attempts of many users, while the clock jumps,', () => {
  type MakeStore = (maxIds: number) => SingleUseStore;

  /** Plays with a store that holds to the scenario's bound, or that is to hold all ids. */
  const property = (makeStore: MakeStore, bounded: boolean, seen = new Set<string>()) =>
    fc.asyncProperty(scenario, (scenario) => {
      const maxIds = bounded ? scenario.maxIds : Number.POSITIVE_INFINITY;
      return play(makeStore(scenario.maxIds), { ...scenario, maxIds }, seen);
    });

  test('never get a code accepted twice, nor an unused one refused, by a memory store', async () => {
    const seen = new Set<string>();
    const makeStore = (maxIds: number) => memoryStore({ maxIds });
    await fc.assert(property(makeStore, true, seen), { numRuns: 300 * RUNS });
    expect([...seen].sort()).toEqual([
      'hotp accepted',
      'hotp full',
      'hotp malformed',
      'hotp mismatch',
      'hotp reused',
      'totp accepted',
      'totp forgotten',
      'totp malformed',
      'totp mismatch',
      'totp reused',
    ]);
  });

  test('never get a code accepted twice by a store that takes its time', () => {
    const wait = () => Promise.resolve();
    const makeStore = (maxIds: number) => slowStore(memoryStore({ maxIds }), wait);
    return fc.assert(property(makeStore, true), { numRuns: 100 * RUNS });
  });

  test('never get an unused code refused by a store that forgets nothing', () =>
    fc.assert(property(naiveStore, false), { numRuns: 100 * RUNS }));

  test.each(brokenStores)('give away a store that %s', async (_, makeStore) => {
    const details = await fc.check(property(makeStore, false), {
      numRuns: 1000,
      endOnFailure: true,
    });
    // By a check of the model's, not by an error in the model itself.
    expect(details.errorInstance).toMatchObject({ name: 'AssertionError' });
  });
});
