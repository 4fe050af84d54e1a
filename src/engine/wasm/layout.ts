/** Where things lie in a kernel's memory, and how many of what there are. */
import type { RoundFunction } from './words.js';

/** Where things lie in the module's memory, in bytes. */
export const MEMORY = {
  /** A key's midstates, words as the processor has them. */
  midstates: 0,
  /** Four keys' midstates, counters, codes and how many counters to try, lane by lane. */
  lanes: 512,
  /** Four truncated values, or four indices. */
  values: 2048,
  /** A key block as 32-bit words, the first one first. */
  key: 2304,
  /** The midstates of a key block: each word of the inner state, then the same of the outer. */
  prepared: 2560,
  /** A secret's base32 text in ASCII; between calls nothing but the symbol of zero bits. */
  text: 2944,
  /** The hash function's table, which stays. */
  table: 3072,
  end: 3712,
} as const;

/** Bytes of the text area. A text may be as long as a block of the hash function, and no longer. */
export const TEXT_BYTES: number = MEMORY.table - MEMORY.text;
/** What is in it where no text is: the symbol of five zero bits, four times. */
export const FOUR_ZERO_SYMBOLS = 0x41414141;

/** The indices of the functions that others call. */
export const OTHER_ROUNDS = 0;
export const HMAC = 1;
export const PREPARE = 2;

/** Candidates at once. */
export const LANES = 4;
/** Words of a block, of whatever length. */
export const BLOCK_WORDS = 16;

/** Vectors of state words, inner and outer. */
export function stateCount(hash: RoundFunction): number {
  return 2 * hash.initialState.length;
}

/** How many vectors hold four counters, and how many words one counter has. */
export function shape({ lanes }: RoundFunction): {
  readonly vectors: 1 | 2;
  readonly words: 1 | 2;
} {
  return lanes.bits === 32 ? { vectors: 1, words: 2 } : { vectors: 2, words: 1 };
}
