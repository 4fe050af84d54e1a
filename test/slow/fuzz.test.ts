/**
 * Ten million inputs for every function that reads text: each gives an answer or a documented error.
 * docs/security/fuzzing.md has the figures. `SLOW=1` runs all; `FUZZ_INPUTS` is their number,
 * `FUZZ_SEED` their seed.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addLibrary, makeProgram, type Program, run } from './support/child.js';
import type { FuzzOrder, FuzzReport } from './support/fuzz-child.js';
import { PLANTED, type PlantedFault } from './support/planted-faults.js';

const inputs = Number(process.env.FUZZ_INPUTS ?? 10_000_000);
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
/** Inputs until a planted fault is found. */
const SHORT = 100_000;
/** Inputs in `npm test`. */
const BRIEF = 20_000;

let program: Program;
let libraries: FuzzOrder['libraries'];

beforeAll(async () => {
  program = await makeProgram('fuzz-child');
  libraries = {
    simd: await addLibrary(program, 'simd'),
    portable: await addLibrary(program, 'portable'),
  };
});
afterAll(() => program.remove());

/** One of them shows in `npm test` that the fuzzer works; `SLOW=1` has the others find theirs. */
const planted = Object.keys(PLANTED) as PlantedFault[];
const tried = process.env.SLOW ? planted : planted.slice(0, 1);

describe('The fuzzer', { timeout: 120_000 }, () => {
  test.each(tried)('finds that %s', async (planted) => {
    const order: FuzzOrder = { libraries, inputs: SHORT, seed, planted };
    const { failure } = await run<FuzzReport>(program, order);
    expect(failure?.message, `seed ${seed}`).toMatch(/^(?:Error: not true|URIError|OtpError)/);
  });

  test('finds no fault of the library in a short run', async () => {
    const report = await run<FuzzReport>(program, { libraries, inputs: BRIEF, seed });
    expect(report, `seed ${seed}`).not.toHaveProperty('failure');
    expect(report.inputs).toBe(BRIEF);
  });
});

test.skipIf(!process.env.SLOW)(
  `${inputs.toLocaleString('en')} inputs have an answer or a documented error`,
  { timeout: 3_600_000 },
  async () => {
    const report = await run<FuzzReport>(program, { libraries, inputs, seed } satisfies FuzzOrder);
    console.log(JSON.stringify(report, null, 1));
    expect(report).not.toHaveProperty('failure');
    expect(report.inputs).toBe(inputs);
  },
);
