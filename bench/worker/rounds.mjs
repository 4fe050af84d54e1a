// One row, timed for all subjects in turn. First all answers of each are asserted, then it warms up
// without being counted, then the interleaved rounds begin.
import assert from 'node:assert/strict';
import { ratios, spread } from './spread.mjs';

/** Users that a row's every call must accept. */
const expectedOf = (row, users) => (row.endsWith(':wrong') ? 0 : users);

/** One round: microseconds a user. Every answer of the round is accounted for. */
async function timeOnce({ worker, row, label }, milliseconds) {
  const answer = await worker.ask(`time ${row} ${milliseconds}`);
  const [users, nanoseconds, accepted] = answer.split(' ').map(Number);
  assert.ok(users > 0 && nanoseconds > 0, `${label}: ${answer}`);
  assert.equal(accepted, expectedOf(row, users), `${label} gave wrong answers while timed: ${row}`);
  return nanoseconds / users / 1000;
}

/** Checks an entry and warms it up; returns why it cannot take part, or undefined. */
async function reasonAgainst(entry, warmMs) {
  const { worker, row, reason } = entry;
  if (reason !== undefined) return reason;
  const verdict = await worker.ask(`check ${row}`);
  if (verdict.startsWith('absent ')) return verdict.slice('absent '.length);
  if (verdict !== 'ok') throw new Error(`${entry.label}, ${row}: ${verdict}`);
  await timeOnce(entry, warmMs);
  return undefined;
}

/** The entries that can run the row, and the reason why each other cannot. */
async function checkAll(entries, warmMs) {
  const [ready, absent] = [[], []];
  for (const entry of entries) {
    const { id, kind, label } = entry;
    const reason = await reasonAgainst(entry, warmMs).catch((error) => {
      // Another library that is wrong, or that ends, is left out and named; ours ends the run.
      if (kind === 'ours') throw error;
      return error.message.replaceAll('\n', ' ');
    });
    if (reason === undefined) ready.push(entry);
    else absent.push({ id, kind, label, reason });
  }
  return { ready, absent };
}

/**
 * Times the entries `{ id, label, kind, worker, row }` of a row in turn. Ratios are to the first that
 * runs, which is ours.
 */
export async function timeInTurn(entries, { rounds, roundMs, warmMs }) {
  const { ready, absent } = await checkAll(entries, warmMs);
  const times = ready.map(() => []);
  for (let round = 0; round < rounds; round++) {
    // Each round starts with another entry, so that none always runs after the same one.
    for (let i = 0; i < ready.length; i++) {
      const at = (i + round) % ready.length;
      times[at].push(await timeOnce(ready[at], roundMs));
    }
  }
  const results = ready.map(({ id, label, kind, keeps }, i) => ({
    id,
    label,
    kind,
    keeps,
    ...spread(times[i]),
    timesOfFirst: ratios(times[i], times[0]),
    rounds: times[i],
  }));
  return { results, absent };
}
