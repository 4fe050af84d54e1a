/** SHA-1's compression function as vector code. FIPS 180-4 §6.1.2. */

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
  addTerm,
  foldSigma,
  keep,
  LANES_32,
  push,
  pushRotated,
  type RoundFunction,
  type Word,
} from './words.js';

const K = [0x5a827999n, 0x6ed9eba1n, 0x8f1bbcdcn, 0xca62c1d6n] as const;
/** A rotation by 1 to the left is one by 31 to the right. */
const ROTATE_LEFT_1 = { rotations: [31] };

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

/** How far back the terms of W(t) lie. */
const BACK = [3, 8, 14, 16] as const;

/** W(t) for t >= 16; `w` holds the last sixteen, `spare` a local for each to be kept in. */
function nextWord(
  code: Code,
  t: number,
  w: readonly Word[],
  spare: readonly Local[],
  scratch: Local,
): Word {
  let folded = 0n;
  let pushed = 0;
  for (let i = 0; i < BACK.length; i++) {
    const word = w[(t - (BACK[i] as number)) & 15] as Word;
    if (typeof word === 'bigint') folded ^= word;
    else {
      get(code, word);
      if (pushed++ > 0) vector(code, V128_XOR);
    }
  }
  if (pushed === 0) return foldSigma(LANES_32, ROTATE_LEFT_1, folded);
  if (folded !== 0n) {
    push(code, LANES_32, folded);
    vector(code, V128_XOR);
  }
  set(code, scratch);
  pushRotated(code, LANES_32, scratch, 31);
  return keep(code, spare[t & 15]);
}

function compress(code: Code, state: readonly Local[], block: readonly Word[]): Local[] {
  const w = [...block];
  const spare = block.map(() => newLocal(code));
  const scratch = newLocal(code);
  const constants = K.map((k) => {
    push(code, LANES_32, k);
    return keep(code);
  });
  const words = state.map((word) => {
    get(code, word);
    return keep(code);
  });
  for (let t = 0; t < 80; t++) {
    if (t >= 16) w[t & 15] = nextWord(code, t, w, spare, scratch);
    // The five words change places by name, one each turn; nothing moves at run time.
    const a = words[(80 - t) % 5] as Local;
    const b = words[(81 - t) % 5] as Local;
    const e = words[(84 - t) % 5] as Local;
    pushF(code, t, b, words[(82 - t) % 5] as Local, words[(83 - t) % 5] as Local);
    get(code, e);
    vector(code, LANES_32.add);
    const k = Math.floor(t / 20);
    addTerm(code, LANES_32, K[k] as bigint, w[t & 15] as Word, constants[k] as Local);
    pushRotated(code, LANES_32, a, 27);
    vector(code, LANES_32.add);
    set(code, e);
    pushRotated(code, LANES_32, b, 2);
    set(code, b);
  }
  // Eighty turns bring each word back to its place.
  return words.map((word, i) => {
    get(code, word);
    get(code, state[i] as Local);
    vector(code, LANES_32.add);
    return keep(code, word);
  });
}

export const sha1Rounds: RoundFunction = {
  lanes: LANES_32,
  initialState: sha1.initialState.map(BigInt),
  compress,
};
