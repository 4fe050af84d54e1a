// Two or more codes in a row find a clock that is off, or a counter that ran ahead.
import { rfc4226 } from '../../vectors/rfc4226.ts';
import { equal } from './assert.mjs';
import { ALGORITHMS, MAX_COUNTER, RFC_SECRET } from './bytes.mjs';

const MISMATCH = { valid: false, reason: 'mismatch' };
const MALFORMED = { valid: false, reason: 'malformed' };
const REUSED = { valid: false, reason: 'reused' };

export function resync({ library, check }) {
  const { createKey, generateHotp, memoryStore, resyncHotp, resyncHotpOnce } = library;
  const { resyncTotp, resyncTotpOnce, verifyHotpOnce, verifyTotpOnce } = library;
  const key = createKey(RFC_SECRET);
  const codes = rfc4226.cases.map(({ code }) => code);
  const codesFrom = (own, first, count) =>
    Array.from({ length: count }, (_, i) => generateHotp(own, first + i));

  for (let count = 2; count <= 10; count++) {
    check(`${count} codes of RFC 4226's table in a row, wherever they begin`, () => {
      for (let first = 0; first + count <= codes.length; first++) {
        const typed = codes.slice(first, first + count);
        const counter = first + count - 1;
        equal(resyncHotp(key, typed, { counter: 0, range: 10 }), {
          valid: true,
          counter,
          nextCounter: counter + 1,
        });
        const found = { valid: true, step: counter, drift: counter - 4 };
        equal(resyncTotp(key, typed, { timestamp: 120_000, range: 10 }), found);
      }
    });
  }

  /** Looks for two codes `drift` steps away from the clock. */
  function resyncAt(own, drift, options) {
    const typed = codesFrom(own, 5000 + drift - 1, 2);
    return resyncTotp(own, typed, { timestamp: 150_000_000, ...options });
  }

  for (const algorithm of ALGORITHMS) {
    check(`a drift of either sign under ${algorithm}`, () => {
      const own = createKey(RFC_SECRET, { algorithm });
      for (const drift of [-12, -8, 0, 1, 12]) {
        equal(resyncAt(own, drift, { range: 12 }), { valid: true, step: 5000 + drift, drift });
      }
      for (const drift of [-13, 13]) equal(resyncAt(own, drift, { range: 12 }), MISMATCH);
    });
  }

  check('the range is 20 steps to either side, and 100 counters, unless said otherwise', () => {
    for (const drift of [-20, 20])
      equal(resyncAt(key, drift), { valid: true, step: 5000 + drift, drift });
    for (const drift of [-21, 21]) equal(resyncAt(key, drift), MISMATCH);
    equal(resyncHotp(key, codesFrom(key, 100, 2), { counter: 0 }).counter, 101);
    equal(resyncHotp(key, codesFrom(key, 101, 2), { counter: 0 }), MISMATCH);
  });

  check('the range is kept for counters too, and is never behind', () => {
    const options = { counter: 300, range: 40 };
    equal(resyncHotp(key, codesFrom(key, 340, 3), options).nextCounter, 343);
    equal(resyncHotp(key, codesFrom(key, 341, 3), options), MISMATCH);
    equal(resyncHotp(key, codesFrom(key, 299, 3), options), MISMATCH);
  });

  check('near both ends there is no counter beyond', () => {
    equal(resyncTotp(key, codes.slice(0, 2), { timestamp: 0 }), { valid: true, step: 1, drift: 1 });
    const last = codesFrom(key, MAX_COUNTER - 2, 2);
    equal(resyncHotp(key, last, { counter: MAX_COUNTER - 5 }).nextCounter, MAX_COUNTER);
    const beyond = codesFrom(key, MAX_COUNTER - 1, 2);
    equal(resyncHotp(key, beyond, { counter: MAX_COUNTER - 5 }), MISMATCH);
  });

  check('codes that are not in a row do not match', () => {
    const wrong = [
      [0, 2],
      [1, 0],
      [3, 3],
      [0, 1, 3],
      [0, 2, 3],
    ];
    for (const order of wrong) {
      const typed = order.map((i) => codes[i]);
      equal(resyncHotp(key, typed, { counter: 0, range: 9 }), MISMATCH, order.join());
      equal(resyncTotp(key, typed, { timestamp: 0, range: 9 }), MISMATCH, order.join());
    }
  });

  check('one code, eleven, or something else is malformed', () => {
    const wrong = [
      [],
      [codes[0]],
      [...codes, codes[0]],
      codes[0],
      undefined,
      null,
      { length: 2 },
      [codes[0], 287082],
    ];
    for (const typed of wrong) {
      equal(resyncHotp(key, typed, { counter: 0 }), MALFORMED);
      equal(resyncTotp(key, typed, { timestamp: 0 }), MALFORMED);
    }
  });

  check('codes at or below the last step are reused', () => {
    const options = { timestamp: 0 };
    const typed = codes.slice(4, 7);
    equal(resyncTotp(key, typed, { ...options, lastStep: 3 }).step, 6);
    for (const lastStep of [4, 5, 6, 100])
      equal(resyncTotp(key, typed, { ...options, lastStep }), REUSED);
  });

  check('a resynchronisation by the clock is claimed once', async () => {
    const options = { store: memoryStore(), id: 'alice', timestamp: 300_000 };
    const found = { valid: true, step: 2, drift: -8 };
    equal(await resyncTotpOnce(key, codes.slice(1, 3), options), found);
    equal(await resyncTotpOnce(key, codes.slice(1, 3), options), REUSED);
    equal(await resyncTotpOnce(key, codes.slice(0, 2), options), REUSED);
    equal((await resyncTotpOnce(key, codes.slice(3, 5), options)).step, 4);
  });

  check('a used code makes a resynchronisation reused, whichever it is', async () => {
    for (const used of [0, 1, 2]) {
      const claim = { store: memoryStore(), id: 'alice' };
      const typed = codes.slice(1, 4);
      const timestamp = (1 + used) * 30_000;
      const signIn = await verifyTotpOnce(key, typed[used], { ...claim, timestamp });
      equal(signIn.valid, true);
      equal(await resyncTotpOnce(key, typed, { ...claim, timestamp: 300_000 }), REUSED);
      const counter = 1 + used;
      equal((await verifyHotpOnce(key, typed[used], { ...claim, counter })).valid, true);
      equal(await resyncHotpOnce(key, typed, { ...claim, counter: 0 }), REUSED);
    }
  });

  check('a resynchronisation by the counter is claimed once', async () => {
    const options = { store: memoryStore(), id: 'alice', counter: 0 };
    equal((await resyncHotpOnce(key, codes.slice(4, 6), options)).nextCounter, 6);
    equal(await resyncHotpOnce(key, codes.slice(4, 6), options), REUSED);
    equal(await resyncHotpOnce(key, codes.slice(0, 2), options), REUSED);
    equal((await resyncHotpOnce(key, codes.slice(6, 8), options)).nextCounter, 8);
  });
}
