/** Which blocks of one script have run, by the engine's own count (V8's precise coverage). */
import { type Profiler, Session } from 'node:inspector';

export interface Coverage {
  /** The blocks that have run since the last call. */
  readonly take: () => string[];
  readonly stop: () => void;
}

/** Begins to count in the script at `url`, from which nothing may have been imported yet. */
export function watchCoverage(url: string): Coverage {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

  function counts(): Profiler.FunctionCoverage[] {
    let found: Profiler.FunctionCoverage[] = [];
    // Answers before it returns: the session is of this very thread.
    session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error) throw error;
      found = answer.result.find((script) => script.url === url)?.functions ?? [];
    });
    return found;
  }

  return {
    take: () =>
      counts().flatMap(({ ranges }) =>
        ranges.flatMap(({ startOffset, endOffset, count }) =>
          count > 0 ? [`${startOffset}-${endOffset}`] : [],
        ),
      ),
    stop() {
      session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}
