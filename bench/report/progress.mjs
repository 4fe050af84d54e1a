// Progress of a long run: one line that is written over on a terminal, plain lines elsewhere. It goes to
// the error stream, so that the tables can be redirected.

/** `begin` tells the step that starts, `expect` how many follow, `end` clears the line. */
export function makeProgress() {
  const { stderr } = process;
  const start = performance.now();
  let done = 0;
  let total;
  return {
    expect(count) {
      total = done + count;
    },
    begin(step) {
      done += 1;
      const seconds = Math.round((performance.now() - start) / 1000);
      const of = total === undefined ? '' : `/${total}`;
      const line = `[${String(done).padStart(2)}${of}] ${String(seconds).padStart(3)} s  ${step}`;
      stderr.write(stderr.isTTY ? `\r\x1b[K${line.slice(0, stderr.columns ?? 80)}` : `${line}\n`);
    },
    end() {
      if (stderr.isTTY) stderr.write('\r\x1b[K');
    },
  };
}
