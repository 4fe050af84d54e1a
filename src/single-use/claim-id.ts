/**
 * The ids under which steps and counters are claimed.
 *
 * One user may have both a TOTP and an HOTP secret, and one store may serve both. Steps are around
 * 60 million and counters start at 0, so under one id a single step would use up all counters. So
 * HOTP ids get a prefix; TOTP ids stay as they are, but for those that begin like a prefix
 * themselves: no choice of ids makes two of them the same.
 */
import { requireString } from '../arguments/guards.js';

const TOTP_PREFIX = 'totp:';
const HOTP_PREFIX = 'hotp:';

/** The longest id an application may use, in UTF-16 code units. */
export const MAX_ID_LENGTH = 1024;
/** The longest that a store sees. */
export const MAX_CLAIM_ID_LENGTH: number = MAX_ID_LENGTH + TOTP_PREFIX.length;

/** @throws {TypeError | RangeError} unless `id` is a text of 1 to `maxLength` characters. */
export function requireId(id: unknown, maxLength: number): string {
  const text = requireString('id', id);
  if (text === '' || text.length > maxLength) {
    throw new RangeError(`"id" must have 1 to ${maxLength} characters`);
  }
  return text;
}

/** The id of a user's TOTP steps. */
export function totpClaimId(id: string): string {
  return beginsWith(id, TOTP_PREFIX) || isHotpClaim(id) ? TOTP_PREFIX + id : id;
}

/** The id of a user's HOTP counters. */
export function hotpClaimId(id: string): string {
  return HOTP_PREFIX + id;
}

/** Whether a claim's number is an HOTP counter. */
export function isHotpClaim(claimId: string): boolean {
  return beginsWith(claimId, HOTP_PREFIX);
}

/** As `startsWith`, but nobody can replace it. */
function beginsWith(text: string, prefix: string): boolean {
  if (text.length < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (text[i] !== prefix[i]) return false;
  return true;
}
