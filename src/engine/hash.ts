/**
 * The common parts of the three hash functions of FIPS 180-4: big-endian words, a compression
 * function, and the padding of a whole message (§5.1, §5.2).
 */

/** One hash function, in 32-bit words; a 64-bit word of SHA-512 is its high, then its low half. */
export interface HashFunction {
  /** 0 for SHA-1, 1 for SHA-256, 2 for SHA-512. */
  readonly index: number;
  /** Words of a message block: 16, or 32 for SHA-512. */
  readonly blockWords: number;
  /** Words of the state and of the digest: 5, 8 or 16. */
  readonly stateWords: number;
  /** Words of the array holding the block, followed by the rest of the message schedule. */
  readonly scheduleWords: number;
  /** H(0) of §5.3. */
  readonly initialState: readonly number[];
  /**
   * One run of §6: mixes the block in `schedule[0 … blockWords - 1]` into `state`. The block keeps its
   * words; the rest of `schedule` is overwritten.
   */
  compress(state: Int32Array, schedule: Int32Array): void;
}

const END_OF_MESSAGE = 0x80;

/**
 * Hashes a whole message. Used for HMAC keys longer than a block.
 *
 * @param length - the true length of `message` in bytes; its own `length` may be forged
 * @param schedule - `scheduleWords` words of working space; it holds message words afterwards
 * @returns the digest as words
 */
export function hashBytes(
  hash: HashFunction,
  message: Uint8Array,
  length: number,
  schedule: Int32Array,
): Int32Array {
  const state = Int32Array.from(hash.initialState);
  const blockBytes = 4 * hash.blockWords;
  // §5.1: the message, one bit, zeros, and the length in the last 8 bytes. SHA-512 has 16; its upper
  // 8 are zero for any length in JavaScript.
  const lengthBytes = hash.blockWords / 2;
  const paddedLength = Math.ceil((length + 1 + lengthBytes) / blockBytes) * blockBytes;
  for (let start = 0; start < paddedLength; start += blockBytes) {
    loadBlock(schedule, hash.blockWords, message, length, start);
    if (start + blockBytes === paddedLength) {
      schedule[hash.blockWords - 2] = Math.floor((length * 8) / 2 ** 32);
      schedule[hash.blockWords - 1] = length * 8;
    }
    hash.compress(state, schedule);
  }
  return state;
}

/** Loads one block of the message and its end mark as big-endian words. */
function loadBlock(
  schedule: Int32Array,
  words: number,
  message: Uint8Array,
  length: number,
  start: number,
): void {
  for (let i = 0; i < words; i++) {
    const at = start + 4 * i;
    schedule[i] =
      (byteAt(message, length, at) << 24) |
      (byteAt(message, length, at + 1) << 16) |
      (byteAt(message, length, at + 2) << 8) |
      byteAt(message, length, at + 3);
  }
}

/** A byte of the message; the end mark right after the last; zero from there on. */
function byteAt(message: Uint8Array, length: number, at: number): number {
  if (at < length) return message[at] as number;
  return at === length ? END_OF_MESSAGE : 0;
}
