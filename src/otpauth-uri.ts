/**
 * otpauth URIs: the contents of the QR code for enrolling a phone. Google's "Key URI Format".
 *
 * Left to the caller: drawing the QR code, and keeping the URI secret, since it holds the secret.
 * Do not log it, do not put it into a link, show it once.
 */

import { requireInteger, requireString, wrongKind } from './arguments/guards.js';
import { requireKnownOptions } from './arguments/options.js';
import { type DigitsOptions, digitsOf } from './code/digits.js';
import { OtpError } from './errors.js';
import { type Algorithm, DEFAULT_ALGORITHM, requireAlgorithm } from './key/algorithm.js';
import { secretBytes } from './key/secret-bytes.js';
import {
  type FlatFields,
  MAX_URI_BYTES,
  type OtpauthFields,
  toFields,
} from './otpauth-uri/fields.js';
import { lintFields, lintSpelling, type OtpauthLint } from './otpauth-uri/lint.js';
import { hasUnsafeCharacter, NAME_RULES } from './otpauth-uri/names.js';
import { type Reading, readUri } from './otpauth-uri/read.js';
import { writeUri } from './otpauth-uri/write.js';
import { DEFAULT_PERIOD_SECONDS, MAX_STEP, requirePeriod } from './step/clock.js';

export type { HotpFields, OtpauthFields, TotpFields } from './otpauth-uri/fields.js';
export type { OtpauthLint, OtpauthLintCode } from './otpauth-uri/lint.js';

interface CommonUriOptions extends DigitsOptions {
  /** Your service's name as apps are to show it. Not empty, no colon, no white space at its ends. */
  readonly issuer: string;
  /** The user's name with you, typically an email address. As `issuer`. */
  readonly account: string;
  /** The secret's bytes, or its base32 text as `createKey` reads it. */
  readonly secret: Uint8Array | string;
  /** The hash. Default `'SHA1'`; several apps ignore any other. */
  readonly algorithm?: Algorithm | undefined;
  /** Address of a logo. Most apps ignore it. */
  readonly image?: string | undefined;
  /** Ignored, so that fields from `parseOtpauthUri` can be passed on. */
  readonly labelIssuer?: string | undefined;
}

/** Options for a URI with codes by the clock. */
export interface BuildTotpUriOptions extends CommonUriOptions {
  /** Codes by the clock. Default `'totp'`. */
  readonly type?: 'totp' | undefined;
  /** Seconds a step lasts, 1 to 86,400. Default 30; several apps ignore any other. */
  readonly period?: number | undefined;
  readonly counter?: undefined;
}

/** Options for a URI with codes by a counter. */
export interface BuildHotpUriOptions extends CommonUriOptions {
  /** Codes by a counter. */
  readonly type: 'hotp';
  /** The counter of the first code, 0 to 2^53 - 1. */
  readonly counter: number;
  readonly period?: undefined;
}

/** Options of {@link buildOtpauthUri}. */
export type BuildOtpauthUriOptions = BuildTotpUriOptions | BuildHotpUriOptions;

const OPTION_NAMES = [
  ...['type', 'issuer', 'account', 'secret', 'algorithm', 'digits', 'period', 'counter', 'image'],
  // From `parseOtpauthUri`; not written.
  'labelIssuer',
];

/**
 * Builds an otpauth URI in the spelling with the fewest differences between apps. `lintOtpauthUri`
 * lists the remaining differences.
 *
 * @param options - the names, the secret and, where they differ from the defaults, the code's shape
 * @returns ASCII text of at most 8,192 characters
 * @throws {TypeError} if a parameter is of the wrong kind, belongs to the other type, or is unknown
 * @throws {RangeError} if a number is out of its range, a name is empty or holds a character
 *   that apps split at, trim or hide, or the URI gets too long
 * @throws {OtpError} if the secret is a text but not base32
 * @see {@link https://github.com/google/google-authenticator/wiki/Key-Uri-Format | Key URI Format}
 *
 * @example
 * ```ts
 * import { buildOtpauthUri } from 'otpcore';
 *
 * const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
 * console.log(buildOtpauthUri({ issuer: 'ACME Co', account: 'alice@example.com', secret }));
 * // → otpauth://totp/ACME%20Co:alice%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ACME%20Co
 * ```
 */
export function buildOtpauthUri(options: BuildOtpauthUriOptions): string {
  const fields = readFields(requireKnownOptions(options, OPTION_NAMES));
  requireName('issuer', requireString('issuer', fields.issuer));
  requireName('account', fields.account);
  if (fields.image === '' || hasUnsafeCharacter(fields.image ?? '')) {
    throw new RangeError('"image" must not be empty or hold a control character');
  }
  const text = writeUri(fields);
  if (text.length > MAX_URI_BYTES) {
    throw new RangeError(`the URI must not get longer than ${MAX_URI_BYTES} bytes`);
  }
  return text;
}

/**
 * Reads an otpauth URI, as strictly as the URIs of real issuers allow: any letter case, escaped or raw
 * separators, a `+` for a space in the query, `sha-256` for `SHA256`, secrets as `decodeBase32Lenient`
 * reads them, white space at both ends. A text is refused if it could mean two things, breaks a
 * bound or asks for other codes than HOTP's and TOTP's. The message has the cause.
 *
 * @param text - a scanned or pasted URI of at most 8,192 bytes
 * @returns its fields, defaults filled in. `issuer` is the parameter's, else the label's; if they
 *   differ, `labelIssuer` is the label's
 * @throws {TypeError} if `text` is not a string
 * @throws {OtpError} for every other text; see its `code` and `position`
 * @see {@link https://github.com/google/google-authenticator/wiki/Key-Uri-Format | Key URI Format}
 *
 * @example
 * ```ts
 * import { parseOtpauthUri } from 'otpcore';
 *
 * const uri = parseOtpauthUri('otpauth://totp/ACME:alice?secret=JBSWY3DPEHPK3PXP&issuer=ACME');
 * console.log(uri.issuer, uri.account, uri.secret.length); // → ACME alice 10
 * ```
 */
export function parseOtpauthUri(text: string): OtpauthFields {
  return toFields(readUri(requireString('text', text)).fields);
}

/**
 * Finds the known causes of apps and libraries rejecting a URI, computing other codes from it or showing
 * other names. An empty list means: no known cause. It does not speak for apps without a report.
 *
 * @param subject - a URI's text, the options of `buildOtpauthUri`, or the fields from `parseOtpauthUri`
 * @returns the findings; for a text refused by `parseOtpauthUri` the one finding `unreadable`
 * @throws {TypeError | RangeError | OtpError} only if `subject` is an object whose fields are of
 *   the wrong kind or out of their range
 *
 * @example
 * ```ts
 * import { lintOtpauthUri } from 'otpcore';
 *
 * const uri = 'otpauth://totp/ACME:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ACME&digits=8';
 * console.log(lintOtpauthUri(uri).map((finding) => finding.code)); // → [ 'digits-ignored' ]
 * ```
 */
export function lintOtpauthUri(
  subject: string | BuildOtpauthUriOptions | OtpauthFields,
): OtpauthLint[] {
  if (typeof subject === 'string') {
    const reading = tryRead(subject);
    if (reading instanceof OtpError) return [{ code: 'unreadable', message: reading.message }];
    return [...lintFields(reading.fields), ...lintSpelling(reading)];
  }
  if (typeof subject !== 'object' || subject === null) {
    wrongKind('subject', 'a string or an object', subject);
  }
  const fields = readFields(requireKnownOptions(subject, OPTION_NAMES, 'subject'));
  const findings = lintFields(fields);
  // A name with a fault has no one spelling to look at; else the spelling is the builder's.
  const isFaulty = findings.some(({ code }) => Object.hasOwn(NAME_RULES, code));
  return isFaulty ? findings : lintOtpauthUri(writeUri(fields));
}

function tryRead(text: string): Reading | OtpError {
  try {
    return readUri(text);
  } catch (error) {
    if (error instanceof OtpError) return error;
    throw error;
  }
}

/** Checks kinds and ranges and fills in the defaults. The names' own rules are not applied. */
function readFields(params: BuildOtpauthUriOptions | OtpauthFields): FlatFields {
  const values = params as unknown as Readonly<Record<string, unknown>>;
  const value = (name: string, fallback?: unknown): unknown =>
    values[name] === undefined ? fallback : values[name];
  const text = (name: string): string | undefined =>
    value(name) === undefined ? undefined : requireString(name, value(name));
  const type = readType(value('type', 'totp'));
  const stray = type === 'hotp' ? 'period' : 'counter';
  if (value(stray) !== undefined) {
    throw new TypeError(`"${stray}" must be left out for type ${type}`);
  }
  return {
    type,
    issuer: text('issuer'),
    // The builder writes one issuer; a second one is dropped.
    labelIssuer: undefined,
    account: requireString('account', value('account')),
    secret: secretBytes(value('secret')),
    algorithm: requireAlgorithm(value('algorithm', DEFAULT_ALGORITHM)),
    digits: digitsOf(params),
    period: type === 'totp' ? requirePeriod(value('period', DEFAULT_PERIOD_SECONDS)) : undefined,
    counter: type === 'hotp' ? requireInteger('counter', value('counter'), 0, MAX_STEP) : undefined,
    image: text('image'),
  };
}

function readType(type: unknown): FlatFields['type'] {
  if (typeof type !== 'string') wrongKind('type', 'a string', type);
  if (type === 'totp' || type === 'hotp') return type;
  throw new RangeError('"type" must be totp or hotp');
}

/** @throws {RangeError} with the reason, if some app would not show the name as it is. */
function requireName(argument: string, name: string): void {
  // Bounded before anything is encoded: a name can be as long as whoever signs up likes.
  if (name === '' || name.length > MAX_URI_BYTES) {
    throw new RangeError(`"${argument}" must have 1 to ${MAX_URI_BYTES} characters`);
  }
  for (const [message, isBroken] of Object.values(NAME_RULES)) {
    if (isBroken(name)) throw new RangeError(`"${argument}" cannot be used: ${message}`);
  }
}
