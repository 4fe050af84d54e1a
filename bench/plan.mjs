// The rows of a run: each is one thing to do, with the subjects that take part and the length of its
// rounds.

/** Rounds of the rows that goals.mjs judges, of all others, and of the first screen. */
const LENGTHS = {
  goal: { rounds: 15, roundMs: 40, warmMs: 120 },
  other: { rounds: 7, roundMs: 20, warmMs: 70 },
  first: { rounds: 5, roundMs: 15, warmMs: 50 },
  // A round waits for a disk, some of a hundred times.
  database: { rounds: 15, roundMs: 150, warmMs: 500 },
};

export const ALGORITHMS = ['SHA1', 'SHA256', 'SHA512'];
export const ALGORITHM_NAMES = { SHA1: 'SHA-1', SHA256: 'SHA-256', SHA512: 'SHA-512' };

/** The rows that goals.mjs judges. */
const GOAL_ROWS = {
  SHA1: ['verify:prepared:1:wrong', 'verify:text:1:wrong', 'batch:text:1:wrong', 'claim'],
  SHA256: ['verify:prepared:1:wrong'],
  SHA512: ['verify:prepared:1:wrong'],
};
/** The rows of the first screen: people who sign in type right codes. */
export const FIRST_ROWS = ['verify:text:1:right', 'verify:prepared:1:right'];

function allRows(algorithm) {
  const rows = [];
  for (const form of ['prepared', 'text'])
    for (const window of [1, 0, 5])
      for (const which of ['wrong', 'right']) rows.push(`verify:${form}:${window}:${which}`);
  rows.push('batch:prepared:1:wrong', 'batch:text:1:wrong', 'generate:prepared', 'generate:text');
  // These do not depend on the algorithm.
  const factors = ['secondFactor:memory', 'secondFactor:postgres'];
  const once = [
    ...factors,
    'claim',
    'resync:10000',
    'parse',
    'build',
    'encode',
    'decode',
    'decode:lenient',
  ];
  return algorithm === 'SHA1' ? [...rows, ...once] : rows;
}

/** How the ids of the subjects begin that take part in a row of the second factor. */
const FACTOR_SUBJECTS = {
  'secondFactor:memory': 'factor-memory',
  'secondFactor:postgres': 'factor-postgres',
};

/** Whether a subject is in a row. A subject that lacks the call says so itself. */
function takesPart(algorithm, row, { id, kind }) {
  // The recommended path verifies from text with SHA-1; its store is timed alone in `claim`.
  if (row === 'claim') return id.startsWith('claim-');
  if (id.startsWith('claim-')) return false;
  if (row.startsWith('secondFactor')) return kind === 'ours' && id.startsWith(FACTOR_SUBJECTS[row]);
  if (id.startsWith('factor-')) return false;
  if (id === 'otpcore-once') return algorithm === 'SHA1' && row.startsWith('verify:text');
  // SHA-512 has no such instructions: the two programs would be the same code.
  if (algorithm === 'SHA512' && id === 'native-sha') return false;
  if (/^(batch|resync|generate)/.test(row) && id === 'liboath') return false;
  if (row.startsWith('resync')) return kind === 'ours';
  if (row.startsWith('batch')) return kind === 'ours' || kind === 'native';
  // No hashing: both engines are alike, both plugins are alike, and C has no such call.
  if (/^(parse|build|encode|decode)/.test(row)) {
    if (row === 'decode:lenient' || id === 'otplib-13-node') return id === 'otpcore';
    return kind === 'rival' || id === 'otpcore';
  }
  return true;
}

/** Subjects of the first screen: libraries that verify. */
const isLibrary = ({ id, kind }) => kind === 'rival' || ['otpcore', 'otpcore-once'].includes(id);

function lengthOf(row, goals) {
  if (row === 'secondFactor:postgres') return LENGTHS.database;
  return goals.includes(row) ? LENGTHS.goal : LENGTHS.other;
}

const named = (algorithm, row) => `${algorithm}:${row}`;

/** The rows of an algorithm: `{ id, row, length, takesPart }`. `mode` is all, targets or first. */
export function planRows(algorithm, { mode, only }) {
  if (mode === 'first') {
    return (algorithm === 'SHA1' ? FIRST_ROWS : []).map((row) => ({
      id: named(algorithm, row),
      row,
      length: LENGTHS.first,
      takesPart: (subject) => isLibrary(subject) && takesPart(algorithm, row, subject),
    }));
  }
  const goals = GOAL_ROWS[algorithm];
  return (mode === 'targets' ? goals : allRows(algorithm))
    .map((row) => ({
      id: named(algorithm, row),
      row,
      length: lengthOf(row, goals),
      takesPart: (subject) => takesPart(algorithm, row, subject),
    }))
    .filter(({ id }) => only.test(id));
}

const FORMS = { prepared: 'key prepared', text: 'from base32 text' };
const KINDS = {
  verify: (form, window, which) => `window ${window}, ${which} code, ${FORMS[form]}`,
  batch: (form, window, which) =>
    `batch of 1,000 users, window ${window}, ${which} code, ${FORMS[form]}`,
  generate: (form) => `generate a code, ${FORMS[form]}`,
  resync: (range) =>
    `resync, ${Number(range).toLocaleString('en')} steps to either side, not found`,
  claim: () => 'a claim in a store of a million ids',
  secondFactor: (where) =>
    `secondFactor.verify of a right code, ${where === 'memory' ? 'in memory' : 'on PostgreSQL'}`,
  parse: () => 'parse an otpauth URI',
  build: () => 'build an otpauth URI',
  encode: () => 'base32, encode 20 bytes',
  decode: (kind) => `base32, decode 32 characters${kind === 'lenient' ? ', lenient' : ''}`,
};
/** Rows that hash: their title names the algorithm. */
const HASHING = /^(verify|batch|generate|resync)/;

/** A row in words. */
export function titleOf(algorithm, row) {
  const [kind, ...rest] = row.split(':');
  const title = KINDS[kind](...rest);
  return HASHING.test(row) ? `${ALGORITHM_NAMES[algorithm]}, ${title}` : title;
}
