/**
 * The conformance suite for a {@link SingleUseStore}: run it on a store of your own, under the test
 * runner that you have. It needs no assertion library; what fails throws a plain Error.
 *
 * Every id holds a text that is new in each run, but for `__proto__` and two like it, of which only
 * the second claim counts. So the store may hold other claims, and the suite may run any number of
 * times on one database. It leaves fewer than 400 ids behind.
 */
import { wrongKind } from './arguments/guards.js';
import { NO_OPTIONS, requireKnownOptions } from './arguments/options.js';
import { requireStore } from './single-use/claims.js';
import type { SingleUseStore } from './single-use.js';
import { orderTests, type Subject } from './testing/claims.js';
import { idTests } from './testing/ids.js';
import { raceTests } from './testing/races.js';

/** What registers a test: `test` of vitest, jest and `node:test`, `it` of mocha. */
export type RegisterTest = (name: string, run: () => Promise<void>) => unknown;

/** Options of {@link testSingleUseStore}. */
export interface TestSingleUseStoreOptions {
  /**
   * Called with each id before its first claim, and waited for: makes the row of a store that claims
   * in rows that must be there, as in a table of users. Three ids are the same in every run: let it
   * do nothing for a row that is there. Default: nothing is called.
   */
  readonly prepareId?: ((id: string) => unknown) | undefined;
}

/**
 * Registers the tests that every single-use store has to pass: order, repetition, large steps,
 * independence of ids, and races of 64 claims.
 *
 * It makes fewer than 1,500 claims, at most 256 a test. A store may refuse an id that its database
 * cannot hold (one with NUL, or with half a surrogate pair) by an error; to take two such ids for one
 * is a failure.
 *
 * It sees one process and one client. What makes claims atomic there alone passes: reading and then
 * writing under a mutex of the process grants a step twice as soon as there are two processes. Nor
 * does it claim anything but whole steps from 0 to 2^53 - 1, as only these are ever claimed: what the
 * store makes of others is not looked at.
 *
 * @param store - the store under test, one for all tests and not emptied between them: the last asks
 *   for what the first ones claimed. To make it later, in a hook that runs once before all tests,
 *   pass `{ claim: (id, step) => store.claim(id, step) }`
 * @param test - the runner's function that registers a test
 * @throws {TypeError} if `store` has no claim method, or `test` or `prepareId` is no function
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
