/**
 * The search for the typed code among candidates: those of one key, or those of four keys at once.
 * All are computed and compared, without a branch on any, whichever matches.
 */
import {
  type Code,
  call,
  constant,
  firstLane,
  get,
  getSplat,
  I32,
  I32_SUB,
  I32X4_ADD,
  I32X4_GE_S,
  I32X4_LE_U,
  I32X4_LT_S,
  I32X4_LT_U,
  I32X4_MAX_S,
  I32X4_MUL,
  I32X4_SHL,
  I32X4_SHR_U,
  I32X4_SUB,
  I64X2_EXTEND_HIGH_I32X4_U,
  I64X2_EXTEND_LOW_I32X4_U,
  integer,
  type Local,
  load,
  newFunction,
  newLocal,
  repeat,
  scalar,
  set,
  shuffle,
  smallInteger,
  store,
  tee,
  V128_AND,
  V128_BITSELECT,
  V128_LOAD,
  V128_OR,
  VECTOR_BYTES,
  vector,
  wipe,
} from './assembler.js';
import { HMAC, LANES, MEMORY, shape, stateCount } from './layout.js';
import { keep, type RoundFunction } from './words.js';

/** Takes two vectors of 64-bit lanes on the stack to one of their four lower halves. */
function joinLowHalves(code: Code): void {
  shuffle(code, [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]);
}

/** Where the four lanes' midstates and first counters come from. */
interface Candidates {
  /** Pushes the midstates of the lanes of one vector. */
  readonly pushMidstates: (vectorIndex: number) => void;
  /** Pushes one word of their first counters: the upper one, then the lower, or the only one. */
  readonly pushCounter: (vectorIndex: number, word: number) => void;
}

/** One key for all lanes; the first counter's halves are parameters. */
function oneKey(code: Code, hash: RoundFunction, high: Local, low: Local): Candidates {
  const { bits, bytes, loadSplat } = hash.lanes;
  return {
    pushMidstates() {
      for (let i = 0; i < stateCount(hash); i++) {
        load(code, loadSplat, MEMORY.midstates + bytes * i);
      }
    },
    pushCounter(_, word) {
      if (bits === 32) {
        getSplat(code, word === 0 ? high : low);
        return;
      }
      getSplat(code, low);
      getSplat(code, high);
      shuffle(code, [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23]);
    },
  };
}

/** A key and a first counter for each lane, all in memory. */
function manyKeys(code: Code, hash: RoundFunction): Candidates {
  const { words } = shape(hash);
  const states = stateCount(hash);
  const pushFrom = (vectorIndex: number, i: number) => {
    load(code, V128_LOAD, MEMORY.lanes + VECTOR_BYTES * (vectorIndex * (states + words) + i));
  };
  return {
    pushMidstates(vectorIndex) {
      for (let i = 0; i < states; i++) pushFrom(vectorIndex, i);
    },
    pushCounter: (vectorIndex, word) => pushFrom(vectorIndex, states + word),
  };
}

/** Pushes the truncated values of four counters, each `index` behind its first. */
function pushValues(
  code: Code,
  hash: RoundFunction,
  { pushMidstates, pushCounter }: Candidates,
  index: Local,
): void {
  if (hash.lanes.bits === 32) {
    const counters = newLocal(code);
    pushMidstates(0);
    pushCounter(0, 0);
    pushCounter(0, 1);
    get(code, index);
    vector(code, hash.lanes.add);
    tee(code, counters);
    // The upper word is one more in the lanes where the lower one wraps around: less minus one.
    pushCounter(0, 1);
    vector(code, I32X4_LT_U);
    vector(code, I32X4_SUB);
    get(code, counters);
    call(code, HMAC);
    return;
  }
  for (const [i, extend] of [I64X2_EXTEND_LOW_I32X4_U, I64X2_EXTEND_HIGH_I32X4_U].entries()) {
    pushMidstates(i);
    pushCounter(i, 0);
    get(code, index);
    vector(code, extend);
    vector(code, hash.lanes.add);
    call(code, HMAC);
  }
  joinLowHalves(code);
}

/** The parameters of a comparison modulo 10^digits. */
interface Comparison {
  readonly pushTyped: () => void;
  /** The inverse of 5^digits modulo 2^32, `digits`, and the largest quotient by 10^digits. */
  readonly inverse: Local;
  readonly digits: Local;
  readonly limit: Local;
}

/**
 * Takes four truncated values on the stack to all ones in the lanes whose code is the typed one.
 *
 * value mod 10^d is the code if value - code is no negative number and a multiple of 10^d. It is
 * one of 5^d if its product with the inverse of 5^d mod 2^32 is small, and one of 2^d if d low bits
 * are zero; rotating the product by d bits puts both questions into one comparison.
 */
function pushMatches(code: Code, { pushTyped, inverse, digits, limit }: Comparison): void {
  const value = keep(code);
  const product = newLocal(code);
  get(code, value);
  pushTyped();
  vector(code, I32X4_SUB);
  getSplat(code, inverse);
  vector(code, I32X4_MUL);
  tee(code, product);
  get(code, digits);
  vector(code, I32X4_SHR_U);
  get(code, product);
  smallInteger(code, 32);
  get(code, digits);
  scalar(code, I32_SUB);
  vector(code, I32X4_SHL);
  vector(code, V128_OR);
  getSplat(code, limit);
  vector(code, I32X4_LE_U);
  get(code, value);
  pushTyped();
  vector(code, I32X4_GE_S);
  vector(code, V128_AND);
}

/** Which candidates to try: four at a time. */
interface Run {
  readonly candidates: Candidates;
  /** Behind its lane's first counter, the first candidate of each lane. */
  readonly from: readonly number[];
  /** How far to the next ones. */
  readonly step: number;
  /** Pushes how many there are, lane by lane. */
  readonly pushCounts: () => void;
  /** A parameter: the largest of these counts. */
  readonly most: Local;
}

/** Lane by lane, the highest index that matches, or -1: all are computed, whichever matches. */
function highestMatches(code: Code, hash: RoundFunction, run: Run, comparison: Comparison): Local {
  const index = newLocal(code);
  const highest = newLocal(code);
  constant(code, run.from);
  set(code, index);
  constant(code, [-1, -1, -1, -1]);
  set(code, highest);
  repeat(
    code,
    integer(code, 0),
    0,
    run.step,
    () => get(code, run.most),
    () => {
      get(code, index);
      get(code, highest);
      pushValues(code, hash, run.candidates, index);
      pushMatches(code, comparison);
      // None behind the end of a run.
      get(code, index);
      run.pushCounts();
      vector(code, I32X4_LT_S);
      vector(code, V128_AND);
      vector(code, V128_BITSELECT);
      set(code, highest);
      get(code, index);
      constant(code, new Array(LANES).fill(run.step));
      vector(code, I32X4_ADD);
      set(code, index);
    },
  );
  return highest;
}

/**
 * (high, low, count, typed, inverse, digits, limit) -> the highest index that matches, or -1: for
 * `count` counters of one key, whose midstates it wipes.
 */
export function match(hash: RoundFunction): Code {
  const [high, low, count, typed, inverse, digits, limit] = [0, 1, 2, 3, 4, 5, 6] as const;
  const code = newFunction(new Array(7).fill(I32), [I32], 1);
  const highest = highestMatches(
    code,
    hash,
    {
      candidates: oneKey(code, hash, high, low),
      from: [0, 1, 2, 3],
      step: LANES,
      pushCounts: () => getSplat(code, count),
      most: count,
    },
    { pushTyped: () => getSplat(code, typed), inverse, digits, limit },
  );
  wipe(code, MEMORY.midstates, hash.lanes.bytes * stateCount(hash));
  // The highest of all lanes comes to the first in two steps.
  for (const bytes of [8, 4]) {
    get(code, highest);
    get(code, highest);
    get(code, highest);
    shuffle(
      code,
      Array.from({ length: VECTOR_BYTES }, (_, i) => (i + bytes) % VECTOR_BYTES),
    );
    vector(code, I32X4_MAX_S);
    set(code, highest);
  }
  get(code, highest);
  firstLane(code);
  return code;
}

/**
 * (most, inverse, digits, limit): stores the highest index that matches, or -1, of each of four
 * keys. What describes them lies in memory, lane by lane, and is wiped.
 */
export function matchEach(hash: RoundFunction): Code {
  const [most, inverse, digits, limit] = [0, 1, 2, 3] as const;
  const code = newFunction(new Array(4).fill(I32), [], 1);
  const { vectors, words } = shape(hash);
  const inputs = vectors * (stateCount(hash) + words);
  const pushInput = (i: number) => () => load(code, V128_LOAD, MEMORY.lanes + VECTOR_BYTES * i);
  const highest = highestMatches(
    code,
    hash,
    {
      candidates: manyKeys(code, hash),
      from: [0, 0, 0, 0],
      step: 1,
      pushCounts: pushInput(inputs + 1),
      most,
    },
    { pushTyped: pushInput(inputs), inverse, digits, limit },
  );
  wipe(code, MEMORY.lanes, VECTOR_BYTES * (inputs + 2));
  store(code, MEMORY.values, () => get(code, highest));
  return code;
}

/** (high, low): stores the truncated values of four counters of one key. */
export function truncate(hash: RoundFunction): Code {
  const code = newFunction([I32, I32], []);
  constant(code, [0, 1, 2, 3]);
  const index = keep(code);
  store(code, MEMORY.values, () => pushValues(code, hash, oneKey(code, hash, 0, 1), index));
  return code;
}
