/** SHA-1's compression function as vector code, all rounds written out. FIPS 180-4 §6.1.2. */

import { sha1 } from '../../sha1.js';
import {
  constant,
  I32X4_ADD,
  keep,
  type Local,
  type Part,
  SET,
  V128_BITSELECT,
  V128_XOR,
  write,
} from './assembler.js';
import { FIRST_ROUNDS, plus, type RoundFunction, renamed, rotated } from './words.js';

/** K(t) for each twenty rounds (§4.2.1). */
const K = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6] as const;

/** f of (4.1). */
function f(t: number, b: Local, c: Local, d: Local): Part {
  // Ch: bits of c where b is set, of d elsewhere.
  if (t < 20) return [c, d, b, V128_BITSELECT];
  if (t < 40 || t >= 60) return [b, c, V128_XOR, d, V128_XOR];
  // Maj: where b and c differ d decides, elsewhere either of them.
  return [d, b, b, c, V128_XOR, V128_BITSELECT];
}

/** Replaces W(t-16) by W(t) = ROTL1(W(t-3) ^ W(t-8) ^ W(t-14) ^ W(t-16)). */
function schedule(t: number, w: readonly Local[]): Part {
  const word = (back: number) => w[(t - back) & 15] as Local;
  const replaced = word(16);
  const sum = [word(3), word(8), V128_XOR, word(14), V128_XOR, replaced, V128_XOR];
  return [sum, replaced + SET, rotated(32, replaced, 31), replaced + SET];
}

/** Round `t` with a word and the constant that `k` holds. */
function round(t: number, state: readonly Local[], word: Part, k: Local): Part {
  const [a, b, c, d, e] = state as [Local, Local, Local, Local, Local];
  const sum = [f(t, b, c, d), e, I32X4_ADD, plus(32, word), k, I32X4_ADD];
  return [sum, rotated(32, a, 27), I32X4_ADD, e + SET, rotated(32, b, 2), b + SET];
}

export const sha1Rounds: RoundFunction = {
  bits: 32,
  stateWords: 5,
  initialState: () => sha1.initialState.map((word) => constant(word)),
  table: () => [],

  rounds(code, state, block, areFirst) {
    // In locals, to which a reference is shorter.
    const constants = K.map((k) => keep(code, constant(k)));
    const [from, end] = areFirst ? [0, FIRST_ROUNDS] : [FIRST_ROUNDS, 80];
    for (let t = from; t < end; t++) {
      if (!areFirst) write(code, schedule(t, block as readonly Local[]));
      const k = constants[Math.floor(t / 20)] as Local;
      write(code, round(t, renamed(state, t - from), block[t & 15] as Part, k));
    }
    return renamed(state, end - from);
  },
};
