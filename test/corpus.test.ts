/** The cases for any library: their shape, their runner, and this library's answers. */
import { describe, expect, test } from 'vitest';
import { decodeBase32Lenient, encodeBase32 } from '../src/base32.js';
import { parseOtpauthUri } from '../src/otpauth-uri.js';
import { base32Cases } from './vectors/base32-cases.js';
import { readableUris, refusedUris } from './vectors/otpauth-uris.js';
import { runCases } from './vectors/run.mjs';

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const uriCases = [...readableUris, ...refusedUris];
const cases = [...uriCases, ...base32Cases];

const adapter = {
  parseUri(uri: string) {
    const { secret, ...fields } = parseOtpauthUri(uri);
    return { ...fields, secretHex: toHex(secret) };
  },
  decodeBase32: (text: string) => toHex(decodeBase32Lenient(text)),
};

/** The cases that are not answered rightly. */
function faultsOf(library: Parameters<typeof runCases>[1]) {
  return runCases(cases, library).filter(({ answer }) => answer !== 'right');
}

test('This library answers every case rightly', () => {
  expect(cases.length).toBeGreaterThan(500);
  expect(faultsOf(adapter)).toEqual([]);
});

describe('The runner', () => {
  test('finds a reader that refuses everything, and one that reads everything', () => {
    const refuse = () => {
      throw new Error('refused');
    };
    const refusals = faultsOf({ parseUri: refuse, decodeBase32: refuse });
    const readable = [...readableUris, ...base32Cases.filter(({ lenient }) => lenient !== null)];
    expect(refusals).toEqual(readable.map(({ id }) => ({ id, answer: 'refused' })));
    const readings = faultsOf({ parseUri: () => ({}), decodeBase32: () => 'x' });
    expect(readings).toHaveLength(cases.length);
    expect(new Set(readings.map(({ answer }) => answer))).toEqual(new Set(['wrong', 'read']));
  });

  test.each(['issuer', 'account', 'secretHex', 'algorithm', 'digits', 'period', 'labelIssuer'])(
    'finds a reader that gets the field %s wrong',
    (name) => {
      const parseUri = (uri: string) => ({ ...adapter.parseUri(uri), [name]: 'other' });
      expect(faultsOf({ ...adapter, parseUri }).length).toBeGreaterThan(0);
    },
  );
});

describe('Every case', () => {
  test('has an id of its own, a reason and one answer', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    for (const { id, why } of cases) {
      expect(id).toMatch(/^(?:shape|fault|kind|base32)-\d+$|^field-[a-z\d-]+$/);
      expect(why.length).toBeGreaterThan(2);
    }
  });

  test('of a URI has the fields that its type has, and no other', () => {
    const common = ['account', 'algorithm', 'digits', 'secretHex', 'type'];
    const allowed = ['id', 'why', 'source', 'disputed', 'uri', 'says', 'lint', 'code', 'position'];
    for (const row of uriCases) {
      for (const name of Object.keys(row)) expect(allowed).toContain(name);
    }
    for (const { says, id } of readableUris) {
      const { issuer: _, labelIssuer: __, image: ___, ...fields } = says;
      const last = says.type === 'totp' ? 'period' : 'counter';
      expect(Object.keys(fields).sort(), id).toEqual([...common, last].sort());
      expect(says.secretHex).toMatch(/^(?:[\da-f]{2})+$/);
    }
    for (const { uri, position } of refusedUris) {
      expect(Number.isInteger(position) && position >= 0 && position <= uri.length).toBe(true);
    }
  });

  test('of base32 that is read strictly is canonical, and read the same leniently', () => {
    for (const { input, strict, lenient } of base32Cases) {
      if (strict === null) continue;
      expect(lenient).toBe(strict);
      expect(input.replace(/=+$/, '')).toBe(encodeBase32(Buffer.from(strict, 'hex')));
    }
  });
});
