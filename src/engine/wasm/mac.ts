/**
 * HMAC over a counter, and its dynamic truncation, in four lanes. RFC 2104 §2, RFC 4226 §5.3.
 *
 * Truncation stays in the lanes: no branch and no address depends on what is computed.
 */
import {
  type Code,
  call,
  constant,
  get,
  I32X4_SHL,
  I32X4_SHR_S,
  I32X4_SHR_U,
  I64X2_SHR_S,
  type Local,
  newFunction,
  set,
  shift,
  V128,
  V128_AND,
  V128_BITSELECT,
  V128_OR,
  vector,
} from './assembler.js';
import { BLOCK_WORDS, MEMORY, OTHER_ROUNDS, shape, stateCount } from './layout.js';
import { constantOf, keep, LANES_64, push, type RoundFunction, type Word } from './words.js';

/** The bit that follows a message (FIPS 180-4 §5.1), at the top of a word. */
const END_OF_MESSAGE = 0x80000000;
/** Local integers that a compression function may use. */
const INTEGERS = 1;

/** state…, block… -> state…: all rounds but the first sixteen, which is what all have in common. */
export function otherRounds(hash: RoundFunction): Code {
  const words = hash.initialState.length;
  const parameters = new Array(words + BLOCK_WORDS).fill(V128);
  const code = newFunction(parameters, parameters.slice(0, words), INTEGERS);
  const locals = parameters.map((_, i) => i);
  const state = hash.otherRounds(code, locals.slice(0, words), locals.slice(words), MEMORY.table);
  for (const word of state) get(code, word);
  return code;
}

/**
 * Writes one turn of the compression function. The first rounds are written out each time, so that
 * what is known of the block drops out; the others are a function, because twice or three times
 * their code would be more than the processor's instruction caches hold.
 *
 * @param state - locals, which stay as they are
 * @returns new locals that hold the new state
 */
export function compress(
  code: Code,
  hash: RoundFunction,
  state: readonly Local[],
  block: readonly Word[],
): Local[] {
  const copies = state.map((word) => {
    get(code, word);
    return keep(code);
  });
  const words = hash.firstRounds(code, copies, block, MEMORY.table);
  for (const word of [...words, ...block]) push(code, word);
  call(code, OTHER_ROUNDS);
  // The last result lies on top.
  for (const local of [...copies].reverse()) set(code, local);
  return copies.map((word, i) => {
    get(code, word);
    get(code, state[i] as Local);
    vector(code, hash.lanes.add);
    return keep(code, word);
  });
}

/** midstates…, counter… -> truncated values, in the lower 32 bits of each lane. */
export function hmacOfCounters(hash: RoundFunction): Code {
  const words = hash.initialState.length;
  const counterWords = shape(hash).words;
  const parameters = new Array(stateCount(hash) + counterWords).fill(V128);
  const code = newFunction(parameters, [V128]);
  const locals = Array.from({ length: code.parameters.length }, (_, i) => i);
  const counter = closedBlock(hash, locals.slice(2 * words));
  const inner = compress(code, hash, locals.slice(0, words), counter);
  const mac = compress(code, hash, locals.slice(words, 2 * words), closedBlock(hash, inner));
  if (hash.lanes.bits === 32) pushTruncated32(code, mac);
  else pushTruncated64(code, mac);
  return code;
}

/** The second block of a message that began with a key block: the words, the mark, the length. */
function closedBlock({ lanes }: RoundFunction, words: readonly Local[]): Word[] {
  const block: Word[] = [...words, constantOf(lanes, END_OF_MESSAGE)];
  while (block.length < 15) block.push(constantOf(lanes, 0));
  const bits = (16 + words.length) * lanes.bits;
  return [...block, lanes.bits === 32 ? constantOf(lanes, bits) : constantOf(lanes, 0, bits)];
}

/** All ones in the lanes where bit `bit` of a local is set. */
function bitMask(
  code: Code,
  local: Local,
  bit: number,
  shl: number,
  shrS: number,
  bits: number,
): Local {
  get(code, local);
  shift(code, shl, bits - 1 - bit);
  shift(code, shrS, bits - 1);
  return keep(code);
}

/** `yes` where the mask is set, `no` elsewhere. */
function select(code: Code, mask: Local, yes: () => void, no: () => void): Local {
  yes();
  no();
  get(code, mask);
  vector(code, V128_BITSELECT);
  return keep(code);
}

/**
 * The 31 bits at the offset that the last four bits give. Each bit of the offset moves the window
 * by 8, 4, 2 or 1 bytes, or not, by a mask.
 */
function pushTruncated32(code: Code, mac: readonly Local[]): void {
  const last = mac[mac.length - 1] as Local;
  const mask = (bit: number) => bitMask(code, last, bit, I32X4_SHL, I32X4_SHR_S, 32);
  const word = (local: Local | undefined) => () => get(code, local as Local);
  const joined = (high: Local, low: Local, bits: number) => () => {
    get(code, high);
    shift(code, I32X4_SHL, bits);
    get(code, low);
    shift(code, I32X4_SHR_U, 32 - bits);
    vector(code, V128_OR);
  };
  const by8 = mask(3);
  const a = [0, 1, 2].map((i) => select(code, by8, word(mac[i + 2]), word(mac[i]))) as [
    Local,
    Local,
    Local,
  ];
  const by4 = mask(2);
  const b0 = select(code, by4, word(a[1]), word(a[0]));
  const b1 = select(code, by4, word(a[2]), word(a[1]));
  const by2 = mask(1);
  const c0 = select(code, by2, joined(b0, b1, 16), word(b0));
  const low = () => {
    get(code, b1);
    shift(code, I32X4_SHL, 16);
  };
  const c1 = select(code, by2, low, word(b1));
  get(code, select(code, mask(0), joined(c0, c1, 8), word(c0)));
  constant(code, [0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff]);
  vector(code, V128_AND);
}

/** As above with 64-bit words: after 8 and 4, what is wanted lies in the upper 56 bits of one. */
function pushTruncated64(code: Code, mac: readonly Local[]): void {
  const { shl, shrU } = LANES_64;
  const last = mac[mac.length - 1] as Local;
  const mask = (bit: number) => bitMask(code, last, bit, shl, I64X2_SHR_S, 64);
  const word = (local: Local | undefined) => () => get(code, local as Local);
  const shifted = (local: Local, bits: number) => () => {
    get(code, local);
    shift(code, shl, bits);
  };
  const by8 = mask(3);
  const a0 = select(code, by8, word(mac[1]), word(mac[0]));
  const a1 = select(code, by8, word(mac[2]), word(mac[1]));
  const by4 = select(
    code,
    mask(2),
    () => {
      shifted(a0, 32)();
      get(code, a1);
      shift(code, shrU, 32);
      vector(code, V128_OR);
    },
    word(a0),
  );
  const by2 = select(code, mask(1), shifted(by4, 16), word(by4));
  get(code, select(code, mask(0), shifted(by2, 8), word(by2)));
  shift(code, shrU, 32);
  constant(code, [0x7fffffff, 0, 0x7fffffff, 0]);
  vector(code, V128_AND);
}
