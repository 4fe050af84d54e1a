/**
 * What some app would make of an otpauth URI other than what it says.
 *
 * Each rule names apps or libraries that are known to stumble. "Known" means seen in a released
 * version; it may have been mended since, but phones keep old versions for years.
 */
import { decodeBase32 } from '../base32.js';
import { DEFAULT_ALGORITHM } from '../internal/algorithm.js';
import { DEFAULT_DIGITS } from '../internal/decimal.js';
import { utf8Length } from '../internal/percent.js';
import { DEFAULT_PERIOD_SECONDS } from '../internal/steps.js';
import type { OtpauthUri } from './fields.js';
import { NAME_RULES, type NameFault } from './names.js';
import type { Reading } from './read.js';

/** What is said, and some app does otherwise. */
type FieldFault =
  | 'missing-issuer'
  | 'empty-account'
  | 'short-secret'
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
  | 'fragment'
  | 'letter-case'
  | 'secret-padding'
  | 'secret-spelling'
  | 'algorithm-spelling'
  | 'stray-parameter'
  | 'unknown-parameter'
  | 'too-long-for-qr';

/** What the linter can find. Stable: programs may switch on it. */
export type OtpauthLintCode = 'unreadable' | NameFault | FieldFault | SpellingFault;

/** One finding: which, and in words that hold for every URI and repeat none of it. */
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

const IGNORERS =
  'Google Authenticator (Android, 2020), Microsoft Authenticator, Authy, Duo and LastPass ignore or have ignored that';

const FIELD_RULES: Readonly<Record<FieldFault, Rule<OtpauthUri>>> = {
  'missing-issuer': {
    isBroken: (uri) => uri.issuer === undefined,
    message: 'no issuer: the entry looks like any other of the same account name',
  },
  'empty-account': {
    isBroken: (uri) => uri.account === '',
    message: 'no account name: FreeOTP, pass-otp and others reject that',
  },
  'short-secret': {
    isBroken: (uri) => uri.secret.length < MIN_SECRET_BYTES,
    message: 'the secret is shorter than 128 bits (RFC 4226 R6): totp-rs rejects that',
  },
  'algorithm-ignored': {
    isBroken: (uri) => uri.algorithm !== DEFAULT_ALGORITHM,
    message: `an algorithm other than SHA1: ${IGNORERS} and show SHA1 codes`,
  },
  'digits-ignored': {
    isBroken: (uri) => uri.digits !== DEFAULT_DIGITS,
    message: `digits other than 6: ${IGNORERS} and show 6`,
  },
  'period-ignored': {
    isBroken: (uri) => uri.type === 'totp' && uri.period !== DEFAULT_PERIOD_SECONDS,
    message: `a period other than 30 seconds: ${IGNORERS} and count 30`,
  },
  'hotp-unsupported': {
    isBroken: (uri) => uri.type === 'hotp',
    message: 'type hotp: Microsoft Authenticator and Authy do not support it',
  },
};

const SPELLING_RULES: Readonly<Record<SpellingFault, Rule<Reading>>> = {
  'issuer-mismatch': {
    isBroken: ({ uri, spelling }) =>
      Boolean(spelling.labelIssuer) && spelling.labelIssuer !== uri.issuer,
    message: 'the label and the parameter name different issuers: apps show one or the other',
  },
  'issuer-not-in-both': {
    isBroken: ({ uri, spelling: { labelIssuer, parameters } }) =>
      uri.issuer !== undefined && !(labelIssuer && parameters.get('issuer')?.value),
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
    isBroken: ({ spelling }) => /[^!-~]|["<>\\^`{|}]/.test(spelling.text),
    message: 'a space, a quote or a character outside ASCII that is not escaped: no URL on iOS',
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
    isBroken: ({ uri, spelling: { parameters } }) =>
      (parameters.get('algorithm')?.spelling ?? uri.algorithm) !== uri.algorithm,
    message:
      'an algorithm not spelled SHA1, SHA256 or SHA512: parsers reject it or take it for SHA1',
  },
  'stray-parameter': {
    isBroken: ({ uri, spelling }) =>
      spelling.parameters.has(uri.type === 'hotp' ? 'period' : 'counter'),
    message: 'a period with hotp or a counter with totp: several parsers reject it',
  },
  'unknown-parameter': {
    isBroken: ({ spelling }) => spelling.hasUnknownParameter,
    message: 'a parameter that is not of the format: an app that knows it may compute other codes',
  },
  'too-long-for-qr': {
    isBroken: ({ spelling }) => utf8Length(spelling.text) > MAX_QR_BYTES,
    message: 'longer than 2,953 bytes: no QR code holds it',
  },
};

/** The findings on what a URI says. */
export function lintFields(uri: OtpauthUri): OtpauthLint[] {
  const names = [uri.issuer ?? '', uri.account];
  return [
    ...findings(NAME_RULES, (rule) => names.some(rule.isBroken)),
    ...findings(FIELD_RULES, (rule) => rule.isBroken(uri)),
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
