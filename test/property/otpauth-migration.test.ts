/** What holds for every export, and for every text in the place of one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OtpError } from '../../src/errors.js';
import { parseMigrationUri } from '../../src/otpauth-migration.js';
import { migrationUri, payloadBytes, type WrittenEntry } from '../support/migration-payload.js';

const runs = { numRuns: process.env.SLOW ? 50_000 : 500 };
const START = 'otpauth-migration://offline?data=';

const name = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((text) => !text.includes(':') && text.trim() === text);
const written = fc.record({
  secret: fc.uint8Array({ minLength: 1, maxLength: 64 }),
  name,
  issuer: name.filter((text) => text !== ''),
  algorithm: fc.integer({ min: 1, max: 3 }),
  digits: fc.integer({ min: 1, max: 3 }),
  type: fc.integer({ min: 1, max: 2 }),
  counter: fc.maxSafeNat(),
});
const entries = fc.array(written, { maxLength: 12 });
const batch = fc
  .record({ id: fc.integer(), size: fc.integer({ min: 1, max: 1000 }), at: fc.nat() })
  .map(({ id, size, at }) => ({ id, size, index: at % size }));

/** The fields of an entry, by the tables of the format. */
function saidBy({ secret, name: account, issuer, algorithm, digits, type, counter }: WrittenEntry) {
  const common = {
    issuer,
    account,
    secret,
    algorithm: ['SHA1', 'SHA256', 'SHA512'][(algorithm as number) - 1],
    digits: [6, 8, 7][(digits as number) - 1],
  };
  return type === 1
    ? { type: 'hotp', ...common, counter }
    : { type: 'totp', ...common, period: 30 };
}

test('Reading gives the entries and the batch that were written', () => {
  fc.assert(
    fc.property(entries, batch, (list, which) => {
      expect(parseMigrationUri(migrationUri(payloadBytes(list, which)))).toStrictEqual({
        entries: list.map(saidBy),
        batch: which,
      });
    }),
    runs,
  );
});

describe('Any text', () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.uint8Array({ maxLength: 3 })), {
    maxLength: 5,
  });
  /** Messages with bytes cut out and put in. */
  const nearly = fc.tuple(entries, batch, edits).map(([list, which, places]) => {
    let payload = payloadBytes(list, which);
    for (const [place, cut, insert] of places) {
      const at = place % (payload.length + 1);
      payload = [...payload.slice(0, at), ...insert, ...payload.slice(at + cut)];
    }
    return migrationUri(payload);
  });
  const anyText = fc.oneof(
    { weight: 4, arbitrary: nearly },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 80 }).map(migrationUri) },
    { weight: 1, arbitrary: fc.base64String().map((data) => START + data) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((data) => START + data) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );

  test('throws nothing but OtpError with a position in it, and what is read keeps the bounds', () => {
    let readable = 0;
    fc.assert(
      fc.property(anyText, (text) => {
        try {
          const { entries: list, batch: which } = parseMigrationUri(text);
          readable++;
          expect(list.length).toBeLessThanOrEqual(1000);
          expect(which.index >= 0 && which.index < which.size).toBe(true);
          for (const entry of list) {
            expect(entry.secret.length).toBeGreaterThan(0);
            expect([6, 7, 8, 9]).toContain(entry.digits);
            if (entry.type === 'hotp') expect(Number.isSafeInteger(entry.counter)).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(OtpError);
          const { position } = error as OtpError;
          expect(position >= 0 && position <= text.length).toBe(true);
        }
      }),
      { numRuns: 4 * runs.numRuns },
    );
    expect(readable).toBeGreaterThan(0);
  });

  test.each([
    ['empty entries', [10, 0]],
    ['unknown numbers', [16, 0]],
    ['nested entries', [10, 2, 10, 0]],
    ['fixed numbers', [13, 0, 0, 0, 0]],
  ])('of %s takes time in line with its length', (_, unit) => {
    const timeOf = (count: number) => {
      const text = migrationUri(new Array(count).fill(unit).flat());
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        try {
          parseMigrationUri(text);
        } catch {
          // Too many entries, or none that can be read.
        }
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    timeOf(1000);
    // Squared work would take 64 times as long.
    expect(timeOf(8000)).toBeLessThan(32 * timeOf(1000) + 1);
  });
});
