/** From a secret, as bytes or as base32 text, to the midstates of HMAC. RFC 2104 §4, RFC 4648 §6. */
import { BLOCK_WORDS, KEYS, LANE_INPUTS, LANES, PREPARED, TEXT } from '../layout.js';
import {
  type Code,
  call,
  emit,
  type Func,
  I32,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64x2,
  keep,
  type Local,
  local,
  newFunction,
  newLocal,
  popAll,
  pushAll,
  V128,
  v128,
  wipe,
} from './assembler.js';
import { ABSORB_KEY, DECODE, PREPARE } from './functions.js';
import { compress, typesOf } from './mac.js';
import { LANE_WORDS, loadKept, type RoundFunction, storeKept, type Words } from './words.js';

const INNER_PAD = 0x36363636;
const OUTER_PAD = 0x5c5c5c5c;
/** Characters of a vector, and the 32-bit words decoded from two vectors. */
const VECTOR_BYTES = 16;
const CHUNK_WORDS = 5;

/** The number of keys side by side: four with 32-bit words, one with 64-bit words. */
export function keysAtOnce(words: Words): number {
  return words === LANE_WORDS ? LANES : 1;
}

/** 32-bit words of a key block. */
function blockWordsOf({ bits }: Words): number {
  return (BLOCK_WORDS * bits) / 32;
}

/** block… -> state…: hashes one key block of HMAC, from H(0) on. */
export function absorbKey(hash: RoundFunction): Func {
  const { words, stateWords, initialState } = hash;
  const func = newFunction(typesOf(words, BLOCK_WORDS), typesOf(words, stateWords));
  emit(func, pushAll(compress(func, hash, initialState, func.parameters)));
  return func;
}

/**
 * Hashes the two key blocks of the first key (RFC 2104 §2), stores its midstates and wipes it. In
 * lanes, the inner block is the first one and the outer block the second.
 */
export function prepareOne(hash: RoundFunction): Func {
  const func = newFunction([], []);
  const { words, stateWords, initialState } = hash;
  const halves = words.bits / 32;
  const stride = keysAtOnce(words) * halves;
  const key = Array.from({ length: BLOCK_WORDS }, (_, i) =>
    keep(func, words.type, loadKept(words, KEYS + stride * i)),
  );
  wipeKeys(func, words);
  if (words === LANE_WORDS) {
    const pads = v128.const(INNER_PAD, OUTER_PAD);
    const block = key.map((word) => keep(func, V128, v128.xor(word, pads)));
    // Written out: a call of `absorbKey` takes a twentieth longer for each key.
    compress(func, hash, initialState, block).forEach((word, i) => {
      emit(func, v128.store32_lane(PREPARED + i, word, 0));
      emit(func, v128.store32_lane(PREPARED + stateWords + i, word, 1));
    });
    return func;
  }
  [INNER_PAD, OUTER_PAD].forEach((pad, outer) => {
    const state = absorbed(func, hash, key, words.constant(pad, pad));
    state.forEach((word, i) => {
      emit(func, storeKept(PREPARED + halves * (outer * stateWords + i), word));
    });
  });
  return func;
}

/** Stores the midstates of four keys where `matchLanes` reads them, and wipes the keys. */
export function prepareLanes(hash: RoundFunction): Func {
  const func = newFunction([], []);
  const key = Array.from({ length: BLOCK_WORDS }, (_, i) =>
    keep(func, V128, v128.load(KEYS + LANES * i)),
  );
  wipeKeys(func, hash.words);
  [INNER_PAD, OUTER_PAD].forEach((pad, outer) => {
    absorbed(func, hash, key, v128.const(pad)).forEach((word, i) => {
      emit(func, v128.store(LANE_INPUTS + LANES * (outer * hash.stateWords + i), word));
    });
  });
  return func;
}

function wipeKeys(func: Func, words: Words): void {
  emit(func, wipe(KEYS, keysAtOnce(words) * blockWordsOf(words)));
}

/** Hashes the block `key ^ pad`; returns new locals with the state. */
function absorbed(func: Func, hash: RoundFunction, key: readonly Local[], pad: Code): Local[] {
  const { words, stateWords } = hash;
  const state = Array.from({ length: stateWords }, () => newLocal(func, words.type));
  emit(func, call(ABSORB_KEY, ...key.map((word) => words.xor(word, pad))), popAll(state));
  return state;
}

/**
 * (lane) -> 0, or 1 if a character is outside the alphabet; the key is then meaningless.
 * Decodes the text to the key block of a lane, given in bytes, and wipes the text.
 */
export function decode({ words }: RoundFunction): Func {
  const func = newFunction([I32], [I32]);
  const [lane] = func.parameters as [Local];
  const invalid = keep(func, V128, v128.const(0));
  const length = blockWordsOf(words);
  const place = (word: number) => KEYS + keysAtOnce(words) * word;
  const chunks = length / (2 * (VECTOR_BYTES / 4));
  for (let chunk = 0; chunk < chunks; chunk++) {
    const [a, b] = [0, 1].map((half) => {
      const text = v128.load(TEXT + 4 * (2 * chunk + half));
      return keep(func, V128, packed(func, symbols(func, keep(func, V128, text), invalid)));
    }) as [Local, Local];
    // Of 40 bits in each 64-bit lane, big-endian bytes in little-endian words: 160 bits, five words.
    const order = [1, 2, 3, 4, 10, 11, 12, 0, 19, 20, 8, 9, 28, 16, 17, 18];
    const four = keep(func, V128, i8x16.shuffle(a, b, ...order));
    for (let i = 0; i < 4; i++) {
      emit(func, v128.store32_lane(place(CHUNK_WORDS * chunk + i), four, i, lane));
    }
    emit(func, v128.store32_lane(place(CHUNK_WORDS * chunk + 4), b, 2, lane));
  }
  // An interrupted call may have left stale bytes after the decoded ones.
  for (let i = CHUNK_WORDS * chunks; i < length; i++) emit(func, i32.store(place(i), 0, lane));
  emit(func, wipe(TEXT, length), v128.any_true(invalid));
  return func;
}

/** () -> as `decode`, for a single key; stores its midstates. */
export function prepareText(): Func {
  const func = newFunction([], [I32]);
  emit(func, call(DECODE, 0), call(PREPARE));
  return func;
}

/** Maps sixteen characters to the five bits of each, by arithmetic (RFC 4648 §6). */
function symbols(func: Func, character: Local, invalid: Local): Code {
  const bytes = (value: number) => v128.const(value * 0x01010101);
  // A letter of either case, from 0 on.
  const letter = keep(func, V128, i8x16.sub(v128.or(character, bytes(0x20)), bytes(0x61)));
  const isLetter = keep(func, V128, i8x16.lt_u(letter, bytes(26)));
  const digit = keep(func, V128, i8x16.sub(character, bytes(0x32)));
  const isDigit = keep(func, V128, i8x16.lt_u(digit, bytes(6)));
  const isOther = v128.not(v128.or(isLetter, isDigit));
  emit(func, local.set(invalid, v128.or(invalid, isOther)));
  const fromDigit = v128.and(i8x16.add(digit, bytes(26)), isDigit);
  return v128.or(v128.and(isLetter, letter), fromDigit);
}

/** Packs sixteen times five bits into 40 bits in each 64-bit lane, the first bit highest. */
function packed(func: Func, fives: Code): Code {
  const pairs = keep(func, V128, fives);
  const tens = v128.or(
    v128.and(i16x8.shl(pairs, 5), v128.const(0x03e003e0)),
    i16x8.shr_u(pairs, 8),
  );
  // The sum of products of each two 16-bit lanes, the first by 2^10, the second by 1.
  const twenties = keep(func, V128, i32x4.dot_i16x8_s(tens, v128.const(0x00010400)));
  return v128.or(
    v128.and(i64x2.shl(twenties, 20), v128.const(0xfff00000, 0x000000ff)),
    i64x2.shr_u(twenties, 32),
  );
}
