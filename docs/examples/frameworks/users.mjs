// Stands for your own users: the password, hashed, and a flag for each who has a second factor.
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

const hash = (password, salt) => scryptSync(password, salt, 32);

function makeUser(id) {
  const salt = randomBytes(16);
  const email = `${id}@example.com`;
  return { id, email, salt, hashed: hash('correct horse', salt), hasSecondFactor: false };
}

// Next.js loads a file once for each route; the map of one process is one.
globalThis.users ??= new Map(['alice', 'bob', 'carol', 'dave'].map((id) => [id, makeUser(id)]));

/** The user, or undefined for a wrong name or password. */
export async function checkPassword(name, password) {
  const user = globalThis.users.get(name);
  if (user === undefined || typeof password !== 'string') return undefined;
  return timingSafeEqual(hash(password, user.salt), user.hashed) ? user : undefined;
}

export async function markEnrolled(id) {
  globalThis.users.get(id).hasSecondFactor = true;
}
