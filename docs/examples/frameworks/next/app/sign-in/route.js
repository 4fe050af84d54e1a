import { bodyOf, notSignedIn } from '../../lib/answers.js';
import { secondFactor } from '../../lib/second-factor.js';
import { renewSession } from '../../lib/session.js';
import { checkPassword } from '../../lib/users.mjs';

export async function POST(request) {
  const body = await bodyOf(request);
  const found = await checkPassword(body?.name, body?.password);
  if (found === undefined) return notSignedIn();
  const user = { id: found.id, email: found.email };
  const { state } = await secondFactor().status(user.id);
  const needsCode = found.hasSecondFactor || state === 'active' || state === 'locked';
  // A password alone makes a pending session. It opens one route: the next one.
  await renewSession(needsCode ? { pending: user } : { user }, needsCode ? 10 : 720);
  return Response.json({ next: needsCode ? 'code' : 'home' });
}
