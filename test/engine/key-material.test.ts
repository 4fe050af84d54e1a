/** A secret as it may be handed over: bytes, or base32 text. */
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { readSecret } from '../../src/engine/key-material.js';
import { base32Cases } from '../vectors/base32-cases.js';

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
