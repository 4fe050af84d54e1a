/**
 * The compression functions of SHA-256 and SHA-512. FIPS 180-4 §6.2.2 and §6.4.2: one algorithm,
 * with other word lengths, rotations and constants.
 *
 * The first sixteen rounds are written out, so zero words of the block drop out. The others are
 * a loop of sixteen rounds: all of them written out would exceed the processor's instruction cache.
 */

import { SHA256_K, SHA512_K } from '../../sha2-constants.js';
import { sha256 } from '../../sha256.js';
import { sha512 } from '../../sha512.js';
import { TABLE } from '../layout.js';
import {
  type Code,
  emit,
  type Func,
  I32,
  type Local,
  local,
  newLocal,
  repeat,
  type Value,
} from './assembler.js';
import {
  FIRST_ROUNDS,
  LANE_WORDS,
  LONG_WORDS,
  plus,
  type RoundFunction,
  renamed,
  type Words,
} from './words.js';

/** Three rotations to the right; the last is a shift in σ0 and σ1. */
type Bits = readonly [number, number, number];

/** §4.1.2, §4.1.3 */
interface Sigmas {
  /** Σ0 and Σ1: (4.4), (4.5), (4.10), (4.11). */
  readonly big0: Bits;
  readonly big1: Bits;
  /** σ0 and σ1. */
  readonly small0: Bits;
  readonly small1: Bits;
}

/** σ of (4.6), (4.7), (4.12), (4.13). */
function smallSigma(words: Words, [first, second, third]: Bits, x: Local): Code {
  const { xor, rotateRight, shiftRight } = words;
  return xor(xor(rotateRight(x, first), rotateRight(x, second)), shiftRight(x, third));
}

/** Replaces W(t-16) by W(t) = σ1(W(t-2)) + W(t-7) + σ0(W(t-15)) + W(t-16). */
function schedule(words: Words, sigmas: Sigmas, t: number, w: readonly Local[]): Code {
  const { add } = words;
  const word = (back: number) => w[(t - back) & 15] as Local;
  const s0 = smallSigma(words, sigmas.small0, word(15));
  const s1 = smallSigma(words, sigmas.small1, word(2));
  return local.set(word(16), add(add(add(word(16), word(7)), s0), s1));
}

/** One round with a word and a constant. */
function round(words: Words, sigmas: Sigmas, state: readonly Local[], word: Value, k: Code): Code {
  const { add, and, xor, choose, xorRotations } = words;
  const [a, b, c, d, e, f, g, h] = state as State;
  // Maj as ((a ^ b) & (b ^ c)) ^ b, because the next round's b ^ c is this one's a ^ b.
  const maj = xor(and(xor(a, b), xor(b, c)), b);
  const t1 = add(
    add(plus(words, add(h, k), word), choose(e, f, g)),
    xorRotations(e, ...sigmas.big1),
  );
  return [
    local.set(d, add(local.tee(h, t1), d)),
    // Σ0 before Maj: a twelfth faster with SHA-256.
    local.set(h, add(add(h, xorRotations(a, ...sigmas.big0)), maj)),
  ];
}

type State = readonly [Local, Local, Local, Local, Local, Local, Local, Local];

/** `initialState` and `k` are H(0) and K in 32-bit words, upper halves first. */
function roundFunction(
  words: Words,
  sigmas: Sigmas,
  initialState: readonly number[],
  k: readonly number[],
): RoundFunction {
  const halves = words.bits / 32;
  return {
    words,
    stateWords: 8,
    initialState: Array.from({ length: 8 }, (_, i) =>
      words.constant(initialState[halves * i] as number, initialState[halves * i + 1]),
    ),
    // In memory the lower halves come first.
    table: k.map((_, i) => k[i ^ (halves - 1)] as number),

    rounds(func: Func, state, block, areFirst) {
      const place = areFirst ? 0 : newLocal(func, I32);
      const turn = block.map((word, t) => [
        areFirst ? [] : schedule(words, sigmas, t, block as readonly Local[]),
        round(words, sigmas, renamed(state, t), word, words.load(TABLE + halves * t, place)),
      ]);
      const turnBytes = 4 * halves * FIRST_ROUNDS;
      const isLoop = typeof place !== 'number';
      emit(func, isLoop ? repeat(place, turnBytes, turnBytes, 4 * k.length, turn) : turn);
      // After sixteen rounds, every word has its original name again.
      return state;
    },
  };
}

export const sha256Rounds: RoundFunction = roundFunction(
  LANE_WORDS,
  { big0: [2, 13, 22], big1: [6, 11, 25], small0: [7, 18, 3], small1: [17, 19, 10] },
  sha256.initialState,
  [...SHA256_K],
);

export const sha512Rounds: RoundFunction = roundFunction(
  LONG_WORDS,
  { big0: [28, 34, 39], big1: [14, 18, 41], small0: [1, 8, 7], small1: [19, 61, 6] },
  sha512.initialState,
  [...SHA512_K],
);
