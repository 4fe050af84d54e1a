/**
 * The words of errors. Elsewhere tests hold an error's class, its code and its position; here, that
 * its message says what is wrong, in words, and where. `wrong-values.test.ts` does the same for
 * arguments.
 */
import { describe, expect, test, vi } from 'vitest';
import { decodeBase32, decodeBase32Lenient } from '../src/base32.js';
import { OtpError } from '../src/errors.js';
import { generateHotp, resyncHotp, truncatedHmac, verifyHotp } from '../src/hotp.js';
import { createKey } from '../src/key.js';
import { buildOtpauthUri, lintOtpauthUri, parseOtpauthUri } from '../src/otpauth-uri.js';
import { resyncHotpOnce, verifyHotpOnce, verifyTotpOnce } from '../src/single-use.js';
import { secondsRemaining, timeStep } from '../src/step.js';
import { memoryStore } from '../src/stores/memory.js';
import { generateTotp, resyncTotp, verifyTotp, verifyTotpBatch } from '../src/totp.js';
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
  test('says in words where and why the text is wrong', () => {
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
    expect(errorOf(() => createKey('A')).message).toMatch(/^the secret is empty or too short: \S+/);
    expect(() => createKey(new Uint8Array())).toThrow(/^"secret" must have \S+/);
  });

  test('is the finding of the linter about an unreadable URI', () => {
    const { message } = errorOf(() => parseOtpauthUri('otpauth://totp/alice'));
    expect(lintOtpauthUri('otpauth://totp/alice')).toEqual([{ code: 'unreadable', message }]);
  });
});

describe('A mistake is an error in words that name the fix:', () => {
  const text = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  const uri = `otpauth://totp/ACME:alice?${SECRET}&issuer=ACME`;
  const code = '287082';
  const key = createKey(text);
  const store = memoryStore();
  const once = { store, id: 'alice' };
  const NOW = 1_700_000_000_000;
  /** As a caller without types would call it. */
  const call = (run: (...args: never[]) => unknown, ...args: unknown[]) =>
    Reflect.apply(run, undefined, args);
  const ORDER = /call createKey\(secret\) first; the order is key, code, options/;

  test.each<[string, () => unknown, new (...args: never) => Error, RegExp]>([
    ['swapped arguments', () => call(verifyTotp, code, key), TypeError, ORDER],
    ['a text for a key', () => call(verifyTotp, text, code), TypeError, ORDER],
    ['bytes for a key', () => call(verifyTotp, new Uint8Array(20), code), TypeError, ORDER],
    [
      'a text for a key, HOTP',
      () => call(verifyHotp, text, code, { counter: 0 }),
      TypeError,
      ORDER,
    ],
    ['a text for a key, once', () => call(verifyTotpOnce, text, code, once), TypeError, ORDER],
    [
      'a text for a key in a batch',
      () => call(verifyTotpBatch, [{ key: text, code }]),
      TypeError,
      ORDER,
    ],
    [
      'a text for a key, generating',
      () => call(generateTotp, text),
      TypeError,
      /call createKey\(secret\) first; the order is key, options/,
    ],
    [
      'a text for a key, generating by a counter',
      () => call(generateHotp, text, 0),
      TypeError,
      /createKey\(secret\) first; the order is key, counter, options/,
    ],
    [
      'a text for a key, truncating',
      () => call(truncatedHmac, text, 0),
      TypeError,
      /createKey\(secret\) first; the order is key, counter/,
    ],
    [
      'a text for a key, resynchronising',
      () => call(resyncTotp, text, [code, code]),
      TypeError,
      /createKey\(secret\) first; the order is key, codes, options/,
    ],
    [
      'a key that was cloned',
      () => call(generateTotp, { ...key }),
      TypeError,
      /of this copy of otpcore: a clone is not a key, and `npm ls otpcore` lists the copies/,
    ],
    [
      'a store in the place of the options',
      () => call(verifyTotpOnce, key, code, store, 'alice'),
      TypeError,
      /"options" .*\{ store, id \}/,
    ],
    [
      'the same with HOTP',
      () => call(verifyHotpOnce, key, code, store, 'alice'),
      TypeError,
      /"options" .*\{ store, id \}/,
    ],
    [
      'the same with a resynchronisation',
      () => call(resyncHotpOnce, key, [code, code], store, 'alice'),
      TypeError,
      /"options" .*\{ store, id \}/,
    ],
    ['a URI for a secret', () => createKey(uri), OtpError, /^the secret is .*parseOtpauthUri\(/],
    ['a URI with a space before it', () => createKey(` ${uri}`), OtpError, /parseOtpauthUri\(/],
    ['a URI in capitals', () => createKey(uri.toUpperCase()), OtpError, /parseOtpauthUri\(/],
    [
      'a URI for the secret of a URI',
      () => buildOtpauthUri({ issuer: 'ACME', account: 'alice', secret: uri }),
      OtpError,
      /parseOtpauthUri\(/,
    ],
    [
      'an export for a secret',
      () => createKey('otpauth-migration://offline?data=CiUKFDEyMzQ1Njc4OTAxMjM0NTY3ODkw'),
      OtpError,
      /parseMigrationUri of otpcore\/otpauth-migration/,
    ],
    [
      'hexadecimal for a secret',
      () => createKey('3132333435363738393031323334353637383930'),
      OtpError,
      /looks like hexadecimal.*Buffer\.from\(hex, 'hex'\)/,
    ],
    [
      'hexadecimal in groups',
      () => createKey('0x31 32 33 34 35 36 37 38 39 30'),
      OtpError,
      /looks like hexadecimal/,
    ],
    [
      'base64 for a secret',
      () => createKey('MTIzNDU2Nzg5MDEyMzQ1Njc4OTA='),
      OtpError,
      /looks like base64.*Buffer\.from\(text, 'base64'\)/,
    ],
    ['base64url for a secret', () => createKey('-_8xMjM0NTY3ODkw'), OtpError, /looks like base64/],
    [
      'seconds for a timestamp',
      () => verifyTotp(key, code, { timestamp: 1_700_000_000 }),
      RangeError,
      /"timestamp" must be in milliseconds.*looks like seconds/,
    ],
    [
      'the same for a step',
      () => timeStep({ timestamp: 1_700_000_000 }),
      RangeError,
      /looks like seconds/,
    ],
    [
      'the current time as the epoch',
      () => verifyTotp(key, code, { epoch: NOW }),
      RangeError,
      /"epoch" must be in seconds.*milliseconds.*"timestamp"/,
    ],
    [
      'an epoch to come',
      () => verifyTotp(key, code, { epoch: 2_000_000_000 }),
      RangeError,
      /"timestamp" must not lie before "epoch"/,
    ],
    [
      'a window in seconds',
      () => verifyTotp(key, code, { window: 30 }),
      RangeError,
      /"window" must be .*0 to 10: it counts steps.*"drift", which resyncTotp finds/,
    ],
    [
      'a side of a window in seconds',
      () => verifyTotp(key, code, { window: { past: 60, future: 0 } }),
      RangeError,
      /"window\.past" must be .* it counts steps/,
    ],
    [
      'a far look-ahead',
      () => verifyHotp(key, code, { counter: 0, lookAhead: 1000 }),
      RangeError,
      /"lookAhead" must be .*0 to 100: .*resyncHotp/,
    ],
    [
      "another library's name, where the code is refused",
      () => call(verifyTotp, key, '000000', { time: 59 }),
      TypeError,
      /"time" .* use "timestamp", in milliseconds/,
    ],
    [
      'the same in a batch',
      () => call(verifyTotpBatch, [{ key, code: '000000' }], { step: 60 }),
      TypeError,
      /"step" .* use "period", in seconds/,
    ],
    [
      "another library's name, generating",
      () => call(generateTotp, key, { time: 59 }),
      TypeError,
      /"time" .* use "timestamp"/,
    ],
    [
      "another library's name, asking for a step",
      () => call(timeStep, { step: 60 }),
      TypeError,
      /"step" .* use "period"/,
    ],
    [
      'the algorithm in a verification',
      () => call(verifyTotp, key, '000000', { algorithm: 'SHA256' }),
      TypeError,
      /"algorithm" belongs to the key: pass it to createKey/,
    ],
    [
      'the algorithm in a resynchronisation',
      () => call(resyncHotp, key, [code, code], { counter: 0, algorithm: 'SHA256' }),
      TypeError,
      /"algorithm" belongs to the key/,
    ],
    [
      'a misspelt option of a key',
      () => call(createKey, text, { algoritm: 'SHA256' }),
      TypeError,
      /"algoritm" is not an option here: did you mean "algorithm"\?/,
    ],
    [
      'a foreign option of a key',
      () => call(createKey, text, { encoding: 'hex' }),
      TypeError,
      /"encoding" .* use a Uint8Array or base32 text as the secret/,
    ],
    [
      'a misspelt option of a resynchronisation',
      () => call(resyncTotp, key, [code, code], { rang: 10 }),
      TypeError,
      /did you mean "range"\?/,
    ],
    [
      'a misspelt option of a store',
      () => call(memoryStore, { maxids: 100 }),
      TypeError,
      /did you mean "maxIds"\?/,
    ],
    [
      'a misspelt parameter of a URI',
      () => call(buildOtpauthUri, { issuer: 'ACME', acount: 'alice', secret: text }),
      TypeError,
      /did you mean "account"\?/,
    ],
  ])('%s', async (_, run, kind, words) => {
    vi.spyOn(Date, 'now').mockReturnValue(NOW);
    const error = await Promise.resolve()
      .then(run)
      .catch((thrown: unknown) => thrown);
    vi.restoreAllMocks();
    expect(error).toBeInstanceOf(kind);
    const { message } = error as Error;
    expect(message).toMatch(words);
    for (const hidden of [text, code, 'alice', '3132', 'MTIz', 'offline', 'GEZD']) {
      expect(message).not.toContain(hidden);
    }
  });

  test('a right code is accepted beside names that it makes no use of', () => {
    const row = { timestamp: 59_000, time: 59, step: 60, encoding: 'base32' };
    expect(call(verifyTotp, key, code, row)).toMatchObject({ valid: true });
    expect(call(verifyTotpBatch, [{ key, code }], row)).toMatchObject([{ valid: true }]);
    expect(secondsRemaining({ timestamp: 59_000 })).toBe(1);
  });

  test.each(['GEZDGNBVGY3TQOJ0', 'gezd gnbv 1', 'secret!', 'pässword', `${'a'.repeat(9000)}1`])(
    'a text of no other known form keeps its message: case %#',
    (wrong) => {
      expect(errorOf(() => createKey(wrong)).message).toMatch(/^base32 text has a character/);
    },
  );
});
