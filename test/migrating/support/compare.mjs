// Two libraries on the same cases: equal answers, or the cases in which they are not.
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** What a call answers, or the class of what it throws. */
export function outcomeOf(call) {
  try {
    return call();
  } catch (error) {
    return `throws ${error.constructor.name}`;
  }
}

/** Asserts that both answer alike on every case, and that there are enough of them to tell. */
export function expectSame(among, theirs, ours) {
  expect(among.length).toBeGreaterThan(5);
  const differing = [];
  for (const one of among) {
    const [there, here] = [theirs(one), ours(one)];
    if (!isDeepStrictEqual(there, here)) differing.push({ there, here, of: nameOf(one) });
  }
  expect(differing.slice(0, 5)).toEqual([]);
}

/** As {@link expectSame}, for acceptance: some must be accepted by both and some refused. */
export function expectSameAcceptance(among, theirs, ours) {
  const accepted = among.filter((one) => ours(one)).length;
  expect(accepted).toBeGreaterThan(0);
  expect(accepted).toBeLessThan(among.length);
  expectSame(among, theirs, ours);
}

function nameOf({ base32, algorithm, digits, period, timestamp, counter, offset }) {
  return { base32, algorithm, digits, period, timestamp, counter, offset };
}
