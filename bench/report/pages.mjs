// The figures of the documents, written from the results. A page holds them in two forms:
//   a table or list between `<!-- figures: NAME -->` and `<!-- end -->`
//   a link to performance.md whose title names the figure: [0.67 µs](performance.md "figure: from text")
// test/package/figures.test.ts compares every page with the results.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rate } from '../report.mjs';
import { barsOf, drawChart } from './chart.mjs';
import { fromJson, toJson } from './results.mjs';

const root = new URL('../../', import.meta.url);
const RESULTS = 'bench/results/node20.json';
const STORE_RESULTS = 'bench/results/stores.json';
const CHART = 'docs/evidence/performance.svg';

const read = (path) => readFileSync(new URL(path, root), 'utf8');
const write = (path, text) => writeFileSync(new URL(path, root), text);

/** Three digits, two below 1. */
const short = (value) => (value < 1 ? value.toFixed(2) : value.toPrecision(3));
/** A ratio as people say it. */
const times = (value) => (value < 10 ? value.toFixed(1) : value.toFixed(0));

const DATE = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' };

/** The results that the pages quote. */
export function readResults() {
  return { ...fromJson(read(RESULTS)), stores: JSON.parse(read(STORE_RESULTS)) };
}

/** Access to a run by row and subject. */
function lookup({ rows, goals }) {
  const resultOf = (row, id) =>
    rows.find((one) => one.id === row)?.results.find((result) => result.id === id);
  return {
    resultOf,
    median: (row, id) => resultOf(row, id).median,
    goal: (start) => goals.find(({ name }) => name.startsWith(start)),
  };
}

const recommended = ({ text }) => text.find(({ id }) => id === 'otpcore-once');

const PREPARED = 'SHA1:verify:prepared:1:wrong';
const TEXT = 'SHA1:verify:text:1:wrong';

/** Figures by name, each a function of the results. */
const FIGURES = {
  'recommended path': (run) => `${short(lookup(run).median(TEXT, 'otpcore-once'))} µs`,
  'from text': (run) => `${short(lookup(run).median(TEXT, 'otpcore'))} µs`,
  'key prepared': (run) => `${short(lookup(run).median(PREPARED, 'otpcore'))} µs`,
  'from text, portable': (run) => `${short(lookup(run).median(TEXT, 'otpcore-portable'))} µs`,
  'key prepared, portable': (run) =>
    `${short(lookup(run).median(PREPARED, 'otpcore-portable'))} µs`,
  'from text, native C': (run) => `${short(lookup(run).median(TEXT, 'native-sha'))} µs`,
  'key prepared, native C': (run) => `${short(lookup(run).median(PREPARED, 'native-sha'))} µs`,
  'batch, from text': (run) =>
    `${short(lookup(run).median('SHA1:batch:text:1:wrong', 'otpcore'))} µs`,
  'batch, key prepared': (run) =>
    `${short(lookup(run).median('SHA1:batch:prepared:1:wrong', 'otpcore'))} µs`,
  'times the fastest rival': (run) =>
    `${times(lookup(run).goal('the recommended path').median)} times`,
  'times the fastest rival, range': (run) => {
    const { min, max } = lookup(run).goal('the recommended path');
    return `${times(min)} to ${times(max)}`;
  },
  'key prepared, times the fastest rival': (run) =>
    `${times(lookup(run).goal('key prepared').median)} times`,
  'first answer': (run) => `${lookup(run).goal('import and first').median.toFixed(1)} ms`,
  'sign-ins a second, one core': ({ first }) => rate(recommended(first).one),
  'sign-ins a second, all cores': ({ first }) => rate(recommended(first).all),
  'all cores against one': ({ first }) => {
    const { one, all } = first.prepared.find(({ id }) => id === 'otpcore');
    return `${times(all / one)} times`;
  },
  'a million sign-ins': ({ first }) => `${first.million.one.toFixed(1)} s`,
  'claims a second, together': ({ stores }) =>
    rate(stores.durable.find(({ atOnce }) => atOnce === 64).together.median),
  'claims a second': ({ stores }) =>
    rate(stores.durable.find(({ atOnce }) => atOnce === 64).single.median),
  'bytes of a key': ({ memory }) => `${memory.SHA1.toFixed(0)} bytes`,
  'bytes of a store entry': ({ memory }) => `${memory.storeEntry.toFixed(0)} bytes`,
};

/** A figure of the results by its name. */
export function figureOf(name, run) {
  if (!Object.hasOwn(FIGURES, name)) throw new Error(`no figure is named "${name}"`);
  return FIGURES[name](run);
}

const tableOf = (head, rows) => {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};

/** Every library once: time from text, from a prepared key, and to its first answer. */
function speedTable({ rows }) {
  const start = rows.find(({ id }) => id === 'start').results;
  const ours = barsOf(rows).find(({ id }) => id === 'otpcore-once');
  const body = barsOf(rows).map(({ id, label, kind, prepared, text }) => {
    const first = start.find((one) => one.id === id)?.total.median;
    const cells = [
      text === undefined ? '' : short(text),
      text === undefined ? '' : times(text / ours.text),
      prepared === undefined ? '' : short(prepared),
      first === undefined ? '' : first.toFixed(1),
    ];
    return [label, ...cells].map((cell) => (kind === 'ours' && cell !== '' ? `**${cell}**` : cell));
  });
  const head = [
    '',
    'from base32 text, µs',
    'times the recommended path',
    'key prepared, µs',
    'first answer, ms',
  ];
  return tableOf(head, body);
}

/** Claims a second on a durable PostgreSQL. */
function storesTable({ stores }) {
  const body = stores.durable.map(({ atOnce, single, together, ratio, p99 }) => [
    String(atOnce),
    rate(single.median),
    rate(together.median),
    times(ratio.median),
    `${short(p99.single)} / ${short(p99.together)}`,
  ]);
  return tableOf(
    [
      'sign-ins at once',
      'claims a second',
      'with `together`',
      'times',
      '99th percentile, ms: without / with',
    ],
    body,
  );
}

/** Each store's share of its bare client's throughput. */
function clientsTable({ stores }) {
  const { rows } = stores;
  return tableOf(
    rows.map(({ kind }) => kind),
    [rows.map(({ ratio }) => ratio.median.toFixed(2))],
  );
}

/** A target a line, with its result. */
function targetsList({ goals }) {
  const digits = (value) => (value < 10 ? value.toFixed(2) : value.toFixed(1));
  const lineOf = ({ name, direction, must, aim, against, min, median, max, verdict }) => {
    const bounds = `${direction} ${must}${aim === undefined ? '' : `, aim ${aim}`}`;
    const other = against === undefined ? '' : ` (${against})`;
    const told = verdict.startsWith('missed') ? `**${verdict}**` : verdict;
    return `- ${name}${other}: ${digits(median)} (${digits(min)} to ${digits(max)}), ${bounds}: ${told}`;
  };
  return goals.map(lineOf).join('\n');
}

const measuredOn = ({ machine, command }) =>
  `Measured on ${new Date(machine.date).toLocaleDateString('en-GB', DATE)}: ${machine.cpu}, ` +
  `${machine.cores} shared cores, ${machine.runtime.split(',')[0]}, \`${command}\`.`;

const TABLES = {
  speed: speedTable,
  stores: storesTable,
  clients: clientsTable,
  machine: measuredOn,
  targets: targetsList,
};

/** A page with the figures of a run in place of those that it holds. */
export function withFigures(page, run) {
  return page
    .replace(
      /(<!-- figures: (\w+) -->\n)(?:(?!<!--)[\s\S])*(<!-- end -->)/g,
      (_, start, name, end) => {
        if (!Object.hasOwn(TABLES, name)) throw new Error(`no table is named "${name}"`);
        return `${start}${TABLES[name](run)}\n${end}`;
      },
    )
    .replace(
      /\[[^\]]*\](\([^)\s]*performance\.md(?:#[\w-]+)? "figure: ([^"]+)"\))/g,
      (_, link, name) => `[${figureOf(name, run)}]${link}`,
    );
}

/** The pages that may hold figures. */
export function pages() {
  const guides = readdirSync(new URL('docs/', root), { recursive: true, encoding: 'utf8' });
  const inDocs = guides.map((path) => `docs/${path.replaceAll('\\', '/')}`);
  return [
    'README.md',
    ...inDocs.filter((path) => /\.md$/.test(path) && !/node_modules/.test(path)),
  ];
}

/** The chart of a run. */
export const chartOf = (run) => drawChart(run);

/** Writes the chart and the figures of every page, from the results that are kept. */
export function writePages() {
  const results = readResults();
  write(CHART, chartOf(results));
  for (const path of pages()) {
    const page = read(path);
    const written = withFigures(page, results);
    if (written !== page) write(path, written);
  }
}

/** Keeps the results of a run, and writes the pages from them. */
export function publish(run) {
  write(RESULTS, toJson(run));
  writePages();
}
