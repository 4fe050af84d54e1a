/**
 * Times one function over inputs of several classes, in the way of dudect: the class of each input
 * is drawn at random, a batch of inputs is prepared before any of it is timed, one call a sample.
 */
import type { Random } from './random.js';
import type { Samples } from './welch.js';

/** What is measured. */
export interface Subject<Content = unknown, Input = unknown> {
  /** What an input's class means; all are compared with the first. */
  readonly classes: readonly string[];
  /** What an input of a class is to hold. */
  readonly draw: (of: number) => Content;
  /**
   * The input that holds it, in memory of its own. It knows no class, and all of a batch are made one
   * right after the other once all are drawn. Else one class would lie closer together than the other,
   * and its time would tell of the processor's caches.
   */
  readonly make: (content: Content) => Input;
  readonly run: (input: Input) => unknown;
}

/** Inputs prepared at a time: few enough to stay in the processor's nearer caches. */
const BATCH = 512;
/** Calls before the first sample: by then the optimising compiler is done with it. */
const WARM_UP = 60_000;

/** Where results go, so that no compiler can leave a call out. */
let sink: unknown;

/** Takes `count` samples. */
export function measure<Content, Input>(
  subject: Subject<Content, Input>,
  count: number,
  random: Random,
): Samples {
  const { classes, draw, make, run } = subject;
  const total = WARM_UP + count;
  const times = new Float64Array(total + BATCH);
  const drawn = new Uint8Array(total + BATCH);
  const contents = new Array<Content>(BATCH);
  const inputs = new Array<Input>(BATCH);
  for (let from = 0; from < total; from += BATCH) {
    for (let i = 0; i < BATCH; i++) {
      const of = random.below(classes.length);
      drawn[from + i] = of;
      contents[i] = draw(of);
    }
    for (let i = 0; i < BATCH; i++) inputs[i] = make(contents[i] as Content);
    for (let i = 0; i < BATCH; i++) {
      const input = inputs[i] as Input;
      const start = performance.now();
      sink = run(input);
      times[from + i] = (performance.now() - start) * 1e6;
    }
  }
  if (sink === inputs) throw new Error('the subject gives back what it was not given');
  return { times: times.slice(WARM_UP, total), classes: drawn.slice(WARM_UP, total) };
}

/**
 * The same text in characters of its own: flat, of one byte a character, shared with no other text.
 * Texts of two classes must differ in their characters alone, and not in how they came to be.
 */
export function freshText(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
