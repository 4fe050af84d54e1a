/**
 * The compression functions of SHA-256 and SHA-512 as vector code. FIPS 180-4 §6.2.2 and §6.4.2:
 * one algorithm, with other word lengths, rotations and constants.
 */
import { K as SHA256_K, sha256 } from '../sha256.js';
import { K as SHA512_K, sha512 } from '../sha512.js';
import {
  type Code,
  get,
  type Local,
  newLocal,
  set,
  tee,
  V128_BITSELECT,
  V128_XOR,
  vector,
} from './assembler.js';
import {
  addTerm,
  foldSigma,
  keep,
  LANES_32,
  LANES_64,
  type Lanes,
  push,
  pushSigma,
  type RoundFunction,
  type Sigma,
  type Word,
} from './words.js';

/** What SHA-256 and SHA-512 differ in (§4.1.2, §4.1.3, §4.2). */
interface Variant {
  readonly lanes: Lanes;
  readonly constants: readonly bigint[];
  readonly bigSigma0: Sigma;
  readonly bigSigma1: Sigma;
  readonly smallSigma0: Sigma;
  readonly smallSigma1: Sigma;
}

/** W(t) for t >= 16: σ1(W(t-2)) + W(t-7) + σ0(W(t-15)) + W(t-16). */
function nextWord(code: Code, variant: Variant, t: number, w: readonly Word[], spare: Local): Word {
  const { lanes } = variant;
  const terms: readonly (readonly [number, Sigma?])[] = [
    [2, variant.smallSigma1],
    [7],
    [15, variant.smallSigma0],
    [16],
  ];
  let folded = 0n;
  let pushed = 0;
  for (const [back, sigma] of terms) {
    const word = w[(t - back) & 15] as Word;
    if (typeof word === 'bigint') {
      folded = BigInt.asUintN(lanes.bits, folded + (sigma ? foldSigma(lanes, sigma, word) : word));
    } else {
      if (sigma) pushSigma(code, lanes, sigma, word);
      else get(code, word);
      if (pushed++ > 0) vector(code, lanes.add);
    }
  }
  if (pushed === 0) return folded;
  if (folded !== 0n) {
    push(code, lanes, folded);
    vector(code, lanes.add);
  }
  return keep(code, spare);
}

function compress(
  code: Code,
  variant: Variant,
  state: readonly Local[],
  block: readonly Word[],
): Local[] {
  const { lanes, constants } = variant;
  const w = [...block];
  const spare = block.map(() => newLocal(code));
  let words = state.map((word) => {
    get(code, word);
    return keep(code);
  });
  constants.forEach((k, t) => {
    if (t >= 16) w[t & 15] = nextWord(code, variant, t, w, spare[t & 15] as Local);
    const [a, b, c, d, e, f, g, h] = words as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
    // T1, in h
    get(code, h);
    pushSigma(code, lanes, variant.bigSigma1, e);
    vector(code, lanes.add);
    get(code, f);
    get(code, g);
    get(code, e);
    vector(code, V128_BITSELECT);
    vector(code, lanes.add);
    addTerm(code, lanes, k, w[t & 15] as Word);
    tee(code, h);
    get(code, d);
    vector(code, lanes.add);
    set(code, d);
    // T1 + T2
    get(code, h);
    pushSigma(code, lanes, variant.bigSigma0, a);
    vector(code, lanes.add);
    // Maj: where a and b differ c decides, elsewhere either of them.
    get(code, c);
    get(code, a);
    get(code, a);
    get(code, b);
    vector(code, V128_XOR);
    vector(code, V128_BITSELECT);
    vector(code, lanes.add);
    set(code, h);
    // The words change places by name; nothing moves at run time.
    words = [h, a, b, c, d, e, f, g];
  });
  return words.map((word, i) => {
    get(code, word);
    get(code, state[i] as Local);
    vector(code, lanes.add);
    return keep(code, word);
  });
}

function roundFunction(variant: Variant, initialState: readonly bigint[]): RoundFunction {
  return {
    lanes: variant.lanes,
    initialState,
    compress: (code, state, block) => compress(code, variant, state, block),
  };
}

/** Pairs of 32-bit halves, high first, as 64-bit words. */
function joined(halves: ArrayLike<number>): bigint[] {
  return Array.from({ length: halves.length / 2 }, (_, i) => {
    const high = BigInt((halves[2 * i] as number) >>> 0);
    return (high << 32n) | BigInt((halves[2 * i + 1] as number) >>> 0);
  });
}

export const sha256Rounds: RoundFunction = roundFunction(
  {
    lanes: LANES_32,
    constants: Array.from(SHA256_K, (k) => BigInt(k >>> 0)),
    bigSigma0: { rotations: [2, 13, 22] },
    bigSigma1: { rotations: [6, 11, 25] },
    smallSigma0: { rotations: [7, 18], shift: 3 },
    smallSigma1: { rotations: [17, 19], shift: 10 },
  },
  sha256.initialState.map(BigInt),
);

export const sha512Rounds: RoundFunction = roundFunction(
  {
    lanes: LANES_64,
    constants: joined(SHA512_K),
    bigSigma0: { rotations: [28, 34, 39] },
    bigSigma1: { rotations: [14, 18, 41] },
    smallSigma0: { rotations: [1, 8], shift: 7 },
    smallSigma1: { rotations: [19, 61], shift: 6 },
  },
  joined(sha512.initialState),
);
