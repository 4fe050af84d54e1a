/** Passwords by scrypt, and waits after wrong ones. OWASP's parameters: N = 2^17, r = 8, p = 1. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { afterFailure, retryAfter } from 'otpcore/second-factor';

const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
const BYTES = 32;
/** In UTF-16 code units; a longer password would only cost time. */
const MAX_LENGTH = 256;
/** Five free tries, then waits of up to a minute: it slows guessing and shuts no user out for long. */
const POLICY = { free: 5, firstWait: 1, longestWait: 60, maxFailures: 100, refillPerDay: 24 };

const derive = promisify(scrypt);

/** `scrypt$salt$hash`, in base64url. */
export async function hashPassword(password) {
  const salt = randomBytes(16);
  const hash = await derive(password.normalize('NFKC'), salt, BYTES, COST);
  return `scrypt$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Compared with for an unknown user, so that the answer takes as long. */
const nobody = await hashPassword(randomBytes(16).toString('hex'));

/**
 * Checks a password, and counts the attempt before it is looked at.
 *
 * @returns `{ ok: true }`, or `{ ok: false, retryAfter }` in seconds
 */
export async function checkPassword(query, user, typed, now) {
  const password = typeof typed === 'string' && typed.length <= MAX_LENGTH ? typed : '';
  const wait = user === undefined ? 0 : await countAttempt(query, user, now);
  if (wait > 0) return { ok: false, retryAfter: wait };
  const [, salt, hash] = (user?.password ?? nobody).split('$');
  const expected = Buffer.from(hash, 'base64url');
  const given = await derive(
    password.normalize('NFKC'),
    Buffer.from(salt, 'base64url'),
    BYTES,
    COST,
  );
  const ok = timingSafeEqual(given, expected) && user !== undefined;
  if (ok)
    await query('UPDATE users SET password_failures = 0, password_retry_at = 0 WHERE id = $1', [
      user.id,
    ]);
  return { ok, retryAfter: 0 };
}

/** Counts one attempt, unless another request came first; answers the seconds to wait. */
async function countAttempt(query, user, now) {
  const streak = { failures: user.password_failures, retryAt: Number(user.password_retry_at) };
  const wait = retryAfter(streak, now, POLICY);
  if (wait > 0) return wait;
  const next = afterFailure(streak, now, POLICY);
  const { rows } = await query(
    `UPDATE users SET password_failures = $2, password_retry_at = $3
     WHERE id = $1 AND password_failures = $4 AND password_retry_at = $5 RETURNING 1`,
    [user.id, next.failures, next.retryAt, streak.failures, streak.retryAt],
  );
  return rows.length === 1 ? 0 : 1;
}
