import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { truncateHmacs } from '#engine';
import { OtpError } from '../src/errors.js';
import { generateHotp } from '../src/hotp.js';
import { createKey } from '../src/key.js';
import {
  checkStore,
  resyncHotpOnce,
  resyncTotpOnce,
  type SingleUseStore,
  verifyHotpOnce,
  verifyTotpOnce,
} from '../src/single-use.js';
import { memoryStore } from '../src/stores/memory.js';
import { generateTotp } from '../src/totp.js';
import { naiveStore, slowStore } from './support/naive-store.js';
import { type CodeCollision, collisions } from './vectors/collisions.js';
import { rfc4226 } from './vectors/rfc4226.js';

// As it is, but with a record of its calls.
vi.mock('#engine', { spy: true });

const PERIOD_MS = 30_000;
const EPOCH = 1_000_000_000;

/** A step counted from 2001: from 1970 on, the times of some of them would look like seconds. */
function since2001(step: number): { epoch: number; timestamp: number } {
  return { epoch: EPOCH, timestamp: 1000 * EPOCH + step * PERIOD_MS };
}

/** RFC 4226's key, which is RFC 6238's 20-byte key too. */
const key = createKey(new Uint8Array(Buffer.from(rfc4226.secretHex, 'hex')));
/** The code of counter 1, and of step 1. */
const code = '287082';
const REUSED = { valid: false, reason: 'reused' };
/** A code of none of the steps 0 to 2. */
const wrongCode = '123456';

interface Claim {
  readonly store: SingleUseStore;
  readonly id: string;
}

/** Both functions, at the moment where `code` is the right one. */
const functions = [
  {
    name: 'verifyTotpOnce',
    claimId: 'alice',
    accepted: { valid: true, step: 1, delta: 0 },
    verify: (typed: unknown, claim: Claim) =>
      verifyTotpOnce(key, typed as string, { timestamp: PERIOD_MS, ...claim }),
    verifyWith: (options: unknown) => verifyTotpOnce(key, code, options as never),
  },
  {
    name: 'verifyHotpOnce',
    claimId: 'hotp:alice',
    accepted: { valid: true, counter: 1, nextCounter: 2 },
    verify: (typed: unknown, claim: Claim) =>
      verifyHotpOnce(key, typed as string, { counter: 1, ...claim }),
    verifyWith: (options: unknown) => verifyHotpOnce(key, code, options as never),
  },
];

/** A store that gives one answer to all, and the claims it was asked for. */
function recordingStore(answer: () => unknown = () => true) {
  const claims: [id: string, step: number][] = [];
  const claim = (id: string, step: number) => {
    claims.push([id, step]);
    return answer() as boolean;
  };
  return { claims, claim };
}

type Settle = (value: unknown) => void;

function thenable(then: (done: Settle, fail: Settle) => void): object {
  return { then };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const malformedCodes: [unknown][] = [
  [''],
  ['28708'],
  ['2870822'],
  [' 287082'],
  ['28708a'],
  ['２８７０８２'],
  ['2'.repeat(10_000_000)],
  [287082],
  [undefined],
  [null],
  [['287082']],
  [{ toString: () => '287082' }],
];

describe.each(functions)('$name', ({ claimId, accepted, verify, verifyWith }) => {
  test('accepts a code once', async () => {
    const claim = { store: memoryStore(), id: 'alice' };
    expect(await verify(code, claim)).toEqual(accepted);
    expect(await verify(code, claim)).toEqual({ valid: false, reason: 'reused' });
    expect(await verify(code, claim)).toEqual({ valid: false, reason: 'reused' });
  });

  test('accepts a code once for each id', async () => {
    const store = memoryStore();
    expect(await verify(code, { store, id: 'alice' })).toEqual(accepted);
    expect(await verify(code, { store, id: 'bob' })).toEqual(accepted);
    expect(await verify(code, { store, id: 'alice' })).toMatchObject({ valid: false });
  });

  test('asks the store exactly once for what it accepts', async () => {
    const store = recordingStore();
    expect(await verify(code, { store, id: 'alice' })).toEqual(accepted);
    expect(store.claims).toEqual([[claimId, 1]]);
  });

  test('asks the store exactly once for what the store refuses', async () => {
    const store = recordingStore(() => false);
    expect(await verify(code, { store, id: 'alice' })).toEqual({ valid: false, reason: 'reused' });
    expect(store.claims).toEqual([[claimId, 1]]);
  });

  test.each([
    ['a promise', (granted: boolean) => Promise.resolve(granted)],
    ['a late promise', (granted: boolean) => new Promise((done) => setTimeout(done, 5, granted))],
    // Query builders answer with an object that has a `then` and is no Promise.
    ['a thenable', (granted: boolean) => thenable((done) => done(granted))],
  ])('waits for %s', async (_, answer) => {
    expect(await verify(code, { store: recordingStore(() => answer(true)), id: 'a' })).toEqual(
      accepted,
    );
    expect(await verify(code, { store: recordingStore(() => answer(false)), id: 'a' })).toEqual({
      valid: false,
      reason: 'reused',
    });
  });

  test('calls claim as a method of the store', async () => {
    class Store {
      readonly #inner = naiveStore();
      claim(id: string, step: number) {
        return this.#inner.claim(id, step);
      }
    }
    expect(await verify(code, { store: new Store(), id: 'alice' })).toEqual(accepted);
  });

  test.each(malformedCodes)('does not ask the store for the malformed code %#', async (typed) => {
    const store = recordingStore();
    expect(await verify(typed, { store, id: 'alice' })).toEqual({
      valid: false,
      reason: 'malformed',
    });
    expect(store.claims).toEqual([]);
  });

  test('does not ask the store for a code that does not match', async () => {
    const store = recordingStore();
    expect(await verify(wrongCode, { store, id: 'alice' })).toEqual({
      valid: false,
      reason: 'mismatch',
    });
    expect(store.claims).toEqual([]);
  });

  const errors = [
    new Error('the store is down'),
    new OtpError('invalid-length', 0, 'of the store'),
    'a text',
    undefined,
    // Not taken for a result.
    { valid: true },
  ].map((error) => [error]);

  test.each(errors)('rejects with the very error that the store throws: %s', async (error) => {
    const store = recordingStore(() => {
      throw error;
    });
    await expect(verify(code, { store, id: 'alice' })).rejects.toBe(error);
    expect(store.claims).toHaveLength(1);
  });

  test.each(errors)(
    'rejects with the very error that the store rejects with: %s',
    async (error) => {
      const store = recordingStore(() => Promise.reject(error));
      await expect(verify(code, { store, id: 'alice' })).rejects.toBe(error);
      expect(store.claims).toHaveLength(1);
    },
  );

  test.each(errors)('rejects with the very error that a thenable ends with: %s', async (error) => {
    const store = recordingStore(() => thenable((_, fail) => fail(error)));
    await expect(verify(code, { store, id: 'alice' })).rejects.toBe(error);
  });

  test.each([
    [undefined],
    [null],
    [1],
    [0],
    [1n],
    ['true'],
    ['OK'],
    [''],
    [Object(true)],
    [[true]],
    [{ granted: true }],
    [{ rowCount: 1 }],
    [() => true],
    [Symbol('granted')],
  ])('takes the answer %o of a store for a fault, not for a yes or a no', async (answer) => {
    const ways = [
      () => answer,
      () => Promise.resolve(answer),
      () => thenable((done) => done(answer)),
    ];
    for (const way of ways) {
      const store = recordingStore(way);
      await expect(verify(code, { store, id: 'alice' })).rejects.toMatchObject({
        name: 'TypeError',
        message: expect.stringMatching(/^"store\.claim\(\)" must be true or false, got \S+/),
      });
      expect(store.claims).toHaveLength(1);
    }
  });

  describe.each([
    ['the right code', code],
    ['a wrong code', wrongCode],
    ['a malformed code', '28708'],
    ['no code', undefined],
  ])('given %s', (_, typed) => {
    test.each([
      ['a missing store', { store: undefined }, TypeError],
      ['null for a store', { store: null }, TypeError],
      ['a store without claim', { store: {} }, TypeError],
      ['a store whose claim is no function', { store: { claim: true } }, TypeError],
      ['a text for a store', { store: 'memory' }, TypeError],
      ['a function for a store', { store: () => true }, TypeError],
      ['a missing id', { id: undefined }, TypeError],
      ['null for an id', { id: null }, TypeError],
      ['a number for an id', { id: 7 }, TypeError],
      ['an array for an id', { id: ['alice'] }, TypeError],
      ['a String object for an id', { id: Object('alice') }, TypeError],
      ['an empty id', { id: '' }, RangeError],
      ['an id of 1,025 characters', { id: 'x'.repeat(1025) }, RangeError],
      ['an id of 513 emoji', { id: '\u{1f511}'.repeat(513) }, RangeError],
    ])('rejects %s before it computes anything', async (_, wrong, error) => {
      const compute = vi.mocked(truncateHmacs).mockClear();
      const store = recordingStore();
      const claim = { store, id: 'alice', ...wrong } as Claim;
      await expect(verify(typed, claim)).rejects.toThrow(error);
      expect(compute).not.toHaveBeenCalled();
      expect(store.claims).toEqual([]);
    });
  });

  test.each([[undefined], [null], ['alice'], [7], [[]], [{}]])(
    'rejects the options %o',
    (options) => expect(verifyWith(options)).rejects.toThrow(TypeError),
  );
});

describe('verifyTotpOnce', () => {
  const reused = { valid: false, reason: 'reused' };
  const mismatch = { valid: false, reason: 'mismatch' };

  test.each([
    ['the past by default', 2, {}, -1],
    ['the future by default', 0, {}, 1],
    ['a wide window', 11, { window: 10 }, -10],
    ['one side of a window', 3, { window: { past: 2, future: 0 } }, -2],
    ['a drift', 9, { drift: -8 }, -8],
    ['a drift and a window', 9, { drift: -10, window: { past: 0, future: 2 } }, -8],
    ['a last step below', 1, { lastStep: 0 }, 0],
  ])('accepts a code within %s, once', async (_, step, options, delta) => {
    const claim = { store: memoryStore(), id: 'alice', timestamp: step * PERIOD_MS, ...options };
    expect(await verifyTotpOnce(key, code, claim)).toEqual({ valid: true, step: 1, delta });
    expect(await verifyTotpOnce(key, code, claim)).toEqual(reused);
  });

  test.each([
    ['outside the window', 3, {}, mismatch],
    ['outside a window of one side', 2, { window: { past: 0, future: 10 } }, mismatch],
    ['beside the step in strict mode', 2, { window: 0 }, mismatch],
    ['outside the window around a drift', 1, { drift: 3 }, mismatch],
    ['of the last step', 1, { lastStep: 1 }, reused],
    ['below the last step', 1, { lastStep: 2 }, reused],
  ])('does not ask the store for a code %s', async (_, step, options, refusal) => {
    const store = recordingStore();
    const claim = { store, id: 'alice', timestamp: step * PERIOD_MS, ...options };
    expect(await verifyTotpOnce(key, code, claim)).toEqual(refusal);
    expect(store.claims).toEqual([]);
  });

  test.each([
    ['digits', 5, RangeError],
    ['window', 11, RangeError],
    ['epoch', 300, RangeError],
    ['drift', 0.5, RangeError],
    ['lastStep', '1', TypeError],
    ['timestamp', Number.NaN, RangeError],
    ['period', 0, RangeError],
  ])('rejects %s %o and does not ask the store', async (name, value, error) => {
    const store = recordingStore();
    const options = { store, id: 'alice', timestamp: PERIOD_MS, [name]: value };
    await expect(verifyTotpOnce(key, code, options)).rejects.toThrow(error);
    expect(store.claims).toEqual([]);
  });

  test('accepts rising steps only, each once', async () => {
    const claim = { store: memoryStore(), id: 'alice', window: 10, timestamp: 10 * PERIOD_MS };
    const accepted: number[] = [];
    for (const step of [5, 7, 6, 5, 8, 7, 10, 9, 11, 11, 20, 0, 19]) {
      const result = await verifyTotpOnce(key, generateHotp(key, step), claim);
      if (result.valid) accepted.push(result.step);
      else expect(result).toEqual(reused);
    }
    expect(accepted).toEqual([5, 7, 8, 10, 11, 20]);
  });

  test.each([
    ['back and on again', [1000, 999, 400, 0, 999, 1000, 1001]],
    ['far ahead and back', [1000, 90_000_000, 1000, 1001]],
    ['to and fro', [1000, 1001, 999, 1002, 1000, 998, 1001]],
  ])('does not accept a used code when the clock jumps %s', async (_, clock) => {
    const typed = generateHotp(key, 1000);
    const store = memoryStore();
    const [first, ...later] = clock;
    vi.useFakeTimers({ toFake: ['Date'], now: (first as number) * PERIOD_MS });
    expect(await verifyTotpOnce(key, typed, { store, id: 'alice' })).toEqual({
      valid: true,
      step: 1000,
      delta: 0,
    });
    for (const step of later) {
      vi.setSystemTime(step * PERIOD_MS);
      const inReach = Math.abs(step - 1000) <= 1;
      const refusal = await verifyTotpOnce(key, typed, { store, id: 'alice' });
      expect(refusal).toEqual(inReach ? reused : mismatch);
    }
  });

  test('accepts new codes again once a clock that stepped back has caught up', async () => {
    const store = memoryStore();
    const results = [];
    for (const step of [1000, 998, 999, 1000, 1001, 1002]) {
      const timestamp = step * PERIOD_MS;
      const typed = generateTotp(key, { timestamp });
      results.push((await verifyTotpOnce(key, typed, { store, id: 'alice', timestamp })).valid);
    }
    expect(results).toEqual([true, false, false, false, true, true]);
  });
});

/** How often the digits are accepted while the clock shows these steps one after the other. */
async function countAccepted(typed: string, clock: readonly number[]): Promise<number> {
  const claim = { store: memoryStore(), id: 'alice' };
  let accepted = 0;
  for (const step of clock) {
    if ((await verifyTotpOnce(key, typed, { ...claim, ...since2001(step) })).valid) accepted++;
  }
  return accepted;
}

test('Digits shared by two neighbouring steps are accepted once in all, even if first typed when only the lower is in reach', async () => {
  const { lower, higher, code: shared } = collisions[0] as CodeCollision;
  expect(await countAccepted(shared, [lower - 1, lower, higher, higher + 1])).toBe(1);
});

describe.each(collisions)('The code $code of steps $lower and $higher', (collision) => {
  const { lower, higher, code: shared } = collision;
  /** Every step at which the default window reaches one of the two. */
  const clocks = Array.from({ length: higher - lower + 3 }, (_, i) => lower - 1 + i);

  test.each([higher - 1, higher, higher + 1])(
    'is accepted once in all, whatever the clock does, when first typed at step %d',
    async (first) => {
      const backwards = clocks.toReversed();
      expect(await countAccepted(shared, [first, first])).toBe(1);
      expect(await countAccepted(shared, [first, ...clocks, ...backwards])).toBe(1);
      expect(await countAccepted(shared, [first, ...backwards, ...clocks])).toBe(1);
    },
  );

  test('is claimed as the higher one while both are in reach', async () => {
    const store = recordingStore();
    const options = { store, id: 'alice', ...since2001(higher - 1) };
    expect(await verifyTotpOnce(key, shared, options)).toEqual({
      valid: true,
      step: higher,
      delta: 1,
    });
    expect(store.claims).toEqual([['alice', higher]]);
  });

  test('is claimed as the higher one of two counters in reach, and accepted once', async () => {
    const claim = { store: memoryStore(), id: 'alice', counter: lower, lookAhead: 5 };
    expect(await verifyHotpOnce(key, shared, claim)).toMatchObject({ counter: higher });
    expect(await verifyHotpOnce(key, shared, claim)).toMatchObject({ reason: 'reused' });
  });
});

test('The code of nothing but zeros is accepted once, as any other', async () => {
  expect(await countAccepted('000000', [349_495, 349_495])).toBe(1);
});

describe('verifyHotpOnce', () => {
  const codes = rfc4226.cases.map((line) => line.code);

  test('claims the counter that matched and names the next', async () => {
    const store = recordingStore();
    const options = { store, id: 'alice', counter: 3, lookAhead: 5 };
    expect(await verifyHotpOnce(key, codes[7] as string, options)).toEqual({
      valid: true,
      counter: 7,
      nextCounter: 8,
    });
    expect(store.claims).toEqual([['hotp:alice', 7]]);
  });

  test('accepts rising counters only, even if nextCounter is never stored', async () => {
    const options = { store: memoryStore(), id: 'alice', counter: 0, lookAhead: 9 };
    const accepted: number[] = [];
    for (const counter of [0, 0, 3, 2, 1, 3, 4, 9, 8, 9]) {
      const result = await verifyHotpOnce(key, codes[counter] as string, options);
      if (result.valid) accepted.push(result.counter);
      else expect(result.reason).toBe('reused');
    }
    expect(accepted).toEqual([0, 3, 4, 9]);
  });

  test('accepts a run of codes when nextCounter is passed on', async () => {
    const store = memoryStore();
    let counter = 0;
    for (const typed of codes) {
      const result = await verifyHotpOnce(key, typed, { store, id: 'alice', counter });
      expect(result).toEqual({ valid: true, counter, nextCounter: counter + 1 });
      counter++;
    }
    expect(counter).toBe(10);
  });

  test.each([0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER - 1])(
    'accepts the code of counter %d once',
    async (counter) => {
      const options = { store: memoryStore(), id: 'alice', counter };
      const typed = generateHotp(key, counter);
      expect(await verifyHotpOnce(key, typed, options)).toMatchObject({ valid: true, counter });
      expect(await verifyHotpOnce(key, typed, options)).toMatchObject({ reason: 'reused' });
    },
  );

  test.each([
    ['digits', 5, RangeError],
    ['counter', undefined, TypeError],
    ['counter', -1, RangeError],
    ['lookAhead', 1001, RangeError],
    ['lookAhead', '5', TypeError],
  ])('rejects %s %o and does not ask the store', async (name, value, error) => {
    const store = recordingStore();
    const options = { store, id: 'alice', counter: 1, [name]: value };
    await expect(verifyHotpOnce(key, code, options as never)).rejects.toThrow(error);
    expect(store.claims).toEqual([]);
  });
});

describe('One store', () => {
  const totp = (store: SingleUseStore, id: string, step: number) =>
    verifyTotpOnce(key, generateHotp(key, step), { store, id, timestamp: step * PERIOD_MS });
  const hotp = (store: SingleUseStore, id: string, counter: number) =>
    verifyHotpOnce(key, generateHotp(key, counter), { store, id, counter });

  test('keeps the steps and the counters of one id apart', async () => {
    const store = memoryStore();
    expect(await totp(store, 'alice', 50_000_000)).toMatchObject({ valid: true });
    expect(await hotp(store, 'alice', 0)).toMatchObject({ valid: true });
    expect(await hotp(store, 'alice', 2 ** 53 - 2)).toMatchObject({ valid: true });
    expect(await totp(store, 'alice', 50_000_001)).toMatchObject({ valid: true });
    expect(await totp(store, 'alice', 50_000_000)).toMatchObject({ reason: 'reused' });
    expect(await hotp(store, 'alice', 1)).toMatchObject({ reason: 'reused' });
  });

  // Stored in databases, so a change would reopen every used code.
  test.each([
    ['alice', 'alice', 'hotp:alice'],
    ['totp', 'totp', 'hotp:totp'],
    ['totp:alice', 'totp:totp:alice', 'hotp:totp:alice'],
    ['hotp:alice', 'totp:hotp:alice', 'hotp:hotp:alice'],
    ['totp:hotp:alice', 'totp:totp:hotp:alice', 'hotp:totp:hotp:alice'],
    ['TOTP:alice', 'TOTP:alice', 'hotp:TOTP:alice'],
    ['__proto__', '__proto__', 'hotp:__proto__'],
    ['\0\ud83d', '\0\ud83d', 'hotp:\0\ud83d'],
  ])('is asked for the id %j as %j and, for HOTP, as %j', async (id, asTotp, asHotp) => {
    const store = recordingStore();
    await totp(store, id, 1);
    await hotp(store, id, 1);
    expect(store.claims).toEqual([
      [asTotp, 1],
      [asHotp, 1],
    ]);
  });

  test('serves ids that look like one another', async () => {
    const store = memoryStore();
    const ids = [
      'alice',
      'hotp:alice',
      'totp:alice',
      'totp:hotp:alice',
      'hotp:totp:alice',
      'hotp:',
    ];
    for (const valid of [true, false]) {
      for (const id of ids) {
        expect(await totp(store, id, 7)).toMatchObject({ valid });
        expect(await hotp(store, id, 7)).toMatchObject({ valid });
      }
    }
  });

  test.each([
    ['one character', 'x'],
    ['1,024 characters', 'x'.repeat(1024)],
    ['1,024 halves of emoji', '\u{1f511}'.repeat(512)],
    ['1,024 characters with a prefix', `totp:${'x'.repeat(1019)}`],
    ['1,024 characters with the other prefix', `hotp:${'x'.repeat(1019)}`],
  ])('takes an id of %s', async (_, id) => {
    const store = memoryStore();
    for (const valid of [true, false]) {
      expect(await totp(store, id, 7)).toMatchObject({ valid });
      expect(await hotp(store, id, 7)).toMatchObject({ valid });
    }
  });

  test('is not named by what somebody wrote to Object.prototype', async () => {
    const intruder = { store: recordingStore(), id: 'everybody' };
    const time = { timestamp: PERIOD_MS };
    Object.assign(Object.prototype, intruder);
    try {
      for (const own of [{ id: 'alice' }, { store: recordingStore() }]) {
        const options = { ...time, ...own } as never;
        await expect(verifyTotpOnce(key, code, options)).rejects.toThrow(TypeError);
      }
    } finally {
      for (const name of Object.keys(intruder)) Reflect.deleteProperty(Object.prototype, name);
    }
    expect(intruder.store.claims).toEqual([]);
  });
});

describe('A resynchronisation', () => {
  /** Codes of the steps or counters 8 and 9. */
  const codes = [8, 9].map((counter) => generateHotp(key, counter));
  const resyncs = [
    {
      name: 'resyncTotpOnce',
      claimId: (id: string) => (/^(?:totp|hotp):/.test(id) ? `totp:${id}` : id),
      accepted: { valid: true, step: 9, drift: 8 },
      resync: (typed: readonly string[], claim: Claim) =>
        resyncTotpOnce(key, typed, { timestamp: PERIOD_MS, ...claim }),
      verify: (typed: string, claim: Claim, step = 9) =>
        verifyTotpOnce(key, typed, { timestamp: step * PERIOD_MS, ...claim }),
    },
    {
      name: 'resyncHotpOnce',
      claimId: (id: string) => `hotp:${id}`,
      accepted: { valid: true, counter: 9, nextCounter: 10 },
      resync: (typed: readonly string[], claim: Claim) =>
        resyncHotpOnce(key, typed, { counter: 0, ...claim }),
      verify: (typed: string, claim: Claim, _step?: number) =>
        verifyHotpOnce(key, typed, { counter: 0, lookAhead: 20, ...claim }),
    },
  ];

  describe.each(resyncs)('by $name', ({ claimId, accepted, resync, verify }) => {
    test.each(['alice', 'hotp:alice', 'totp:alice'])(
      'uses up the codes it was given, under the id %s',
      async (id) => {
        const claim = { store: memoryStore(), id };
        expect(await resync(codes, claim)).toEqual(accepted);
        expect(await resync(codes, claim)).toEqual({ valid: false, reason: 'reused' });
        for (const used of codes) {
          expect(await verify(used, claim)).toEqual({ valid: false, reason: 'reused' });
        }
      },
    );

    test('claims each of them, in their order, under the id that a verification claims', async () => {
      for (const id of ['alice', 'hotp:alice']) {
        const store = recordingStore();
        await resync(codes, { store, id });
        expect(store.claims).toEqual([
          [claimId(id), 8],
          [claimId(id), 9],
        ]);
      }
    });

    test('claims no more after a refusal', async () => {
      const store = recordingStore(() => false);
      expect(await resync(codes, { store, id: 'alice' })).toEqual(REUSED);
      expect(store.claims).toEqual([[claimId('alice'), 8]]);
    });

    test('is refused if only the last claim is', async () => {
      const answers = [true, false];
      const store = recordingStore(() => answers.shift());
      expect(await resync(codes, { store, id: 'alice' })).toEqual(REUSED);
      expect(answers).toEqual([]);
    });

    test.each([
      ['the first', 0],
      ['the second', 1],
      ['the last', 2],
    ])('is refused after a sign-in with %s of its codes', async (_, used) => {
      const claim = { store: memoryStore(), id: 'alice' };
      const list = [7, 8, 9].map((counter) => generateHotp(key, counter));
      const typed = list[used] as string;
      expect((await verify(typed, claim, 7 + used)).valid).toBe(true);
      expect(await resync(list, claim)).toEqual(REUSED);
    });

    test('is refused after a sign-in with a later code, and granted after an earlier one', async () => {
      const later = { store: memoryStore(), id: 'alice' };
      expect((await verify(generateHotp(key, 10), later, 10)).valid).toBe(true);
      expect(await resync(codes, later)).toEqual(REUSED);
      const earlier = { store: memoryStore(), id: 'alice' };
      expect((await verify(generateHotp(key, 7), earlier, 7)).valid).toBe(true);
      expect(await resync(codes, earlier)).toEqual(accepted);
    });

    // Two lists of two share a step at one end. Of lists of three, the ends alone could all be granted.
    test.each([2, 3, 4])('counts once beside others whose lists of %i overlap', async (length) => {
      const listFrom = (first: number) =>
        Array.from({ length }, (_, i) => generateHotp(key, first + i));
      for (let shift = 0; shift < length; shift++) {
        for (const [first, second] of [
          [3, 3 + shift],
          [3 + shift, 3],
        ] as const) {
          const wait = () => new Promise((resolve) => setImmediate(resolve));
          const claim = { store: slowStore(memoryStore(), wait), id: 'alice' };
          const results = await Promise.all([
            resync(listFrom(first), claim),
            resync(listFrom(second), claim),
          ]);
          expect(results.filter(({ valid }) => valid).length).toBe(1);
        }
      }
    });

    test('is malformed if its list changes while it is read', async () => {
      for (const later of [0, 1, 11, -1, Number.NaN]) {
        let looks = 0;
        const shifting = new Proxy(codes, {
          get: (list, name) =>
            name === 'length' && looks++ > 0 ? later : list[name as unknown as number],
        });
        const claim = { store: memoryStore(), id: 'alice' };
        expect(await resync(shifting, claim)).toEqual(accepted);
        expect(await resync(codes, claim)).toEqual(REUSED);
      }
    });

    test('asks the store for nothing if it found nothing', async () => {
      const store = recordingStore();
      expect(await resync([code], { store, id: 'alice' })).toMatchObject({ reason: 'malformed' });
      expect(await resync([wrongCode, code], { store, id: 'alice' })).toMatchObject({
        reason: 'mismatch',
      });
      expect(store.claims).toEqual([]);
    });

    test('fails as its store fails, and with a store that does not answer', async () => {
      const failure = new Error('down');
      const failing = { claim: () => Promise.reject(failure) };
      await expect(resync(codes, { store: failing, id: 'alice' })).rejects.toBe(failure);
      const mute = recordingStore(() => undefined);
      await expect(resync(codes, { store: mute, id: 'alice' })).rejects.toBeInstanceOf(TypeError);
    });
  });
});

describe('Digits that two steps share', () => {
  /** The codes accepted at each clock of a run, with one store. */
  async function acceptedAt(typed: string, clocks: readonly number[], window: number) {
    const store = memoryStore();
    const accepted: number[] = [];
    for (const clock of clocks) {
      const options = { store, id: 'alice', ...since2001(clock), window };
      if ((await verifyTotpOnce(key, typed, options)).valid) accepted.push(clock);
    }
    return accepted;
  }
  const around = (step: number) => [-3, -2, -1, 0, 1, 2, 3, 4].map((k) => step + k);

  test.each([0, 1, 2])(
    'count once in all if the steps are neighbours, with window %i',
    async (window) => {
      for (const { lower, higher, code: shared } of collisions) {
        if (higher - lower !== 1) continue;
        expect(await acceptedAt(shared, around(lower), window)).toHaveLength(1);
        expect(await acceptedAt(shared, around(lower).reverse(), window)).toHaveLength(1);
      }
    },
  );

  test('count once a step if another step lies between them and was never in reach', async () => {
    // What SECURITY.md promises: in reach, or right after. Two apart are two codes to a strict window.
    expect(await acceptedAt('468457', around(153567), 0)).toEqual([153567, 153569]);
  });
});

describe('Digits that two steps show in a row', () => {
  const neighbours = collisions.filter(({ lower, higher }) => higher === lower + 1);

  test.each(neighbours)(
    'count once after a resynchronisation, too: $code',
    async ({ lower, higher, code }) => {
      const [store, id] = [memoryStore(), 'alice'];
      const at = (step: number) => ({ store, id, ...since2001(step) });
      const codes = [generateHotp(key, lower - 1), code];
      expect(await resyncTotpOnce(key, codes, at(lower))).toEqual({
        ...{ valid: true, step: lower, drift: 0 },
      });
      expect(await verifyTotpOnce(key, code, at(higher))).toEqual({
        ...{ valid: false, reason: 'reused' },
      });
      const next = generateHotp(key, higher + 1);
      expect((await verifyTotpOnce(key, next, at(higher + 1))).valid).toBe(true);
    },
  );

  test.each(neighbours)(
    'refuse a resynchronisation that begins with them a second time: $code',
    async ({ lower, higher, code }) => {
      const [store, id] = [memoryStore(), 'alice'];
      const at = (step: number) => ({ store, id, ...since2001(step) });
      expect((await verifyTotpOnce(key, code, at(lower))).valid).toBe(true);
      const next = generateHotp(key, higher + 1);
      expect(await resyncTotpOnce(key, [code, next], at(higher))).toEqual(REUSED);
      expect(await resyncTotpOnce(key, [code, code], at(higher))).toEqual(REUSED);
    },
  );
});

describe('A check of a store', () => {
  /** The time of a check, in milliseconds. */
  const NOW = 1_700_000_000_000;
  const ID = 'otpcore:check-store';

  beforeEach(() => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    ['in memory', (store: SingleUseStore) => store],
    ['that takes its time', (store: SingleUseStore) => slowStore(store, async () => undefined)],
  ])('passes a right one %s, again and again, within one millisecond', async (_, as) => {
    const store = as(memoryStore());
    for (let i = 0; i < 30; i++) expect(await checkStore(store)).toBeUndefined();
    await Promise.all(Array.from({ length: 16 }, () => checkStore(store)));
  });

  test('claims the time in milliseconds twice, for one id', async () => {
    const answers = [true, false];
    const store = recordingStore(() => answers.shift());
    await checkStore(store);
    expect(store.claims).toEqual([
      [ID, NOW],
      [ID, NOW],
    ]);
  });

  test('leaves the claims of users as they are', async () => {
    const store = memoryStore();
    await checkStore(store);
    const options = { store, id: 'alice', timestamp: PERIOD_MS };
    expect((await verifyTotpOnce(key, code, options)).valid).toBe(true);
  });

  test('passes where other servers claimed later steps, as by a clock that is a year ahead', async () => {
    for (const ahead of [0, 1, 1000, 365 * 86_400_000]) {
      const store = memoryStore();
      store.claim(ID, NOW + ahead);
      expect(await checkStore(store)).toBeUndefined();
    }
  });

  test('ends with an error where every claim is granted', async () => {
    const granting = recordingStore(() => true);
    await expect(checkStore(granting)).rejects.toThrow(/^the store grants one step twice/);
    expect(granting.claims).toHaveLength(2);
  });

  test('ends with an error, after a bounded number of claims, where each is refused', async () => {
    const refusing = recordingStore(() => false);
    await expect(checkStore(refusing)).rejects.toThrow(/^the store refuses every claim/);
    expect(refusing.claims.length).toBeLessThan(60);
    for (const [, step] of refusing.claims) expect(Number.isSafeInteger(step)).toBe(true);
  });

  test.each([
    [1, undefined],
    [1, 'true'],
    [2, undefined],
    [2, 0],
  ])('takes no answer but true and false (answer %i: %o)', async (place, wrong) => {
    const answers: unknown[] = place === 1 ? [wrong] : [true, wrong];
    await expect(checkStore(recordingStore(() => answers.shift()))).rejects.toThrow(TypeError);
  });

  test.each([1, 2])("lets the store's own error through (claim %i)", async (place) => {
    const lost = new Error('connection lost');
    let claims = 0;
    const failing = {
      claim: () => (++claims === place ? Promise.reject(lost) : Promise.resolve(true)),
    };
    await expect(checkStore(failing)).rejects.toBe(lost);
  });

  test('is refused to what is no store, and under a clock that gives no time', async () => {
    for (const wrong of [undefined, null, {}, 7, { claim: true }]) {
      await expect(checkStore(wrong as never)).rejects.toThrow(TypeError);
    }
    vi.spyOn(Date, 'now').mockReturnValue(Number.NaN);
    await expect(checkStore(memoryStore())).rejects.toThrow(RangeError);
    vi.restoreAllMocks();
  });
});
