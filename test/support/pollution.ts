/**
 * Runs the built package in a realm of its own (node:vm) whose `Object.prototype` is written to after
 * the import, as a polluted dependency would.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { build } from 'esbuild';

interface PollutionTools {
  readonly newSurvey: (library: object) => (answers: Record<string, unknown>) => void;
  readonly pollute: (name: string, way: string, value: unknown) => void;
  readonly clean: (name: string) => void;
  readonly ways: readonly string[];
}

export type EngineName = keyof typeof CONDITIONS;

const DIST = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
/** The condition under which package.json takes an engine. */
const CONDITIONS = { portable: 'workerd', simd: 'node' } as const;
/** A polluted value could keep a loop from ending. */
const TIMEOUT_MS = 1000;

/** A realm, and the library as a script that is evaluated there. */
async function newRealm(engine: EngineName) {
  const { outputFiles } = await build({
    ...{ entryPoints: [DIST], bundle: true, write: false, format: 'iife', globalName: 'otpcore' },
    // Without tsconfig.json, whose `paths` would choose the engine.
    ...{ platform: 'neutral', tsconfigRaw: '{}', conditions: [CONDITIONS[engine]] },
  });
  const script = new vm.Script(outputFiles?.[0]?.text ?? '');
  const globals: Record<string, unknown> = {};
  // Promises are settled before an evaluation returns, that is before anything is mended.
  const context = vm.createContext(globals, { microtaskMode: 'afterEvaluate' });
  const call = new vm.Script('__call(__answers)');

  return {
    /** What a script of this folder offers. */
    load<T>(name: string): T {
      const source = readFileSync(new URL(name, import.meta.url), 'utf8');
      return vm.runInContext(source, context) as T;
    },
    importLibrary(): object {
      script.runInContext(context);
      return globals.otpcore as object;
    },
    /** Whether a function that fills in answers came to its end. */
    call<T extends object>(fill: (answers: T) => void, answers: T): boolean {
      globals.__call = fill;
      globals.__answers = answers;
      try {
        call.runInContext(context, { timeout: TIMEOUT_MS });
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** A realm whose `Object.prototype` can be written to. */
export async function newPollutionRealm(engine: EngineName) {
  const realm = await newRealm(engine);
  const tools = realm.load<PollutionTools>('./pollution-realm.js');

  /** What all calls answer while `Object.prototype` has these properties. */
  function survey(polluted: Readonly<Record<string, unknown>>, way: string): string {
    const answers: Record<string, unknown> = {};
    const ask = tools.newSurvey(realm.importLibrary());
    const names = Object.keys(polluted);
    for (const name of names) tools.pollute(name, way, polluted[name]);
    try {
      if (!realm.call(ask, answers)) throw new Error('the survey did not come to its end');
    } finally {
      for (const name of names) tools.clean(name);
    }
    return JSON.stringify(answers, null, 1);
  }

  return { survey, ways: tools.ways };
}
