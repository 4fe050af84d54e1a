// Single use beside verification alone: `once:verify` is `verifyTotp`, `once:claim` the same right codes
// through `verifyTotpOnce` on a `memoryStore` that holds a million users. Each user signs in once a
// step, in an order that jumps about the store. `once:claim-near` is the same with a thousand of the
// million, whose entries stay in the processor's caches: what remains is not waiting for memory.
import assert from 'node:assert/strict';
import { createKey, generateTotp, memoryStore, verifyTotp, verifyTotpOnce } from '../library.mjs';
import { TIMESTAMP } from '../users.mjs';

const ID_COUNT = 1_000_000;
/** Coprime to the count: its multiples visit every id, far from one another. */
const STRIDE = 611_953;
const NEAR_COUNT = 1000;
const STEP_MS = 30_000;

/** A text of its own each time, as out of a request: its hash is not known yet. */
const idOf = (i) => Buffer.from(`user-${String(i).padStart(7, '0')}`).toString('latin1');

/** Who comes next, with which code: so many ids once, then the same again one step later. */
function makeArrivals(keys, idCount) {
  const apart = ID_COUNT / idCount;
  const options = { timestamp: TIMESTAMP - STEP_MS, store: undefined, id: undefined };
  const ids = [];
  let codes = [];
  let turn = 0;
  let next = 0;
  function advance() {
    options.timestamp += STEP_MS;
    codes = keys.map((key) => generateTotp(key, { timestamp: options.timestamp }));
  }
  return {
    options,
    /** The ids of the next calls; a step ends between two slices, so that each has one clock. */
    beforeSlice(count) {
      if (turn === 0 || turn + count > idCount) {
        advance();
        turn = 0;
      }
      for (next = 0; next < count; next++) {
        ids[next] = idOf(((turn++ * STRIDE) % idCount) * apart);
      }
      next = 0;
    },
    nextId: () => ids[next++],
    codeOf: (i) => codes[i],
  };
}

/** A store in which every user has signed in one step ago. */
function fullStore() {
  const store = memoryStore();
  for (let i = 0; i < ID_COUNT; i++) store.claim(idOf(i), Math.floor(TIMESTAMP / STEP_MS) - 1);
  return store;
}

function verifyCall({ options, nextId, codeOf }) {
  return (key, i) => {
    // The id is fetched here too: it is not what the claim costs.
    options.id = nextId();
    return verifyTotp(key, codeOf(i), options).valid ? 1 : 0;
  };
}

function claimCall({ options, nextId, codeOf }) {
  options.store = fullStore();
  return async (key, i) => {
    options.id = nextId();
    return (await verifyTotpOnce(key, codeOf(i), options)).valid ? 1 : 0;
  };
}

async function checkStore([key]) {
  const options = { timestamp: TIMESTAMP, store: memoryStore(), id: 'alice' };
  const code = generateTotp(key, options);
  assert.equal((await verifyTotpOnce(key, code, options)).valid, true, 'once is accepted');
  assert.equal((await verifyTotpOnce(key, code, options)).valid, false, 'twice is not');
}

export const subject = {
  label: 'otpcore',
  keeps: 'HMAC midstates',

  jobOf(row, _subject, _algorithm, users) {
    const keys = users.map(({ secret }) => createKey(secret));
    const isClaim = row !== 'once:verify';
    const arrivals = makeArrivals(keys, row === 'once:claim-near' ? NEAR_COUNT : ID_COUNT);
    return {
      call: isClaim ? claimCall(arrivals) : verifyCall(arrivals),
      left: keys,
      right: keys.map((_, i) => i),
      usersACall: 1,
      isAsync: isClaim,
      beforeSlice: arrivals.beforeSlice,
      check: () => checkStore(keys),
    };
  },
};
