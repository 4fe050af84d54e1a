/**
 * A fuzzer for the text that this library reads. It keeps the inputs that bring something new, a
 * block of the library that had not run or an outcome that had not come out, and makes new ones of
 * those. All of it follows from the seed.
 */
import { inspect } from 'node:util';
import type { Coverage } from './coverage.js';
import {
  checkBase32,
  checkCode,
  checkOptions,
  checkUri,
  type Pair,
  throws,
} from './fuzz-checks.js';
import {
  BASE32_BITS,
  BASE32_SEEDS,
  CODE_BITS,
  NO_TEXTS,
  newMoments,
  newOptions,
  URI_BITS,
  URI_SEEDS,
} from './fuzz-inputs.js';
import { mutate } from './mutate.js';
import { newRandom, type Random } from './random.js';

/** One kind of input. */
interface Target {
  readonly name: string;
  /** Of 16 inputs, how many are of this kind. */
  readonly share: number;
  readonly corpus: string[];
  readonly draw: (corpus: readonly string[]) => unknown;
  readonly check: (input: unknown) => string;
  readonly outcomes: Set<string>;
}

/** An input that was tried. */
interface Tried {
  readonly target: Target;
  readonly input: unknown;
}

/** What was wrong, and by which input. */
export interface Failure {
  readonly target: string;
  readonly input: string;
  /** Which input of the run it was. */
  readonly number: number;
  readonly message: string;
}

export interface FuzzResult {
  readonly seed: number;
  readonly inputs: number;
  readonly seconds: number;
  readonly targets: readonly {
    readonly name: string;
    readonly inputs: number;
    readonly corpus: number;
    readonly outcomes: number;
  }[];
  /** Blocks of the library that ran. */
  readonly blocks: number;
  /** Inputs that were kept because a block ran for the first time. */
  readonly keptForBlocks: number;
  readonly failure?: Failure;
}

/** Inputs between two looks at what has run: a look takes as long as hundreds of inputs. */
const FIRST_BATCH = 256;
const MAX_BATCH = 16_384;
/** Inputs between two lines of progress. */
const PROGRESS = 1_000_000;
/** Enough to make anything of; a description that differs for ever would fill the memory. */
const MAX_CORPUS = 20_000;

function newTargets(pair: Pair, random: Random): Target[] {
  const moments = newMoments(pair, random, 200);
  const drawCode = (corpus: readonly string[]) => {
    const moment = random.pick(moments);
    const kind = random.below(8);
    if (kind === 0) return { moment, code: random.pick(NO_TEXTS) };
    const code = random.pick(moment.codes);
    if (kind < 3) return { moment, code };
    return { moment, code: mutate(kind < 6 ? [code] : corpus, CODE_BITS, random) };
  };
  const target = (name: string, share: number, corpus: readonly string[]) => {
    return { name, share, corpus: [...corpus], outcomes: new Set<string>() };
  };
  return [
    {
      ...target('URIs', 6, URI_SEEDS),
      draw: (corpus) => mutate(corpus, URI_BITS, random),
      check: (text) => checkUri(pair, text as string),
    },
    {
      ...target('base32', 5, BASE32_SEEDS),
      draw: (corpus) => mutate(corpus, BASE32_BITS, random),
      check: (text) => checkBase32(pair, text as string),
    },
    {
      ...target('codes', 4, ['287082', '755 224', '000000']),
      draw: drawCode,
      check: (input) => {
        const { moment, code } = input as ReturnType<typeof drawCode>;
        return checkCode(pair, moment, code, random);
      },
    },
    {
      ...target('options', 1, []),
      draw: () => ({ moment: random.pick(moments), options: newOptions(random) }),
      check: (input) => {
        const { moment, options } = input as { moment: (typeof moments)[0]; options: object };
        return checkOptions(pair, moment, options);
      },
    },
  ];
}

/** Tries `inputs` inputs, or fewer if one fails. */
export function fuzz(pair: Pair, seed: number, inputs: number, coverage: Coverage): FuzzResult {
  const random = newRandom(seed);
  const targets = newTargets(pair, random);
  const wheel = targets.flatMap((target) => Array.from({ length: target.share }, () => target));
  const blocks = new Set(coverage.take());
  const tried = new Map(targets.map((target) => [target, 0]));
  let keptForBlocks = 0;
  let failure: Failure | undefined;
  const start = performance.now();
  let number = 0;
  let batchSize = FIRST_BATCH;
  while (number < inputs && failure === undefined) {
    const batch: Tried[] = [];
    for (let i = 0; i < batchSize && number < inputs && failure === undefined; i++) {
      const target = wheel[number++ & 15] as Target;
      const input = target.draw(target.corpus);
      tried.set(target, (tried.get(target) as number) + 1);
      batch.push({ target, input });
      failure = tryInput(target, input, number);
    }
    const kept = keepNewBlocks(batch, blocks, coverage);
    keptForBlocks += kept;
    // While there is much that is new, it is looked for in little.
    batchSize = kept > 0 ? FIRST_BATCH : Math.min(MAX_BATCH, 2 * batchSize);
    if (number % PROGRESS < batch.length && number >= PROGRESS) {
      console.error(`${number} inputs, ${blocks.size} blocks`);
    }
  }
  return {
    seed,
    inputs: number,
    seconds: Math.round((performance.now() - start) / 100) / 10,
    targets: targets.map((target) => ({
      name: target.name,
      inputs: tried.get(target) as number,
      corpus: target.corpus.length,
      outcomes: target.outcomes.size,
    })),
    blocks: blocks.size,
    keptForBlocks,
    ...(failure && { failure }),
  };
}

function tryInput(target: Target, input: unknown, number: number): Failure | undefined {
  const { name, corpus, outcomes, check } = target;
  try {
    const outcome = check(input);
    if (outcomes.has(outcome)) return undefined;
    outcomes.add(outcome);
    keep(corpus, input);
    return undefined;
  } catch (error) {
    const shown = typeof input === 'string' ? JSON.stringify(input) : inspect(input);
    return { target: name, input: shown, number, message: String(error) };
  }
}

/** Texts can be mutated; the others are made anew each time. */
function keep(corpus: string[], input: unknown): void {
  const text = typeof input === 'object' ? (input as { code?: unknown }).code : input;
  if (typeof text === 'string' && corpus.length < MAX_CORPUS) corpus.push(text);
}

/** Keeps those of a batch that ran a block for the first time. */
function keepNewBlocks(batch: readonly Tried[], blocks: Set<string>, coverage: Coverage): number {
  const fresh = new Set(coverage.take().filter((block) => !blocks.has(block)));
  const counted = { ...throws };
  const kept = fresh.size === 0 ? 0 : search(batch, fresh, blocks, coverage);
  Object.assign(throws, counted);
  // What did not run a second time, such as what runs once in a process.
  for (const block of fresh) blocks.add(block);
  return kept;
}

/** Finds who ran the blocks by running the batch once more, then its halves, and theirs. */
function search(
  batch: readonly Tried[],
  fresh: Set<string>,
  blocks: Set<string>,
  coverage: Coverage,
): number {
  for (const { target, input } of batch) rerun(target, input);
  const own = coverage.take().filter((block) => fresh.has(block));
  if (own.length === 0) return 0;
  if (batch.length > 1) {
    const half = batch.length >> 1;
    const first = search(batch.slice(0, half), fresh, blocks, coverage);
    return fresh.size === 0 ? first : first + search(batch.slice(half), fresh, blocks, coverage);
  }
  for (const { target, input } of batch) keep(target.corpus, input);
  for (const block of own) {
    fresh.delete(block);
    blocks.add(block);
  }
  return 1;
}

function rerun(target: Target, input: unknown): void {
  try {
    target.check(input);
  } catch {
    // A fault was told when it was found.
  }
}
