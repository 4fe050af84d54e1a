/** Both engines by the contract of `engine.ts`, against the RFCs' vectors and node:crypto. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Attempt, Midstates } from '../../src/engine/engine.js';
import { engine as portable } from '../../src/engine/portable.js';
import { engine as simd } from '../../src/engine/simd.js';
import type { Algorithm } from '../../src/internal/algorithm.js';
import { collisions } from '../vectors/collisions.js';
import { rfc4226 } from '../vectors/rfc4226.js';
import { rfc6238 } from '../vectors/rfc6238.js';

const algorithms: readonly Algorithm[] = ['SHA1', 'SHA256', 'SHA512'];
const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const secret = bytesOf(rfc4226.secretHex);

/** The truncated value by node:crypto and RFC 4226 §5.3. */
function truncated(algorithm: Algorithm, counter: number): number {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac(algorithm, secret).update(message).digest();
  return mac.readUInt32BE((mac.at(-1) as number) & 15) & 0x7fffffff;
}

function attempt(midstates: Midstates, first: number, count: number, typed: number): Attempt {
  return { midstates, first, count, typed, highest: -1 };
}

test('The engines are called portable and simd', () => {
  expect([portable.name, simd.name]).toEqual(['portable', 'simd']);
});

describe.each([portable, simd])('Of the engine called $name,', (engine) => {
  function run(midstates: Midstates, first: number, count: number): number[] {
    const values = new Int32Array(count);
    engine.truncateRun(midstates, first, values);
    return [...values];
  }

  function matches(attempts: readonly Attempt[], digits: number): number[] {
    engine.highestMatches(attempts, digits);
    return attempts.map(({ highest }) => highest);
  }

  describe('RFC 4226 Appendix D', () => {
    const key = engine.prepare('SHA1', secret);
    const values = rfc4226.cases.map((vector) => vector.truncated);

    test('comes out of one run', () => {
      expect(run(key, 0, values.length)).toEqual(values);
    });

    test('comes out of runs of one', () => {
      expect(rfc4226.cases.flatMap(({ counter }) => run(key, counter, 1))).toEqual(values);
    });

    test('is matched by one counter each', () => {
      const attempts = rfc4226.cases.map(({ counter, code }) =>
        attempt(key, counter, 1, Number(code)),
      );
      expect(matches(attempts, 6)).toEqual(attempts.map(() => 0));
    });
  });

  describe('RFC 6238 Appendix B', () => {
    const keys = rfc6238.cases.map(({ algorithm, secretHex }) =>
      engine.prepare(algorithm, bytesOf(secretHex)),
    );

    test.each(rfc6238.cases)('$algorithm at $timeSeconds s comes out of a run', (vector) => {
      const key = engine.prepare(vector.algorithm, bytesOf(vector.secretHex));
      expect(run(key, vector.step - 1, 3)[1]).toBe(vector.truncated);
    });

    test.each(rfc6238.cases)('$algorithm at $timeSeconds s is matched in its window', (vector) => {
      const key = engine.prepare(vector.algorithm, bytesOf(vector.secretHex));
      const code = Number(vector.code);
      expect(engine.highestMatch(key, vector.step - 1, 3, code, 8)).toBe(1);
      expect(engine.highestMatch(key, vector.step + 1, 3, code, 8)).toBe(-1);
    });

    test('is matched by one counter each, the three algorithms mixed', () => {
      const attempts = rfc6238.cases.map(({ step, code }, i) =>
        attempt(keys[i] as Midstates, step, 1, Number(code)),
      );
      expect(matches(attempts, 8)).toEqual(attempts.map(() => 0));
    });
  });

  describe.each(algorithms)('under %s', (algorithm) => {
    const key = engine.prepare(algorithm, secret);

    test.each([0, 2 ** 31 - 2, 2 ** 32 - 2, 2 ** 32, 2 ** 33 - 2, 2 ** 52 - 2, 2 ** 53 - 4])(
      'four counters from %d are those of node:crypto, in a run, matched and each',
      (first) => {
        const counters = [first, first + 1, first + 2, first + 3];
        const expected = counters.map((counter) => truncated(algorithm, counter));
        const codes = expected.map((value) => value % 10 ** 9);
        expect(run(key, first, 4)).toEqual(expected);
        expect(codes.map((code) => engine.highestMatch(key, first, 4, code, 9))).toEqual(
          codes.map((code) => codes.lastIndexOf(code)),
        );
        const attempts = counters.map((counter, i) => attempt(key, counter, 1, codes[i] as number));
        expect(matches(attempts, 9)).toEqual([0, 0, 0, 0]);
      },
    );

    test('the counter 2^53 - 1 is the last and has a value', () => {
      const value = truncated(algorithm, 2 ** 53 - 1);
      expect(run(key, 2 ** 53 - 1, 1)).toEqual([value]);
      expect(engine.highestMatch(key, 2 ** 53 - 1, 1, value % 10 ** 6, 6)).toBe(0);
    });

    test('runs of every length up to 17 begin alike', () => {
      const longest = run(key, 40, 17);
      for (let count = 0; count <= 17; count++) {
        expect(run(key, 40, count)).toEqual(longest.slice(0, count));
      }
    });

    // The lanes beyond the last counter are computed too; what they find must not count.
    test('a code is found in runs that reach it, and not in shorter ones', () => {
      const typed = truncated(algorithm, 49) % 10 ** 6;
      const found = Array.from({ length: 18 }, (_, count) =>
        engine.highestMatch(key, 40, count, typed, 6),
      );
      expect(found).toEqual(found.map((_, count) => (count > 9 ? 9 : -1)));
      const attempts = found.map((_, count) => attempt(key, 40, count, typed));
      expect(matches(attempts, 6)).toEqual(found);
    });

    test('nothing changes the key', () => {
      const before = [...key];
      run(key, 5, 3);
      engine.highestMatch(key, 5, 3, 1, 6);
      matches([attempt(key, 1, 3, 1), attempt(key, 2, 3, 1)], 6);
      expect([...key]).toEqual(before);
    });

    test('the secret is neither changed nor kept', () => {
      const bytes = secret.slice();
      const prepared = engine.prepare(algorithm, bytes);
      expect(bytes).toEqual(secret);
      bytes.fill(0);
      expect(run(prepared, 0, 1)).toEqual([truncated(algorithm, 0)]);
    });

    test('a secret may be the beginning of longer bytes', () => {
      const longer = Uint8Array.of(...secret, 7, 7, 7);
      expect([...engine.prepare(algorithm, longer, secret.length)]).toEqual([...key]);
    });
  });

  test.each([
    { algorithm: 'SHA1', words: 10 },
    { algorithm: 'SHA256', words: 16 },
    { algorithm: 'SHA512', words: 32 },
  ] as const)('a key of $algorithm has $words words, whatever the secret', (expected) => {
    for (const length of [1, 20, 64, 65, 128, 129, 4096]) {
      const key = engine.prepare(expected.algorithm, new Uint8Array(length));
      expect(key).toHaveLength(expected.words);
    }
  });

  test('a key stays good while others are prepared and used', () => {
    const keys = algorithms.map((algorithm) => engine.prepare(algorithm, secret));
    const others = algorithms.map((algorithm) => engine.prepare(algorithm, Uint8Array.of(1)));
    for (const other of others) run(other, 1, 5);
    matches(
      others.map((other) => attempt(other, 2, 5, 0)),
      6,
    );
    expect(keys.flatMap((key, i) => run(key, 7 + i, 1))).toEqual(
      algorithms.map((name, i) => truncated(name, 7 + i)),
    );
  });

  describe('two counters with one code', () => {
    const key = engine.prepare('SHA1', secret);

    // From every lane of a vector to every other, in windows that hold both or the lower alone.
    test.each(collisions)('$lower and $higher match at the higher', ({ lower, higher, code }) => {
      const typed = Number(code);
      for (let before = 0; before < 8; before++) {
        const first = lower - before;
        for (let after = 0; after < 8; after++) {
          const count = higher - first + 1 + after;
          expect(engine.highestMatch(key, first, count, typed, 6)).toBe(higher - first);
        }
        expect(engine.highestMatch(key, first, higher - first, typed, 6)).toBe(lower - first);
      }
    });

    test('match at the higher in a batch too', () => {
      const attempts = collisions.map(({ lower, code }) =>
        attempt(key, lower - 1, 4, Number(code)),
      );
      expect(matches(attempts, 6)).toEqual(
        collisions.map(({ lower, higher }) => higher - lower + 1),
      );
    });
  });

  describe('a batch', () => {
    const key = engine.prepare('SHA1', secret);
    const code = Number(rfc4226.cases[3]?.code);

    test('of nobody is nothing', () => {
      expect(matches([], 6)).toEqual([]);
    });

    test.each([1, 2, 3, 4, 5, 8, 9])('of %i answers each by itself', (size) => {
      for (let right = 0; right < size; right++) {
        const attempts = Array.from({ length: size }, (_, i) =>
          attempt(key, 0, 10, i === right ? code : (code + 1) % 10 ** 6),
        );
        expect(matches(attempts, 6)).toEqual(attempts.map((_, i) => (i === right ? 3 : -1)));
      }
    });

    test('gives -1 to an attempt without a code or without a counter, among others', () => {
      const attempts = [
        attempt(key, 0, 10, -1),
        attempt(key, 0, 10, code),
        attempt(key, 3, 0, code),
        attempt(key, 3, 1, code),
        attempt(key, 0, 0, -1),
      ];
      expect(matches(attempts, 6)).toEqual([-1, 3, -1, 0, -1]);
    });

    test('forgets what an attempt found before', () => {
      const used = (count: number, typed: number) => ({
        ...attempt(key, 0, count, typed),
        highest: 7,
      });
      const attempts = [used(10, code), used(10, code + 1), used(0, code), used(10, -1)];
      expect(matches(attempts, 6)).toEqual([3, -1, -1, -1]);
    });

    test('changes nothing of an attempt but its highest match', () => {
      const attempts = [attempt(key, 0, 10, code), attempt(key, 0, 10, code + 1)];
      const before = attempts.map(({ highest: _, ...rest }) => rest);
      matches(attempts, 6);
      expect(attempts.map(({ highest: _, ...rest }) => rest)).toEqual(before);
    });
  });
});
