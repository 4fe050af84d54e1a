/** Times one subject, with one engine, in a process of its own, and prints what came out. */
import { pathToFileURL } from 'node:url';
import { measure } from './dudect.js';
import { newRandom } from './random.js';
import { SUBJECTS } from './timing-subjects.js';
import { type Comparison, compare, median } from './welch.js';

/** What to do. */
export interface TimingOrder {
  readonly library: string;
  readonly subject: string;
  readonly samples: number;
  readonly seed: number;
}

/** What came out. */
export interface Timing {
  readonly subject: string;
  readonly samples: number;
  /** Of all samples, in nanoseconds, the clock's own time included. */
  readonly medianNs: number;
  readonly classes: readonly string[];
  /** Each class but the first beside the first. */
  readonly comparisons: readonly Comparison[];
}

function rounded(value: number, places: number): number {
  return Number(value.toFixed(places));
}

const order = JSON.parse(process.argv[2] as string) as TimingOrder;
const random = newRandom(order.seed);
const library = await import(pathToFileURL(order.library).href);
const subject = SUBJECTS[order.subject]?.make(library, random);
if (subject === undefined) throw new Error('no such subject');
const samples = measure(subject, order.samples, random);
const timing: Timing = {
  subject: order.subject,
  samples: order.samples,
  medianNs: rounded(median(samples.times), 0),
  classes: subject.classes,
  comparisons: compare(samples, subject.classes.length).map(({ t, difference, cut }) => {
    return { t: rounded(t, 2), difference: rounded(difference, 2), cut: rounded(cut, 4) };
  }),
};
console.log(JSON.stringify(timing));
