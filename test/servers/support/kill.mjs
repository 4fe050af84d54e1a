// A server killed in the middle of a storm of claims, and started again on the same data.
import { startClaimer } from './claimers.mjs';
import { sleep } from './server.mjs';

const PROCESSES = 4;
const LANES = 8;
/** Until the claims are well under way, and a little more by chance. */
const BEFORE_MS = 600;
const BY_CHANCE_MS = 300;

/**
 * Kills a server while processes claim, starts it again and claims again all that had been granted.
 *
 * @param server - as of `makeServer`
 * @param clients - `[kind, address]` pairs, dealt to the processes in turn
 * @param openFresh - opens a client of its own for what is asked afterwards
 * @returns how many claims were granted, refused and failed, and those that were granted again
 */
export async function killDuringClaims({ server, clients, ids, openFresh }) {
  const claimers = await Promise.all(
    Array.from({ length: PROCESSES }, (_, i) => startClaimer(...clients[i % clients.length])),
  );
  try {
    const rising = claimers.map(({ ask }) => ask('rise', { ids, lanes: LANES }));
    await sleep(BEFORE_MS + BY_CHANCE_MS * Math.random());
    await server.kill();
    await server.start();
    // Some clients wait for the server and go on; all that they were granted counts as well.
    await Promise.all(claimers.map(({ ask }) => ask('settle')));
    const outcomes = await Promise.all(rising);
    const granted = outcomes.flatMap((outcome) => outcome.granted);
    const sum = (name) => outcomes.reduce((total, outcome) => total + outcome[name], 0);
    const again = await claimAll(openFresh, granted);
    return { granted: granted.length, refused: sum('refused'), failed: sum('failed'), ...again };
  } finally {
    await Promise.all(claimers.map(({ end }) => end()));
  }
}

/** Those of the claims that are granted, and whether the store still grants what is new. */
async function claimAll(openFresh, claims) {
  const { store, end } = await openFresh();
  try {
    const answers = await Promise.all(claims.map(([id, step]) => store.claim(id, step)));
    const highest = claims.reduce((top, [, step]) => Math.max(top, step), 0);
    const isAlive = await store.claim(claims[0][0], highest + 1000);
    return { again: claims.filter((_, i) => answers[i]), isAlive };
  } finally {
    await end();
  }
}

export function describeKill(name, { granted, refused, failed, again }) {
  return `kill -9 of ${name}: ${granted} granted, ${refused} refused, ${failed} failed; after the restart ${again.length} of the granted were granted again`;
}
