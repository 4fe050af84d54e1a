/* SHA-1's compression (FIPS 180-4 §6.1.2): a block of 16 words in the machine's own byte order. */
#pragma once
#include <stdint.h>

static const uint32_t sha1_initial[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

#ifdef SHA_INSTRUCTIONS
#include <immintrin.h>

/* Words 4i to 4i+3 of the schedule from the four groups before them. */
#define SHA1_NEXT(m0, m1, m2, m3) \
  _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(m0, m1), m2), m3)
/* Four rounds with the words of `m`; E comes from the A of four rounds ago. */
#define SHA1_ROUNDS(f, m)                       \
  e = _mm_sha1nexte_epu32(previous, m);         \
  previous = abcd;                              \
  abcd = _mm_sha1rnds4_epu32(abcd, e, f);
#define SHA1_GROUP(f, m0, m1, m2, m3) \
  m0 = SHA1_NEXT(m0, m1, m2, m3);     \
  SHA1_ROUNDS(f, m0)

static inline __m128i sha1_words(const uint32_t *words) {
  return _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)words), 0x1b);
}

static inline void sha1_compress(uint32_t state[5], const uint32_t block[16]) {
  __m128i abcd = sha1_words(state), previous, e;
  const __m128i abcd0 = abcd, e0 = _mm_set_epi32((int)state[4], 0, 0, 0);
  __m128i m0 = sha1_words(block), m1 = sha1_words(block + 4);
  __m128i m2 = sha1_words(block + 8), m3 = sha1_words(block + 12);

  e = _mm_add_epi32(e0, m0); /* the first E is given as it is, not rotated */
  previous = abcd;
  abcd = _mm_sha1rnds4_epu32(abcd, e, 0);
  SHA1_ROUNDS(0, m1) SHA1_ROUNDS(0, m2) SHA1_ROUNDS(0, m3)
  SHA1_GROUP(0, m0, m1, m2, m3)
  SHA1_GROUP(1, m1, m2, m3, m0) SHA1_GROUP(1, m2, m3, m0, m1) SHA1_GROUP(1, m3, m0, m1, m2)
  SHA1_GROUP(1, m0, m1, m2, m3) SHA1_GROUP(1, m1, m2, m3, m0)
  SHA1_GROUP(2, m2, m3, m0, m1) SHA1_GROUP(2, m3, m0, m1, m2) SHA1_GROUP(2, m0, m1, m2, m3)
  SHA1_GROUP(2, m1, m2, m3, m0) SHA1_GROUP(2, m2, m3, m0, m1)
  SHA1_GROUP(3, m3, m0, m1, m2) SHA1_GROUP(3, m0, m1, m2, m3) SHA1_GROUP(3, m1, m2, m3, m0)
  SHA1_GROUP(3, m2, m3, m0, m1) SHA1_GROUP(3, m3, m0, m1, m2)

  abcd = _mm_add_epi32(abcd, abcd0);
  _mm_storeu_si128((__m128i *)state, _mm_shuffle_epi32(abcd, 0x1b));
  state[4] = (uint32_t)_mm_extract_epi32(_mm_sha1nexte_epu32(previous, e0), 3);
}

#else

static inline uint32_t rotl32(uint32_t x, int n) { return x << n | x >> (32 - n); }

/* The working variables change roles rather than places, five rounds a turn. */
#define SHA1_ROUND(f, k, a, b, c, d, e, t)                                   \
  if ((t) >= 16)                                                             \
    w[(t) & 15] = rotl32(                                                    \
        w[((t) + 13) & 15] ^ w[((t) + 8) & 15] ^ w[((t) + 2) & 15] ^ w[(t) & 15], 1); \
  e += rotl32(a, 5) + (f) + k + w[(t) & 15];                                 \
  b = rotl32(b, 30);
#define SHA1_CHOICE(b, c, d) (((c ^ d) & b) ^ d)
#define SHA1_PARITY(b, c, d) (b ^ c ^ d)
#define SHA1_MAJORITY(b, c, d) ((b & c) | ((b | c) & d))
#define SHA1_TWENTY(F, k, first)                       \
  for (int t = first; t < first + 20; t += 5) {        \
    SHA1_ROUND(F(b, c, d), k, a, b, c, d, e, t)        \
    SHA1_ROUND(F(a, b, c), k, e, a, b, c, d, t + 1)    \
    SHA1_ROUND(F(e, a, b), k, d, e, a, b, c, t + 2)    \
    SHA1_ROUND(F(d, e, a), k, c, d, e, a, b, t + 3)    \
    SHA1_ROUND(F(c, d, e), k, b, c, d, e, a, t + 4)    \
  }

static inline void sha1_compress(uint32_t state[5], const uint32_t block[16]) {
  uint32_t w[16], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  for (int i = 0; i < 16; i++) w[i] = block[i];
  SHA1_TWENTY(SHA1_CHOICE, 0x5a827999, 0)
  SHA1_TWENTY(SHA1_PARITY, 0x6ed9eba1, 20)
  SHA1_TWENTY(SHA1_MAJORITY, 0x8f1bbcdc, 40)
  SHA1_TWENTY(SHA1_PARITY, 0xca62c1d6, 60)
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}
#endif
