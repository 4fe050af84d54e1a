/**
 * The compression functions of SHA-256 and SHA-512 as vector code. FIPS 180-4 §6.2.2 and §6.4.2:
 * one algorithm, with other word lengths, rotations and constants.
 *
 * The first sixteen rounds are written out, so that zero words of the block drop out; the others are
 * a loop of sixteen. All written out they would be more code than the processor's instruction cache
 * holds, and fetching it would take longer than running it.
 */
import { sha256H, sha256K, sha512H, sha512K } from '../sha2-constants.js';
import {
  type Code,
  get,
  integer,
  type Local,
  load,
  pushInteger,
  repeat,
  set,
  shift,
  tee,
  V128_AND,
  V128_BITSELECT,
  V128_XOR,
  vector,
} from './assembler.js';
import {
  type Constant,
  constantOf,
  FIRST_ROUNDS,
  isZero,
  LANES_32,
  LANES_64,
  type Lanes,
  push,
  pushRotated,
  type RoundFunction,
  type Word,
} from './words.js';

/** A linear function of §4.1: the xor of rotations to the right and, last, a shift or none. */
interface Sigma {
  readonly rotations: readonly number[];
  readonly shift?: number;
}

/** What SHA-256 and SHA-512 differ in (§4.1.2, §4.1.3, §4.2). */
interface Variant {
  readonly lanes: Lanes;
  readonly rounds: number;
  readonly bigSigma0: Sigma;
  readonly bigSigma1: Sigma;
  readonly smallSigma0: Sigma;
  readonly smallSigma1: Sigma;
}

type State = readonly [Local, Local, Local, Local, Local, Local, Local, Local];

function pushSigma(code: Code, lanes: Lanes, sigma: Sigma, local: Local): void {
  sigma.rotations.forEach((bits, i) => {
    pushRotated(code, lanes, local, bits);
    if (i > 0) vector(code, V128_XOR);
  });
  if (sigma.shift === undefined) return;
  get(code, local);
  shift(code, lanes.shrU, sigma.shift);
  vector(code, V128_XOR);
}

/** Replaces W(t-16) by W(t) = σ1(W(t-2)) + W(t-7) + σ0(W(t-15)) + W(t-16). */
function schedule(code: Code, variant: Variant, w: readonly Local[], t: number): void {
  const { lanes, smallSigma0, smallSigma1 } = variant;
  const word = (back: number) => w[(t - back) & 15] as Local;
  get(code, word(16));
  get(code, word(7));
  vector(code, lanes.add);
  pushSigma(code, lanes, smallSigma0, word(15));
  vector(code, lanes.add);
  pushSigma(code, lanes, smallSigma1, word(2));
  vector(code, lanes.add);
  set(code, word(16));
}

/**
 * One round. `pushK` pushes its constant.
 *
 * @returns the words in their new order: they change places by name, nothing moves at run time
 */
function round(
  code: Code,
  { lanes, bigSigma0, bigSigma1 }: Variant,
  [a, b, c, d, e, f, g, h]: State,
  word: Word,
  pushK: () => void,
): State {
  // T1, in h
  get(code, h);
  pushK();
  vector(code, lanes.add);
  if (!isZero(word)) {
    push(code, word);
    vector(code, lanes.add);
  }
  get(code, f);
  get(code, g);
  get(code, e);
  vector(code, V128_BITSELECT);
  vector(code, lanes.add);
  pushSigma(code, lanes, bigSigma1, e);
  vector(code, lanes.add);
  tee(code, h);
  get(code, d);
  vector(code, lanes.add);
  set(code, d);
  // T1 + T2
  get(code, h);
  pushMaj(code, a, b, c);
  vector(code, lanes.add);
  pushSigma(code, lanes, bigSigma0, a);
  vector(code, lanes.add);
  set(code, h);
  return [h, a, b, c, d, e, f, g];
}

/** Maj as ((a ^ b) & (b ^ c)) ^ b, because the next round's b ^ c is this one's a ^ b. */
function pushMaj(code: Code, a: Local, b: Local, c: Local): void {
  get(code, a);
  get(code, b);
  vector(code, V128_XOR);
  get(code, b);
  get(code, c);
  vector(code, V128_XOR);
  vector(code, V128_AND);
  get(code, b);
  vector(code, V128_XOR);
}

function roundFunction(
  variant: Variant,
  initialState: () => readonly Constant[],
  table: () => readonly number[],
): RoundFunction {
  const { lanes, rounds } = variant;
  return {
    lanes,
    // Computed when they are asked for: not before the module is written.
    get initialState() {
      return initialState();
    },
    get table() {
      return table();
    },

    firstRounds(code, state, block, at) {
      let words = state as State;
      block.forEach((word, t) => {
        const pushK = () => load(code, lanes.loadSplat, at + lanes.bytes * t);
        words = round(code, variant, words, word, pushK);
      });
      return words;
    },

    otherRounds(code, state, w, at) {
      let words = state as State;
      const turn = FIRST_ROUNDS * lanes.bytes;
      const place = integer(code, 0);
      const pushEnd = () => pushInteger(code, rounds * lanes.bytes);
      repeat(code, place, turn, turn, pushEnd, () => {
        for (let t = 0; t < FIRST_ROUNDS; t++) {
          schedule(code, variant, w, t);
          const pushK = () => load(code, lanes.loadSplat, at + lanes.bytes * t, place);
          words = round(code, variant, words, w[t] as Local, pushK);
        }
      });
      return words;
    },
  };
}

/** Halves of 64-bit words, high first, as constants. */
function joined(halves: ArrayLike<number>): Constant[] {
  return Array.from({ length: halves.length / 2 }, (_, i) =>
    constantOf(LANES_64, halves[2 * i] as number, halves[2 * i + 1] as number),
  );
}

export const sha256Rounds: RoundFunction = roundFunction(
  {
    lanes: LANES_32,
    rounds: 64,
    bigSigma0: { rotations: [2, 13, 22] },
    bigSigma1: { rotations: [6, 11, 25] },
    smallSigma0: { rotations: [7, 18], shift: 3 },
    smallSigma1: { rotations: [17, 19], shift: 10 },
  },
  () => sha256H().map((word) => constantOf(LANES_32, word)),
  () => Array.from(sha256K()),
);

export const sha512Rounds: RoundFunction = roundFunction(
  {
    lanes: LANES_64,
    rounds: 80,
    bigSigma0: { rotations: [28, 34, 39] },
    bigSigma1: { rotations: [14, 18, 41] },
    smallSigma0: { rotations: [1, 8], shift: 7 },
    smallSigma1: { rotations: [19, 61], shift: 6 },
  },
  () => joined(sha512H()),
  () => joined(sha512K()).flat(),
);
