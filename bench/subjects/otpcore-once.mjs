// The path that the README recommends: `createKey(text)`, `verifyTotpOnce`, `memoryStore`. Also the
// store alone: claims of a million ids beside `get` and `set` on a bare `Map`.
import assert from 'node:assert/strict';
import { workerData } from 'node:worker_threads';
import { jobOf as plainJobOf } from '../worker/jobs.mjs';
import { TIMESTAMP } from '../worker/users.mjs';
import { createKey, generateTotp, memoryStore, verifyTotpOnce } from './library.mjs';

const STEP_MS = 30_000;
const STEP = Math.floor(TIMESTAMP / STEP_MS);
const MILLION = 1_000_000;
/** Coprime to a million: its multiples visit every id, far from one another. */
const STRIDE = 611_953;

/** A new string each time, as out of a request: its hash is not known yet. */
const idOf = (i) => Buffer.from(`user-${String(i).padStart(7, '0')}`).toString('latin1');

/** Verifies from text, as the jobs of all subjects ask for it. */
const once = {
  verifier(form, { window, timestamp }) {
    if (form !== 'text') return 'the recommended path starts from text';
    let count = 0;
    return {
      load: ({ text }) => text,
      async accepts(text, code) {
        count += 1;
        const options = { timestamp, window, store: memoryStore(), id: `check-${count}` };
        return (await verifyTotpOnce(createKey(text), code, options)).valid;
      },
    };
  },
};

async function checkStore([{ text, right }], store = memoryStore(), id = 'alice') {
  const options = { timestamp: TIMESTAMP, store, id };
  const key = createKey(text);
  assert.equal((await verifyTotpOnce(key, right, options)).valid, true, 'once is accepted');
  assert.equal((await verifyTotpOnce(key, right, options)).valid, false, 'twice is refused');
}

/**
 * Codes of one step after another: after every pass over the users the clock moves on, beyond the
 * window. A code that a later step of the window happens to have claims that later step.
 */
function makeSteps(users, window, which) {
  const keys = users.map(({ text }) => createKey(text));
  const steps = {
    timestamp: TIMESTAMP,
    codes: users.map((user) => user[which]),
    next() {
      if (which !== 'right') return;
      steps.timestamp += (window + 2) * STEP_MS;
      steps.codes = keys.map((key) => generateTotp(key, { timestamp: steps.timestamp }));
    },
  };
  return steps;
}

/** A thousand users, one after the other; each pass signs all of them in again. */
function signIns(users, window, which) {
  const steps = makeSteps(users, window, which);
  const options = { timestamp: TIMESTAMP, window, store: memoryStore(), id: '' };
  const ids = [];
  let [next, inStep] = [0, 0];
  return {
    call: async (text, i) => {
      options.id = ids[i];
      return (await verifyTotpOnce(createKey(text), steps.codes[i], options)).valid ? 1 : 0;
    },
    left: users.map(({ text }) => text),
    right: users.map((_, i) => i),
    usersACall: 1,
    isAsync: true,
    beforeSlice(count) {
      // A step ends between two slices, so that one slice has one clock.
      if (inStep + count > users.length) {
        steps.next();
        options.timestamp = steps.timestamp;
        inStep = 0;
      }
      inStep += count;
      for (let i = 0; i < count; i++) {
        ids[next] = idOf(next);
        next = (next + 1) % users.length;
      }
    },
  };
}

/** A million users sign in once each, into one store; of several threads, each takes its share. */
function million(users, threads) {
  const count = Math.floor(MILLION / threads);
  const ids = [];
  return {
    check: () => checkStore(users),
    async time() {
      const options = { timestamp: TIMESTAMP, store: memoryStore(), id: '' };
      let [elapsed, accepted] = [0, 0];
      for (let done = 0; done < count; done += ids.length) {
        ids.length = Math.min(users.length, count - done);
        for (let i = 0; i < ids.length; i++) ids[i] = idOf(((done + i) * STRIDE) % MILLION);
        const start = performance.now();
        for (let i = 0; i < ids.length; i++) {
          options.id = ids[i];
          const result = await verifyTotpOnce(createKey(users[i].text), users[i].right, options);
          if (result.valid) accepted += 1;
        }
        elapsed += performance.now() - start;
      }
      return `${count} ${Math.round(1e6 * elapsed)} ${accepted}`;
    },
  };
}

/** Sign-ins on their way at once in each thread, where the store is in another. */
const IN_FLIGHT = 64;

/** Each thread verifies, and one other thread holds the store (`worker/store-owner.mjs`). */
function sharedStore(users, thread) {
  const store = storeBehind(workerData.port);
  let count = 0;
  async function signIn() {
    const { text, right } = users[count % users.length];
    const options = { timestamp: TIMESTAMP, store, id: `thread-${thread}-${count++}` };
    return (await verifyTotpOnce(createKey(text), right, options)).valid ? 1 : 0;
  }
  async function time(milliseconds) {
    const start = performance.now();
    let [signedIn, accepted] = [0, 0];
    const lane = async () => {
      do {
        const isAccepted = await signIn();
        accepted += isAccepted;
        signedIn += 1;
      } while (performance.now() - start < milliseconds);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
    return `${signedIn} ${Math.round(1e6 * (performance.now() - start))} ${accepted}`;
  }
  return {
    time,
    async check() {
      await checkStore(users, store, `check-${thread}`);
      assert.equal(await signIn(), 1, 'a right code is accepted');
    },
  };
}

/** A store that asks by messages. Claims that are made at the same time share one message. */
function storeBehind(port) {
  const waiting = [];
  let claims = [];
  port.on('message', (answers) => {
    for (const answer of answers) waiting.shift()(answer);
  });
  function flush() {
    port.postMessage(claims);
    claims = [];
  }
  return {
    claim(id, step) {
      if (claims.length === 0) queueMicrotask(flush);
      claims.push(id, step);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

/** A million ids, each claimed again one step later, in an order that jumps about. */
function claims(claim) {
  for (let i = 0; i < MILLION; i++) claim(idOf(i), STEP);
  const ids = new Array(1000).fill('');
  let [turn, step, next] = [0, STEP, 0];
  return {
    call: (_, i) => (claim(ids[i], step) ? 1 : 0),
    left: ids,
    right: ids.map((_, i) => i),
    usersACall: 1,
    beforeSlice(count) {
      if (turn === 0 || turn + count > MILLION) [turn, step] = [0, step + 1];
      for (let i = 0; i < count; i++) {
        ids[next] = idOf((turn++ * STRIDE) % MILLION);
        next = (next + 1) % ids.length;
      }
    },
    check() {
      assert.equal(claim(idOf(7), STEP), false, 'a used step is refused');
    },
  };
}

const CLAIMS = {
  store: () => {
    const store = memoryStore();
    return (id, step) => store.claim(id, step);
  },
  map: () => {
    const map = new Map();
    return (id, step) => {
      const last = map.get(id);
      map.set(id, step);
      return last === undefined || last < step;
    };
  },
};

function verify(row, algorithm, users) {
  const [, , window, which] = row.split(':');
  const job = plainJobOf(row, once, algorithm, users);
  if (typeof job === 'string') return job;
  return {
    ...signIns(users, Number(window), which),
    async check(setClock) {
      await job.check(setClock);
      await checkStore(users);
    },
  };
}

export const subject = {
  label: 'otpcore, the recommended path',
  keeps: 'nothing',

  jobOf(row, _subject, algorithm, users, thread) {
    const [kind, which] = row.split(':');
    if (kind === 'claim') return claims(CLAIMS[which]());
    if (kind === 'million') return million(users, Number(which));
    if (kind === 'shared') return sharedStore(users, thread);
    return verify(row, algorithm, users);
  },
};
