/** Where things lie in a kernel's memory, in 32-bit words, and how many of what there are. */

/** A key's midstates, words as the processor has them. */
export const MIDSTATES = 0;
/** Four keys' midstates, counters, codes and how many counters to try, lane by lane. */
export const LANE_INPUTS = 128;
/** Four truncated values, or four indices. */
export const VALUES = 512;
/** A key block as 32-bit words, the first one first. */
export const KEY = 576;
/** The midstates of a key block: each word of the inner state, then the same of the outer. */
export const PREPARED = 640;
/** A secret's base32 text in ASCII, as long as a block of the hash function. */
export const TEXT = 736;
/** The hash function's table, which stays; all before is zero between calls. */
export const TABLE = 768;

/** The indices of the functions that others call. */
export const OTHER_ROUNDS = 0;
export const HMAC = 1;
export const PREPARE = 2;

/** Candidates at once. */
export const LANES = 4;
/** Words of a block, of whatever length. */
export const BLOCK_WORDS = 16;
