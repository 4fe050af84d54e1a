// Runs the cases of uris.json and base32.json through any library: README.md says how.

/** The fields that are compared; `image` and `labelIssuer` only where an adapter gives them. */
const FIELDS = ['type', 'issuer', 'account', 'secretHex', 'algorithm', 'digits', 'period', 'counter'];

/** The result of a call, or undefined if it throws. */
function attempt(call) {
  try {
    return call();
  } catch {
    return undefined;
  }
}

function isSame(expected, given) {
  const names = [...FIELDS, ...['image', 'labelIssuer'].filter((name) => name in given)];
  return names.every((name) => (given[name] || undefined) === (expected[name] || undefined));
}

/**
 * @param {readonly object[]} cases - rows of uris.json or base32.json
 * @param {{ parseUri(uri: string): object, decodeBase32(text: string): string }} adapter - both throw
 *   to refuse
 * @returns {{ id: string, answer: 'right' | 'wrong' | 'refused' | 'read' }[]} `refused`, though it can be
 *   read; `read`, though it is to be refused
 */
export function runCases(cases, adapter) {
  return cases.map(({ id, uri, says, input, lenient }) => {
    const expected = uri === undefined ? (lenient ?? undefined) : says;
    const given = attempt(() =>
      uri === undefined ? adapter.decodeBase32(input) : adapter.parseUri(uri),
    );
    if (expected === undefined) return { id, answer: given === undefined ? 'right' : 'read' };
    if (given === undefined) return { id, answer: 'refused' };
    const isRight = uri === undefined ? given === expected : isSame(expected, given);
    return { id, answer: isRight ? 'right' : 'wrong' };
  });
}
