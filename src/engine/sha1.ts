/** SHA-1's compression function. FIPS 180-4 §4.1.1, §4.2.1, §5.3.1 and §6.1.2. */
import type { HashFunction } from './hash.js';

function compress(state: Int32Array, w: Int32Array): void {
  for (let t = 16; t < 80; t++) {
    const mixed =
      (w[t - 3] as number) ^ (w[t - 8] as number) ^ (w[t - 14] as number) ^ (w[t - 16] as number);
    w[t] = (mixed << 1) | (mixed >>> 31);
  }

  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;

  // Twenty rounds each with another f and another K. Five a turn, after which every word is back under
  // its name; and without a function for the rotation, of which V8 would inline only some: this way it
  // takes two thirds of the time.
  // Ch
  for (let t = 0; t < 20; t += 5) {
    e = (((a << 5) | (a >>> 27)) + ((b & c) ^ (~b & d)) + e + 0x5a827999 + (w[t] as number)) | 0;
    b = (b << 30) | (b >>> 2);
    d =
      (((e << 5) | (e >>> 27)) + ((a & b) ^ (~a & c)) + d + 0x5a827999 + (w[t + 1] as number)) | 0;
    a = (a << 30) | (a >>> 2);
    c =
      (((d << 5) | (d >>> 27)) + ((e & a) ^ (~e & b)) + c + 0x5a827999 + (w[t + 2] as number)) | 0;
    e = (e << 30) | (e >>> 2);
    b =
      (((c << 5) | (c >>> 27)) + ((d & e) ^ (~d & a)) + b + 0x5a827999 + (w[t + 3] as number)) | 0;
    d = (d << 30) | (d >>> 2);
    a =
      (((b << 5) | (b >>> 27)) + ((c & d) ^ (~c & e)) + a + 0x5a827999 + (w[t + 4] as number)) | 0;
    c = (c << 30) | (c >>> 2);
  }
  // Parity
  for (let t = 20; t < 40; t += 5) {
    e = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0x6ed9eba1 + (w[t] as number)) | 0;
    b = (b << 30) | (b >>> 2);
    d = (((e << 5) | (e >>> 27)) + (a ^ b ^ c) + d + 0x6ed9eba1 + (w[t + 1] as number)) | 0;
    a = (a << 30) | (a >>> 2);
    c = (((d << 5) | (d >>> 27)) + (e ^ a ^ b) + c + 0x6ed9eba1 + (w[t + 2] as number)) | 0;
    e = (e << 30) | (e >>> 2);
    b = (((c << 5) | (c >>> 27)) + (d ^ e ^ a) + b + 0x6ed9eba1 + (w[t + 3] as number)) | 0;
    d = (d << 30) | (d >>> 2);
    a = (((b << 5) | (b >>> 27)) + (c ^ d ^ e) + a + 0x6ed9eba1 + (w[t + 4] as number)) | 0;
    c = (c << 30) | (c >>> 2);
  }
  // Maj
  for (let t = 40; t < 60; t += 5) {
    e =
      (((a << 5) | (a >>> 27)) +
        ((b & c) ^ (b & d) ^ (c & d)) +
        e +
        0x8f1bbcdc +
        (w[t] as number)) |
      0;
    b = (b << 30) | (b >>> 2);
    d =
      (((e << 5) | (e >>> 27)) +
        ((a & b) ^ (a & c) ^ (b & c)) +
        d +
        0x8f1bbcdc +
        (w[t + 1] as number)) |
      0;
    a = (a << 30) | (a >>> 2);
    c =
      (((d << 5) | (d >>> 27)) +
        ((e & a) ^ (e & b) ^ (a & b)) +
        c +
        0x8f1bbcdc +
        (w[t + 2] as number)) |
      0;
    e = (e << 30) | (e >>> 2);
    b =
      (((c << 5) | (c >>> 27)) +
        ((d & e) ^ (d & a) ^ (e & a)) +
        b +
        0x8f1bbcdc +
        (w[t + 3] as number)) |
      0;
    d = (d << 30) | (d >>> 2);
    a =
      (((b << 5) | (b >>> 27)) +
        ((c & d) ^ (c & e) ^ (d & e)) +
        a +
        0x8f1bbcdc +
        (w[t + 4] as number)) |
      0;
    c = (c << 30) | (c >>> 2);
  }
  // Parity
  for (let t = 60; t < 80; t += 5) {
    e = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0xca62c1d6 + (w[t] as number)) | 0;
    b = (b << 30) | (b >>> 2);
    d = (((e << 5) | (e >>> 27)) + (a ^ b ^ c) + d + 0xca62c1d6 + (w[t + 1] as number)) | 0;
    a = (a << 30) | (a >>> 2);
    c = (((d << 5) | (d >>> 27)) + (e ^ a ^ b) + c + 0xca62c1d6 + (w[t + 2] as number)) | 0;
    e = (e << 30) | (e >>> 2);
    b = (((c << 5) | (c >>> 27)) + (d ^ e ^ a) + b + 0xca62c1d6 + (w[t + 3] as number)) | 0;
    d = (d << 30) | (d >>> 2);
    a = (((b << 5) | (b >>> 27)) + (c ^ d ^ e) + a + 0xca62c1d6 + (w[t + 4] as number)) | 0;
    c = (c << 30) | (c >>> 2);
  }

  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
}

export const sha1: HashFunction = {
  index: 0,
  blockWords: 16,
  stateWords: 5,
  scheduleWords: 80,
  initialState: [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0],
  compress,
};
