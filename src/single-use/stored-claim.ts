/** What a store on a database checks before anything is sent: the claim, and what goes into SQL text. */
import { requireInteger, requireString } from '../arguments/guards.js';
import { requireKnownOptions } from '../arguments/options.js';
import { MAX_STEP } from '../step/clock.js';
import { MAX_CLAIM_ID_LENGTH, requireId } from './claim-id.js';

/**
 * Half a surrogate pair. It has no UTF-8, so that drivers send U+FFFD in its place: two ids would
 * become one.
 */
export const LONE_SURROGATE: RegExp = /\p{Surrogate}/u;

/**
 * One name, or two with a dot between. It is always quoted, so it may begin with a digit too. 63
 * characters are the least of what the databases take.
 */
const TABLE_NAME = /^\w{1,63}(?:\.\w{1,63})?$/;
const DEFAULT_TABLE = 'otp_steps';

/**
 * @param unstorable - matches an id that the database cannot hold
 * @throws {TypeError | RangeError} unless `id` and `step` are what a store may be asked for
 */
export function requireClaim(id: unknown, step: unknown, unstorable?: RegExp): void {
  const text = requireId(id, MAX_CLAIM_ID_LENGTH);
  if (unstorable?.test(text)) {
    throw new RangeError('"id" holds a character that this database cannot keep');
  }
  requireInteger('step', step, 0, MAX_STEP);
}

/**
 * The error for a client that answers in a way its adapter does not know. Such an answer is never taken
 * for a refusal: each right code would be `reused`, and the fault would not show.
 *
 * @param name - the argument that holds the client
 * @param expected - what the answer has to be
 */
export function unknownAnswer(name: string, expected: string): never {
  throw new TypeError(`"${name}" is of an unknown kind: it did not answer with ${expected}`);
}

/**
 * The table that `options` name, quoted for SQL text. Nothing else that a caller passes goes into a
 * statement's text, and this only if it needs no escaping.
 *
 * @param names - the options that the caller knows
 * @throws {TypeError | RangeError} unless `table` is a plain name, or a schema's and a table's
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
