/**
 * The built package after its import, while built-in functions are replaced by ones that throw, lie
 * or are gone: no wrong code is accepted, and none twice. And while
 * `Object.prototype` is written to: no default changes. docs/security/poisoned-globals.md has what
 * comes of it.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { newPoisonRealm, newPollutionRealm, type Place, type Report } from './support/poison.js';

/**
 * All that makes a difference when it is replaced by itself. `SLOW=1` tries every place that there
 * is; else those that are not in this list are replaced all at once.
 */
const IN_USE: readonly string[] = [
  ...['Array', 'Array.[Symbol.species]', 'Array.from', 'Array.isArray'],
  ...['Array.prototype.[Symbol.iterator]', 'Array.prototype.every', 'Array.prototype.fill'],
  ...['Array.prototype.forEach', 'Array.prototype.map', 'Array.prototype.push'],
  ...['Array.prototype.reverse', 'Array.prototype.slice', 'ArrayIterator.next', 'Date'],
  ...['Float64Array', 'Int32Array', 'Map', 'Map.prototype.get', 'Map.prototype.set'],
  ...['Map.prototype.size', 'Math', 'Math.floor', 'Math.imul', 'Math.max', 'Math.min', 'Number'],
  ...['Number.isSafeInteger', 'Object', 'Object.__proto__.call', 'Object.getPrototypeOf'],
  ...['Promise', 'Promise.prototype.constructor', 'Promise.prototype.then', 'RangeError'],
  ...['String', 'String.fromCharCode', 'String.prototype.charCodeAt', 'String.prototype.padStart'],
  ...['String.prototype.slice', 'String.prototype.startsWith', 'TypedArray.from'],
  ...['TypedArray.prototype.[Symbol.iterator]', 'TypedArray.prototype.fill'],
  ...['TypedArray.prototype.length', 'TypedArray.prototype.set', 'TypedArray.prototype.slice'],
  ...['TypedArray.prototype.subarray', 'Uint8Array', 'WebAssembly', 'WebAssembly.Instance'],
  ...['WebAssembly.Memory.prototype.buffer', 'WebAssembly.Module'],
];
/** Of the modes, those that `npm test` tries place by place. */
const BRIEF_MODES = ['throws', 'gives 0', 'gives true', 'gives its first argument'];

const inUse = new Set(IN_USE);

function accepts(report: Report = {}): boolean {
  return Object.values(report).includes('accepts');
}

function isSame(report: Report | undefined): boolean {
  return report !== undefined && Object.values(report).every((answer) => answer === 'same');
}

describe.each(['portable', 'simd'] as const)('With the engine called %s,', (engine) => {
  let realm: Awaited<ReturnType<typeof newPoisonRealm>>;

  beforeAll(async () => {
    realm = await newPoisonRealm(engine);
  });

  /** Poisons places one by one: those where something was accepted, and those that made a difference. */
  function poisonEach(places: readonly Place[], modes: readonly string[]) {
    const open = new Set<string>();
    const touched = new Set<string>();
    for (const place of places) {
      for (const mode of modes) {
        for (const usedBefore of [true, false]) {
          // What does not come to an end is tried once more: it may be the machine that was busy.
          const attempt = () => realm.poison([place], mode, usedBefore);
          const report = attempt() ?? attempt();
          if (accepts(report)) open.add(place.place);
          if (!isSame(report)) touched.add(place.place);
        }
      }
    }
    return { open: [...open].sort(), touched: [...touched].sort() };
  }

  test('hundreds of places are found, and all that are said to be in use among them', () => {
    const names = new Set(realm.places.map(({ place }) => place));
    expect(names.size).toBeGreaterThan(500);
    expect(IN_USE.filter((name) => !names.has(name))).toEqual([]);
  });

  test('the probe sees a lie, and all is as it was once that is mended', () => {
    const liar = realm.places.filter(({ place }) => place === 'String.prototype.charCodeAt');
    expect(realm.poison(liar, 'gives 0', true)).toMatchObject({ 'verifyTotp, right': 'differs' });
    for (const usedBefore of [true, false]) {
      const report = realm.poison([], 'throws', usedBefore);
      expect(Object.keys(report ?? {})).toHaveLength(15);
      expect(report).toSatisfy(isSame);
    }
  });

  test('the probe sees a wrong code accepted, where the library asks what is replaced', async () => {
    const asking = (code: string) => code.replace('return floor(', 'return Math.floor(');
    const faulty = await newPoisonRealm(engine, asking);
    const liar = faulty.places.filter(({ place }) => place === 'Math.floor');
    expect(accepts(faulty.poison(liar, 'gives 0', true))).toBe(true);
    expect(accepts(faulty.poison([], 'gives 0', true))).toBe(false);
  });

  test('all answers are the same while all that is not in use is poisoned at once', () => {
    const others = realm.places.filter(({ place }) => !inUse.has(place));
    for (const mode of realm.modes) {
      for (const usedBefore of [true, false]) {
        const report = realm.poison(others, mode, usedBefore);
        expect(report, `${mode}, used before: ${usedBefore}`).toSatisfy(isSame);
      }
    }
  }, 120_000);

  test('nothing wrong is accepted while one thing in use is poisoned', () => {
    const places = realm.places.filter(({ place }) => inUse.has(place));
    const { open } = poisonEach(places, BRIEF_MODES);
    expect(open).toEqual([]);
  }, 240_000);

  test.skipIf(!process.env.SLOW)(
    'the same of every place and every lie',
    () => {
      const { open, touched } = poisonEach(realm.places, realm.modes);
      console.log(JSON.stringify({ engine, places: realm.places.length, open, touched }));
      expect(open).toEqual([]);
      expect(touched.filter((place) => !inUse.has(place))).toEqual([]);
    },
    3_600_000,
  );
});

/** Every option there is, with a legal value that is not the default, and what is no value at all. */
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
/** What results and the inner parts of the library have, which nobody may give in their place either. */
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
