/* Base32 as people and databases keep it: either case, spaces and '-' ignored, any '=' tail. Read by
 * a table, the fastest way in C; otpcore's own decoder has none, because a table's cache lines tell
 * what was looked up. */
#pragma once
#include <stdint.h>

enum { BASE32_IGNORED = 32, BASE32_END, BASE32_WRONG };
static uint8_t base32_values[256];

static void base32_setup(void) {
  memset(base32_values, BASE32_WRONG, sizeof base32_values);
  for (int i = 0; i < 26; i++) {
    base32_values['A' + i] = (uint8_t)i;
    base32_values['a' + i] = (uint8_t)i;
  }
  for (int i = 0; i < 6; i++) base32_values['2' + i] = (uint8_t)(26 + i);
  base32_values[' '] = base32_values['-'] = BASE32_IGNORED;
  base32_values['='] = base32_values[0] = BASE32_END;
}

/** The number of bytes, or -1. */
static inline int base32_decode(const char *text, uint8_t *bytes) {
  uint64_t bits = 0;
  int held = 0, length = 0;
  for (;; text++) {
    const uint8_t value = base32_values[(uint8_t)*text];
    if (value < 32) {
      bits = bits << 5 | value;
      held += 5;
      if (held >= 8) {
        if (length == MAX_SECRET) return -1;
        held -= 8;
        bytes[length++] = (uint8_t)(bits >> held);
      }
    } else if (value != BASE32_IGNORED) {
      break;
    }
  }
  while (*text == '=') text++;
  return *text == 0 ? length : -1;
}
