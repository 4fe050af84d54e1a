// Each code once: in order, in storms of simultaneous attempts, with stores that answer late, fail
// or answer nonsense, and with the store in memory.
import { collisions } from '../../vectors/collisions.ts';
import { equal, holds, rejects, throws } from './assert.mjs';
import { MAX_COUNTER, RFC_SECRET } from './bytes.mjs';

const MALFORMED = { valid: false, reason: 'malformed' };
const MISMATCH = { valid: false, reason: 'mismatch' };
const REUSED = { valid: false, reason: 'reused' };
/** The code of step 1 and of counter 1. */
const CODE = '287082';

export function singleUse({ library, check }) {
  const { createKey, generateHotp, memoryStore, verifyHotp, verifyHotpOnce, verifyTotp } = library;
  const { verifyTotpOnce } = library;
  const key = createKey(RFC_SECRET);

  const functions = [
    {
      name: 'verifyTotpOnce',
      claimId: 'alice',
      accepted: { valid: true, step: 1, delta: 0 },
      verify: (code, claim) => verifyTotpOnce(key, code, { timestamp: 59_000, ...claim }),
    },
    {
      name: 'verifyHotpOnce',
      claimId: 'hotp:alice',
      accepted: { valid: true, counter: 1, nextCounter: 2 },
      verify: (code, claim) => verifyHotpOnce(key, code, { counter: 1, ...claim }),
    },
  ];

  /** A store that answers as told, and the claims it was asked for. */
  function recordingStore(answer) {
    const claims = [];
    return { claims, claim: (id, step) => answer(claims.push([id, step])) };
  }

  /** As query builders answer: with an object that has a `then` and is no Promise. */
  function thenableOf(value) {
    // biome-ignore lint/suspicious/noThenProperty: it is what is looked at
    return { then: (done) => done(value) };
  }

  /** One promise's turn, without a timer: not every runtime has one. */
  const turn = () => Promise.resolve();

  for (const { name, claimId, accepted, verify } of functions) {
    check(`${name} accepts a code once, and once for each id`, async () => {
      const store = memoryStore();
      equal(await verify(CODE, { store, id: 'alice' }), accepted);
      equal(await verify(CODE, { store, id: 'alice' }), REUSED);
      equal(await verify(CODE, { store, id: 'bob' }), accepted);
      equal(await verify(CODE, { store, id: 'alice' }), REUSED);
    });

    check(`${name} accepts one of 64 at once`, async () => {
      const store = memoryStore();
      const attempts = Array.from({ length: 64 }, () => verify(CODE, { store, id: 'alice' }));
      const results = await Promise.all(attempts);
      equal(
        results.filter(({ valid }) => valid),
        [accepted],
      );
      equal(results.filter(({ reason }) => reason === 'reused').length, 63);
    });

    check(
      `${name} accepts one of 64 at once over a store that answers late and out of order`,
      async () => {
        const inner = memoryStore();
        let waiting = 0;
        const store = {
          async claim(id, step) {
            const turns = (++waiting * 7) % 13;
            for (let i = 0; i < turns; i++) await turn();
            return inner.claim(id, step);
          },
        };
        const attempts = Array.from({ length: 64 }, () => verify(CODE, { store, id: 'alice' }));
        const results = await Promise.all(attempts);
        equal(results.filter(({ valid }) => valid).length, 1);
      },
    );

    check(`${name} claims once for what matches, and nothing for what does not`, async () => {
      const store = recordingStore(() => true);
      equal(await verify('123456', { store, id: 'alice' }), MISMATCH);
      for (const code of ['', '28708', '2870822', ' 287082', undefined, 287082, null]) {
        equal(await verify(code, { store, id: 'alice' }), MALFORMED);
      }
      equal(store.claims, []);
      equal(await verify(CODE, { store, id: 'alice' }), accepted);
      equal(store.claims, [[claimId, 1]]);
    });

    check(`${name} takes a promise's answer, and a thenable's`, async () => {
      for (const granted of [true, false]) {
        const thenable = recordingStore(() => thenableOf(granted));
        for (const store of [recordingStore(() => Promise.resolve(granted)), thenable]) {
          equal(await verify(CODE, { store, id: 'alice' }), granted ? accepted : REUSED);
        }
      }
    });

    check(`${name} rejects with the store's own error`, async () => {
      for (const error of [new Error('the store is down'), 'a text', { valid: true }]) {
        const stores = [
          recordingStore(() => {
            throw error;
          }),
          recordingStore(() => Promise.reject(error)),
        ];
        for (const store of stores) {
          const thrown = await verify(CODE, { store, id: 'alice' }).then(
            (result) => ({ result }),
            (reason) => reason,
          );
          holds(thrown === error, 'that it is the very error');
        }
      }
    });

    check(`${name} rejects what a store answers that is neither true nor false`, async () => {
      for (const answer of [undefined, null, 0, 1, 'true', 'OK', [true], { granted: true }]) {
        for (const late of [false, true]) {
          const store = recordingStore(() => (late ? Promise.resolve(answer) : answer));
          await rejects(verify(CODE, { store, id: 'alice' }), { type: TypeError });
        }
      }
    });

    check(`${name} rejects a store or an id that is none`, async () => {
      const store = memoryStore();
      for (const wrong of [undefined, null, {}, { claim: true }, 'store']) {
        await rejects(verify(CODE, { store: wrong, id: 'alice' }), {
          type: TypeError,
          message: /"store"/,
        });
      }
      for (const id of [undefined, 7, null, ['alice']]) {
        await rejects(verify(CODE, { store, id }), { type: TypeError, message: /"id"/ });
      }
      for (const id of ['', 'x'.repeat(1025)]) {
        await rejects(verify(CODE, { store, id }), { type: RangeError, message: /"id"/ });
      }
      equal(await verify(CODE, { store, id: 'x'.repeat(1024) }), accepted);
    });
  }

  check('a clock that steps back reopens nothing', async () => {
    const claim = { store: memoryStore(), id: 'alice' };
    const at = (clock, step) =>
      verifyTotpOnce(key, generateHotp(key, step), { ...claim, timestamp: 30_000 * clock });
    equal((await at(100, 101)).valid, true);
    for (const [clock, step] of [
      [100, 100],
      [99, 100],
      [100, 101],
      [101, 101],
      [98, 97],
    ]) {
      equal(await at(clock, step), REUSED, `step ${step} at ${clock}`);
    }
    equal((await at(102, 102)).valid, true);
  });

  check('accepted steps only ever rise, over 400 attempts with a clock that jumps', async () => {
    const claim = { store: memoryStore(), id: 'alice' };
    let state = 12_345;
    const random = (below) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % below;
    };
    let highest = -1;
    let accepted = 0;
    for (let i = 0; i < 400; i++) {
      const clock = 1000 + (i >> 3) + random(7) - 3;
      const step = clock - 2 + random(5);
      const code = generateHotp(key, step, { digits: 9 });
      const options = { timestamp: 30_000 * clock, digits: 9, ...claim };
      const result = await verifyTotpOnce(key, code, options);
      const isRight = Math.abs(step - clock) <= 1 && step > highest;
      equal(result.valid, isRight, `attempt ${i}`);
      if (result.valid) {
        highest = result.step;
        accepted++;
      }
    }
    holds(accepted > 30 && accepted < 200, 'that some were accepted and most refused');
  });

  for (const { lower, higher, code } of collisions) {
    check(
      `the code of steps ${lower} and ${higher} is accepted once while the clock passes both`,
      async () => {
        // From 2001 on: some of these steps would look like seconds.
        const claim = { store: memoryStore(), id: 'alice', window: 1, epoch: 1e9 };
        let accepted = 0;
        for (let clock = lower - 2; clock <= higher + 2; clock++) {
          const timestamp = 1e12 + 30_000 * clock;
          const result = await verifyTotpOnce(key, code, { ...claim, timestamp });
          if (result.valid) accepted++;
        }
        // Steps that are further apart than the window are two codes.
        equal(accepted, higher - lower === 1 ? 1 : 2);
      },
    );
  }

  check('TOTP and HOTP of one user do not use up each other', async () => {
    const store = memoryStore();
    const code = generateHotp(key, 50_000_000);
    const claim = { store, id: 'alice' };
    equal(
      (await verifyTotpOnce(key, code, { ...claim, timestamp: 1_500_000_000_000 })).valid,
      true,
    );
    equal((await verifyHotpOnce(key, CODE, { ...claim, counter: 0, lookAhead: 3 })).valid, true);
    const twin = { store, id: 'hotp:alice', timestamp: 59_000 };
    equal((await verifyTotpOnce(key, CODE, twin)).valid, true);
    equal((await verifyHotpOnce(key, CODE, { ...claim, counter: 0, lookAhead: 3 })).valid, false);
  });

  check('verification alone claims nothing', () => {
    for (let i = 0; i < 2; i++) {
      equal(verifyTotp(key, CODE, { timestamp: 59_000 }).valid, true);
      equal(verifyHotp(key, CODE, { counter: 1 }).valid, true);
    }
  });

  check('the store in memory grants what is above, and only that', () => {
    const store = memoryStore();
    const claims = [
      [5, true],
      [5, false],
      [4, false],
      [6, true],
      [0, false],
      [MAX_COUNTER, true],
      [MAX_COUNTER, false],
    ];
    for (const [step, granted] of claims) {
      equal(store.claim('alice', step), granted, `step ${step}`);
      equal(store.claim('hotp:alice', step), granted, `counter ${step}`);
    }
    equal(store.claim('Alice', 0), true);
    equal(store.claim('alice ', 0), true);
  });

  check('a full store in memory forgets the lowest steps, and refuses what it forgot', () => {
    const store = memoryStore({ maxIds: 100 });
    for (let i = 0; i < 1000; i++) equal(store.claim(`user ${i}`, 10_000 + i), true);
    for (let i = 0; i < 1000; i++) equal(store.claim(`user ${i}`, 10_000 + i), false);
    equal(store.claim('new', 10_500), false);
    equal(store.claim('new', 11_000), true);
  });

  check('a store in memory full of counters refuses a new id with an error', () => {
    const store = memoryStore({ maxIds: 3 });
    for (const id of ['hotp:a', 'hotp:b', 'hotp:c']) equal(store.claim(id, 0), true);
    throws(() => store.claim('hotp:d', 0), { type: RangeError, message: /"maxIds"/ });
    equal(store.claim('hotp:a', 1), true);
    equal(store.claim('hotp:a', 1), false);
  });

  check('the store in memory refuses what is no claim', () => {
    const store = memoryStore();
    throws(() => store.claim(7, 1), { type: TypeError, message: /"id"/ });
    throws(() => store.claim('alice', '1'), { type: TypeError, message: /"step"/ });
    for (const step of [-1, 0.5, Number.NaN, 2 ** 53]) {
      throws(() => store.claim('alice', step), { type: RangeError, message: /"step"/ });
    }
    for (const maxIds of [0, -1, 10_000_001, 1.5])
      throws(() => memoryStore({ maxIds }), { type: RangeError });
  });
}
