/**
 * Reading an otpauth URI, and keeping what the linter wants to know of its spelling.
 *
 * Written by hand rather than on `URL`: that class treats this scheme differently from runtime to
 * runtime, folds `..` in a label, and is missing in some runtimes.
 */
import { decodeBase32Lenient } from '../base32.js';
import { OtpError, type OtpErrorCode } from '../errors.js';
import { type Algorithm, DEFAULT_ALGORITHM } from '../internal/algorithm.js';
import { DEFAULT_DIGITS } from '../internal/decimal.js';
import { percentDecode, utf8Length } from '../internal/percent.js';
import { DEFAULT_PERIOD_SECONDS, MAX_PERIOD_SECONDS, MAX_STEP } from '../internal/steps.js';
import { MAX_URI_BYTES, type UriFields } from './fields.js';

/** The parameters that are read; all others are ignored. */
const PARAMETERS = [
  'secret',
  'issuer',
  'algorithm',
  'digits',
  'period',
  'counter',
  'image',
] as const;
type ParameterName = (typeof PARAMETERS)[number];

/** One parameter: its value decoded and as spelled, and where the value starts. */
interface Parameter {
  readonly value: string;
  readonly spelling: string;
  readonly position: number;
}

/** What a URI says, and how. */
export interface Reading {
  readonly fields: UriFields;
  readonly spelling: Spelling;
}

/** How a URI is spelled, where that does not change what it says. */
export interface Spelling {
  /** The whole text that was given. */
  readonly text: string;
  /** The scheme and the type. */
  readonly origin: string;
  readonly label: string;
  /** The label's part before its first colon, decoded; undefined if it has no colon. */
  readonly labelIssuer: string | undefined;
  /** Whether spaces around a name were dropped. */
  readonly hasSpacedName: boolean;
  readonly query: string;
  readonly parameters: ReadonlyMap<ParameterName, Parameter>;
  /** The names of all known parameters as spelled. */
  readonly parameterNames: readonly string[];
  readonly hasUnknownParameter: boolean;
}

const SCHEME = 'otpauth://';
const WHITESPACE = ' \t\r\n';

/**
 * Reads a URI.
 *
 * @throws {OtpError} if it cannot be read; nothing else is ever thrown for a text
 */
export function readUri(text: string): Reading {
  if (text.length > MAX_URI_BYTES || utf8Length(text) > MAX_URI_BYTES) {
    refuse('uri-too-long', 0, `is longer than ${MAX_URI_BYTES} bytes`);
  }
  const surrogate = text.search(/[\ud800-\udfff]/u);
  if (surrogate >= 0) refuse('uri-encoding', surrogate, 'has half a character');
  const start = skipWhitespace(text);
  const end = skipWhitespaceBack(text, start);
  const typeAt = start + SCHEME.length;
  if (text.slice(start, typeAt).toLowerCase() !== SCHEME) {
    refuse('uri-scheme', start, 'does not begin with "otpauth://"');
  }
  // The label is read up to the "?": a raw "#" in it belongs to it, because issuers do write it.
  const queryMark = indexOrEnd(text, '?', typeAt, end);
  const slash = indexOrEnd(text, '/', typeAt, queryMark);
  const type = text.slice(typeAt, slash).toLowerCase();
  if (type !== 'totp' && type !== 'hotp') {
    refuse('uri-type', typeAt, 'is neither of type totp nor hotp');
  }
  const label = text.slice(slash + 1, queryMark);
  const queryAt = Math.min(queryMark + 1, end);
  const fragmentAt = indexOrEnd(text, '#', queryAt, end);
  const query = text.slice(queryAt, fragmentAt);
  const names = readLabel(label, slash + 1);
  const parts = readQuery(query, queryAt);
  // If the "#" was meant to be part of a value, then ignoring what follows would, in silence, shorten
  // a secret or lose a parameter.
  const secret = parts.parameters.get('secret');
  const isSecretCut = secret !== undefined && endOf(secret) === fragmentAt && fragmentAt < end;
  if (isSecretCut || text.slice(fragmentAt, end).includes('&')) {
    refuse('uri-encoding', fragmentAt, 'has a "#" in its secret or before a parameter');
  }
  const issuer = parts.parameters.get('issuer')?.value ?? '';
  const spelling: Spelling = {
    text,
    origin: text.slice(start, slash),
    label,
    labelIssuer: names.issuer,
    hasSpacedName: names.isSpaced || trimSpaces(issuer) !== issuer,
    query,
    ...parts,
  };
  return { fields: readFields(type, names, parts.parameters, end), spelling };
}

/** Where a parameter's value ends in the text. */
function endOf({ position, spelling }: Parameter): number {
  return position + spelling.length;
}

/** What a label says. */
interface Label {
  readonly issuer: string | undefined;
  readonly account: string;
  readonly isSpaced: boolean;
}

/** Splits the label at its first colon, raw or escaped: issuer before it, account behind it. */
function readLabel(label: string, position: number): Label {
  const decoded = percentDecode(label);
  if (decoded === undefined) refuse('uri-encoding', position, 'has a broken escape in its label');
  const colon = decoded.indexOf(':');
  const names = colon < 0 ? [decoded] : [decoded.slice(0, colon), decoded.slice(colon + 1)];
  const [account = '', issuer] = names.map(trimSpaces).reverse();
  return { issuer, account, isSpaced: names.some((name) => trimSpaces(name) !== name) };
}

function readQuery(
  query: string,
  queryAt: number,
): Pick<Spelling, 'parameters' | 'parameterNames' | 'hasUnknownParameter'> {
  const parameters = new Map<ParameterName, Parameter>();
  const parameterNames: string[] = [];
  let hasUnknownParameter = false;
  let position = queryAt;
  for (const pair of query.split('&')) {
    // Without a "=" the value is empty: a bound that is named is never taken for left out.
    const nameLength = indexOrEnd(pair, '=', 0, pair.length);
    const spelledName = pair.slice(0, nameLength);
    const name = percentDecode(spelledName)?.toLowerCase();
    const known = PARAMETERS.find((parameter) => parameter === name);
    if (known === undefined) hasUnknownParameter = true;
    else {
      // Apps differ in which of two they take, so two would be two different secrets or names.
      if (parameters.has(known)) {
        refuse('duplicate-parameter', position, `has the parameter "${known}" twice`);
      }
      parameterNames.push(spelledName);
      const valueAt = Math.min(nameLength + 1, pair.length);
      parameters.set(known, readParameter(known, pair.slice(valueAt), position + valueAt));
    }
    position += pair.length + 1;
  }
  return { parameters, parameterNames, hasUnknownParameter };
}

function readParameter(name: ParameterName, spelling: string, position: number): Parameter {
  // Form rules: in a query a raw plus is a space; a plus that is meant is spelled %2B.
  const value = percentDecode(spelling.replaceAll('+', ' '));
  if (value === undefined) refuse('uri-encoding', position, `has a broken escape in "${name}"`);
  return { value, spelling, position };
}

function readFields(
  type: UriFields['type'],
  label: Label,
  parameters: ReadonlyMap<ParameterName, Parameter>,
  end: number,
): UriFields {
  // All are checked, those of the other type too; a bound that is broken is never ignored.
  const period = readPeriod(parameters.get('period'));
  const counter = readCounter(parameters.get('counter'));
  const fields: UriFields = {
    type,
    issuer: trimSpaces(parameters.get('issuer')?.value ?? '') || label.issuer || undefined,
    account: label.account,
    secret: readSecretParameter(parameters.get('secret'), end),
    algorithm: readAlgorithm(parameters.get('algorithm')),
    digits: readDigitsParameter(parameters.get('digits')),
    period: type === 'totp' ? period : undefined,
    counter: type === 'hotp' ? counter : undefined,
    image: parameters.get('image')?.value || undefined,
  };
  if (type === 'hotp' && counter === undefined) {
    refuse('missing-counter', end, 'is of type hotp and has no counter');
  }
  return fields;
}

function readSecretParameter(parameter: Parameter | undefined, end: number): Uint8Array {
  if (parameter === undefined || parameter.value === '') {
    refuse('missing-secret', parameter?.position ?? end, 'has no secret');
  }
  let secret: Uint8Array;
  try {
    secret = decodeBase32Lenient(parameter.value);
  } catch (error) {
    const isMissing = error instanceof OtpError && error.code === 'invalid-secret';
    const fault = isMissing ? 'spells a missing value' : 'is not base32';
    // The decoder's position counts from the decoded value; this one is true for the whole text.
    return refuse('invalid-secret', parameter.position, `has a secret that ${fault}`);
  }
  if (secret.length === 0) {
    refuse('invalid-secret', parameter.position, 'has a secret without a whole byte');
  }
  return secret;
}

/** Reads `SHA1`, `sha-256`, `HmacSHA512` and the like. */
function readAlgorithm(parameter: Parameter | undefined): Algorithm {
  if (parameter === undefined) return DEFAULT_ALGORITHM;
  const match = /^(?:hmac[-_]?)?sha[-_]?(1|256|512)$/i.exec(parameter.value);
  if (match === null) {
    refuse('unsupported-algorithm', parameter.position, 'has an algorithm that is not supported');
  }
  return `SHA${match[1]}` as Algorithm;
}

function readDigitsParameter(parameter: Parameter | undefined): number {
  if (parameter === undefined) return DEFAULT_DIGITS;
  if (!/^[6-9]$/.test(parameter.value)) {
    refuse('invalid-digits', parameter.position, 'has digits out of range');
  }
  return Number(parameter.value);
}

function readPeriod(parameter: Parameter | undefined): number {
  if (parameter === undefined) return DEFAULT_PERIOD_SECONDS;
  const period = decimal(parameter.value);
  if (period < 1 || period > MAX_PERIOD_SECONDS) {
    refuse('invalid-period', parameter.position, 'has a period out of range');
  }
  return period;
}

function readCounter(parameter: Parameter | undefined): number | undefined {
  if (parameter === undefined) return undefined;
  const counter = decimal(parameter.value);
  if (counter < 0 || counter > MAX_STEP) {
    refuse('invalid-counter', parameter.position, 'has a counter out of range');
  }
  return counter;
}

/** A number in its one plain spelling: no sign, no leading zero, no exponent. Else -1. */
function decimal(text: string): number {
  return /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : -1;
}

/** Strips spaces at both ends, as the format's grammar has them behind the colon. */
function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (text[start] === ' ') start++;
  while (end > start && text[end - 1] === ' ') end--;
  return text.slice(start, end);
}

function skipWhitespace(text: string): number {
  let start = 0;
  while (start < text.length && WHITESPACE.includes(text.charAt(start))) start++;
  return start;
}

function skipWhitespaceBack(text: string, start: number): number {
  let end = text.length;
  while (end > start && WHITESPACE.includes(text.charAt(end - 1))) end--;
  return end;
}

/** Where `character` first stands in `text[from … end - 1]`, else `end`. */
function indexOrEnd(text: string, character: string, from: number, end: number): number {
  const index = text.indexOf(character, from);
  return index < 0 || index > end ? end : index;
}

function refuse(code: OtpErrorCode, position: number, what: string): never {
  throw new OtpError(code, position, `the URI ${what} (at ${position})`);
}
