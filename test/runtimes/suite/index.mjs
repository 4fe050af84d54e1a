// The conformance suite: everything that holds for the library in any runtime. It takes the library
// as its input and needs nothing but the language, so that it runs where there is no module loader,
// no console and no timer.
import { base32 } from './base32.mjs';
import { batch } from './batch.mjs';
import { digests } from './digests.mjs';
import { errors } from './errors.mjs';
import { hostile } from './hostile.mjs';
import { hotp } from './hotp.mjs';
import { otherLibraries } from './other-libraries.mjs';
import { resync } from './resync.mjs';
import { secondFactor } from './second-factor.mjs';
import { secret } from './secret.mjs';
import { singleUse } from './single-use.mjs';
import { totp } from './totp.mjs';
import { uris } from './uris.mjs';

/** What the suite looks at, by name; each adds its checks. */
export const TOPICS = {
  hotp,
  totp,
  digests,
  base32,
  uris,
  batch,
  resync,
  otherLibraries,
  singleUse,
  secondFactor,
  hostile,
  errors,
  secret,
};

/**
 * Runs the suite, one check after the other.
 *
 * @param library - the module namespaces of `otpcore` and of the second factor as one
 * @param topics - names of the topics to run; default all
 * @returns how many checks passed, and each that failed with its reason
 */
export async function runSuite(library, topics = Object.keys(TOPICS)) {
  const checks = [];
  for (const topic of topics) {
    const check = (title, run) => checks.push({ title: `${topic}: ${title}`, run });
    try {
      TOPICS[topic]({ library, check });
    } catch (error) {
      // What the checks have in common is made first; if that fails, so does the topic.
      check('can be set up', () => {
        throw error;
      });
    }
  }
  const failures = [];
  for (const { title, run } of checks) {
    try {
      await run();
    } catch (error) {
      failures.push({ title, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { passed: checks.length - failures.length, failures };
}
