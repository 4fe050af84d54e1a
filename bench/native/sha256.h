/* SHA-256's compression (FIPS 180-4 §6.2.2): a block of 16 words in the machine's own byte order. */
#pragma once
#include <stdint.h>

static const uint32_t sha256_initial[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
    0x1f83d9ab, 0x5be0cd19};

static const uint32_t sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#ifdef SHA_INSTRUCTIONS
#include <immintrin.h>

/* Words 4i to 4i+3 of the schedule from the four groups before them. */
#define SHA256_NEXT(m0, m1, m2, m3)                                                \
  _mm_sha256msg2_epu32(                                                            \
      _mm_add_epi32(_mm_sha256msg1_epu32(m0, m1), _mm_alignr_epi8(m3, m2, 4)), m3)
/* Four rounds, two at a time: each instruction exchanges the roles of the two halves. */
#define SHA256_ROUNDS(group, m)                                                            \
  k = _mm_add_epi32(m, _mm_loadu_si128((const __m128i *)(sha256_constants + 4 * (group)))); \
  cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k);                                             \
  abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0e));
#define SHA256_GROUP(group, m0, m1, m2, m3) \
  m0 = SHA256_NEXT(m0, m1, m2, m3);         \
  SHA256_ROUNDS(group, m0)

static inline void sha256_compress(uint32_t state[8], const uint32_t block[16]) {
  /* The instructions want the state as ABEF and CDGH, highest word first. */
  const __m128i dcba = _mm_loadu_si128((const __m128i *)state);
  const __m128i hgfe = _mm_loadu_si128((const __m128i *)(state + 4));
  const __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
  const __m128i abef0 = abef, cdgh0 = cdgh;
  const __m128i *words = (const __m128i *)block;
  __m128i m0 = _mm_loadu_si128(words), m1 = _mm_loadu_si128(words + 1);
  __m128i m2 = _mm_loadu_si128(words + 2), m3 = _mm_loadu_si128(words + 3), k;

  SHA256_ROUNDS(0, m0) SHA256_ROUNDS(1, m1) SHA256_ROUNDS(2, m2) SHA256_ROUNDS(3, m3)
  for (int group = 4; group < 16; group += 4) {
    SHA256_GROUP(group, m0, m1, m2, m3)
    SHA256_GROUP(group + 1, m1, m2, m3, m0)
    SHA256_GROUP(group + 2, m2, m3, m0, m1)
    SHA256_GROUP(group + 3, m3, m0, m1, m2)
  }

  abef = _mm_shuffle_epi32(_mm_add_epi32(abef, abef0), 0x1b);
  cdgh = _mm_shuffle_epi32(_mm_add_epi32(cdgh, cdgh0), 0xb1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(abef, cdgh, 0xf0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(cdgh, abef, 8));
}

#else

static inline uint32_t rotr32(uint32_t x, int n) { return x >> n | x << (32 - n); }

#define SHA256_ROUND(a, b, c, d, e, f, g, h, t)                                       \
  h += (rotr32(e, 6) ^ rotr32(e, 11) ^ rotr32(e, 25)) + (((f ^ g) & e) ^ g) +        \
       sha256_constants[t] + w[(t) & 15];                                             \
  d += h;                                                                             \
  h += (rotr32(a, 2) ^ rotr32(a, 13) ^ rotr32(a, 22)) + ((a & b) | ((a | b) & c));
#define SHA256_NEXT(t)                                                                \
  w[t] += (rotr32(w[((t) + 1) & 15], 7) ^ rotr32(w[((t) + 1) & 15], 18) ^             \
           w[((t) + 1) & 15] >> 3) +                                                  \
          w[((t) + 9) & 15] +                                                         \
          (rotr32(w[((t) + 14) & 15], 17) ^ rotr32(w[((t) + 14) & 15], 19) ^          \
           w[((t) + 14) & 15] >> 10);
/* The working variables change roles rather than places, eight rounds a turn. */
#define SHA256_EIGHT(t)                             \
  SHA256_ROUND(a, b, c, d, e, f, g, h, t)           \
  SHA256_ROUND(h, a, b, c, d, e, f, g, t + 1)       \
  SHA256_ROUND(g, h, a, b, c, d, e, f, t + 2)       \
  SHA256_ROUND(f, g, h, a, b, c, d, e, t + 3)       \
  SHA256_ROUND(e, f, g, h, a, b, c, d, t + 4)       \
  SHA256_ROUND(d, e, f, g, h, a, b, c, t + 5)       \
  SHA256_ROUND(c, d, e, f, g, h, a, b, t + 6)       \
  SHA256_ROUND(b, c, d, e, f, g, h, a, t + 7)

static inline void sha256_compress(uint32_t state[8], const uint32_t block[16]) {
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
  uint32_t w[16];
  for (int t = 0; t < 16; t++) w[t] = block[t];
  for (int t = 0;; t += 16) {
    SHA256_EIGHT(t)
    SHA256_EIGHT(t + 8)
    if (t == 48) break;
    /* The next 16 words of the schedule, in the place of the last. */
    SHA256_NEXT(0) SHA256_NEXT(1) SHA256_NEXT(2) SHA256_NEXT(3)
    SHA256_NEXT(4) SHA256_NEXT(5) SHA256_NEXT(6) SHA256_NEXT(7)
    SHA256_NEXT(8) SHA256_NEXT(9) SHA256_NEXT(10) SHA256_NEXT(11)
    SHA256_NEXT(12) SHA256_NEXT(13) SHA256_NEXT(14) SHA256_NEXT(15)
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}
#endif
