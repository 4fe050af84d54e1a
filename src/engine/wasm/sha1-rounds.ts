/** SHA-1's compression function as vector code, all rounds written out. FIPS 180-4 §6.1.2. */

import { sha1 } from '../sha1.js';
import {
  type Code,
  get,
  type Local,
  newLocal,
  set,
  V128_BITSELECT,
  V128_XOR,
  vector,
} from './assembler.js';
import {
  constantOf,
  FIRST_ROUNDS,
  isConstant,
  keep,
  LANES_32,
  push,
  pushRotated,
  type RoundFunction,
  type Word,
} from './words.js';

/** K(t) for each twenty rounds (§4.2.1). */
const K = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6] as const;

/** f of (4.1), on the stack. */
function pushF(code: Code, t: number, b: Local, c: Local, d: Local): void {
  if (t < 20) {
    // Ch: bits of c where b is set, of d elsewhere.
    get(code, c);
    get(code, d);
    get(code, b);
    vector(code, V128_BITSELECT);
  } else if (t < 40 || t >= 60) {
    get(code, b);
    get(code, c);
    vector(code, V128_XOR);
    get(code, d);
    vector(code, V128_XOR);
  } else {
    // Maj: where b and c differ d decides, elsewhere either of them.
    get(code, d);
    get(code, b);
    get(code, b);
    get(code, c);
    vector(code, V128_XOR);
    vector(code, V128_BITSELECT);
  }
}

/** Replaces W(t-16) by W(t) = ROTL1(W(t-3) ^ W(t-8) ^ W(t-14) ^ W(t-16)); uses `scratch`. */
function schedule(code: Code, t: number, w: readonly Local[], scratch: Local): void {
  get(code, w[(t - 3) & 15] as Local);
  get(code, w[(t - 8) & 15] as Local);
  vector(code, V128_XOR);
  get(code, w[(t - 14) & 15] as Local);
  vector(code, V128_XOR);
  get(code, w[t & 15] as Local);
  vector(code, V128_XOR);
  set(code, scratch);
  pushRotated(code, LANES_32, scratch, 31);
  set(code, w[t & 15] as Local);
}

/** One round with the constant that `k` holds. */
function round(code: Code, t: number, words: readonly Local[], word: Word, k: Local): void {
  // The five words change places by name, one each turn; nothing moves at run time.
  const a = words[(80 - t) % 5] as Local;
  const b = words[(81 - t) % 5] as Local;
  const e = words[(84 - t) % 5] as Local;
  pushF(code, t, b, words[(82 - t) % 5] as Local, words[(83 - t) % 5] as Local);
  get(code, e);
  vector(code, LANES_32.add);
  if (isConstant(word)) {
    // Known in the first rounds only.
    push(code, constantOf(LANES_32, (word[0] + K[0]) | 0));
  } else {
    get(code, word);
    vector(code, LANES_32.add);
    get(code, k);
  }
  vector(code, LANES_32.add);
  pushRotated(code, LANES_32, a, 27);
  vector(code, LANES_32.add);
  set(code, e);
  pushRotated(code, LANES_32, b, 2);
  set(code, b);
}

/** A round constant in a local, to which a reference is shorter. */
function keepConstant(code: Code, k: number): Local {
  push(code, constantOf(LANES_32, k));
  return keep(code);
}

/** In their order after `t` rounds. */
function inOrder(words: readonly Local[], t: number): Local[] {
  return words.map((_, i) => words[(80 - t + i) % 5] as Local);
}

export const sha1Rounds: RoundFunction = {
  lanes: LANES_32,
  initialState: sha1.initialState.map((word) => constantOf(LANES_32, word)),
  table: [],

  firstRounds(code, state, block) {
    const k = keepConstant(code, K[0]);
    block.forEach((word, t) => {
      round(code, t, state, word, k);
    });
    return inOrder(state, FIRST_ROUNDS);
  },

  otherRounds(code, state, w) {
    const scratch = newLocal(code);
    const constants = K.map((k) => keepConstant(code, k));
    // As they are called where these rounds begin.
    const words = state.map((_, i) => state[(i + FIRST_ROUNDS) % 5] as Local);
    for (let t = FIRST_ROUNDS; t < 80; t++) {
      schedule(code, t, w, scratch);
      round(code, t, words, w[t & 15] as Local, constants[Math.floor(t / 20)] as Local);
    }
    return inOrder(words, 80);
  },
};
