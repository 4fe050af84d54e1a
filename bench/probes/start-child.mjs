// The first answer of a fresh process: `node start-child.mjs MODULE ALGORITHM URL…` prints the
// milliseconds of importing the library at the addresses, of the first verification from base32 text
// and of the second, with the subject's name.
import { aboutOf } from '../subjects/version.mjs';
import { stopClock } from '../worker/clock.mjs';

const [module, algorithm, ...urls] = process.argv.slice(2);
/** RFC 6238, appendix B: the secrets' base32 text, and the last six digits at 59 seconds. */
const TIMESTAMP = 59_000;
const VECTORS = {
  SHA1: ['GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '287082'],
  SHA256: ['GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA', '119246'],
  SHA512: [`${'GEZDGNBVGY3TQOJQ'.repeat(6)}GEZDGNA`, '693936'],
};
stopClock(TIMESTAMP);

const start = performance.now();
for (const url of urls) await import(url);
const imported = performance.now() - start;

// Not timed: the file of the benchmark that calls the library, which is loaded by now.
const { subject } = await import(`../subjects/${module}.mjs`);

async function verifyOnce() {
  const [text, code] = VECTORS[algorithm];
  const begin = performance.now();
  const verifier = subject.verifier('text', { algorithm, window: 1, timestamp: TIMESTAMP });
  const isAccepted = await verifier.accepts(verifier.load({ text }), code);
  const elapsed = performance.now() - begin;
  if (isAccepted !== true) throw new Error('the right code is not accepted');
  return elapsed;
}

const times = [imported, await verifyOnce(), await verifyOnce()];
console.log(JSON.stringify({ times, about: aboutOf(subject) }));
