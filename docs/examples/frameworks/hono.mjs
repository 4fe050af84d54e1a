// Hono: password, then code, then a whole session, in a signed cookie. It runs on Workers, Deno and Bun
// as it is; on Node by `serve({ fetch: app.fetch })` of @hono/node-server.
import { Hono } from 'hono';
import { getSignedCookie, setSignedCookie } from 'hono/cookie';
import { second } from './second-factor.mjs';
import { checkPassword, markEnrolled } from './users.mjs';

const app = new Hono();
const SECRET = process.env.SESSION_SECRET;
const COOKIE = { path: '/', httpOnly: true, secure: true, sameSite: 'Lax' };

async function sessionOf(c) {
  const text = await getSignedCookie(c, SECRET, 'session');
  const session = text ? JSON.parse(text) : {};
  return session.until > Date.now() ? session : {};
}

/** Replaces the whole session. Its end stands inside: a browser may keep a cookie for longer. */
function renew(c, state, minutes) {
  const text = JSON.stringify({ ...state, until: Date.now() + minutes * 60_000 });
  return setSignedCookie(c, 'session', text, SECRET, { ...COOKIE, maxAge: minutes * 60 });
}

const STATUS = { throttled: 429, locked: 403, 'proof-required': 403, 'not-enrolled': 500 };

function refuse(c, answer) {
  if (answer.reason === 'throttled') c.header('Retry-After', String(answer.retryAfter));
  return c.json(answer, STATUS[answer.reason] ?? 422);
}

const bodyOf = (c) => c.req.json().catch(() => undefined);

app.post('/sign-in', async (c) => {
  const body = await bodyOf(c);
  const found = await checkPassword(body?.name, body?.password);
  if (found === undefined) return c.body(null, 401);
  const user = { id: found.id, email: found.email };
  const { state } = await second.status(user.id);
  const needsCode = found.hasSecondFactor || state === 'active' || state === 'locked';
  // A password alone makes a pending session. It opens one route: the next one.
  await renew(c, needsCode ? { pending: user } : { user }, needsCode ? 10 : 720);
  return c.json({ next: needsCode ? 'code' : 'home' });
});

app.post('/sign-in/code', async (c) => {
  const { pending: user } = await sessionOf(c);
  if (user === undefined) return c.body(null, 401);
  const answer = await second.verify(user.id, (await bodyOf(c))?.code);
  if (!answer.ok) return refuse(c, answer);
  const passed = { epoch: answer.epoch, verifiedAt: Date.now() };
  await renew(c, { user, passed }, 720);
  return c.json({ next: 'home' });
});

/** Lets whole sessions through. One from before a recovery, a reset or a lost phone has ended. */
async function signedIn(c, next) {
  const { user, passed } = await sessionOf(c);
  if (user === undefined) return c.body(null, 401);
  const { state, epoch } = await second.status(user.id);
  const isWhole = passed ? passed.epoch === epoch : state === 'none' || state === 'pending';
  if (!isWhole) return c.body(null, 401);
  c.set('session', { user, passed });
  await next();
}

app.post('/enrol', signedIn, async (c) => {
  const { user, passed } = c.get('session');
  const proof = passed && { session: passed }; // asked for from the second phone on
  const answer = await second.enroll(user.id, { account: user.email, proof });
  if (!answer.ok) return refuse(c, answer);
  c.header('Cache-Control', 'no-store');
  return c.json(answer); // the uri as a QR code, the secret beside it
});

app.post('/enrol/confirm', signedIn, async (c) => {
  const { user } = c.get('session');
  const body = await bodyOf(c);
  const answer = await second.confirm(user.id, body?.enrollmentId, body?.code);
  if (!answer.ok) return refuse(c, answer);
  await markEnrolled(user.id);
  const passed = { epoch: answer.epoch, verifiedAt: Date.now() };
  await renew(c, { user, passed }, 720);
  c.header('Cache-Control', 'no-store');
  return c.json({ recoveryCodes: answer.recoveryCodes });
});

app.get('/me', signedIn, (c) => c.json(c.get('session').user));

export default app;
