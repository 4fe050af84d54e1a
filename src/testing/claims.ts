/** Claims on the store under test, and tests of their order. Every failure is a plain Error. */
import { wrongKind } from '../arguments/guards.js';
import { encodeBase32 } from '../base32.js';
import { generateSecret } from '../secret.js';
import type { SingleUseStore } from '../single-use.js';
import { MAX_STEP } from '../step/clock.js';

export type Tests = readonly (readonly [name: string, run: () => Promise<void>])[];

export interface Subject {
  readonly store: SingleUseStore;
  readonly prepareId: (id: string) => unknown;
  /** The highest claimed step of each id, from finished tests. */
  readonly claimed: Claim[];
}

export interface Claim {
  readonly id: string;
  readonly step: number;
}

/** Steps in claiming order. They expose stores comparing strings, rounding, truncating or overflowing. */
const SEQUENCES: Readonly<Record<string, readonly number[]>> = {
  'A step is granted if it is above every earlier one of its id': [5, 5, 4, 0, 6, 5, 6, 60, 7, 61],
  'Step 0 is granted once': [0, 0, 1, 0],
  'Steps compare as numbers, not as texts': [9, 10, 9, 99, 100, 11, 9_999_999, 59_000_000, 6e6],
  'Steps keep every digit, up to 2^53 - 1': [
    ...[2 ** 31 - 1, 2 ** 31, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32, 2 ** 53 - 4, 2 ** 53 - 3],
    ...[2 ** 53 - 3, MAX_STEP - 1, MAX_STEP - 1, MAX_STEP, MAX_STEP, MAX_STEP - 1, 0],
  ],
};

export function orderTests(subject: Subject): Tests {
  return Object.entries(SEQUENCES).map(([name, steps]) => [
    name,
    async () => {
      const id = await prepare(subject, newRun());
      let last = -1;
      for (const step of steps) {
        await expectClaim(subject, id, step, step > last);
        last = Math.max(last, step);
      }
      subject.claimed.push({ id, step: last });
    },
  ]);
}

/** A random text at the start or end of one test's ids. */
export function newRun(): string {
  return encodeBase32(generateSecret(16));
}

/** Like {@link newRun}, for numeric ids. */
export function newDigits(count: number): string {
  return Array.from(generateSecret(20).subarray(0, count), (byte) => byte % 10).join('');
}

export async function prepare({ prepareId }: Subject, id: string): Promise<string> {
  await prepareId(id);
  return id;
}

export async function expectClaim(
  { store }: Subject,
  id: string,
  step: number,
  expected: boolean,
): Promise<void> {
  if (requireBoolean(await store.claim(id, step)) !== expected) {
    const wrong = expected ? 'refused' : 'granted';
    throw new Error(`step ${step} was ${wrong} for ${shown(id)}`);
  }
}

export function requireBoolean(answer: unknown): boolean {
  if (typeof answer !== 'boolean') wrongKind('store.claim()', 'true or false', answer);
  return answer;
}

/** An id for a message, shortened to 80 characters. */
export function shown(id: string): string {
  return JSON.stringify(id.length > 80 ? `${id.slice(0, 80)}…` : id);
}
