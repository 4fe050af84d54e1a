/** The administrator's and the support's page of a user. */
import { errorPage, userPage, usersPage } from '../pages/account.mjs';
import { endSessionsOf, isFresh, isOn, requireLevel } from '../sessions.mjs';

/** The latest events of a user, from the library's table. */
export async function eventsOf(query, userId) {
  const { rows } = await query(
    "SELECT at, type, event->>'by' AS by FROM otp_events WHERE user_id = $1 ORDER BY id DESC LIMIT 20",
    [userId],
  );
  return rows;
}

const NEEDS_FACTOR = 'Switch on a second factor for yourself first.';
const OWN = 'Another administrator has to do this for you.';

/** Changes want a code of the administrator's own within 15 minutes, and another user. */
const changing = ({ now }) =>
  async function check(c, next) {
    const session = c.get('session');
    const refuse = (text) => c.html(errorPage({ title: 'Not allowed', session, text }), 403);
    if (!isOn(c.get('status'))) return refuse(NEEDS_FACTOR);
    if (c.req.param('id') === session.user_id) return refuse(OWN);
    return isFresh(session, now()) ? next() : c.redirect('/identity?next=/users', 303);
  };

export function usersRoutes(app, portal) {
  const { query, second } = portal;
  const admin = [
    requireLevel('full'),
    async (c, next) => (c.get('session').role === 'admin' ? next() : c.notFound()),
  ];
  /** A user of the administrator's own organisation. */
  async function userOf(c) {
    const { rows } = await query(
      'SELECT id, name, mfa_enabled FROM users WHERE id = $1 AND organisation = $2',
      [c.req.param('id'), c.get('session').organisation],
    );
    return rows[0];
  }
  async function show(c, more = {}, code = 200) {
    const user = await userOf(c);
    if (user === undefined) return c.notFound();
    const [status, events] = [await second.status(user.id), await eventsOf(query, user.id)];
    return c.html(userPage({ session: c.get('session'), user, status, events, ...more }), code);
  }
  /** The record first: if the rest fails, the flag still asks for a factor, and nobody gets in. */
  async function reset(c, userId) {
    await second.reset(userId, { by: c.get('session').name });
    await query('UPDATE users SET mfa_enabled = false WHERE id = $1', [userId]);
    await endSessionsOf(query, userId);
  }

  app.get('/users', ...admin, async (c) => {
    const { rows } = await query(
      'SELECT id, name, mfa_enabled FROM users WHERE organisation = $1 ORDER BY name',
      [c.get('session').organisation],
    );
    return c.html(usersPage({ session: c.get('session'), users: rows }));
  });
  app.get('/users/:id', ...admin, (c) => show(c));
  app.post('/users/:id', ...admin, changing(portal), async (c) => {
    const user = await userOf(c);
    const { mfa } = await c.req.parseBody();
    if (user === undefined) return c.notFound();
    if (mfa === 'on' && !user.mfa_enabled) {
      return show(c, { error: 'Only the user can enable MFA, with the phone at hand.' }, 422);
    }
    const isEnabled = user.mfa_enabled || isOn(await second.status(user.id));
    if (mfa !== 'on' && isEnabled) await reset(c, user.id);
    return show(c, { message: 'Saved.' });
  });
  app.post('/users/:id/reset', ...admin, changing(portal), async (c) => {
    const user = await userOf(c);
    if (user === undefined) return c.notFound();
    await reset(c, user.id);
    return show(c, {
      message: 'The second factor is switched off. The user was signed out everywhere.',
    });
  });
}
