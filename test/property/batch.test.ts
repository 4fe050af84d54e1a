import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { encodeBase32 } from '../../src/base32.js';
import { type Algorithm, createKey, type OtpKey } from '../../src/key.js';
import {
  generateTotp,
  type TotpBatchItem,
  type VerifyTotpBatchOptions,
  verifyTotp,
  verifyTotpBatch,
} from '../../src/totp.js';

// Room for a machine that is busy with other things.
vi.setConfig({ testTimeout: 60_000 });

const numRuns = process.env.SLOW ? 5000 : 200;

interface KeyedBy {
  readonly key: OtpKey;
  /** The secret of a key of SHA1, as bytes and as texts. */
  readonly secrets: readonly (Uint8Array | string)[];
  readonly codeAt: (step: number, digits: number) => string;
}

/** Twelve keys of all three hashes, so that in most batches some stand more than once. */
const users: readonly KeyedBy[] = (['SHA1', 'SHA256', 'SHA512'] as const).flatMap((algorithm) =>
  [1, 20, 64, 200].map((length) => userOf(algorithm, length)),
);

function userOf(algorithm: Algorithm, length: number): KeyedBy {
  const secret = new Uint8Array(length).fill(length);
  const key = createKey(secret, { algorithm });
  const text = encodeBase32(secret);
  const spellings = [secret, text, text.toLowerCase(), `${text} `];
  const codeAt = (step: number, digits: number) =>
    generateTotp(key, { timestamp: 30_000 * Math.max(0, step), digits });
  return { key, secrets: algorithm === 'SHA1' ? spellings : [], codeAt };
}

interface Batch {
  readonly items: readonly (TotpBatchItem & { readonly own: OtpKey })[];
  readonly options: VerifyTotpBatchOptions;
}

/** What is no code, whatever the digits; a caller without types can pass it. */
const malformed = fc.constantFrom<unknown>(
  '',
  '12345',
  '１２３４５６',
  ' 123456',
  undefined,
  123456,
);

/** Items around `current`, which is near the epoch: many windows are clipped. */
function itemsAround(current: number, digits: number): fc.Arbitrary<Batch['items'][number]> {
  const near = fc.integer({ min: -70, max: 70 });
  return fc
    .record({
      user: fc.constantFrom(...users),
      spelling: fc.nat({ max: 7 }),
      drift: fc.option(fc.oneof(fc.constant(0), near), { nil: undefined }),
      lastStep: fc.option(fc.nat({ max: 120 }), { nil: undefined }),
      offset: fc.integer({ min: -6, max: 6 }),
      malformed: fc.option(malformed, { freq: 8, nil: null }),
    })
    .map(({ user, spelling, drift, lastStep, offset, malformed }) => {
      const typed =
        malformed === null ? user.codeAt(current + (drift ?? 0) + offset, digits) : malformed;
      const common = { own: user.key, code: typed as string, drift, lastStep };
      const secret = user.secrets[spelling];
      return secret === undefined ? { ...common, key: user.key } : { ...common, secret };
    });
}

function batches(size: { readonly min: number; readonly max: number }): fc.Arbitrary<Batch> {
  const sides = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: size.max > 100 ? 5 : 10 }));
  return fc
    .record({
      current: fc.integer({ min: 0, max: 60 }),
      digits: fc.integer({ min: 6, max: 9 }),
      window: fc.oneof(sides, fc.record({ past: sides, future: sides })),
    })
    .chain(({ current, digits, window }) => {
      const epoch = 30 * 100;
      const options = { timestamp: 30_000 * (current + 100), epoch, digits, window };
      const items = fc.array(itemsAround(current, digits), {
        minLength: size.min,
        maxLength: size.max,
        size: 'max',
      });
      return items.map((list) => ({ items: list, options }));
    });
}

/** The answers one by one, with prepared keys. */
function oneByOne({ items, options }: Batch): unknown[] {
  return items.map(({ own, code, drift, lastStep }) =>
    verifyTotp(own, code, { ...options, drift, lastStep }),
  );
}

describe('A batch', () => {
  test('It gives the results of verifyTotp one by one', () => {
    fc.assert(
      fc.property(batches({ min: 0, max: 40 }), (batch) => {
        expect(verifyTotpBatch(batch.items, batch.options)).toEqual(oneByOne(batch));
      }),
      { numRuns },
    );
  });

  // 1,024 users are computed in one go.
  test.each([0, 1, 1023, 1024, 1025, 3000])('It does so with %d items', (size) => {
    const sizes = { min: size, max: size };
    fc.assert(
      fc.property(batches(sizes), (batch) => {
        expect(batch.items).toHaveLength(size);
        expect(verifyTotpBatch(batch.items, batch.options)).toEqual(oneByOne(batch));
      }),
      // To shrink thousands of items takes minutes.
      { numRuns: 3, endOnFailure: true },
    );
  });

  test('Such batches hold every kind of answer', () => {
    const sampled = fc.sample(batches({ min: 1000, max: 1000 }), { numRuns: 3, seed: 1 });
    const answers = sampled.flatMap(oneByOne);
    for (const answer of [
      { valid: true },
      { valid: false, reason: 'mismatch' },
      { valid: false, reason: 'malformed' },
      { valid: false, reason: 'reused' },
    ]) {
      expect(answers).toContainEqual(expect.objectContaining(answer));
    }
  });

  test('An item’s answer does not depend on its neighbours or its place', () => {
    fc.assert(
      fc.property(batches({ min: 2, max: 30 }), ({ items, options }) => {
        const forwards = verifyTotpBatch(items, options);
        const backwards = verifyTotpBatch([...items].reverse(), options);
        expect(backwards.reverse()).toEqual(forwards);
      }),
      { numRuns },
    );
  });
});
