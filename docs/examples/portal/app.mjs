/** The portal as one Hono application. `now` is the clock, so that tests can play it. */
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { secureHeaders } from 'hono/secure-headers';
import { cleanUp } from './database.mjs';
import { createFactor } from './factor.mjs';
import { errorPage, homePage } from './pages/account.mjs';
import { enrolmentRoutes } from './routes/enrolment.mjs';
import { settingsRoutes } from './routes/settings.mjs';
import { signInRoutes } from './routes/sign-in.mjs';
import { ssoRoutes } from './routes/sso.mjs';
import { usersRoutes } from './routes/users.mjs';
import { openSealer } from './sealing-keys.mjs';
import { loadSession, requireLevel, takeNotice } from './sessions.mjs';

/** No inline script or style, nothing from elsewhere, and no frame around a page. */
const CONTENT = {
  ...{ defaultSrc: ["'none'"], scriptSrc: ["'self'"], styleSrc: ["'self'"], imgSrc: ['data:'] },
  ...{ formAction: ["'self'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
};
const FILES = [
  ['/portal.css', 'text/css'],
  ['/countdown.js', 'text/javascript'],
];

const HOUR = 3_600_000;

/** @param origin - as browsers see it, if TLS ends at a proxy: `https://portal.example` */
export async function createPortal({ database, keys, mailFolder, origin, now = Date.now }) {
  const { query } = database;
  const sealer = await openSealer(query, keys);
  const second = createFactor({ database, sealer, mailFolder, now });
  setInterval(() => cleanUp(query, now()).catch(console.error), HOUR).unref();
  const portal = { query, second, sealer, keys, now };

  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy: CONTENT, referrerPolicy: 'no-referrer' }));
  for (const [path, type] of FILES) {
    const text = readFileSync(new URL(`public${path}`, import.meta.url), 'utf8');
    app.get(path, (c) => c.body(text, 200, { 'Content-Type': `${type}; charset=utf-8` }));
  }
  app.use(async (c, next) => {
    c.header('Cache-Control', 'no-store');
    c.set('isSecure', (origin ?? c.req.url).startsWith('https:'));
    await next();
  });
  // A form from another site has another origin.
  app.use(csrf(origin === undefined ? {} : { origin }));
  app.use(bodyLimit({ maxSize: 16_384 }));
  app.use(loadSession(portal));
  app.get('/', requireLevel('full', 'sso'), async (c) => {
    const message = await takeNotice(c, query);
    return c.html(homePage({ session: c.get('session'), status: c.get('status'), message }));
  });
  for (const add of [signInRoutes, ssoRoutes, enrolmentRoutes, settingsRoutes, usersRoutes]) {
    add(app, portal);
  }
  app.notFound((c) =>
    c.html(errorPage({ title: 'Not found', text: 'There is no such page.' }), 404),
  );
  app.onError(answerError);
  return app;
}

/** An error keeps the user out. The log names it; the page and the log hold no code and no secret. */
function answerError(error, c) {
  if (typeof error.getResponse === 'function') return error.getResponse();
  console.error(
    `${c.req.method} ${c.req.path}: ${error.name}, ${error.code ?? ''} ${error.message}`,
  );
  const text =
    error.code === 'secret-unreadable'
      ? 'The key that seals the second factor is missing or wrong. Nobody can sign in until it is back.'
      : 'That did not work. Try again with the next code.';
  return c.html(errorPage({ title: 'Not now', text }), 503);
}
