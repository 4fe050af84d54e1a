// The suite of otpcore/testing without a test runner: for runtimes that have none.
import { testSingleUseStore } from 'otpcore/testing';

/** Runs the suite over a store, and gives the names of the tests and of those that failed. */
export async function judgeStore(store) {
  return judgeTests((test) => testSingleUseStore(store, test));
}

/** Runs what a suite registers, and gives the number of tests and those that failed. */
export async function judgeTests(register) {
  const tests = [];
  register((name, run) => tests.push({ name, run }));
  const failed = [];
  for (const { name, run } of tests) {
    try {
      await run();
    } catch (error) {
      failed.push(`${name}: ${error}`);
    }
  }
  return { count: tests.length, failed };
}

/** The error that a claim or a table ends with, as text. */
export async function failureOf(run) {
  try {
    await run();
  } catch (error) {
    return String(error);
  }
  return 'no error';
}
