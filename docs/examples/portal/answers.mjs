/** The library's answers, as a user reads them and as HTTP puts them. */

const TEXTS = {
  mismatch: () => 'That code is wrong. Type the code that your app shows now.',
  malformed: () => 'Type the six digits that your app shows.',
  reused: () => 'That code was used already. Wait for the next one.',
  locked: () => 'Too many wrong codes. Use a recovery code, or ask support.',
  'not-enrolled': () => 'This account has no authenticator. Ask support.',
  expired: () => 'That took more than 15 minutes. Begin again.',
  superseded: () => 'Another set-up was begun since. Begin again.',
  'too-many': () => 'You have five authenticators. Remove one first.',
  unknown: () => 'That authenticator is gone.',
  throttled: ({ retryAfter }) =>
    `Too many wrong codes. Try again in ${timeOf(retryAfter)}, or type three codes in a row.`,
};

export const textOf = (answer) => TEXTS[answer.reason](answer);

/** The status of a refusal; a wait is told to programs as well. */
export function statusOf(c, { reason, retryAfter }) {
  if (reason !== 'throttled') return 422;
  c.header('Retry-After', String(retryAfter));
  return 429;
}

export function timeOf(seconds) {
  if (seconds < 90) return `${seconds} seconds`;
  return seconds < 5400
    ? `${Math.ceil(seconds / 60)} minutes`
    : `${Math.ceil(seconds / 3600)} hours`;
}

/** How far a phone is off, and the remedy. */
export function clockText(clockOff) {
  const seconds = Math.abs(clockOff);
  const amount = seconds < 60 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  const unit = amount === '1 minutes' ? '1 minute' : amount;
  return `Your phone is about ${unit} ${clockOff < 0 ? 'slow' : 'fast'}: switch on automatic date and time.`;
}
