/** From a secret, as bytes or as base32 text, to the midstates of HMAC. RFC 2104 §4, RFC 4648 §6. */

import { BLOCK_WORDS, KEY, PREPARE, PREPARED, TEXT } from '../layout.js';
import {
  CALL,
  type Code,
  constant,
  I8X16_ADD,
  I8X16_LT_U,
  I8X16_SUB,
  I16X8_SHL,
  I16X8_SHR_U,
  I32,
  I32_CONST,
  I32X4_DOT_I16X8_S,
  I32X4_SHL,
  I32X4_SHR_U,
  keep,
  type Local,
  load,
  newFunction,
  type Part,
  SET,
  shuffle,
  shuffleWords,
  store,
  V128_AND,
  V128_ANY_TRUE,
  V128_LOAD,
  V128_NOT,
  V128_OR,
  V128_STORE32_LANE,
  V128_STORE64_LANE,
  V128_XOR,
  VECTOR_WORDS,
  wipe,
  write,
} from './assembler.js';
import { compress } from './mac.js';
import { loadSplat, ofLanes, type RoundFunction } from './words.js';

const INNER_PAD = 0x36363636;
const OUTER_PAD = 0x5c5c5c5c;

/**
 * Hashes the two key blocks of HMAC (RFC 2104 §2), inner in the first lane, outer in the second, and
 * wipes the key.
 */
export function prepare(hash: RoundFunction): Code {
  const code = newFunction(I32, 0, 0);
  const { bits } = hash;
  const halves = bits / 32;
  const pads =
    halves === 1
      ? constant(INNER_PAD, OUTER_PAD)
      : constant(INNER_PAD, INNER_PAD, OUTER_PAD, OUTER_PAD);
  const block = Array.from({ length: BLOCK_WORDS }, (_, i) => {
    const word = load(loadSplat(bits), KEY + halves * i);
    return keep(code, halves === 1 ? word : swapped(keep(code, word)), pads, V128_XOR);
  });
  wipe(code, KEY, halves * BLOCK_WORDS);
  compress(code, hash, hash.initialState(), block).forEach((word, i) => {
    // The first two lanes: both are two words with 32 bits, and the whole vector with 64.
    const address = PREPARED + 2 * halves * i;
    if (halves === 1) write(code, store(address, word, V128_STORE64_LANE), 0);
    else write(code, store(address, word));
  });
  return code;
}

/** A 64-bit word is two of 32 bits, the upper one first; the processor has the lower one first. */
function swapped(word: Local): Part {
  return [word, word, shuffleWords(1, 0, 3, 2)];
}

/**
 * () -> 0, or 1 if a character of the text is not in the alphabet, in which case what was prepared
 * is worthless. Decodes the text to the key block and prepares that; wipes both.
 */
export function prepareText({ bits }: RoundFunction): Code {
  // As long as the key's block.
  const words = (BLOCK_WORDS * bits) / 32;
  const code = newFunction(I32, 0, 1);
  const invalid = keep(code, constant(0));
  // Behind what is decoded there must be zeros, whatever an interrupted call left.
  wipe(code, KEY, words);
  for (let chunk = 0; chunk < words / (2 * VECTOR_WORDS); chunk++) {
    const [a, b] = [0, 1].map((half) => {
      const text = load(V128_LOAD, TEXT + VECTOR_WORDS * (2 * chunk + half));
      return keep(code, packed(code, symbols(code, keep(code, text), invalid)));
    }) as [Local, Local];
    // Of 40 bits in each 64-bit lane, big-endian bytes in little-endian words: 160 bits, five words.
    const key = KEY + 5 * chunk;
    write(
      code,
      store(key, [a, b, shuffle(1, 2, 3, 4, 10, 11, 12, 0, 19, 20, 8, 9, 28, 16, 17, 18)]),
    );
    write(code, store(key + VECTOR_WORDS, b, V128_STORE32_LANE), 2);
  }
  wipe(code, TEXT, words);
  write(code, CALL + PREPARE, invalid, V128_ANY_TRUE);
  return code;
}

/** Takes sixteen characters to the five bits of each, by arithmetic (RFC 4648 §6). */
function symbols(code: Code, character: Local, invalid: Local): Part {
  const bytes = (value: number) => constant(value * 0x01010101);
  // A letter of either case, from 0 on.
  const letter = keep(code, character, bytes(0x20), V128_OR, bytes(0x61), I8X16_SUB);
  const isLetter = keep(code, letter, bytes(26), I8X16_LT_U);
  const digit = keep(code, character, bytes(0x32), I8X16_SUB);
  const isDigit = keep(code, digit, bytes(6), I8X16_LT_U);
  write(code, invalid, isLetter, isDigit, V128_OR, V128_NOT, V128_OR, invalid + SET);
  return [isLetter, letter, V128_AND, digit, bytes(26), I8X16_ADD, isDigit, V128_AND, V128_OR];
}

/** Packs sixteen times five bits into 40 bits in each 64-bit lane, the first highest. */
function packed(code: Code, symbols: Part): Part {
  const pairs = keep(code, symbols);
  const tens = joined(pairs, I16X8_SHL, 5, I16X8_SHR_U, 8, constant(0x03e003e0));
  // The sum of products of each two 16-bit lanes, the first with 2^10, the second with 1.
  const twenties = keep(code, tens, constant(0x00010400), I32X4_DOT_I16X8_S);
  const [shl, shrU] = [ofLanes(64, I32X4_SHL), ofLanes(64, I32X4_SHR_U)];
  return joined(twenties, shl, 20, shrU, 32, constant(0xfff00000, 0x000000ff));
}

/** Joins the two halves of each lane: the lower one, moved up, and the upper one. */
function joined(
  lanes: Local,
  shl: number,
  left: number,
  shrU: number,
  right: number,
  mask: Part,
): Part {
  return [lanes, I32_CONST + left, shl, mask, V128_AND, lanes, I32_CONST + right, shrU, V128_OR];
}
