/** Sign-in: a password, then a code, and the ways out of trouble. */
import { getConnInfo } from '@hono/node-server/conninfo';
import { clockText, statusOf, textOf, timeOf } from '../answers.mjs';
import { codePage, codesInRowPage, recoveryPage, signInPage } from '../pages/sign-in.mjs';
import { checkPassword } from '../passwords.mjs';
import { beginSession, endSession, isOn, requireLevel } from '../sessions.mjs';

const CLOCK = {
  ...{ count: 2, title: 'Is the clock of your phone right?', action: '/second-factor/clock' },
  text: 'Type two codes in a row: one, and the next one when the app shows it. They tell how far the clock is off.',
};
const THREE = {
  ...{ count: 3, title: 'Three codes in a row', action: '/second-factor/three-codes' },
  text: 'Three codes in a row sign you in without a wait. That takes about a minute.',
};

export function signInRoutes(app, portal) {
  const { query, second, now } = portal;
  const given = requireLevel('password');

  app.get('/sign-in', (c) => c.html(signInPage()));
  app.post('/sign-in', async (c) => {
    const form = await c.req.parseBody();
    const name = nameOf(form.name);
    const { rows } = await query('SELECT * FROM users WHERE name = $1', [name]);
    const [user] = rows;
    const answer = await checkPassword(
      query,
      `${addressOf(c)} ${name}`,
      user,
      form.password,
      now(),
    );
    if (answer.ok) return afterPassword(c, portal, user);
    if (answer.retryAfter === 0)
      return c.html(signInPage({ error: 'Name or password is wrong.' }), 401);
    c.header('Retry-After', String(answer.retryAfter));
    return c.html(signInPage({ error: `Try again in ${timeOf(answer.retryAfter)}.` }), 429);
  });
  app.post('/sign-out', async (c) => {
    await endSession(c, query);
    return c.redirect('/sign-in', 303);
  });

  app.get('/second-factor', given, (c) => {
    const status = c.get('status');
    return needsSetUp(c.get('session'), status)
      ? c.redirect('/set-up', 303)
      : c.html(codePage({ session: c.get('session') }));
  });
  app.post('/second-factor', given, async (c) => {
    const { code } = await c.req.parseBody();
    const answer = await second.verify(c.get('session').user_id, code);
    if (answer.ok) return signIn(c, portal, answer.epoch);
    const page = { session: c.get('session'), error: textOf(answer) };
    return c.html(
      codePage({ ...page, offerClock: answer.hint === 'check-clock' }),
      statusOf(c, answer),
    );
  });

  app.get('/second-factor/clock', given, (c) =>
    c.html(codesInRowPage({ session: c.get('session'), ...CLOCK })),
  );
  app.post('/second-factor/clock', given, async (c) => {
    const form = await c.req.parseBody();
    const answer = await second.resync(c.get('session').user_id, [form.code1, form.code2]);
    if (!answer.ok)
      return c.html(
        codesInRowPage({ session: c.get('session'), ...CLOCK, error: textOf(answer) }),
        statusOf(c, answer),
      );
    return signIn(c, portal, answer.epoch, clockText(answer.clockOff));
  });

  app.get('/second-factor/three-codes', given, (c) =>
    c.html(codesInRowPage({ session: c.get('session'), ...THREE })),
  );
  app.post('/second-factor/three-codes', given, async (c) => {
    const form = await c.req.parseBody();
    const answer = await second.unlock(c.get('session').user_id, [
      form.code1,
      form.code2,
      form.code3,
    ]);
    if (answer.ok) return signIn(c, portal, answer.epoch);
    return c.html(
      codesInRowPage({ session: c.get('session'), ...THREE, error: textOf(answer) }),
      statusOf(c, answer),
    );
  });

  app.get('/second-factor/recovery', given, (c) =>
    c.html(recoveryPage({ session: c.get('session') })),
  );
  app.post('/second-factor/recovery', given, async (c) => {
    const { recoveryCode } = await c.req.parseBody();
    const answer = await second.recover(c.get('session').user_id, recoveryCode);
    if (!answer.ok)
      return c.html(
        recoveryPage({ session: c.get('session'), error: recoveryText(answer) }),
        statusOf(c, answer),
      );
    // The phone is lost: a new one comes before anything else.
    const passed = { epoch: answer.epoch, verifiedAt: now() };
    await beginSession(c, portal, c.get('session').user_id, 'renew', passed);
    return c.redirect('/set-up', 303);
  });
}

const RECOVERY_TEXTS = {
  mismatch: 'That is not one of your recovery codes.',
  malformed: 'A recovery code has 24 letters and digits.',
  reused: 'That recovery code was used already. Take another one.',
};
const recoveryText = (answer) =>
  RECOVERY_TEXTS[answer.reason] ??
  (answer.reason === 'throttled'
    ? `Too many wrong codes. Try again in ${timeOf(answer.retryAfter)}.`
    : textOf(answer));

/** Whether the user sets up a phone before going on: the community asks everybody for one. */
export const needsSetUp = ({ organisation, mfa_enabled: isExpected }, { state }) =>
  organisation === 'community' && !isExpected && (state === 'none' || state === 'pending');

/** The typed name; a control character is in none. */
const nameOf = (typed) =>
  typeof typed === 'string' && !/\p{Cc}/u.test(typed) ? typed.slice(0, 64) : '';

/** The other end of the connection. Behind a proxy it is the proxy: limit requests by address there. */
function addressOf(c) {
  return c.env?.incoming === undefined ? 'local' : getConnInfo(c).remote.address;
}

/** The password was right. The factor is asked for if the account's flag or its record says so. */
async function afterPassword(c, portal, user) {
  const status = await portal.second.status(user.id);
  const hasFactor = user.mfa_enabled || isOn(status);
  if (hasFactor || needsSetUp(user, status)) {
    await beginSession(c, portal, user.id, 'password');
    return c.redirect('/second-factor', 303);
  }
  // Undefined: no factor was passed, so the first enrolment ends this session elsewhere.
  await beginSession(c, portal, user.id, 'full');
  return c.redirect('/', 303);
}

/** The second factor was passed: a new session, which remembers when and in which epoch. */
async function signIn(c, portal, epoch, notice) {
  // A flag that was lost in a failure is set again here.
  await portal.query('UPDATE users SET mfa_enabled = true WHERE id = $1', [
    c.get('session').user_id,
  ]);
  await beginSession(c, portal, c.get('session').user_id, 'full', {
    epoch,
    verifiedAt: portal.now(),
    notice,
  });
  return c.redirect('/', 303);
}
