/** Base32 by vectors, by the place and kind of each fault, and by the time it takes. RFC 4648 §6. */
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { decodeBase32, decodeBase32Lenient, encodeBase32 } from '../src/base32.js';
import type { OtpErrorCode } from '../src/errors.js';
import { base32Cases } from './vectors/base32-cases.js';
import { rfc4648 } from './vectors/rfc4648.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

interface Fault {
  readonly text: string;
  readonly code: OtpErrorCode;
  readonly position: number;
  readonly why: string;
}

const strictFaults: readonly Fault[] = [
  { text: '1', code: 'invalid-character', position: 0, why: 'a digit outside the alphabet' },
  { text: 'MZXW6YT1', code: 'invalid-character', position: 7, why: 'the last character' },
  { text: 'mZXW6YTB', code: 'invalid-character', position: 0, why: 'lower case' },
  { text: 'MZXW 6YTB', code: 'invalid-character', position: 4, why: 'a space' },
  { text: 'MZ8W0YTB', code: 'invalid-character', position: 2, why: 'the first of two characters' },
  { text: 'MY\u{1f511}', code: 'invalid-character', position: 2, why: 'half of a surrogate pair' },
  { text: 'MY======\n', code: 'invalid-character', position: 8, why: 'a newline after the tail' },
  { text: 'M=Y=====', code: 'invalid-character', position: 1, why: 'an "=" between characters' },
  { text: '=MY', code: 'invalid-character', position: 0, why: 'an "=" in front' },
  { text: 'm=', code: 'invalid-character', position: 0, why: 'a character before its padding' },
  { text: 'A', code: 'invalid-length', position: 1, why: 'one character' },
  { text: 'MZX', code: 'invalid-length', position: 3, why: 'three characters' },
  { text: 'MZXW6Y', code: 'invalid-length', position: 6, why: 'six characters' },
  { text: 'MZXW6YTBO', code: 'invalid-length', position: 9, why: 'a group and one character' },
  { text: 'MZXW6Y==', code: 'invalid-length', position: 6, why: 'six characters padded to eight' },
  { text: 'MY=', code: 'invalid-padding', position: 2, why: 'one "=" for six' },
  { text: 'MY=====', code: 'invalid-padding', position: 2, why: 'five "=" for six' },
  { text: 'MY=======', code: 'invalid-padding', position: 2, why: 'seven "=" for six' },
  { text: 'MZXW6YTB=', code: 'invalid-padding', position: 8, why: 'one "=" for none' },
  { text: 'MZXW6YTB========', code: 'invalid-padding', position: 8, why: 'eight "=" for none' },
  { text: '=', code: 'invalid-padding', position: 0, why: 'padding alone' },
  { text: '========', code: 'invalid-padding', position: 0, why: 'a group of padding alone' },
  { text: 'MZ', code: 'trailing-bits', position: 1, why: 'two characters' },
  { text: 'MZ======', code: 'trailing-bits', position: 1, why: 'two characters, padded' },
  { text: 'MZXR', code: 'trailing-bits', position: 3, why: 'four characters' },
  { text: 'MZXW7', code: 'trailing-bits', position: 4, why: 'five characters' },
  { text: 'MZXW6YR=', code: 'trailing-bits', position: 6, why: 'seven characters, padded' },
  { text: 'MZXW6YTBMZ', code: 'trailing-bits', position: 9, why: 'a group and two characters' },
];

const lenientFaults: readonly Fault[] = [
  { text: '0', code: 'invalid-character', position: 0, why: 'a zero, which is no O' },
  { text: 'jbsw-y3d1', code: 'invalid-character', position: 8, why: 'the last character' },
  { text: 'JBSW\u200eY3DP', code: 'invalid-character', position: 4, why: 'a direction mark' },
  { text: 'MY===!', code: 'invalid-character', position: 5, why: 'a mark after the tail' },
  {
    text: 'MY\u00a0\u{10ead}1',
    code: 'invalid-character',
    position: 5,
    why: 'what follows a pair',
  },
  { text: 'J SW0Y8DP', code: 'invalid-character', position: 4, why: 'the first of two characters' },
  { text: 'my\u{1f511}', code: 'invalid-character', position: 2, why: 'half of a surrogate pair' },
  { text: 'JB!=A', code: 'invalid-character', position: 2, why: 'a character before its padding' },
  { text: 'MY=A', code: 'invalid-padding', position: 3, why: 'a letter after the tail' },
  { text: '=MY=====', code: 'invalid-padding', position: 1, why: 'an "=" in front' },
  { text: 'M=Y', code: 'invalid-padding', position: 2, why: 'an "=" between characters' },
  { text: 'MY= -Y', code: 'invalid-padding', position: 5, why: 'a letter after a wide tail' },
];

const notStrings: readonly unknown[] = [
  ...[undefined, null, 7, 7n, true, Symbol('MY'), {}, ['MY'], () => 'MY'],
  Object('MY'),
  Buffer.from('MY'),
  { toString: () => 'MY', length: 2 },
];

const notBytes: readonly unknown[] = [
  ...[undefined, null, 7, 'MY', true, Symbol('MY'), {}, [1, 2], () => 1],
  Uint8ClampedArray.of(1),
  Int8Array.of(1),
  Uint16Array.of(1),
  new ArrayBuffer(1),
  new DataView(new ArrayBuffer(1)),
  { length: 1, 0: 1, [Symbol.toStringTag]: 'Uint8Array' },
  Object.create(Uint8Array.prototype),
  new Proxy(Uint8Array.of(1), {}),
];

test.each(rfc4648)('RFC 4648 §10 spells "$text" as $unpadded', ({ bytesHex, unpadded, padded }) => {
  expect(encodeBase32(Buffer.from(bytesHex, 'hex'))).toBe(unpadded);
  expect(hex(decodeBase32(unpadded))).toBe(bytesHex);
  expect(hex(decodeBase32(padded))).toBe(bytesHex);
  expect(hex(decodeBase32Lenient(padded))).toBe(bytesHex);
});

describe.each([
  { name: 'strict' as const, decode: decodeBase32, faults: strictFaults },
  { name: 'lenient' as const, decode: decodeBase32Lenient, faults: lenientFaults },
])('The $name decoder', ({ name, decode, faults }) => {
  test.each(base32Cases.filter((vector) => vector[name] !== null))('reads: $why', (vector) => {
    expect(hex(decode(vector.input))).toBe(vector[name]);
  });

  test.each(base32Cases.filter((vector) => vector[name] === null))('refuses: $why', (vector) => {
    expect(() => decode(vector.input)).toThrow(expect.objectContaining({ name: 'OtpError' }));
  });

  test.each(faults)('answers $code where that is: $why', ({ text, code, position }) => {
    const error = expect.objectContaining({ name: 'OtpError', code, position });
    expect(() => decode(text)).toThrow(error);
  });

  test.each(notStrings)('answers %o in place of a string with a TypeError', (value) => {
    expect(() => decode(value as never)).toThrow(TypeError);
  });

  test('gives new bytes at each call', () => {
    decode('MZXW6YTBOI').fill(0);
    expect(hex(decode('MZXW6YTBOI'))).toBe('666f6f626172');
  });
});

test('The symbol of five zero bits is one like any other in the search for a fault', () => {
  for (const [read, text] of [
    [decodeBase32, 'AAAA1'],
    [decodeBase32Lenient, 'AA A1'],
  ] as const) {
    const error = expect.objectContaining({ code: 'invalid-character', position: 4 });
    expect(() => read(text)).toThrow(error);
  }
});

test('The lenient decoder wipes its intermediate bytes', () => {
  const slice = vi.spyOn(Uint8Array.prototype, 'slice');
  expect(hex(decodeBase32Lenient('MZXW 6YTB-OI'))).toBe('666f6f626172');
  // Whose slice was the answer.
  const written = slice.mock.contexts as unknown as Uint8Array[];
  expect(written.map((bytes) => [...bytes])).toEqual([new Array(8).fill(0)]);
  slice.mockRestore();
});

describe('The encoder', () => {
  test.each(notBytes)('answers value %# in place of a Uint8Array with a TypeError', (value) => {
    expect(() => encodeBase32(value as never)).toThrow(TypeError);
  });

  test('reads a Buffer, a view into a longer buffer, shared memory and another realm', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(3));
    shared.set([0x66, 0x6f, 0x6f]);
    const inputs = [
      Buffer.from('foo'),
      new TextEncoder().encode('__foo__').subarray(2, 5),
      shared,
      runInNewContext('Uint8Array.of(0x66, 0x6f, 0x6f)'),
    ];
    expect(inputs.map(encodeBase32)).toEqual(['MZXW6', 'MZXW6', 'MZXW6', 'MZXW6']);
  });

  test('leaves the bytes as they are', () => {
    const bytes = Buffer.from('foobar');
    encodeBase32(bytes);
    expect(bytes.toString()).toBe('foobar');
  });
});

// Mutation testing instruments the sources, so their time is not measured there.
describe.skipIf(process.env.MUTATION)('The time', () => {
  type Work = (size: number) => () => unknown;

  /** Eight times the input in less than this many times the time; squared work takes 64 times. */
  const limit = 32;

  function quickest(work: () => unknown, runs: number): number {
    const times = Array.from({ length: runs }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    });
    return Math.min(...times);
  }

  /** The smallest of three ratios, so that a busy machine does not decide. */
  function growth(prepare: Work, size: number): number {
    let smallest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3 && smallest >= limit / 2; i++) {
      // The shorter work runs more often: it is easier disturbed, and warms the compiler up.
      const small = quickest(prepare(size), 12);
      smallest = Math.min(smallest, quickest(prepare(8 * size), 3) / small);
    }
    return smallest;
  }

  /** Work on a text of `unit` over and over, and `end`. */
  function onText(work: (text: string) => unknown, unit: string, end = ''): Work {
    return (size) => {
      const text = unit.repeat(size / unit.length) + end;
      return () => work(text);
    };
  }

  const refuse = (text: string) => expect(() => decodeBase32(text)).toThrow();
  const refuseLenient = (text: string) => expect(() => decodeBase32Lenient(text)).toThrow();

  test('of squared work grows too fast for this measure', () => {
    const squared: Work = (size) => () => {
      let sum = 0;
      for (let i = 0; i < size; i++) for (let k = 0; k < size; k++) sum = (sum + i * k) | 0;
      return sum;
    };
    expect(growth(squared, 1000)).toBeGreaterThan(limit);
  });

  test('of encoding is linear up to 32 KB', () => {
    const encode: Work = (size) => () => encodeBase32(new Uint8Array(size).fill(0xa5));
    // Longer ones measure the garbage collector: it moves long-lived strings at some threshold.
    expect(growth(encode, 2 ** 12)).toBeLessThan(limit);
  });

  test.each([
    { what: 'strict decoding', prepare: onText(decodeBase32, 'ABCDEF27') },
    { what: 'lenient decoding', prepare: onText(decodeBase32Lenient, 'abcd-e f') },
    { what: 'reading padding', prepare: onText(decodeBase32Lenient, '========') },
    { what: 'reading separators', prepare: onText(decodeBase32Lenient, ' - - - -') },
    { what: 'strict refusal at the end', prepare: onText(refuse, 'ABCDEF27', '1') },
    { what: 'strict refusal of padding', prepare: onText(refuse, '========') },
    { what: 'lenient refusal at the end', prepare: onText(refuseLenient, 'abcd-e f', '1') },
    { what: 'lenient refusal after padding', prepare: onText(refuseLenient, '========', 'A') },
  ])('of $what is linear up to 1 MB', ({ prepare }) => {
    expect(growth(prepare, 2 ** 17)).toBeLessThan(limit);
  });
});
