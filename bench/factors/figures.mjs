// The figures of docs/evidence/second-factor.md, as rows of its tables, from the built package over the
// store in memory. Those of `FIXED` are the same in each run, and a test holds the page to them.
import assert from 'node:assert/strict';
import { memoryFactorStore } from '../../dist/node/second-factor/memory.js';
import {
  aesGcmSealer,
  afterFailure,
  afterSuccess,
  chance,
  createSecondFactor,
  retryAfter,
} from '../../dist/node/second-factor.js';
import { createKey, generateTotp } from '../subjects/library.mjs';

const START = 1_800_000_000_000;
const STEP_MS = 30_000;
const DAY = 86_400_000;
const YEAR_DAYS = 365;
const USER = 'user-1';
const POLICY = { free: 3, firstWait: 4, longestWait: 3600, maxFailures: 100, refillPerDay: 1 };

/** A service whose store and sealer count their calls; its clock moves by `pass`. */
function newWorld() {
  const counts = { read: 0, write: 0, open: 0, seal: 0 };
  const counted = (methods, of) =>
    Object.fromEntries(
      methods.map((name) => [
        name,
        (...args) => {
          counts[name] += 1;
          return of[name](...args);
        },
      ]),
    );
  const inner = memoryFactorStore();
  const sealing = aesGcmSealer({ current: 'k1', keys: { k1: new Uint8Array(32).fill(7) } });
  const store = counted(['read', 'write'], inner);
  const sealer = { ...sealing, ...counted(['open', 'seal'], sealing) };
  const world = { counts, inner, sealing, now: START };
  world.second = createSecondFactor({ issuer: 'ACME', store, sealer, now: () => world.now });
  world.pass = (steps) => {
    world.now += steps * STEP_MS;
  };
  return world;
}

const codeOf = ({ key }, world, steps = 0) =>
  generateTotp(key, { timestamp: world.now + steps * STEP_MS });

/** A code that the phone shows at no step around. */
function wrongCode(phone, world) {
  const shown = Array.from({ length: 61 }, (_, i) => codeOf(phone, world, i - 30));
  for (let i = 0; ; i++) {
    const code = String(i * 7919)
      .padStart(6, '0')
      .slice(-6);
    if (!shown.includes(code)) return code;
  }
}

const sessionOf = async (world) => {
  const { epoch } = await world.second.status(USER);
  return { session: { epoch, verifiedAt: world.now } };
};

async function offer(world, options = {}) {
  const given = { account: 'alice@example.com', proof: await sessionOf(world), ...options };
  const offered = await world.second.enroll(USER, given);
  assert.equal(offered.ok, true);
  return { ...offered, key: createKey(offered.secret, { algorithm: given.algorithm }) };
}

async function enrol(world, options) {
  const phone = await offer(world, options);
  const confirmed = await world.second.confirm(USER, phone.enrollmentId, codeOf(phone, world));
  assert.equal(confirmed.ok, true);
  world.pass(3);
  return { ...phone, ...confirmed };
}

// Round trips ----------------------------------------------------------------------------------------

/** Each command on a user of its own: `[name, run, answer]`. */
const COMMANDS = [
  ['status', ({ second }) => second.status(USER)],
  ['enroll', (world) => offer(world)],
  ['verify, accepted', (world, phone) => world.second.verify(USER, codeOf(phone, world))],
  ['verify, mismatch', (world, phone) => world.second.verify(USER, wrongCode(phone, world))],
  [
    'verify, reused',
    (world, phone) => world.second.verify(USER, codeOf(phone, world)),
    (world, phone) => world.second.verify(USER, codeOf(phone, world)),
  ],
  ['verify, malformed', ({ second }) => second.verify(USER, '12345')],
  [
    'verify, throttled',
    (world, phone) => world.second.verify(USER, codeOf(phone, world)),
    async (world, phone) => {
      for (let i = 0; i < 3; i++) await world.second.verify(USER, wrongCode(phone, world));
    },
  ],
  ['verify, not-enrolled', ({ second }) => second.verify('another', '123456')],
  [
    'unlock',
    (world, phone) => {
      const codes = [-1, 0, 1].map((steps) => codeOf(phone, world, steps));
      return world.second.unlock(USER, codes);
    },
  ],
  [
    'resync',
    (world, phone) => {
      const codes = [8, 9].map((steps) => codeOf(phone, world, steps));
      return world.second.resync(USER, codes);
    },
  ],
  ['recover', ({ second }, { recoveryCodes }) => second.recover(USER, recoveryCodes[0])],
  ['rename', ({ second }, { authenticatorId: id }) => second.rename(USER, id, 'Phone')],
  ['reset', ({ second }) => second.reset(USER, { by: 'support' })],
];

/** What each command asks of the store and the sealer. */
async function callRows() {
  const rows = [];
  for (const [name, run, prepare] of COMMANDS) {
    const world = newWorld();
    const phone = await enrol(world);
    await prepare?.(world, phone);
    if (name === 'enroll') await sessionOf(world);
    Object.assign(world.counts, { read: 0, write: 0, open: 0, seal: 0 });
    const answer = await run(world, phone);
    const [, reason] = name.split(', ');
    if (reason !== undefined) assert.equal(answer.ok ? 'accepted' : answer.reason, reason);
    else assert.notEqual(answer.ok, false, name);
    const { read, write, open, seal } = world.counts;
    // The proof of an enrolment is read from the status, which is a command of its own.
    const reads = name === 'enroll' ? read - 1 : read;
    rows.push([name, reads, write, open, seal]);
  }
  return rows;
}

// Races ----------------------------------------------------------------------------------------------

const COUNT = 64;

async function race(title, call) {
  const world = newWorld();
  const phone = await enrol(world);
  world.counts.write = 0;
  const run = call(world, phone);
  const answers = await Promise.all(Array.from({ length: COUNT }, run));
  const counts = {};
  for (const { ok, reason } of answers) {
    const name = ok ? 'accepted' : reason;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  const text = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return [title, text.sort().join(', ')];
}

async function raceRows() {
  return [
    await race('one right code', (world, phone) => {
      const code = codeOf(phone, world);
      return () => world.second.verify(USER, code);
    }),
    await race('one wrong code', (world, phone) => {
      const code = wrongCode(phone, world);
      return () => world.second.verify(USER, code);
    }),
    await race('one recovery code', ({ second }, { recoveryCodes: [code] }) => {
      return () => second.recover(USER, code);
    }),
    await race('one unlock', (world, phone) => {
      const codes = [-1, 0, 1].map((steps) => codeOf(phone, world, steps));
      return () => world.second.unlock(USER, codes);
    }),
  ];
}

// Chances --------------------------------------------------------------------------------------------

/** Policies that people may set, and what a guess may hit. */
const POLICIES = [
  ['the defaults', {}, {}],
  ['8 digits', {}, { digits: 8 }],
  ['`window: 0`', {}, { window: 0 }],
  ['`window: 10`', {}, { window: 10 }],
  ['5 authenticators', {}, { authenticators: 5 }],
  ['`free: 10`', { free: 10 }, {}],
  ['`longestWait: 86400`', { longestWait: 86_400 }, {}],
  ['`maxFailures: 10`', { maxFailures: 10 }, {}],
  ['`refillPerDay: 24`', { refillPerDay: 24 }, {}],
  [
    '`refillPerDay: 24`, `window: 10`, 5 authenticators',
    { refillPerDay: 24 },
    { window: 10, authenticators: 5 },
  ],
];

/**
 * The guesses of a year, by someone who has the password and guesses at each moment that is open,
 * at a user who signs in once every `signInDays`.
 */
function guessesInAYear(changes, signInDays) {
  const policy = { ...POLICY, ...changes };
  let streak = { failures: 0, retryAt: 0, spentUntil: 0 };
  let [now, guesses, nextSignIn] = [START, 0, START + signInDays * DAY];
  const end = START + YEAR_DAYS * DAY;
  while (now < end && streak.failures < policy.maxFailures) {
    const wait = retryAfter(streak, now, policy);
    if (wait === 0) {
      streak = afterFailure(streak, now, policy);
      guesses += 1;
    } else if (now + 1000 * wait < nextSignIn) {
      now += 1000 * wait;
    } else {
      now = nextSignIn;
      nextSignIn += signInDays * DAY;
      streak = afterSuccess(streak);
    }
  }
  return guesses;
}

const percent = (share) => `${Number((100 * share).toPrecision(2))} %`;

function chanceRows() {
  return POLICIES.map(([title, policy, target]) => {
    const daily = guessesInAYear(policy, 1);
    const away = guessesInAYear(policy, Number.POSITIVE_INFINITY);
    const chanceOf = (guesses) => percent(chance({ ...target, guesses }));
    return [title, daily, chanceOf(daily), away, chanceOf(away)];
  });
}

// Bytes ----------------------------------------------------------------------------------------------

async function byteRows() {
  const world = newWorld();
  const rows = [];
  const note = async (title) => {
    const { record } = await world.inner.read(USER);
    rows.push([title, Buffer.byteLength(record)]);
  };
  const first = await offer(world, { proof: undefined });
  await note('an enrolment waits');
  const { recoveryCodes } = await world.second.confirm(
    USER,
    first.enrollmentId,
    codeOf(first, world),
  );
  await note('one authenticator, 10 recovery codes');
  for (let i = 0; i < 1000; i++) {
    world.pass(4);
    assert.equal((await world.second.verify(USER, codeOf(first, world))).ok, true);
  }
  await note('after 1,000 sign-ins');
  for (const code of recoveryCodes) assert.equal((await world.second.recover(USER, code)).ok, true);
  await note('all recovery codes used');
  const name = '\u{1f511}'.repeat(64);
  for (let i = 0; i < 4; i++) await enrol(world, { name, algorithm: 'SHA256' });
  await note('5 authenticators, 4 with names of 64 emoji');
  await offer(world, { name, replaces: 'all' });
  await note('the same, and an enrolment waits');
  await world.second.reset(USER, { by: 'support' });
  await note('after a reset');
  return rows;
}

/** The tables that are the same in each run, by the names of their places on the page. */
export const FIXED = {
  calls: {
    head: ['command', 'reads', 'writes', 'secrets opened', 'secrets sealed'],
    rows: callRows,
  },
  races: { head: [`${COUNT} at once with`, 'answers'], rows: raceRows },
  chances: {
    head: [
      'policy',
      'guesses a year, user signs in daily',
      'chance',
      'guesses a year, user away',
      'chance',
    ],
    rows: chanceRows,
  },
  bytes: { head: ['the record', 'bytes'], rows: byteRows },
};

// Times ----------------------------------------------------------------------------------------------

const ROUNDS = 600;
const WARM_UP = 200;
/** The part of `verify` that no library can spare. */
const OPENING = 'beside them, `sealer.open` alone';

/** The medians of each answer of `verify`, in microseconds, in turn within each round. */
async function timeRows() {
  const world = newWorld();
  const phone = await enrol(world);
  const times = new Map();
  const time = async (title, round, call) => {
    const begun = process.hrtime.bigint();
    const answer = await call();
    const microseconds = Number(process.hrtime.bigint() - begun) / 1000;
    if (round >= WARM_UP) times.set(title, [...(times.get(title) ?? []), microseconds]);
    return answer;
  };
  const timed = async (expected, title, userId, code, round) => {
    const answer = await time(title, round, () => world.second.verify(userId, code));
    assert.equal(answer.ok ? 'accepted' : answer.reason, expected);
  };
  const { record } = await world.inner.read(USER);
  const [{ id: authenticatorId, sealed }] = JSON.parse(record).authenticators;
  const about = { userId: USER, authenticatorId };
  for (let round = 0; round < ROUNDS; round++) {
    // The budget regains four guesses.
    world.now += 4 * DAY;
    const [right, wrong] = [codeOf(phone, world), wrongCode(phone, world)];
    await timed('not-enrolled', 'unknown user', 'nobody', wrong, round);
    await timed('malformed', 'malformed', USER, '12345', round);
    const opened = await time(OPENING, round, () => world.sealing.open(sealed, about));
    assert.equal(opened.length, 20);
    await timed('accepted', 'accepted', USER, right, round);
    await timed('reused', 'reused', USER, right, round);
    for (let i = 0; i < 3; i++) await timed('mismatch', 'mismatch', USER, wrong, round);
    const throttled = [
      ['throttled, wrong code', wrong],
      ['throttled, right code', codeOf(phone, world, 1)],
    ];
    // The first after a write takes longer, so each comes first in every other round.
    if (round % 2 === 1) throttled.reverse();
    for (const [title, code] of throttled) await timed('throttled', title, USER, code, round);
  }
  return [...times].map(([title, all]) => {
    const sorted = all.sort((a, b) => a - b);
    const at = (share) => Math.round(sorted[Math.floor(share * sorted.length)]);
    return [title, at(0.25), at(0.5), at(0.75)];
  });
}

/** The tables that each run measures anew. */
export const MEASURED = {
  times: {
    head: ['answer of `verify`', 'lower quartile, µs', 'median', 'upper quartile'],
    rows: timeRows,
  },
};

const figure = (cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell);

/** A table as Markdown. */
export async function tableOf({ head, rows }) {
  const lines = [head, head.map(() => '---'), ...(await rows())];
  return lines.map((cells) => `| ${cells.map(figure).join(' | ')} |`).join('\n');
}

const between = (name) =>
  new RegExp(`(<!-- measured: ${name} -->\n)[\\s\\S]*?(\n<!-- measured end -->)`);

/** What stands in the place of a table. */
export function readTable(page, name) {
  return between(name).exec(page)?.[0].split('\n').slice(1, -1).join('\n');
}

/** The page with a table in its place. */
export function withTable(page, name, table) {
  assert.match(page, between(name), `the page has no place for ${name}`);
  return page.replace(between(name), (_, start, end) => `${start}${table}${end}`);
}
