/**
 * The search for the typed code among candidates: those of one key, or those of four keys at once.
 * All are computed and compared, without a branch on any, whichever matches.
 */

import { HMAC, LANE_INPUTS, MIDSTATES, VALUES } from '../layout.js';
import {
  CALL,
  type Code,
  constant,
  I32,
  I32_CONST,
  I32_SUB,
  I32X4_ADD,
  I32X4_EXTRACT_LANE,
  I32X4_GE_S,
  I32X4_LE_U,
  I32X4_LT_S,
  I32X4_LT_U,
  I32X4_MAX_S,
  I32X4_MUL,
  I32X4_SHL,
  I32X4_SHR_U,
  I32X4_SPLAT,
  I32X4_SUB,
  I64X2_EXTEND_HIGH_I32X4_U,
  I64X2_EXTEND_LOW_I32X4_U,
  keep,
  type Local,
  load,
  newFunction,
  newLocal,
  type Part,
  repeat,
  SET,
  shuffleWords,
  store,
  TEE,
  V128_AND,
  V128_BITSELECT,
  V128_LOAD,
  V128_OR,
  VECTOR_WORDS,
  wipe,
  write,
} from './assembler.js';
import { inputWords, loadSplat, plus, type RoundFunction } from './words.js';

/**
 * What a vector of lanes is computed from: the words of its midstates, then those of its first
 * counters, of which there are the upper one and the lower, or one of 64 bits.
 */
type Candidates = (vectorIndex: number, word: number) => Part;

/** One key for all lanes; the first counter's halves are parameters. */
function oneKey({ bits, stateWords }: RoundFunction, high: Local, low: Local): Candidates {
  const states = 2 * stateWords;
  return (_, word) => {
    if (word < states) return load(loadSplat(bits), MIDSTATES + (word * bits) / 32);
    if (bits === 32) return [word === states ? high : low, I32X4_SPLAT];
    const halves = [low, I32X4_SPLAT, high, I32X4_SPLAT];
    return [halves, shuffleWords(0, 4, 1, 5)];
  };
}

function laneInput(place: number): Part {
  return load(V128_LOAD, LANE_INPUTS + VECTOR_WORDS * place);
}

/** The truncated values of four counters, each `index` behind its first. */
function values(code: Code, hash: RoundFunction, candidates: Candidates, index: Local): Part {
  const words = inputWords(hash);
  const inputs = (vectorIndex: number) =>
    Array.from({ length: words }, (_, word) => candidates(vectorIndex, word));
  if (hash.bits === 32) {
    const counters = newLocal(code);
    const low = candidates(0, words - 1);
    // The upper word is one more in the lanes where the lower one wraps around: less minus one.
    const carried = [low, I32X4_LT_U, I32X4_SUB];
    return [inputs(0), plus(32, index), counters + TEE, carried, counters, CALL + HMAC];
  }
  const pairs = [I64X2_EXTEND_LOW_I32X4_U, I64X2_EXTEND_HIGH_I32X4_U].map((extend, i) => [
    [inputs(i), plus(64, [index, extend]), CALL + HMAC],
  ]);
  // Of each value the lower half.
  return [pairs, shuffleWords(0, 2, 4, 6)];
}

/**
 * All ones in the lanes of four truncated values whose code is the typed one, modulo 10^digits.
 *
 * value mod 10^d is the code if value - code is no negative number and a multiple of 10^d. It is
 * one of 5^d if its product with the inverse of 5^d mod 2^32 is small, and one of 2^d if d low bits
 * are zero; rotating the product by d bits puts both questions into one comparison.
 *
 * @param modulus - the inverse, `digits`, and the largest quotient by 10^digits
 */
function matches(code: Code, values: Part, typed: Part, modulus: readonly Local[]): Part {
  const [inverse, digits, limit] = modulus as [Local, Local, Local];
  const value = newLocal(code);
  const product = newLocal(code);
  return [
    [values, value + SET, value, typed, I32X4_SUB, inverse, I32X4_SPLAT, I32X4_MUL, product + TEE],
    [digits, I32X4_SHR_U, product, I32_CONST + 32, digits, I32_SUB, I32X4_SHL, V128_OR],
    [limit, I32X4_SPLAT, I32X4_LE_U, value, typed, I32X4_GE_S, V128_AND],
  ];
}

/**
 * Writes the search, of four candidates at a time, whichever matches.
 *
 * @param from - behind its lane's first counter, the first candidate of each lane
 * @param most - the largest of all counts; the modulus is the last parameters
 * @returns lane by lane, the highest index that matches, or -1
 */
function highestMatches(
  code: Code,
  hash: RoundFunction,
  candidates: Candidates,
  from: readonly number[],
  most: Local,
  counts: Part,
  typed: Part,
): Local {
  const modulus = code.parameters.slice(-3);
  const step = (from[3] as number) + 1;
  const index = newLocal(code);
  const highest = newLocal(code);
  write(code, constant(...from), index + SET, constant(-1), highest + SET);
  const found = values(code, hash, candidates, index);
  const body = [
    [index, highest, matches(code, found, typed, modulus)],
    // None behind the end of a run.
    [index, counts, I32X4_LT_S, V128_AND, V128_BITSELECT, highest + SET],
    [index, constant(step), I32X4_ADD, index + SET],
  ];
  write(code, repeat(code.counter, 0, step, most, body));
  return highest;
}

/**
 * (high, low, count, typed, inverse, digits, limit) -> the highest index that matches, or -1: for
 * `count` counters of one key, whose midstates it wipes.
 */
export function match(hash: RoundFunction): Code {
  const code = newFunction(I32, 7, 1);
  const [high, low, count, typed] = code.parameters as [Local, Local, Local, Local];
  const candidates = oneKey(hash, high, low);
  const counts = [count, I32X4_SPLAT];
  const highest = highestMatches(code, hash, candidates, [0, 1, 2, 3], count, counts, [
    typed,
    I32X4_SPLAT,
  ]);
  wipe(code, MIDSTATES, (2 * hash.stateWords * hash.bits) / 32);
  // The highest of all lanes comes to the first in two steps.
  for (const turned of [shuffleWords(2, 3, 0, 1), shuffleWords(1, 2, 3, 0)]) {
    write(code, highest, highest, highest, turned, I32X4_MAX_S, highest + SET);
  }
  write(code, highest, I32X4_EXTRACT_LANE, 0);
  return code;
}

/**
 * (most, inverse, digits, limit): stores the highest index that matches, or -1, of each of four
 * keys. What describes them lies in memory, lane by lane, and is wiped.
 */
export function matchEach(hash: RoundFunction): Code {
  const code = newFunction(I32, 4, 0);
  const [most] = code.parameters as [Local];
  const words = inputWords(hash);
  const end = (words * hash.bits) / 32;
  const candidates: Candidates = (vectorIndex, word) => laneInput(vectorIndex * words + word);
  const [typed, counts] = [laneInput(end), laneInput(end + 1)];
  const highest = highestMatches(code, hash, candidates, [0, 0, 0, 0], most, counts, typed);
  wipe(code, LANE_INPUTS, VECTOR_WORDS * (end + 2));
  write(code, store(VALUES, highest));
  return code;
}

/** (high, low): stores the truncated values of four counters of one key. */
export function truncate(hash: RoundFunction): Code {
  const code = newFunction(I32, 2, 0);
  const [high, low] = code.parameters as [Local, Local];
  const index = keep(code, constant(0, 1, 2, 3));
  write(code, store(VALUES, values(code, hash, oneKey(hash, high, low), index)));
  return code;
}
