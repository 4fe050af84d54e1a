// What every runtime is asked for: the suite over the library, the engine that was taken, what the
// runtime lacks, and how the suite judges a wrong library there.
import { FAULTS } from './faults.mjs';
import { runSuite } from './index.mjs';
import { engineOf } from './observe.mjs';

const WISHES = ['WebAssembly', 'TextEncoder', 'URL', 'crypto', 'structuredClone', 'setTimeout'];
/** One fault in an answer at once, and one that only a promise shows. */
const WRONG_SUBJECTS = [
  { fault: 'a wrong last digit', topic: 'hotp' },
  { fault: 'a claim that nobody keeps', topic: 'singleUse' },
  { fault: 'a record written without looking', topic: 'secondFactor' },
];

/** @param library - the module namespaces of `otpcore` and of the second factor as one */
export async function judge(library) {
  const lacks = WISHES.filter((name) => typeof globalThis[name] === 'undefined');
  const taken = engineOf(library);
  const { passed, failures } = await runSuite(library);
  const uncaught = [];
  for (const { fault, topic } of WRONG_SUBJECTS) {
    const { failures: found } = await runSuite(FAULTS[topic][fault](library), [topic]);
    if (found.length === 0) uncaught.push(fault);
  }
  return { ...taken, lacks, passed, failures, uncaught };
}
