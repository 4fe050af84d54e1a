/**
 * Sessions in the database. A cookie holds 256 random bits, and the table their hash.
 *
 * Levels: `password` has given a password and no code yet; `renew` came in by a recovery code, and has
 * to enrol a new phone first; `full` is signed in; `sso` was signed in by the identity provider.
 */
import { createHash, randomBytes } from 'node:crypto';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

const COOKIE = 'session';
/** The password alone lasts ten minutes, a whole sign-in twelve hours. */
const LIFETIMES = { password: 600_000, renew: 1_800_000, full: 43_200_000, sso: 43_200_000 };

const hashOf = (id) => createHash('sha256').update(id).digest('base64url');
/** Whether browsers come by TLS, as the application found out. */
const isSecure = (c) => c.get('isSecure');
const cookieOptions = (c) => ({
  ...{ httpOnly: true, sameSite: 'Lax', path: '/', secure: isSecure(c) },
  ...(isSecure(c) ? { prefix: 'host' } : {}),
});
const cookieOf = (c) => getCookie(c, COOKIE, isSecure(c) ? 'host' : undefined);

/** Reads the session and its user, and ends a session whose factor has changed since. */
export const loadSession = ({ query, second, now }) =>
  async function load(c, next) {
    const id = cookieOf(c);
    if (id !== undefined) {
      const { rows } = await query(
        `SELECT sessions.*, users.name, users.email, users.organisation, users.role, users.mfa_enabled
         FROM sessions JOIN users ON users.id = user_id WHERE id_hash = $1 AND expires_at > $2`,
        [hashOf(id), now()],
      );
      if (rows.length === 1) await accept(c, rows[0], second);
    }
    await next();
  };

async function accept(c, row, second) {
  const session = { ...row, epoch: row.epoch === null ? undefined : Number(row.epoch) };
  const status = await second.status(row.user_id);
  if (isStale(session, status)) return;
  c.set('session', session);
  c.set('status', status);
}

/** A session is as old as the factor that it passed: `epoch` changes with each change of phones. */
function isStale({ level, epoch }, status) {
  if (level === 'password') return false;
  return isOn(status) ? epoch !== status.epoch : epoch !== undefined && epoch !== status.epoch;
}

const FRESH = 15 * 60_000;

/** Whether the session gave a code within 15 minutes: it may change the factors of others. */
export const isFresh = ({ epoch, verified_at: at }, now) =>
  epoch !== undefined && now - Number(at) <= FRESH;

/** Whether an authenticator is confirmed. */
export const isOn = ({ state }) => state === 'active' || state === 'locked';

/** Begins a session with a new id, and ends the one before: each step of trust has an id of its own. */
export async function beginSession(
  c,
  { query, now },
  userId,
  level,
  { epoch, verifiedAt = 0, notice } = {},
) {
  await endSession(c, query);
  const id = randomBytes(32).toString('base64url');
  const expiresAt = now() + LIFETIMES[level];
  await query(
    'INSERT INTO sessions (id_hash, user_id, level, epoch, verified_at, notice, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [hashOf(id), userId, level, epoch ?? null, verifiedAt, notice ?? null, expiresAt],
  );
  setCookie(c, COOKIE, id, { ...cookieOptions(c), maxAge: LIFETIMES[level] / 1000 });
}

export async function endSession(c, query) {
  const id = cookieOf(c);
  if (id === undefined) return;
  await query('DELETE FROM sessions WHERE id_hash = $1', [hashOf(id)]);
  deleteCookie(c, COOKIE, cookieOptions(c));
}

/** Ends all sessions of a user, as after a reset by support. */
export const endSessionsOf = (query, userId) =>
  query('DELETE FROM sessions WHERE user_id = $1', [userId]);

/** Lets only some levels pass; others are sent to where they belong. */
export const requireLevel = (...levels) =>
  async function require(c, next) {
    const session = c.get('session');
    if (session !== undefined && levels.includes(session.level)) return next();
    return c.redirect(placeOf(session), 303);
  };

/** The page on which a session continues. */
export function placeOf(session) {
  if (session === undefined) return '/sign-in';
  return { password: '/second-factor', renew: '/set-up' }[session.level] ?? '/';
}

/** A text for the next page, shown once. */
export async function takeNotice(c, query) {
  const { notice, id_hash: id } = c.get('session');
  if (notice !== null) await query('UPDATE sessions SET notice = NULL WHERE id_hash = $1', [id]);
  return notice;
}
