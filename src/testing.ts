/**
 * The conformance suite for a {@link SingleUseStore}: run it on your own store, under your own test
 * runner. It needs no assertion library; a failing test throws a plain Error.
 *
 * Every id contains a new random text, except `__proto__` and two similar names. Only the second claim
 * of these three is checked. So the store may hold other claims, and the suite may run any number of
 * times on one database. It leaves fewer than 400 ids behind.
 */
import { wrongKind } from './arguments/guards.js';
import { NO_OPTIONS, requireKnownOptions } from './arguments/options.js';
import { requireStore } from './single-use/claims.js';
import type { SingleUseStore } from './single-use.js';
import { orderTests, type Subject } from './testing/claims.js';
import { idTests } from './testing/ids.js';
import { raceTests } from './testing/races.js';

/** The function registering a test: `test` of vitest, jest and `node:test`, `it` of mocha. */
export type RegisterTest = (name: string, run: () => Promise<void>) => unknown;

/** Options of {@link testSingleUseStore}. */
export interface TestSingleUseStoreOptions {
  /**
   * Called with each id before its first claim, and awaited. Use it to create the row for a store
   * requiring existing rows, such as a table of users. Three ids are the same in every run, so let it
   * skip existing rows. Default: no preparation.
   */
  readonly prepareId?: ((id: string) => unknown) | undefined;
}

/**
 * Registers the tests required of every single-use store: order, repetition, large steps,
 * independence of ids, and races of 64 claims.
 *
 * It makes fewer than 1,500 claims, at most 256 a test. A store may throw for an id its database
 * cannot hold (with NUL, or with a lone surrogate). Merging two such ids is a failure.
 *
 * It tests one process and one client. A store atomic only within a process still passes. With two
 * processes, a read and a write under a process-local mutex grant a step twice. It claims whole steps
 * from 0 to 2^53 - 1, like the library; other values are untested.
 *
 * @param store - the store under test. Share it between all tests without emptying it: the last test
 *   checks the claims of the first. To create it later, in a hook run once before all tests, pass
 *   `{ claim: (id, step) => store.claim(id, step) }`
 * @param test - the runner's function for registering a test
 * @throws {TypeError} if `store` has no claim method, or if `test` or `prepareId` is not a function
 *
 * @example
 * ```ts
 * import { memoryStore } from 'otpcore';
 * import { testSingleUseStore } from 'otpcore/testing';
 *
 * // Stands for `import { test } from 'vitest'`.
 * const tests: (() => Promise<void>)[] = [];
 * testSingleUseStore(memoryStore(), (_name, run) => tests.push(run));
 * for (const run of tests) await run(); // throws if the store is not right
 * console.log(tests.length > 10); // → true
 * ```
 */
export function testSingleUseStore(
  store: SingleUseStore,
  test: RegisterTest,
  options: TestSingleUseStoreOptions = NO_OPTIONS,
): void {
  requireStore(store);
  if (typeof test !== 'function') wrongKind('test', 'a function', test);
  const { prepareId = () => undefined } = requireKnownOptions(options, ['prepareId']);
  if (typeof prepareId !== 'function') wrongKind('prepareId', 'a function', prepareId);
  const subject: Subject = { store, prepareId, claimed: [] };
  const tests = [...orderTests(subject), ...idTests(subject), ...raceTests(subject)];
  for (const [name, run] of tests) test(name, run);
}
