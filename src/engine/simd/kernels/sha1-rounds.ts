/** SHA-1's compression function as vector code, all rounds written out. FIPS 180-4 §6.1.2. */
import { sha1 } from '../../sha1.js';
import {
  type Code,
  emit,
  type Func,
  i32x4,
  keep,
  type Local,
  local,
  V128,
  type Value,
  v128,
} from './assembler.js';
import { FIRST_ROUNDS, LANE_WORDS, plus, type RoundFunction, renamed } from './words.js';

const { rotateRight } = LANE_WORDS;
const { add, shl, shr_u } = i32x4;
const { and, bitselect, or, xor } = v128;

/** K(t) for each twenty rounds (§4.2.1). */
const K = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6] as const;

/** f of (4.1). */
function f(t: number, b: Local, c: Local, d: Local): Code {
  // Ch: bits of c where b is set, of d elsewhere.
  if (t < 20) return bitselect(c, d, b);
  if (t < 40 || t >= 60) return xor(xor(c, d), b);
  // Maj, with b last.
  return or(and(or(c, d), b), and(c, d));
}

/** Replaces W(t-16) by W(t) = ROTL1(W(t-3) ^ W(t-8) ^ W(t-14) ^ W(t-16)). */
function schedule(t: number, w: readonly Local[]): Code {
  const word = (back: number) => w[(t - back) & 15] as Local;
  const replaced = word(16);
  const sum = xor(xor(xor(word(3), word(8)), word(14)), replaced);
  return [local.set(replaced, sum), local.set(replaced, rotateRight(replaced, 31))];
}

/**
 * Round `t` with a word and the constant in `k`.
 *
 * The sum adds its parts in the order of their availability. From one `a` to the next, only a shift
 * and two additions remain: an eighth faster than the order of the standard.
 */
function round(t: number, state: readonly Local[], word: Value, k: Local): Code {
  const [a, b, c, d, e] = state as [Local, Local, Local, Local, Local];
  const sum = add(plus(LANE_WORDS, add(e, k), word), f(t, b, c, d));
  const rotated = add(add(sum, shr_u(a, 27)), shl(a, 5));
  return [local.set(e, rotated), local.set(b, rotateRight(b, 2))];
}

function rounds(
  func: Func,
  state: readonly Local[],
  block: readonly Value[],
  areFirst: boolean,
): readonly Local[] {
  // In locals: a reference to one is shorter than a constant.
  const constants = K.map((k) => keep(func, V128, v128.const(k)));
  const [from, end] = areFirst ? [0, FIRST_ROUNDS] : [FIRST_ROUNDS, 80];
  for (let t = from; t < end; t++) {
    if (!areFirst) emit(func, schedule(t, block as readonly Local[]));
    const k = constants[Math.floor(t / 20)] as Local;
    emit(func, round(t, renamed(state, t - from), block[t & 15] as Value, k));
  }
  return renamed(state, end - from);
}

export const sha1Rounds: RoundFunction = {
  words: LANE_WORDS,
  stateWords: 5,
  initialState: sha1.initialState.map((word) => v128.const(word)),
  table: [],
  rounds,
};
