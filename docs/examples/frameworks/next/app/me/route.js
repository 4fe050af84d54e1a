import { notSignedIn } from '../../lib/answers.js';
import { wholeSession } from '../../lib/session.js';

export async function GET() {
  const session = await wholeSession();
  return session === undefined ? notSignedIn() : Response.json(session.user);
}
