/** The measured figures as they are kept: a file, and the tables in the document on timing. */
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { jsonRows } from '../../../scripts/json-rows.mjs';
import type { EngineName } from './child.js';
import type { Timing } from './timing-child.js';
import type { Kind } from './timing-subjects.js';
import type { Comparison } from './welch.js';

/** A subject's last measurement with one engine, and how many there were. */
export interface Row extends Timing {
  readonly engine: EngineName;
  readonly kind: Kind;
  readonly measurements: number;
}

export interface TimingResults {
  readonly date: string;
  readonly machine: string;
  readonly runtime: string;
  readonly rows: readonly Row[];
}

const RESULTS = fileURLToPath(new URL('../results/timing.json', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../../docs/security/timing.md', import.meta.url));
const TABLES = /(?<=<!-- figures -->\n)[\s\S]*(?=\n<!-- end of figures -->)/;

export function readResults(): TimingResults {
  return JSON.parse(readFileSync(RESULTS, 'utf8')) as TimingResults;
}

/** The document's part that holds the figures. */
export function readTables(): string | undefined {
  return TABLES.exec(readFileSync(DOCUMENT, 'utf8'))?.[0];
}

/** Keeps the figures of a run, in both places. */
export function keepResults(rows: readonly Row[]): void {
  const results = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${os.cpus()[0]?.model.trim()}, ${os.cpus().length} cores, ${os.type()}`,
    runtime: `Node ${process.version}, V8 ${process.versions.v8}`,
    rows,
  };
  writeFileSync(RESULTS, jsonRows(results, 2));
  const text = readFileSync(DOCUMENT, 'utf8');
  writeFileSync(
    DOCUMENT,
    text.replace(TABLES, () => tablesOf(results)),
  );
}

/** The class that is furthest from the first. */
export function furthest({ comparisons }: Timing): Comparison {
  const [best] = comparisons.toSorted((a, b) => Math.abs(b.t) - Math.abs(a.t));
  return best as Comparison;
}

const HEADINGS: readonly (readonly [Kind, string])[] = [
  ['held', 'Held under 4.5:'],
  ['null', 'The same class twice, held under 4.5 too:'],
  ['leaky', 'Known to leak, and to be found with 10 or more:'],
  ['shown', 'Shown only:'],
];

/** The figures as the document has them. */
export function tablesOf({ date, machine, runtime, rows }: TimingResults): string {
  const tables = HEADINGS.flatMap(([kind, heading]) => [
    `${heading}\n`,
    '| what, and between which inputs | portable: t | difference | SIMD: t | difference |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...[...new Set(rows.filter((row) => row.kind === kind).map(({ subject }) => subject))].map(
      (subject) =>
        `| ${subject} | ${cells(rows, subject, 'portable')} | ${cells(rows, subject, 'simd')} |`,
    ),
    '',
  ]);
  const samples = rows[0]?.samples.toLocaleString('en');
  return `${date}, ${machine}; ${runtime}; ${samples} samples each.\n\n${tables.join('\n').trimEnd()}`;
}

function cells(rows: readonly Row[], subject: string, engine: EngineName): string {
  const row = rows.find((one) => one.subject === subject && one.engine === engine);
  if (row === undefined) return ' | ';
  const { t, difference, cut } = furthest(row);
  // Above 1 stand the squares, whose difference is no time.
  return `${t.toFixed(1)} | ${cut > 1 ? 'in spread' : `${difference.toFixed(1)} ns`}`;
}
