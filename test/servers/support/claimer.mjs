// One process that claims, as one of several servers of an application would: `claimers.mjs` starts it
// and tells it what to do. It ends with the process that started it.
import { openBrokenStore } from './broken.mjs';
import { openStore } from './stores.mjs';
import { STORM_IDS, stepsOfBurst } from './storm-plan.mjs';

const { kind, address, options } = JSON.parse(process.argv[2]);
const opened = kind === 'broken' ? openBrokenStore(address) : openStore(kind, address, options);
const { client, store, end } = await opened;

/** Set while `rise` should go on. */
let isRising = false;

const TASKS = {
  claim: ({ id, step }) => store.claim(id, step),

  /** A statement of the test's own, over the same connection. */
  exec({ sql }) {
    client.exec(sql);
  },

  /** The same database, closed and opened again. */
  reopen() {
    client.close();
    client.open();
  },

  /** Every id at every step of the burst, in an order of this process's own, as fast as may be. */
  async burst({ number }) {
    const steps = stepsOfBurst(number);
    const claims = shuffle(STORM_IDS.flatMap((id) => steps.map((step) => [id, step])));
    const outcomes = await Promise.allSettled(claims.map(([id, step]) => store.claim(id, step)));
    const errors = outcomes.flatMap(({ reason }) => (reason === undefined ? [] : [String(reason)]));
    return { granted: claims.filter((_, i) => outcomes[i].value === true), errors };
  },

  /**
   * Rising steps of a few ids, in several lanes, each until a claim fails or `settle` is asked; where
   * `tells`, every grant is told at once, by a process that is about to be killed.
   */
  async rise({ ids, lanes, tells }) {
    isRising = true;
    const granted = [];
    let [refused, failed, next] = [0, 0, 0];
    const lane = async () => {
      while (isRising) {
        const [id, step] = [ids[next % ids.length], Math.floor(next / ids.length)];
        next += 1;
        try {
          if (await store.claim(id, step)) {
            granted.push([id, step]);
            if (tells) await tell(id, step);
          } else refused += 1;
        } catch {
          // Whether the store took it is not known: it counts as neither.
          failed += 1;
          return;
        }
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return { granted, refused, failed };
  },

  settle() {
    isRising = false;
  },
};

const tell = (id, step) =>
  new Promise((resolve) => process.send({ told: [id, step] }, () => resolve()));

function shuffle(list) {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

process.on('message', async ({ request, task, details }) => {
  try {
    process.send({ request, answer: await TASKS[task](details) });
  } catch (error) {
    process.send({
      request,
      error: { name: error.name, code: error.code, message: error.message },
    });
  }
});
process.on('disconnect', async () => {
  await end();
  process.exit();
});
process.send({ request: 0 });
