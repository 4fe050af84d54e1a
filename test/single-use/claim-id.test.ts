/** The ids of claims: TOTP steps and HOTP counters of one user never meet. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hotpClaimId,
  isHotpClaim,
  MAX_CLAIM_ID_LENGTH,
  MAX_ID_LENGTH,
  requireId,
  totpClaimId,
} from '../../src/single-use/claim-id.js';

/** Ids made of the prefixes and of what is nearly one. */
const id = fc.oneof(
  fc.string({ minLength: 1 }),
  fc
    .array(fc.constantFrom('totp:', 'hotp:', 'totp', ':', 'HOTP:', 'alice'), { minLength: 1 })
    .map((parts) => parts.join('')),
);
const claim = fc.record({ id, of: fc.constantFrom(totpClaimId, hotpClaimId) });

describe('Claim ids', () => {
  test('are the same only for the same id of the same kind', () => {
    fc.assert(
      fc.property(claim, claim, (one, other) => {
        fc.pre(one.id !== other.id || one.of !== other.of);
        expect(one.of(one.id)).not.toBe(other.of(other.id));
      }),
      { numRuns: 1000 },
    );
  });

  test('tell steps from counters', () => {
    fc.assert(
      fc.property(id, (text) => {
        expect(isHotpClaim(hotpClaimId(text))).toBe(true);
        expect(isHotpClaim(totpClaimId(text))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test('of the longest id still fit', () => {
    for (const start of ['', 'totp:', 'hotp:']) {
      const longest = start.padEnd(MAX_ID_LENGTH, 'x');
      expect(totpClaimId(longest).length).toBeLessThanOrEqual(MAX_CLAIM_ID_LENGTH);
      expect(hotpClaimId(longest).length).toBeLessThanOrEqual(MAX_CLAIM_ID_LENGTH);
    }
  });
});

// Applications have stored these: another spelling would forget what was claimed.
test.each([
  { id: 'alice', totp: 'alice', hotp: 'hotp:alice' },
  { id: 'totp:alice', totp: 'totp:totp:alice', hotp: 'hotp:totp:alice' },
  { id: 'hotp:alice', totp: 'totp:hotp:alice', hotp: 'hotp:hotp:alice' },
  { id: 'TOTP:alice', totp: 'TOTP:alice', hotp: 'hotp:TOTP:alice' },
  { id: 'totp', totp: 'totp', hotp: 'hotp:totp' },
  { id: 'totp:', totp: 'totp:totp:', hotp: 'hotp:totp:' },
  { id: 'hotp:', totp: 'totp:hotp:', hotp: 'hotp:hotp:' },
])('The id $id claims steps as $totp and counters as $hotp', (vector) => {
  expect(totpClaimId(vector.id)).toBe(vector.totp);
  expect(hotpClaimId(vector.id)).toBe(vector.hotp);
});

test('An id of no length, or of too much, is told how long it may be', () => {
  for (const text of ['', 'x'.repeat(8)]) {
    expect(() => requireId(text, 7)).toThrow('"id" must have 1 to 7 characters');
  }
  expect(requireId('x'.repeat(7), 7)).toBe('x'.repeat(7));
});
