/** The bytes of a secret, passed as bytes or as base32 text. */
import { isBytes, lengthOf, wrongKind } from '../arguments/guards.js';
import { decodeBase32Lenient } from '../base32.js';
import { OtpError } from '../errors.js';

const EXPECTED = 'a Uint8Array or a base32 string';

/** @throws {TypeError} unless `secret` is a Uint8Array or a string; a string may be unreadable. */
export function requireSecretKind(secret: unknown): Uint8Array | string {
  if (typeof secret !== 'string' && !isBytes(secret)) wrongKind('secret', EXPECTED, secret);
  return secret;
}

/**
 * The secret's bytes, one or more.
 *
 * @throws {OtpError} `invalid-character`, `invalid-padding` or `invalid-secret`; `empty-secret` if the
 *   text holds no whole byte
 * @throws {RangeError} if there are no bytes
 * @throws {TypeError} unless `secret` is a Uint8Array or a string
 */
export function secretBytes(secret: unknown): Uint8Array {
  if (typeof secret === 'string') {
    const bytes = decodeSecret(secret);
    if (bytes.length === 0)
      throw new OtpError(
        'empty-secret',
        0,
        'the secret is empty or too short: it holds no whole byte',
      );
    return bytes;
  }
  return requireSecretBytes(secret, EXPECTED);
}

function decodeSecret(text: string): Uint8Array {
  try {
    return decodeBase32Lenient(text);
  } catch (error) {
    throw error instanceof OtpError ? explained(error, text) : error;
  }
}

/** With white space before it, as pasted. */
const URI_SCHEME = /^\s*otpauth(-migration)?:/i;
/** Pairs of digits, optionally after 0x or with one separator after each pair. */
const HEX = /^\s*(?:0x)?(?:[\da-f]{2}[\s:-]?)+\s*$/i;
/** Base64 and base64url. */
const BASE64 = /^\s*[\w+/-]+={0,2}\s*$/;
/** A longer text is not searched. */
const MAX_EXPLAINED_LENGTH = 8192;

/** Adds the cause to the error, if the text is another well-known form of a secret. */
function explained(error: OtpError, text: string): OtpError {
  // A missing value may look like base64, and its bytes would be everybody's secret.
  const isMissing = error.code === 'invalid-secret';
  const cause = isMissing || text.length > MAX_EXPLAINED_LENGTH ? undefined : causeOf(text);
  if (cause === undefined) return error;
  const { code, position } = error;
  return new OtpError(code, position, `the secret ${cause} (at ${position})`);
}

function causeOf(text: string): string | undefined {
  const [scheme, migration] = URI_SCHEME.exec(text) ?? [];
  if (migration !== undefined) {
    return 'is an export of an app: parseMigrationUri of otpcore/otpauth-migration reads it';
  }
  if (scheme !== undefined) return 'is an otpauth URI: pass parseOtpauthUri(uri).secret';
  if (HEX.test(text)) {
    return "looks like hexadecimal or ASCII, not base32: pass its bytes, Buffer.from(hex, 'hex') or Buffer.from(text, 'ascii')";
  }
  // Base32 is written in one case, so mixed case suggests base64.
  const isMixed = /[+/_]/.test(text) || (/[a-z]/.test(text) && /[A-Z]/.test(text));
  if (isMixed && BASE64.test(text)) {
    return "looks like base64, not base32: pass its bytes, such as Buffer.from(text, 'base64')";
  }
  return undefined;
}

/**
 * @throws {TypeError} unless `secret` is a Uint8Array
 * @throws {RangeError} if it is empty
 */
export function requireSecretBytes(secret: unknown, expected = 'a Uint8Array'): Uint8Array {
  if (!isBytes(secret)) wrongKind('secret', expected, secret);
  if (lengthOf(secret) === 0) throw new RangeError('"secret" must have at least one byte');
  return secret;
}
