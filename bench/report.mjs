// Tables for a terminal.
import { ALGORITHM_NAMES, ALGORITHMS, titleOf } from './plan.mjs';

const LABEL_WIDTH = 36;

const write = (line = '') => process.stdout.write(`${line}\n`);
const left = (text, width = LABEL_WIDTH) => text.slice(0, width).padEnd(width);
const right = (text, width = 9) => text.padStart(width);

/** Three significant digits: a run repeats no more. */
export function figure(number) {
  if (number >= 100) return Math.round(number).toLocaleString('en');
  return number.toFixed(number >= 10 ? 1 : number >= 0.1 ? 2 : 3);
}

/** A number a second, to three significant digits. */
export const rate = (number) => Number(number.toPrecision(3)).toLocaleString('en');

const SPREAD = ['min', 'median', 'max'].map((name) => right(name)).join('');

const columns = ({ min, median, max }) =>
  [min, median, max].map((number) => right(figure(number))).join('');

export function writeHead({ machine, command, native, warning }) {
  write(`otpcore, ${machine.engine} engine; ${machine.runtime}; ${machine.date.slice(0, 10)}`);
  write(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${machine.system}`);
  if (native !== undefined) write(`${native.compiler ?? 'no C compiler'}`);
  write(`${command}`);
  if (warning !== undefined) write(`${warning}`);
}

/** The first screen. */
export function writeFirst({ cores, text, prepared, shared, million }, { withRivals }) {
  const line = (label, one, all) =>
    write(
      `${left(label, 60)}${right(one === undefined ? '-' : rate(one), 12)}${right(rate(all), 14)}`,
    );
  write(`\nVerifications a second: SHA-1, 6 digits, window 1, right codes`);
  write(`${left('', 60)}${right('one core', 12)}${right(`all ${cores} cores`, 14)}`);
  write('\nFrom base32 text');
  for (const { id, label, one, all } of text) {
    const isOurs = id === 'otpcore-once';
    line(
      isOurs
        ? 'otpcore: createKey + verifyTotpOnce + memoryStore ¹'
        : `${label}: verification alone`,
      one,
      all,
    );
    if (isOurs) line('  the same, one store for all threads ²', undefined, shared.median);
  }
  write('\nKey prepared');
  for (const { id, label, one, all } of prepared) {
    line(id === 'otpcore' ? 'otpcore: verifyTotp' : label, one, all);
  }
  write('\nA million users sign in once each, on the recommended path:');
  write(`${figure(million.one)} s on one core, ${figure(million.all)} s on all ${cores}.`);
  write('\n¹ Each thread has a store of its own: route a user to the same thread each time.');
  write('² One memoryStore in one more thread, asked by messages; 64 sign-ins at once in each.');
  write('  Several servers share a database instead: npm run bench:stores.');
  if (!withRivals) write('\nRivals beside it: npm run bench:peers');
  write('More: npm run bench -- --all, --targets, --json, --chart, --help');
}

/** One row for all: microseconds a user, and the ratio to otpcore's, or to the first subject's. */
function writeRow({ title, results }) {
  const [first] = results;
  // Why each subject is missing stands below all rows.
  if (first === undefined) return;
  const reference = first.id === 'otpcore' ? first.id : first.label;
  write(`\n${title}`);
  write(`${left('')}${right('microseconds a user', 27)}${right(`times ${reference}`, 27)}`);
  write(`${left('')}${SPREAD}${SPREAD}`);
  for (const { label, timesOfFirst, ...times } of sorted(results)) {
    write(`${left(label)}${columns(times)}${columns(timesOfFirst)}`);
  }
}

/** The fastest first. */
const sorted = (results) => [...results].sort((a, b) => a.median - b.median);

const OTHER_COLUMNS = ['1:right', '0:wrong', '0:right', '5:wrong', '5:right'];

/** Verification with one algorithm and one form of key: one column in full, the rest as medians. */
function writeVerification(algorithm, form, rows) {
  const medians = new Map(
    OTHER_COLUMNS.map((column) => {
      const row = rows.get(`${algorithm}:verify:${form}:${column}`);
      return [column, new Map(row?.results.map(({ id, median }) => [id, median]))];
    }),
  );
  const present = OTHER_COLUMNS.filter((column) => medians.get(column).size > 0);
  const headline = rows.get(`${algorithm}:verify:${form}:1:wrong`);
  if (headline === undefined) return false;

  write(`\n${titleOf(algorithm, `verify:${form}:1:wrong`)}: microseconds; times otpcore's`);
  const names = present.map((column) => right(column.replace(':', ' ')));
  const keepsHead = form === 'prepared' ? '  kept between codes' : '';
  write(`${left('')}${right('median')}${SPREAD}${names.join('')}${keepsHead}`);
  for (const { id, label, keeps, median, timesOfFirst } of sorted(headline.results)) {
    const cells = present.map((column) => medians.get(column).get(id));
    const rest = cells.map((cell) => right(cell === undefined ? '-' : figure(cell))).join('');
    const kept = form === 'prepared' ? `  ${keeps}` : '';
    write(`${left(label)}${right(figure(median))}${columns(timesOfFirst)}${rest}${kept}`);
  }
  return true;
}

function writeMemory({ count, SHA1, SHA256, SHA512, storeEntry }) {
  write(`\nMemory, of ${count.toLocaleString('en')} each: heap and array buffers, bytes`);
  for (const [algorithm, bytes] of Object.entries({ SHA1, SHA256, SHA512 })) {
    write(`${left(`prepared key, ${ALGORITHM_NAMES[algorithm]}`)}${right(figure(bytes))}`);
  }
  write(`${left('memoryStore, entry with its id')}${right(figure(storeEntry))}`);
}

function writeStart({ results }) {
  write('\nFirst answer of a fresh process, from base32 text: milliseconds, medians');
  const heads = ['import', 'first', 'second', 'in all'].map((name) => right(name)).join('');
  write(`${left('')}${heads}`);
  for (const { label, algorithm, imported, first, second, total } of results) {
    const cells = [imported, first, second, total].map(({ median }) => right(figure(median)));
    write(`${left(`${label}, ${ALGORITHM_NAMES[algorithm]}`)}${cells.join('')}`);
  }
}

/** Subjects that are missing from rows, once for each reason. */
function writeAbsent(rows) {
  const lines = new Map();
  for (const { id, absent } of rows.values()) {
    for (const { label, reason } of absent ?? []) {
      const line = `${label}: ${reason}`;
      lines.set(line, [...(lines.get(line) ?? []), id]);
    }
  }
  if (lines.size > 0) write('\nLeft out');
  for (const [line, ids] of lines) {
    const where = ids.length > 3 ? `${ids.length} rows` : ids.join(', ');
    write(`  ${line} (${where})`);
  }
}

/** Everything that `--all` measured. */
export function writeTables(rows, memory) {
  const isShown = new Set();
  for (const algorithm of ALGORITHMS) {
    for (const form of ['prepared', 'text']) {
      if (!writeVerification(algorithm, form, rows)) continue;
      for (const id of rows.keys()) {
        if (id.startsWith(`${algorithm}:verify:${form}`)) isShown.add(id);
      }
    }
  }
  for (const [id, row] of rows) if (id !== 'start' && !isShown.has(id)) writeRow(row);
  if (memory !== undefined) writeMemory(memory);
  if (rows.has('start')) writeStart(rows.get('start'));
  writeAbsent(rows);
}

export const bound = (direction, number) =>
  number === undefined ? '' : `${direction === 'at least' ? '≥' : '≤'} ${number}`;

export function writeGoals(goals) {
  const width = 84;
  write('\nTargets and results (SHA-1, 6 digits, window 1, wrong code; judged by the median)');
  const heads = ['must', 'aim', 'min', 'median', 'max'].map((name) => right(name, 8)).join('');
  write(`${left('', width)}${heads}`);
  for (const { name, direction, must, aim, verdict, reason, against, ...ratio } of goals) {
    const bounds = [must, aim].map((number) => right(bound(direction, number), 8));
    const numbers = [ratio.min, ratio.median, ratio.max].map((number) =>
      right(number === undefined ? '-' : figure(number), 8),
    );
    const note = reason === undefined ? '' : ` (${reason})`;
    write(`${left(name, width)}${bounds.join('')}${numbers.join('')}  ${verdict}${note}`);
    if (against !== undefined) write(`  ${against}`);
  }
}
