/**
 * Exports of Google Authenticator: the QR codes of "Transfer accounts" hold
 * `otpauth-migration://offline?data=…`, a Protocol Buffers message in base64.
 *
 * Left to the caller: keeping the text secret, since it holds all secrets of a phone.
 */
import { requireString } from './arguments/guards.js';
import { base64Bytes } from './otpauth-migration/base64.js';
import {
  type MigrationBatch,
  type MigrationPage,
  readPayload,
} from './otpauth-migration/payload.js';
import { percentDecode } from './otpauth-uri/percent.js';
import { boundsOf, indexOrEnd, refuse, requireOneUri } from './otpauth-uri/refuse.js';

export type { MigrationBatch, MigrationPage };

const SCHEME = 'otpauth-migration://';
/** Twenty times the text of the largest QR code. */
const MAX_MIGRATION_BYTES = 65_536;

/**
 * Reads one picture of an export.
 *
 * An export of more than ten entries has several pictures. Their `batch.id` is the same, and
 * `batch.index` counts from 0 to `batch.size - 1`.
 *
 * Where the message leaves out algorithm, digits or type, SHA1, 6 and totp are meant. The period is
 * always 30 seconds. Unknown fields are skipped, as Protocol Buffers wants it.
 *
 * @param text - a scanned or pasted URI of at most 65,536 bytes and 1,000 entries
 * @returns the entries in their order, as `parseOtpauthUri` gives them, and the batch
 * @throws {TypeError} if `text` is not a string
 * @throws {OtpError} for every other text, and for an entry that cannot be read, such as one with MD5;
 *   see its `code`
 * @see {@link https://protobuf.dev/programming-guides/encoding/ | Protocol Buffers, encoding}
 *
 * @example
 * ```ts
 * import { parseMigrationUri } from 'otpcore/otpauth-migration';
 *
 * const text = 'otpauth-migration://offline?data=CiYKCkhlbGxvId6tvu8SDUV4YW1wbGU6YWxpY2UaB0V4YW1wbGUwAhAB';
 * const { entries, batch } = parseMigrationUri(text);
 * console.log(entries[0]?.issuer, entries[0]?.account, batch); // → Example alice { id: 0, index: 0, size: 1 }
 * ```
 */
export function parseMigrationUri(text: string): MigrationPage {
  requireString('text', text);
  const [start, end] = boundsOf(text, MAX_MIGRATION_BYTES);
  const typeAt = start + SCHEME.length;
  if (text.slice(start, typeAt).toLowerCase() !== SCHEME) {
    const isSingle = /^otpauth:/i.test(text.slice(start, typeAt));
    const hint = isSingle ? ': for a single entry call parseOtpauthUri' : '';
    refuse('uri-scheme', start, `does not begin with "${SCHEME}"${hint}`);
  }
  const queryAt = Math.min(indexOrEnd(text, '?', typeAt, end) + 1, end);
  requireOneUri(text.slice(0, end), typeAt, queryAt);
  if (!/^offline\/?\??$/i.test(text.slice(typeAt, queryAt))) {
    refuse('uri-type', typeAt, 'is no offline export');
  }
  const [data, position] = readData(text.slice(queryAt, end), queryAt);
  const payload = base64Bytes(data);
  if (payload === undefined) refuse('invalid-payload', position, 'has data that is not base64');
  try {
    return readPayload(payload, (code, what) => refuse(code, position, what));
  } finally {
    // The secrets were copied out of it.
    payload.fill(0);
  }
}

/** The parameter "data", decoded, and where its value starts. */
function readData(query: string, queryAt: number): [data: string, position: number] {
  let found: [string, number] | undefined;
  let position = queryAt;
  for (const pair of query.replace(/#.*$/s, '').split('&')) {
    const valueAt = Math.min(indexOrEnd(pair, '=', 0, pair.length) + 1, pair.length);
    if (/^data=?$/i.test(pair.slice(0, valueAt))) {
      const data = percentDecode(pair.slice(valueAt));
      if (data === undefined) {
        refuse('uri-encoding', position + valueAt, 'has a broken escape in "data"');
      }
      if (found !== undefined && found[0] !== data) {
        refuse('duplicate-parameter', position, 'has two values of "data"');
      }
      found ??= [data, position + valueAt];
    }
    position += pair.length + 1;
  }
  return found ?? refuse('invalid-payload', position - 1, 'has no data');
}
