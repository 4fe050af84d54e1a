/* liboath, the C library of Debian's oathtool and PAM module, by its own calls. It takes the secret's
 * bytes with every call, so that "prepared" here means decoded; it stops at the first match. */
#include <liboath/oath.h>

#include "harness.h"

static int flags;

static int accepts(const char *secret, size_t length, const char *code) {
  int position;
  uint64_t counter;
  /* validate3 is SHA-1 without further choice; validate4 takes the others as flags. */
  const int found =
      flags == 0 ? oath_totp_validate3(secret, length, (time_t)seconds, 30, 0, (size_t)window,
                                       &position, &counter, code)
                 : oath_totp_validate4(secret, length, (time_t)seconds, 30, 0, (size_t)window,
                                       &position, &counter, flags, code);
  return found >= 0;
}

static int verify_prepared(int i) {
  return accepts((const char *)users[i].secret, (size_t)users[i].length, typed[i]);
}

static int verify_text(int i) {
  char *secret;
  size_t length;
  if (oath_base32_decode(users[i].text, strlen(users[i].text), &secret, &length) != OATH_OK) return 0;
  const int accepted = accepts(secret, length, typed[i]);
  free(secret);
  return accepted;
}

static int find_row(const char *kind, const char *form, struct row *row) {
  if (strcmp(kind, "verify") != 0) return 0;
  row->users_a_call = 1;
  row->call = strcmp(form, "text") == 0 ? verify_text : verify_prepared;
  return 1;
}

/** RFC 6238, appendix B, at 1111111109 seconds. */
static void check_vectors(void) {
  static const char *const codes[] = {"07081804", "68084774", "25091201"};
  static const int lengths[] = {20, 32, 64};
  static const int kinds[] = {0, OATH_TOTP_HMAC_SHA256, OATH_TOTP_HMAC_SHA512};
  char secret[MAX_SECRET], code[9];
  for (int i = 0; i < MAX_SECRET; i++) secret[i] = (char)('0' + (i + 1) % 10);
  for (int i = 0; i < 3; i++) {
    oath_totp_generate2(secret, (size_t)lengths[i], 1111111109, 30, 0, 8, kinds[i], code);
    if (strcmp(code, codes[i]) != 0) fail("RFC 6238, appendix B: wrong code");
  }
}

int main(void) {
  if (oath_init() != OATH_OK) fail("oath_init");
  base32_setup();
  check_vectors();
  printf("ready {\"version\": \"%s\"}\n", oath_check_version(NULL));
  fflush(stdout);
  read_users();
  if (strcmp(algorithm, "SHA256") == 0) flags = OATH_TOTP_HMAC_SHA256;
  if (strcmp(algorithm, "SHA512") == 0) flags = OATH_TOTP_HMAC_SHA512;
  serve();
  return 0;
}
