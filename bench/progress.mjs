// Where a long run stands: one line that is written over on a terminal, plain lines elsewhere. On the
// error stream, so that the tables can be redirected.

/** Returns a function that is told what begins, and one that clears the line. */
export function makeProgress(total) {
  const { stderr } = process;
  const start = performance.now();
  let done = 0;
  return {
    begin(what) {
      done += 1;
      const seconds = Math.round((performance.now() - start) / 1000);
      const line = `[${String(done).padStart(2)}/${total}] ${String(seconds).padStart(3)} s  ${what}`;
      stderr.write(stderr.isTTY ? `\r\x1b[K${line.slice(0, stderr.columns ?? 80)}` : `${line}\n`);
    },
    end() {
      if (stderr.isTTY) stderr.write('\r\x1b[K');
    },
  };
}
