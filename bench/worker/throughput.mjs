// The first screen's second half: every core at work, each with a worker thread of its own.
import os from 'node:os';
import { spread } from './spread.mjs';
import { openOwner, openTeam } from './team.mjs';

const ROUNDS = 3;
const ROUND_MS = 30;
const WARM_MS = 50;
const MILLION = 1_000_000;

/** Threads that run at once. */
export const CORES = os.availableParallelism();

/** Users a second of a row on a team that is open, or undefined if the subject lacks the call. */
async function perSecondOf(team, row) {
  const reason = await team.check(row);
  if (reason?.startsWith('absent')) return undefined;
  if (reason !== undefined) throw new Error(`${row}: ${reason}`);
  await team.perSecond(row, WARM_MS);
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await team.perSecond(row, ROUND_MS));
  return { ...spread(rounds), rounds };
}

async function withTeam(module, count, owner, use) {
  const team = await openTeam(module, count, owner);
  try {
    return await use(team);
  } finally {
    await team.close();
  }
}

/** Users a second of a subject on all cores: `{ row: spread }`. */
export function onAllCores(module, rows) {
  return withTeam(module, CORES, undefined, async (team) => {
    const measured = {};
    for (const row of rows) measured[row] = await perSecondOf(team, row);
    return measured;
  });
}

/** Users a second on all cores, where one thread more holds the store of all. */
export async function withSharedStore() {
  const owner = await openOwner();
  try {
    return await withTeam('otpcore-once', CORES, owner, (team) => perSecondOf(team, 'shared'));
  } finally {
    await owner.terminate();
  }
}

/** Seconds that a million sign-ins take: each a user of its own, with a right code. */
export function secondsOfMillion(threads) {
  return withTeam('otpcore-once', threads, undefined, async (team) => {
    const row = `million:${threads}`;
    const reason = await team.check(row);
    if (reason !== undefined) throw new Error(`${row}: ${reason}`);
    return MILLION / (await team.perSecond(row, 0));
  });
}
