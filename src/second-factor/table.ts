/**
 * The common part of the stores on SQL databases: table names, storable ids, and the details of a
 * write as columns.
 */
import { openOptions, requireText, requireUserId } from './arguments.js';
import type { StoredFactor, WriteDetails } from './contract.js';
import { decodeUtf8 } from './platform.js';
import { asciiJson } from './record.js';

/** Options of every store on an SQL database. */
export interface FactorTableOptions {
  /**
   * The table, or `schema.table`: ASCII letters, digits and underscores, at most 63 each. Default
   * `otp_factors`.
   */
  readonly table?: string | undefined;
  /** A table with a row for each event, in the same statement. Default: none. */
  readonly eventsTable?: string | undefined;
}

/** The tables, quoted for the text of a statement. */
export interface QuotedTables {
  readonly table: string;
  readonly eventsTable: string | undefined;
}

const TABLE_NAME = /^\w{1,63}(?:\.\w{1,63})?$/;
const MAX_VERSION = 20;

/**
 * The tables of the options: the only arguments inside a statement's text.
 *
 * @throws {TypeError | RangeError} unless each is a plain name, or a schema's and a table's
 */
export function quotedTables(options: FactorTableOptions, quote: '"' | '`'): QuotedTables {
  const { table = 'otp_factors', eventsTable } = openOptions('options', options, [
    'table',
    'eventsTable',
  ]);
  return {
    table: quoted('table', table, quote),
    eventsTable: eventsTable === undefined ? undefined : quoted('eventsTable', eventsTable, quote),
  };
}

function quoted(name: string, table: unknown, quote: string): string {
  const text = requireText(name, table, 127);
  if (!TABLE_NAME.test(text)) {
    throw new RangeError(
      `"${name}" must be a name, or schema.name, of ASCII letters, digits and underscores, each of at most 63`,
    );
  }
  return quote + text.replace('.', `${quote}.${quote}`) + quote;
}

/** @throws {TypeError | RangeError} unless the database can keep `userId` as it is. */
export function requireStorable(userId: unknown, unstorable?: RegExp): string {
  const text = requireUserId(userId);
  if (unstorable?.test(text)) {
    throw new RangeError('"userId" holds a character that this database cannot keep');
  }
  return text;
}

/** @throws {TypeError | RangeError} unless `version` came from a store. */
export function requireVersion(version: unknown): string {
  const text = requireText('version', version, MAX_VERSION);
  if (!/^[0-9]+$/.test(text)) throw new RangeError('"version" must be one that the store gave');
  return text;
}

/** The details of a write as the values of columns: state, key ids, events as JSON. */
export function columnsOf({ state, sealedWith, events }: WriteDetails): [string, string, string] {
  return [state, sealedWith.join(','), asciiJson(events)];
}

/**
 * The only row of an answer, or undefined if there is none.
 *
 * @throws {TypeError} for anything else: an unknown answer must not read as a user without a factor
 */
export function storedOf(rows: readonly unknown[]): StoredFactor | undefined {
  if (rows.length === 0) return undefined;
  // By their places: a client may be set to rename columns, or to give rows as lists.
  const [first, version, ...others] = Object.values(rows[0] ?? {});
  const record = textOf(first);
  if (rows.length > 1 || others.length > 0 || record === undefined || typeof version !== 'string') {
    throw new TypeError('"client" did not answer with a record and a version');
  }
  return { record, version };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? decodeUtf8(value) : undefined;
}

/**
 * Whether a write answered with a row.
 *
 * @throws {TypeError} unless there is one row or none
 */
export function isKept(rows: readonly unknown[]): boolean {
  if (rows.length > 1 || (rows.length === 1 && typeof (rows[0] ?? 0) !== 'object')) {
    throw new TypeError('"client" answered a write with something other than one row');
  }
  return rows.length === 1;
}
