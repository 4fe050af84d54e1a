// A second factor at the limits of its database: 64 commands at once under an isolation level, a
// disk that fills, and a database that may only be read.
import { expect } from 'vitest';
import { createKey, generateTotp } from '../../../dist/index.js';
import { newId } from './attempt.mjs';
import { NOTHING_WRONG } from './factor-judge.mjs';
import { judgeWith, START, startFactorWorker } from './factor-storm.mjs';

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const ADOPTED = { secret: SECRET, digits: 8 };
const STEP = START / 30_000;
const codeOf = (step, secret = SECRET) =>
  generateTotp(createKey(secret), { timestamp: step * 30_000, digits: 8 });
const RIGHT = codeOf(STEP);
const WRONG = '99999999';

/** The answer of a command in one word; of a failed one, its error's code and message. */
async function outcomeOf(worker, name, ...args) {
  try {
    const { ok, reason } = await worker.ask('command', { name, args });
    return ok ? 'ok' : reason;
  } catch ({ code, message }) {
    return `failed: ${code} ${message}`;
  }
}

// Isolation levels -----------------------------------------------------------------------------------

/**
 * Sends each command 64 times at once over several processes, and judges all that was kept.
 *
 * @param jobs - one for each process
 * @param probe - a statement, and the rows that it has to give in each process
 */
export async function expectOneWinner(jobs, probe) {
  const workers = await Promise.all(jobs.map(startFactorWorker));
  const ask = async (name, ...args) => {
    const counts = {};
    const all = Array.from({ length: 64 }, (_, i) =>
      outcomeOf(workers[i % workers.length], name, ...args),
    );
    for (const outcome of await Promise.all(all)) counts[outcome] = (counts[outcome] ?? 0) + 1;
    return counts;
  };
  try {
    for (const worker of probe ? workers : []) {
      expect(await worker.ask('run', { sql: probe.sql })).toEqual(probe.rows);
    }
    const [userId, other] = [newId(), newId()];
    expect(await ask('adopt', other, ADOPTED)).toEqual({ ok: 1, enrolled: 63 });
    expect(await ask('verify', other, RIGHT)).toEqual({ ok: 1, reused: 63 });
    expect(await ask('verify', other, WRONG)).toEqual({ mismatch: 3, throttled: 61 });
    const recoveryCode = await enrolTwice(workers, userId);
    expect(await ask('recover', userId, recoveryCode)).toEqual({ ok: 1, reused: 63 });
    const told = workers.flatMap((worker) => worker.told);
    const { verdict } = await judgeWith(workers[0], [userId, other], told);
    expect(verdict).toEqual(NOTHING_WRONG);
  } finally {
    await Promise.all(workers.map(({ end }) => end()));
  }
}

/** Confirms an enrolment 64 times at once, of which one gets recovery codes. */
async function enrolTwice(workers, userId) {
  const options = { account: 'alice' };
  const enrolled = await workers[0].ask('command', { name: 'enroll', args: [userId, options] });
  const args = [userId, enrolled.enrollmentId, codeOf(STEP, enrolled.secret)];
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, i) =>
      workers[i % workers.length].ask('command', { name: 'confirm', args }),
    ),
  );
  const [confirmed, ...others] = answers.filter(({ ok }) => ok);
  expect(others).toEqual([]);
  return confirmed.recoveryCodes[0];
}

// A full disk ----------------------------------------------------------------------------------------

/** A name as long as it may be, so that a disk fills soon. */
const LONG_NAME = '\u{1f511}'.repeat(64);
const LONG = { ...ADOPTED, name: LONG_NAME };
const MOST_COMMANDS = 4000;

/** Sends commands, several at once, until all of them fail. */
async function fill(command, full) {
  for (let i = 0, isFull = false; !isFull; i += 8) {
    expect(i).toBeLessThan(MOST_COMMANDS);
    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, j) => command(i + j)));
    const failed = outcomes.filter((outcome) => outcome !== 'ok');
    for (const outcome of failed) expect(outcome).toMatch(full);
    isFull = failed.length === outcomes.length;
  }
}

/**
 * Adopts and renames until the disk is full, lets all users sign in, and again when there is room.
 *
 * @param job - of tables on the small disk
 * @param move - moves the tables to that disk, if they are made elsewhere
 * @param full - the database's error
 */
export function expectFullDiskToFail({ job, ...disk }) {
  return withWorker(job, (worker) => fillAndGrow(worker, disk));
}

async function fillAndGrow(worker, { move = () => {}, full, grow }) {
  await worker.ask('createTable');
  await move();
  const users = new Map();
  await fill(async () => {
    const userId = newId();
    const outcome = await outcomeOf(worker, 'adopt', userId, LONG);
    users.set(userId, outcome === 'ok');
    return outcome;
  }, full);
  const kept = [...users.keys()].filter((userId) => users.get(userId));
  expect(kept.length).toBeGreaterThan(10);
  const ids = new Map();
  for (const userId of kept) {
    const { authenticators } = await worker.ask('command', { name: 'status', args: [userId] });
    ids.set(userId, authenticators[0].id);
  }
  // Inserts fail; now updates, and the events that come with them.
  const rename = (i) => {
    const userId = kept[i % kept.length];
    return outcomeOf(worker, 'rename', userId, ids.get(userId), LONG_NAME);
  };
  await fill(rename, full);
  const signIn = () =>
    Promise.all([...users.keys()].map((userId) => outcomeOf(worker, 'verify', userId, RIGHT)));
  const first = await signIn();

  await grow();
  // Each code counts once, before or after, and an adoption that failed left nothing.
  expect(await signIn()).toEqual(
    first.map((outcome) => (outcome === 'ok' ? 'reused' : full.test(outcome) ? 'ok' : outcome)),
  );
  expect(first.filter((outcome) => full.test(outcome))).not.toEqual([]);
  expect(first.filter((outcome) => outcome === 'not-enrolled')).toHaveLength(
    users.size - kept.length,
  );
  const { verdict } = await judgeWith(worker, [...users.keys()], worker.told);
  expect(verdict).toEqual(NOTHING_WRONG);
}

// Reading alone --------------------------------------------------------------------------------------

/**
 * A user whose row may only be read gets an error and no answer: neither is let in nor guesses for
 * free.
 *
 * @param whileReadOnly - runs a function with a job whose database may only be read
 */
export async function expectReadOnlyToFail({ job, readOnly, whileReadOnly }) {
  const userId = newId();
  await withWorker(job, (writer) => outcomeOf(writer, 'adopt', userId, ADOPTED));
  await whileReadOnly(async (readerJob) => {
    const reader = await startFactorWorker(readerJob);
    const { state } = await reader.ask('command', { name: 'status', args: [userId] });
    expect(state).toBe('active');
    for (const code of [RIGHT, WRONG, RIGHT]) {
      expect(await outcomeOf(reader, 'verify', userId, code)).toMatch(readOnly);
    }
    expect(await outcomeOf(reader, 'reset', userId, { by: 'Eve' })).toMatch(readOnly);
    expect(await outcomeOf(reader, 'adopt', newId(), ADOPTED)).toMatch(readOnly);
    await reader.end();
  });
  await withWorker(job, async (writer) => {
    const { record } = await writer.ask('read', { userId });
    expect(JSON.parse(record).code.failures).toBe(0);
    expect(await outcomeOf(writer, 'verify', userId, RIGHT)).toBe('ok');
  });
}

async function withWorker(job, use) {
  const worker = await startFactorWorker(job);
  try {
    await use(worker);
  } finally {
    await worker.end();
  }
}
