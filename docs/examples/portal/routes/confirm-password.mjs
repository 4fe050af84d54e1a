/** The password of a signed-in user, before a change. */
import { timeOf } from '../answers.mjs';
import { checkPassword } from '../passwords.mjs';

/** @returns undefined if it is right, else `{ error, status }` for the page */
export async function confirmPassword(c, { query, now }, typed) {
  const { user_id: id } = c.get('session');
  const { rows } = await query('SELECT * FROM users WHERE id = $1', [id]);
  const answer = await checkPassword(query, `user ${id}`, rows[0], typed, now());
  if (answer.ok) return undefined;
  if (answer.retryAfter === 0) return { error: 'The password is wrong.', status: 422 };
  c.header('Retry-After', String(answer.retryAfter));
  return { error: `Try again in ${timeOf(answer.retryAfter)}.`, status: 429 };
}
