/**
 * The search for a typed code among the candidates of one key, or of four keys at once. All are
 * computed and compared, and every branch is independent of a match.
 */
import { LANE_INPUTS, LANES, MIDSTATES, VALUES } from '../layout.js';
import {
  type Code,
  call,
  emit,
  type Func,
  I32,
  i32,
  i32x4,
  i64,
  keep,
  type Local,
  local,
  newFunction,
  newLocal,
  repeat,
  shuffleWords,
  V128,
  type Value,
  v128,
  wipe,
} from './assembler.js';
import { HMAC } from './functions.js';
import { LANE_WORDS, loadKept, type RoundFunction } from './words.js';

/**
 * Code for the truncated values of the next candidates, one in each lane.
 *
 * @param index - each lane's candidate, counted from its first counter
 * @param turn - the index of the first lane, as an integer
 */
type Candidates = (index: Local, turn: Local) => Code;

/** The number of 32-bit words in a key's midstates. */
export function midstateWords({ words, stateWords }: RoundFunction): number {
  return (2 * stateWords * words.bits) / 32;
}

/** The midstates of one key. */
function midstates({ words, stateWords }: RoundFunction): Code[] {
  return Array.from({ length: 2 * stateWords }, (_, i) =>
    loadKept(words, MIDSTATES + (i * words.bits) / 32),
  );
}

/** The values of four counters, given by the halves of each lane's first. */
function valuesOfLanes(
  func: Func,
  states: readonly Code[],
  high: Value,
  low: Code,
  index: Value,
): Code {
  const counters = newLocal(func, V128);
  const next = local.tee(counters, i32x4.add(low, index));
  // Lanes with a wrapped lower half add one to the upper half, by subtracting the mask, -1.
  const carried = (upper: Value) => i32x4.sub(upper, i32x4.lt_u(next, low));
  return call(HMAC, ...states, carried(high), counters);
}

/** The value of one counter, given by the halves of the first. */
function valueOfOne(states: readonly Code[], high: Local, low: Local, index: Value): Code {
  const [upper, lower] = [i64.extend_i32_u(high), i64.extend_i32_u(low)];
  const first = i64.or(i64.shl(upper, i64.const(0, 32)), lower);
  return call(HMAC, ...states, i64.add(first, i64.extend_i32_u(index)));
}

/**
 * All ones in the lanes with the typed code: their truncated values equal it modulo 10^digits.
 *
 * value mod 10^d is the code if value - code is not negative and a multiple of 10^d. A multiple of
 * 5^d has a small product with the inverse of 5^d mod 2^32. A multiple of 2^d has d low zero bits.
 * A rotation of the product by d bits combines both tests into one comparison.
 *
 * @param modulus - the inverse, `digits`, and the largest quotient by 10^digits
 */
function matches(func: Func, values: Code, typed: Code, modulus: readonly Local[]): Code {
  const [inverse, digits, limit] = modulus as [Local, Local, Local];
  const value = newLocal(func, V128);
  const product = newLocal(func, V128);
  const difference = i32x4.sub(value, typed);
  const scaled = local.tee(product, i32x4.mul(difference, i32x4.splat(inverse)));
  const turned = v128.or(i32x4.shr_u(scaled, digits), i32x4.shl(product, i32.sub(32, digits)));
  const isMultiple = i32x4.le_u(turned, i32x4.splat(limit));
  return [local.set(value, values), v128.and(isMultiple, i32x4.ge_s(value, typed))];
}

/**
 * Writes the search: each iteration takes one candidate in every lane.
 *
 * @param start - each lane's first candidate
 * @param step - the number of candidates per iteration
 * @param most - the largest of all counts; the modulus is the last parameters
 * @returns lane by lane, the highest matching index, or -1
 */
function search(
  func: Func,
  candidates: Candidates,
  start: readonly number[],
  step: number,
  most: Local,
  counts: Code,
  typed: Code,
): Local {
  const modulus = func.parameters.slice(-3);
  const turn = newLocal(func, I32);
  const index = keep(func, V128, v128.const(...start));
  const highest = keep(func, V128, v128.const(-1));
  const found = matches(func, candidates(index, turn), typed, modulus);
  // Candidates past the end of a run do not count.
  const counted = v128.and(found, i32x4.lt_s(index, counts));
  const body = [
    local.set(highest, v128.bitselect(index, highest, counted)),
    local.set(index, i32x4.add(index, v128.const(step))),
  ];
  emit(func, repeat(turn, 0, step, most, body));
  return highest;
}

/**
 * (high, low, count, typed, inverse, digits, limit) -> the highest matching index, or -1, among
 * `count` counters of one key. Wipes its midstates.
 */
export function matchOne(hash: RoundFunction): Func {
  const func = newFunction(new Array<typeof I32>(7).fill(I32), [I32]);
  const [high, low, count, typed] = func.parameters as [Local, Local, Local, Local];
  const states = midstates(hash);
  const isVector = hash.words === LANE_WORDS;
  const candidates: Candidates = (index, turn) =>
    isVector
      ? valuesOfLanes(func, states, i32x4.splat(high), i32x4.splat(low), index)
      : i32x4.splat(valueOfOne(states, high, low, turn));
  const [start, step] = isVector ? [[0, 1, 2, 3], LANES] : [[0], 1];
  const counts = i32x4.splat(count);
  const highest = search(func, candidates, start, step, count, counts, i32x4.splat(typed));
  emit(func, wipe(MIDSTATES, midstateWords(hash)));
  // The highest of all lanes reaches the first one in two steps.
  for (const order of [
    [2, 3, 0, 1],
    [1, 2, 3, 0],
  ]) {
    const turned = shuffleWords(highest, highest, ...order);
    emit(func, local.set(highest, i32x4.max_s(highest, turned)));
  }
  emit(func, i32x4.extract_lane(highest, 0));
  return func;
}

/**
 * (most, inverse, digits, limit): stores the highest matching index, or -1, for each of four keys.
 * Their inputs lie in memory, lane by lane, and are wiped.
 */
export function matchLanes({ stateWords }: RoundFunction): Func {
  const func = newFunction(new Array<typeof I32>(4).fill(I32), []);
  const [most] = func.parameters as [Local];
  const input = (i: number) => v128.load(LANE_INPUTS + LANES * i);
  const states = Array.from({ length: 2 * stateWords }, (_, i) => input(i));
  const [high, low, typed, counts] = [0, 1, 2, 3].map((i) => input(2 * stateWords + i)) as [
    Code,
    Code,
    Code,
    Code,
  ];
  const candidates: Candidates = (index) => valuesOfLanes(func, states, high, low, index);
  const highest = search(func, candidates, [0], 1, most, counts, typed);
  emit(func, wipe(LANE_INPUTS, LANES * (2 * stateWords + 4)));
  emit(func, v128.store(VALUES, highest));
  return func;
}

/** (high, low): stores the truncated values of the next counters of one key: four, or one. */
export function truncate(hash: RoundFunction): Func {
  const func = newFunction([I32, I32], []);
  const [high, low] = func.parameters as [Local, Local];
  const states = midstates(hash);
  if (hash.words === LANE_WORDS) {
    const index = keep(func, V128, v128.const(0, 1, 2, 3));
    const values = valuesOfLanes(func, states, i32x4.splat(high), i32x4.splat(low), index);
    emit(func, v128.store(VALUES, values));
  } else {
    emit(func, i32.store(VALUES, valueOfOne(states, high, low, 0)));
  }
  return func;
}
