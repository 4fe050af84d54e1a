/** Enrolment: a QR code, and the first code that binds the phone. */
import { encodeBase32, parseOtpauthUri } from 'otpcore';
import { clockText, statusOf, textOf } from '../answers.mjs';
import { errorPage } from '../pages/account.mjs';
import { enrolmentPage, recoveryCodesPage, setUpPage } from '../pages/enrolment.mjs';
import { beginSession, requireLevel } from '../sessions.mjs';
import { confirmPassword } from './confirm-password.mjs';
import { needsSetUp } from './sign-in.mjs';

/** How the page is worded where each organisation's help says so. */
const WORDS = {
  'contact-centre': { title: 'MFA settings', label: 'Token', button: 'Bind this device' },
  phone: { title: 'Change account security', label: 'Code', button: 'Save' },
  community: { title: 'Set up your authenticator', label: 'Code', button: 'Continue' },
};

/** Begins an enrolment and answers the page with its QR code. */
export async function startEnrolment(c, portal, options = {}) {
  const session = c.get('session');
  const { epoch, verified_at: verifiedAt } = session;
  const proof =
    epoch === undefined ? undefined : { session: { epoch, verifiedAt: Number(verifiedAt) } };
  const answer = await portal.second.enroll(session.user_id, {
    account: session.email,
    proof,
    ...options,
  });
  if (!answer.ok) return { answer };
  const { enrollmentId, uri, secret } = answer;
  const sealed = await sealUri(portal, session.user_id, enrollmentId, uri);
  const shown = { enrollmentId, uri, secret, sealed };
  return {
    answer,
    response: c.html(enrolmentPage({ session, ...WORDS[session.organisation], shown })),
  };
}

/** The page is shown again after a wrong code. It brings the URI along, sealed for its user. */
const aboutPage = (userId, enrollmentId) => ({ userId, authenticatorId: `page ${enrollmentId}` });
const sealUri = ({ sealer }, userId, enrollmentId, uri) =>
  sealer.seal(new TextEncoder().encode(uri), aboutPage(userId, enrollmentId));

/** Undefined if the page was tampered with, or is older than the sealing key. */
async function openUri({ sealer }, userId, { enrollmentId, sealed }) {
  try {
    const bytes = await sealer.open(String(sealed), aboutPage(userId, String(enrollmentId)));
    const uri = new TextDecoder().decode(bytes);
    return { enrollmentId, uri, secret: encodeBase32(parseOtpauthUri(uri).secret), sealed };
  } catch {
    return undefined;
  }
}

const OVER = ['expired', 'superseded', 'reused'];

export function enrolmentRoutes(app, portal) {
  /** The first sign-in of a community, and the sign-in after a lost phone. */
  const settingUp = async (c, next) => {
    const session = c.get('session');
    const isDone = session.level === 'password' && !needsSetUp(session, c.get('status'));
    return isDone ? c.redirect('/second-factor', 303) : next();
  };

  app.get('/set-up', requireLevel('password', 'renew'), settingUp, (c) =>
    c.html(setUpPage({ session: c.get('session') })),
  );
  app.post('/set-up', requireLevel('password', 'renew'), settingUp, async (c) => {
    const isRenewed =
      c.get('session').level === 'renew' && c.get('status').authenticators.length > 0;
    const { answer, response } = await startEnrolment(
      c,
      portal,
      isRenewed ? { replaces: 'all' } : {},
    );
    // Fifteen minutes after the recovery code the session is no proof any more.
    return response ?? beginAgain(c, answer, '/sign-in');
  });

  app.post('/enrolment', requireLevel('password', 'renew', 'full'), settingUp, async (c) => {
    const session = c.get('session');
    const form = await c.req.parseBody();
    const shown = await openUri(portal, session.user_id, form);
    if (shown === undefined) return beginAgain(c, { reason: 'superseded' }, placeToBegin(session));
    const again = (more) =>
      enrolmentPage({ session, ...WORDS[session.organisation], shown, ...more });
    const wrong =
      session.organisation === 'phone' && (await confirmPassword(c, portal, form.password));
    if (wrong) return c.html(again({ errors: { password: wrong.error } }), wrong.status);
    const codes = form.next === undefined ? form.code : [form.code, form.next];
    const answer = await portal.second.confirm(session.user_id, form.enrollmentId, codes);
    if (answer.ok) return finish(c, portal, answer);
    if (OVER.includes(answer.reason)) return beginAgain(c, answer, placeToBegin(session));
    if (answer.reason === 'second-code') {
      return c.html(again({ first: form.code, hint: clockText(answer.clockOff) }));
    }
    return c.html(again({ errors: { code: textOf(answer) } }), statusOf(c, answer));
  });
}

const PLACES = { 'contact-centre': '/profile', phone: '/account', community: '/security' };
const placeToBegin = ({ level, organisation }) =>
  level === 'full' ? PLACES[organisation] : '/set-up';

/** Ends an enrolment, and says where to begin again. */
export function beginAgain(c, answer, place) {
  const text = answer.reason === 'proof-required' ? 'That took too long.' : textOf(answer);
  const page = {
    title: 'Begin again',
    session: c.get('session'),
    text,
    place,
    label: 'Begin again',
  };
  return c.html(errorPage(page), statusOf(c, answer));
}

/** The phone is bound: the account's flag says so too, and the session begins anew. */
async function finish(c, portal, answer) {
  const { query, now } = portal;
  const userId = c.get('session').user_id;
  // After a reset in between, the flag alone would shut the user out.
  const status = await portal.second.status(userId);
  if (status.epoch === answer.epoch) {
    await query('UPDATE users SET mfa_enabled = true WHERE id = $1', [userId]);
  }
  await beginSession(c, portal, userId, 'full', { epoch: answer.epoch, verifiedAt: now() });
  const clock = Math.abs(answer.clockOff) < 60 ? undefined : clockText(answer.clockOff);
  const session = { ...c.get('session'), level: 'full' };
  if (answer.recoveryCodes === undefined) return c.redirect('/', 303);
  return c.html(recoveryCodesPage({ session, codes: answer.recoveryCodes, clock }));
}
