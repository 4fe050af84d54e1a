// notp 2.0.3 and its counterparts, on the same secrets. It reads the clock itself, so the clock is set.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { attempts, cases, codeOf, plainCases } from './support/cases.mjs';
import { expectSame, expectSameAcceptance, outcomeOf } from './support/compare.mjs';
import { notp, otpcore, sourceOf } from './support/libraries.mjs';
import { missingNames, readPage, testPage } from './support/page.mjs';

const { createKey, decodeBase32Lenient, generateHotp, generateTotp, verifyHotp, verifyTotp } =
  otpcore;

const TEXT = '12345678901234567890';
const BYTES = Buffer.from(TEXT);
const KEY = createKey(BYTES);
const RFC = { secret: BYTES, algorithm: 'SHA1', digits: 6 };

const all = plainCases({ seed: 21 });
const typed = attempts(all);
const pressed = attempts(all, 3, ({ counter }) => counter);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Runs notp at a moment. */
function at(timestamp, run) {
  vi.setSystemTime(timestamp);
  return run();
}

const theirTotp = ({ secret, timestamp, code, ...one }, opt) =>
  at(timestamp, () => notp.totp.verify(code, secret, { time: one.period, ...opt }));
const theirHotp = ({ secret, counter, code }, opt) =>
  notp.hotp.verify(code, secret, { counter, ...opt });

function expectSameCodes(among = all, theirs = ({ secret }) => secret, ours = theirs) {
  expectSame(
    among,
    (one) => at(one.timestamp, () => notp.totp.gen(theirs(one), { time: one.period })),
    (one) => generateTotp(createKey(ours(one)), one),
  );
}

function expectSameWindow(window) {
  expectSameAcceptance(
    typed,
    (one) => theirTotp(one, { window }) !== null,
    (one) => verifyTotp(createKey(one.secret), one.code, { ...one, window }).valid,
  );
}

/** Only ahead: what lies behind is refused here, and that is a difference of its own. */
function expectSameLookAhead(window) {
  expectSameAcceptance(
    pressed.filter(({ offset }) => offset === undefined || offset >= 0),
    (one) => theirHotp(one, { window }) !== null,
    ({ secret, code, counter }) =>
      verifyHotp(createKey(secret), code, { counter, lookAhead: window }).valid,
  );
}

function expectSameHotp() {
  expectSame(
    all,
    ({ secret, counter }) => notp.hotp.gen(secret, { counter }),
    ({ secret, counter }) => generateHotp(createKey(secret), counter),
  );
}

const rows = {
  '`totp.gen(key, opt)`': () => expectSameCodes(),
  '`totp.verify(token, key, opt)`': () => expectSameWindow(1),
  '`hotp.gen(key, opt)`': () => expectSameHotp(),
  '`hotp.verify(token, key, opt)`': () => expectSameLookAhead(1),
  '`{ delta }` of `totp.verify`': () =>
    expectSame(
      typed,
      (one) => theirTotp(one, { window: 2 })?.delta,
      (one) => verifyTotp(createKey(one.secret), one.code, { ...one, window: 2 }).delta,
    ),
  '`{ delta }` of `hotp.verify`': () =>
    expectSame(
      pressed.filter(({ offset }) => offset >= 0),
      (one) => theirHotp(one, { window: 3 })?.delta,
      ({ secret, code, counter }) => {
        const result = verifyHotp(createKey(secret), code, { counter, lookAhead: 3 });
        return result.valid ? result.counter - counter : undefined;
      },
    ),
  '`null`': () => {
    expect(notp.hotp.verify('000000', TEXT, { counter: 0, window: 1 })).toBeNull();
    const refused = { valid: false, reason: 'mismatch' };
    expect(verifyHotp(KEY, '000000', { counter: 0 })).toEqual(refused);
  },
  '`key` as text': () => {
    const written = ['grün'.repeat(5), 'Ω'.repeat(10), '日本'.repeat(9), TEXT, 'x'.repeat(70)];
    const among = written.flatMap((key) => all.slice(0, 3).map((one) => ({ ...one, key })));
    expectSameCodes(
      among,
      ({ key }) => key,
      ({ key }) => Buffer.from(key, 'utf8'),
    );
  },
  '`key` as a `Buffer`': () => expectSameCodes(),
  '`token`': () => expectSameWindow(2),
  '`opt.counter`': () => expectSameHotp(),
  '`opt.time`, seconds a step': () =>
    expectSameCodes(cases({ seed: 22 }).map((one) => ({ ...one, algorithm: 'SHA1', digits: 6 }))),
  '`opt.window` of `totp.verify`, default 50': () => {
    for (const window of [1, 2, 10]) {
      if (window < 3) expectSameWindow(window);
      else expect(verifyTotp(KEY, '000000', { window }).valid).toBe(false);
    }
    expect(outcomeOf(() => verifyTotp(KEY, '000000', { window: 11 }))).toBe('throws RangeError');
  },
  '`opt.window` of `hotp.verify`, default 50, both sides': () => {
    for (const window of [1, 2]) expectSameLookAhead(window);
  },
  '`opt._t`, milliseconds, in tests only': () => {
    const call = () => notp.totp.gen(TEXT, { _t: 59_000 });
    vi.stubEnv('NODE_ENV', 'test');
    expect(call()).toBe(generateTotp(KEY, { timestamp: 59_000 }));
    vi.stubEnv('NODE_ENV', 'production');
    expect(outcomeOf(call)).toBe('throws Error');
    vi.unstubAllEnvs();
  },
};

/** Which offsets from counter 1000 are accepted: the first, the last, how many. */
function reachOf(accepts) {
  const offsets = Array.from({ length: 141 }, (_, i) => i - 70);
  const accepted = offsets.filter((offset) => accepts(codeOf(RFC, 1000 + offset)));
  return [accepted[0], accepted.at(-1), accepted.length];
}

const differences = {
  'The window is 50 unless it is told otherwise.': () => {
    const timestamp = 30_000_000;
    const theirs = (code) => at(timestamp, () => notp.totp.verify(code, TEXT)) !== null;
    expect(reachOf(theirs)).toEqual([-50, 50, 101]);
    expect(reachOf((code) => verifyTotp(KEY, code, { timestamp }).valid)).toEqual([-1, 1, 3]);
  },
  'A window of 0 counts as 50.': () => {
    const timestamp = 30_000_000;
    for (const window of [0, Number.NaN]) {
      const theirs = (code) => at(timestamp, () => notp.totp.verify(code, TEXT, { window }));
      expect(reachOf((code) => theirs(code) !== null)).toEqual([-50, 50, 101]);
    }
    const strict = (code) => verifyTotp(KEY, code, { timestamp, window: 0 }).valid;
    expect(reachOf(strict)).toEqual([0, 0, 1]);
  },
  '`hotp.verify` looks back.': () => {
    const options = { counter: 1000 };
    const theirs = (code) => notp.hotp.verify(code, TEXT, { ...options }) !== null;
    expect(reachOf(theirs)).toEqual([-50, 50, 101]);
    const ours = (code) => verifyHotp(KEY, code, { ...options, lookAhead: 50 }).valid;
    expect(reachOf(ours)).toEqual([0, 50, 51]);
  },
  'The options are written to.': () => {
    const opt = { counter: 5, window: 3 };
    notp.hotp.verify('000000', TEXT, opt);
    notp.hotp.verify('000000', TEXT, opt);
    expect(opt).toEqual({ counter: 11, window: 3 });
    const ours = Object.freeze({ counter: 5, lookAhead: 3 });
    expect(verifyHotp(KEY, '000000', ours).valid).toBe(false);
  },
  'A missing key has codes.': () => {
    for (const key of [undefined, null, '']) {
      expect(notp.hotp.gen(key, { counter: 0 })).toBe('328482');
      expect(notp.hotp.verify('328482', key, { counter: 0 })).toEqual({ delta: 0 });
    }
    for (const secret of [undefined, null]) {
      expect(outcomeOf(() => createKey(secret))).toBe('throws TypeError');
    }
    expect(outcomeOf(() => createKey(''))).toBe('throws OtpError');
    expect(outcomeOf(() => createKey(Buffer.from('')))).toBe('throws RangeError');
  },
  'One code in 21,475 is cut.': () => {
    expect(Math.round(2 ** 31 / 100_000)).toBe(21_475);
    const counter = 10_281;
    expect(codeOf(RFC, counter)).toBe('092555');
    expect(notp.hotp.gen(TEXT, { counter })).toBe('5');
    expect(notp.hotp.verify('092555', TEXT, { counter })).toBeNull();
    expect(notp.hotp.verify('5', TEXT, { counter })).toEqual({ delta: 0 });
    expect(generateHotp(KEY, counter)).toBe('092555');
  },
  "A `time` that is no number gives counter 0's code.": () => {
    for (const time of ['half', {}]) {
      expect(notp.totp.gen(TEXT, { time })).toBe(generateHotp(KEY, 0));
      expect(outcomeOf(() => generateTotp(KEY, { period: time }))).toBe('throws TypeError');
    }
  },
  'Counters from 2^31 on give wrong codes.': () => {
    for (const counter of [2 ** 31, 2 ** 32, 2 ** 40 + 1]) {
      expect(notp.hotp.gen(TEXT, { counter })).not.toBe(codeOf(RFC, counter));
      expect(generateHotp(KEY, counter)).toBe(codeOf(RFC, counter));
    }
  },
  '`===` compares the code.': () => {
    expect(sourceOf('notp/index.js')).toContain('if(this.gen(key, opt) === token)');
  },
  'A number is refused on both sides.': () => {
    expect(notp.hotp.verify(755224, TEXT, { counter: 0 })).toBeNull();
    const refused = { valid: false, reason: 'malformed' };
    expect(verifyHotp(KEY, 755224, { counter: 0 })).toEqual(refused);
  },
  'Nothing is single use.': () => {
    const attempt = () => at(59_000, () => notp.totp.verify('287082', TEXT));
    expect([attempt(), attempt()]).toEqual([{ delta: 0 }, { delta: 0 }]);
  },
};

testPage('notp', { rows, differences });

test('Text that was decoded before it was passed is another key than the text itself', () => {
  const column = 'GEZDGNBVGY3TQOJQ';
  const decoded = Buffer.from(decodeBase32Lenient(column));
  const codes = [column, decoded].map((key) => notp.hotp.gen(key, { counter: 0 }));
  expect(codes).toEqual(['866297', '891490']);
});

describe('The page on notp is complete:', () => {
  test('it names every function that is exported', () => {
    const names = Object.entries(notp).flatMap(([name, object]) =>
      Object.keys(object).map((method) => `${name}.${method}`),
    );
    expect(names.length).toBe(4);
    expect(missingNames(readPage('notp'), names)).toEqual([]);
  });

  test('it names every option that the source reads', () => {
    const source = sourceOf('notp/index.js');
    const names = new Set([...source.matchAll(/\bopt\.(\w+)/g)].map(([name]) => name));
    expect([...names].sort()).toEqual(['opt._t', 'opt.counter', 'opt.time', 'opt.window']);
    expect(missingNames(readPage('notp'), [...names])).toEqual([]);
  });
});
