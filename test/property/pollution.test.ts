/**
 * While `Object.prototype` is written to, no default of the built package changes: prototype
 * pollution must not widen a window or choose a store.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { newPollutionRealm } from '../support/pollution.js';

/** Every option there is, with a legal value that is not the default, and an invalid value. */
const OPTIONS: Readonly<Record<string, readonly unknown[]>> = {
  timestamp: [1e12, Number.NaN],
  period: [60, 0],
  epoch: [31, -1],
  digits: [8, '6'],
  window: [10, { past: 10, future: 10 }, -1],
  past: [10, Number.NaN],
  future: [10, Number.NaN],
  drift: [5, '5'],
  lastStep: [5, null],
  counter: [1, -1],
  lookAhead: [100, Number.NaN],
  range: [0, 10_000, Number.NaN],
  algorithm: ['SHA512', 'MD5'],
  type: ['hotp', 7],
  issuer: ['Mallory', 7],
  account: ['mallory', 7],
  secret: ['AAAAAAAA', new Uint8Array(20), 7],
  image: ['https://example.com/', 7],
  maxIds: [1, 0],
  store: [{ claim: () => true }, 7],
  id: ['mallory', 7],
  key: [{}, 7],
  code: ['969429', 7],
};
/** Properties of results and of the library's inner objects. */
const INNER = [
  ...['valid', 'reason', 'step', 'delta', 'nextCounter', 'claim', 'claimStep', 'highest', 'typed'],
  ...[
    'first',
    'count',
    'current',
    'midstates',
    'name',
    'min',
    'max',
    'fallback',
    'value',
    'position',
  ],
  ...['spelling', 'message', 'isSpaced', 'SHA1', 'SHA256', 'SHA512'],
];

describe.each(['portable', 'simd'] as const)(
  'While Object.prototype is polluted, with the engine called %s,',
  (engine) => {
    let realm: Awaited<ReturnType<typeof newPollutionRealm>>;
    let expected: string;

    beforeAll(async () => {
      realm = await newPollutionRealm(engine);
      expected = realm.survey({}, 'a value');
    });

    test('the survey has the answers of every function', () => {
      const answers: Record<string, unknown> = JSON.parse(expected);
      expect(Object.keys(answers).length).toBeGreaterThan(40);
      expect(answers).toMatchObject({
        verifyTotp: { valid: true, step: 1, delta: 0 },
        'verifyTotp of a far step': { valid: false, reason: 'mismatch' },
        'verifyHotp without a counter': 'TypeError',
        verifyTotpOnce: { valid: true, step: 1, delta: 0 },
        'verifyTotpOnce without a store': 'TypeError',
      });
      expect(Object.values(answers)).not.toContain('never settled');
    });

    test('the survey sees a property that does make a difference', () => {
      // A property that arrays inherit is in the way of their own, by the language's own rules.
      expect(realm.survey({ '0': 1 }, 'a getter')).not.toBe(expected);
    });

    test.each(Object.keys(OPTIONS))('%s is not taken from there', (name) => {
      for (const value of OPTIONS[name] as readonly unknown[]) {
        for (const way of realm.ways) {
          expect(realm.survey({ [name]: value }, way), `${way}`).toBe(expected);
        }
      }
    });

    test('all options at once are not taken from there', () => {
      const all = Object.entries(OPTIONS).map(([name, values]) => [name, values[0]]);
      for (const way of realm.ways) {
        expect(realm.survey(Object.fromEntries(all), way)).toBe(expected);
      }
    });

    test.each(['-1', '0', '1', '2', '3', '6', '16'])('an index %s changes no answer', (index) => {
      for (const value of [1, 'x']) {
        expect(realm.survey({ [index]: value }, 'a value')).toBe(expected);
      }
    });

    test.each(INNER)('a property "%s" changes no answer', (name) => {
      for (const value of [1, 'x']) {
        for (const way of realm.ways)
          expect(realm.survey({ [name]: value }, way), way).toBe(expected);
      }
    });
  },
);
