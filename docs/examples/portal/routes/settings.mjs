/** The pages on which signed-in users change their second factor. */
import { statusOf, textOf } from '../answers.mjs';
import { accountPage, identityPage, profilePage, securityPage } from '../pages/account.mjs';
import { recoveryCodesPage } from '../pages/enrolment.mjs';
import { beginSession, requireLevel } from '../sessions.mjs';
import { confirmPassword } from './confirm-password.mjs';
import { beginAgain, startEnrolment } from './enrolment.mjs';
import { eventsOf } from './users.mjs';

/** A page of one organisation, for users who gave their password. */
const of = (organisation, ...levels) => [
  requireLevel(...levels),
  async (c, next) => (c.get('session').organisation === organisation ? next() : c.notFound()),
];
const pageOf = (c) => ({ session: c.get('session'), status: c.get('status') });

export function settingsRoutes(app, portal) {
  const { query, second, now } = portal;

  // Contact centre: My profile, MFA settings.
  app.get('/profile', ...of('contact-centre', 'full'), (c) => c.html(profilePage(pageOf(c))));
  app.post('/profile/mfa', ...of('contact-centre', 'full'), async (c) => {
    const { password } = await c.req.parseBody();
    const wrong = await confirmPassword(c, portal, password);
    if (wrong) return c.html(profilePage({ ...pageOf(c), error: wrong.error }), wrong.status);
    return enrolOrAsk(c, portal, replaceAll(c), '/profile');
  });

  // Hosted phones: My account, Profile, Change account security.
  app.get('/account', ...of('phone', 'full', 'sso'), (c) => c.html(accountPage(pageOf(c))));
  app.post('/account/security', ...of('phone', 'full'), (c) =>
    enrolOrAsk(c, portal, replaceAll(c), '/account'),
  );

  // Community: Security.
  const community = of('community', 'full');
  const show = async (c, more = {}) =>
    securityPage({
      ...pageOf(c),
      events: await eventsOf(query, c.get('session').user_id),
      ...more,
    });
  app.get('/security', ...community, async (c) => c.html(await show(c)));
  app.post('/security/add', ...community, (c) => enrolOrAsk(c, portal, {}, '/security'));
  app.post('/security/move', ...community, async (c) => {
    const { id } = await c.req.parseBody();
    return replace(c, portal, id);
  });
  // An app shows the name for good. So a new entry comes beside the old one, which works until then.
  app.post('/security/entry', ...community, async (c) => {
    const { id, entry } = await c.req.parseBody();
    if (!isEntry(entry))
      return c.html(
        await show(c, { error: 'A name has 1 to 40 letters, digits, spaces, and . - @ _' }),
        422,
      );
    return replace(c, portal, id, { account: entry.trim() });
  });
  app.post('/security/remove', ...community, async (c) => {
    const { id } = await c.req.parseBody();
    if (c.get('status').authenticators.length < 2) {
      return c.html(
        await show(c, { message: 'This is your only phone. Add another one first.' }),
        422,
      );
    }
    return change(c, portal, (proof) => second.remove(c.get('session').user_id, id, { proof }));
  });
  app.post('/security/recovery-codes', ...community, (c) =>
    change(c, portal, (proof) =>
      second.regenerateRecoveryCodes(c.get('session').user_id, { proof }),
    ),
  );

  app.get('/identity', requireLevel('full'), (c) =>
    c.html(identityPage({ session: c.get('session'), next: ownPath(c.req.query('next')) })),
  );
  app.post('/identity', requireLevel('full'), async (c) => {
    const { code, next } = await c.req.parseBody();
    const session = c.get('session');
    const answer = await second.verify(session.user_id, code);
    if (!answer.ok)
      return c.html(
        identityPage({ session, next: ownPath(next), error: textOf(answer) }),
        statusOf(c, answer),
      );
    await beginSession(c, portal, session.user_id, 'full', {
      epoch: answer.epoch,
      verifiedAt: now(),
    });
    return c.redirect(ownPath(next), 303);
  });
}

const PATHS = ['/profile', '/account', '/security', '/users'];
const ownPath = (path) => (PATHS.includes(path) ? path : '/');
const isEntry = (entry) =>
  typeof entry === 'string' &&
  /^[\p{L}\p{N} .@_-]{1,40}$/u.test(entry) &&
  entry.length <= 40 &&
  entry.trim() !== '';

/** The next phone takes the place of the present ones, if there are any. */
const replaceAll = (c) => (c.get('status').authenticators.length > 0 ? { replaces: 'all' } : {});

/** Enrols a phone in the place of one on the user's list. */
function replace(c, portal, id, more) {
  const isKnown = c.get('status').authenticators.some((held) => held.id === id);
  if (!isKnown) return beginAgain(c, { reason: 'unknown' }, '/security');
  return enrolOrAsk(c, portal, { replaces: id, ...more }, '/security');
}

/** Enrols, or asks for a code first if the last one is too old. */
async function enrolOrAsk(c, portal, options, back) {
  const { answer, response } = await startEnrolment(c, portal, options);
  return response ?? refuse(c, answer, back);
}

function refuse(c, answer, back) {
  if (answer.reason === 'proof-required') return c.redirect(`/identity?next=${back}`, 303);
  return beginAgain(c, answer, back);
}

/** A change of the community's page, with the session as its proof. */
async function change(c, portal, run) {
  const session = c.get('session');
  const answer = await run({
    session: { epoch: session.epoch, verifiedAt: Number(session.verified_at) },
  });
  if (!answer.ok) return refuse(c, answer, '/security');
  if (answer.recoveryCodes !== undefined)
    return c.html(recoveryCodesPage({ session, codes: answer.recoveryCodes }));
  const passed = { epoch: answer.epoch, verifiedAt: Number(session.verified_at) };
  await beginSession(c, portal, session.user_id, 'full', passed);
  return c.redirect('/security', 303);
}
