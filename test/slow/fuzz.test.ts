/**
 * Ten million inputs for everything that reads text: whatever comes, an answer or a documented
 * error, and what must be true of each. The figures stand in docs/security/fuzzing.md.
 *
 * `SLOW=1` runs all; `FUZZ_INPUTS` is how many, `FUZZ_SEED` which.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addLibrary, makeProgram, type Program, run } from './support/child.js';
import type { FuzzOrder, FuzzReport } from './support/fuzz-child.js';
import { PLANTED, type PlantedFault } from './support/planted-faults.js';

const inputs = Number(process.env.FUZZ_INPUTS ?? 10_000_000);
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
/** What a fault may take to be found. */
const SHORT = 100_000;
/** What `npm test` tries. */
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

describe('The fuzzer', { timeout: 120_000 }, () => {
  test.each(Object.keys(PLANTED) as PlantedFault[])('finds that %s', async (planted) => {
    const order: FuzzOrder = { libraries, inputs: SHORT, seed, planted };
    const { failure } = await run<FuzzReport>(program, order);
    expect(failure?.message, `seed ${seed}`).toMatch(/^(?:Error: not true|URIError|OtpError)/);
  });

  // Not the same twice to the last input: what V8 counts depends on when it compiles what.
  test('finds nothing in the library in a short run, however often', async () => {
    const order: FuzzOrder = { libraries, inputs: BRIEF, seed };
    for (let i = 0; i < 2; i++) {
      const report = await run<FuzzReport>(program, order);
      expect(report, `seed ${seed}`).not.toHaveProperty('failure');
      expect(report.inputs).toBe(BRIEF);
    }
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
