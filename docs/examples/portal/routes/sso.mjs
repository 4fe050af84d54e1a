/** Single sign-on by a stand-in identity provider. Whoever comes by it gives no code here. */
import { createHmac, hkdfSync, randomUUID, timingSafeEqual } from 'node:crypto';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { identityProviderPage, signInPage } from '../pages/sign-in.mjs';
import { beginSession, isOn } from '../sessions.mjs';

const LIFETIME = 60_000;

export function ssoRoutes(app, portal) {
  const { query, keys, now } = portal;
  const key = Buffer.from(hkdfSync('sha256', keys.keys[keys.current], '', 'stand-in provider', 32));
  const sign = (text) => createHmac('sha256', key).update(text).digest('base64url');

  app.get('/sso', (c) => {
    const state = randomUUID();
    setCookie(c, 'sso-state', state, {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/sso',
      maxAge: 600,
      secure: c.get('isSecure'),
    });
    return c.redirect(`/idp?state=${state}`, 303);
  });

  // The provider. It would run elsewhere, and ask for a password of its own.
  app.get('/idp', (c) => c.html(identityProviderPage({ state: c.req.query('state') ?? '' })));
  app.post('/idp', async (c) => {
    const { name, state } = await c.req.parseBody();
    const text = Buffer.from(JSON.stringify({ name, state, until: now() + LIFETIME })).toString(
      'base64url',
    );
    return c.redirect(`/sso/return?assertion=${text}.${sign(text)}`, 303);
  });

  app.get('/sso/return', async (c) => {
    const [text = '', signature = ''] = (c.req.query('assertion') ?? '').split('.');
    const [given, right] = [Buffer.from(signature), Buffer.from(sign(text))];
    const isSigned = given.length === right.length && timingSafeEqual(given, right);
    const assertion = isSigned ? JSON.parse(Buffer.from(text, 'base64url').toString()) : {};
    const state = getCookie(c, 'sso-state');
    deleteCookie(c, 'sso-state', { path: '/sso' });
    const isFresh = state !== undefined && assertion.state === state && assertion.until > now();
    const { rows } = await query(
      "SELECT id FROM users WHERE name = $1 AND organisation = 'phone'",
      [String(assertion.name)],
    );
    if (!isFresh || rows.length !== 1 || !(await useOnce(portal, state)))
      return c.html(signInPage({ error: 'Single sign-on did not work.' }), 401);
    await beginSession(c, portal, rows[0].id, 'sso', await epochOf(portal, rows[0].id));
    return c.redirect('/', 303);
  });
}

/** The session ends with a change of phones as well, though it passed none of them. */
async function epochOf({ second }, userId) {
  const status = await second.status(userId);
  return { epoch: isOn(status) ? status.epoch : undefined };
}

/** An assertion counts once, on all instances. */
async function useOnce({ query, now }, state) {
  const { rows } = await query(
    'INSERT INTO used_assertions VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
    [state, now()],
  );
  return rows.length === 1;
}
