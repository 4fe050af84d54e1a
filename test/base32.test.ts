/** Base32 by vectors, by the place and kind of each fault, and by the time it takes. RFC 4648 §6. */
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { decodeBase32, decodeBase32Lenient, encodeBase32 } from '../src/base32.js';
import type { OtpErrorCode } from '../src/errors.js';
import { base32Cases } from './vectors/base32-cases.js';
import { rfc4648 } from './vectors/rfc4648.js';

type Fault = readonly [text: string, code: OtpErrorCode, position: number, why: string];

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const otpError = (code: OtpErrorCode, position: number) =>
  expect.objectContaining({ name: 'OtpError', code, position });

test.each(rfc4648)('RFC 4648 §10 spells "$text" as $unpadded', ({ bytesHex, unpadded, padded }) => {
  expect(encodeBase32(Buffer.from(bytesHex, 'hex'))).toBe(unpadded);
  expect(hex(decodeBase32(unpadded))).toBe(bytesHex);
  expect(hex(decodeBase32(padded))).toBe(bytesHex);
  expect(hex(decodeBase32Lenient(padded))).toBe(bytesHex);
});

describe.each([
  { decoder: 'strict', decode: decodeBase32, faults: strictFaults() },
  { decoder: 'lenient', decode: decodeBase32Lenient, faults: lenientFaults() },
] as const)('The $decoder decoder', ({ decoder, decode, faults }) => {
  const cases = base32Cases.map(({ why, input, ...answers }) => ({
    why,
    input,
    bytesHex: answers[decoder],
  }));

  test.each(cases.filter(({ bytesHex }) => bytesHex !== null))('reads: $why', (vector) => {
    expect(hex(decode(vector.input))).toBe(vector.bytesHex);
  });

  test.each(cases.filter(({ bytesHex }) => bytesHex === null))('refuses: $why', ({ input }) => {
    expect(() => decode(input)).toThrow(expect.objectContaining({ name: 'OtpError' }));
  });

  test.each(faults)('answers %j with %s at %i: %s', (text, code, position) => {
    expect(() => decode(text)).toThrow(otpError(code, position));
  });

  test.each([
    ...[undefined, null, 7, 7n, true, Symbol('MY'), {}, ['MY'], () => 'MY'],
    new String('MY'),
    Uint8Array.of(77, 89),
    { toString: () => 'MY', length: 2 },
  ])('answers %o, which is no string, with a TypeError', (value) => {
    expect(() => decode(value as never)).toThrow(TypeError);
  });

  test('gives bytes of their own at each call', () => {
    decode('MZXW6YTBOI').fill(0);
    expect(hex(decode('MZXW6YTBOI'))).toBe('666f6f626172');
  });
});

function strictFaults(): readonly Fault[] {
  return [
    ['1', 'invalid-character', 0, 'a digit outside the alphabet'],
    ['MZXW6YT1', 'invalid-character', 7, 'the last character'],
    ['mZXW6YTB', 'invalid-character', 0, 'lower case'],
    ['MZXW 6YTB', 'invalid-character', 4, 'a space'],
    ['MZ8W0YTB', 'invalid-character', 2, 'the first of two'],
    ['MY\u{1f511}', 'invalid-character', 2, 'the first half of a surrogate pair'],
    ['\u{1f511}MY1', 'invalid-character', 0, 'positions count UTF-16 code units'],
    ['MY======\n', 'invalid-character', 2, 'an "=" that is not at the end'],
    ['M=Y=====', 'invalid-character', 1, 'an "=" between characters'],
    ['=MY', 'invalid-character', 0, 'an "=" in front'],
    ['m=', 'invalid-character', 0, 'a character comes before the padding'],
    ['A', 'invalid-length', 1, 'one character'],
    ['MZX', 'invalid-length', 3, 'three characters'],
    ['MZXW6Y', 'invalid-length', 6, 'six characters'],
    ['MZXW6YTBO', 'invalid-length', 9, 'a group and one character'],
    ['MZXW6Y==', 'invalid-length', 6, 'six characters padded to eight'],
    ['MY=', 'invalid-padding', 2, 'one for six'],
    ['MY=====', 'invalid-padding', 2, 'five for six'],
    ['MZXW6===', 'trailing-bits', 4, 'exact padding behind a loose bit'].length ? null : null,
  ].filter((fault): fault is never => fault !== null);
}
