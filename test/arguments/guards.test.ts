/** The guards: what passes, which class of error does not, and that no value is repeated. */
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isBytes,
  requireBytes,
  requireInteger,
  requireString,
  wrongKind,
} from '../../src/arguments/guards.js';
import { openOptions } from '../../src/arguments/options.js';

describe('A whole number', () => {
  test.each([-5, 0, 1, 10])('%d within its bounds passes', (value) => {
    expect(requireInteger('count', value, -5, 10)).toBe(value);
  });

  test('that is minus zero passes as zero', () => {
    expect(Object.is(requireInteger('count', -0, -5, 10), 0)).toBe(true);
  });

  test('at the ends of the safe integers passes', () => {
    const { MIN_SAFE_INTEGER: min, MAX_SAFE_INTEGER: max } = Number;
    expect(requireInteger('count', max, min, max)).toBe(max);
    expect(requireInteger('count', min, min, max)).toBe(min);
  });

  test.each([
    ...[-6, 11, 6.5, 0.1, -0.5, 2 ** 53, -(2 ** 53), 1e300, Number.MIN_VALUE],
    ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ])('that is %d is a RangeError', (value) => {
    expect(() => requireInteger('count', value, -5, 10)).toThrow(RangeError);
  });

  test('above 2^53 - 1 is a RangeError even where the bound is higher', () => {
    expect(() => requireInteger('count', 2 ** 53, 0, 2 ** 60)).toThrow(RangeError);
  });

  test.each([
    ...[undefined, null, '6', '', 6n, true, [], [6], {}, Symbol('6'), () => 6, new Date(6)],
    ...[Object(6), { valueOf: () => 6 }],
  ])('given as value %# is a TypeError', (value) => {
    expect(() => requireInteger('count', value, -5, 10)).toThrow(TypeError);
  });

  test('is what passes and nothing else, for any value', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.double(), fc.integer({ min: -9, max: 9 })),
        (value) => {
          const passes = Number.isInteger(value) && Math.abs(value as number) <= 5;
          const read = () => requireInteger('count', value, -5, 5);
          if (passes) expect(read()).toBe((value as number) + 0);
          else expect(read).toThrow(typeof value === 'number' ? RangeError : TypeError);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('A string', () => {
  test.each(['', 'text', '\ud800'])('passes as it is: %o', (text) => {
    expect(requireString('text', text)).toBe(text);
  });

  test.each([undefined, null, 1, true, [], ['text'], {}, Object('text'), Symbol('text')])(
    'given as value %# is a TypeError',
    (value) => {
      expect(() => requireString('text', value)).toThrow(TypeError);
    },
  );
});

describe('Bytes', () => {
  class Subclass extends Uint8Array {}

  test.each([
    ...[new Uint8Array(0), Uint8Array.of(1), Buffer.from('a'), Subclass.of(1)],
    ...[new Uint8Array(new SharedArrayBuffer(1)), runInNewContext('Uint8Array.of(1)')],
  ])('of form %# pass as they are', (bytes) => {
    expect(isBytes(bytes)).toBe(true);
    expect(requireBytes('bytes', bytes)).toBe(bytes);
  });

  test('pass though somebody named them otherwise', () => {
    const bytes = Object.defineProperty(Uint8Array.of(1), Symbol.toStringTag, { value: 'Nothing' });
    expect(isBytes(bytes)).toBe(true);
  });

  test.each([
    ...[undefined, null, 1, 'bytes', true, {}, [], [1, 2], Symbol('bytes'), () => 1],
    ...[new ArrayBuffer(1), new SharedArrayBuffer(1), new DataView(new ArrayBuffer(1))],
    ...[new Uint8ClampedArray(1), new Int8Array(1), new Uint16Array(1), new BigUint64Array(1)],
    runInNewContext('Uint16Array.of(1)'),
    { length: 1, 0: 1, [Symbol.toStringTag]: 'Uint8Array' },
    Object.create(Uint8Array.prototype),
    new Proxy(Uint8Array.of(1), {}),
  ])('are not value %#, which is a TypeError', (value) => {
    expect(isBytes(value)).toBe(false);
    expect(() => requireBytes('bytes', value)).toThrow(TypeError);
  });
});

describe('A message', () => {
  const secret = 'GEZDGNBVGY3TQOJQ';

  function messageOf(refuse: () => unknown): string {
    try {
      refuse();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('nothing was thrown');
  }

  test.each([
    { value: undefined, kind: 'undefined' },
    { value: null, kind: 'null' },
    { value: ['x'], kind: 'an array' },
    { value: { x: 1 }, kind: 'an object' },
    { value: new Date(0), kind: 'a Date' },
    { value: 'x', kind: 'a string' },
    { value: 5, kind: 'a number' },
    { value: 5n, kind: 'a bigint' },
    { value: true, kind: 'a boolean' },
    { value: Symbol('x'), kind: 'a symbol' },
    { value: () => 5, kind: 'a function' },
  ])('names the argument, what was expected and that $kind came', ({ value, kind }) => {
    const message = messageOf(() => wrongKind('period', 'a whole moon', value));
    expect(message).toContain('"period"');
    expect(message).toContain('a whole moon');
    expect(message).toMatch(new RegExp(`, got ${kind}$`));
  });

  test('names the bounds of a number and not the number', () => {
    const message = messageOf(() => requireInteger('digits', 755224, 6, 9));
    expect(message).toContain('"digits"');
    expect(message).toMatch(/\b6\b.*\b9\b/);
    expect(message).not.toContain('755224');
  });

  test.each([
    () => requireInteger('digits', secret, 6, 9),
    () => requireBytes('bytes', secret),
    () => requireString('text', [secret]),
    () => requireString('text', { toString: () => secret }),
    () => openOptions(secret as never),
    () => openOptions([secret]),
    () => requireString('text', Symbol(secret)),
    () =>
      requireString(
        'text',
        Object.assign(() => secret, { displayName: secret }),
      ),
  ])('never holds the value (guard %#)', (refuse) => {
    expect(messageOf(refuse)).not.toContain(secret);
  });
});
