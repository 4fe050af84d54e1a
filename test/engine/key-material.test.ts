/** A secret as it may be handed over: bytes, or base32 text. */
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as engine from '#engine';
import { decodeBase32Lenient, encodeBase32 } from '../../src/base32.js';
import { HASHES } from '../../src/engine/hashes.js';
import { prepareSecret as prepareWith, readSecret } from '../../src/engine/key-material.js';
import type { Algorithm } from '../../src/internal/algorithm.js';
import { portable } from '../support/engines.js';
import { base32Cases } from '../vectors/base32-cases.js';

// As they are, but with a record of what they were given.
vi.mock('#engine', { spy: true });

const prepareSecret = (algorithm: Algorithm, secret: unknown) =>
  prepareWith(HASHES[algorithm], secret);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const otpError = (fields: object) => expect.objectContaining({ name: 'OtpError', ...fields });

test.each(base32Cases.filter(({ lenient }) => lenient))('A text is read: $why', (vector) => {
  expect(hex(readSecret(vector.input))).toBe(vector.lenient);
});

test.each(base32Cases.filter(({ lenient }) => lenient === null))(
  'A text is refused: $why',
  ({ input }) => {
    expect(() => readSecret(input)).toThrow(otpError({}));
  },
);

test.each(base32Cases.filter(({ lenient }) => lenient === ''))(
  'A text is empty: $why',
  ({ input }) => {
    expect(() => readSecret(input)).toThrow(otpError({ code: 'empty-secret', position: 0 }));
  },
);

test('The position of a fault is that in the text', () => {
  expect(() => readSecret('jbsw y3d1')).toThrow(
    otpError({ code: 'invalid-character', position: 8 }),
  );
  expect(() => readSecret('MY==A')).toThrow(otpError({ code: 'invalid-padding', position: 4 }));
});

test.each([
  Uint8Array.of(7),
  Buffer.from([7]),
  Buffer.from([1, 7, 9]).subarray(1, 2),
  runInNewContext('Uint8Array.of(7)'),
])('Bytes are taken as they are (form %#)', (bytes) => {
  expect(hex(readSecret(bytes))).toBe('07');
});

test.each([new Uint8Array(0), Buffer.alloc(0)])('No bytes are a RangeError (form %#)', (bytes) => {
  expect(() => readSecret(bytes)).toThrow(RangeError);
});

test('Bytes whose memory was taken away are a RangeError', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  expect(() => readSecret(bytes)).toThrow(RangeError);
});

test.each([
  ...[undefined, null, 7, 7n, true, {}, [], [7], () => 'MY', Symbol('MY'), Object('MY')],
  ...[new ArrayBuffer(8), new Uint8ClampedArray(8), new Int8Array(8), new Float64Array(8)],
  { length: 8, [Symbol.toStringTag]: 'Uint8Array' },
  new Proxy(Uint8Array.of(7), {}),
])('Value %# is neither and a TypeError', (value) => {
  expect(() => readSecret(value)).toThrow(TypeError);
});

afterEach(() => {
  vi.resetAllMocks();
});

describe.each(['SHA1', 'SHA256', 'SHA512'] as const)('A secret prepared for %s', (algorithm) => {
  test.each(base32Cases.filter(({ lenient }) => lenient))('is that of its text: $why', (vector) => {
    const bytes = Buffer.from(vector.lenient ?? '', 'hex');
    expect(prepareSecret(algorithm, vector.input)).toEqual(portable.prepare(algorithm, bytes));
  });

  test.each(base32Cases.filter(({ lenient }) => !lenient))(
    'is none of a text that is refused: $why',
    ({ input }) => {
      expect(() => prepareSecret(algorithm, input)).toThrow(otpError({}));
    },
  );

  test('is that of its bytes', () => {
    for (const length of [1, 20, 64, 65, 128, 129, 4096]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 37);
      expect(prepareSecret(algorithm, bytes)).toEqual(portable.prepare(algorithm, bytes));
    }
  });

  test('is that of a text of any length, with separators or without', () => {
    for (let length = 2; length <= 300; length++) {
      const text = Array.from({ length }, (_, i) => 'ab7zQ2K'[(i * i) % 7]).join('');
      const expected = portable.prepare(algorithm, decodeBase32Lenient(text));
      expect(prepareSecret(algorithm, text)).toEqual(expected);
      expect(prepareSecret(algorithm, `${text.slice(0, 1)} ${text.slice(1)}===`)).toEqual(expected);
    }
  });
});

describe('The engine', () => {
  const watch = () => ({
    bytes: vi.mocked(engine.prepare),
    texts: vi.mocked(engine.prepareText),
  });

  test.each([10, 26, 32, 63, 64])(
    'is given a text of %i symbols as it is, and its bytes only if it takes no text',
    (length) => {
      const { bytes, texts } = watch();
      prepareSecret('SHA1', 'k'.repeat(length));
      expect(texts.mock.calls).toEqual([[HASHES.SHA1, 'k'.repeat(length)]]);
      expect(bytes).toHaveBeenCalledTimes(engine.name === 'simd' ? 0 : 1);
    },
  );

  test.each([2, 4, 9])(
    'is not given a text of %i symbols, which may be that of a missing value',
    (length) => {
      const { bytes, texts } = watch();
      prepareSecret('SHA1', 'k'.repeat(length));
      expect(texts).not.toHaveBeenCalled();
      expect(bytes).toHaveBeenCalledTimes(1);
    },
  );

  test('is given bytes as they are, and no text', () => {
    const { bytes, texts } = watch();
    const secret = Uint8Array.of(1, 2, 3);
    prepareSecret('SHA256', secret);
    expect(texts).not.toHaveBeenCalled();
    expect(bytes).toHaveBeenCalledTimes(1);
    expect(bytes.mock.calls[0]?.[1]).toBe(secret);
    expect(secret).toEqual(Uint8Array.of(1, 2, 3));
  });

  test.each([undefined, null, 7, Object('GEZDGNBV'), new Uint8Array(0), '', 'A', '7777!'])(
    'prepares nothing of value %#, which is no secret',
    (value) => {
      const { bytes } = watch();
      expect(() => prepareSecret('SHA1', value)).toThrow();
      expect(bytes).not.toHaveBeenCalled();
    },
  );
});

const original = await vi.importActual<typeof engine>('#engine');

describe('Nothing stays of a text', () => {
  /** The bytes that texts are decoded into, as the engine sees them, and what they held. */
  function watchBytes() {
    const seen: { bytes: Uint8Array; held: string } = { bytes: new Uint8Array(0), held: '' };
    vi.mocked(engine.prepare).mockImplementation((hash, bytes) => {
      seen.bytes = bytes;
      seen.held = hex(bytes);
      return original.prepare(hash, bytes);
    });
    return seen;
  }

  test.each([
    { why: 'separated', text: '7777 7777-7777' },
    { why: 'padded', text: '7777777777======' },
    { why: 'longer than any usual one', text: '7'.repeat(300) },
  ])('that is $why, in the bytes that the engine was given', ({ text }) => {
    const seen = watchBytes();
    prepareSecret('SHA1', text);
    expect(seen.held).toMatch(/^(?:ff)+$/);
    expect(seen.bytes.some((byte) => byte !== 0)).toBe(false);
  });

  test.each([3, 33, 65, 66, 104, 128, 200, 256, 257])(
    'of %i symbols, whether the engine decodes it or is given its bytes',
    (length) => {
      const seen = watchBytes();
      prepareSecret('SHA1', '7'.repeat(length));
      expect(['', 'ff'.repeat(Math.floor((length * 5) / 8))]).toContain(seen.held);
      expect(seen.bytes.some((byte) => byte !== 0)).toBe(false);
    },
  );

  test('while the bytes that somebody else made are left to them', () => {
    const seen = watchBytes();
    const bytes = Uint8Array.of(0xff, 0xff);
    prepareSecret('SHA1', bytes);
    expect(seen.bytes).toBe(bytes);
    expect(bytes).toEqual(Uint8Array.of(0xff, 0xff));
  });
});

test.each(['SHA1', 'SHA256', 'SHA512'] as const)(
  'A length that a Uint8Array only claims to have counts for nothing, under %s',
  (algorithm) => {
    const expected = prepareSecret(algorithm, new Uint8Array(20).fill(7));
    for (const claimed of [5, 0, -1, Number.NaN, 3000, undefined]) {
      const bytes = new Uint8Array(20).fill(7);
      Object.defineProperty(bytes, 'length', { value: claimed });
      expect(prepareSecret(algorithm, bytes)).toEqual(expected);
    }
    let looks = 0;
    const growing = new Uint8Array(20).fill(7);
    Object.defineProperty(growing, 'length', { get: () => (looks++ < 2 ? 20 : 3000) });
    expect(prepareSecret(algorithm, growing)).toEqual(expected);
    expect(prepareSecret(algorithm, new Uint8Array(20).fill(7))).toEqual(expected);
  },
);

test.each([20, 64, 65, 128, 129, 300])(
  'What the class of %i bytes makes of their length, or of a part of them, counts for nothing',
  (length) => {
    class Lying extends Uint8Array {
      override get length() {
        return 5;
      }
      override subarray() {
        return new Uint8Array(5);
      }
    }
    const bytes = Uint8Array.from({ length }, (_, i) => i);
    const lying = new Lying(bytes.buffer);
    for (const algorithm of ['SHA1', 'SHA256', 'SHA512'] as const) {
      expect(prepareSecret(algorithm, lying)).toEqual(prepareSecret(algorithm, bytes));
    }
    expect(encodeBase32(lying)).toBe(encodeBase32(bytes));
  },
);
