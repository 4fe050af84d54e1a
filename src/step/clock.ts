/** The only place that reads the clock. Everything else is a pure function of its arguments. */

/** Now, in milliseconds since the Unix epoch. */
export function now(): number {
  return Date.now();
}
