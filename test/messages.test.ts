/**
 * The words of errors. Elsewhere tests hold an error's class, its code and its position; here, that
 * its message says what is wrong, in words, and where. `wrong-values.test.ts` does the same for
 * arguments.
 */
import { describe, expect, test } from 'vitest';
import { decodeBase32, decodeBase32Lenient } from '../src/base32.js';
import { OtpError } from '../src/errors.js';
import { createKey } from '../src/key.js';
import { lintOtpauthUri, parseOtpauthUri } from '../src/otpauth-uri.js';
import { refusedUris } from './vectors/otpauth-uris.js';

/** Some words, the first of them a verb, and the position. */
const WORDS = /^(?:base32 text|the URI) [a-z]+ \S.* \S+ \(at (\d+)\)$/;

function errorOf(run: () => unknown): OtpError {
  try {
    run();
  } catch (error) {
    if (error instanceof OtpError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const base32Faults = [
  { read: decodeBase32, text: 'MZXW6YT1', code: 'invalid-character' },
  { read: decodeBase32, text: 'A', code: 'invalid-length' },
  { read: decodeBase32, text: 'MZXW6===A', code: 'invalid-character' },
  { read: decodeBase32, text: 'MZXW6=', code: 'invalid-padding' },
  { read: decodeBase32, text: 'MZ', code: 'trailing-bits' },
  { read: decodeBase32Lenient, text: 'mzxw 6yt1', code: 'invalid-character' },
  { read: decodeBase32Lenient, text: 'mzxw=6', code: 'invalid-padding' },
];
const SECRET = 'secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const uriFaults = [
  { text: 'x'.repeat(8193), code: 'uri-too-long' },
  { text: `otpauth://totp/a\ud83d?${SECRET}`, code: 'uri-encoding' },
  { text: `otpauth://totp/a?${SECRET}#x&digits=8`, code: 'uri-encoding' },
];
const faults = [
  ...uriFaults.map(({ text, code }) => ({ run: () => parseOtpauthUri(text), code })),
  ...base32Faults.map(({ read, text, code }) => ({ run: () => read(text), code })),
  ...refusedUris.map(({ uri, code }) => ({ run: () => parseOtpauthUri(uri), code })),
];

describe('The message of an OtpError', () => {
  test('says in words what is wrong, and ends with where', () => {
    for (const { run, code } of faults) {
      const { message, position, code: found } = errorOf(run);
      expect(found).toBe(code);
      expect(message).toMatch(WORDS);
      expect(WORDS.exec(message)?.[1]).toBe(String(position));
    }
  });

  test('is the same for two codes in no case', () => {
    const codesOf = new Map<string, Set<string>>();
    for (const { run } of faults) {
      const { message, code } = errorOf(run);
      const text = message.replace(/\d+\)$/, '');
      codesOf.set(text, (codesOf.get(text) ?? new Set()).add(code));
    }
    expect(codesOf.size).toBeGreaterThan(15);
    for (const [t, codes] of codesOf) expect([...codes], t).toHaveLength(1);
  });

  test('of an empty secret says so', () => {
    expect(errorOf(() => createKey('A')).message).toMatch(/^the secret holds \S+/);
    expect(() => createKey(new Uint8Array())).toThrow(/^"secret" must have \S+/);
  });

  test('is what the linter says of a URI that cannot be read', () => {
    const { message } = errorOf(() => parseOtpauthUri('otpauth://totp/alice'));
    expect(lintOtpauthUri('otpauth://totp/alice')).toEqual([{ code: 'unreadable', message }]);
  });
});
