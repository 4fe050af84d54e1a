/** Runs the fuzzer in a process of its own, on the built package or on one with a planted fault. */
import { pathToFileURL } from 'node:url';
import { watchCoverage } from './coverage.js';
import { type FuzzResult, fuzz } from './fuzz.js';
import { type Pair, throws } from './fuzz-checks.js';
import { PLANTED, type PlantedFault } from './planted-faults.js';

/** What to do. */
export interface FuzzOrder {
  readonly libraries: Readonly<Record<keyof Pair, string>>;
  readonly inputs: number;
  readonly seed: number;
  readonly planted?: PlantedFault;
}

/** What came out, with how often which error was thrown. */
export interface FuzzReport extends FuzzResult {
  readonly throws: Readonly<Record<string, number>>;
}

const order = JSON.parse(process.argv[2] as string) as FuzzOrder;
// Most inputs end in an error; writing down where takes longer than all else.
Error.stackTraceLimit = 0;
const url = pathToFileURL(order.libraries.simd).href;
const coverage = watchCoverage(url);
const simd = await import(url);
const portable = await import(pathToFileURL(order.libraries.portable).href);
const faulty = order.planted === undefined ? simd : { ...simd, ...PLANTED[order.planted](simd) };
const result = fuzz({ simd: faulty, portable }, order.seed, order.inputs, coverage);
coverage.stop();
const report: FuzzReport = { ...result, throws };
console.log(JSON.stringify(report));
