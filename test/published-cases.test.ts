/** The published cases: each file keeps to its schema, and its HMACs and codes are right. */
import { createHmac } from 'node:crypto';
import { Validator } from '@cfworker/json-schema';
import { describe, expect, test } from 'vitest';
import { generateHotp } from '../src/hotp.js';
import { createKey } from '../src/key.js';
import { generateTotp } from '../src/totp.js';
import base32 from './vectors/base32.json' with { type: 'json' };
import codes from './vectors/codes.json' with { type: 'json' };
import hmac from './vectors/hmac.json' with { type: 'json' };
import { rfc4226 } from './vectors/rfc4226.js';
import { rfc6238 } from './vectors/rfc6238.js';
import schema from './vectors/schema.json' with { type: 'json' };
import uris from './vectors/uris.json' with { type: 'json' };

const files = { uris, base32, hmac, codes } as const;
const algorithms = { SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512' } as const;
const bytesOf = (hex: string) => Buffer.from(hex, 'hex');

/** Whether an array is one kind of cases. */
function isValid(kind: string, rows: readonly unknown[]): boolean {
  const { $defs } = schema;
  const items = { $ref: `#/$defs/${kind}` };
  return new Validator({ $defs, type: 'array', items } as object, '2020-12').validate(rows).valid;
}

describe.each(Object.entries(files))('%s.json', (kind, rows) => {
  test('keeps to its part of the schema', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(isValid(kind, rows)).toBe(true);
  });

  test('has an id of its own for each case', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  test('without a field, or with another one, breaks the schema', () => {
    const [first] = rows as readonly Record<string, unknown>[];
    for (const name of Object.keys(first ?? {})) {
      const { [name]: _, ...rest } = first ?? {};
      expect(isValid(kind, [rest]), name).toBe(false);
    }
    expect(isValid(kind, [{ ...first, other: 1 }])).toBe(false);
  });
});

test.each(hmac)('$id is the HMAC that node:crypto computes', (row) => {
  const algorithm = algorithms[row.algorithm as keyof typeof algorithms];
  const computed = createHmac(algorithm, bytesOf(row.keyHex)).update(bytesOf(row.messageHex));
  expect(computed.digest('hex')).toBe(row.hmacHex);
});

test.each(codes)('$id is the code that this library makes', (row) => {
  const { algorithm, digits } = row as { algorithm: keyof typeof algorithms; digits: number };
  const key = createKey(bytesOf(row.secretHex), { algorithm });
  const code =
    row.counter === undefined
      ? generateTotp(key, { digits, period: row.period, timestamp: 1000 * (row.timeSeconds ?? 0) })
      : generateHotp(key, row.counter, { digits });
  expect(code).toBe(row.code);
});

test('The published codes are those of both RFCs, with the layers between', () => {
  const layers = ({ hmacHex, truncated, code }: (typeof codes)[number]) => [
    hmacHex,
    truncated,
    code,
  ];
  const known = [...rfc4226.cases, ...rfc6238.cases].map((row) => [
    row.hmacHex,
    row.truncated,
    row.code,
  ]);
  expect(codes.map(layers)).toEqual(known);
});
