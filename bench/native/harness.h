/* The side of a native program that talks with the benchmark, the same for each of them. In, line by
 * line: `ALGORITHM SECONDS`, then for each of 1,000 users `TEXT WRONG CODE…` (base32 secret, a wrong
 * code, the 13 codes of the steps around the moment), then commands:
 *   check ROW          answered with `ok`, or `absent` or `failed` and a reason
 *   time ROW MILLIS    answered with `USERS NANOSECONDS ACCEPTED`
 * A row is `verify:FORM:WINDOW:WHICH`, `batch:…` likewise, or `generate:FORM`. */
#pragma once
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define USERS 1000
#define MAX_SECRET 64
#define MODULUS 1000000
#define SIDE_STEPS 6
#define CODES (2 * SIDE_STEPS + 1)
/** Users whose window is also checked at its two edges, and just outside. */
#define EDGE_USERS 50

struct user {
  char text[128], wrong[8], codes[CODES][8];
  uint8_t secret[MAX_SECRET];
  int length;
};

/** One row: a call is given the index of a user, or 0 for all of them, and counts whom it accepts. */
struct row {
  int users_a_call;
  int (*call)(int user);
};

static struct user users[USERS];
/** What is typed in the row that runs; its window; the moment. */
static const char *typed[USERS];
static int window;
static uint64_t seconds, step;
static char algorithm[16];

static void fail(const char *reason) {
  fprintf(stderr, "%s\n", reason);
  exit(1);
}

#include "base32.h"

/** From the program: what a row is, or 0 where it has none. */
static int find_row(const char *kind, const char *form, struct row *row);

static int open_row(const char *text, struct row *row, int *is_right) {
  char kind[16] = "", form[16] = "", which[16] = "right";
  window = 0;
  sscanf(text, "%15[^:]:%15[^:]:%d:%15s", kind, form, &window, which);
  *is_right = strcmp(which, "right") == 0;
  for (int i = 0; i < USERS; i++) typed[i] = *is_right ? users[i].codes[SIDE_STEPS] : users[i].wrong;
  return find_row(kind, form, row);
}

static int accepted_of_all(const struct row *row) {
  int accepted = 0;
  for (int i = 0; i < USERS; i += row->users_a_call) accepted += row->call(i);
  return accepted;
}

/** Whether exactly the steps of the window are accepted. */
static int has_exact_window(const struct row *row) {
  for (int i = 0; i < EDGE_USERS; i++) {
    for (int offset = -SIDE_STEPS; offset <= SIDE_STEPS; offset++) {
      typed[i] = users[i].codes[SIDE_STEPS + offset];
      if (row->call(i) != (abs(offset) <= window)) return 0;
    }
  }
  return 1;
}

static const char *check(const char *text) {
  struct row row;
  int is_right;
  if (!open_row(text, &row, &is_right)) return "absent not written";
  if (accepted_of_all(&row) != (is_right ? USERS : 0)) return "failed wrong answers";
  if (row.users_a_call == 1 && strncmp(text, "verify", 6) == 0 && !has_exact_window(&row))
    return "failed another window";
  return "ok";
}

/** Time on the wall, or of the processor if the benchmark asks for that. */
static double now_ns(void) {
  const char *asked = getenv("OTPCORE_BENCH_CLOCK");
  const int is_cpu = asked && strcmp(asked, "cpu") == 0;
  struct timespec at;
  clock_gettime(is_cpu ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &at);
  return 1e9 * (double)at.tv_sec + (double)at.tv_nsec;
}

/** Turns over the users, so that no call repeats the one before, until the time is over. */
static void time_row(const char *text, double milliseconds) {
  struct row row;
  int is_right;
  long turns = 0, accepted = 0;
  double elapsed = 0;
  if (!open_row(text, &row, &is_right)) fail("no such row");
  const int calls = row.users_a_call == 1 ? 50 : 1;
  const double start = now_ns();
  while (elapsed < 1e6 * milliseconds) {
    for (int i = 0; i < calls; i++, turns++) accepted += row.call((int)(turns % USERS) * (calls > 1));
    elapsed = now_ns() - start;
  }
  /* Printing how many were accepted keeps every call alive; the benchmark asserts the number. */
  printf("%ld %.0f %ld\n", turns * row.users_a_call, elapsed, accepted);
}

static void read_users(void) {
  if (scanf("%15s %" SCNu64, algorithm, &seconds) != 2) fail("no algorithm");
  step = seconds / 30;
  for (int i = 0; i < USERS; i++) {
    struct user *user = &users[i];
    if (scanf("%127s %7s", user->text, user->wrong) != 2) fail("too few users");
    for (int c = 0; c < CODES; c++)
      if (scanf("%7s", user->codes[c]) != 1) fail("too few codes");
    user->length = base32_decode(user->text, user->secret);
    if (user->length < 0) fail("not base32");
  }
}

static void serve(void) {
  char command[16], row[64];
  double milliseconds;
  while (scanf("%15s %63s", command, row) == 2) {
    if (strcmp(command, "check") == 0) puts(check(row));
    else if (scanf("%lf", &milliseconds) == 1) time_row(row, milliseconds);
    fflush(stdout);
  }
}
