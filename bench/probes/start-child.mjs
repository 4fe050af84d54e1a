// From import to first verification in a process that has done nothing else:
// `node start-child.mjs MODULE ALGORITHM` prints the milliseconds of the import, of the first
// verification from base32 text, and of the second.
import { stopClock } from '../lane/clock.mjs';

const [module, algorithm] = process.argv.slice(2);
/** RFC 6238, appendix B: the secrets' base32 text, and the last six digits at 59 seconds. */
const TIMESTAMP = 59_000;
const VECTORS = {
  SHA1: ['GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '287082'],
  SHA256: ['GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA', '119246'],
  SHA512: [`${'GEZDGNBVGY3TQOJQ'.repeat(6)}GEZDGNA`, '693936'],
};
stopClock(TIMESTAMP);

const start = performance.now();
const { subject } = await import(`../subjects/${module}.mjs`);
const imported = performance.now();

async function verifyOnce() {
  const [text, code] = VECTORS[algorithm];
  const begin = performance.now();
  const verifier = subject.verifier('text', { algorithm, window: 1, timestamp: TIMESTAMP });
  const isAccepted = await verifier.accepts(verifier.load({ text }), code);
  const elapsed = performance.now() - begin;
  if (isAccepted !== true) throw new Error('the right code is not accepted');
  return elapsed;
}

console.log(JSON.stringify([imported - start, await verifyOnce(), await verifyOnce()]));
