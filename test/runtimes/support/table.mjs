// The table of runtimes, as text.

const HEAD = ['runtime', 'version', 'engine', 'checks', 'seconds'];

/** A row for what one runtime found. */
export function rowOf(title, { version, seconds }, { engine, passed, failures }) {
  const failed = failures.length > 0 ? `, ${failures.length} failed` : '';
  return [title, version, engine, `${passed} passed${failed}`, seconds];
}

/** The rows under their head, padded to columns. */
export function formatTable(rows) {
  const all = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const lineOf = (row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ');
  return all.map((row) => `${lineOf(row).trimEnd()}\n`).join('');
}
