/**
 * The query of an otpauth URI: its parameters, known and unknown.
 *
 * Apps ignore an unknown parameter. If the issuer's server uses it, the codes differ without a warning.
 * So parameters with a known effect on codes are refused by name.
 */
import { percentDecode } from './percent.js';
import { indexOrEnd, refuse, refuseFound, requireOneLine } from './refuse.js';

/** The known parameters. */
const NAMES = ['secret', 'issuer', 'algorithm', 'digits', 'period', 'counter', 'image'] as const;
export type ParameterName = (typeof NAMES)[number];

/** Other names of a parameter, read where the format's own name is missing. */
const ALIASES = new Map<string, ParameterName>([
  ['interval', 'period'],
  ['step', 'period'],
  ['timestep', 'period'],
  ['algo', 'algorithm'],
  ['alg', 'algorithm'],
  ['digit', 'digits'],
]);

/** Parameters with an effect on the secret, the clock or the alphabet of codes. */
const CODE_CHANGING =
  /^(?:(2step).*|encoder|(?:secret[-_]?)?encoding|epoch|offset|steam|t0|amp;(?:secret|algorithm|digits|period|counter))$/;
/** The texts of a missing value. Ente wrote `digits=null` into its exports. */
const MISSING = /^(?:null|undefined|none|nil)$/i;
/** Other values without an effect. */
const HARMLESS = /^(?:0|false|base-?32)$/i;
/** A value with the beginning of the next parameter in it. */
const SWALLOWED = /[?;](?:secret|algorithm|digits|period|counter)=/i;
/** Separators escaped for HTML or JSON. */
const ESCAPED_SEPARATOR = /&(?:amp;|#)|\\u0026/i;
/** One parameter: its value decoded and as spelled, and where the value starts. */
export interface Parameter {
  readonly value: string;
  readonly spelling: string;
  readonly position: number;
}

/** The parameters of a query, and how they are spelled. */
export interface Query {
  readonly parameters: ReadonlyMap<ParameterName, Parameter>;
  /** The names of all known parameters as spelled. */
  readonly parameterNames: readonly string[];
  readonly hasUnknownParameter: boolean;
  readonly hasRepeatedParameter: boolean;
}

/**
 * Reads a query, beginning at `start` in the whole text.
 *
 * @param text - the query with the fragment behind it
 * @throws {OtpError} `uri-encoding`, `duplicate-parameter`, `unsupported-parameter`; `invalid-secret`
 *   if the secret runs into the next parameter
 */
export function readQuery(query: string, text: string, start: number): Query {
  refuseFound(ESCAPED_SEPARATOR, text, start, 'has "&amp;" or the like for "&"');
  const parameters = new Map<ParameterName, Parameter>();
  const parameterNames: string[] = [];
  let hasUnknownParameter = false;
  let hasRepeatedParameter = false;
  let position = start;
  for (const pair of query.split('&')) {
    // Without a "=" the value is empty: a named bound never counts as left out.
    const nameLength = indexOrEnd(pair, '=', 0, pair.length);
    const spelledName = pair.slice(0, nameLength);
    const spelling = pair.slice(nameLength + 1);
    const name = percentDecode(spelledName)?.toLowerCase() ?? '';
    const alias = ALIASES.get(name);
    const known = alias ?? NAMES.find((parameter) => parameter === name);
    if (known === undefined) refuseCodeChanging(name, spelling, position);
    if (known === undefined || alias !== undefined || isMissing(known, spelling)) {
      hasUnknownParameter = true;
    } else parameterNames.push(spelledName);
    if (known !== undefined && !isMissing(known, spelling) && (spelling || !alias)) {
      const valueAt = position + Math.min(nameLength + 1, pair.length);
      const parameter = readParameter(known, spelling, valueAt);
      const other = parameters.get(known);
      if (other !== undefined) hasRepeatedParameter = true;
      // Some apps take the first value, some the last: two secrets or two names.
      if (other !== undefined && other.value !== parameter.value) {
        refuse('duplicate-parameter', position, `has two values of "${known}"`);
      }
      parameters.set(known, other ?? parameter);
    }
    position += pair.length + 1;
  }
  return { parameters, parameterNames, hasUnknownParameter, hasRepeatedParameter };
}

function isMissing(name: ParameterName, spelling: string): boolean {
  return !/^[si]/.test(name) && MISSING.test(spelling);
}

function refuseCodeChanging(name: string, spelling: string, position: number): void {
  const match = CODE_CHANGING.exec(name);
  const isHarmless =
    HARMLESS.test(spelling) || MISSING.test(spelling) || (spelling === '' && name !== 'steam');
  if (match === null || isHarmless) return;
  const told = match[1] ?? name;
  refuse('unsupported-parameter', position, `has a parameter "${told}", which changes the codes`);
}

function readParameter(name: ParameterName, spelling: string, position: number): Parameter {
  // Form rules: in a query a raw plus is a space; a plus itself is spelled %2B.
  const value = percentDecode(spelling.replaceAll('+', ' '));
  if (value === undefined) refuse('uri-encoding', position, `has a broken escape in "${name}"`);
  if (name !== 'secret') {
    refuseFound(SWALLOWED, spelling, position, 'has a "?" or ";" for "&"');
    requireOneLine(spelling, position);
  } else if (/[?&;]/.test(value)) {
    refuse('invalid-secret', position, 'has a "?", ";" or escaped "&" in its secret');
  }
  return { value, spelling, position };
}
