/** What every store on a database has to do with a claim before it sends anything. */
import { expect, test } from 'vitest';
import type { SingleUseStore } from '../../src/single-use.js';

const WRONG: readonly (readonly [what: string, id: unknown, step: unknown, error: unknown])[] = [
  ['an id that is no text', 7, 7, TypeError],
  ['no id', undefined, 7, TypeError],
  ['an empty id', '', 7, RangeError],
  ['an id of 1,030 characters', `secret${'x'.repeat(1024)}`, 7, RangeError],
  ['a step as text', 'secret', '7', TypeError],
  ['a step as bigint', 'secret', 7n, TypeError],
  ['a negative step', 'secret', -1, RangeError],
  ['a broken step', 'secret', 6.5, RangeError],
  ['a step of NaN', 'secret', Number.NaN, RangeError],
  ['a step of 2^53', 'secret', 2 ** 53, RangeError],
];

/** The error that a claim ends with, whether it throws or rejects. */
export async function failureOf(store: SingleUseStore, id: string, step: number): Promise<unknown> {
  try {
    await store.claim(id, step);
  } catch (error) {
    return error;
  }
  throw new Error('the claim did not fail');
}

/**
 * Registers the tests of a store over a client that answers nothing: each wrong claim, and each with
 * an id of `unstorable`, is an error that does not repeat the id, and the client hears of none.
 */
export function testRefusals(store: SingleUseStore, sent: unknown[], unstorable: string[]): void {
  const rows = [
    ...WRONG,
    ...unstorable.map((id) => [`the id ${JSON.stringify(id)}`, id, 7, RangeError] as const),
  ];
  test.each(rows)('With %s a claim fails before anything is sent', async (_, id, step, error) => {
    const failure = await failureOf(store, id as string, step as number);
    expect(failure).toBeInstanceOf(error);
    expect((failure as Error).message).not.toContain('secret');
    expect(sent).toEqual([]);
  });
}
