// The loop that is timed. Each row imports it under a query of its own, for a copy with its own type
// feedback: in a shared copy, a row would pay for the types of the rows before it.
// Answers are counted and checked afterwards, so that a compiler cannot leave a call out.

/** Makes `count` calls from turn `first` on; returns how many users were accepted. */
export function pass({ call, left, right }, first, count) {
  let accepted = 0;
  let at = first % left.length;
  for (let i = 0; i < count; i++) {
    accepted += call(left[at], right[at]);
    if (++at === left.length) at = 0;
  }
  return accepted;
}

/** The same for a call that returns a promise, one after the other. */
export async function passAsync({ call, left, right }, first, count) {
  let accepted = 0;
  let at = first % left.length;
  for (let i = 0; i < count; i++) {
    accepted += await call(left[at], right[at]);
    if (++at === left.length) at = 0;
  }
  return accepted;
}
