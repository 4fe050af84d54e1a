import { bodyOf, notSignedIn, refuse, showOnce } from '../../../lib/answers.js';
import { secondFactor } from '../../../lib/second-factor.js';
import { renewSession, wholeSession } from '../../../lib/session.js';
import { markEnrolled } from '../../../lib/users.mjs';

export async function POST(request) {
  const session = await wholeSession();
  if (session === undefined) return notSignedIn();
  const { user } = session;
  const body = await bodyOf(request);
  const answer = await secondFactor().confirm(user.id, body?.enrollmentId, body?.code);
  if (!answer.ok) return refuse(answer);
  await markEnrolled(user.id);
  const passed = { epoch: answer.epoch, verifiedAt: Date.now() };
  await renewSession({ user, passed }, 720);
  return showOnce({ recoveryCodes: answer.recoveryCodes });
}
