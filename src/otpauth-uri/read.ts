/**
 * Reading an otpauth URI, and keeping its spelling for the linter.
 *
 * Written by hand rather than on `URL`: runtimes differ in how that class treats this scheme. It folds
 * `..` in a label, and some runtimes lack it.
 */
import { decodeBase32Lenient } from '../base32.js';
import { DEFAULT_DIGITS } from '../code/digits.js';
import { OtpError, type OtpErrorCode } from '../errors.js';
import { type Algorithm, DEFAULT_ALGORITHM } from '../key/algorithm.js';
import { DEFAULT_PERIOD_SECONDS, MAX_PERIOD_SECONDS, MAX_STEP } from '../step/clock.js';
import { type FlatFields, MAX_URI_BYTES } from './fields.js';
import { type Label, splitLabel, trimSpaces } from './label.js';
import { type Parameter, type ParameterName, type Query, readQuery } from './parameters.js';
import { percentDecode } from './percent.js';
import { boundsOf, indexOrEnd, refuse, requireOneLine, requireOneUri } from './refuse.js';

/** The fields of a URI, and its spelling for the linter. */
export interface Reading extends Query {
  readonly fields: FlatFields;
  /** The whole text. */
  readonly text: string;
  /** The scheme and the type. */
  readonly origin: string;
  readonly label: string;
  /** The issuer in the label, decoded; undefined without a separator. */
  readonly labelIssuer: string | undefined;
  /** Whether spaces around a name were dropped. */
  readonly hasSpacedName: boolean;
  readonly query: string;
}

const SCHEME = 'otpauth://';
/** The beginnings of other texts in QR codes, and their purpose. */
const OTHERS = {
  'otpauth-migration:': "Google's export: call parseMigrationUri",
  'otpauth%3a': 'decoding first: it is percent-encoded as a whole',
  'apple-otpauth:': 'Apple: remove "apple-"',
  'motp:': 'mOTP',
  'phonefactor:': 'push messages of Microsoft',
  'steam:': 'Steam',
  'otpauth://steam': "Steam's letters",
  'otpauth://yaotp': 'Yandex',
};

/**
 * Reads a URI.
 *
 * @throws {OtpError} if it cannot be read; no other error for any text
 */
export function readUri(text: string): Reading {
  const [start, end] = boundsOf(text, MAX_URI_BYTES);
  const typeAt = start + SCHEME.length;
  if (text.slice(start, typeAt).toLowerCase() !== SCHEME) {
    refuse('uri-scheme', start, faultOf(text.slice(start), `does not begin with "${SCHEME}"`));
  }
  // The label is read up to the "?": a raw "#" in it belongs to it, because issuers do write it.
  const queryMark = indexOrEnd(text, '?', typeAt, end);
  const slash = indexOrEnd(text, '/', typeAt, queryMark);
  const type = text.slice(typeAt, slash).toLowerCase();
  if (type !== 'totp' && type !== 'hotp') {
    refuse(
      'uri-type',
      typeAt,
      faultOf(text.slice(start), 'has neither of the types totp and hotp'),
    );
  }
  const label = text.slice(slash + 1, queryMark);
  const queryAt = Math.min(queryMark + 1, end);
  const fragmentAt = indexOrEnd(text, '#', queryAt, end);
  const query = text.slice(queryAt, fragmentAt);
  requireOneUri(text.slice(0, end), typeAt, queryAt);
  requireOneLine(label, slash + 1);
  if (percentDecode(label) === undefined) {
    refuse('uri-encoding', slash + 1, 'has a broken escape in its label');
  }
  const parts = readQuery(query, text.slice(queryAt, end), queryAt);
  // If the "#" was meant as part of a value, ignoring the rest would shorten a secret or lose a
  // parameter in silence.
  const secret = parts.parameters.get('secret');
  const isSecretCut = secret !== undefined && endOf(secret) === fragmentAt && fragmentAt < end;
  if (isSecretCut || text.slice(fragmentAt, end).includes('&')) {
    refuse('uri-encoding', fragmentAt, 'has a "#" in its secret or before a parameter');
  }
  if (secret === undefined || secret.value === '') {
    refuse(
      'missing-secret',
      secret?.position ?? end,
      `has no secret${causeOf(text, label, query)}`,
    );
  }
  const issuer = parts.parameters.get('issuer')?.value ?? '';
  const names = splitLabel(label, trimSpaces(issuer));
  return {
    fields: readFields(type, names, secret, parts.parameters, end),
    text,
    origin: text.slice(start, slash),
    label,
    labelIssuer: names.issuer,
    hasSpacedName: names.isSpaced || trimSpaces(issuer) !== issuer,
    query,
    ...parts,
  };
}

/** The words for a text of another scheme or type. */
function faultOf(text: string, unknown: string): string {
  const start = text.slice(0, 20).toLowerCase();
  const other = Object.entries(OTHERS).find(([beginning]) => start.startsWith(beginning));
  return other === undefined ? unknown : `is for ${other[1]}`;
}

/** The cause of a missing secret, where the text shows it. */
function causeOf(text: string, label: string, query: string): string {
  if (/%3f/i.test(label)) return ': its "?" is escaped as %3F';
  if (!text.includes('?')) return ': it holds no "?"';
  const isSwallowed = /secret(?:=|%3d)/i.test(query);
  return isSwallowed ? ': the "&" before it is missing or escaped' : '';
}

/** Where a parameter's value ends in the text. */
function endOf({ position, spelling }: Parameter): number {
  return position + spelling.length;
}

function readFields(
  type: FlatFields['type'],
  label: Label,
  secret: Parameter,
  parameters: ReadonlyMap<ParameterName, Parameter>,
  end: number,
): FlatFields {
  // Parameters of the other type are checked too: a broken bound is never ignored.
  const period = readNumber(parameters.get('period'), 'period', 1, MAX_PERIOD_SECONDS);
  const counter = readNumber(parameters.get('counter'), 'counter', 0, MAX_STEP);
  const issuer = trimSpaces(parameters.get('issuer')?.value ?? '') || label.issuer || undefined;
  const hint = issuer === 'Steam' ? ": Steam's letters are not supported" : '';
  const fields: FlatFields = {
    type,
    issuer,
    labelIssuer: label.issuer === issuer ? undefined : label.issuer || undefined,
    account: label.account,
    secret: readSecret(secret),
    algorithm: readAlgorithm(parameters.get('algorithm')),
    digits: readNumber(parameters.get('digits'), 'digits', 6, 9, hint) ?? DEFAULT_DIGITS,
    period: type === 'totp' ? (period ?? DEFAULT_PERIOD_SECONDS) : undefined,
    counter: type === 'hotp' ? counter : undefined,
    image: parameters.get('image')?.value || undefined,
  };
  if (type === 'hotp' && counter === undefined) {
    refuse('missing-counter', end, 'is of type hotp and has no counter');
  }
  return fields;
}

function readSecret({ value, position }: Parameter): Uint8Array {
  let secret: Uint8Array | undefined;
  let fault = /^[\da-f]+$/i.test(value) ? 'is hexadecimal, not base32' : 'is not base32';
  try {
    secret = decodeBase32Lenient(value);
    fault = 'holds no whole byte';
  } catch (error) {
    // The decoder's position counts from the decoded value; this one is true for the whole text.
    const isMissing = error instanceof OtpError && error.code === 'invalid-secret';
    if (isMissing) fault = 'spells a missing value';
  }
  if (secret?.length) return secret;
  return refuse('invalid-secret', position, `has a secret that ${fault}`);
}

/** Reads `SHA1`, `sha-256`, `HmacSHA512` and the like. */
function readAlgorithm(parameter: Parameter | undefined): Algorithm {
  if (parameter === undefined) return DEFAULT_ALGORITHM;
  const match = /^(?:hmac[-_]?)?sha[-_]?(1|256|512)$/i.exec(parameter.value);
  if (match === null) {
    refuseValue('unsupported-algorithm', parameter, 'algorithm', 'SHA1, SHA256 or SHA512');
  }
  return `SHA${match[1]}` as Algorithm;
}

/** A whole number from `min` to `max` in its one plain spelling: no sign, leading zero or exponent. */
function readNumber(
  parameter: Parameter | undefined,
  name: 'digits' | 'period' | 'counter',
  min: number,
  max: number,
  hint = '',
): number | undefined {
  if (parameter === undefined) return undefined;
  const { value } = parameter;
  const number = /^(?:0|[1-9][0-9]{0,15})$/.test(value) ? Number(value) : -1;
  if (number < min || number > max) {
    refuseValue(`invalid-${name}`, parameter, name, `${min} to ${max}${hint}`);
  }
  return number;
}

function refuseValue(
  code: OtpErrorCode,
  { position }: Parameter,
  name: string,
  expected: string,
): never {
  refuse(code, position, `has a value of "${name}" that is not ${expected}`);
}
