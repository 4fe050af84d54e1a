// Which servers there are, and what happens without one.
import { describe } from 'vitest';

/** Set where every server has to be there, as in the gate. */
export const isRequired = process.env.SERVERS === 'required';

/**
 * `describe` for tests that need a program. Without it they are skipped, or fail if all servers are
 * required.
 */
export function describeWith(title, program, remedy, tests) {
  if (program !== undefined) return describe(title, tests);
  const missing = `needs ${remedy}`;
  if (isRequired) throw new Error(`${title} ${missing}`);
  console.warn(`left out: ${title} (${missing})`);
  return describe.skip(`${title} (${missing})`, tests);
}
