/**
 * The ids under which steps and counters are claimed.
 *
 * One user may have both a TOTP and an HOTP secret, and one store may serve both. Steps are around
 * 60 million and counters start at 0, so under one id a single step would use up all counters. HOTP
 * ids therefore get a prefix. TOTP ids stay unchanged, except those already starting with a prefix.
 * So every id of either kind has a claim id of its own.
 */
import { requireString, wrongKind } from '../arguments/guards.js';

const TOTP_PREFIX = 'totp:';
const HOTP_PREFIX = 'hotp:';

/** The maximum length of an application's id, in UTF-16 code units. */
export const MAX_ID_LENGTH = 1024;
/** The maximum length of an id passed to a store. */
export const MAX_CLAIM_ID_LENGTH: number = MAX_ID_LENGTH + TOTP_PREFIX.length;

/** @throws {TypeError | RangeError} unless `id` is a string of 1 to `maxLength` characters. */
export function requireId(id: unknown, maxLength: number): string {
  if (typeof id === 'number') wrongKind('id', 'a string, such as String(row.id)', id);
  const text = requireString('id', id);
  if (text === '' || text.length > maxLength) {
    throw new RangeError(`"id" must have 1 to ${maxLength} characters`);
  }
  return text;
}

/** The id of a user's TOTP steps. */
export function totpClaimId(id: string): string {
  return id.startsWith(TOTP_PREFIX) || isHotpClaim(id) ? TOTP_PREFIX + id : id;
}

/** The id of a user's HOTP counters. */
export function hotpClaimId(id: string): string {
  return HOTP_PREFIX + id;
}

/** Whether the claimed number is an HOTP counter. */
export function isHotpClaim(claimId: string): boolean {
  return claimId.startsWith(HOTP_PREFIX);
}
