import { bodyOf, notSignedIn, refuse } from '../../../lib/answers.js';
import { secondFactor } from '../../../lib/second-factor.js';
import { readSession, renewSession } from '../../../lib/session.js';

export async function POST(request) {
  const { pending: user } = await readSession();
  if (user === undefined) return notSignedIn();
  const answer = await secondFactor().verify(user.id, (await bodyOf(request))?.code);
  if (!answer.ok) return refuse(answer);
  const passed = { epoch: answer.epoch, verifiedAt: Date.now() };
  await renewSession({ user, passed }, 720);
  return Response.json({ next: 'home' });
}
