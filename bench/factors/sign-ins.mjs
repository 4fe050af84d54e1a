// Right codes of a thousand users, one pass over all of them after another. Before each pass the clock
// moves beyond the window, so every code is fresh.
import { createKey, generateTotp } from '../subjects/library.mjs';
import { TIMESTAMP } from '../worker/users.mjs';

const STEP_MS = 30_000;
/** The window of one step, and one for a later step that shows the same code. */
const STRIDE_STEPS = 4;

/**
 * The job of a sign-in: `signIn(id, code)` says whether the code was accepted.
 *
 * @param clock - its `now` is the moment of a pass
 */
export function signInJob(users, clock, signIn, check) {
  const keys = users.map(({ text }) => createKey(text));
  let codes = users.map(({ right }) => right);
  let inPass = 0;
  return {
    call: async (id, i) => ((await signIn(id, codes[i])) ? 1 : 0),
    left: users.map(({ account }) => account),
    right: users.map((_, i) => i),
    usersACall: 1,
    isAsync: true,
    beforeSlice(count) {
      // A pass ends between two slices, so that one slice has one clock.
      if (inPass === 0 || inPass + count > users.length) {
        clock.now += STRIDE_STEPS * STEP_MS;
        codes = keys.map((key) => generateTotp(key, { timestamp: clock.now }));
        inPass = 0;
      }
      inPass += count;
    },
    check,
  };
}

export const newClock = () => ({ now: TIMESTAMP });
