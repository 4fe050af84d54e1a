// A run as JSON: one result a line, so that two runs can be compared line by line.

/** Five significant digits: a measurement has no more. */
function rounded(_, value) {
  return Number.isFinite(value) && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}

const line = (value) => JSON.stringify(value, rounded);
const lines = (values) => `[\n${values.map((value) => `  ${line(value)}`).join(',\n')}\n]`;
const isRows = (value) => Array.isArray(value) && typeof value[0] === 'object';

/** An object as JSON: a field a line, and of a list an element a line. */
export function linesOf(object) {
  const fields = Object.entries(object).filter(([, value]) => value !== undefined);
  const texts = fields.map(
    ([name, value]) => `"${name}": ${(isRows(value) ? lines : line)(value)}`,
  );
  return `{\n${texts.join(',\n')}\n}\n`;
}

/** A run as text: a result a line. */
export function toJson({ rows, ...rest }) {
  const results = rows.flatMap(({ id, title, results: all }) =>
    all.map((result) => ({ row: id, title, ...result })),
  );
  const absent = rows.flatMap(({ id, absent: all = [] }) =>
    all.map((one) => ({ row: id, ...one })),
  );
  return linesOf({ ...rest, results, absent });
}

/** The run again, its rows as `timeInTurn` gave them. */
export function fromJson(text) {
  const { results, absent, ...rest } = JSON.parse(text);
  const rows = new Map();
  for (const { row: id, title, ...result } of results) {
    const row = rows.get(id) ?? { id, title, results: [], absent: [] };
    row.results.push(result);
    rows.set(id, row);
  }
  for (const { row: id, ...one } of absent) rows.get(id)?.absent.push(one);
  return { ...rest, rows: [...rows.values()] };
}
