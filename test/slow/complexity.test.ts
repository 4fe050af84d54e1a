/**
 * Eight times the text takes about eight times as long, and not sixty-four: for every function that
 * reads text or takes it as an option, from 1 KiB to 1 MiB. Runs with `SLOW=1`.
 */
import { describe, expect, test } from 'vitest';
import {
  buildOtpauthUri,
  createKey,
  decodeBase32,
  decodeBase32Lenient,
  encodeBase32,
  lintOtpauthUri,
  memoryStore,
  normalizeCode,
  parseOtpauthUri,
  verifyHotp,
  verifyTotp,
  verifyTotpOnce,
} from '../../src/index.js';

/** Eight times the input in less than this many times the time; squared work takes 64 times. */
const LIMIT = 32;
const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const key = createKey(KEY);
const HEAD = `otpauth://totp/ACME:alice?secret=${KEY}`;

type Read = (text: string) => unknown;

/** What a text may be made of, over and over. */
const UNITS: Readonly<Record<string, string>> = {
  letters: 'ABCDEFGH',
  'small letters': 'abcdefgh',
  digits: '0123456789',
  'zeros before digits': '00000001',
  spaces: '        ',
  hyphens: '--------',
  'spaces and hyphens': 'a- b -c ',
  padding: '========',
  'padding and letters': 'A=======',
  percents: '%%%%%%%%',
  'escaped percents': '%25',
  'escaped twice': '%252525',
  'broken escapes': '%e2%80',
  'escapes of a character': '%F0%9F%94%91',
  ampersands: '&&&&&&&&',
  'equals and ampersands': '=&=&=&=&',
  'the same parameter': '&secret=A',
  'unknown parameters': '&x=1&y=2',
  'parameters without a value': '&issuer',
  colons: '::::::::',
  'escaped colons': '%3A%3a',
  slashes: '////////',
  'dot segments': '/../',
  'question marks': '????????',
  hashes: '########',
  pluses: '++++++++',
  newlines: '\r\n\t ',
  controls: '\u0000\u001f\u007f\u009f',
  'marks of direction': '\u202e\u2066',
  accents: 'é\u0301',
  'characters of three bytes': '用鑰',
  'surrogate pairs': '🔑🔒',
  'unpaired surrogates': '\ud83d\ud83d',
  'unpaired the other way': '\udd11\udd11',
};

/** Where in a text the many stand. */
const FRAMES: Readonly<Record<string, Read>> = {
  'bare text': (text) => text,
  'a label': (text) => `otpauth://totp/${text}?secret=${KEY}`,
  'a query': (text) => `${HEAD}&${text}`,
  'a value': (text) => `${HEAD}&issuer=${text}`,
  'a secret': (text) => `otpauth://totp/ACME:alice?secret=${text}`,
  'a number': (text) => `${HEAD}&period=${text}`,
  'a fragment': (text) => `${HEAD}#${text}`,
  'the space before a URI': (text) => text + HEAD,
  'the space behind a URI': (text) => HEAD + text,
};

const URI_READERS: Readonly<Record<string, Read>> = {
  parseOtpauthUri: (text) => parseOtpauthUri(text),
  lintOtpauthUri: (text) => lintOtpauthUri(text),
};
const READERS: Readonly<Record<string, Read>> = {
  ...URI_READERS,
  decodeBase32: (text) => decodeBase32(text),
  decodeBase32Lenient: (text) => decodeBase32Lenient(text),
  createKey: (text) => createKey(text),
  normalizeCode: (text) => normalizeCode(text),
  verifyTotp: (text) => verifyTotp(key, text, { timestamp: 59_000 }),
  verifyHotp: (text) => verifyHotp(key, text, { counter: 0 }),
  verifyTotpOnce: (text) => {
    // Rejected at once, or not, and nobody waits here.
    verifyTotpOnce(key, '287082', { store: memoryStore(), id: text }).catch(() => {});
  },
  'claim of memoryStore': (text) => memoryStore().claim(text, 7),
};
/** What writes URIs: it makes a text of what it is given before it finds it too long. */
const WRITERS: Readonly<Record<string, Read>> = {
  'buildOtpauthUri, the names': (text) =>
    buildOtpauthUri({ issuer: text, account: text, secret: KEY }),
  'buildOtpauthUri, the secret': (text) =>
    buildOtpauthUri({ issuer: 'ACME', account: 'alice', secret: text }),
  'buildOtpauthUri, the image': (text) =>
    buildOtpauthUri({ issuer: 'ACME', account: 'alice', secret: KEY, image: text }),
  'lintOtpauthUri of fields': (text) =>
    lintOtpauthUri({ issuer: text, account: text, secret: KEY, image: text }),
  'lintOtpauthUri, the secret': (text) =>
    lintOtpauthUri({ issuer: 'ACME', account: 'alice', secret: text }),
};

/** The shortest of some runs; more of those that are short, which are easier disturbed. */
function quickest(read: Read, text: string, runs: number): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    try {
      read(text);
    } catch {
      // That it is refused is for other tests; here it is how soon.
    }
    shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest;
}

/** How many times as long eight times the text takes; the smallest of three. */
function growth(read: Read, frame: Read, unit: string, size: number): number {
  // A text made by `repeat` is a tree until it is first read.
  const textOf = (length: number) =>
    Buffer.from(String(frame(unit.repeat(length / unit.length))), 'utf16le').toString('utf16le');
  const [small, large] = [textOf(size), textOf(8 * size)];
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3 && smallest >= LIMIT / 2; i++) {
    // Below a tenth of a millisecond it is the clock that is measured.
    const before = Math.max(quickest(read, small, 12), 0.02);
    smallest = Math.min(smallest, quickest(read, large, 3) / before);
  }
  return smallest;
}

const bare: Read = (text) => text;

describe.skipIf(!process.env.SLOW)('Time', { timeout: 600_000 }, () => {
  test('of a search that starts over at each character is found to be squared', () => {
    const squared: Read = (text) => {
      let found = 0;
      for (let i = 0; i < text.length; i++) found += text.indexOf('?', i);
      return found;
    };
    expect(growth(squared, bare, 'x', 2 ** 14)).toBeGreaterThan(LIMIT);
  });

  test('of a pattern that backtracks is found to be squared', () => {
    const squared: Read = (text) => /\s+$/.test(`${text}.`);
    expect(growth(squared, bare, ' ', 2 ** 11)).toBeGreaterThan(LIMIT);
  });

  test.each(Object.entries(READERS))('of %s is linear up to 1 MiB for any text', (_, read) => {
    for (const [name, unit] of Object.entries(UNITS)) {
      expect(growth(read, bare, unit, 2 ** 17), name).toBeLessThan(LIMIT);
    }
  });

  // Longer texts measure the garbage collector: a text that is put together from single characters
  // takes 50 bytes each until it is read, and from some hundred thousand on these are moved about.
  test.each(Object.entries(WRITERS))('of %s is linear up to 64 KiB for any text', (_, read) => {
    for (const [name, unit] of Object.entries(UNITS)) {
      expect(growth(read, bare, unit, 2 ** 13), name).toBeLessThan(LIMIT);
    }
  });

  test.each(Object.entries(URI_READERS))('of %s is linear in every part of a URI', (_, read) => {
    for (const [where, frame] of Object.entries(FRAMES)) {
      for (const [name, unit] of Object.entries(UNITS)) {
        // To just below 8 KiB, beyond which all is refused; and beyond.
        for (const size of [900, 2 ** 13, 2 ** 17]) {
          expect(growth(read, frame, unit, size), `${name} in ${where}`).toBeLessThan(LIMIT);
        }
      }
    }
  });

  test('of encoding, and of a secret in bytes, is linear', () => {
    const readers: readonly ((bytes: Uint8Array) => unknown)[] = [encodeBase32, createKey];
    for (const read of readers) {
      // To 32 KiB: longer texts measure the garbage collector, which moves them.
      const times = [2 ** 12, 2 ** 15].map((size) => {
        const bytes = new Uint8Array(size).fill(0xa5);
        return quickest(() => read(bytes), '', 20);
      }) as [number, number];
      expect(times[1] / times[0]).toBeLessThan(LIMIT);
    }
  });
});
