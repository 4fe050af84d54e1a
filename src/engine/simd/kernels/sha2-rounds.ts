/**
 * The compression functions of SHA-256 and SHA-512 as vector code. FIPS 180-4 §6.2.2 and §6.4.2:
 * one algorithm, with other word lengths, rotations and constants.
 *
 * The first sixteen rounds are written out, so that zero words of the block drop out; the others are
 * a loop of sixteen. All written out they would be more code than the processor's instruction cache
 * holds, and fetching it would take longer than running it.
 */
import { sha256H, sha256K, sha512H, sha512K } from '../../sha2-constants.js';
import { TABLE } from '../layout.js';
import {
  I32_CONST,
  I32X4_ADD,
  integer,
  type Local,
  load,
  type Part,
  repeat,
  SET,
  TEE,
  V128_AND,
  V128_BITSELECT,
  V128_XOR,
  write,
} from './assembler.js';
import {
  type Bits,
  constantOf,
  FIRST_ROUNDS,
  loadSplat,
  ofLanes,
  plus,
  type RoundFunction,
  renamed,
  rotated,
  shifted,
} from './words.js';

/** A linear function of §4.1: the xor of three rotations to the right, the third of which may be a shift. */
type Sigma = readonly [number, number, number];

/** Σ0, Σ1, σ0 and σ1; the last two have a shift. */
type Sigmas = readonly [Sigma, Sigma, Sigma, Sigma];

function sigma(bits: Bits, [first, second, third]: Sigma, x: Local, hasShift: boolean): Part {
  const last = hasShift ? shifted(bits, x, -third) : rotated(bits, x, third);
  return [rotated(bits, x, first), rotated(bits, x, second), V128_XOR, last, V128_XOR];
}

/** Replaces W(t-16) by W(t) = σ1(W(t-2)) + W(t-7) + σ0(W(t-15)) + W(t-16). */
function schedule(bits: Bits, [, , small0, small1]: Sigmas, t: number, w: readonly Local[]): Part {
  const word = (back: number) => w[(t - back) & 15] as Local;
  const add = ofLanes(bits, I32X4_ADD);
  const [s0, s1] = [sigma(bits, small0, word(15), true), sigma(bits, small1, word(2), true)];
  return [word(16), word(7), add, s0, add, s1, add, word(16) + SET];
}

/** One round with a word and a constant. */
function round(
  bits: Bits,
  [big0, big1]: Sigmas,
  state: readonly Local[],
  word: Part,
  k: Part,
): Part {
  const [a, b, c, d, e, f, g, h] = state as State;
  const add = ofLanes(bits, I32X4_ADD);
  const [s0, s1] = [sigma(bits, big0, a, false), sigma(bits, big1, e, false)];
  // Maj as ((a ^ b) & (b ^ c)) ^ b, because the next round's b ^ c is this one's a ^ b.
  const maj = [a, b, V128_XOR, b, c, V128_XOR, V128_AND, b, V128_XOR];
  const t1 = [h, k, add, plus(bits, word), f, g, e, V128_BITSELECT, add, s1, add];
  return [t1, h + TEE, d, add, d + SET, h, maj, add, s0, add, h + SET];
}

type State = readonly [Local, Local, Local, Local, Local, Local, Local, Local];

/** `initialState` and `table` are H(0) and K in 32-bit words, upper halves first. */
function roundFunction(
  bits: Bits,
  roundCount: number,
  sigmas: Sigmas,
  initialState: () => readonly number[],
  table: () => Int32Array,
): RoundFunction {
  const halves = bits / 32;
  return {
    bits,
    stateWords: 8,
    initialState() {
      const h = initialState();
      return Array.from({ length: 8 }, (_, i) =>
        constantOf(bits, h[halves * i] as number, h[halves * i + 1]),
      );
    },
    // In memory the lower halves come first.
    table: () => Array.from(table(), (_, i) => table()[i ^ (halves - 1)] as number),

    rounds(code, state, block, areFirst) {
      const place = areFirst ? I32_CONST : code.counter;
      const turn = block.map((word, t) => {
        const k = load(loadSplat(bits), TABLE + halves * t, place);
        const next = areFirst ? [] : schedule(bits, sigmas, t, block as readonly Local[]);
        return [next, round(bits, sigmas, renamed(state, t), word, k)];
      });
      const turnBytes = 4 * halves * FIRST_ROUNDS;
      const end = integer(4 * halves * roundCount);
      write(code, areFirst ? turn : repeat(place, turnBytes, turnBytes, end, turn));
      // The names have come full circle.
      return state;
    },
  };
}

export const sha256Rounds: RoundFunction = roundFunction(
  32,
  64,
  [
    [2, 13, 22],
    [6, 11, 25],
    [7, 18, 3],
    [17, 19, 10],
  ],
  sha256H,
  sha256K,
);

export const sha512Rounds: RoundFunction = roundFunction(
  64,
  80,
  [
    [28, 34, 39],
    [14, 18, 41],
    [1, 8, 7],
    [19, 61, 6],
  ],
  sha512H,
  sha512K,
);
