/**
 * JSON for files that are read and compared by people: one row a line.
 *
 * @param {unknown} value
 * @param {number} depth - lists and objects down to this depth are written over several lines, deeper
 *   ones on one line each; so are those that hold only plain values
 * @param {(key: string, value: unknown) => unknown} [replacer] - as for `JSON.stringify`
 * @returns {string} ends with a line break
 */
export function jsonRows(value, depth, replacer) {
  // Through JSON first, so that the replacer and toJSON have done their work.
  return `${rows(JSON.parse(JSON.stringify(value, replacer)), depth, '')}\n`;
}

function rows(value, depth, indent) {
  const isList = Array.isArray(value);
  const entries = value === null ? [] : Object.entries(value);
  const isFlat = entries.every(([, inner]) => typeof inner !== 'object' || inner === null);
  if (typeof value !== 'object' || depth === 0 || isFlat) return oneLine(value);
  const inner = `${indent}  `;
  const lines = entries.map(([name, field]) => {
    const text = rows(field, depth - 1, inner);
    return `${inner}${isList ? text : `${JSON.stringify(name)}: ${text}`}`;
  });
  const [open, close] = isList ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

function oneLine(value) {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  const fields = Object.entries(value).map(
    ([name, field]) => `${JSON.stringify(name)}: ${oneLine(field)}`,
  );
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
