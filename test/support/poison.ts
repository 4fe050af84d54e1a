/**
 * Runs the built package in a realm of its own (node:vm) whose built-in objects are tampered with
 * after the import: that is what a hostile or a broken package can do to all others.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { build } from 'esbuild';

/** What of the library was tried, and how that went. */
export type Report = Record<string, 'same' | 'differs' | 'throws' | 'accepts'>;

/** A place that holds a built-in function, such as `Array.prototype.push`. */
export interface Place {
  readonly place: string;
}

interface PoisonTools {
  readonly findPlaces: () => readonly Place[];
  readonly poison: (place: Place, mode: string) => void;
  readonly restore: (place: Place) => void;
  readonly newProbe: (library: object, usedBefore: boolean) => (report: Report) => void;
  readonly modes: readonly string[];
}

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
/** A lie can keep a loop from ending. */
const TIMEOUT_MS = 1000;

/** A realm, and the library as a script that is evaluated there. */
async function newRealm(engine: EngineName, edit = (code: string) => code) {
  const { outputFiles } = await build({
    ...{ entryPoints: [DIST], bundle: true, write: false, format: 'iife', globalName: 'otpcore' },
    // Without tsconfig.json, whose `paths` would choose the engine.
    ...{ platform: 'neutral', tsconfigRaw: '{}', conditions: [CONDITIONS[engine]] },
  });
  const script = new vm.Script(edit(outputFiles?.[0]?.text ?? ''));
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

/** A realm whose built-in functions can be replaced; `edit` may plant a fault in the library. */
export async function newPoisonRealm(engine: EngineName, edit?: (code: string) => string) {
  const realm = await newRealm(engine, edit);
  const tools = realm.load<PoisonTools>('./poison-realm.js');

  /**
   * Imports the library anew, replaces what is at some places, tries the library, and mends them.
   *
   * @param usedBefore - whether the library was used before; else its first use comes after
   * @returns undefined if it did not come to an end
   */
  function poison(places: readonly Place[], mode: string, usedBefore: boolean): Report | undefined {
    const report: Report = {};
    const probe = tools.newProbe(realm.importLibrary(), usedBefore);
    for (const place of places) tools.poison(place, mode);
    try {
      return realm.call(probe, report) ? report : undefined;
    } finally {
      for (const place of places) tools.restore(place);
    }
  }

  return { poison, places: tools.findPlaces(), modes: tools.modes };
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
