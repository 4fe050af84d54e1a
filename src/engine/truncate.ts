/** Dynamic truncation. RFC 4226 §5.3. */

/** `word` if `value === wanted`, else 0. Both are below 2^31. */
function wordIf(value: number, wanted: number, word: number): number {
  return word & (((value ^ wanted) - 1) >> 31);
}

/**
 * The 31 bits at the offset in the last four bits of an HMAC.
 *
 * The offset is secret. It selects by masks instead of an array index, so every HMAC reads the same
 * memory. Offsets are 0 to 15: they reach bytes 0 to 18, in words 0 to 4 of each hash.
 *
 * @param mac - the HMAC as big-endian words
 * @param words - the number of words: 5, 8 or 16
 */
export function truncate(mac: Int32Array, words: number): number {
  const offset = (mac[words - 1] as number) & 15;
  const word = offset >> 2;
  const shift = 8 * (offset & 3);
  const w1 = mac[1] as number;
  const w2 = mac[2] as number;
  const w3 = mac[3] as number;
  const high =
    wordIf(word, 0, mac[0] as number) |
    wordIf(word, 1, w1) |
    wordIf(word, 2, w2) |
    wordIf(word, 3, w3);
  const low =
    wordIf(word, 0, w1) |
    wordIf(word, 1, w2) |
    wordIf(word, 2, w3) |
    wordIf(word, 3, mac[4] as number);
  // Two shifts for the low word: JavaScript treats a shift by 32 as a shift by 0.
  return ((high << shift) | ((low >>> 1) >>> (31 - shift))) & 0x7fffffff;
}
