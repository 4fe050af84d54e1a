/** Passwords by scrypt, and waits after wrong ones. OWASP's parameters: N = 2^17, r = 8, p = 1. */
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
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
 * @param counter - whose attempts count together: a name and an address, so that a stranger elsewhere
 *   shuts no user out. A name counts whether or not a user has it, so that waits tell no names.
 *
 * @returns `{ ok: true }`, or `{ ok: false, retryAfter }` in seconds
 */
export async function checkPassword(query, counter, user, typed, now) {
  const id = createHash('sha256').update(counter).digest('base64url');
  const wait = await countAttempt(query, id, now);
  if (wait > 0) return { ok: false, retryAfter: wait };
  const ok = (await isRight(user?.password ?? nobody, typed)) && user !== undefined;
  if (ok) await query('DELETE FROM password_attempts WHERE id = $1', [id]);
  return { ok, retryAfter: 0 };
}

async function isRight(stored, typed) {
  const password = typeof typed === 'string' && typed.length <= MAX_LENGTH ? typed : '';
  const [, salt, hash] = stored.split('$');
  const bytes = Buffer.from(salt, 'base64url');
  const given = await derive(password.normalize('NFKC'), bytes, BYTES, COST);
  return timingSafeEqual(given, Buffer.from(hash, 'base64url'));
}

/** Tries of one count; each lost try means that another attempt was counted. */
const TRIES = 20;
const NONE = { failures: 0, retry_at: 0 };

/** Counts one attempt; answers the seconds to wait, or 0. */
async function countAttempt(query, id, now) {
  for (let i = 0; i < TRIES; i++) {
    const { rows } = await query('SELECT failures, retry_at FROM password_attempts WHERE id = $1', [
      id,
    ]);
    const { failures, retry_at: retryAt } = rows[0] ?? NONE;
    const streak = { failures, retryAt: Number(retryAt) };
    const wait = retryAfter(streak, now, POLICY);
    if (wait > 0) return wait;
    const next = afterFailure(streak, now, POLICY);
    const written = await query(
      `INSERT INTO password_attempts VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE
       SET failures = $2, retry_at = $3, at = $4
       WHERE password_attempts.failures = $5 AND password_attempts.retry_at = $6 RETURNING 1`,
      [id, next.failures, next.retryAt, now, streak.failures, streak.retryAt],
    );
    if (written.rows.length === 1) return 0;
  }
  return 1;
}
