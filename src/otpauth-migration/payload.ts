/**
 * The message of an export, as other readers of it describe it; Google has not published it.
 *
 *     MigrationPayload: otp_parameters = 1 (repeated), version = 2, batch_size = 3, batch_index = 4, batch_id = 5
 *     OtpParameters: secret = 1, name = 2, issuer = 3, algorithm = 4, digits = 5, type = 6, counter = 7
 */
import { DEFAULT_DIGITS } from '../code/digits.js';
import type { OtpErrorCode } from '../errors.js';
import { type Algorithm, DEFAULT_ALGORITHM } from '../key/algorithm.js';
import { type OtpauthFields, toFields } from '../otpauth-uri/fields.js';
import { splitLabel, trimSpaces } from '../otpauth-uri/label.js';
import { percentDecode, percentEncode } from '../otpauth-uri/percent.js';
import { DEFAULT_PERIOD_SECONDS, MAX_STEP } from '../step/clock.js';
import { type MessageField, messageFields } from './protobuf.js';

/** Which picture of an export it is. */
export interface MigrationBatch {
  /** The same for all pictures of one export; any 32-bit number. */
  readonly id: number;
  /** From 0. */
  readonly index: number;
  /** How many pictures there are, 1 to 1,000. */
  readonly size: number;
}

/** One picture of an export. */
export interface MigrationPage {
  readonly entries: OtpauthFields[];
  readonly batch: MigrationBatch;
}

type Refuse = (code: OtpErrorCode, what: string) => never;

const MAX_ENTRIES = 1000;
const MAX_PICTURES = 1000;

const ALGORITHMS: readonly Algorithm[] = [DEFAULT_ALGORITHM, 'SHA1', 'SHA256', 'SHA512'];
const MD5 = 4;
/** By the number of the enumeration. Some writers put the number of digits itself, and so mean it. */
const DIGITS: readonly number[] = [DEFAULT_DIGITS, 6, 8, 7, 0, 0, 6, 7, 8, 9];
const TYPES = ['totp', 'hotp', 'totp'] as const;

/** @throws {OtpError} by `refuse` */
export function readPayload(payload: Uint8Array, refuse: Refuse): MigrationPage {
  const fail = (what: string): never => refuse('invalid-payload', what);
  const fields = messageFields(payload, fail);
  const entries = fields.filter(({ number }) => number === 1);
  if (entries.length > MAX_ENTRIES) fail(`has more than ${MAX_ENTRIES} entries`);
  const size = numberOf(fields, 3, fail)?.int32 || 1;
  const index = numberOf(fields, 4, fail)?.int32 ?? 0;
  const id = numberOf(fields, 5, fail)?.int32 ?? 0;
  if (size < 1 || size > MAX_PICTURES) fail(`is not of 1 to ${MAX_PICTURES} pictures`);
  if (index < 0 || index >= size) fail('has a batch index that is not below its batch size');
  return {
    entries: entries.map((entry, i) =>
      readEntry(entry, (code, what) => refuse(code, `has an entry, number ${i + 1}, ${what}`)),
    ),
    batch: { id, index, size },
  };
}

function readEntry({ bytes }: MessageField, refuse: Refuse): OtpauthFields {
  const fail = (what: string): never => refuse('invalid-payload', `that ${what}`);
  const fields = messageFields(bytes ?? fail('is no message'), fail);
  const secret = bytesOf(fields, 1, fail);
  if (secret === undefined || secret.length === 0) refuse('missing-secret', 'without a secret');
  const issuer = trimSpaces(textOf(fields, 3, refuse));
  // The name is an unescaped label: each of its colons is raw.
  const label = percentEncode(textOf(fields, 2, refuse)).replaceAll('%3A', ':');
  const names = splitLabel(label, issuer);
  const algorithm = numberOf(fields, 4, fail)?.value ?? 0;
  const digits = DIGITS[numberOf(fields, 5, fail)?.value ?? 0];
  const type = TYPES[numberOf(fields, 6, fail)?.value ?? 0];
  const counter = numberOf(fields, 7, fail)?.value ?? 0;
  if (type === undefined) return refuse('uri-type', 'that is neither of type totp nor hotp');
  if (!digits) refuse('invalid-digits', 'with digits that are not 6 to 9');
  if (type === 'hotp' && counter > MAX_STEP) {
    refuse('invalid-counter', `with a counter that is not 0 to ${MAX_STEP}`);
  }
  const shown = issuer || names.issuer || undefined;
  return toFields({
    type,
    issuer: shown,
    labelIssuer: names.issuer === shown ? undefined : names.issuer || undefined,
    account: names.account,
    secret: secret.slice(),
    algorithm: ALGORITHMS[algorithm] ?? refuse('unsupported-algorithm', unsupported(algorithm)),
    digits,
    period: type === 'totp' ? DEFAULT_PERIOD_SECONDS : undefined,
    counter: type === 'hotp' ? counter : undefined,
    image: undefined,
  });
}

function unsupported(algorithm: number): string {
  return algorithm === MD5 ? 'with MD5, which is not supported' : 'with an unknown algorithm';
}

/** The last field of a number: where a field stands twice, Protocol Buffers takes the last. */
function lastOf(fields: readonly MessageField[], number: number): MessageField | undefined {
  return fields.filter((field) => field.number === number).at(-1);
}

function numberOf(
  fields: readonly MessageField[],
  number: number,
  fail: (what: string) => never,
): { value: number; int32: number } | undefined {
  const field = lastOf(fields, number);
  if (field === undefined) return undefined;
  const { value, int32 } = field;
  return value === undefined ? fail('has bytes for a number') : { value, int32 };
}

function bytesOf(
  fields: readonly MessageField[],
  number: number,
  fail: (what: string) => never,
): Uint8Array | undefined {
  const field = lastOf(fields, number);
  return field === undefined ? undefined : (field.bytes ?? fail('has a number for bytes'));
}

/** A text in UTF-8; decoded by way of escapes, because some runtimes have no TextDecoder. */
function textOf(fields: readonly MessageField[], number: number, refuse: Refuse): string {
  const bytes = bytesOf(fields, number, (what) => refuse('invalid-payload', `that ${what}`)) ?? [];
  const escapes = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`);
  const text = percentDecode(escapes.join(''));
  return text ?? refuse('uri-encoding', 'with a name that is not UTF-8');
}
