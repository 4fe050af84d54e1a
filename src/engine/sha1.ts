/** SHA-1's compression function. FIPS 180-4 §4.1.1, §4.2.1, §5.3.1 and §6.1.2. */
import type { HashFunction } from './hash.js';

function rotateLeft(x: number, n: number): number {
  return (x << n) | (x >>> (32 - n));
}

function compress(state: Int32Array, w: Int32Array): void {
  for (let t = 16; t < 80; t++) {
    w[t] = rotateLeft(
      (w[t - 3] as number) ^ (w[t - 8] as number) ^ (w[t - 14] as number) ^ (w[t - 16] as number),
      1,
    );
  }

  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;

  // Ch, Parity, Maj, Parity: the same step with another f and another K, twenty times each. Four
  // loops rather than one with a switch: it runs in half the time.
  for (let t = 0; t < 20; t++) {
    const next = (rotateLeft(a, 5) + ((b & c) ^ (~b & d)) + e + 0x5a827999 + (w[t] as number)) | 0;
    e = d;
    d = c;
    c = rotateLeft(b, 30);
    b = a;
    a = next;
  }
  for (let t = 20; t < 40; t++) {
    const next = (rotateLeft(a, 5) + (b ^ c ^ d) + e + 0x6ed9eba1 + (w[t] as number)) | 0;
    e = d;
    d = c;
    c = rotateLeft(b, 30);
    b = a;
    a = next;
  }
  for (let t = 40; t < 60; t++) {
    const next =
      (rotateLeft(a, 5) + ((b & c) ^ (b & d) ^ (c & d)) + e + 0x8f1bbcdc + (w[t] as number)) | 0;
    e = d;
    d = c;
    c = rotateLeft(b, 30);
    b = a;
    a = next;
  }
  for (let t = 60; t < 80; t++) {
    const next = (rotateLeft(a, 5) + (b ^ c ^ d) + e + 0xca62c1d6 + (w[t] as number)) | 0;
    e = d;
    d = c;
    c = rotateLeft(b, 30);
    b = a;
    a = next;
  }

  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
}

export const sha1: HashFunction = {
  blockWords: 16,
  stateWords: 5,
  scheduleWords: 80,
  initialState: [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0],
  compress,
};
