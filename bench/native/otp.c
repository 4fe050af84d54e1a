/* What C can do on this processor: the limit that otpcore is measured against. The same work for each
 * row: from a prepared key, two blocks a candidate; from base32 text, decoding and two blocks more;
 * all candidates compared in constant time.
 *
 * Compiled twice: with -DSHA_INSTRUCTIONS, SHA-1 and SHA-256 use the processor's own instructions
 * (SHA-512 has none that are common); without, all is plain C. */
#include "harness.h"

#define VECTORS 6
#define MALFORMED UINT32_MAX

static const uint64_t vector_seconds[VECTORS] = {59,         1111111109, 1111111111,
                                                 1234567890, 2000000000, 20000000000};

/** Exactly six ASCII digits, or MALFORMED. */
static inline uint32_t parse_code(const char *code) {
  uint32_t value = 0;
  for (int i = 0; i < 6; i++) {
    const uint32_t digit = (uint32_t)code[i] - '0';
    if (digit > 9) return MALFORMED;
    value = 10 * value + digit;
  }
  return code[6] == 0 ? value : MALFORMED;
}

/** Writes a value as a code, and tells whether it is the expected one. */
static inline int same_code(uint32_t value, const char *expected) {
  char code[8] = {0};
  for (int i = 5; i >= 0; i--, value /= 10) code[i] = (char)('0' + value % 10);
  return memcmp(code, expected, 6) == 0;
}

#include "sha1.h"
#include "sha256.h"
#include "sha512.h"

#define HASH sha1
#define WORD uint32_t
#define STATE_WORDS 5
#define DIGEST_WORDS 5
#include "hotp.h"

#define HASH sha256
#define WORD uint32_t
#define STATE_WORDS 8
#define DIGEST_WORDS 8
#include "hotp.h"

#define HASH sha512
#define WORD uint64_t
#define STATE_WORDS 8
#define DIGEST_WORDS 8
#include "hotp.h"

/** Results of a batch, written for each user as a caller would want them. */
struct result {
  int64_t step, delta;
  int valid;
};
static struct result results[USERS];

static int accepted_results(void) {
  int accepted = 0;
  for (int i = 0; i < USERS; i++) accepted += results[i].valid;
  return accepted;
}

#define BATCH(hash, form)                                               \
  static int hash##_batch_##form(int unused) {                          \
    (void)unused;                                                       \
    for (int i = 0; i < USERS; i++) {                                   \
      const int64_t found = hash##_find_##form(i);                      \
      results[i] = (struct result){found, found - (int64_t)step, found >= 0}; \
    }                                                                   \
    return accepted_results();                                          \
  }
BATCH(sha1, prepared)
BATCH(sha1, text)
BATCH(sha256, prepared)
BATCH(sha256, text)
BATCH(sha512, prepared)
BATCH(sha512, text)

struct entry {
  const char *algorithm, *kind, *form;
  struct row row;
};
#define ENTRIES(name, hash)                                        \
  {name, "verify", "prepared", {1, hash##_verify_prepared}},       \
      {name, "verify", "text", {1, hash##_verify_text}},           \
      {name, "batch", "prepared", {USERS, hash##_batch_prepared}}, \
      {name, "batch", "text", {USERS, hash##_batch_text}},         \
      {name, "generate", "prepared", {1, hash##_generate_prepared}}, \
      {name, "generate", "text", {1, hash##_generate_text}}
static const struct entry entries[] = {
    ENTRIES("SHA1", sha1), ENTRIES("SHA256", sha256), ENTRIES("SHA512", sha512)};

static int find_row(const char *kind, const char *form, struct row *row) {
  for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
    const struct entry *entry = &entries[i];
    if (strcmp(entry->algorithm, algorithm) || strcmp(entry->kind, kind) ||
        strcmp(entry->form, form))
      continue;
    *row = entry->row;
    return 1;
  }
  return 0;
}

#ifdef SHA_INSTRUCTIONS
#include <cpuid.h>
/** CPUID leaf 7, EBX bit 29. */
static int has_sha_instructions(void) {
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}
#else
static int has_sha_instructions(void) { return 1; /* none are asked for */ }
#endif

int main(void) {
  static const char *const sha1_codes[] = {"94287082", "07081804", "14050471",
                                           "89005924", "69279037", "65353130"};
  static const char *const sha256_codes[] = {"46119246", "68084774", "67062674",
                                             "91819424", "90698825", "77737706"};
  static const char *const sha512_codes[] = {"90693936", "25091201", "99943326",
                                             "93441116", "38618901", "47863826"};
  if (!has_sha_instructions()) fail("the processor has no SHA instructions (CPUID)");
  base32_setup();
  sha1_check_vectors(sha1_codes);
  sha256_check_vectors(sha256_codes);
  sha512_check_vectors(sha512_codes);
  puts("ready {}");
  fflush(stdout);
  read_users();
  sha1_load();
  sha256_load();
  sha512_load();
  serve();
  return 0;
}
