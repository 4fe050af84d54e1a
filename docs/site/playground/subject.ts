// What the text in the first field is: a secret, an otpauth URI or an export of Google Authenticator.
import {
  type Algorithm,
  buildOtpauthUri,
  createKey,
  decodeBase32Lenient,
  type OtpauthFields,
  type OtpKey,
  parseOtpauthUri,
} from 'otpcore';
import { type MigrationPage, parseMigrationUri } from 'otpcore/otpauth-migration';

/** The settings of a secret typed alone; a URI brings its own. */
export interface Settings {
  issuer: string;
  account: string;
  algorithm: Algorithm;
  digits: number;
  period: number;
}

/** An account: its fields, its key, and the URI, or the library's words why there is none. */
export interface Account {
  kind: 'account';
  fields: OtpauthFields;
  key: OtpKey;
  uri: string | undefined;
  error: string | undefined;
}

export type Subject =
  | Account
  | { kind: 'empty' }
  | { kind: 'export'; page: MigrationPage }
  | { kind: 'error'; message: string };

export function readSubject(text: string, settings: Settings): Subject {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'empty' };
  try {
    if (/^otpauth-migration:/i.test(trimmed)) {
      return { kind: 'export', page: parseMigrationUri(trimmed) };
    }
    if (isUri(trimmed)) return accountOf(parseOtpauthUri(trimmed), () => trimmed);
    return typedSecret(trimmed, settings);
  } catch (error) {
    return { kind: 'error', message: wordsOf(error) };
  }
}

/** Any scheme is a URI's: the parser then tells which one it wants. */
export function isUri(text: string): boolean {
  return /^\s*[a-z][a-z\d+.-]*:/i.test(text);
}

function typedSecret(text: string, settings: Settings): Subject {
  const fields = { ...settings, type: 'totp' as const, secret: decodeBase32Lenient(text) };
  return accountOf(fields, () => buildOtpauthUri(fields));
}

function accountOf(fields: OtpauthFields, makeUri: () => string): Account {
  const { secret, algorithm } = fields;
  const account = { kind: 'account' as const, fields, key: createKey(secret, { algorithm }) };
  try {
    return { ...account, uri: makeUri(), error: undefined };
  } catch (error) {
    return { ...account, uri: undefined, error: wordsOf(error) };
  }
}

/** The library's own words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
