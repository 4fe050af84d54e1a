import { notSignedIn, refuse, showOnce } from '../../lib/answers.js';
import { secondFactor } from '../../lib/second-factor.js';
import { wholeSession } from '../../lib/session.js';

export async function POST() {
  const session = await wholeSession();
  if (session === undefined) return notSignedIn();
  const { user, passed } = session;
  const proof = passed && { session: passed }; // asked for from the second phone on
  const answer = await secondFactor().enroll(user.id, { account: user.email, proof });
  return answer.ok ? showOnce(answer) : refuse(answer); // the uri as a QR code, the secret beside it
}
