// The loop that is timed. Each row imports it under a query of its own, which makes a copy with its
// own type feedback: in a shared one, a row would pay for the types of those before it.
// What a call answers is counted and checked afterwards, so that no call can be left out.

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
