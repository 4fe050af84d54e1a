import { afterEach, describe, expect, test, vi } from 'vitest';
import { encodeBase32 } from '../src/base32.js';
import { OtpError } from '../src/errors.js';
import { generateHotp } from '../src/hotp.js';
import { createKey } from '../src/key.js';
import {
  generateTotp,
  resyncTotp,
  type VerifyTotpOptions,
  verifyTotp,
  verifyTotpBatch,
} from '../src/totp.js';
import { rfc4226 } from './vectors/rfc4226.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const key = createKey(new Uint8Array(Buffer.from(rfc4226.secretHex, 'hex')));
const MALFORMED = { valid: false, reason: 'malformed' } as const;
const MISMATCH = { valid: false, reason: 'mismatch' } as const;
const REUSED = { valid: false, reason: 'reused' } as const;
const LAST_MS = Number.MAX_SAFE_INTEGER;
const LAST_EPOCH = 9_007_199_254_740;

/** The code of a step of 30 seconds. */
function codeOf(step: number): string {
  return generateHotp(key, step);
}

function steps(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** The codes of `count` steps that end with `last`. */
function codesUpTo(last: number, count: number): string[] {
  return steps(last - count + 1, last).map(codeOf);
}

/** Verifies by `verifyTotp` and by a batch of one, which must agree. */
function verifyBoth(code: string, options: VerifyTotpOptions): unknown {
  const { drift, lastStep, ...shared } = options;
  const result = verifyTotp(key, code, options);
  expect(verifyTotpBatch([{ key, code, drift, lastStep }], shared)).toEqual([result]);
  return result;
}

/** The steps from `first` to `last` whose codes are accepted. */
function acceptedSteps(first: number, last: number, options: VerifyTotpOptions): number[] {
  return steps(first, last).filter((step) => {
    const result = verifyTotp(key, codeOf(step), options);
    if (result.valid) expect(result.step).toBe(step);
    return result.valid;
  });
}

describe('Defaults', () => {
  test('Left out, options are 6 digits, 30 seconds, epoch 0, one step around and no drift', () => {
    const timestamp = 1_700_000_000_000;
    const all = { digits: 6, period: 30, epoch: 0, timestamp };
    expect(generateTotp(key, { timestamp })).toBe(generateTotp(key, all));
    const step = Math.floor(timestamp / 30_000);
    expect(acceptedSteps(step - 5, step + 5, { timestamp })).toEqual(steps(step - 1, step + 1));
    expect(
      acceptedSteps(step - 5, step + 5, {
        ...all,
        window: { past: 1, future: 1 },
        drift: 0,
        lastStep: undefined,
      }),
    ).toEqual(steps(step - 1, step + 1));
  });

  test('Without a timestamp the time is that of the system clock', () => {
    vi.spyOn(Date, 'now').mockReturnValue(59_999);
    const step = { valid: true, step: 1, delta: 0 };
    expect(generateTotp(key)).toBe(codeOf(1));
    expect(verifyTotp(key, codeOf(1))).toEqual(step);
    expect(verifyTotpBatch([{ key, code: codeOf(1) }])).toEqual([step]);
    expect(resyncTotp(key, [codeOf(0), codeOf(1)])).toEqual({ valid: true, step: 1, drift: 0 });
  });

  test('A batch reads the clock once, so that all its users meet the same step', () => {
    const clock = vi.spyOn(Date, 'now').mockReturnValueOnce(59_999).mockReturnValue(60_000);
    const items = Array.from({ length: 3 }, () => ({ key, code: codeOf(0) }));
    expect(verifyTotpBatch(items)).toEqual(items.map(() => ({ valid: true, step: 0, delta: -1 })));
    expect(clock).toHaveBeenCalledTimes(1);
  });
});

describe('Steps', () => {
  test.each([
    { period: 30, epoch: 0, boundary: 30_000 },
    { period: 1, epoch: 0, boundary: 1000 },
    { period: 86_400, epoch: 0, boundary: 86_400_000 },
    { period: 30, epoch: 7, boundary: 37_000 },
    { period: 60, epoch: 1_000_000_000, boundary: 1_000_000_060_000 },
    { period: 1, epoch: LAST_EPOCH - 1, boundary: 1000 * LAST_EPOCH },
  ])('Step 1 begins at $boundary ms for period $period and epoch $epoch', (row) => {
    const { boundary, ...shape } = row;
    const before = { ...shape, timestamp: boundary - 1, window: 0 };
    const after = { ...shape, timestamp: boundary, window: 0 };
    expect(generateTotp(key, before)).toBe(codeOf(0));
    expect(generateTotp(key, after)).toBe(codeOf(1));
    expect(verifyBoth(codeOf(0), before)).toEqual({ valid: true, step: 0, delta: 0 });
    expect(verifyBoth(codeOf(0), after)).toEqual(MISMATCH);
    expect(verifyBoth(codeOf(1), before)).toEqual(MISMATCH);
    expect(verifyBoth(codeOf(1), after)).toEqual({ valid: true, step: 1, delta: 0 });
  });

  test('The last moment that a number of milliseconds can name has a code', () => {
    const options = { timestamp: LAST_MS, period: 1 };
    const code = generateTotp(key, options);
    expect(verifyBoth(code, options)).toEqual({ valid: true, step: LAST_EPOCH, delta: 0 });
  });

  test('Before the epoch there is no code to generate', () => {
    expect(() => generateTotp(key, { timestamp: 99_999, epoch: 100 })).toThrow(RangeError);
    expect(() => generateTotp(key, { timestamp: 0, epoch: LAST_EPOCH })).toThrow(RangeError);
    expect(generateTotp(key, { timestamp: 100_000, epoch: 100 })).toBe(codeOf(0));
  });

  test.each([5, 10])('%d digits are a RangeError', (digits) => {
    expect(() => generateTotp(key, { digits })).toThrow(RangeError);
    expect(() => verifyTotp(key, '000000', { digits })).toThrow(RangeError);
    expect(() => verifyTotpBatch([], { digits })).toThrow(RangeError);
    expect(() => resyncTotp(key, [], { digits })).toThrow(RangeError);
  });
});

describe('The window', () => {
  const now = { timestamp: 30_000 * 1000 };

  test.each([
    { window: 0, reached: [1000] },
    { window: 1, reached: steps(999, 1001) },
    { window: 10, reached: steps(990, 1010) },
    { window: { past: 2, future: 0 }, reached: steps(998, 1000) },
    { window: { past: 0, future: 2 }, reached: steps(1000, 1002) },
    { window: { past: 10, future: 0 }, reached: steps(990, 1000) },
    { window: { past: 0, future: 10 }, reached: steps(1000, 1010) },
  ])('The window $window accepts its steps and no other', ({ window, reached }) => {
    expect(acceptedSteps(940, 1060, { ...now, window })).toEqual(reached);
  });

  test.each([51, { past: 51, future: 0 }, { past: 0, future: 51 }, -1])(
    'The window %j is a RangeError',
    (window) => {
      expect(() => verifyTotp(key, '000000', { ...now, window })).toThrow(RangeError);
      expect(() => verifyTotpBatch([], { ...now, window })).toThrow(RangeError);
    },
  );

  test('Drift moves the window as a whole', () => {
    const options = { ...now, window: { past: 2, future: 1 } };
    expect(acceptedSteps(940, 1060, { ...options, drift: -8 })).toEqual(steps(990, 993));
    expect(acceptedSteps(940, 1060, { ...options, drift: 30 })).toEqual(steps(1028, 1031));
  });

  test.each([-60, -50, -1, 0, 1, 50, 60])(
    'delta counts from the current step, not from a drift of %d',
    (drift) => {
      for (const offset of [-1, 0, 1]) {
        const delta = drift + offset;
        expect(verifyBoth(codeOf(1000 + delta), { ...now, drift })).toEqual({
          valid: true,
          step: 1000 + delta,
          delta,
        });
      }
    },
  );

  test('delta fed back as drift follows a clock that runs away', () => {
    // A phone that gains a step with every sign-in, far beyond what any one window reaches.
    let drift = 0;
    let lastStep: number | undefined;
    for (let i = 1; i <= 300; i++) {
      const current = 1000 + 2 * i;
      const result = verifyTotp(key, codeOf(current + i), {
        timestamp: 30_000 * current,
        drift,
        lastStep,
      });
      expect(result).toEqual({ valid: true, step: current + i, delta: i });
      if (result.valid) {
        drift = result.delta;
        lastStep = result.step;
      }
    }
  });

  test('delta fed back as drift follows a slow clock down to step 0', () => {
    let drift = 0;
    for (let behind = 1; behind <= 300; behind++) {
      const result = verifyTotp(key, codeOf(300 - behind), { timestamp: 30_000 * 300, drift });
      expect(result).toEqual({ valid: true, step: 300 - behind, delta: -behind });
      if (result.valid) drift = result.delta;
    }
  });
});

describe('The last step', () => {
  const now = { timestamp: 30_000 * 1000, window: 2 };

  test('Its own code and those before it are reused, those after it are good', () => {
    for (const step of steps(998, 1000)) {
      expect(verifyBoth(codeOf(step), { ...now, lastStep: 1000 })).toEqual(REUSED);
    }
    for (const step of [1001, 1002]) {
      expect(verifyBoth(codeOf(step), { ...now, lastStep: 1000 })).toMatchObject({ step });
    }
  });

  test('With any last step, a wrong code is a mismatch and a malformed one malformed', () => {
    expect(verifyBoth('000000', { ...now, lastStep: LAST_MS })).toEqual(MISMATCH);
    expect(verifyBoth('00000', { ...now, lastStep: LAST_MS })).toEqual(MALFORMED);
    expect(verifyBoth(codeOf(1003), { ...now, lastStep: 1000 })).toEqual(MISMATCH);
  });

  test('A code of zeros is a code like any other', () => {
    // From 1970 on it would look like seconds.
    const epoch = 100_000_000;
    const timestamp = 349_495 * 30_000 + 1000 * epoch;
    expect(codeOf(349_495)).toBe('000000');
    expect(verifyBoth('000000', { timestamp, epoch })).toEqual({
      valid: true,
      step: 349_495,
      delta: 0,
    });
  });

  test('A last step of 0 is not taken for a missing one', () => {
    expect(verifyBoth(codeOf(0), { timestamp: 0, lastStep: 0 })).toEqual(REUSED);
    expect(verifyBoth(codeOf(0), { timestamp: 0 })).toMatchObject({ valid: true, step: 0 });
  });

  test('After the clock steps back, a used code stays refused without an error', () => {
    const code = codeOf(1000);
    const lastStep = 1000;
    for (let current = 1100; current >= 0; current--) {
      const result = verifyBoth(code, { timestamp: 30_000 * current, window: 2, lastStep });
      expect(result).toEqual(Math.abs(current - 1000) <= 2 ? REUSED : MISMATCH);
    }
  });
});

describe('Near the epoch', () => {
  test.each([
    { current: 0, window: 10, reached: steps(0, 10) },
    { current: 3, window: 10, reached: steps(0, 13) },
    { current: 0, window: { past: 10, future: 0 }, reached: [0] },
    { current: 10, window: { past: 10, future: 0 }, reached: steps(0, 10) },
  ])('At step $current the window $window holds only steps that exist', (row) => {
    const { current, window, reached } = row;
    const options = { timestamp: 30_000 * current, window };
    expect(acceptedSteps(0, 20, options)).toEqual(reached);
  });

  test.each([
    { timestamp: 99_999, epoch: 100 },
    { timestamp: 0, epoch: LAST_EPOCH },
    { timestamp: 1_700_000_000_000, epoch: 1_700_000_001 },
  ])('Before the epoch every call is a RangeError: %j', (time) => {
    expect(() => generateTotp(key, time)).toThrow(RangeError);
    expect(() => verifyTotp(key, codeOf(0), time)).toThrow(RangeError);
    expect(() => verifyTotp(key, '12345', { ...time, window: 10, drift: 50 })).toThrow(RangeError);
    expect(() => verifyTotpBatch([], time)).toThrow(RangeError);
    expect(() => resyncTotp(key, codesUpTo(1, 2), time)).toThrow(RangeError);
  });

  test('A drift can lead to before the epoch, and back', () => {
    expect(verifyBoth(codeOf(0), { timestamp: 0, drift: -2 })).toEqual(MISMATCH);
    expect(verifyBoth(codeOf(0), { timestamp: 0, drift: -1 })).toMatchObject({ step: 0 });
    const slow = { timestamp: 30_000 * 100, drift: -105 };
    expect(verifyBoth(codeOf(5), { ...slow, window: { past: 0, future: 10 } })).toEqual({
      valid: true,
      step: 5,
      delta: -95,
    });
  });
});

describe('verifyTotpBatch', () => {
  const now = { timestamp: 59_000 };

  test('takes a secret in place of a key: bytes or base32 text, under one algorithm', () => {
    for (const algorithm of ['SHA1', 'SHA256', 'SHA512'] as const) {
      const bytes = new Uint8Array(20).fill(7);
      const text = encodeBase32(bytes);
      const own = createKey(bytes, { algorithm });
      const right = generateTotp(own, now);
      const secrets = [bytes, text, text.toLowerCase(), `${text}===`, text.replace('A', ' A')];
      const items = secrets.flatMap((secret) => [
        { secret, code: right },
        { secret, code: 'x' },
        { secret, code: right, lastStep: 2 ** 50 },
      ]);
      const expected = secrets.flatMap(() => ['valid', 'malformed', 'reused']);
      const results = verifyTotpBatch([{ key: own, code: right }, ...items], { ...now, algorithm });
      expect(results.map((result) => (result.valid ? 'valid' : result.reason))).toEqual([
        'valid',
        ...expected,
      ]);
    }
  });

  test('takes secrets as SHA1 unless its options name an algorithm', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const item = { secret, code: generateTotp(createKey(secret), now) };
    expect(verifyTotpBatch([item], now)[0]?.valid).toBe(true);
    expect(verifyTotpBatch([item], { ...now, algorithm: 'SHA256' })[0]?.valid).toBe(false);
    expect(() => verifyTotpBatch([item], { algorithm: 'MD5' as never })).toThrow(RangeError);
  });

  test('refuses an item with both a key and a secret, or with neither', () => {
    const secret = 'GEZDGNBVGY3TQOJQ';
    const both = { key, secret, code: '' } as never;
    expect(() => verifyTotpBatch([both])).toThrow(
      new TypeError('"items[]" must have "key" or "secret", not both'),
    );
    expect(() => verifyTotpBatch([{ code: '' } as never])).toThrow('"key" must be an OtpKey');
  });

  test('refuses a secret that createKey refuses, whatever the code', () => {
    const good = { secret: 'GEZDGNBVGY3TQOJQ', code: '000000' };
    for (const code of ['000000', 'x']) {
      for (const secret of ['', 'A', 'GEZDGNB1', 'A='.repeat(40)]) {
        expect(() => verifyTotpBatch([good, { secret, code }, good])).toThrow(OtpError);
      }
      expect(() => verifyTotpBatch([{ secret: new Uint8Array(0), code }])).toThrow(RangeError);
      for (const secret of [null, 7, {}, []]) {
        expect(() => verifyTotpBatch([{ secret: secret as never, code }])).toThrow(TypeError);
      }
    }
  });

  test('No items give no results', () => {
    expect(verifyTotpBatch([])).toEqual([]);
  });

  test('A wrong item is an error of the whole batch', () => {
    const good = { key, code: codeOf(1) };
    const now = { timestamp: 59_000 };
    expect(() => verifyTotpBatch([good, { ...good, drift: 0.5 }], now)).toThrow(RangeError);
    expect(() => verifyTotpBatch([good, { ...good, lastStep: -1 }], now)).toThrow(RangeError);
    expect(() => verifyTotpBatch([good, ...new Array(1)], now)).toThrow(TypeError);
    expect(verifyTotpBatch([good, { ...good, code: '' }], now)).toEqual([
      { valid: true, step: 1, delta: 0 },
      MALFORMED,
    ]);
  });
});

describe('resyncTotp', () => {
  const now = { timestamp: 30_000 * 20_000 }; // 7 January 1970, before what looks like seconds

  test('Without a range it looks 20 steps to either side', () => {
    for (const drift of [-20, 20]) {
      const step = 20_000 + drift;
      expect(resyncTotp(key, codesUpTo(step, 2), now)).toEqual({ valid: true, step, drift });
    }
    expect(resyncTotp(key, codesUpTo(20_000 - 21, 2), now)).toEqual(MISMATCH);
    expect(resyncTotp(key, codesUpTo(20_000 + 21, 2), now)).toEqual(MISMATCH);
  });

  test('Its drift makes the next code good, and its step the codes reused', () => {
    const codes = codesUpTo(20_000 - 8, 2);
    const found = resyncTotp(key, codes, now);
    expect(found).toEqual({ valid: true, step: 19_992, drift: -8 });
    if (!found.valid) return;
    const user = { drift: found.drift, lastStep: found.step };
    for (const code of codes) expect(verifyBoth(code, { ...now, ...user })).toEqual(REUSED);
    expect(resyncTotp(key, codes, { ...now, lastStep: found.step })).toEqual(REUSED);
    expect(verifyBoth(codeOf(19_993), { timestamp: 30_000 * 20_001, ...user })).toEqual({
      valid: true,
      step: 19_993,
      delta: -8,
    });
  });

  test.each([2, 3, 10])('%d codes are reused if the step of any of them was', (count) => {
    const last = 20_010;
    const codes = codesUpTo(last, count);
    for (let lastStep = last - count; lastStep <= last + 1; lastStep++) {
      const isFresh = lastStep <= last - count;
      expect(resyncTotp(key, codes, { ...now, lastStep })).toEqual(
        isFresh ? { valid: true, step: last, drift: 10 } : REUSED,
      );
    }
  });

  test.each([
    ['not consecutive', [codeOf(19_990), codeOf(19_992)]],
    ['in reverse', codesUpTo(19_990, 3).reverse()],
    ['the same one twice', [codeOf(19_990), codeOf(19_990)]],
    ['right but for the last', [...codesUpTo(19_990, 2), '000000']],
  ])('Codes that are %s are a mismatch', (_, codes) => {
    expect(resyncTotp(key, codes, now)).toEqual(MISMATCH);
  });

  test.each([
    ['none', []],
    ['one', [codeOf(20_000)]],
    ['eleven', codesUpTo(20_000, 11)],
    ['one of them too long', [...codesUpTo(20_000, 2), '0000000']],
    ['one of them a number', [codeOf(20_000), 123456]],
    ['two holes', new Array(2)],
    ['a text', codesUpTo(20_000, 2).join('')],
    ['an object like an array', { ...codesUpTo(20_000, 2), length: 2 }],
    ['nothing', undefined],
  ])('Codes that are %s are malformed', (_, codes) => {
    expect(resyncTotp(key, codes as string[], now)).toEqual(MALFORMED);
  });

  test('The first steps are found, and the search starts there', () => {
    expect(resyncTotp(key, codesUpTo(1, 2), { timestamp: 0 })).toMatchObject({ step: 1, drift: 1 });
    expect(resyncTotp(key, codesUpTo(1, 2), { timestamp: 30_000 * 21 })).toMatchObject({
      step: 1,
      drift: -20,
    });
    expect(resyncTotp(key, codesUpTo(1, 2), { timestamp: 30_000 * 22 })).toEqual(MISMATCH);
  });

  test('A range of 10,000 is the widest', () => {
    const codes = codesUpTo(10_000, 2);
    expect(resyncTotp(key, codes, { ...now, range: 10_000 })).toMatchObject({ drift: -10_000 });
    expect(() => resyncTotp(key, codes, { ...now, range: 10_001 })).toThrow(RangeError);
    expect(() => resyncTotp(key, codes, { ...now, range: -1 })).toThrow(RangeError);
  });

  test('A range of 0 takes only codes that end with the current step', () => {
    const strict = { ...now, range: 0 };
    expect(resyncTotp(key, codesUpTo(20_000, 10), strict)).toMatchObject({ drift: 0 });
    expect(resyncTotp(key, codesUpTo(19_999, 10), strict)).toEqual(MISMATCH);
    expect(resyncTotp(key, codesUpTo(20_001, 10), strict)).toEqual(MISMATCH);
  });
});

test('A batch item whose secret answers once is checked against that secret', () => {
  const first = '142150';
  for (const code of ['287082', first]) {
    let secret: string | undefined = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const row = {
      code,
      get secret() {
        const once = secret;
        secret = undefined;
        return once as string;
      },
    };
    const [result] = verifyTotpBatch([row], { timestamp: 59_000, window: 0 });
    expect(result?.valid).toBe(code === '287082');
  }
});
