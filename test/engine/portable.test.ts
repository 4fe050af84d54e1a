/** The portable engine by the contract of `engine.ts`, through both of its ways to truncated values. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Midstates } from '../../src/engine/engine.js';
import { engine } from '../../src/engine/portable.js';
import type { Algorithm } from '../../src/internal/algorithm.js';
import { rfc4226 } from '../vectors/rfc4226.js';
import { rfc6238 } from '../vectors/rfc6238.js';

const algorithms: readonly Algorithm[] = ['SHA1', 'SHA256', 'SHA512'];
const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const secret = bytesOf(rfc4226.secretHex);

function run(midstates: Midstates, first: number, count: number): number[] {
  const values = new Int32Array(count);
  engine.truncateRun(midstates, first, values);
  return [...values];
}

function each(keys: readonly Midstates[], counters: readonly number[]): number[] {
  const values = new Int32Array(keys.length);
  engine.truncateEach(keys, Float64Array.from(counters), values);
  return [...values];
}

/** The truncated value by node:crypto and RFC 4226 §5.3. */
function truncated(algorithm: Algorithm, counter: number): number {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac(algorithm, secret).update(message).digest();
  return mac.readUInt32BE((mac.at(-1) as number) & 15) & 0x7fffffff;
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

  test('comes out of one counter each', () => {
    const counters = rfc4226.cases.map(({ counter }) => counter);
    expect(each(new Array(counters.length).fill(key), counters)).toEqual(values);
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

  test('comes out of one counter each, the three algorithms mixed', () => {
    const steps = rfc6238.cases.map(({ step }) => step);
    expect(each(keys, steps)).toEqual(rfc6238.cases.map((vector) => vector.truncated));
  });
});

describe.each(algorithms)('Under %s', (algorithm) => {
  const key = engine.prepare(algorithm, secret);

  test.each([0, 2 ** 31 - 2, 2 ** 32 - 2, 2 ** 32, 2 ** 33 - 2, 2 ** 52 - 2, 2 ** 53 - 4])(
    'four counters from %d give what node:crypto gives, in a run and each',
    (first) => {
      const counters = [first, first + 1, first + 2, first + 3];
      const expected = counters.map((counter) => truncated(algorithm, counter));
      expect(run(key, first, 4)).toEqual(expected);
      expect(each([key, key, key, key], counters)).toEqual(expected);
    },
  );

  test('the counter 2^53 - 1 is the last and has a value', () => {
    expect(run(key, 2 ** 53 - 1, 1)).toEqual([truncated(algorithm, 2 ** 53 - 1)]);
  });

  test('runs of every length up to 17 begin alike', () => {
    const longest = run(key, 40, 17);
    for (let count = 0; count <= 17; count++) {
      expect(run(key, 40, count)).toEqual(longest.slice(0, count));
    }
  });

  test('neither way changes the key', () => {
    const before = key.slice();
    run(key, 5, 3);
    each([key, key], [1, 2]);
    expect(key).toEqual(before);
  });

  test('the secret is neither changed nor kept', () => {
    const bytes = secret.slice();
    const prepared = engine.prepare(algorithm, bytes);
    expect(bytes).toEqual(secret);
    bytes.fill(0);
    expect(run(prepared, 0, 1)).toEqual([truncated(algorithm, 0)]);
  });
});

test.each([
  { algorithm: 'SHA1', words: 10 },
  { algorithm: 'SHA256', words: 16 },
  { algorithm: 'SHA512', words: 32 },
] as const)('A key of $algorithm has $words words, whatever the secret', ({ algorithm, words }) => {
  for (const length of [1, 20, 64, 65, 128, 129, 4096]) {
    expect(engine.prepare(algorithm, new Uint8Array(length))).toHaveLength(words);
  }
});

test('A key stays good while others are prepared and used', () => {
  const keys = algorithms.map((algorithm) => engine.prepare(algorithm, secret));
  const others = algorithms.map((algorithm) => engine.prepare(algorithm, Uint8Array.of(1)));
  each(others, [1, 2, 3]);
  expect(each(keys, [7, 8, 9])).toEqual(algorithms.map((name, i) => truncated(name, 7 + i)));
});

test('Values beyond the number of keys stay as they are', () => {
  const values = Int32Array.of(-1, -2, -3);
  engine.truncateEach([engine.prepare('SHA1', secret)], Float64Array.of(0), values);
  expect([...values]).toEqual([rfc4226.cases[0]?.truncated, -2, -3]);
});

test('It is called portable', () => {
  expect(engine.name).toBe('portable');
});
