/** The figures of speed in the documents are those of the run that bench/results keeps. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

const run = JSON.parse(read('bench/results/node20.json')) as {
  races: { id: string; results: ({ label: string } & Spread)[] }[];
  goals: ({ name: string; must?: number } & Spread)[];
};

const OURS = 'otpcore, SIMD engine';
const PORTABLE = 'otpcore, portable engine';
const C = 'native C, SHA instructions';

/** Microseconds as the documents have them: three digits, two below 1. */
const short = (value: number) => (value < 1 ? value.toFixed(2) : value.toPrecision(3));

function median(id: string, label: string): number {
  const race = run.races.find((one) => one.id === id);
  return race?.results.find((one) => one.label === label)?.median ?? Number.NaN;
}

const prepared = (label: string) => median('SHA1:verify:prepared:1:wrong', label);
const text = (label: string) => median('SHA1:verify:text:1:wrong', label);
const rival = run.goals[0] as Spread;

test.each([
  `**${short(prepared(OURS))} µs** a verification`,
  `[${rival.median.toFixed(0)} times less](docs/performance.md)`,
  `(${rival.min.toFixed(0)} to ${rival.max.toFixed(0)} times,`,
  `${short(prepared(OURS))} µs with the key prepared, ${short(text(OURS))} from base32 text`,
  `native C takes ${short(prepared(C))} and ${short(text(C))}`,
  `plain TypeScript takes ${prepared(PORTABLE).toPrecision(2)} and ${text(PORTABLE).toPrecision(2)}`,
])('The README says: %s', (figure) => {
  expect(figure).not.toContain('NaN');
  expect(read('README.md')).toContain(figure);
});

describe('docs/performance.md', () => {
  const lines = read('docs/performance.md').split('\n');
  const rowOf = (name: string) => lines.find((line) => line.startsWith(`| ${name} |`));

  test.each(run.goals.filter(({ must }) => must !== undefined))(
    'has what was reached: $name',
    (goal) => {
      const figures = [goal.min, goal.median, goal.max].map((value) => value.toPrecision(3));
      expect(rowOf(goal.name)).toContain(`| ${figures.join(' | ')} |`);
    },
  );

  const others = run.races[0]?.results.filter(({ label }) => label !== OURS) ?? [];
  test.each(others)('has the time of $label', ({ label, median: microseconds }) => {
    expect(rowOf(label)).toContain(`| ${short(microseconds)} |`);
  });

  test('has our own, and those of a batch', () => {
    const row = rowOf(`**${OURS}**`);
    const batch = median('SHA1:batch:text:1:wrong', OURS);
    expect(row).toContain(`**${short(prepared(OURS))}**`);
    expect(row).toContain(`**${short(text(OURS))}** (${short(batch)} a user in a batch)`);
  });
});

test('The guides have the same', () => {
  const [one, both] = [short(prepared(OURS)), short(text(OURS))];
  const batch = short(median('SHA1:batch:prepared:1:wrong', OURS));
  expect(read('docs/verifying.md')).toContain(`[${both} µs, with the key prepared ${one}]`);
  expect(read('docs/many-at-once.md')).toContain(`| key prepared | ${one} | ${batch} |`);
  expect(read('docs/many-at-once.md')).toContain(`| from base32 text | ${both} |`);
});
