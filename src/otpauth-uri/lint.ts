/**
 * Causes of apps and libraries reading an otpauth URI in another way.
 *
 * Each rule names apps or libraries. The behaviour was seen in a released version or reported for
 * one; it may have been mended since, but phones keep old versions for years.
 */
import { decodeBase32 } from '../base32.js';
import { DEFAULT_DIGITS } from '../code/digits.js';
import { DEFAULT_ALGORITHM } from '../key/algorithm.js';
import { DEFAULT_PERIOD_SECONDS } from '../step/clock.js';
import type { FlatFields } from './fields.js';
import { hasUnsafeCharacter, NAME_RULES, type NameFault } from './names.js';
import { percentDecode, utf8Length } from './percent.js';
import type { Reading } from './read.js';

/** Faults of the fields. */
type FieldFault =
  | 'missing-issuer'
  | 'empty-account'
  | 'short-secret'
  | 'long-secret'
  | 'algorithm-ignored'
  | 'digits-ignored'
  | 'period-ignored'
  | 'hotp-unsupported'
  | 'hotp-first-counter'
  | 'not-exchangeable'
  | 'steam-issuer'
  | 'placeholder-name'
  | 'delimiter-in-name'
  | 'plus-in-name'
  | 'encoded-twice'
  | 'period-in-name'
  | 'long-name'
  | 'too-long-for-yubikey';

/** Faults of the spelling. */
type SpellingFault =
  | 'issuer-mismatch'
  | 'issuer-not-in-both'
  | 'escaped-separator'
  | 'raw-plus'
  | 'raw-character'
  | 'raw-delimiter'
  | 'space-around-name'
  | 'dot-segment'
  | 'fragment'
  | 'letter-case'
  | 'secret-padding'
  | 'secret-spelling'
  | 'algorithm-spelling'
  | 'repeated-parameter'
  | 'stray-parameter'
  | 'unknown-parameter'
  | 'long-uri'
  | 'too-long-for-qr';

/** The code of a finding. Stable: programs may switch on it. */
export type OtpauthLintCode = 'unreadable' | NameFault | FieldFault | SpellingFault;

/** One finding: its code, and words for it without a part of the URI. */
export interface OtpauthLint {
  readonly code: OtpauthLintCode;
  readonly message: string;
}

/** A rule: the words for its fault, and whether a subject has it. */
type Rule<Subject> = readonly [message: string, isBroken: (subject: Subject) => boolean];

/** 128 bits: RFC 4226 §4 R6. */
const MIN_SECRET_BYTES = 16;
/** Capacity of the largest QR code in bytes (version 40, lowest error correction). */
const MAX_QR_BYTES = 2953;

/** Limits of otplib 13 in characters: the URI; its label and a value, both decoded. */
const MAX_OTPLIB_URI = 2048;
const MAX_OTPLIB_LABEL = 512;
const MAX_OTPLIB_VALUE = 1024;
const MAX_OTPLIB_SECRET_BYTES = 64;
/** Limits of Stratum, in characters. */
const MAX_STRATUM_ISSUER = 32;
const MAX_STRATUM_ACCOUNT = 40;
/** Limit of a YubiKey, in bytes: issuer, colon and account; before them a period other than 30. */
const MAX_YUBIKEY_NAME = 64;
/** FIDO's Credential Exchange Format keeps the period in a byte. */
const MAX_CXF_PERIOD = 255;

/** A path segment removed by RFC 3986 §5.2.4, escaped or not. */
const DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i;

const IGNORERS = 'Google (2020), Microsoft, Authy, Duo and LastPass ignore or ignored it';

/** A rule on either name. */
function nameRule(message: string, pattern: RegExp): Rule<FlatFields> {
  return [message, ({ issuer = '', account }) => pattern.test(issuer) || pattern.test(account)];
}

const FIELD_RULES: Readonly<Record<FieldFault, Rule<FlatFields>>> = {
  'missing-issuer': ['no issuer: accounts of one name look alike', ({ issuer }) => !issuer],
  'empty-account': ['no account: FreeOTP and pass-otp reject it', ({ account }) => account === ''],
  'placeholder-name': nameRule(
    'a name is "undefined", "null" or the like',
    /^(?:undefined|null|nan|none|\[object object\])$/i,
  ),
  'steam-issuer': [
    "the issuer Steam: FreeOTP, Stratum and Yubico show Steam's letters",
    ({ type, issuer }) => type === 'totp' && issuer === 'Steam',
  ],
  'delimiter-in-name': nameRule(
    'a name with "&", "#", "%" or "?": 2FAS and Stratum cut it',
    /[&#%?]/,
  ),
  'plus-in-name': nameRule('a name with "+": the Authenticator extension shows a space', /\+/),
  'encoded-twice': nameRule('a name with an escape, such as %20: apps show it', /%[\da-f]{2}/i),
  'period-in-name': [
    'a name with digits and "/" first: a YubiKey reads a period',
    ({ issuer, account }) => /^\d+\//.test(issuer || account),
  ],
  'long-name': [
    'an issuer over 32 or account over 40 characters: Stratum cuts it',
    ({ issuer = '', account }) =>
      issuer.length > MAX_STRATUM_ISSUER || account.length > MAX_STRATUM_ACCOUNT,
  ],
  'too-long-for-yubikey': [
    'names over 64 bytes: a YubiKey rejects it',
    (fields) => utf8Length(yubikeyName(fields)) > MAX_YUBIKEY_NAME,
  ],
  'short-secret': [
    'a secret under 128 bits (RFC 4226 R6): totp-rs rejects it',
    ({ secret }) => secret.length < MIN_SECRET_BYTES,
  ],
  'long-secret': [
    'a secret over 64 bytes: otplib rejects it',
    ({ secret }) => secret.length > MAX_OTPLIB_SECRET_BYTES,
  ],
  'algorithm-ignored': [
    `not SHA1: ${IGNORERS}`,
    ({ algorithm }) => algorithm !== DEFAULT_ALGORITHM,
  ],
  'digits-ignored': [`not 6 digits: ${IGNORERS}`, ({ digits }) => digits !== DEFAULT_DIGITS],
  'period-ignored': [
    `not 30 seconds: ${IGNORERS}`,
    ({ type, period }) => type === 'totp' && period !== DEFAULT_PERIOD_SECONDS,
  ],
  'hotp-unsupported': ['type hotp: Microsoft and Authy reject it', isHotp],
  'hotp-first-counter': ['type hotp: some apps, as FreeOTP, begin one counter off', isHotp],
  'not-exchangeable': [
    "type hotp or a period over 255: FIDO's exchange format cannot hold it",
    ({ type, period = 0 }) => type === 'hotp' || period > MAX_CXF_PERIOD,
  ],
};

function isHotp({ type }: FlatFields): boolean {
  return type === 'hotp';
}

/** The name under which a YubiKey stores an entry. */
function yubikeyName({ type, issuer, account, period }: FlatFields): string {
  const prefix = type === 'totp' && period !== DEFAULT_PERIOD_SECONDS ? `${period}/` : '';
  return `${prefix}${issuer ? `${issuer}:` : ''}${account}`;
}

const SPELLING_RULES: Readonly<Record<SpellingFault, Rule<Reading>>> = {
  'issuer-mismatch': [
    'two issuers: apps show one or the other',
    ({ fields }) => fields.labelIssuer !== undefined,
  ],
  'issuer-not-in-both': [
    'the issuer in one place: apps that read the other show none',
    ({ fields, labelIssuer, parameters }) =>
      fields.issuer !== undefined && !(labelIssuer && parameters.get('issuer')?.value.trim()),
  ],
  'escaped-separator': [
    'an escaped colon between the names: pyotp reads one name',
    ({ labelIssuer, label }) =>
      // The colon behind the issuer's own colons.
      labelIssuer !== undefined &&
      label.match(/:|%3a/gi)?.[labelIssuer.split(':').length - 1] !== ':',
  ],
  'raw-plus': [
    'a raw "+": Google and Microsoft show it, others a space',
    ({ label, query }) => /\+/.test(label + query),
  ],
  'raw-character': [
    'a raw space, quote or non-ASCII character: iOS rejects it',
    ({ text }) => /[^!-~]|["<>[\\\]^`{|}]/.test(text),
  ],
  'raw-delimiter': [
    'a raw "?" or ";": otpauth and older parsers split there',
    ({ query }) => /[?;]/.test(query),
  ],
  'space-around-name': [
    'spaces around a name: some apps drop them',
    ({ hasSpacedName }) => hasSpacedName,
  ],
  'dot-segment': [
    'a label with "." or "..": parsers built on URL drop it',
    ({ label }) => label.split('/').some((part) => DOT_SEGMENT.test(part)),
  ],
  fragment: ['a raw "#": parsers of RFC 3986 cut there', ({ text }) => text.includes('#')],
  'letter-case': [
    'capitals in scheme, type or parameter: several parsers reject it',
    ({ origin, parameterNames }) =>
      /[A-Z]/.test(origin) || parameterNames.some((name) => !/^[a-z]+$/.test(name)),
  ],
  'secret-padding': [
    'a secret with "=": Google on iOS rejects it',
    ({ parameters }) => /=|%3d/i.test(secretSpelling(parameters)),
  ],
  'secret-spelling': [
    'a secret not in canonical base32: otplib and others reject it',
    ({ parameters }) => !isCanonical(secretSpelling(parameters).replace(/=|%3d/gi, '')),
  ],
  'algorithm-spelling': [
    'not spelled SHA1, SHA256 or SHA512: parsers reject it or take SHA1',
    ({ fields: { algorithm }, parameters }) =>
      (parameters.get('algorithm')?.spelling ?? algorithm) !== algorithm,
  ],
  'repeated-parameter': [
    'a parameter twice: several parsers reject it',
    ({ hasRepeatedParameter }) => hasRepeatedParameter,
  ],
  'stray-parameter': [
    'a period with hotp, a counter with totp: several parsers reject it',
    ({ fields, parameters }) => parameters.has(fields.type === 'hotp' ? 'period' : 'counter'),
  ],
  'unknown-parameter': [
    'an empty or unknown parameter: some app may compute other codes',
    ({ hasUnknownParameter }) => hasUnknownParameter,
  ],
  'long-uri': [
    'over 2,048 characters, label 512, value 1,024: otplib rejects it',
    ({ text, label, parameters }) =>
      text.length > MAX_OTPLIB_URI ||
      label.length > 3 * MAX_OTPLIB_LABEL ||
      (percentDecode(label) ?? label).length > MAX_OTPLIB_LABEL ||
      [...parameters.values()].some(({ value }) => value.length > MAX_OTPLIB_VALUE),
  ],
  'too-long-for-qr': [
    'over 2,953 bytes: no QR code holds it',
    ({ text }) => utf8Length(text) > MAX_QR_BYTES,
  ],
};

/** The findings on the fields of a URI. */
export function lintFields(fields: FlatFields): OtpauthLint[] {
  const { issuer = '', account, image = '' } = fields;
  return [
    ...findings(
      NAME_RULES,
      (isBroken) =>
        isBroken(issuer) ||
        isBroken(account) ||
        // Apps show no address, so only its characters can be at fault.
        (isBroken === hasUnsafeCharacter && isBroken(image)),
    ),
    ...findings(FIELD_RULES, (isBroken) => isBroken(fields)),
  ];
}

/** The findings on the spelling of a URI. */
export function lintSpelling(reading: Reading): OtpauthLint[] {
  return findings(SPELLING_RULES, (isBroken) => isBroken(reading));
}

function findings<Code extends OtpauthLintCode, Subject>(
  rules: Readonly<Record<Code, Rule<Subject>>>,
  isFound: (isBroken: Rule<Subject>[1]) => boolean,
): OtpauthLint[] {
  return (Object.entries(rules) as [Code, Rule<Subject>][])
    .filter(([, [, isBroken]]) => isFound(isBroken))
    .map(([code, [message]]) => ({ code, message }));
}

function secretSpelling(parameters: Reading['parameters']): string {
  return parameters.get('secret')?.spelling ?? '';
}

function isCanonical(text: string): boolean {
  try {
    decodeBase32(text);
    return true;
  } catch {
    return false;
  }
}
