// Tables for a terminal.
import { ALGORITHM_NAMES, titleOf } from './plan.mjs';

const LABEL_WIDTH = 36;
const GOAL_WIDTH = 78;

const write = (line = '') => process.stdout.write(`${line}\n`);
const left = (text, width = LABEL_WIDTH) => text.slice(0, width).padEnd(width);
const right = (text, width = 9) => text.padStart(width);

/** Three significant digits, which is more than a run can repeat. */
export function figure(number) {
  if (number >= 100) return Math.round(number).toLocaleString('en');
  return number.toFixed(number >= 10 ? 1 : number >= 0.1 ? 2 : 3);
}

const SPREAD = ['min', 'median', 'max'].map((name) => right(name)).join('');

const columns = ({ min, median, max }) =>
  [min, median, max].map((number) => right(figure(number))).join('');

export function writeHead({ machine, command, native, warning }) {
  write(`otpcore, ${machine.engine} engine; ${machine.runtime}; ${machine.date.slice(0, 10)}`);
  write(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${machine.system}`);
  write(`${native.compiler ?? 'no C compiler'}`);
  write(`${command}`);
  if (warning !== undefined) write(`${warning}`);
}

/** One row for all: microseconds a user, and how many times otpcore's, or the first way's. */
export function writeRace({ title, results }) {
  const [first] = results;
  const reference = first.id === 'otpcore' ? first.id : first.label;
  write(`\n${title}`);
  write(`${left('')}${right('microseconds a user', 27)}${right(`times ${reference}`, 27)}`);
  write(`${left('')}${SPREAD}${SPREAD}`);
  for (const { label, timesOfFirst, ...times } of sorted(results)) {
    write(`${left(label)}${columns(times)}${columns(timesOfFirst)}`);
  }
}

/** Ours and whoever is timed, fastest first. */
const sorted = (results) => [...results].sort((a, b) => a.median - b.median);

const OTHER_COLUMNS = ['1:right', '0:wrong', '0:right', '5:wrong', '5:right'];

/** Verification with one algorithm and one form of key: the headline in full, the rest as medians. */
export function writeVerification(algorithm, form, races) {
  const medians = new Map(
    OTHER_COLUMNS.map((column) => {
      const race = races.get(`${algorithm}:verify:${form}:${column}`);
      return [column, new Map(race?.results.map(({ id, median }) => [id, median]))];
    }),
  );
  const present = OTHER_COLUMNS.filter((column) => medians.get(column).size > 0);
  const headline = races.get(`${algorithm}:verify:${form}:1:wrong`);
  if (headline === undefined) return present.length > 0;

  write(`\n${titleOf(algorithm, `verify:${form}:1:wrong`)}: microseconds; times otpcore's`);
  const names = present.map((column) => right(column.replace(':', ' ')));
  const keepsHead = form === 'prepared' ? '  what is kept' : '';
  write(`${left('')}${right('median')}${SPREAD}${names.join('')}${keepsHead}`);
  for (const { id, label, keeps, median, timesOfFirst } of sorted(headline.results)) {
    const cells = present.map((column) => medians.get(column).get(id));
    const rest = cells.map((cell) => right(cell === undefined ? '-' : figure(cell))).join('');
    const kept = form === 'prepared' ? `  ${keeps}` : '';
    write(`${left(label)}${right(figure(median))}${columns(timesOfFirst)}${rest}${kept}`);
  }
  return true;
}

export function writeMemory({ count, SHA1, SHA256, SHA512, storeEntry }) {
  write(`\nMemory, of ${count.toLocaleString('en')} each: heap and array buffers, bytes`);
  for (const [algorithm, bytes] of Object.entries({ SHA1, SHA256, SHA512 })) {
    write(`${left(`prepared key, ${ALGORITHM_NAMES[algorithm]}`)}${right(figure(bytes))}`);
  }
  write(`${left('memoryStore, entry with its id')}${right(figure(storeEntry))}`);
}

export function writeStart({ results }) {
  write('\nTo the first verification, from base32 text, in a fresh process: milliseconds, medians');
  const heads = ['import', 'first', 'second', 'in all'].map((name) => right(name)).join('');
  write(`${left('')}${heads}`);
  for (const { label, algorithm, imported, first, second, total } of results) {
    const cells = [imported, first, second, total].map(({ median }) => right(figure(median)));
    write(`${left(`${label}, ${ALGORITHM_NAMES[algorithm]}`)}${cells.join('')}`);
  }
}

export function writeGoals(goals) {
  write('\nWhat it must reach (SHA-1, 6 digits, window 1, wrong code; judged by the median)');
  const heads = ['must', 'aim', 'min', 'median', 'max'].map((name) => right(name, 8)).join('');
  write(`${left('', GOAL_WIDTH)}${heads}`);
  for (const { name, direction, must, aim, verdict, reason, against, ...ratio } of goals) {
    const sign = direction === 'at least' ? '≥ ' : '≤ ';
    const bounds = [must, aim].map((bound) => right(bound === undefined ? '' : sign + bound, 8));
    const numbers = [ratio.min, ratio.median, ratio.max].map((number) =>
      right(number === undefined ? '-' : figure(number), 8),
    );
    const note = reason === undefined ? '' : ` (${reason})`;
    write(`${left(name, GOAL_WIDTH)}${bounds.join('')}${numbers.join('')}  ${verdict}${note}`);
    if (against !== undefined) write(`  ${against}`);
  }
}

/** Who is not in which rows, once for each reason. */
export function writeAbsent(races) {
  const rows = new Map();
  for (const { id, absent } of races.values()) {
    for (const { label, reason } of absent) {
      const line = `${label}: ${reason}`;
      rows.set(line, [...(rows.get(line) ?? []), id]);
    }
  }
  if (rows.size > 0) write('\nLeft out');
  for (const [line, ids] of rows) {
    const where = ids.length > 3 ? `${ids.length} rows` : ids.join(', ');
    write(`  ${line} (${where})`);
  }
}
