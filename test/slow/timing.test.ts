/**
 * Whether the time that a call takes tells of secrets: the functions that work on them, beside ones
 * that are known to leak, by one measure in one run. The figures stand in docs/security/timing.md.
 *
 * `SLOW=1` measures; `RECORD=1` besides keeps the figures; `TIMING_SAMPLES` is how many a subject.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addLibrary,
  ENGINES,
  type EngineName,
  makeProgram,
  type Program,
  run,
} from './support/child.js';
import { newRandom } from './support/random.js';
import type { Timing, TimingOrder } from './support/timing-child.js';
import {
  furthest,
  keepResults,
  type Row,
  readResults,
  readTables,
  tablesOf,
} from './support/timing-results.js';
import { SUBJECTS } from './support/timing-subjects.js';
import { compare, welchOf } from './support/welch.js';

/** A difference by chance gets so far once in 150,000 comparisons; dudect's paper takes the same. */
const SUSPICIOUS = 4.5;
/** dudect's program calls what gets here leaky beyond doubt. */
const CERTAIN = 10;

const samples = Number(process.env.TIMING_SAMPLES ?? 1_000_000);

/** Times around 100 in two classes, the second of them `shift` slower and `spread` times as wide. */
function madeUp(shift: number, spread: number) {
  const random = newRandom(7);
  const count = 40_000;
  const classes = Uint8Array.from({ length: count }, () => random.below(2));
  const times = Float64Array.from(classes, (own) => {
    // The sum of twelve even ones is nearly normal, of variance 1.
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += random.below(2 ** 20) / 2 ** 20;
    return 100 + (own === 1 ? shift + spread * sum : sum);
  });
  return compare({ times, classes }, 2)[0] as { t: number; difference: number; cut: number };
}

describe('The statistics', () => {
  test("give Welch's t of two small sets", () => {
    const a = [
      27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4,
    ];
    const b = [
      27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 31.2,
    ];
    // By Python's statistics module.
    expect(welchOf(a, b)).toBeCloseTo(-2.951325, 6);
    expect(welchOf(b, a)).toBeCloseTo(2.951325, 6);
  });

  test('find no difference between two sets of one kind', () => {
    expect(Math.abs(madeUp(0, 1).t)).toBeLessThan(SUSPICIOUS);
  });

  test('find a shift of an eighth of the spread', () => {
    const { t, difference } = madeUp(0.125, 1);
    expect(t).toBeGreaterThan(CERTAIN);
    expect(difference).toBeCloseTo(0.125, 1);
  });

  test('find a wider spread around the same mean', () => {
    expect(Math.abs(madeUp(0, 1.2).t)).toBeGreaterThan(CERTAIN);
  });
});

describe('The figures in docs/security/timing.md', () => {
  const results = readResults();

  test('are those of the run that was kept', () => {
    expect(readTables()).toBe(tablesOf(results));
  });

  test('are of every subject, with both engines', () => {
    for (const engine of ENGINES) {
      const measured = results.rows.filter((row) => row.engine === engine);
      expect(measured.map(({ subject, kind }) => [subject, kind])).toEqual(
        Object.entries(SUBJECTS).map(([subject, { kind }]) => [subject, kind]),
      );
    }
  });

  test.each(results.rows)('are within their bounds: $engine, $subject', (row) => {
    expectBounds(row);
  });
});

function expectBounds(row: Row): void {
  const t = Math.abs(furthest(row).t);
  if (row.kind === 'leaky') expect(t).toBeGreaterThanOrEqual(CERTAIN);
  if (row.kind === 'held' || row.kind === 'null') expect(t).toBeLessThan(SUSPICIOUS);
}

describe.skipIf(!process.env.SLOW)('By the time it takes,', { timeout: 300_000 }, () => {
  const rows: Row[] = [];
  let program: Program;
  const libraries = {} as Record<EngineName, string>;

  beforeAll(async () => {
    program = await makeProgram('timing-child');
    for (const engine of ENGINES) libraries[engine] = await addLibrary(program, engine);
  });
  afterAll(() => {
    program.remove();
    if (process.env.RECORD) keepResults(rows);
  });

  function time(subject: string, engine: EngineName): Promise<Timing> {
    const seed = Date.now() | 0;
    const order: TimingOrder = { library: libraries[engine], subject, samples, seed };
    return run<Timing>(program, order);
  }

  for (const engine of ENGINES) {
    describe(`with the engine called ${engine},`, () => {
      test.each(Object.entries(SUBJECTS))('%s', async (subject, { kind }) => {
        let timing = await time(subject, engine);
        let measurements = 1;
        // There are a thousand comparisons in a run, so chance gets over the bound now and then. A leak does
        // every time: what is found once is measured once more, and has to be found again.
        if (kind !== 'leaky' && Math.abs(furthest(timing).t) >= SUSPICIOUS) {
          timing = await time(subject, engine);
          measurements = 2;
        }
        const row: Row = { ...timing, engine, kind, measurements };
        rows.push(row);
        expectBounds(row);
      });
    });
  }
});
