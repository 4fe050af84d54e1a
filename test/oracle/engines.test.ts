/** The SIMD engine against the portable one, which is close to the text of the standards. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase32Lenient } from '../../src/base32.js';
import type { Attempt, Midstates } from '../../src/engine/engine.js';
import type { Algorithm } from '../../src/internal/algorithm.js';
import { type NamedEngine, portable, simd } from '../support/engines.js';

const algorithms: readonly Algorithm[] = ['SHA1', 'SHA256', 'SHA512'];
const ALL_DIGITS = [6, 7, 8, 9] as const;
const LAST_COUNTER = 2 ** 53 - 1;
const MAX_COUNT = 101;

const algorithm = fc.constantFrom(...algorithms);
const secret = fc.uint8Array({ minLength: 1, maxLength: 300 });
const digitsOption = fc.constantFrom(...ALL_DIGITS);
const anyCode = fc.nat({ max: 10 ** 9 - 1 });
const count = fc.nat({ max: MAX_COUNT });

/** The lower word wraps around within the lanes, or its sign changes, or there is no counter left. */
const border = fc
  .tuple(
    fc.constantFrom(2 ** 31, 2 ** 32, 5 * 2 ** 32, 2 ** 52, 2 ** 53),
    fc.nat({ max: MAX_COUNT }),
  )
  .map(([end, before]) => end - before);
const first = fc.oneof(fc.constant(0), fc.nat({ max: 1000 }), border, fc.maxSafeNat());

const run = fc
  .record({ first, count })
  .map((drawn) => ({ ...drawn, first: Math.min(drawn.first, LAST_COUNTER + 1 - drawn.count) }));

function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 151 + (i >> 3) + length) & 0xff);
}

function valuesOf(
  engine: NamedEngine,
  midstates: Midstates,
  from: number,
  size: number,
): Int32Array {
  const values = new Int32Array(size).fill(-1);
  engine.truncateHmacs(midstates, from, values);
  return values;
}

function codesOf(midstates: Midstates, from: number, size: number, digits: number): number[] {
  return Array.from(valuesOf(portable, midstates, from, size), (value) => value % 10 ** digits);
}

function attemptsOf(engine: NamedEngine, attempts: readonly Attempt[], digits: number): number[] {
  const own = attempts.map((attempt) => ({ ...attempt }));
  engine.matchBatch(own, digits);
  return own.map(({ matchIndex }) => matchIndex);
}

describe.each(algorithms)('With %s', (name) => {
  const key = portable.prepareKey(name, bytesOf(20));

  test('keys of 1 to 300 bytes are prepared alike', () => {
    for (let length = 1; length <= 300; length++) {
      const bytes = bytesOf(length);
      expect([...simd.prepareKey(name, bytes)], `${length} bytes`).toEqual([
        ...portable.prepareKey(name, bytes),
      ]);
    }
  });

  // After a long key, a short one must not meet what the long one left.
  test('keys of any length are prepared alike after any other', () => {
    const lengths = [1, 300, 3, 63, 1, 64, 2, 65, 127, 1, 128, 129, 5];
    for (const length of lengths) {
      const bytes = new Uint8Array(length).fill(0xff);
      expect([...simd.prepareKey(name, bytes)]).toEqual([...portable.prepareKey(name, bytes)]);
    }
  });

  test.each([0, 1, 2, 3, 4, 5, 20_009])('runs of %i counters have the same values', (size) => {
    for (const from of [0, 2 ** 31 - 3, 2 ** 32 - 6, LAST_COUNTER + 1 - size]) {
      const expected = valuesOf(portable, key, from, size);
      expect(valuesOf(simd, key, from, size)).toEqual(expected);
    }
  });

  test('a code is found at every place of runs of every length', () => {
    const codes = codesOf(key, 2 ** 32 - 50, MAX_COUNT, 8);
    for (let size = 0; size <= MAX_COUNT; size++) {
      const found = codes.map((typed) => simd.matchOne(key, 2 ** 32 - 50, size, typed, 8));
      const inReach = codes.slice(0, size);
      expect(found).toEqual(codes.map((typed) => inReach.lastIndexOf(typed)));
    }
  });

  test('of counters with one code the highest is found, in a run of thousands', () => {
    const size = 5003;
    const codes = codesOf(key, 0, size, 6);
    const shared = codes.filter((code, i) => codes.indexOf(code) !== i);
    // 5,003 codes out of a million: a dozen pairs are to be expected.
    expect(shared.length).toBeGreaterThan(3);
    for (const typed of shared) {
      const [lower, higher] = [codes.indexOf(typed), codes.lastIndexOf(typed)];
      expect(simd.matchOne(key, 0, size, typed, 6)).toBe(higher);
      expect(simd.matchOne(key, lower, higher - lower + 1, typed, 6)).toBe(higher - lower);
      expect(simd.matchOne(key, lower, higher - lower, typed, 6)).toBe(
        codes.slice(lower, higher).lastIndexOf(typed),
      );
    }
  });

  // The kernel divides without a division, so it meets what a slip there would take for a multiple.
  test.each(ALL_DIGITS)('%i digits of thousands of values are compared exactly', (digits) => {
    const modulus = 10 ** digits;
    const wrapped = 2 ** 32 % modulus;
    const values = valuesOf(portable, key, 1000, 8009);
    const wrong: number[] = [];
    values.forEach((value, i) => {
      const code = value % modulus;
      // Multiples of the modulus if 2^32 is added to a negative difference, or to any.
      const lures = [value + wrapped, value + wrapped - modulus];
      const near = [code + 1, code - 1, code ^ 1024, 0, modulus - 1];
      for (const typed of [code, ...lures, ...near]) {
        if (typed < 0 || typed >= modulus) continue;
        const expected = typed === code ? 0 : -1;
        if (simd.matchOne(key, 1000 + i, 1, typed, digits) !== expected) wrong.push(value);
      }
    });
    expect(wrong).toEqual([]);
  });
});

/** The key of a text of nothing but symbols by the portable engine, which is given its bytes. */
function keyOfSymbols(name: Algorithm, text: string): Midstates | undefined {
  if (!/^[A-Za-z2-7]{2,}$/.test(text)) return undefined;
  return portable.prepareKey(name, decodeBase32Lenient(text));
}

test('Keys are the same for any text, and there is one for the same texts', () => {
  const symbol = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcdefghijklmnopqrstuvwxyz');
  const rarely = fc.oneof(
    { weight: 300, arbitrary: symbol },
    fc.string({ unit: 'binary', maxLength: 2 }),
  );
  const text = fc.array(rarely, { maxLength: 140 }).map((parts) => parts.join(''));
  const seen = { keys: 0, refused: 0 };
  fc.assert(
    fc.property(algorithm, text, (name, drawn) => {
      const found = simd.prepareBase32Key(name, drawn);
      const expected = keyOfSymbols(name, drawn);
      // Longer than a block, or ending in the middle of a byte: it may leave these to others.
      const isUnusual = drawn.length > (name === 'SHA512' ? 128 : 64) || (5 * drawn.length) % 8 > 4;
      if (!isUnusual || found !== undefined) {
        expect(found).toEqual(expected);
      }
      seen[found === undefined ? 'refused' : 'keys']++;
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(seen.keys, seen.refused)).toBeGreaterThan(300);
});

test('Keys, values and matches are the same for any secret, counters and code', () => {
  fc.assert(
    fc.property(
      fc.record({ algorithm, secret, run, digits: digitsOption, typed: anyCode, place: fc.nat() }),
      fc.constantFrom('right', 'any', 'lowest', 'highest'),
      (drawn, kind) => {
        const { first: from, count: size } = drawn.run;
        const modulus = 10 ** drawn.digits;
        const midstates = simd.prepareKey(drawn.algorithm, drawn.secret);
        expect([...midstates]).toEqual([...portable.prepareKey(drawn.algorithm, drawn.secret)]);
        const values = valuesOf(simd, midstates, from, size);
        expect(values).toEqual(valuesOf(portable, midstates, from, size));

        const codes = Array.from(values, (value) => value % modulus);
        const typed = {
          right: codes[drawn.place % size] ?? 0,
          any: drawn.typed % modulus,
          lowest: 0,
          highest: modulus - 1,
        }[kind];
        const expected = codes.lastIndexOf(typed);
        expect(simd.matchOne(midstates, from, size, typed, drawn.digits)).toBe(expected);
        expect(portable.matchOne(midstates, from, size, typed, drawn.digits)).toBe(expected);
      },
    ),
    { numRuns: 1000 },
  );
});

describe('A batch', () => {
  const keys = algorithms.flatMap((name) =>
    [1, 20, 64, 130].map((length) => portable.prepareKey(name, bytesOf(length))),
  );
  const digits = 6;

  /** What a batch must answer: each attempt by itself, and nothing for no code. */
  function expectedOf(attempts: readonly Attempt[]): number[] {
    return attempts.map(({ midstates, first: from, count: size, typed }) =>
      typed < 0 ? -1 : portable.matchOne(midstates, from, size, typed, digits),
    );
  }

  function draw(
    midstates: Midstates,
    from: number,
    size: number,
    place: number,
    kind: string,
  ): Attempt {
    const codes = codesOf(midstates, from, size, digits);
    const typed =
      kind === 'right' ? (codes[place % size] ?? 0) : kind === 'none' ? -1 : place % 10 ** digits;
    return { midstates, first: from, count: size, typed, matchIndex: -1 };
  }

  const attempt = fc
    .tuple(
      fc.constantFrom(...keys),
      fc.record({ first, count: fc.nat({ max: 9 }) }),
      fc.nat(),
      fc.constantFrom('right', 'right', 'wrong', 'none'),
    )
    .map(([midstates, { first: from, count: size }, place, kind]) =>
      draw(midstates, Math.min(from, LAST_COUNTER + 1 - size), size, place, kind),
    );

  test('of any attempts is answered alike, and as one by one', () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 14 }), (attempts) => {
        const expected = expectedOf(attempts);
        expect(attemptsOf(simd, attempts, digits)).toEqual(expected);
        expect(attemptsOf(portable, attempts, digits)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test.each([0, 1, 3, 4, 5, 1000])(
    'of %i attempts is answered alike, and as one by one',
    (size) => {
      const kinds = ['right', 'wrong', 'right', 'none', 'right'];
      const attempts = Array.from({ length: size }, (_, i) =>
        draw(
          keys[(i * 7) % keys.length] as Midstates,
          i % 5 === 0 ? 2 ** 32 - (i % 9) : i * 1000,
          (i * 3) % 8,
          i * 31,
          kinds[i % kinds.length] as string,
        ),
      );
      const expected = expectedOf(attempts);
      if (size === 1000)
        expect(expected.filter((highest) => highest >= 0).length).toBeGreaterThan(300);
      expect(attemptsOf(simd, attempts, digits)).toEqual(expected);
      expect(attemptsOf(portable, attempts, digits)).toEqual(expected);
    },
  );

  test.each(ALL_DIGITS)('compares %i digits', (size) => {
    const attempts = keys.map((midstates, i): Attempt => {
      const typed = codesOf(midstates, i, 3, size)[i % 3] as number;
      return { midstates, first: i, count: 3, typed, matchIndex: -1 };
    });
    expect(attemptsOf(simd, attempts, size)).toEqual(attempts.map((_, i) => i % 3));
  });
});
