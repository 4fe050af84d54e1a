/**
 * SHA-512's compression function. FIPS 180-4 §4.1.3, §4.2.3, §5.3.5 and §6.4.2.
 *
 * JavaScript has no fast 64-bit integers, so each word is a pair of 32-bit halves: in arrays, high
 * then low; in names, `…h` and `…l`. A sum's carry is what the unsigned low halves add up to
 * beyond 2^32; doubles hold such sums exactly.
 */
import type { HashFunction } from './hash.js';

/** §4.2.3: the first 64 bits of the fractional parts of the cube roots of the first 80 primes. */
// biome-ignore format: four pairs a line
export const K: Int32Array = Int32Array.of(
  0x428a2f98, 0xd728ae22, 0x71374491, 0x23ef65cd, 0xb5c0fbcf, 0xec4d3b2f, 0xe9b5dba5, 0x8189dbbc,
  0x3956c25b, 0xf348b538, 0x59f111f1, 0xb605d019, 0x923f82a4, 0xaf194f9b, 0xab1c5ed5, 0xda6d8118,
  0xd807aa98, 0xa3030242, 0x12835b01, 0x45706fbe, 0x243185be, 0x4ee4b28c, 0x550c7dc3, 0xd5ffb4e2,
  0x72be5d74, 0xf27b896f, 0x80deb1fe, 0x3b1696b1, 0x9bdc06a7, 0x25c71235, 0xc19bf174, 0xcf692694,
  0xe49b69c1, 0x9ef14ad2, 0xefbe4786, 0x384f25e3, 0x0fc19dc6, 0x8b8cd5b5, 0x240ca1cc, 0x77ac9c65,
  0x2de92c6f, 0x592b0275, 0x4a7484aa, 0x6ea6e483, 0x5cb0a9dc, 0xbd41fbd4, 0x76f988da, 0x831153b5,
  0x983e5152, 0xee66dfab, 0xa831c66d, 0x2db43210, 0xb00327c8, 0x98fb213f, 0xbf597fc7, 0xbeef0ee4,
  0xc6e00bf3, 0x3da88fc2, 0xd5a79147, 0x930aa725, 0x06ca6351, 0xe003826f, 0x14292967, 0x0a0e6e70,
  0x27b70a85, 0x46d22ffc, 0x2e1b2138, 0x5c26c926, 0x4d2c6dfc, 0x5ac42aed, 0x53380d13, 0x9d95b3df,
  0x650a7354, 0x8baf63de, 0x766a0abb, 0x3c77b2a8, 0x81c2c92e, 0x47edaee6, 0x92722c85, 0x1482353b,
  0xa2bfe8a1, 0x4cf10364, 0xa81a664b, 0xbc423001, 0xc24b8b70, 0xd0f89791, 0xc76c51a3, 0x0654be30,
  0xd192e819, 0xd6ef5218, 0xd6990624, 0x5565a910, 0xf40e3585, 0x5771202a, 0x106aa070, 0x32bbd1b8,
  0x19a4c116, 0xb8d2d0c8, 0x1e376c08, 0x5141ab53, 0x2748774c, 0xdf8eeb99, 0x34b0bcb5, 0xe19b48a8,
  0x391c0cb3, 0xc5c95a63, 0x4ed8aa4a, 0xe3418acb, 0x5b9cca4f, 0x7763e373, 0x682e6ff3, 0xd6b2b8a3,
  0x748f82ee, 0x5defb2fc, 0x78a5636f, 0x43172f60, 0x84c87814, 0xa1f0ab72, 0x8cc70208, 0x1a6439ec,
  0x90befffa, 0x23631e28, 0xa4506ceb, 0xde82bde9, 0xbef9a3f7, 0xb2c67915, 0xc67178f2, 0xe372532b,
  0xca273ece, 0xea26619c, 0xd186b8c7, 0x21c0c207, 0xeada7dd6, 0xcde0eb1e, 0xf57d4f7f, 0xee6ed178,
  0x06f067aa, 0x72176fba, 0x0a637dc5, 0xa2c898a6, 0x113f9804, 0xbef90dae, 0x1b710b35, 0x131c471b,
  0x28db77f5, 0x23047d84, 0x32caab7b, 0x40c72493, 0x3c9ebe0a, 0x15c9bebc, 0x431d67c4, 0x9c100d4c,
  0x4cc5d4be, 0xcb3e42b6, 0x597f299c, 0xfc657e2a, 0x5fcb6fab, 0x3ad6faec, 0x6c44198c, 0x4a475817,
);

/**
 * The low half of (high, low) shifted right by 0 < n < 32. A rotation's low half is the same, and
 * its high half is this with the halves swapped.
 */
function shifted(high: number, low: number, n: number): number {
  return (low >>> n) | (high << (32 - n));
}

/** The part of a sum of unsigned low halves that belongs to the high half. */
function carry(sum: number): number {
  return (sum * 2 ** -32) | 0;
}

/** W(t) for t = 16 … 79, by σ0 of (4.12) and σ1 of (4.13). */
function expand(w: Int32Array): void {
  for (let i = 32; i < 160; i += 2) {
    const xh = w[i - 30] as number;
    const xl = w[i - 29] as number;
    const s0h = shifted(xl, xh, 1) ^ shifted(xl, xh, 8) ^ (xh >>> 7);
    const s0l = shifted(xh, xl, 1) ^ shifted(xh, xl, 8) ^ shifted(xh, xl, 7);
    const yh = w[i - 4] as number;
    const yl = w[i - 3] as number;
    // A rotation by 61 is one by 29 with the halves swapped.
    const s1h = shifted(yl, yh, 19) ^ shifted(yh, yl, 29) ^ (yh >>> 6);
    const s1l = shifted(yh, yl, 19) ^ shifted(yl, yh, 29) ^ shifted(yh, yl, 6);
    const low =
      (s0l >>> 0) + (s1l >>> 0) + ((w[i - 13] as number) >>> 0) + ((w[i - 31] as number) >>> 0);
    w[i + 1] = low;
    w[i] = s0h + s1h + (w[i - 14] as number) + (w[i - 32] as number) + carry(low);
  }
}

function compress(state: Int32Array, w: Int32Array): void {
  expand(w);

  let ah = state[0] as number;
  let al = state[1] as number;
  let bh = state[2] as number;
  let bl = state[3] as number;
  let ch = state[4] as number;
  let cl = state[5] as number;
  let dh = state[6] as number;
  let dl = state[7] as number;
  let eh = state[8] as number;
  let el = state[9] as number;
  let fh = state[10] as number;
  let fl = state[11] as number;
  let gh = state[12] as number;
  let gl = state[13] as number;
  let hh = state[14] as number;
  let hl = state[15] as number;

  for (let i = 0; i < 160; i += 2) {
    // Σ1 of (4.11): by 14, 18 and 41, which is 9 with the halves swapped.
    const s1h = shifted(el, eh, 14) ^ shifted(el, eh, 18) ^ shifted(eh, el, 9);
    const s1l = shifted(eh, el, 14) ^ shifted(eh, el, 18) ^ shifted(el, eh, 9);
    const choiceH = (eh & fh) ^ (~eh & gh);
    const choiceL = (el & fl) ^ (~el & gl);
    const t1Sum =
      (hl >>> 0) +
      (s1l >>> 0) +
      (choiceL >>> 0) +
      ((K[i + 1] as number) >>> 0) +
      ((w[i + 1] as number) >>> 0);
    const t1l = t1Sum | 0;
    const t1h = (hh + s1h + choiceH + (K[i] as number) + (w[i] as number) + carry(t1Sum)) | 0;

    // Σ0 of (4.10): by 28, and by 34 and 39, which are 2 and 7 with the halves swapped.
    const s0h = shifted(al, ah, 28) ^ shifted(ah, al, 2) ^ shifted(ah, al, 7);
    const s0l = shifted(ah, al, 28) ^ shifted(al, ah, 2) ^ shifted(al, ah, 7);
    const majorityH = (ah & bh) ^ (ah & ch) ^ (bh & ch);
    const majorityL = (al & bl) ^ (al & cl) ^ (bl & cl);

    hh = gh;
    hl = gl;
    gh = fh;
    gl = fl;
    fh = eh;
    fl = el;
    const eSum = (dl >>> 0) + (t1l >>> 0);
    eh = (dh + t1h + carry(eSum)) | 0;
    el = eSum | 0;
    dh = ch;
    dl = cl;
    ch = bh;
    cl = bl;
    bh = ah;
    bl = al;
    const aSum = (t1l >>> 0) + (s0l >>> 0) + (majorityL >>> 0);
    ah = (t1h + s0h + majorityH + carry(aSum)) | 0;
    al = aSum | 0;
  }

  addTo(state, 0, ah, al);
  addTo(state, 2, bh, bl);
  addTo(state, 4, ch, cl);
  addTo(state, 6, dh, dl);
  addTo(state, 8, eh, el);
  addTo(state, 10, fh, fl);
  addTo(state, 12, gh, gl);
  addTo(state, 14, hh, hl);
}

function addTo(state: Int32Array, at: number, high: number, low: number): void {
  const sum = ((state[at + 1] as number) >>> 0) + (low >>> 0);
  state[at] = (state[at] as number) + high + carry(sum);
  state[at + 1] = sum;
}

export const sha512: HashFunction = {
  blockWords: 32,
  stateWords: 16,
  scheduleWords: 160,
  // biome-ignore format: four pairs a line
  initialState: [
    0x6a09e667, 0xf3bcc908, 0xbb67ae85, 0x84caa73b, 0x3c6ef372, 0xfe94f82b, 0xa54ff53a, 0x5f1d36f1,
    0x510e527f, 0xade682d1, 0x9b05688c, 0x2b3e6c1f, 0x1f83d9ab, 0xfb41bd6b, 0x5be0cd19, 0x137e2179,
  ],
  compress,
};
