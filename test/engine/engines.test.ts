/** Both engines by the contract of `engine.ts`, against the RFCs' vectors and node:crypto. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase32Lenient, encodeBase32 } from '../../src/base32.js';
import {
  type Attempt,
  LEFT_TO_CALLER,
  type Midstates,
  type SecretAttempt,
} from '../../src/engine/engine.js';
import type { Algorithm } from '../../src/key/algorithm.js';
import { portable, simd } from '../support/engines.js';
import { collisions } from '../vectors/collisions.js';
import { rfc4226 } from '../vectors/rfc4226.js';
import { rfc6238 } from '../vectors/rfc6238.js';

const algorithms: readonly Algorithm[] = ['SHA1', 'SHA256', 'SHA512'];
const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const secret = bytesOf(rfc4226.secretHex);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SYMBOLS = ALPHABET + ALPHABET.toLowerCase();
const EVERY_LENGTH = Array.from({ length: 300 }, (_, i) => i + 1);
/** Lengths for faults at each place: whole groups and others, up to the longest there are kernels for. */
const FAULTY_LENGTHS = [...EVERY_LENGTH.slice(0, 70), 104, 127, 128];

/**
 * Whether an engine that decodes takes a text of a length by itself: up to a block of the hash function, and not
 * ending in the middle of a byte. Others it may leave to be decoded first.
 */
function isUsual(algorithm: Algorithm, length: number): boolean {
  const longest = algorithm === 'SHA512' ? 128 : 64;
  return length > 0 && length <= longest && (5 * length) % 8 < 5;
}

/** The truncated value by node:crypto and RFC 4226 §5.3. */
function truncated(algorithm: Algorithm, counter: number): number {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac(algorithm, secret).update(message).digest();
  return mac.readUInt32BE((mac.at(-1) as number) & 15) & 0x7fffffff;
}

function attempt(midstates: Midstates, first: number, count: number, typed: number): Attempt {
  return { midstates, first, count, typed, matchIndex: -1 };
}

test('The engines are called portable and simd', () => {
  expect([portable.name, simd.name]).toEqual(['portable', 'simd']);
});

describe.each([portable, simd])('Of the engine called $name,', (engine) => {
  function run(midstates: Midstates, first: number, count: number): number[] {
    const values = new Int32Array(count);
    engine.truncateHmacs(midstates, first, values);
    return [...values];
  }

  function matches(attempts: readonly Attempt[], digits: number): number[] {
    engine.matchBatch(attempts, digits);
    return attempts.map(({ matchIndex }) => matchIndex);
  }

  describe('RFC 4226 Appendix D', () => {
    const key = engine.prepareKey('SHA1', secret);
    const values = rfc4226.cases.map((vector) => vector.truncated);

    test('comes out of one run', () => {
      expect(run(key, 0, values.length)).toEqual(values);
    });

    test('comes out of runs of one', () => {
      expect(rfc4226.cases.flatMap(({ counter }) => run(key, counter, 1))).toEqual(values);
    });

    test('is matched by one counter each', () => {
      const attempts = rfc4226.cases.map(({ counter, code }) =>
        attempt(key, counter, 1, Number(code)),
      );
      expect(matches(attempts, 6)).toEqual(attempts.map(() => 0));
    });
  });

  describe('RFC 6238 Appendix B', () => {
    const keys = rfc6238.cases.map(({ algorithm, secretHex }) =>
      engine.prepareKey(algorithm, bytesOf(secretHex)),
    );

    test.each(rfc6238.cases)('$algorithm at $timeSeconds s comes out of a run', (vector) => {
      const key = engine.prepareKey(vector.algorithm, bytesOf(vector.secretHex));
      expect(run(key, vector.step - 1, 3)[1]).toBe(vector.truncated);
    });

    test.each(rfc6238.cases)('$algorithm at $timeSeconds s is matched in its window', (vector) => {
      const key = engine.prepareKey(vector.algorithm, bytesOf(vector.secretHex));
      const code = Number(vector.code);
      expect(engine.matchOne(key, vector.step - 1, 3, code, 8)).toBe(1);
      expect(engine.matchOne(key, vector.step + 1, 3, code, 8)).toBe(-1);
    });

    test('is matched by one counter each, the three algorithms mixed', () => {
      const attempts = rfc6238.cases.map(({ step, code }, i) =>
        attempt(keys[i] as Midstates, step, 1, Number(code)),
      );
      expect(matches(attempts, 8)).toEqual(attempts.map(() => 0));
    });
  });

  describe.each(algorithms)('under %s', (algorithm) => {
    const key = engine.prepareKey(algorithm, secret);

    test.each([0, 2 ** 31 - 2, 2 ** 32 - 2, 2 ** 32, 2 ** 33 - 2, 2 ** 52 - 2, 2 ** 53 - 4])(
      'four counters from %d are those of node:crypto, in a run, matched and each',
      (first) => {
        const counters = [first, first + 1, first + 2, first + 3];
        const expected = counters.map((counter) => truncated(algorithm, counter));
        const codes = expected.map((value) => value % 10 ** 9);
        expect(run(key, first, 4)).toEqual(expected);
        expect(codes.map((code) => engine.matchOne(key, first, 4, code, 9))).toEqual(
          codes.map((code) => codes.lastIndexOf(code)),
        );
        const attempts = counters.map((counter, i) => attempt(key, counter, 1, codes[i] as number));
        expect(matches(attempts, 9)).toEqual([0, 0, 0, 0]);
      },
    );

    test('the counter 2^53 - 1 is the last and has a value', () => {
      const value = truncated(algorithm, 2 ** 53 - 1);
      expect(run(key, 2 ** 53 - 1, 1)).toEqual([value]);
      expect(engine.matchOne(key, 2 ** 53 - 1, 1, value % 10 ** 6, 6)).toBe(0);
    });

    test('runs of every length up to 17 begin alike', () => {
      const longest = run(key, 40, 17);
      for (let count = 0; count <= 17; count++) {
        expect(run(key, 40, count)).toEqual(longest.slice(0, count));
      }
    });

    // The lanes beyond the last counter are computed too; what they find must not count.
    test('a code is found in runs that reach it, and not in shorter ones', () => {
      const typed = truncated(algorithm, 49) % 10 ** 6;
      const found = Array.from({ length: 18 }, (_, count) =>
        engine.matchOne(key, 40, count, typed, 6),
      );
      expect(found).toEqual(found.map((_, count) => (count > 9 ? 9 : -1)));
      const attempts = found.map((_, count) => attempt(key, 40, count, typed));
      expect(matches(attempts, 6)).toEqual(found);
    });

    test('nothing changes the key', () => {
      const before = [...key];
      run(key, 5, 3);
      engine.matchOne(key, 5, 3, 1, 6);
      matches([attempt(key, 1, 3, 1), attempt(key, 2, 3, 1)], 6);
      expect([...key]).toEqual(before);
    });

    test('the secret is neither changed nor kept', () => {
      const bytes = secret.slice();
      const prepared = engine.prepareKey(algorithm, bytes);
      expect(bytes).toEqual(secret);
      bytes.fill(0);
      expect(run(prepared, 0, 1)).toEqual([truncated(algorithm, 0)]);
    });
  });

  test.each([
    { algorithm: 'SHA1', words: 10 },
    { algorithm: 'SHA256', words: 16 },
    { algorithm: 'SHA512', words: 32 },
  ] as const)('a key of $algorithm has $words words, whatever the secret', (expected) => {
    for (const length of [1, 20, 64, 65, 128, 129, 4096]) {
      const key = engine.prepareKey(expected.algorithm, new Uint8Array(length));
      expect(key).toHaveLength(expected.words);
    }
  });

  test('a key stays good while others are prepared and used', () => {
    const keys = algorithms.map((algorithm) => engine.prepareKey(algorithm, secret));
    const others = algorithms.map((algorithm) => engine.prepareKey(algorithm, Uint8Array.of(1)));
    for (const other of others) run(other, 1, 5);
    matches(
      others.map((other) => attempt(other, 2, 5, 0)),
      6,
    );
    expect(keys.flatMap((key, i) => run(key, 7 + i, 1))).toEqual(
      algorithms.map((name, i) => truncated(name, 7 + i)),
    );
  });

  describe('two counters with one code', () => {
    const key = engine.prepareKey('SHA1', secret);

    // From every lane of a vector to every other, in windows that hold both or the lower alone.
    test.each(collisions)('$lower and $higher match at the higher', ({ lower, higher, code }) => {
      const typed = Number(code);
      for (let before = 0; before < 8; before++) {
        const first = lower - before;
        for (let after = 0; after < 8; after++) {
          const count = higher - first + 1 + after;
          expect(engine.matchOne(key, first, count, typed, 6)).toBe(higher - first);
        }
        expect(engine.matchOne(key, first, higher - first, typed, 6)).toBe(lower - first);
      }
    });

    test('match at the higher in a batch too', () => {
      const attempts = collisions.map(({ lower, code }) =>
        attempt(key, lower - 1, 4, Number(code)),
      );
      expect(matches(attempts, 6)).toEqual(
        collisions.map(({ lower, higher }) => higher - lower + 1),
      );
    });
  });

  describe('a batch', () => {
    const key = engine.prepareKey('SHA1', secret);
    const code = Number(rfc4226.cases[3]?.code);

    test('of nobody is nothing', () => {
      expect(matches([], 6)).toEqual([]);
    });

    test.each([1, 2, 3, 4, 5, 8, 9])('of %i answers each by itself', (size) => {
      for (let right = 0; right < size; right++) {
        const attempts = Array.from({ length: size }, (_, i) =>
          attempt(key, 0, 10, i === right ? code : (code + 1) % 10 ** 6),
        );
        expect(matches(attempts, 6)).toEqual(attempts.map((_, i) => (i === right ? 3 : -1)));
      }
    });

    test('gives -1 to an attempt without a code or without a counter, among others', () => {
      const attempts = [
        attempt(key, 0, 10, -1),
        attempt(key, 0, 10, code),
        attempt(key, 3, 0, code),
        attempt(key, 3, 1, code),
        attempt(key, 0, 0, -1),
      ];
      expect(matches(attempts, 6)).toEqual([-1, 3, -1, 0, -1]);
    });

    test('forgets what an attempt found before', () => {
      const used = (count: number, typed: number) => ({
        ...attempt(key, 0, count, typed),
        matchIndex: 7,
      });
      const attempts = [used(10, code), used(10, code + 1), used(0, code), used(10, -1)];
      expect(matches(attempts, 6)).toEqual([3, -1, -1, -1]);
    });

    test('changes nothing of an attempt but its highest match', () => {
      const attempts = [attempt(key, 0, 10, code), attempt(key, 0, 10, code + 1)];
      const before = attempts.map(({ matchIndex: _, ...rest }) => rest);
      matches(attempts, 6);
      expect(attempts.map(({ matchIndex: _, ...rest }) => rest)).toEqual(before);
    });
  });

  describe.each(algorithms)('secrets under %s', (algorithm) => {
    const texts = ['GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'gezdgnbvgy3tqojq', 'ABCDEFGHI2', '77'];
    const secrets = [...texts, ...texts.map((text) => decodeBase32Lenient(text))];
    const codeOf = (text: Uint8Array | string, counter: number) => {
      const bytes = typeof text === 'string' ? decodeBase32Lenient(text) : text;
      return (run(portable.prepareKey(algorithm, bytes), counter, 1)[0] as number) % 10 ** 6;
    };
    const search = (text: Uint8Array | string, typed: number, count = 3): SecretAttempt => {
      return { secret: text, first: 2 ** 32 - 2, count, typed, matchIndex: 7 };
    };
    function matchesOf(attempts: readonly SecretAttempt[]): number[] {
      engine.matchSecrets(algorithm, attempts, 6);
      return attempts.map(({ matchIndex }) => matchIndex);
    }
    /** The portable engine leaves all secrets to the caller, as do kernels without lanes. */
    const isTaking = engine === simd && algorithm !== 'SHA512';
    const ifTaken = (matchIndex: number) => (isTaking ? matchIndex : LEFT_TO_CALLER);

    test.each([1, 2, 3, 4, 5, 8, 9])('are matched in batches of %i', (size) => {
      for (let index = -1; index < 3; index++) {
        const attempts = Array.from({ length: size }, (_, i) => {
          const text = secrets[i % secrets.length] as string;
          return search(text, codeOf(text, 2 ** 32 - 2 + index));
        });
        expect(matchesOf(attempts)).toEqual(attempts.map(() => ifTaken(index)));
      }
    });

    test('end where each run ends', () => {
      const [text] = texts as [string];
      const attempts = [0, 1, 2, 3, 4].map((count) => search(text, codeOf(text, 2 ** 32), count));
      expect(matchesOf(attempts)).toEqual([-1, -1, -1, 2, 2].map(ifTaken));
    });

    test('are left to the caller if they are unreadable or without a code, among others', () => {
      const [text] = texts as [string];
      const code = codeOf(text, 2 ** 32 - 1);
      const others = ['', 'A', `${text}!`, `${text}\u0141`, 'A'.repeat(65), `${text} `];
      const bytes = [new Uint8Array(0), new Uint8Array(200)];
      const left = [...others, ...bytes].map((other) => search(other, 0));
      const attempts = [search(text, -1), ...left].flatMap((one) => [one, search(text, code)]);
      const expected = attempts.map((_, i) => (i % 2 === 0 ? LEFT_TO_CALLER : ifTaken(1)));
      expect(matchesOf(attempts)).toEqual(expected);
    });

    test('have no batch without any', () => {
      expect(matchesOf([])).toEqual([]);
    });
  });

  // The portable engine takes none: decoding is left to the caller.
  describe.runIf(engine === simd)('a text', () => {
    /** Texts of one length, in both cases. */
    const texts = (length: number) =>
      fc.string({ unit: fc.constantFrom(...SYMBOLS), minLength: length, maxLength: length });

    /** What the text's bytes are prepared to, or undefined if there are none. */
    function preparedBytes(algorithm: Algorithm, text: string): Midstates | undefined {
      const bytes = decodeBase32Lenient(text);
      return bytes.length === 0 ? undefined : portable.prepareKey(algorithm, bytes);
    }

    /** Texts that are taken for another's, or not taken though they are usual. */
    function wrongAmong(algorithm: Algorithm, list: Iterable<string>): string[] {
      return [...list].filter((text) => {
        const midstates = engine.prepareBase32Key(algorithm, text);
        if (midstates === undefined) return isUsual(algorithm, text.length);
        return `${midstates}` !== `${preparedBytes(algorithm, text)}`;
      });
    }

    function acceptedAmong(algorithm: Algorithm, list: Iterable<string>): string[] {
      return [...list].filter((text) => engine.prepareBase32Key(algorithm, text) !== undefined);
    }

    /** A text with a character at each place of each of the lengths, symbols elsewhere. */
    function* withFault(fault: string, lengths: readonly number[]): Generator<string> {
      for (const length of lengths) {
        for (let place = 0; place < length; place++) {
          yield `${'q'.repeat(place)}${fault}${'7'.repeat(length - place - 1)}`;
        }
      }
    }

    test('of the secret of RFC 4226 gives its values', () => {
      const key = engine.prepareBase32Key('SHA1', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ') as Midstates;
      expect(run(key, 0, 10)).toEqual(rfc4226.cases.map((vector) => vector.truncated));
    });

    test.each(rfc6238.cases)('of the secret of RFC 6238 gives that at $timeSeconds s', (vector) => {
      const text = encodeBase32(bytesOf(vector.secretHex));
      const key = engine.prepareBase32Key(vector.algorithm, text) as Midstates;
      expect(run(key, vector.step, 1)).toEqual([vector.truncated]);
    });

    describe.each(algorithms)('under %s', (algorithm) => {
      test('of any length is prepared as its bytes are, if it is taken', () => {
        for (const length of EVERY_LENGTH) {
          fc.assert(
            fc.property(texts(length), (text) => {
              expect(wrongAmong(algorithm, [text])).toEqual([]);
            }),
            { numRuns: length <= 130 ? 8 : 2 },
          );
        }
      });

      test('without a whole byte is none', () => {
        expect(acceptedAmong(algorithm, ['', ...SYMBOLS])).toEqual([]);
      });

      test('of one symbol over and over is prepared as its bytes are', () => {
        const list = [...SYMBOLS].flatMap((symbol) =>
          [2, 8, 26, 32, 33, 64, 65, 104].map((length) => symbol.repeat(length)),
        );
        expect(wrongAmong(algorithm, list)).toEqual([]);
      });

      // Nothing of a longer text may be behind a shorter one, nor of one that was refused.
      test('is prepared alike after any other', () => {
        const lengths = [64, 2, 63, 5, 128, 4, 256, 7, 65, 2, 1, 64, 10, 128, 26, 33, 34];
        const list = lengths.flatMap((length) => [
          '7'.repeat(length),
          `${'7'.repeat(length - 1)}!`,
          'B'.repeat(length),
          `${'7'.repeat(length - 1)}\u0141`,
          'c'.repeat(length),
        ]);
        const isFaulty = (text: string) => /[^A-Za-z2-7]/.test(text);
        const found = list.filter((text) =>
          isFaulty(text)
            ? acceptedAmong(algorithm, [text]).length > 0
            : wrongAmong(algorithm, [text]).length > 0,
        );
        expect(found).toEqual([]);
        // Secrets given as bytes come from the same place.
        engine.prepareBase32Key(algorithm, '7'.repeat(64));
        expect(engine.prepareKey(algorithm, secret)).toEqual(
          portable.prepareKey(algorithm, secret),
        );
      });

      test('loses the loose bits of its last character, whichever they are', () => {
        for (let length = 1; length <= 128; length++) {
          const list = [...SYMBOLS].map((last) => `${'k'.repeat(length - 1)}${last}`);
          expect(wrongAmong(algorithm, list)).toEqual([]);
          if (!isUsual(algorithm, length)) continue;
          const kinds = new Set(list.map((text) => `${engine.prepareBase32Key(algorithm, text)}`));
          expect(kinds.size).toBe(2 ** (5 - ((5 * length) % 8)));
        }
      });

      test.each(['=', ' ', '-', '0', '1', '8', '9', '@', '[', '`', '{', '\u0000', '\u0012'])(
        'with %j at any place of texts of many lengths is none',
        (fault) => {
          expect(acceptedAmong(algorithm, withFault(fault, FAULTY_LENGTHS))).toEqual([]);
        },
      );

      // The low byte of each is a symbol.
      test.each(['\u0141', '\u0161', '\u0232', '\u8037', '\uff5a', '\u4141', '\ud841', '\udc41'])(
        'with %j, whose low byte is a symbol, at any place of texts of many lengths is none',
        (fault) => {
          const throughout = FAULTY_LENGTHS.map((length) => fault.repeat(length));
          expect(acceptedAmong(algorithm, throughout)).toEqual([]);
          expect(acceptedAmong(algorithm, withFault(fault, FAULTY_LENGTHS))).toEqual([]);
        },
      );

      test('with any character of the first 256 but a symbol, at any place, is none', () => {
        const others = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
          (character) => !SYMBOLS.includes(character),
        );
        expect(others).toHaveLength(256 - 58);
        const accepted = others.flatMap((fault) =>
          acceptedAmong(algorithm, withFault(fault, [2, 7, 16, 32, 64, 66])),
        );
        expect(accepted).toEqual([]);
      });
    });

    test.each([
      { where: 'first', before: 0, after: 15 },
      { where: 'in the middle of', before: 5, after: 10 },
      { where: 'last', before: 15, after: 0 },
      { where: 'last, and alone in its group of four,', before: 20, after: 0 },
      { where: 'behind a hundred others', before: 103, after: 0 },
    ])('with any of all code units $where is one exactly if that is a symbol', (row) => {
      const [before, after] = ['A'.repeat(row.before), 'A'.repeat(row.after)];
      const units = Array.from({ length: 65_536 }, (_, code) => String.fromCharCode(code));
      const accepted = units.filter(
        (unit) => engine.prepareBase32Key('SHA512', before + unit + after) !== undefined,
      );
      expect(accepted.join('')).toBe([...new Set(SYMBOLS)].sort().join(''));
    });

    test('that is empty, or longer than any secret, is none', () => {
      for (const algorithm of algorithms) {
        for (const length of [0, 258, 264, 512, 100_000]) {
          expect(engine.prepareBase32Key(algorithm, 'A'.repeat(length))).toBeUndefined();
        }
      }
    });
  });

  test.runIf(engine === portable)('no text is taken: decoding is left to the caller', () => {
    for (const algorithm of algorithms) {
      expect(engine.prepareBase32Key(algorithm, 'GEZDGNBVGY3TQOJQ')).toBeUndefined();
    }
  });
});
