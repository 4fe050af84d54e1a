/**
 * Many users' codes at one moment. The results equal those of single verifications.
 *
 * An item has a prepared key, or a secret for a single code. Secrets are decoded and hashed in the
 * engine's lanes, without key objects.
 */
import { matchBatch, matchOne, matchSecrets } from '#engine';
import { openOptions, refuseForeignNames } from '../arguments/options.js';
import { LEFT_TO_CALLER, type Midstates } from '../engine/engine.js';
import { type Algorithm, DEFAULT_ALGORITHM, requireAlgorithm } from '../key/algorithm.js';
import { midstatesOf, type OtpKey } from '../key/otp-key.js';
import { HASHES, maySpellMissing, prepareSecret } from '../key/prepare.js';
import { requireSecretKind, secretBytes } from '../key/secret-bytes.js';
import { resultOf, type TotpResult } from './judge.js';
import {
  readShared,
  readUserAttempt,
  type Shared,
  type UserAttempt,
  type UserOptions,
  type WindowOptions,
} from './options.js';

/** One user's part of a batch, with a `key` or a `secret`. */
export type TotpBatchItem = KeyBatchItem | SecretBatchItem;

/** A user with a prepared key. */
export interface KeyBatchItem extends UserOptions {
  readonly key: OtpKey;
  readonly secret?: undefined;
  /** The typed code; any value at all. */
  readonly code: unknown;
}

/** A user with a secret, read for this code alone. */
export interface SecretBatchItem extends UserOptions {
  /** The secret's bytes, or its base32 text, read as `createKey` does. */
  readonly secret: Uint8Array | string;
  readonly key?: undefined;
  /** The typed code; any value at all. */
  readonly code: unknown;
}

/** Options of `verifyTotpBatch`: those of `verifyTotp` except the ones specific to a user. */
export interface VerifyTotpBatchOptions extends WindowOptions {
  /** The hash of every `secret`; a `key` has its own. Default `'SHA1'`. */
  readonly algorithm?: Algorithm | undefined;
}

const NO_MIDSTATES: Midstates = [];

/** Reads all items before matching any, so a wrong item throws before any code is compared. */
export function verifyBatch(
  items: readonly TotpBatchItem[],
  options: VerifyTotpBatchOptions,
): TotpResult[] {
  const { algorithm = DEFAULT_ALGORITHM } = options;
  requireAlgorithm(algorithm);
  const shared = readShared(options);
  const attempts: UserAttempt[] = [];
  const withKey: UserAttempt[] = [];
  const withSecret: UserAttempt[] = [];
  for (let i = 0; i < items.length; i++) {
    const item = openOptions(items[i] as TotpBatchItem, 'items[]');
    const attempt = readItem(item, shared);
    // By the read attempt: a getter could answer differently the second time.
    (attempt.midstates === NO_MIDSTATES ? withSecret : withKey).push(attempt);
    attempts.push(attempt);
  }
  matchBatch(withKey, shared.digits);
  matchEachSecret(algorithm, withSecret, shared.digits);
  const results = attempts.map((attempt) => resultOf(attempt, attempt.matchIndex));
  // A foreign option name affects every item, so a single refused code triggers the check.
  if (results.some(({ valid }) => !valid)) refuseForeignNames(options, algorithm);
  return results;
}

function readItem(item: TotpBatchItem, shared: Shared): UserAttempt {
  const { key, secret, code } = item;
  if (secret === undefined) {
    return readUserAttempt(midstatesOf(key), '', code, item, shared);
  }
  if (key !== undefined) throw new TypeError('"items[]" must have "key" or "secret", not both');
  return readUserAttempt(NO_MIDSTATES, requireSecretKind(secret), code, item, shared);
}

/** Matches secrets in the engine, then the ones left by the engine individually. */
function matchEachSecret(
  algorithm: Algorithm,
  attempts: readonly UserAttempt[],
  digits: number,
): void {
  for (const attempt of attempts) attempt.matchIndex = LEFT_TO_CALLER;
  const forEngine = attempts.filter(({ secret }) => !maySpellMissing(secret));
  if (forEngine.length > 0) matchSecrets(HASHES[algorithm], forEngine, digits);
  for (const attempt of attempts) {
    if (attempt.matchIndex === LEFT_TO_CALLER) matchAlone(algorithm, attempt, digits);
  }
}

/** A malformed code costs no hashing, but its secret is still read: an unreadable secret throws. */
function matchAlone(algorithm: Algorithm, attempt: UserAttempt, digits: number): void {
  const { secret, first, count, typed } = attempt;
  if (typed >= 0) {
    attempt.matchIndex = matchOne(prepareSecret(algorithm, secret), first, count, typed, digits);
    return;
  }
  const bytes = secretBytes(secret);
  if (typeof secret === 'string') bytes.fill(0);
}
