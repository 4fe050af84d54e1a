// TOTP: RFC 6238's table, the window, drift, the last step, and the arithmetic of steps.
import { collisions } from '../../vectors/collisions.ts';
import { rfc6238 } from '../../vectors/rfc6238.ts';
import { equal, holds } from './assert.mjs';
import { ALGORITHMS, fromHex, MAX_COUNTER, RFC_SECRET } from './bytes.mjs';

const MISMATCH = { valid: false, reason: 'mismatch' };
const REUSED = { valid: false, reason: 'reused' };
const PERIOD_MS = 30_000;
/** Nine digits: that two neighbouring steps share a code by chance is once in a billion. */
const digits = 9;

export function totp({ library, check }) {
  const { createKey, generateHotp, generateTotp, secondsRemaining, timeStep, verifyTotp } = library;
  const key = createKey(RFC_SECRET);
  const codeAt = (step) => generateHotp(key, step, { digits });

  for (const { algorithm, timeSeconds, step, secretHex, truncated, code } of rfc6238.cases) {
    check(`${rfc6238.source}, ${algorithm} at ${timeSeconds} s`, () => {
      const own = createKey(fromHex(secretHex), { algorithm });
      const options = { timestamp: 1000 * timeSeconds, digits: 8 };
      equal(generateTotp(own, options), code);
      equal(verifyTotp(own, code, { ...options, window: 0 }), { valid: true, step, delta: 0 });
      equal(timeStep(options), step);
      const nine = String(truncated).padStart(9, '0').slice(-9);
      equal(generateTotp(own, { ...options, digits: 9 }), nine);
    });
  }

  for (const algorithm of ALGORITHMS) {
    check(`the window under ${algorithm} is as wide as it says, to either side`, () => {
      const own = createKey(RFC_SECRET, { algorithm });
      for (const window of [0, 1, 2, 3, { past: 5, future: 0 }, { past: 0, future: 4 }, 10]) {
        const { past, future } =
          typeof window === 'number' ? { past: window, future: window } : window;
        for (const delta of [-1 - past, 0 - past, 0, future, future + 1]) {
          const step = 1000 + delta;
          const isIn = delta >= -past && delta <= future;
          equal(
            verifyTotp(own, generateHotp(own, step, { digits }), {
              timestamp: 1000 * PERIOD_MS,
              window,
              digits,
            }),
            isIn ? { valid: true, step, delta } : MISMATCH,
            `delta ${delta} of window ${past}, ${future}`,
          );
        }
      }
    });
  }

  check('the window is one step to either side unless said otherwise', () => {
    const reached = [-2, -1, 0, 1, 2].filter(
      (delta) => verifyTotp(key, codeAt(77 + delta), { timestamp: 77 * PERIOD_MS, digits }).valid,
    );
    equal(reached, [-1, 0, 1]);
  });

  check('a step lasts from its first millisecond to its last', () => {
    for (const step of [0, 1, 56_666_666, 2 ** 33]) {
      const start = step * PERIOD_MS;
      for (const timestamp of [start, start + 1, start + PERIOD_MS - 1]) {
        equal(timeStep({ timestamp }), step);
        equal(generateTotp(key, { timestamp, digits }), codeAt(step));
      }
      equal(timeStep({ timestamp: start + PERIOD_MS }), step + 1);
    }
  });

  check('periods and epochs count from where they say', () => {
    for (const period of [1, 7, 30, 60, 86_400]) {
      for (const epoch of [0, 1, 1_000_000_007]) {
        for (const step of [0, 1, 12_345]) {
          const timestamp = 1000 * (epoch + step * period);
          equal(timeStep({ timestamp, period, epoch }), step);
          equal(generateTotp(key, { timestamp, period, epoch, digits }), codeAt(step));
        }
      }
    }
  });

  check('the last timestamp gives an exact step, and a window cut off at the end', () => {
    const timestamp = MAX_COUNTER;
    equal(timeStep({ timestamp, period: 1 }), 9_007_199_254_740);
    equal(generateTotp(key, { timestamp, period: 1, digits }), codeAt(9_007_199_254_740));
  });

  check('before step 0 there is nothing, and the window gets shorter', () => {
    for (const window of [0, 1, 10]) {
      equal(verifyTotp(key, codeAt(0), { timestamp: 0, window, digits }), {
        valid: true,
        step: 0,
        delta: 0,
      });
    }
    equal(verifyTotp(key, codeAt(MAX_COUNTER), { timestamp: 0, window: 1, digits }), MISMATCH);
  });

  check('seconds remaining go from the period down to 1', () => {
    const at = (timestamp) => secondsRemaining({ timestamp });
    equal([0, 1, 999, 1000, 29_000, 29_001, 29_999, 30_000].map(at), [30, 30, 30, 29, 1, 1, 1, 30]);
    equal(secondsRemaining({ timestamp: 100_000, period: 60, epoch: 10 }), 30);
  });

  check('drift moves the window, and delta stays that of the clock', () => {
    for (const drift of [-2000, -8, -1, 1, 8, 2000]) {
      const options = { timestamp: 5000 * PERIOD_MS, drift, window: 1, digits };
      for (const off of [-1, 0, 1]) {
        const step = 5000 + drift + off;
        equal(verifyTotp(key, codeAt(step), options), { valid: true, step, delta: drift + off });
      }
      for (const off of [-2, 2])
        equal(verifyTotp(key, codeAt(5000 + drift + off), options), MISMATCH);
    }
  });

  check('a drift to below step 0, or far above the clock, is no error', () => {
    equal(verifyTotp(key, codeAt(0), { timestamp: 0, drift: -5, digits }), MISMATCH);
    const far = verifyTotp(key, codeAt(2 ** 52), { timestamp: 0, drift: 2 ** 52, digits });
    equal(far, { valid: true, step: 2 ** 52, delta: 2 ** 52 });
    equal(verifyTotp(key, codeAt(0), { timestamp: 0, drift: -(2 ** 52), digits }), MISMATCH);
  });

  check('the last step and those below are reused, those above are not', () => {
    for (const delta of [-2, -1, 0, 1, 2]) {
      for (const lastDelta of [-3, -2, -1, 0, 1, 2]) {
        const step = 900 + delta;
        const options = {
          timestamp: 900 * PERIOD_MS,
          window: 2,
          lastStep: 900 + lastDelta,
          digits,
        };
        const expected = delta > lastDelta ? { valid: true, step, delta } : REUSED;
        equal(verifyTotp(key, codeAt(step), options), expected, `${delta} after ${lastDelta}`);
      }
    }
  });

  check('a last step of 0 is one, and undefined is none', () => {
    const options = { timestamp: 0, digits };
    equal(verifyTotp(key, codeAt(0), { ...options, lastStep: 0 }), REUSED);
    equal(verifyTotp(key, codeAt(0), { ...options, lastStep: undefined }).valid, true);
  });

  check('a last step of 2^53 - 1 refuses whatever is right', () => {
    equal(
      verifyTotp(key, codeAt(5), { timestamp: 150_000, lastStep: MAX_COUNTER, digits }),
      REUSED,
    );
  });

  for (const { lower, higher, code } of collisions) {
    check(`steps ${lower} and ${higher}, which share a code, count once`, () => {
      const gap = higher - lower;
      // From 2001 on: some of these steps would look like seconds.
      const options = { timestamp: 1e12 + lower * PERIOD_MS, epoch: 1e9, window: gap };
      equal(verifyTotp(key, code, options), { valid: true, step: higher, delta: gap });
      equal(verifyTotp(key, code, { ...options, lastStep: higher }), REUSED);
      equal(verifyTotp(key, code, { ...options, lastStep: lower }).step, higher);
      const narrow = { ...options, window: { past: gap, future: gap - 1 } };
      equal(verifyTotp(key, code, narrow), { valid: true, step: lower, delta: 0 });
    });
  }

  check('the clock is that of the runtime where no timestamp is given', () => {
    const before = Math.floor(Date.now() / PERIOD_MS);
    const step = timeStep();
    const after = Math.floor(Date.now() / PERIOD_MS);
    holds(before <= step && step <= after, 'that the step lies between two looks at the clock');
    equal(verifyTotp(key, generateTotp(key)).valid, true);
    const left = secondsRemaining();
    holds(left >= 1 && left <= 30, 'that 1 to 30 seconds remain');
  });

  check('the code of another key, or of another hash, does not match', () => {
    const options = { timestamp: 59_000, digits };
    for (const algorithm of ALGORITHMS) {
      const own = createKey(RFC_SECRET, { algorithm });
      const code = generateTotp(own, options);
      equal(verifyTotp(own, code, options).valid, true);
      for (const other of ALGORITHMS.filter((name) => name !== algorithm)) {
        equal(verifyTotp(createKey(RFC_SECRET, { algorithm: other }), code, options), MISMATCH);
      }
      equal(verifyTotp(createKey(RFC_SECRET.slice(1), { algorithm }), code, options), MISMATCH);
    }
  });

  check('every digit counts', () => {
    const options = { timestamp: 59_000, digits };
    const code = generateTotp(key, options);
    for (let i = 0; i < digits; i++) {
      const digit = (Number(code.charAt(i)) + 1) % 10;
      const wrong = code.slice(0, i) + digit + code.slice(i + 1);
      equal(verifyTotp(key, wrong, options), MISMATCH, `digit ${i}`);
    }
  });
}
