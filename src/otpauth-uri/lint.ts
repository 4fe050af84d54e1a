/**
 * What some app would make of an otpauth URI other than what it says.
 *
 * Each rule names apps or libraries that are known to stumble. "Known" means seen in a released
 * version; it may have been mended since, but phones keep old versions for years.
 */
import { decodeBase32 } from '../base32.js';
import { DEFAULT_DIGITS } from '../code/digits.js';
import { DEFAULT_ALGORITHM } from '../key/algorithm.js';
import { DEFAULT_PERIOD_SECONDS } from '../step/clock.js';
import type { FlatFields } from './fields.js';
import { hasUnsafeCharacter, NAME_RULES, type NameFault } from './names.js';
import { percentDecode, utf8Length } from './percent.js';
import type { Reading } from './read.js';

/** What is said, and some app does otherwise. */
type FieldFault =
  | 'missing-issuer'
  | 'empty-account'
  | 'short-secret'
  | 'long-secret'
  | 'algorithm-ignored'
  | 'digits-ignored'
  | 'period-ignored'
  | 'hotp-unsupported';

/** How it is spelled, and some app reads otherwise. */
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
  | 'stray-parameter'
  | 'unknown-parameter'
  | 'long-uri'
  | 'too-long-for-qr';

/** What the linter can find. Stable: programs may switch on it. */
export type OtpauthLintCode = 'unreadable' | NameFault | FieldFault | SpellingFault;

/** One finding: which, and in words that repeat nothing of the URI. */
export interface OtpauthLint {
  readonly code: OtpauthLintCode;
  readonly message: string;
}

/** A rule: whether it is broken, and what to say of it. */
interface Rule<Subject> {
  readonly isBroken: (subject: Subject) => boolean;
  readonly message: string;
}

/** 128 bits: RFC 4226 §4 R6. */
const MIN_SECRET_BYTES = 16;
/** The bytes that the largest QR code holds (version 40, lowest error correction). */
const MAX_QR_BYTES = 2953;

/** What otplib 13 reads at most, in characters: the URI, its label, a value; decoded, the last two. */
const MAX_OTPLIB_URI = 2048;
const MAX_OTPLIB_LABEL = 512;
const MAX_OTPLIB_VALUE = 1024;
const MAX_OTPLIB_SECRET_BYTES = 64;

/** What RFC 3986 §5.2.4 takes out of a path, escaped or not. */
const DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i;

const IGNORERS =
  'Google Authenticator (Android, 2020), Microsoft Authenticator, Authy, Duo and LastPass ignore or have ignored that';

const FIELD_RULES: Readonly<Record<FieldFault, Rule<FlatFields>>> = {
  'missing-issuer': {
    isBroken: (fields) => !fields.issuer,
    message: 'no issuer: the entry looks like any other of the same account name',
  },
  'empty-account': {
    isBroken: (fields) => fields.account === '',
    message: 'no account name: FreeOTP, pass-otp and others reject that',
  },
  'short-secret': {
    isBroken: (fields) => fields.secret.length < MIN_SECRET_BYTES,
    message: 'the secret is shorter than 128 bits (RFC 4226 R6): totp-rs rejects that',
  },
  'long-secret': {
    isBroken: (fields) => fields.secret.length > MAX_OTPLIB_SECRET_BYTES,
    message: 'the secret is longer than 64 bytes: otplib rejects that',
  },
  'algorithm-ignored': {
    isBroken: (fields) => fields.algorithm !== DEFAULT_ALGORITHM,
    message: `an algorithm other than SHA1: ${IGNORERS} and show SHA1 codes`,
  },
  'digits-ignored': {
    isBroken: (fields) => fields.digits !== DEFAULT_DIGITS,
    message: `digits other than 6: ${IGNORERS} and show 6`,
  },
  'period-ignored': {
    isBroken: ({ type, period }) => type === 'totp' && period !== DEFAULT_PERIOD_SECONDS,
    message: `a period other than 30 seconds: ${IGNORERS} and count 30`,
  },
  'hotp-unsupported': {
    isBroken: (fields) => fields.type === 'hotp',
    message: 'type hotp: Microsoft Authenticator and Authy do not support it',
  },
};

const SPELLING_RULES: Readonly<Record<SpellingFault, Rule<Reading>>> = {
  'issuer-mismatch': {
    isBroken: ({ fields, spelling }) =>
      Boolean(spelling.labelIssuer) && spelling.labelIssuer !== fields.issuer,
    message: 'the label and the parameter name different issuers: apps show one or the other',
  },
  'issuer-not-in-both': {
    isBroken: ({ fields, spelling: { labelIssuer, parameters } }) =>
      fields.issuer !== undefined && !(labelIssuer && parameters.get('issuer')?.value.trim()),
    message:
      'the issuer stands in the label or the parameter alone: apps that read the other show none',
  },
  'escaped-separator': {
    isBroken: ({ spelling: { labelIssuer, label } }) =>
      labelIssuer !== undefined && /^[^:]*%3a/i.test(label),
    message: 'the colon between issuer and account is escaped: pyotp takes both for the account',
  },
  'raw-plus': {
    isBroken: ({ spelling }) => spelling.label.includes('+') || spelling.query.includes('+'),
    message:
      'a raw "+": Google and Microsoft Authenticator show a plus, others a space; write %20 or %2B',
  },
  'raw-character': {
    isBroken: ({ spelling }) => /[^!-~]|["<>[\\\]^`{|}]/.test(spelling.text),
    message: 'a space, a quote or a character outside ASCII that is not escaped: no URL on iOS',
  },
  'raw-delimiter': {
    isBroken: ({ spelling }) => /[?;]/.test(spelling.query),
    message: 'a raw "?" or ";" in a value: otpauth splits at the last "?", older parsers at ";"',
  },
  'space-around-name': {
    isBroken: ({ spelling }) => spelling.hasSpacedName,
    message: 'spaces around a name: some apps drop them, others show them',
  },
  'dot-segment': {
    isBroken: ({ spelling }) => spelling.label.split('/').some((part) => DOT_SEGMENT.test(part)),
    message: 'a part of the label is "." or "..": parsers built on URL resolve it as in a path',
  },
  fragment: {
    isBroken: ({ spelling }) => spelling.text.includes('#'),
    message: 'a raw "#": parsers that follow RFC 3986 cut the URI there; write %23',
  },
  'letter-case': {
    isBroken: ({ spelling }) =>
      /[A-Z]/.test(spelling.origin) ||
      spelling.parameterNames.some((name) => !/^[a-z]+$/.test(name)),
    message:
      'a scheme, type or parameter name not in plain lower case: several parsers reject or skip it',
  },
  'secret-padding': {
    isBroken: ({ spelling }) => /=|%3d/i.test(secretSpelling(spelling)),
    message: 'padding in the secret: Google Authenticator on iOS rejects "="',
  },
  'secret-spelling': {
    isBroken: ({ spelling }) => !isCanonical(secretSpelling(spelling).replace(/=|%3d/gi, '')),
    message:
      'the secret is not canonical base32 (upper case, no separator, no loose bit): otplib and others reject it',
  },
  'algorithm-spelling': {
    isBroken: ({ fields, spelling: { parameters } }) =>
      (parameters.get('algorithm')?.spelling ?? fields.algorithm) !== fields.algorithm,
    message:
      'an algorithm not spelled SHA1, SHA256 or SHA512: parsers reject it or take it for SHA1',
  },
  'stray-parameter': {
    isBroken: ({ fields, spelling }) =>
      spelling.parameters.has(fields.type === 'hotp' ? 'period' : 'counter'),
    message: 'a period with hotp or a counter with totp: several parsers reject it',
  },
  'unknown-parameter': {
    isBroken: ({ spelling }) => spelling.hasUnknownParameter,
    message:
      'an empty parameter, or one that is not of the format: an app that knows it may compute other codes',
  },
  'long-uri': {
    isBroken: ({ spelling: { text, label, parameters } }) =>
      text.length > MAX_OTPLIB_URI ||
      label.length > 3 * MAX_OTPLIB_LABEL ||
      (percentDecode(label) ?? label).length > MAX_OTPLIB_LABEL ||
      [...parameters.values()].some(({ value }) => value.length > MAX_OTPLIB_VALUE),
    message: 'over 2,048 characters, 512 in the label or 1,024 in a value: otplib rejects it',
  },
  'too-long-for-qr': {
    isBroken: ({ spelling }) => utf8Length(spelling.text) > MAX_QR_BYTES,
    message: 'longer than 2,953 bytes: no QR code holds it',
  },
};

/** The findings on what a URI says. */
export function lintFields(fields: FlatFields): OtpauthLint[] {
  const names = [fields.issuer ?? '', fields.account];
  // An address is shown by nobody, so its characters are all that can be wrong with it.
  const isUnsafeImage = hasUnsafeCharacter(fields.image ?? '');
  return [
    ...findings(
      NAME_RULES,
      (rule) =>
        names.some(rule.isBroken) || (isUnsafeImage && rule === NAME_RULES['unsafe-character']),
    ),
    ...findings(FIELD_RULES, (rule) => rule.isBroken(fields)),
  ];
}

/** The findings on how a URI is spelled. */
export function lintSpelling(reading: Reading): OtpauthLint[] {
  return findings(SPELLING_RULES, (rule) => rule.isBroken(reading));
}

function findings<Code extends OtpauthLintCode, R extends { readonly message: string }>(
  rules: Readonly<Record<Code, R>>,
  isBroken: (rule: R) => boolean,
): OtpauthLint[] {
  return (Object.keys(rules) as Code[])
    .filter((code) => isBroken(rules[code]))
    .map((code) => ({ code, message: rules[code].message }));
}

function secretSpelling({ parameters }: Reading['spelling']): string {
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
