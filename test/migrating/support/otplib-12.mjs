// What the checks of the page on otplib 12 share: one secret in its spellings, options as otplib wants
// them, and its way with short secrets.
import { createKey, encodeBase32 } from '../../../dist/node/index.js';

export const TEXT = '12345678901234567890';
export const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
export const BYTES = Buffer.from(TEXT);
export const KEY = createKey(BASE32);
export const LENGTHS = { SHA1: 20, SHA256: 32, SHA512: 64 };

/** A case as otplib wants its options. */
export function theirOptions({ algorithm, digits, period, timestamp }, more) {
  return { algorithm: algorithm.toLowerCase(), digits, step: period, epoch: timestamp, ...more };
}

/** As on the page. */
export function repeated(text, encoding, algorithm) {
  const bytes = Buffer.from(text, encoding);
  const times = LENGTHS[algorithm] - text.length;
  if (times <= 0) return bytes;
  return Buffer.concat(Array(times).fill(bytes)).subarray(0, LENGTHS[algorithm]);
}

/** All lengths from 1 byte on, for each hash. */
export const shortCases = Object.keys(LENGTHS).flatMap((algorithm) =>
  Array.from({ length: 70 }, (_, i) => {
    const secret = Buffer.from(TEXT.repeat(4)).subarray(0, i + 1);
    const shape = { algorithm, digits: 8, period: 30, timestamp: 59_000 };
    return { ...shape, secret, text: secret.toString('latin1'), base32: encodeBase32(secret) };
  }),
);
