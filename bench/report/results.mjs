// A run as JSON: one result a line, so that two runs can be compared line by line.

/** Five significant digits: a measurement has no more. */
function rounded(_, value) {
  return Number.isFinite(value) && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}

const line = (value) => JSON.stringify(value, rounded);
const lines = (values) => `[\n${values.map((value) => `  ${line(value)}`).join(',\n')}\n]`;

/** The run as text. */
export function toJson({ rows, goals, ...rest }) {
  const results = rows.flatMap(({ id, title, results: all }) =>
    all.map((result) => ({ row: id, title, ...result })),
  );
  const absent = rows.flatMap(({ id, absent: all = [] }) =>
    all.map((one) => ({ row: id, ...one })),
  );
  const about = Object.entries(rest).filter(([, value]) => value !== undefined);
  const fields = [
    ...about.map(([name, value]) => [name, line(value)]),
    ...Object.entries({ goals: goals ?? [], results, absent }).map(([name, all]) => [
      name,
      lines(all),
    ]),
  ];
  return `{\n${fields.map(([name, text]) => `"${name}": ${text}`).join(',\n')}\n}\n`;
}

/** The rows of a run, as `timeInTurn` gave them. */
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
