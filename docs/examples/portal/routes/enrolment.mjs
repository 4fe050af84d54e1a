/** Enrolment: a QR code, and the first code that binds the phone. */
import { encodeBase32, parseOtpauthUri } from 'otpcore';
import { clockText, statusOf, textOf } from '../answers.mjs';
import { enrolmentPage, recoveryCodesPage } from '../pages/enrolment.mjs';
import { checkPassword } from '../passwords.mjs';
import { beginSession, requireLevel } from '../sessions.mjs';
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

async function openUri({ sealer }, userId, enrollmentId, sealed) {
  const bytes = await sealer.open(String(sealed), aboutPage(userId, String(enrollmentId)));
  const uri = new TextDecoder().decode(bytes);
  return { enrollmentId, uri, secret: encodeBase32(parseOtpauthUri(uri).secret), sealed };
}

export function enrolmentRoutes(app, portal) {
  const allowed = requireLevel('password', 'renew', 'full');

  // The first sign-in of a community, and the sign-in after a lost phone.
  app.get('/set-up', requireLevel('password', 'renew'), async (c) => {
    const session = c.get('session');
    if (session.level === 'password' && !needsSetUp(session, c.get('status')))
      return c.redirect('/second-factor', 303);
    const replaces =
      session.level === 'renew' && c.get('status').authenticators.length > 0 ? 'all' : undefined;
    const { answer, response } = await startEnrolment(c, portal, { replaces });
    return (
      response ??
      (answer.reason === 'proof-required'
        ? c.redirect('/sign-in', 303)
        : c.text(textOf(answer), 422))
    );
  });

  app.post('/enrolment', allowed, async (c) => {
    const session = c.get('session');
    if (session.level === 'password' && !needsSetUp(session, c.get('status')))
      return c.redirect('/second-factor', 303);
    const form = await c.req.parseBody();
    const shown = await openUri(portal, session.user_id, form.enrollmentId, form.sealed);
    const again = (more) =>
      enrolmentPage({ session, ...WORDS[session.organisation], shown, ...more });
    if (session.organisation === 'phone') {
      const wrong = await wrongPassword(c, portal, form.password);
      if (wrong !== undefined) return c.html(again({ errors: { password: wrong } }), 422);
    }
    const codes = form.next === undefined ? form.code : [form.code, form.next];
    const answer = await portal.second.confirm(session.user_id, form.enrollmentId, codes);
    if (answer.ok) return finish(c, portal, answer);
    if (answer.reason === 'second-code')
      return c.html(again({ first: form.code, hint: clockText(answer.clockOff) }));
    return c.html(again({ errors: { code: textOf(answer) } }), statusOf(c, answer));
  });
}

async function wrongPassword(c, { query, now }, password) {
  const { rows } = await query('SELECT * FROM users WHERE id = $1', [c.get('session').user_id]);
  const answer = await checkPassword(query, rows[0], password, now());
  return answer.ok ? undefined : 'The password is wrong.';
}

/** The phone is bound: the account's flag says so too, and the session begins anew. */
async function finish(c, portal, answer) {
  const { query, now } = portal;
  const userId = c.get('session').user_id;
  await query('UPDATE users SET mfa_enabled = true WHERE id = $1', [userId]);
  await beginSession(c, portal, userId, 'full', { epoch: answer.epoch, verifiedAt: now() });
  const clock = Math.abs(answer.clockOff) < 60 ? undefined : clockText(answer.clockOff);
  const session = { ...c.get('session'), level: 'full' };
  if (answer.recoveryCodes === undefined) return c.redirect('/', 303);
  return c.html(recoveryCodesPage({ session, codes: answer.recoveryCodes, clock }));
}
