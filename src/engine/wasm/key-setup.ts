/** From a secret, as bytes or as base32 text, to the midstates of HMAC. RFC 2104 §4, RFC 4648 §6. */
import {
  type Code,
  call,
  constant,
  get,
  I8X16_ADD,
  I8X16_LT_U,
  I8X16_SUB,
  I16X8_SHL,
  I16X8_SHR_U,
  I32,
  I32X4_DOT_I16X8_S,
  I64X2_SHL,
  I64X2_SHR_U,
  type Local,
  load,
  newFunction,
  set,
  shift,
  shuffle,
  store,
  storeLane,
  V128_AND,
  V128_ANY_TRUE,
  V128_LOAD,
  V128_NOT,
  V128_OR,
  V128_STORE32_LANE,
  V128_STORE64_LANE,
  V128_XOR,
  VECTOR_BYTES,
  vector,
  wipe,
} from './assembler.js';
import { BLOCK_WORDS, FOUR_ZERO_SYMBOLS, LANES, MEMORY, PREPARE } from './layout.js';
import { compress } from './mac.js';
import { type Constant, keep, push, type RoundFunction } from './words.js';

const INNER_PAD = 0x36363636;
const OUTER_PAD = 0x5c5c5c5c;

/**
 * Hashes the two key blocks of HMAC (RFC 2104 §2), inner in the first lane, outer in the second, and
 * wipes the key.
 */
export function prepare(hash: RoundFunction): Code {
  const code = newFunction([], []);
  const { bytes, loadSplat } = hash.lanes;
  const block = Array.from({ length: BLOCK_WORDS }, (_, i) => {
    load(code, loadSplat, MEMORY.key + bytes * i);
    if (bytes === 8) swapHalves(code);
    if (bytes === 4) constant(code, [INNER_PAD, OUTER_PAD, INNER_PAD, OUTER_PAD]);
    else constant(code, [INNER_PAD, INNER_PAD, OUTER_PAD, OUTER_PAD]);
    vector(code, V128_XOR);
    return keep(code);
  });
  wipe(code, MEMORY.key, bytes * BLOCK_WORDS);
  const state = hash.initialState.map((word) => {
    push(code, word);
    return keep(code);
  });
  compress(code, hash, state, block).forEach((word, i) => {
    const value = () => get(code, word);
    // The first two lanes: both are 8 bytes with 32-bit words, and the whole vector with 64-bit ones.
    if (bytes === 4) storeLane(code, V128_STORE64_LANE, 0, MEMORY.prepared + 8 * i, value);
    else store(code, MEMORY.prepared + VECTOR_BYTES * i, value);
  });
  return code;
}

/** A 64-bit word is two of 32 bits, the upper one first; the processor has the lower one first. */
function swapHalves(code: Code): void {
  const word = keep(code);
  get(code, word);
  get(code, word);
  shuffle(code, [4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11]);
}

/**
 * () -> 0, or 1 if a character of the text is not in the alphabet, in which case what was prepared
 * is worthless. Decodes the text to the key block and prepares that; wipes both.
 */
export function prepareText({ lanes }: RoundFunction): Code {
  // As long as the key's block.
  const textBytes = BLOCK_WORDS * lanes.bytes;
  const code = newFunction([], [I32]);
  constant(code, [0, 0, 0, 0]);
  const invalid = keep(code);
  // Behind what is decoded there must be zeros, whatever an interrupted call left.
  wipe(code, MEMORY.key, textBytes);
  for (let chunk = 0; chunk < textBytes / (2 * VECTOR_BYTES); chunk++) {
    const [a, b] = [0, 1].map((half) => {
      load(code, V128_LOAD, MEMORY.text + VECTOR_BYTES * (2 * chunk + half));
      pushSymbols(code, invalid);
      pushPacked(code);
      return keep(code);
    }) as [Local, Local];
    // Of 40 bits in each 64-bit lane, big-endian bytes in little-endian words: 160 bits, five words.
    const key = MEMORY.key + 20 * chunk;
    store(code, key, () => {
      get(code, a);
      get(code, b);
      shuffle(code, [1, 2, 3, 4, 10, 11, 12, 0, 19, 20, 8, 9, 28, 16, 17, 18]);
    });
    storeLane(code, V128_STORE32_LANE, 2, key + VECTOR_BYTES, () => get(code, b));
  }
  wipe(code, MEMORY.text, textBytes, FOUR_ZERO_SYMBOLS);
  call(code, PREPARE);
  get(code, invalid);
  vector(code, V128_ANY_TRUE);
  return code;
}

/** Takes sixteen characters on the stack to the five bits of each, by arithmetic (RFC 4648 §6). */
function pushSymbols(code: Code, invalid: Local): void {
  const character = keep(code);
  const bytes = (value: number) => constant(code, new Array(LANES).fill(value * 0x01010101));
  const ifBelow = (value: Local, bound: number): Local => {
    get(code, value);
    bytes(bound);
    vector(code, I8X16_LT_U);
    return keep(code);
  };
  // A letter of either case, from 0 on.
  get(code, character);
  bytes(0x20);
  vector(code, V128_OR);
  bytes(0x61);
  vector(code, I8X16_SUB);
  const letter = keep(code);
  const isLetter = ifBelow(letter, 26);
  get(code, character);
  bytes(0x32);
  vector(code, I8X16_SUB);
  const digit = keep(code);
  const isDigit = ifBelow(digit, 6);
  get(code, invalid);
  get(code, isLetter);
  get(code, isDigit);
  vector(code, V128_OR);
  vector(code, V128_NOT);
  vector(code, V128_OR);
  set(code, invalid);
  get(code, isLetter);
  get(code, letter);
  vector(code, V128_AND);
  get(code, digit);
  bytes(26);
  vector(code, I8X16_ADD);
  get(code, isDigit);
  vector(code, V128_AND);
  vector(code, V128_OR);
}

/** Packs sixteen times five bits on the stack into 40 bits in each 64-bit lane, the first highest. */
function pushPacked(code: Code): void {
  /** Joins the two halves of each lane: the lower one, moved up by `bits`, and the upper one. */
  const join = (shl: number, shrU: number, bits: number, half: number, mask: Constant) => {
    const lanes = keep(code);
    get(code, lanes);
    shift(code, shl, bits);
    push(code, mask);
    vector(code, V128_AND);
    get(code, lanes);
    shift(code, shrU, half);
    vector(code, V128_OR);
  };
  join(I16X8_SHL, I16X8_SHR_U, 5, 8, [0x03e003e0, 0x03e003e0]);
  // The sum of products of each two 16-bit lanes, the first with 2^10, the second with 1.
  constant(code, new Array(LANES).fill(0x00010400));
  vector(code, I32X4_DOT_I16X8_S);
  join(I64X2_SHL, I64X2_SHR_U, 20, 32, [0xfff00000, 0x000000ff]);
}
