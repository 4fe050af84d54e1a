/**
 * The commonest mistakes of a first hour. The message of each names its remedy, and the guide to
 * troubleshooting has a row for it.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  createKey,
  generateTotp,
  memoryStore,
  parseOtpauthUri,
  verifyHotp,
  verifyTotp,
  verifyTotpOnce,
} from '../src/index.js';
import { memoryFactorStore } from '../src/second-factor/memory.js';
import { aesGcmSealer, createSecondFactor } from '../src/second-factor.js';

const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const BYTES = Buffer.from('12345678901234567890');
const key = createKey(BASE32);
const code = generateTotp(key);
const store = memoryStore();
const pool = { query: () => undefined };
const sealer = aesGcmSealer({ current: 'k1', keys: { k1: new Uint8Array(32) } });
const whole = { issuer: 'ACME', store: memoryFactorStore(), sealer };

/** A second phone needs a proof. */
async function enrollAgain(proof: never): Promise<unknown> {
  const second = createSecondFactor(whole);
  await second.adopt('user-1', { secret: BASE32 });
  return second.enroll('user-1', { account: 'alice', proof });
}

type Call = (...args: never[]) => unknown;
const call =
  (callee: Call, ...args: unknown[]) =>
  async () =>
    callee(...(args as never[]));

const MISTAKES: readonly (readonly [mistake: string, run: () => unknown, remedy: string])[] = [
  ['the secret as the key', call(verifyTotp, BASE32, code), 'call createKey(secret) first'],
  ['key and code swapped', call(verifyTotp, code, key), 'the order is key, code, options'],
  [
    'a key that was stored as JSON',
    call(verifyTotp, JSON.parse(JSON.stringify(key)), code),
    'a clone is not a key',
  ],
  ['a missing column as the secret', call(createKey, undefined), 'got undefined'],
  ['the word undefined as the secret', call(createKey, 'undefined'), 'spells a missing value'],
  ['an empty secret', call(createKey, ''), 'the secret is empty or too short'],
  ['hexadecimal as the secret', call(createKey, BYTES.toString('hex')), "Buffer.from(hex, 'hex')"],
  [
    'base64 as the secret',
    call(createKey, BYTES.toString('base64')),
    "Buffer.from(text, 'base64')",
  ],
  [
    'a URI as the secret',
    call(createKey, `otpauth://totp/a?secret=${BASE32}`),
    'parseOtpauthUri(uri).secret',
  ],
  [
    "Google's export as a URI",
    call(parseOtpauthUri, 'otpauth-migration://offline?data=AA'),
    'call parseMigrationUri',
  ],
  [
    'an algorithm in lower case',
    call(createKey, BASE32, { algorithm: 'sha1' }),
    'one of SHA1, SHA256, SHA512',
  ],
  [
    'seconds as the time',
    call(generateTotp, key, { timestamp: 1_800_000_000 }),
    'looks like seconds',
  ],
  [
    'seconds with a fraction',
    call(generateTotp, key, { timestamp: Date.now() / 1000 + 0.5 }),
    'in milliseconds, as Date.now()',
  ],
  ['a Date as the time', call(generateTotp, key, { timestamp: new Date() }), 'date.getTime()'],
  ['the time as the options', call(generateTotp, key, Date.now()), 'such as { timestamp }'],
  ['the time as the epoch', call(generateTotp, key, { epoch: Date.now() }), 'is "timestamp"'],
  [
    'the present as the epoch',
    call(verifyTotp, key, code, { epoch: Math.floor(Date.now() / 1000) }),
    'is "timestamp"',
  ],
  [
    "another library's last step",
    call(verifyTotp, key, '1', { afterTimeStep: 5 }),
    'use "lastStep"',
  ],
  [
    'digits of ASCII as the secret',
    call(createKey, '12345678901234567890'),
    "Buffer.from(text, 'ascii')",
  ],
  ['a window in seconds', call(verifyTotp, key, code, { window: 30 }), 'it counts steps'],
  [
    "another library's option",
    call(verifyTotp, key, '1', { step: 30 }),
    'use "period", in seconds',
  ],
  [
    'a counter without its name',
    call(verifyHotp, key, code, 5),
    'such as { timestamp } or { counter }',
  ],
  ['the store as the options', call(verifyTotpOnce, key, code, store, 'u'), 'pass { store, id }'],
  ['neither store nor id', call(verifyTotpOnce, key, code), 'such as { store, id }'],
  [
    'the pool as the store',
    call(verifyTotpOnce, key, code, { store: pool, id: 'u' }),
    'postgresStore(pool)',
  ],
  [
    'a store that was not called',
    call(verifyTotpOnce, key, code, { store: memoryStore, id: 'u' }),
    'memoryStore()',
  ],
  ['a number as the id', call(verifyTotpOnce, key, code, { store, id: 7 }), 'String(row.id)'],
  [
    'a claim store in the second factor',
    call(createSecondFactor, { ...whole, store }),
    'postgresFactorStore(pool)',
  ],
  [
    'a second factor without a sealer',
    call(createSecondFactor, { ...whole, sealer: undefined }),
    'aesGcmSealer({ current, keys })',
  ],
  [
    'a window in seconds in the second factor',
    call(createSecondFactor, { ...whole, window: 30 }),
    'it counts steps',
  ],
  ['a misspelt option', call(createSecondFactor, { ...whole, windw: 1 }), 'did you mean "window"?'],
  [
    'a text as a sealing key',
    call(aesGcmSealer, { current: 'k1', keys: { k1: 'c2VjcmV0' } }),
    "Buffer.from(text, 'base64')",
  ],
  [
    'a sealing key of an unset variable',
    call(aesGcmSealer, { current: 'k1', keys: { k1: Buffer.from('') } }),
    'is the variable of the key set?',
  ],
  [
    'a session in seconds as the proof',
    call(enrollAgain, { session: { epoch: 1_800_000_000, verifiedAt: 1_800_000_000 } }),
    'it looks like seconds',
  ],
  [
    'a Date in the session of a proof',
    call(enrollAgain, { session: { epoch: 1_800_000_000, verifiedAt: new Date() } }),
    'as Date.now() gives',
  ],
  ['a number as the user', call(createSecondFactor(whole).status, 7), 'String(row.id)'],
  [
    'a short sealing key',
    call(aesGcmSealer, { current: 'k1', keys: { k1: BYTES } }),
    'must have 32 bytes, got 20',
  ],
];

/** The messages in the guide's tables, as patterns: `…` stands for any text. */
const page = readFileSync(new URL('../docs/troubleshooting.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`+ ?(.+?) ?`+/g)])
  .map(([, text = '']) => text.split('…').map((part) => part.trim()))
  .filter(([start = '']) => start.length > 8);

/** Whether a message has the parts of a row, in their order. */
function hasParts(message: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const found = message.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return message.startsWith(parts[0] ?? '');
}

test.each(MISTAKES)(
  'The message about %s names the remedy and is in the guide',
  async (_mistake, run, remedy) => {
    const error: unknown = await Promise.resolve()
      .then(run)
      .then(
        () => undefined,
        (thrown) => thrown,
      );
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).toContain(remedy);
    expect(message).not.toMatch(new RegExp(`${BASE32}|${code}`));
    expect(rows.filter((parts) => hasParts(message, parts))).not.toEqual([]);
  },
);
