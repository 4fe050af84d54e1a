/** The three names of a hash, spelled one way. */
import { expect, test } from 'vitest';
import { DEFAULT_ALGORITHM, requireAlgorithm } from '../../src/key/algorithm.js';

test.each(['SHA1', 'SHA256', 'SHA512'])('%s is an algorithm', (algorithm) => {
  expect(requireAlgorithm(algorithm)).toBe(algorithm);
});

test('SHA1, the hash of RFC 4226, is the default', () => {
  expect(DEFAULT_ALGORITHM).toBe('SHA1');
});

test.each([
  'sha1',
  'Sha256',
  'SHA-1',
  'SHA-256',
  'HmacSHA1',
  'SHA224',
  'SHA384',
  'SHA3-256',
  'MD5',
])('%s is a RangeError, not another spelling or hash', (algorithm) => {
  expect(() => requireAlgorithm(algorithm)).toThrow(RangeError);
});

test.each(['', ' ', 'SHA1 ', 'SHA1\n', 'SHA1,SHA256', 'length', 'constructor', '__proto__', '0'])(
  '"%s" is a RangeError',
  (algorithm) => {
    expect(() => requireAlgorithm(algorithm)).toThrow(RangeError);
  },
);

test.each([undefined, null, 1, 256n, true, ['SHA1'], Object('SHA1'), { toString: () => 'SHA1' }])(
  '%o is a TypeError',
  (algorithm) => {
    expect(() => requireAlgorithm(algorithm)).toThrow(TypeError);
  },
);

test('A secret that was given in its place is not repeated', () => {
  expect(() => requireAlgorithm('GEZDGNBVGY3TQOJQ')).toThrow(/^(?!.*GEZD).*"algorithm"/);
});
