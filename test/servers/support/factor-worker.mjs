// One process with a second factor, as one of several servers of an application would have: it runs
// single commands, or a storm of all of them. It ends with the process that started it.
import { createKey, generateSecret, generateTotp } from '../../../dist/index.js';
import { openFactorStore } from './factor-stores.mjs';
import { leaky, sealerUnder, sealerWith, traceSecondFactor } from './factor-trace.mjs';

const job = JSON.parse(process.argv[2]);
const { kind, address, options, tables, clock, current = 'k1', keyHex, isLeaky } = job;
const opened = await openFactorStore(kind, address, options, tables);
const store = isLeaky ? leaky(opened.store) : opened.store;
const STEP_MS = 30_000;

/** The moment of the storm: the same in all processes, and many times as fast as the clock. */
const now = () => clock.start + Math.floor((Date.now() - clock.begun) * clock.rate);
const tell = (news) => new Promise((resolve) => process.send({ told: news }, () => resolve()));
const sealer = keyHex === undefined ? sealerWith(current) : sealerUnder(keyHex);
const { run } = traceSecondFactor({ store, now, tell, sealer });

/** Recovery codes that this process has seen, by user. */
const recoveryCodes = new Map();
let isStorming = false;

// Commands -------------------------------------------------------------------------------------------

const pick = (list) => list[Math.floor(Math.random() * list.length)];

/** The codes of consecutive steps, and their names for the judge. */
function codesOf({ id, secret, sealed, digits }, steps) {
  const hex = sealed?.split('.')[1];
  const key = createKey(secret ?? new Uint8Array(Buffer.from(hex, 'hex')));
  const codes = steps.map((step) => generateTotp(key, { timestamp: step * STEP_MS, digits }));
  return { codes, uses: steps.map((step) => `${id}@${step}`) };
}

/** Runs one command and tells its answer. */
async function send(name, userId, uses, command) {
  const answer = await run(uses, command);
  if (answer.recoveryCodes) recoveryCodes.set(userId, [...answer.recoveryCodes]);
  await tell({ userId, command: name, ok: answer.ok, reason: answer.reason, uses });
  return answer;
}

/** The same command twice at once: of two equal codes one counts. */
const twice = (...args) => Promise.all([send(...args), send(...args)]);

/** The proof of a change: the session's, or a code. */
function proofOf({ authenticator, step, epoch }) {
  if (Math.random() < 0.5) return { proof: { session: { epoch, verifiedAt: now() } }, uses: [] };
  const { codes, uses } = codesOf(authenticator, [step]);
  return { proof: { code: codes[0] }, uses };
}

const COMMANDS = {
  verify: ({ userId, authenticator, step }) => {
    const { codes, uses } = codesOf(authenticator, [step]);
    return twice('verify', userId, uses, (second) => second.verify(userId, codes[0]));
  },
  wrong: ({ userId }) => send('wrong', userId, [], (second) => second.verify(userId, '99999999')),
  resync: ({ userId, authenticator, step }) => {
    const { codes, uses } = codesOf(authenticator, [step, step + 1]);
    return twice('resync', userId, uses, (second) => second.resync(userId, codes));
  },
  unlock: ({ userId, authenticator, step }) => {
    const { codes, uses } = codesOf(authenticator, [step - 1, step, step + 1]);
    return twice('unlock', userId, uses, (second) => second.unlock(userId, codes));
  },
  recover: async ({ userId }) => {
    const code = pick(recoveryCodes.get(userId) ?? []);
    if (code === undefined) return;
    await twice('recover', userId, [code], (second) => second.recover(userId, code));
  },
  regenerate: (user) => {
    const { proof, uses } = proofOf(user);
    const command = (second) => second.regenerateRecoveryCodes(user.userId, { proof });
    return twice('regenerate', user.userId, uses, command);
  },
  rename: ({ userId, authenticator }) =>
    send('rename', userId, [], (second) =>
      second.rename(userId, authenticator.id, `Phone ${Math.random()}`),
    ),
  remove: (user) => {
    const { proof, uses } = proofOf(user);
    const command = (second) => second.remove(user.userId, user.authenticator.id, { proof });
    return twice('remove', user.userId, uses, command);
  },
  reset: ({ userId }) => send('reset', userId, [], (second) => second.reset(userId, { by: 'Eve' })),
  reseal: ({ userId }) => send('reseal', userId, [], (second) => second.reseal(userId)),
  adopt: ({ userId }) => {
    const secret = generateSecret();
    return twice('adopt', userId, [], (second) => second.adopt(userId, { secret, digits: 8 }));
  },
  /** Two commands, and the second one twice. */
  async enroll(user) {
    const { userId, authenticator, step } = user;
    const { proof, uses } = authenticator ? proofOf(user) : { uses: [] };
    const replaces = Math.random() < 0.3 ? 'all' : undefined;
    const options = { account: 'alice', proof, replaces };
    const enrolled = await send('enroll', userId, uses, (second) => second.enroll(userId, options));
    if (!enrolled.ok) return;
    const { enrollmentId: id, secret } = enrolled;
    const first = codesOf({ id, secret, digits: 8 }, [step]);
    const confirm = (second) => second.confirm(userId, id, first.codes[0]);
    await twice('confirm', userId, first.uses, confirm);
  },
};
/** All commands, and some of them more often: a reset ends what the others need. */
const DEALT = [
  ...Object.keys(COMMANDS).flatMap((name) => (name === 'reset' ? name : [name, name])),
  ...['verify', 'verify', 'verify', 'verify', 'enroll', 'recover', 'resync', 'unlock', 'unlock'],
];
const WITHOUT_AUTHENTICATOR = ['enroll', 'adopt', 'adopt'];

async function sendOne(userId) {
  const stored = await opened.store.read(userId);
  const { authenticators = [], epoch } = stored ? JSON.parse(stored.record) : {};
  const authenticator = pick(authenticators);
  const names = authenticator ? DEALT : WITHOUT_AUTHENTICATOR;
  const step = Math.floor(now() / STEP_MS);
  await COMMANDS[pick(names)]({ userId, authenticator, epoch, step });
}

// Tasks ----------------------------------------------------------------------------------------------

const TASKS = {
  createTable: () => opened.createTable(),
  run: ({ sql }) => opened.run(sql),
  async insert(row) {
    await opened.insert(row);
  },
  readEvents: () => opened.readEvents(),
  read: ({ userId }) => opened.store.read(userId),

  /** One command; its error comes back as one. */
  command: ({ name, args, uses = [] }) =>
    send(name, args[0], uses, (second) => second[name](...args)),

  /** All commands in several lanes until `settle` is asked, whatever fails on the way. */
  async storm({ users, lanes }) {
    isStorming = true;
    const failures = {};
    const lane = async () => {
      while (isStorming) {
        try {
          await sendOne(pick(users));
          // SQLite and a free pipe answer at once: without a pause `settle` would never be heard.
          await new Promise((resolve) => setImmediate(resolve));
        } catch (error) {
          const name = error.code ?? error.message;
          failures[name] = (failures[name] ?? 0) + 1;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return { failures };
  },

  settle() {
    isStorming = false;
  },
};

process.on('message', async ({ request, task, details }) => {
  try {
    process.send({ request, answer: await TASKS[task](details) });
  } catch (error) {
    const { name, code, message } = error;
    process.send({ request, error: { name, code, message } });
  }
});
process.on('disconnect', async () => {
  await opened.end();
  process.exit();
});
process.send({ request: 0 });
