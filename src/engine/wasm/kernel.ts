/**
 * The kernels of one hash function: HMAC over four counters at once, and key set-up.
 *
 * Four candidates of one key, or one candidate of each of four keys, are the four lanes of a
 * vector; with 64-bit words they are the lanes of two. Truncation and comparison stay in the lanes
 * too (RFC 4226 §5.3): what comes back from a verification is one bit a candidate, and no branch
 * and no address depends on more than the place in memory.
 */
import {
  assemble,
  type Code,
  call,
  constant,
  get,
  I32,
  I32_SUB,
  I32X4_BITMASK,
  I32X4_GE_S,
  I32X4_LE_U,
  I32X4_LT_U,
  I32X4_MUL,
  I32X4_SHL,
  I32X4_SHR_S,
  I32X4_SHR_U,
  I32X4_SPLAT,
  I32X4_SUB,
  I64X2_ADD,
  I64X2_SHR_S,
  type Local,
  load,
  newFunction,
  newLocal,
  scalar,
  shift,
  shuffle,
  smallInteger,
  store,
  storeHalf,
  tee,
  V128,
  V128_AND,
  V128_BITSELECT,
  V128_LOAD,
  V128_LOAD32_SPLAT,
  V128_LOAD64_SPLAT,
  V128_OR,
  V128_XOR,
  vector,
} from './assembler.js';
import { keep, LANES_64, push, type RoundFunction, type Word } from './words.js';

/** Where things lie in the module's memory, in bytes. */
export const MEMORY = {
  /** A key's midstates, words as the processor has them. */
  midstates: 0,
  /** Four keys' midstates, counters and codes, lane by lane. */
  lanes: 512,
  /** Four truncated values. */
  values: 2048,
  /** A key block as words, as the processor has them. */
  key: 2304,
  /** The midstates of a key block: each word of the inner state, then the same of the outer. */
  prepared: 2560,
  end: 3072,
} as const;

const INNER_PAD = 0x36363636;
const OUTER_PAD = 0x5c5c5c5c;
const END_OF_MESSAGE = 0x80;
const HMAC = 0;

/** Writes the module of one hash function. */
export function kernelModule(hash: RoundFunction): Uint8Array {
  return assemble(
    [hmacFunction(hash), match(hash), matchEach(hash), truncate(hash), prepare(hash)],
    {
      match: 1,
      matchEach: 2,
      truncate: 3,
      prepare: 4,
    },
  );
}

/** Vectors of state words, inner and outer. */
function stateCount(hash: RoundFunction): number {
  return 2 * hash.initialState.length;
}

/** How many vectors hold four counters, and how many words one counter has. */
function shape({ lanes }: RoundFunction): { readonly vectors: 1 | 2; readonly words: 1 | 2 } {
  return lanes.bits === 32 ? { vectors: 1, words: 2 } : { vectors: 2, words: 1 };
}

/** midstates…, counter… -> truncated values, in the lower 32 bits of each lane. */
function hmacFunction(hash: RoundFunction): Code {
  const words = hash.initialState.length;
  const counterWords = shape(hash).words;
  const code = newFunction(new Array(stateCount(hash) + counterWords).fill(V128), [V128]);
  const locals = Array.from({ length: code.parameters.length }, (_, i) => i);
  const inner = hash.compress(
    code,
    locals.slice(0, words),
    closedBlock(hash, locals.slice(2 * words)),
  );
  const mac = hash.compress(code, locals.slice(words, 2 * words), closedBlock(hash, inner));
  if (hash.lanes.bits === 32) pushTruncated32(code, mac);
  else pushTruncated64(code, mac);
  return code;
}

/** The second block of a message that began with a key block: the words, the mark, the length. */
function closedBlock({ lanes: { bits } }: RoundFunction, words: readonly Local[]): Word[] {
  const block: Word[] = [...words, BigInt(END_OF_MESSAGE) << BigInt(bits - 8)];
  while (block.length < 15) block.push(0n);
  return [...block, BigInt((16 + words.length) * bits)];
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

/** Takes two vectors of 64-bit lanes on the stack to one of their four lower halves. */
function joinLowHalves(code: Code): void {
  shuffle(code, [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]);
}

/** Pushes the truncated values of four counters of one key: `high` and `low` are parameters. */
function pushRun(code: Code, hash: RoundFunction, high: Local, low: Local): void {
  const pushMidstates = () => {
    const bytes = hash.lanes.bits / 8;
    const opcode = bytes === 4 ? V128_LOAD32_SPLAT : V128_LOAD64_SPLAT;
    for (let i = 0; i < stateCount(hash); i++) load(code, opcode, MEMORY.midstates + bytes * i);
  };
  if (hash.lanes.bits === 32) {
    const counters = newLocal(code);
    pushMidstates();
    // The upper word is one more in the lanes where the lower one wraps around.
    get(code, high);
    vector(code, I32X4_SPLAT);
    get(code, low);
    vector(code, I32X4_SPLAT);
    constant(code, [0, 1, 2, 3]);
    vector(code, hash.lanes.add);
    tee(code, counters);
    get(code, low);
    vector(code, I32X4_SPLAT);
    vector(code, I32X4_LT_U);
    vector(code, I32X4_SUB);
    get(code, counters);
    call(code, HMAC);
    return;
  }
  for (const first of [0, 2]) {
    pushMidstates();
    get(code, low);
    vector(code, I32X4_SPLAT);
    get(code, high);
    vector(code, I32X4_SPLAT);
    shuffle(code, [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23]);
    constant(code, [first, 0, first + 1, 0]);
    vector(code, I64X2_ADD);
    call(code, HMAC);
  }
  joinLowHalves(code);
}

/**
 * Takes four truncated values on the stack to a bit for each whose code is the typed one.
 *
 * value mod 10^d is the code if value - code is no negative number and a multiple of 10^d. It is
 * one of 5^d if its product with the inverse of 5^d mod 2^32 is small, and one of 2^d if d low bits
 * are zero; rotating the product by d bits puts both questions into one comparison.
 */
function pushMatches(
  code: Code,
  typed: () => void,
  inverse: Local,
  digits: Local,
  limit: Local,
): void {
  const value = keep(code);
  const product = newLocal(code);
  get(code, value);
  typed();
  vector(code, I32X4_SUB);
  get(code, inverse);
  vector(code, I32X4_SPLAT);
  vector(code, I32X4_MUL);
  tee(code, product);
  get(code, digits);
  vector(code, I32X4_SHR_U);
  get(code, product);
  smallInteger(code, 32);
  get(code, digits);
  scalar(code, I32_SUB);
  vector(code, I32X4_SHL);
  vector(code, V128_OR);
  get(code, limit);
  vector(code, I32X4_SPLAT);
  vector(code, I32X4_LE_U);
  get(code, value);
  typed();
  vector(code, I32X4_GE_S);
  vector(code, V128_AND);
  vector(code, I32X4_BITMASK);
}

/** (high, low, typed, inverse, digits, limit) -> bits, for four counters of one key. */
function match(hash: RoundFunction): Code {
  const code = newFunction([I32, I32, I32, I32, I32, I32], [I32]);
  pushRun(code, hash, 0, 1);
  const typed = () => {
    get(code, 2);
    vector(code, I32X4_SPLAT);
  };
  pushMatches(code, typed, 3, 4, 5);
  return code;
}

/** (high, low): stores the truncated values of four counters of one key. */
function truncate(hash: RoundFunction): Code {
  const code = newFunction([I32, I32], []);
  store(code, MEMORY.values, () => pushRun(code, hash, 0, 1));
  return code;
}

/** (inverse, digits, limit) -> bits, for a counter of each of four keys, all lane by lane. */
function matchEach(hash: RoundFunction): Code {
  const code = newFunction([I32, I32, I32], [I32]);
  const { vectors, words } = shape(hash);
  const parameters = stateCount(hash) + words;
  for (let group = 0; group < vectors; group++) {
    for (let i = 0; i < parameters; i++) {
      load(code, V128_LOAD, MEMORY.lanes + 16 * (group * parameters + i));
    }
    call(code, HMAC);
  }
  if (vectors === 2) joinLowHalves(code);
  const typed = () => load(code, V128_LOAD, MEMORY.lanes + 16 * vectors * parameters);
  pushMatches(code, typed, 0, 1, 2);
  return code;
}

/** Hashes the two key blocks of HMAC (RFC 2104 §2): inner in the first lane, outer in the second. */
function prepare(hash: RoundFunction): Code {
  const code = newFunction([], []);
  const bytes = hash.lanes.bits / 8;
  const block = Array.from({ length: 16 }, (_, i) => {
    load(code, bytes === 4 ? V128_LOAD32_SPLAT : V128_LOAD64_SPLAT, MEMORY.key + bytes * i);
    if (bytes === 4) constant(code, [INNER_PAD, OUTER_PAD, INNER_PAD, OUTER_PAD]);
    else constant(code, [INNER_PAD, INNER_PAD, OUTER_PAD, OUTER_PAD]);
    vector(code, V128_XOR);
    return keep(code);
  });
  const state = hash.initialState.map((word) => {
    push(code, hash.lanes, word);
    return keep(code);
  });
  hash.compress(code, state, block).forEach((word, i) => {
    const value = () => get(code, word);
    // The first two lanes: both are 8 bytes with 32-bit words, and the whole vector with 64-bit ones.
    if (bytes === 4) storeHalf(code, MEMORY.prepared + 8 * i, value);
    else store(code, MEMORY.prepared + 16 * i, value);
  });
  return code;
}
