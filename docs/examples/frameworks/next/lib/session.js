// The session, sealed in a cookie: `pending` after the password, `user` and `passed` after the code.
import { sealData, unsealData } from 'iron-session';
import { cookies } from 'next/headers';
import { secondFactor } from './second-factor.js';

const COOKIE = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' };

/** Empty if there is none, or if it was changed or has ended. */
export async function readSession() {
  const sealed = (await cookies()).get('session')?.value;
  return sealed ? unsealData(sealed, { password: process.env.SESSION_SECRET }) : {};
}

/** Replaces the whole session. Its end is sealed inside: a browser may keep a cookie for longer. */
export async function renewSession(state, minutes) {
  const ttl = minutes * 60;
  const sealed = await sealData(state, { password: process.env.SESSION_SECRET, ttl });
  (await cookies()).set('session', sealed, { ...COOKIE, maxAge: ttl });
}

/** A whole session, or undefined. One from before a recovery, a reset or a lost phone has ended. */
export async function wholeSession() {
  const { user, passed } = await readSession();
  if (user === undefined) return undefined;
  const { state, epoch } = await secondFactor().status(user.id);
  const isWhole = passed ? passed.epoch === epoch : state === 'none' || state === 'pending';
  return isWhole ? { user, passed } : undefined;
}
