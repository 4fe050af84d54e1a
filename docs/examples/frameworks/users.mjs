// Stands for your own users: the password, hashed, and a flag for each who has a second factor.
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

const hash = (password, salt) => scryptSync(password, salt, 32);

function makeUser(id) {
  const salt = randomBytes(16);
  const email = `${id}@example.com`;
  return { id, email, salt, hashed: hash('correct horse', salt), hasSecondFactor: false };
}

const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin'];

/** Kept on globalThis, because Next.js may load this file once for each route. */
function users() {
  globalThis.users ??= new Map(NAMES.map((id) => [id, makeUser(id)]));
  return globalThis.users;
}

/** The user, or undefined for a wrong name or password. */
export async function checkPassword(name, password) {
  const user = users().get(name);
  if (user === undefined || typeof password !== 'string') return undefined;
  return timingSafeEqual(hash(password, user.salt), user.hashed) ? user : undefined;
}

export async function markEnrolled(id) {
  users().get(id).hasSecondFactor = true;
}

/** For support, after `second.reset(id, { by })`: without this the user would stay out. */
export async function clearEnrolled(id) {
  users().get(id).hasSecondFactor = false;
}
