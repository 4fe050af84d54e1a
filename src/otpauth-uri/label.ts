/** Splitting a label into issuer and account. */
import { percentDecode } from './percent.js';

/** The names in a label, without spaces around them. */
export interface Label {
  /** Undefined without a separator; empty if the label begins with it. */
  readonly issuer: string | undefined;
  readonly account: string;
  readonly isSpaced: boolean;
}

/**
 * Splits a label. Names may hold colons themselves, so the issuer parameter is asked first: if the
 * decoded label begins with it and a colon, the rest is the account. Else the first raw colon
 * separates, else the first escaped one.
 *
 * @param label - as spelled, with sound escapes
 * @param issuer - the issuer parameter, decoded; empty if there is none
 */
export function splitLabel(label: string, issuer: string): Label {
  const decoded = decode(label);
  const trimmed = trimSpaces(decoded);
  const rawColon = label.indexOf(':');
  let names = [decoded];
  if (issuer !== '' && trimmed.startsWith(`${issuer}:`)) {
    const start = decoded.indexOf(issuer);
    names = [decoded.slice(0, start) + issuer, decoded.slice(start + issuer.length + 1)];
  } else if (rawColon >= 0) {
    names = [label.slice(0, rawColon), label.slice(rawColon + 1)].map(decode);
  } else if (decoded.includes(':')) {
    const colon = decoded.indexOf(':');
    names = [decoded.slice(0, colon), decoded.slice(colon + 1)];
  }
  const [account = '', labelIssuer] = names.map(trimSpaces).reverse();
  const isSpaced = names.some((name) => trimSpaces(name) !== name);
  return { issuer: labelIssuer, account, isSpaced };
}

function decode(text: string): string {
  return percentDecode(text) ?? text;
}

/** Strips spaces at both ends, as the format's grammar has them behind the colon. */
export function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (text[start] === ' ') start++;
  while (end > start && text[end - 1] === ' ') end--;
  return text.slice(start, end);
}
