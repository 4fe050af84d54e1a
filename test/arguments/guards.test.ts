/** The guards: what passes, which class of error does not, and that no value is repeated. */
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import {
  given,
  type IntegerOption,
  isBytes,
  POLLUTION,
  readInteger,
  requireBytes,
  requireInteger,
  requireObject,
  requireOptions,
  requireString,
  wrongKind,
} from '../../src/arguments/guards.js';

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

describe('Options', () => {
  class Settings {
    digits = 6;
  }

  test.each([{}, { digits: 6 }, Object.create(null), Object.freeze({}), new Settings(), new Map()])(
    'may be any object (form %#)',
    (options) => {
      expect(() => requireObject('options', options)).not.toThrow();
      expect(() => requireOptions(options)).not.toThrow();
    },
  );

  test('may be left out where all are optional', () => {
    expect(() => requireOptions(undefined)).not.toThrow();
    expect(() => requireObject('options', undefined)).toThrow(TypeError);
  });

  test.each([null, [], [6], 'digits', 6, 6n, true, false, Symbol('digits'), () => ({})])(
    'are not value %#, which is a TypeError',
    (options) => {
      expect(() => requireObject('options', options)).toThrow(TypeError);
      expect(() => requireOptions(options as never)).toThrow(TypeError);
    },
  );
});

describe('An option', () => {
  const polluted = Object.prototype as { digits?: unknown };
  const DIGITS: IntegerOption = { name: 'digits', min: 6, max: 9, fallback: 6 };
  const read = (options: { digits?: unknown }) =>
    readInteger(DIGITS, options, options.digits, POLLUTION.digits);
  /** As it stands, of any kind. */
  const readAny = (options: { digits?: unknown }) =>
    given(options, 'digits', options.digits, POLLUTION.digits, 'default');

  afterEach(() => {
    delete polluted.digits;
  });

  test('that was not given has its default', () => {
    expect(read({})).toBe(6);
    expect(read({ digits: undefined })).toBe(6);
    expect(readAny({})).toBe('default');
    expect(readAny({ digits: undefined })).toBe('default');
  });

  test('that was given counts, null and false too', () => {
    expect(read({ digits: 8 })).toBe(8);
    expect(readAny({ digits: null })).toBeNull();
    expect(readAny({ digits: false })).toBe(false);
    expect(() => read({ digits: null })).toThrow(TypeError);
    expect(() => read({ digits: 10 })).toThrow(RangeError);
    expect(() => read({ digits: 5 })).toThrow(RangeError);
    expect(() => read({ digits: 6.5 })).toThrow(/"digits".*\b6\b.*\b9\b/);
  });

  test('that a class gives its instances counts', () => {
    class Settings {
      get digits() {
        return 8;
      }
    }
    expect(read(new Settings())).toBe(8);
    expect(read(Object.create({ digits: 8 }))).toBe(8);
  });

  test('that only a polluted Object.prototype gives was not given', () => {
    polluted.digits = 9;
    expect(read({})).toBe(6);
    expect(read(Object.create(null))).toBe(6);
    expect(readAny({})).toBe('default');
    expect(given({} as { digits?: unknown }, 'digits', 9, 9, undefined)).toBeUndefined();
  });

  test.each([null, false, 0, '', 'x', {}, 7])(
    'that only Object.prototype polluted with value %# gives was not given',
    (value) => {
      polluted.digits = value;
      expect(POLLUTION.digits).toBe(value);
      expect(readAny({})).toBe('default');
      expect(readAny(Object.create({}))).toBe('default');
      expect(readAny({ digits: value })).toBe(value);
    },
  );

  test('that is undefined has its default although Object.prototype is polluted', () => {
    polluted.digits = 9;
    expect(read({ digits: undefined })).toBe(6);
  });

  test('that a getter on Object.prototype gives was not given', () => {
    Object.defineProperty(Object.prototype, 'digits', { configurable: true, get: () => 9 });
    expect(read({})).toBe(6);
    expect(read({ digits: 8 })).toBe(8);
  });

  test('is looked up in Object.prototype as it is at the time', () => {
    expect(POLLUTION.digits).toBeUndefined();
    polluted.digits = 9;
    expect(POLLUTION.digits).toBe(9);
    delete polluted.digits;
    expect(POLLUTION.digits).toBeUndefined();
  });

  test('that was given or inherited from a class counts although Object.prototype is polluted', () => {
    polluted.digits = 9;
    expect(read({ digits: 8 })).toBe(8);
    expect(read(Object.create({ digits: 8 }))).toBe(8);
    expect(read(Object.create(Object.create({ digits: 8 })))).toBe(8);
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
    () => requireObject('options', secret),
    () => requireOptions([secret]),
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
