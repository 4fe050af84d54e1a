// Every runtime there is, and one run of it.
import { runtimes as browsers } from '../adapters/browsers.mjs';
import { runtimes as bun } from '../adapters/bun.mjs';
import { runtimes as deno } from '../adapters/deno.mjs';
import { runtimes as hermes } from '../adapters/hermes.mjs';
import { runtimes as node } from '../adapters/node.mjs';
import { runtimes as quickjs } from '../adapters/quickjs.mjs';
import { runtimes as workerd } from '../adapters/workerd.mjs';

/** Each with its program, which is undefined where it is not installed. */
export const RUNTIMES = [node, bun, deno, workerd, browsers, quickjs, hermes]
  .flat()
  .map((runtime) => ({ ...runtime, program: runtime.locate() }));

/**
 * Runs the suite in a runtime.
 *
 * @param work - `judge`, `judgeServerBundle` or `judgePages` of the runtime
 * @returns what was found, the version and the seconds it took
 */
export async function timed({ version, program }, work, project) {
  const name = await version(program);
  const start = performance.now();
  const found = await work(project, program);
  return { found, version: name, seconds: ((performance.now() - start) / 1000).toFixed(1) };
}
