/** The door for options: objects pass, and values from a polluted Object.prototype do not. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  NO_OPTIONS,
  openOptions,
  refuseForeignNames,
  requireKnownOptions,
} from '../../src/arguments/options.js';

const polluted = Object.prototype as { digits?: unknown };

class Settings {
  get digits() {
    return 8;
  }
}

afterEach(() => {
  delete polluted.digits;
});

test.each([{}, { digits: 6 }, Object.create(null), Object.freeze({}), new Settings(), new Map()])(
  'Any object passes as it is (form %#)',
  (options) => {
    expect(openOptions(options)).toBe(options);
  },
);

test.each([
  ...[undefined, null, [], [6], 'digits', 6, 6n, true, false, Symbol('digits'), () => ({})],
  new Date(0),
])('Value %# is a TypeError that names the argument', (options) => {
  expect(() => openOptions(options as never)).toThrow(TypeError);
  expect(() => openOptions(options as never, 'items[]')).toThrow('"items[]"');
});

test('Default options are frozen', () => {
  expect(Object.isFrozen(NO_OPTIONS)).toBe(true);
});

describe('While Object.prototype is polluted', () => {
  const read = (options: { digits?: unknown }) => openOptions(options).digits;

  test.each([9, null, false, 0, '', 'x', {}, 7])('value %# of it is not an option', (value) => {
    polluted.digits = value;
    expect(read({})).toBeUndefined();
    expect(read(Object.create({}))).toBeUndefined();
    expect(read(Object.create(null))).toBeUndefined();
    expect(read({ digits: undefined })).toBeUndefined();
  });

  test('a getter of it is not an option', () => {
    Object.defineProperty(Object.prototype, 'digits', { configurable: true, get: () => 9 });
    expect(read({})).toBeUndefined();
    expect(read({ digits: 8 })).toBe(8);
  });

  test('own values and those of a class count', () => {
    polluted.digits = 9;
    expect(read({ digits: 8 })).toBe(8);
    expect(read({ digits: null })).toBeNull();
    expect(read(new Settings())).toBe(8);
    expect(read(Object.create(Object.create({ digits: 8 })))).toBe(8);
  });

  test('the caller gets an object without a prototype, and the options stay as they were', () => {
    polluted.digits = 9;
    const options = { window: 0 };
    expect(Object.getPrototypeOf(openOptions(options))).toBeNull();
    expect(openOptions(options)).toEqual({ window: 0 });
    expect(Object.keys(options)).toEqual(['window']);
  });
});

describe("Another library's name", () => {
  test.each([
    ['time', 'timestamp'],
    ['step', 'period'],
    ['tolerance', 'window'],
    ['epochTolerance', 'window'],
    ['skew', 'window'],
    ['encoding', 'base32'],
    ['algo', 'algorithm'],
  ])('"%s" is a TypeError that names "%s"', (foreign, ours) => {
    const refuse = () => refuseForeignNames({ [foreign]: 1 }, 'SHA1');
    expect(refuse).toThrow(TypeError);
    expect(refuse).toThrow(`"${foreign}"`);
    expect(refuse).toThrow(ours);
  });

  test('"algorithm" is a TypeError where the key has another', () => {
    expect(() => refuseForeignNames({ algorithm: 'SHA256' }, 'SHA1')).toThrow('createKey');
    expect(() => refuseForeignNames({ algorithm: 'SHA1' }, 'SHA1')).not.toThrow();
  });

  test('on Object.prototype alone is left alone', () => {
    const prototype = Object.prototype as { time?: unknown };
    prototype.time = 1;
    try {
      expect(() => refuseForeignNames({}, 'SHA1')).not.toThrow();
      expect(() => refuseForeignNames({ time: 1 }, 'SHA1')).toThrow(TypeError);
    } finally {
      delete prototype.time;
    }
  });

  test('that merely stands in a row of a table is left alone', () => {
    const row = { token: 'x', label: 'x', id: 7, name: 'x', time: undefined };
    expect(() => refuseForeignNames(row, 'SHA1')).not.toThrow();
  });
});

describe('Options of which every name is known', () => {
  const NAMES = ['timestamp', 'period', 'range', 'lastStep'];
  const read = (options: object) => requireKnownOptions(options, NAMES);

  test('pass as they are', () => {
    const options = { timestamp: 59_000, range: undefined };
    expect(read(options)).toBe(options);
    expect(read(new Settings())).toBeInstanceOf(Settings);
  });

  test('pass with the fields of a parsed URI and columns of a row beside them', () => {
    const row = { id: 7, name: 'x', label: 'x', email: 'x', token: 'x', algorithm: 'SHA1' };
    const uri = {
      type: 'totp',
      issuer: 'x',
      account: 'x',
      labelIssuer: 'x',
      digits: 6,
      secret: 'x',
    };
    expect(read({ ...row, ...uri, period: 30 })).toMatchObject({ period: 30 });
  });

  test.each([
    ['timestmap', 'timestamp'],
    ['timeStamp', 'timestamp'],
    ['perod', 'period'],
    ['periods', 'period'],
    ['ranges', 'range'],
    ['last_step', 'lastStep'],
    ['laststep', 'lastStep'],
  ])('"%s" is a TypeError that asks for "%s"', (name, meant) => {
    expect(() => read({ [name]: 1 })).toThrow(TypeError);
    expect(() => read({ [name]: 1 })).toThrow(
      `"${name}" is not an option here: did you mean "${meant}"?`,
    );
  });

  test.each(['foo', 'max', 'guardrails', 'x'])(
    '"%s", which is near no option, is a TypeError that lists them',
    (name) => {
      expect(() => read({ [name]: 1 })).toThrow(
        `"${name}" is not an option here: the options are timestamp, period, range, lastStep`,
      );
    },
  );

  test("another library's name is a TypeError that names ours", () => {
    expect(() => read({ step: 30 })).toThrow('"step" is not an option of otpcore: use "period"');
  });

  test('inherited from defaults, an unknown name is one too', () => {
    expect(() => read(Object.create({ perod: 60 }))).toThrow('did you mean "period"');
  });

  test('an unknown name on Object.prototype, or of the value undefined, is left alone', () => {
    const prototype = Object.prototype as { perod?: unknown };
    prototype.perod = 60;
    try {
      expect(read({})).toEqual({});
      expect(() => read({ perod: 60 })).toThrow(TypeError);
    } finally {
      delete prototype.perod;
    }
    expect(read({ perod: undefined })).toEqual({ perod: undefined });
  });

  test.each([new Uint8Array(20), Object('GEZDGNBV'), { GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ: 1 }])(
    'value %#, whose names may be a secret, is a TypeError without them',
    (value) => {
      expect(() => requireKnownOptions(value, NAMES, 'params')).toThrow(
        /^"params" must be an object with options alone, got an object$/,
      );
    },
  );

  test('what is no object is a TypeError as everywhere', () => {
    expect(() => read('range' as never)).toThrow('"options" must be an object with options');
  });
});
