/**
 * SHA-512's compression function. FIPS 180-4 §4.1.3, §4.2.3, §5.3.5 and §6.4.2.
 *
 * JavaScript has no fast 64-bit integers, so each word is a pair of 32-bit halves: in arrays, high
 * then low; in names, `…h` and `…l`. The sum of unsigned low halves carries its multiple of 2^32;
 * doubles hold such sums exactly.
 */
import type { HashFunction } from './hash.js';
import { SHA512_H, SHA512_K } from './sha2-constants.js';

/**
 * The low half of (high, low) shifted right by 0 < n < 32. A rotation has the same low half; its high
 * half is this with the halves swapped.
 */
function shifted(high: number, low: number, n: number): number {
  return (low >>> n) | (high << (32 - n));
}

/** The carry of a sum of unsigned low halves into the high half. */
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
    // Σ1 of (4.11): by 14, 18 and 41; 41 is 9 with the halves swapped.
    const s1h = shifted(el, eh, 14) ^ shifted(el, eh, 18) ^ shifted(eh, el, 9);
    const s1l = shifted(eh, el, 14) ^ shifted(eh, el, 18) ^ shifted(el, eh, 9);
    const choiceH = (eh & fh) ^ (~eh & gh);
    const choiceL = (el & fl) ^ (~el & gl);
    const t1Sum =
      (hl >>> 0) +
      (s1l >>> 0) +
      (choiceL >>> 0) +
      ((SHA512_K[i + 1] as number) >>> 0) +
      ((w[i + 1] as number) >>> 0);
    const t1l = t1Sum | 0;
    const t1h =
      (hh + s1h + choiceH + (SHA512_K[i] as number) + (w[i] as number) + carry(t1Sum)) | 0;

    // Σ0 of (4.10): by 28, 34 and 39; 34 and 39 are 2 and 7 with the halves swapped.
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
  index: 2,
  blockWords: 32,
  stateWords: 16,
  scheduleWords: 160,
  initialState: SHA512_H,
  compress,
};
