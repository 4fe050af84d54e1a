/**
 * Single-use stores to measure others by: one that is plainly right, and some that are wrong in the
 * ways stores really are, to show that a test can tell.
 */
import type { SingleUseStore } from '../../src/single-use.js';

/** Keeps every step ever granted and looks at all of them each time; bounded by nothing. */
export function naiveStore(): { claim(id: string, step: number): boolean } {
  const granted = new Map<string, Set<number>>();
  return {
    claim(id, step) {
      const steps = granted.get(id) ?? new Set();
      for (const earlier of steps) if (step <= earlier) return false;
      granted.set(id, steps.add(step));
      return true;
    },
  };
}

/** Asks `inner` only after one `wait`, and answers only after another, as a database does. */
export function slowStore(inner: SingleUseStore, wait: () => Promise<unknown>): SingleUseStore {
  return {
    async claim(id, step) {
      await wait();
      const granted = await inner.claim(id, step);
      await wait();
      return granted;
    },
  };
}

/** Reads, checks and writes with a `wait` in between: what an application does without a claim. */
export function gapStore(wait: () => Promise<unknown>): SingleUseStore {
  const last = new Map<string, number>();
  return {
    async claim(id, step) {
      const before = last.get(id) ?? -1;
      await wait();
      if (step <= before) return false;
      last.set(id, step);
      return true;
    },
  };
}

/** Grants the last step a second time. */
function laxStore(): SingleUseStore {
  const last = new Map<string, number>();
  return {
    claim(id, step) {
      if (step < (last.get(id) ?? 0)) return false;
      last.set(id, step);
      return true;
    },
  };
}

/** Forgets the id that came first when there are too many, and does not remember that it did. */
function forgetfulStore(maxIds: number): SingleUseStore {
  const last = new Map<string, number>();
  return {
    claim(id, step) {
      if (step <= (last.get(id) ?? -1)) return false;
      last.set(id, step);
      if (last.size > maxIds) last.delete([...last.keys()][0] as string);
      return true;
    },
  };
}

/** Keeps one last step for all, so that one user's code uses up another's. */
function sharedStore(): SingleUseStore {
  const naive = naiveStore();
  return { claim: (_id, step) => naive.claim('everybody', step) };
}

/** Wrong stores, by what is wrong with them. */
export const brokenStores: readonly (readonly [string, (maxIds: number) => SingleUseStore])[] = [
  ['leaves a gap between reading and writing', () => gapStore(() => Promise.resolve())],
  ['grants an equal step', laxStore],
  ['forgets without refusing what it forgot', forgetfulStore],
  ['mixes up the ids', sharedStore],
  ['grants everything', () => ({ claim: () => true })],
  ['refuses everything', () => ({ claim: () => false })],
];
