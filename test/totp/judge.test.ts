/** One attempt at a TOTP code, where `verifyTotp` cannot lead: the last step of all, and no key at all. */
import { describe, expect, test } from 'vitest';
import { generateHotp } from '../../src/hotp.js';
import { midstatesOf } from '../../src/key/otp-key.js';
import { createKey, type OtpKey } from '../../src/key.js';
import { lastStepWithCode, verifyAttempt, verifyForClaim } from '../../src/totp/judge.js';
import type { UserAttempt } from '../../src/totp/options.js';

const LAST_STEP = Number.MAX_SAFE_INTEGER;

/** An attempt at one step, with nothing known of the user. */
function attemptAt(key: OtpKey, step: number, typed: number): UserAttempt {
  const midstates = midstatesOf(key);
  return {
    midstates,
    secret: '',
    first: step,
    count: 1,
    typed,
    matchIndex: -1,
    digits: 6,
    current: step,
    lastStep: -1,
  };
}

// Found by search, checked with node:crypto.
/** Its codes of the last two steps are one. */
const keyOfRow = createKey(new TextEncoder().encode('secret of nobody 1069376'));
/** Its code of the last step is that of 2^53, which is none. */
const keyBeyond = createKey(new TextEncoder().encode('secret of nobody 1011844'));

describe('At the last steps of all', () => {
  test('digits that two steps show in a row are claimed as the second', () => {
    expect(generateHotp(keyOfRow, LAST_STEP)).toBe('706018');
    const { result, claimStep } = verifyForClaim(attemptAt(keyOfRow, LAST_STEP - 1, 706018));
    expect(result).toEqual({ valid: true, step: LAST_STEP - 1, delta: 0 });
    expect(claimStep).toBe(LAST_STEP);
  });

  test('a row ends, though the code of 2^53 would go on with it', () => {
    expect(generateHotp(keyBeyond, LAST_STEP)).toBe('532746');
    expect(lastStepWithCode(midstatesOf(keyBeyond), LAST_STEP, 532746, 6)).toBe(LAST_STEP);
    const { claimStep } = verifyForClaim(attemptAt(keyBeyond, LAST_STEP, 532746));
    expect(claimStep).toBe(LAST_STEP);
  });
});

describe('A malformed code', () => {
  const malformed = { ...attemptAt(keyOfRow, 1, -1), midstates: undefined as never };

  test('costs no hashing: the key is not even looked at', () => {
    expect(verifyAttempt(malformed)).toEqual({ valid: false, reason: 'malformed' });
    expect(verifyForClaim(malformed).result).toEqual({ valid: false, reason: 'malformed' });
    expect(() => verifyAttempt({ ...malformed, typed: 0 })).toThrow(TypeError);
  });
});
