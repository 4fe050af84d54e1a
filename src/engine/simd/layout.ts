/** Addresses in a kernel's memory, in 32-bit words. All fit into one page of 4,096 bytes. */

/** A key's midstates: the inner state, then the outer. */
export const MIDSTATES = 0;
/** Four keys' midstates, counters (upper half first), codes and counts, lane by lane. */
export const LANE_INPUTS = 128;
/** Four truncated values, or four indices. */
export const VALUES = 512;
/** Key blocks, big-endian: those of four keys word by word, or one with 64-bit words. */
export const KEYS = 576;
/** The midstates of the first key block, as in {@link MIDSTATES}. */
export const PREPARED = 640;
/** A secret's base32 text in ASCII, as long as a block of the hash function. */
export const TEXT = 736;
/** The hash function's constants. Everything before them is zero between calls. */
export const TABLE = 768;

/** Lanes of a vector. */
export const LANES = 4;
/** Words of a block, of either length. */
export const BLOCK_WORDS = 16;
