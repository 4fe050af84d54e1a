// Sign-ins a second against a durable PostgreSQL: each verifies a right code from base32 text and claims
// its step, one row of a table on the disk. The store is timed with and without `together`, in turn.
import assert from 'node:assert/strict';
import { createKey, generateTotp, verifyTotpOnce } from '../../dist/node/index.js';
import { createPostgresTable, postgresStore } from '../../dist/node/stores/postgres.js';
import { startPostgres } from '../../test/servers/support/postgres.mjs';
import { CLIENTS } from '../../test/servers/support/stores.mjs';
import { ratios, spread } from '../worker/spread.mjs';
import { makeUsers } from '../worker/users.mjs';

/** Sign-ins on their way at once. */
const AT_ONCE = [1, 16, 64, 256];
/** Rows of the table: users who signed in before. */
const ROWS = 10_000;
const STEP_MS = 30_000;
const FIRST_STEP = 56_666_666;
/** From one sign-in of a user to the next: beyond the window, whose later steps may have the same code. */
const STRIDE_STEPS = 3;

const percentile99 = (sorted) => sorted[Math.floor(sorted.length * 0.99)];

/** A source of sign-ins: each user once, then each again later. */
function makeArrivals() {
  const users = makeUsers('SHA1').map(({ text }) => ({ text, key: createKey(text) }));
  let count = 0;
  return () => {
    const { text, key } = users[count % users.length];
    const timestamp = (FIRST_STEP + STRIDE_STEPS * Math.floor(count / ROWS)) * STEP_MS;
    const id = `user-${count % ROWS}`;
    count += 1;
    return { text, code: generateTotp(key, { timestamp }), id, timestamp };
  };
}

async function signIn({ text, code, id, timestamp }, store) {
  const { valid } = await verifyTotpOnce(createKey(text), code, { store, id, timestamp });
  return valid;
}

/** Sign-ins for so long; each has to be accepted. */
async function timeOnce(store, next, atOnce, milliseconds) {
  const waits = [];
  const begun = performance.now();
  const lane = async () => {
    do {
      const start = performance.now();
      assert.equal(await signIn(next(), store), true, 'a right code is accepted');
      waits.push(performance.now() - start);
    } while (performance.now() - begun < milliseconds);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  const perSecond = (1000 * waits.length) / (performance.now() - begun);
  return { perSecond, p99: percentile99(waits.sort((a, b) => a - b)) };
}

async function assertStore(store, arrival) {
  const answers = await Promise.all([signIn(arrival, store), signIn(arrival, store)]);
  assert.deepEqual(answers.sort(), [false, true], 'a code is accepted once');
}

/** The stores in turn, for a number of sign-ins at once. */
async function compare(stores, next, atOnce, { rounds, roundMs }) {
  const timed = { single: [], together: [] };
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? ['single', 'together'] : ['together', 'single'];
    for (const name of order) {
      const one = await timeOnce(stores[name], next, atOnce, roundMs);
      // The first round warms up.
      if (round >= 0) timed[name].push(one);
    }
  }
  const rates = (name) => timed[name].map(({ perSecond }) => perSecond);
  const p99 = (name) => spread(timed[name].map((one) => one.p99)).median;
  return {
    atOnce,
    single: spread(rates('single')),
    together: spread(rates('together')),
    ratio: ratios(rates('together'), rates('single')),
    p99: { single: p99('single'), together: p99('together') },
    rounds: { single: rates('single'), together: rates('together') },
  };
}

/** Measures all of {@link AT_ONCE} on a server of its own; `tell` hears each result. */
export async function measureDurable(length, tell) {
  const server = await startPostgres();
  const { client, end } = await CLIENTS.pg.open(server.address);
  try {
    await createPostgresTable(client);
    const { rows } = await client.query("SELECT current_setting('fsync') AS fsync");
    assert.equal(rows[0].fsync, 'on');
    const stores = {
      single: postgresStore(client),
      together: postgresStore(client, { together: true }),
    };
    const next = makeArrivals();
    for (const store of Object.values(stores)) await assertStore(store, next());
    const results = [];
    for (const atOnce of AT_ONCE) {
      const result = await compare(stores, next, atOnce, length);
      results.push(result);
      tell(result);
    }
    return results;
  } finally {
    await end();
    await server.stop();
  }
}

/** Whether `together` reaches what it must: three times at 64, no later, and no slower alone. */
export function isTogetherReached(results) {
  const [alone] = results;
  const many = results.find(({ atOnce }) => atOnce === 64);
  return (
    many.ratio.median >= 3 && many.p99.together <= many.p99.single && alone.ratio.median >= 0.95
  );
}
