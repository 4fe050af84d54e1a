/** New secrets: how long they are, and where their bytes come from. RFC 4226 §4 R6. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { generateSecret } from '../src/secret.js';

afterEach(() => vi.unstubAllGlobals());

/** A random source that fills with one byte and tells what it was asked. */
function stubSource() {
  const getRandomValues = vi.fn((bytes: Uint8Array) => bytes.fill(0x5a));
  vi.stubGlobal('crypto', { getRandomValues });
  return getRandomValues;
}

test('A secret has 20 bytes unless another length is asked for', () => {
  expect(generateSecret()).toHaveLength(20);
  expect(generateSecret(undefined)).toHaveLength(20);
});

test.each([16, 17, 20, 32, 64, 4096])('A secret of %i bytes is a Uint8Array of them', (length) => {
  const secret = generateSecret(length);
  expect(secret).toBeInstanceOf(Uint8Array);
  expect(secret).toHaveLength(length);
});

test('Two secrets differ', () => {
  expect(generateSecret()).not.toEqual(generateSecret());
});

test.each([16, 20, 4096])(
  'The platform is asked once for %i bytes and its answer kept',
  (length) => {
    const source = stubSource();
    expect(generateSecret(length)).toEqual(new Uint8Array(length).fill(0x5a));
    expect(source).toHaveBeenCalledExactlyOnceWith(expect.any(Uint8Array));
    expect(source.mock.calls[0]?.[0]).toHaveLength(length);
  },
);

test('The source is called as a method, without which browsers refuse', () => {
  const source = stubSource();
  generateSecret();
  expect(source.mock.contexts[0]).toBe(globalThis.crypto);
});

test('An error of the source reaches the caller', () => {
  const failure = new Error('no entropy');
  stubSource().mockImplementation(() => {
    throw failure;
  });
  expect(() => generateSecret()).toThrow(failure);
});

test('A source that gives nothing but zeros is a TypeError, one other bit is enough', () => {
  const source = stubSource();
  source.mockImplementation((bytes) => bytes);
  expect(() => generateSecret()).toThrow(TypeError);
  expect(() => generateSecret()).toThrow(/only zeros/);
  source.mockImplementation((bytes) => bytes.fill(1, 7, 8));
  expect(generateSecret()[7]).toBe(1);
});

describe.each([
  { missing: 'crypto', platform: undefined },
  { missing: 'getRandomValues', platform: {} },
])('A runtime without $missing', ({ platform }) => {
  test('is told what it lacks, and Math.random is not asked', () => {
    vi.stubGlobal('crypto', platform);
    const random = vi.spyOn(Math, 'random');
    expect(() => generateSecret()).toThrow(TypeError);
    expect(() => generateSecret()).toThrow(/crypto\.getRandomValues/);
    expect(random).not.toHaveBeenCalled();
    random.mockRestore();
  });
});

describe('A length out of bounds', () => {
  test.each([
    ...[0, 15, 4097, -1, -20, 16.5, 2 ** 32 + 20, 2 ** 53],
    ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ])('of %d is a RangeError and asks for no bytes', (length) => {
    const source = stubSource();
    expect(() => generateSecret(length)).toThrow(RangeError);
    expect(source).not.toHaveBeenCalled();
  });

  test.each([null, '20', 20n, true, [20], {}, Object(20), Symbol('20'), () => 20])(
    'or of another kind, as %o, is a TypeError and asks for no bytes',
    (length) => {
      const source = stubSource();
      expect(() => generateSecret(length as never)).toThrow(TypeError);
      expect(source).not.toHaveBeenCalled();
    },
  );
});
