/* HMAC of a counter, its truncation and a window of TOTP, over one hash: included once for each, with
 * HASH, WORD, STATE_WORDS (of the compression) and DIGEST_WORDS defined. Names get HASH in front.
 *
 * A key is the state after `key ^ ipad` and the one after `key ^ opad` (RFC 2104 §4), so that a
 * candidate costs two blocks: six for a window of one step on either side, eight with key set-up. */
#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(name) JOIN(HASH, name)
#define WORD_BYTES ((int)sizeof(WORD))
#define BLOCK_BITS (16 * 8 * WORD_BYTES)

struct NAME(key) {
  WORD inner[STATE_WORDS], outer[STATE_WORDS];
};

/** Prepares a key from a secret of at most one block: longer ones are not in the race. */
static inline void NAME(prepare)(struct NAME(key) * key, const uint8_t *secret, int length) {
  uint8_t bytes[16 * sizeof(WORD)] = {0};
  WORD inner[16], outer[16];
  memcpy(bytes, secret, (size_t)length);
  for (int i = 0; i < 16; i++) {
    WORD word = 0;
    for (int b = 0; b < WORD_BYTES; b++) word = word << 8 | bytes[WORD_BYTES * i + b];
    inner[i] = word ^ (WORD)0x3636363636363636;
    outer[i] = word ^ (WORD)0x5c5c5c5c5c5c5c5c;
  }
  memcpy(key->inner, NAME(initial), sizeof key->inner);
  memcpy(key->outer, NAME(initial), sizeof key->outer);
  NAME(compress)(key->inner, inner);
  NAME(compress)(key->outer, outer);
}

/** RFC 4226 §5.3's 31 bits for one counter. */
static inline uint32_t NAME(truncated)(const struct NAME(key) * key, uint64_t counter) {
  WORD inner[STATE_WORDS], outer[STATE_WORDS];
  WORD block[16] = {0};
  block[0] = sizeof(WORD) == 8 ? (WORD)counter : (WORD)(counter >> 32);
  block[8 / WORD_BYTES - 1] = (WORD)counter;
  block[8 / WORD_BYTES] = (WORD)1 << (8 * WORD_BYTES - 1);
  block[15] = BLOCK_BITS + 64;
  memcpy(inner, key->inner, sizeof inner);
  NAME(compress)(inner, block);

  memset(block, 0, sizeof block);
  for (int i = 0; i < DIGEST_WORDS; i++) block[i] = inner[i];
  block[DIGEST_WORDS] = (WORD)1 << (8 * WORD_BYTES - 1);
  block[15] = BLOCK_BITS + DIGEST_WORDS * 8 * WORD_BYTES;
  memcpy(outer, key->outer, sizeof outer);
  NAME(compress)(outer, block);

  uint8_t digest[DIGEST_WORDS * sizeof(WORD)];
  for (int i = 0; i < DIGEST_WORDS; i++)
    for (int b = 0; b < WORD_BYTES; b++)
      digest[WORD_BYTES * i + b] = (uint8_t)(outer[i] >> (8 * (WORD_BYTES - 1 - b)));
  const uint8_t *at = digest + (digest[sizeof digest - 1] & 15);
  return ((uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]) & 0x7fffffff;
}

/** Compares all candidates, without a branch on which one matched: the highest, or -1. */
static inline int64_t NAME(verify)(const struct NAME(key) * key, const char *code, uint64_t step,
                                   int window) {
  const uint32_t typed = parse_code(code);
  if (typed == MALFORMED) return -1;
  int64_t found = -1;
  for (int delta = -window; delta <= window; delta++) {
    const uint64_t candidate = step + (uint64_t)(int64_t)delta;
    const uint32_t difference = NAME(truncated)(key, candidate) % MODULUS ^ typed;
    const int64_t matched = -(int64_t)((difference - 1) >> 31); /* all ones if there is none */
    found = ((int64_t)candidate & matched) | (found & ~matched);
  }
  return found;
}

static struct NAME(key) NAME(keys)[USERS];

static void NAME(load)(void) {
  for (int i = 0; i < USERS; i++) NAME(prepare)(&NAME(keys)[i], users[i].secret, users[i].length);
}

static inline int64_t NAME(find_prepared)(int i) {
  return NAME(verify)(&NAME(keys)[i], typed[i], step, window);
}

static inline int64_t NAME(find_text)(int i) {
  uint8_t secret[MAX_SECRET];
  struct NAME(key) key;
  const int length = base32_decode(users[i].text, secret);
  if (length < 0) return -1;
  NAME(prepare)(&key, secret, length);
  return NAME(verify)(&key, typed[i], step, window);
}

static int NAME(verify_prepared)(int i) { return NAME(find_prepared)(i) >= 0; }
static int NAME(verify_text)(int i) { return NAME(find_text)(i) >= 0; }

static int NAME(generate_prepared)(int i) {
  return same_code(NAME(truncated)(&NAME(keys)[i], step) % MODULUS, typed[i]);
}

static int NAME(generate_text)(int i) {
  uint8_t secret[MAX_SECRET];
  struct NAME(key) key;
  const int length = base32_decode(users[i].text, secret);
  if (length < 0) return 0;
  NAME(prepare)(&key, secret, length);
  return same_code(NAME(truncated)(&key, step) % MODULUS, typed[i]);
}

/** The codes of RFC 6238, appendix B, under its own secret of this hash's length. */
static void NAME(check_vectors)(const char *const codes[VECTORS]) {
  uint8_t secret[MAX_SECRET];
  struct NAME(key) key;
  const int length = DIGEST_WORDS * WORD_BYTES;
  for (int i = 0; i < length; i++) secret[i] = (uint8_t)('0' + (i + 1) % 10);
  NAME(prepare)(&key, secret, length);
  for (int i = 0; i < VECTORS; i++) {
    const uint32_t value = NAME(truncated)(&key, vector_seconds[i] / 30);
    if (value % 100000000 != (uint32_t)atoi(codes[i])) fail("RFC 6238, appendix B: wrong code");
  }
}

#undef HASH
#undef WORD
#undef STATE_WORDS
#undef DIGEST_WORDS
#undef BLOCK_BITS
#undef WORD_BYTES
#undef NAME
#undef JOIN
#undef JOIN_
