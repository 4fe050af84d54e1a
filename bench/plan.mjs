// Which rows are timed, by whom and how long.

/** The rows that the measures of goals.mjs come from get more and longer rounds. */
const FULL = { headline: times(15, 40, 120), other: times(7, 20, 70) };
const QUICK = { headline: times(7, 15, 60), other: times(3, 15, 50) };

function times(rounds, roundMs, warmMs) {
  return { rounds, roundMs, warmMs };
}

export const ALGORITHMS = ['SHA1', 'SHA256', 'SHA512'];
/** What a name's dashless algorithm is called in print. */
export const ALGORITHM_NAMES = { SHA1: 'SHA-1', SHA256: 'SHA-256', SHA512: 'SHA-512' };

const HEADLINE = 'verify:prepared:1:wrong';
const HEADLINES = {
  SHA1: [HEADLINE, 'verify:text:1:wrong', 'batch:text:1:wrong'],
  SHA256: [HEADLINE],
  SHA512: [HEADLINE],
};
/** Also timed by `--quick`, in short rounds. */
const QUICK_EXTRAS = { SHA1: ['verify:prepared:1:right'] };

/** Only these have more to offer than one call a user. */
const WITHOUT_RIVALS = new Set(['ours', 'native']);

function allRows(algorithm) {
  const rows = [];
  for (const form of ['prepared', 'text'])
    for (const window of [1, 0, 5])
      for (const which of ['wrong', 'right']) rows.push(`verify:${form}:${window}:${which}`);
  rows.push('batch:prepared:1:wrong', 'batch:text:1:wrong', 'generate:prepared', 'generate:text');
  // These do not depend on the algorithm.
  const once = ['resync:10000', 'parse', 'build', 'encode', 'decode', 'decode:lenient'];
  return algorithm === 'SHA1' ? [...rows, ...once] : rows;
}

/** Whether a contestant is in a row; what it lacks all the same, it says itself. */
function takesPart(algorithm, row, { id, kind }) {
  // There are no such instructions: the other program is the same code.
  if (algorithm === 'SHA512' && id === 'native-sha') return false;
  if (/^(batch|resync|generate)/.test(row) && id === 'liboath') return false;
  if (/^resync/.test(row)) return kind === 'ours';
  if (/^batch/.test(row)) return WITHOUT_RIVALS.has(kind);
  // No hashing in these: both engines are one, as are both plugins, and C is not in the race.
  if (/^(parse|build|encode|decode)/.test(row)) {
    if (row === 'decode:lenient' || id === 'otplib-13-node') return id === 'otpcore';
    return kind === 'rival' || id === 'otpcore';
  }
  return true;
}

/** The rows of an algorithm: `{ id, row, length, takesPart }`. */
export function planRows(algorithm, { quick, only }) {
  const headlines = HEADLINES[algorithm];
  const rows = quick ? [...headlines, ...(QUICK_EXTRAS[algorithm] ?? [])] : allRows(algorithm);
  const lengths = quick ? QUICK : FULL;
  return rows
    .map((row) => ({
      id: `${algorithm}:${row}`,
      algorithm,
      row,
      length: headlines.includes(row) ? lengths.headline : lengths.other,
      takesPart: (contestant) => takesPart(algorithm, row, contestant),
    }))
    .filter(({ id }) => only.test(id));
}

/** Races of otpcore with itself. Processor time would not tell one thread from two. */
export function planSolo({ quick, only, cpu }) {
  const { headline } = quick ? QUICK : FULL;
  const once = ['once:verify', 'once:claim', 'once:claim-near'];
  const threads = ['threads:1', 'threads:2'];
  return [
    { id: 'once', module: 'otpcore-once', rows: once, length: headline },
    // Starting and stopping threads takes its time too: longer rounds.
    { id: 'threads', module: 'otpcore-threads', rows: threads, length: longer(headline) },
  ]
    .filter(({ id }) => only.test(id))
    .filter(({ id }) => !cpu || id !== 'threads');
}

function longer({ rounds, roundMs, warmMs }) {
  return times(rounds, 4 * roundMs, 2 * warmMs);
}

const FORMS = { prepared: 'key prepared', text: 'from base32 text' };
const KINDS = {
  verify: (form, window, which) => `window ${window}, ${which} code, ${FORMS[form]}`,
  batch: (form, window, which) =>
    `batch of 1,000 users, window ${window}, ${which} code, ${FORMS[form]}`,
  generate: (form) => `generate a code, ${FORMS[form]}`,
  resync: (range) =>
    `resync, ${Number(range).toLocaleString('en')} steps to either side, not found`,
  parse: () => 'parse an otpauth URI',
  build: () => 'build an otpauth URI',
  encode: () => 'base32, encode 20 bytes',
  decode: (kind) => `base32, decode 32 characters${kind === 'lenient' ? ', lenient' : ''}`,
};
/** Rows that hash, and so are told by their algorithm. */
const HASHING = /^(verify|batch|generate|resync)/;

/** A row in a person's words. */
export function titleOf(algorithm, row) {
  const [kind, ...rest] = row.split(':');
  const title = KINDS[kind](...rest);
  return HASHING.test(row) ? `${ALGORITHM_NAMES[algorithm]}, ${title}` : title;
}
