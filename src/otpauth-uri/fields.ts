/**
 * The fields of an otpauth URI, apart from its spelling, and the bounds on it.
 *
 * The format is Google's "Key URI Format"; no standards body owns it. Where apps disagree, this library
 * takes the strictest reading with room for the URIs of real issuers.
 */
import type { Bytes } from '../arguments/guards.js';
import type { Algorithm } from '../key/algorithm.js';

interface CommonFields {
  /** Who issued the secret; absent if the URI does not say. */
  readonly issuer?: string;
  /** The label's issuer, if it differs from `issuer`: a workspace of Slack, a tenant of Microsoft. */
  readonly labelIssuer?: string;
  /** Whose it is, typically an email address; may be empty in a URI from elsewhere. */
  readonly account: string;
  /** The secret's bytes, one or more. */
  readonly secret: Bytes;
  readonly algorithm: Algorithm;
  /** Decimal digits of a code, 6 to 9. */
  readonly digits: number;
  /** Address of a logo, as it stood there: not checked, and not to be fetched blindly. */
  readonly image?: string;
}

/** The fields of a URI for codes by the clock. */
export interface TotpFields extends CommonFields {
  readonly type: 'totp';
  /** Seconds a step lasts, 1 to 86,400. */
  readonly period: number;
}

/** The fields of a URI for codes by a counter. */
export interface HotpFields extends CommonFields {
  readonly type: 'hotp';
  /** The counter of the first code, 0 to 2^53 - 1. */
  readonly counter: number;
}

/** The fields of an otpauth URI. */
export type OtpauthFields = TotpFields | HotpFields;

/**
 * The same in one flat shape with every field present, if only as undefined. So no read of an absent
 * field falls through to a polluted `Object.prototype`.
 */
export interface FlatFields {
  readonly type: 'totp' | 'hotp';
  readonly issuer: string | undefined;
  readonly labelIssuer: string | undefined;
  readonly account: string;
  readonly secret: Uint8Array;
  readonly algorithm: Algorithm;
  readonly digits: number;
  /** Of type totp only. */
  readonly period: number | undefined;
  /** Of type hotp only. */
  readonly counter: number | undefined;
  readonly image: string | undefined;
}

/** The fields as callers get them: absent ones are left out. */
export function toFields(fields: FlatFields): OtpauthFields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as OtpauthFields;
}

/** The longest URI to build or read, in bytes of UTF-8. */
export const MAX_URI_BYTES = 8192;
