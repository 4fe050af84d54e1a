// Express: password, then code, then a whole session. `second-factor.mjs` and `users.mjs` lie beside it.
import express from 'express';
import session from 'express-session';
import { second } from './second-factor.mjs';
import { checkPassword, markEnrolled } from './users.mjs';

const { PORT = '3000', SESSION_SECRET } = process.env;
if (!SESSION_SECRET) throw new Error('SESSION_SECRET is not set: openssl rand -base64 32');

const app = express(); // Express 5: version 4 lets a rejected route end the process
app.use(express.json({ limit: '4kb' }));
app.use(
  session({
    secret: SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { sameSite: 'lax', secure: process.env.NODE_ENV === 'production' },
    // store: your own; the default one is the memory of this process
  }),
);

/** A new session id at each step: one that was planted before ends there. */
async function renew(req, state, minutes) {
  await new Promise((done, fail) => {
    req.session.regenerate((error) => (error ? fail(error) : done()));
  });
  Object.assign(req.session, state);
  req.session.cookie.maxAge = minutes * 60_000;
}

const STATUS = { throttled: 429, locked: 403, 'proof-required': 403, 'not-enrolled': 500 };

function refuse(res, answer) {
  if (answer.reason === 'throttled') res.set('Retry-After', String(answer.retryAfter));
  res.status(STATUS[answer.reason] ?? 422).json(answer);
}

app.post('/sign-in', async (req, res) => {
  const found = await checkPassword(req.body?.name, req.body?.password);
  if (found === undefined) return res.sendStatus(401);
  const user = { id: found.id, email: found.email };
  const { state } = await second.status(user.id);
  const needsCode = found.hasSecondFactor || state === 'active' || state === 'locked';
  // A password alone makes a pending session. It opens one route: the next one.
  await renew(req, needsCode ? { pending: user } : { user }, needsCode ? 10 : 720);
  res.json({ next: needsCode ? 'code' : 'home' });
});

app.post('/sign-in/code', async (req, res) => {
  const user = req.session.pending;
  if (user === undefined) return res.sendStatus(401);
  const answer = await second.verify(user.id, req.body?.code);
  if (!answer.ok) return refuse(res, answer);
  const passed = { epoch: answer.epoch, verifiedAt: Date.now() };
  await renew(req, { user, passed }, 720);
  res.json({ next: 'home' });
});

app.post('/sign-in/recovery', async (req, res) => {
  const user = req.session.pending;
  if (user === undefined) return res.sendStatus(401);
  const answer = await second.recover(user.id, req.body?.recoveryCode);
  if (!answer.ok) return refuse(res, answer);
  // The phone is lost, and its codes still count: nothing is open before a new one replaces it.
  const passed = { epoch: answer.epoch, verifiedAt: Date.now() };
  await renew(req, { user, passed, hasLostPhone: true }, 15);
  res.json({ next: 'enrol' });
});

/** Lets whole sessions through. One from before a recovery, a reset or a lost phone has ended. */
async function signedIn(req, res, next) {
  const { user, passed } = req.session;
  if (user === undefined) return res.sendStatus(401);
  const { state, epoch } = await second.status(user.id);
  const isWhole = passed ? passed.epoch === epoch : state === 'none' || state === 'pending';
  if (!isWhole) return res.sendStatus(401);
  next();
}

app.post('/enrol', signedIn, async (req, res) => {
  const { user, passed, hasLostPhone } = req.session;
  const proof = passed && { session: passed }; // asked for from the second phone on
  const replaces = hasLostPhone ? 'all' : req.body?.replaces; // an authenticator's id; without it, added
  const answer = await second.enroll(user.id, { account: user.email, proof, replaces });
  if (!answer.ok) return refuse(res, answer);
  res.set('Cache-Control', 'no-store').json(answer); // the uri as a QR code, the secret beside it
});

app.post('/enrol/confirm', signedIn, async (req, res) => {
  const { user } = req.session;
  const answer = await second.confirm(user.id, req.body?.enrollmentId, req.body?.code);
  if (!answer.ok) return refuse(res, answer);
  await markEnrolled(user.id);
  const passed = { epoch: answer.epoch, verifiedAt: Date.now() };
  await renew(req, { user, passed }, 720);
  res.set('Cache-Control', 'no-store').json({ recoveryCodes: answer.recoveryCodes });
});

app.get('/me', signedIn, (req, res) => {
  if (req.session.hasLostPhone) return res.status(403).json({ next: 'enrol' });
  res.json(req.session.user);
});

/** A store or a sealing key that fails keeps the user out. */
app.use((error, _req, res, _next) => {
  console.error(error);
  res.status(error.status ?? 503).json({ reason: 'try again later' });
});

app.listen(PORT, '127.0.0.1', () => console.log(`ready on http://127.0.0.1:${PORT}`));
