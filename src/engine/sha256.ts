/** SHA-256's compression function. FIPS 180-4 §4.1.2, §4.2.2, §5.3.3 and §6.2.2. */
import type { HashFunction } from './hash.js';
import { SHA256_H, SHA256_K } from './sha2-constants.js';

function rotateRight(x: number, n: number): number {
  return (x >>> n) | (x << (32 - n));
}

/** σ0 of (4.6). */
function smallSigma0(x: number): number {
  return rotateRight(x, 7) ^ rotateRight(x, 18) ^ (x >>> 3);
}

/** σ1 of (4.7). */
function smallSigma1(x: number): number {
  return rotateRight(x, 17) ^ rotateRight(x, 19) ^ (x >>> 10);
}

/** Σ0 of (4.4). */
function bigSigma0(x: number): number {
  return rotateRight(x, 2) ^ rotateRight(x, 13) ^ rotateRight(x, 22);
}

/** Σ1 of (4.5). */
function bigSigma1(x: number): number {
  return rotateRight(x, 6) ^ rotateRight(x, 11) ^ rotateRight(x, 25);
}

function compress(state: Int32Array, w: Int32Array): void {
  for (let t = 16; t < 64; t++) {
    w[t] =
      smallSigma1(w[t - 2] as number) +
      (w[t - 7] as number) +
      smallSigma0(w[t - 15] as number) +
      (w[t - 16] as number);
  }

  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;

  for (let t = 0; t < 64; t++) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const t1 = (h + bigSigma1(e) + choice + (SHA256_K[t] as number) + (w[t] as number)) | 0;
    const t2 = (bigSigma0(a) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }

  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
  state[5] = (state[5] as number) + f;
  state[6] = (state[6] as number) + g;
  state[7] = (state[7] as number) + h;
}

export const sha256: HashFunction = {
  index: 1,
  blockWords: 16,
  stateWords: 8,
  scheduleWords: 64,
  initialState: SHA256_H,
  compress,
};
