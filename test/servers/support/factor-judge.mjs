// Holds what processes were told in a storm against the rows and events that the database kept.
import { hashRecoveryCode } from '../../../dist/recovery-codes.js';
import { digest } from './factor-trace.mjs';

/** Events of a write that uses codes up. */
const SPENDING = new Set([
  'accepted',
  'resynced',
  'recovery-code-used',
  'authenticator-added',
  'authenticator-replaced',
]);

export const NOTHING_WRONG = {
  acceptedTwice: [],
  spentTwice: [],
  offTheChain: [],
  tornEvents: [],
  lostWrites: [],
  refusedButKept: [],
  wrongRows: [],
  forgotten: [],
};

/**
 * @param told - `{ write, isKept }` of answered writes, `{ userId, command, ok, uses }` of answered
 *   commands
 * @param events - in the order in which the database kept them
 * @param rows - `[userId, { record, version } | undefined]` at the end
 */
export function judgeFactors({ told, events, rows }) {
  const users = new Set(rows.map(([userId]) => userId));
  const ofStorm = events.filter(({ userId }) => users.has(userId));
  const chains = rows.map(([userId, row]) => ({
    userId,
    row,
    writes: writesOf(ofStorm.filter((event) => event.userId === userId)),
  }));
  const writes = chains.flatMap((chain) => chain.writes);
  const kept = new Set(writes.map(({ id }) => id));
  // An enrolment looks at its proof only where an authenticator is confirmed.
  const spending = told.filter(({ ok, command }) => ok && command !== 'enroll');
  const answered = (isKept) => told.flatMap((news) => (news.isKept === isKept ? news.write : []));
  return {
    acceptedTwice: repeated(spending.flatMap(({ uses }) => uses)),
    spentTwice: repeated(writes.flatMap(({ isSpending, uses }) => (isSpending ? uses : []))),
    offTheChain: chains.flatMap((chain) => breaksOf(chain.writes)),
    tornEvents: writes.filter(({ of, count }) => count !== of),
    lostWrites: answered(true).filter((id) => !kept.has(id)),
    refusedButKept: answered(false).filter((id) => kept.has(id)),
    wrongRows: chains.filter((chain) => !isLast(chain)).map(({ userId }) => userId),
    forgotten: spending.flatMap((news) => forgottenOf(news, new Map(rows).get(news.userId))),
  };
}

/** The writes behind a user's events: the events of each stand together. */
function writesOf(events) {
  const writes = [];
  for (const { type, write } of events) {
    if (writes.at(-1)?.id !== write.id) writes.push({ ...write, count: 0, isSpending: false });
    const last = writes.at(-1);
    last.count += 1;
    last.isSpending ||= SPENDING.has(type);
  }
  return writes;
}

/** Writes that do not rest upon the write before. */
function breaksOf(writes) {
  return writes.filter(({ base, from }, i) => {
    const former = writes[i - 1];
    if (former === undefined) return base !== null || from !== null;
    return from !== former.to || base === null || !follows(base, former.base);
  });
}

/** Whether a version is the next one; the first one is the database's own choice. */
const follows = (version, former) => former === null || BigInt(version) === BigInt(former) + 1n;

/** Whether a row is what its last write left. */
function isLast({ row, writes }) {
  const last = writes.at(-1);
  if (row === undefined || last === undefined) return row === last;
  return digest(row.record) === last.to && (last.base === null || follows(row.version, last.base));
}

/** Codes that were accepted, and that the record at the end would accept again. */
function forgottenOf({ userId, uses }, row) {
  if (row === undefined) return uses;
  const { authenticators, recovery } = JSON.parse(row.record);
  return uses.filter((use) => {
    const [holder, step] = use.split('@');
    if (step === undefined) {
      const hash = hashRecoveryCode(userId, holder);
      return recovery.some((code) => code.hash === hash && code.usedAt === undefined);
    }
    return authenticators.some(({ id, lastStep }) => id === holder && lastStep < Number(step));
  });
}

function repeated(list) {
  const seen = new Set();
  return list.filter((entry) => seen.size === seen.add(entry).size);
}
