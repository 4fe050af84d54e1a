/** Checks shared by the database stores before a query: the claim, and the name put into SQL text. */
import { requireInteger, requireString } from '../arguments/guards.js';
import { requireKnownOptions } from '../arguments/options.js';
import { MAX_STEP } from '../step/clock.js';
import { MAX_CLAIM_ID_LENGTH, requireId } from './claim-id.js';

/**
 * A lone surrogate. UTF-8 cannot encode it, so drivers send U+FFFD in its place and would merge
 * different ids.
 */
export const LONE_SURROGATE: RegExp = /\p{Surrogate}/u;

/**
 * One name, or two joined by a dot. It is always quoted, so it may begin with a digit. 63 characters
 * is the lowest limit among the databases.
 */
const TABLE_NAME = /^\w{1,63}(?:\.\w{1,63})?$/;
const DEFAULT_TABLE = 'otp_steps';

/**
 * @param unstorable - matches an id the database cannot hold
 * @throws {TypeError | RangeError} unless `id` and `step` are within a store's contract
 */
export function requireClaim(id: unknown, step: unknown, unstorable?: RegExp): void {
  const text = requireId(id, MAX_CLAIM_ID_LENGTH);
  if (unstorable?.test(text)) {
    throw new RangeError('"id" holds a character that this database cannot keep');
  }
  requireInteger('step', step, 0, MAX_STEP);
}

/**
 * The error for an answer unknown to the client's adapter. Reading such an answer as a refusal would
 * turn every valid code into `reused` and hide the fault.
 *
 * @param name - the name of the client's argument
 * @param expected - the kind of answer expected
 */
export function unknownAnswer(name: string, expected: string): never {
  throw new TypeError(`"${name}" is of an unknown kind: it did not answer with ${expected}`);
}

/**
 * The table in `options`, quoted for SQL text. It is the only part of a statement's text supplied by
 * a caller, and its permitted characters need no escaping.
 *
 * @param names - the option names known to the caller
 * @throws {TypeError | RangeError} unless `table` is a plain name, or a schema and a table
 */
export function quotedTable(
  options: { readonly table?: unknown },
  quote: '"' | '`',
  names: readonly string[] = ['table'],
): string {
  const { table: name = DEFAULT_TABLE } = requireKnownOptions(options, names);
  const table = requireString('table', name);
  if (!TABLE_NAME.test(table)) {
    throw new RangeError(
      '"table" must be a name, or schema.name, of ASCII letters, digits and underscores, each of at most 63',
    );
  }
  return quote + table.replace('.', `${quote}.${quote}`) + quote;
}
