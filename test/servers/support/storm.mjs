// The storm: eight processes claim the same steps of the same ids at the same time. What they were
// granted is held against the order in which the store itself wrote it.
import { startClaimer } from './claimers.mjs';
import { STORM_BURSTS, STORM_IDS, STORM_PROCESSES, STORM_STEPS } from './storm-plan.mjs';

/**
 * Runs a storm.
 *
 * @param clients - `[kind, address]` pairs, dealt to the processes in turn
 * @returns what each process was granted, the errors, and the time
 */
export async function runStorm(clients) {
  const claimers = await Promise.all(
    Array.from({ length: STORM_PROCESSES }, (_, i) => startClaimer(...clients[i % clients.length])),
  );
  try {
    const granted = claimers.map(() => []);
    const errors = [];
    const begun = performance.now();
    for (let number = 0; number < STORM_BURSTS; number++) {
      // All begin a burst together, so that none is done with a step before the others come to it.
      const answers = await Promise.all(claimers.map(({ ask }) => ask('burst', { number })));
      for (const [i, answer] of answers.entries()) {
        granted[i].push(...answer.granted);
        errors.push(...answer.errors);
      }
    }
    return { granted, errors, seconds: (performance.now() - begun) / 1000 };
  } finally {
    await Promise.all(claimers.map(({ end }) => end()));
  }
}

/**
 * What is wrong with what a storm was granted; all lists are empty if the store is right.
 *
 * @param granted - `[id, step]` pairs, one list for each process
 * @param written - `[id, step]` pairs in the order in which the store wrote them
 */
export function judgeStorm({ granted, written }) {
  const grants = granted.flat().map((grant) => JSON.stringify(grant));
  // Creating a table may claim once for its own check.
  const ofStorm = written.filter(([id]) => STORM_IDS.includes(id));
  const writes = ofStorm.map((write) => JSON.stringify(write));
  const last = new Map();
  return {
    grantedTwice: repeated(grants),
    writtenTwice: repeated(writes),
    grantedNotWritten: without(grants, writes),
    writtenNotGranted: without(writes, grants),
    notRising: ofStorm.filter(([id, step]) => {
      const isRising = step > (last.get(id) ?? 0);
      last.set(id, step);
      return !isRising;
    }),
    highestNotGranted: STORM_IDS.filter(
      (id) => !grants.includes(JSON.stringify([id, STORM_STEPS])),
    ),
  };
}

export const NOTHING_WRONG = {
  grantedTwice: [],
  writtenTwice: [],
  grantedNotWritten: [],
  writtenNotGranted: [],
  notRising: [],
  highestNotGranted: [],
};

function repeated(list) {
  const seen = new Set();
  return list.filter((entry) => seen.size === seen.add(entry).size);
}

function without(list, others) {
  const known = new Set(others);
  return list.filter((entry) => !known.has(entry));
}

/** The figures in one line. */
export function describeStorm(name, { granted, errors, seconds }) {
  const claims = STORM_PROCESSES * STORM_IDS.length * STORM_STEPS;
  const shares = granted.map((list) => list.length);
  const total = shares.reduce((sum, share) => sum + share, 0);
  return [
    `storm on ${name}: ${claims} claims by ${STORM_PROCESSES} processes in ${seconds.toFixed(1)} s`,
    `${Math.round(claims / seconds)} claims/s`,
    `${total} granted, ${Math.min(...shares)} to ${Math.max(...shares)} a process`,
    `${claims - total - errors.length} refused`,
    `${errors.length} failed`,
  ].join(', ');
}
