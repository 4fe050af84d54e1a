/**
 * What must be true of any input at all. Each check throws where it is not, and else gives a short
 * description of what came out; a description that is new makes the input worth keeping.
 */
import type * as Library from '../../../src/index.js';
import type { Random } from './random.js';

type Api = typeof Library;

/** The same library with each engine: whatever they answer must be the same. */
export interface Pair {
  readonly simd: Api;
  readonly portable: Api;
}

/** What comes out of a call: a value, or an error that is documented for a text. */
type Outcome<T> = { readonly value: T } | { readonly error: Library.OtpError };

/** White space and dashes of any kind, by their properties in Unicode. */
const SEPARATORS =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is looked for by itself
  /[\p{White_Space}\p{Pd}\u00ad\u2043\u2212\u180e\u200b\u200c\u200d\u2060\ufeff]/gu;

const BASE32_CODES = ['invalid-character', 'invalid-padding'];
const STRICT_CODES = [...BASE32_CODES, 'invalid-length', 'trailing-bits'];
const KEY_CODES = [...BASE32_CODES, 'empty-secret'];
const URI_CODES = [
  ...['uri-too-long', 'uri-scheme', 'uri-type', 'uri-encoding', 'duplicate-parameter'],
  'unsupported-parameter',
  ...['missing-secret', 'invalid-secret', 'unsupported-algorithm', 'invalid-digits'],
  ...['invalid-period', 'invalid-counter', 'missing-counter'],
];
const LINT_CODES = new Set([
  ...['unreadable', 'colon-in-name', 'untrimmed-name', 'unsafe-character', 'missing-issuer'],
  ...['empty-account', 'short-secret', 'long-secret', 'algorithm-ignored', 'digits-ignored'],
  ...['period-ignored', 'hotp-unsupported', 'issuer-mismatch', 'issuer-not-in-both'],
  ...['escaped-separator', 'raw-plus', 'raw-character', 'raw-delimiter', 'space-around-name'],
  ...['dot-segment', 'fragment', 'letter-case', 'secret-padding', 'secret-spelling'],
  ...['algorithm-spelling', 'stray-parameter', 'unknown-parameter', 'long-uri', 'too-long-for-qr'],
  ...['hotp-first-counter', 'not-exchangeable', 'steam-issuer', 'placeholder-name'],
  ...['delimiter-in-name', 'plus-in-name', 'encoded-twice', 'period-in-name', 'long-name'],
  ...['too-long-for-yubikey', 'repeated-parameter'],
]);
/**
 * All messages there are, numbers aside, are fewer than this. One that holds a part of its input
 * would be a new one every time.
 */
const MAX_MESSAGES = 100;
const messages = new Set<string>();
/** How often each error came. */
export const throws: Record<string, number> = {};

function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`not true: ${what}`);
}

/** Calls; any error but an OtpError of one of `codes`, at a place in the text, goes through. */
function attempt<T>(text: string, codes: readonly string[], call: () => T): Outcome<T> {
  try {
    return { value: call() };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'OtpError') throw error;
    const { code, position, message, cause } = error as Library.OtpError;
    assert(codes.includes(code), 'the error has one of the documented codes');
    assert(Number.isInteger(position), 'the position is a whole number');
    assert(position >= 0 && position <= text.length, 'the position lies in the text');
    assert(cause === undefined, 'the error has no cause');
    messages.add(message.replace(/\d+/g, '0'));
    assert(messages.size <= MAX_MESSAGES, 'messages hold nothing of the input');
    throws[code] = (throws[code] ?? 0) + 1;
    return { error: error as Library.OtpError };
  }
}

/** What a text is to a part of the program that expects base32. */
export function checkBase32({ simd, portable }: Pair, text: string): string {
  const lenient = attempt(text, BASE32_CODES, () => simd.decodeBase32Lenient(text));
  const strict = attempt(text, STRICT_CODES, () => simd.decodeBase32(text));
  const keys = [simd, portable].map(({ createKey, generateHotp }) =>
    attempt(text, KEY_CODES, () => generateHotp(createKey(text), 0)),
  );
  if ('value' in strict) {
    const canonical = simd.encodeBase32(strict.value);
    assert(text.replace(/=+$/, '') === canonical, 'what is read strictly is the canonical text');
    assert('value' in lenient, 'what is read strictly is read leniently');
    assert(equalBytes(strict.value, lenient.value), 'both decoders read the same bytes');
  }
  if (!('value' in lenient)) {
    assert(
      keys.every((key) => 'error' in key && key.error.code === lenient.error.code),
      'a key',
    );
    return `${codeOf(strict)} ${lenient.error.code}`;
  }
  const symbols = text.replace(/=/g, '').replace(SEPARATORS, '');
  assert(/^[A-Za-z2-7]*$/.test(symbols), 'what is read holds nothing outside the alphabet');
  const whole = Math.floor((symbols.length * 5) / 8);
  assert(lenient.value.length === whole, 'every whole byte is read');
  const spelled = simd.encodeBase32(lenient.value);
  assert(equalBytes(simd.decodeBase32(spelled), lenient.value), 'encoding is decoding backwards');
  assert(agreesWith(symbols, spelled), 'the bytes are those of the symbols');
  checkKeys(simd, keys, lenient.value);
  return `${codeOf(strict)} ${whole % 5} ${whole > 64} ${symbols.length - text.length < 0}`;
}

function checkKeys(library: Api, keys: readonly Outcome<string>[], bytes: Uint8Array): void {
  const { createKey, generateHotp } = library;
  const expected = bytes.length === 0 ? undefined : generateHotp(createKey(bytes), 0);
  for (const key of keys) {
    const code = 'value' in key ? key.value : undefined;
    assert(code === expected, 'a key of the text is the key of its bytes');
    if (code === undefined) assert(codeOf(key) === 'empty-secret', 'a key needs a byte');
  }
}

/** All symbols that are wholly spelled out agree; the last may lose the bits that make no byte. */
function agreesWith(symbols: string, spelled: string): boolean {
  const certain = Math.max(0, spelled.length - 1);
  return symbols.toUpperCase().slice(0, certain) === spelled.slice(0, certain);
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function codeOf(outcome: Outcome<unknown>): string {
  return 'error' in outcome ? outcome.error.code : 'read';
}

/** What a text is to a part of the program that expects an otpauth URI. */
export function checkUri({ simd }: Pair, text: string): string {
  const parsed = attempt(text, URI_CODES, () => simd.parseOtpauthUri(text));
  const findings = simd.lintOtpauthUri(text);
  const codes = findings.map(({ code }) => code);
  assert(
    codes.every((code) => LINT_CODES.has(code)),
    'the linter knows its codes',
  );
  assert(new Set(codes).size === codes.length, 'the linter says a thing once');
  for (const { message } of findings) messages.add(message.replace(/\d+/g, '0'));
  assert(messages.size <= MAX_MESSAGES + LINT_CODES.size, 'the linter repeats nothing');
  if ('error' in parsed) {
    assert(codes.length === 1 && codes[0] === 'unreadable', 'what is not parsed is unreadable');
    return parsed.error.code;
  }
  assert(!codes.includes('unreadable'), 'what is parsed is not unreadable');
  checkFields(parsed.value);
  return `${parsed.value.type} ${codes.join()} ${checkRebuilt(simd, parsed.value)}`;
}

function checkFields(uri: Library.OtpauthFields): void {
  assert(uri.secret.length > 0, 'a secret has a byte');
  assert(['SHA1', 'SHA256', 'SHA512'].includes(uri.algorithm), 'the algorithm is known');
  assert(uri.digits >= 6 && uri.digits <= 9, 'digits are in range');
  if (uri.type === 'totp') assert(uri.period >= 1 && uri.period <= 86_400, 'so is the period');
  else assert(Number.isSafeInteger(uri.counter) && uri.counter >= 0, 'so is the counter');
  for (const value of Object.values(uri)) assert(value !== undefined, 'what is absent is left out');
}

/** Building what was parsed, and parsing that, gives the same; unless no app would show it so. */
function checkRebuilt(
  { buildOtpauthUri, lintOtpauthUri, ...api }: Api,
  uri: Library.OtpauthFields,
) {
  const faults = lintOtpauthUri(uri).map(({ code }) => code);
  let text: string;
  try {
    text = buildOtpauthUri(uri as Library.BuildOtpauthUriOptions);
  } catch (error) {
    // What the builder refuses is a name or an address, for which the linter has a word; a missing
    // issuer, which for the builder is the wrong kind; or a length.
    const isName = error instanceof RangeError;
    assert(
      isName || (error instanceof TypeError && uri.issuer === undefined),
      'a documented error',
    );
    return 'not built';
  }
  const again = api.parseOtpauthUri(text);
  assert(describeUri(again) === describeUri(uri), 'parsing what was built gives what was parsed');
  assert(
    buildOtpauthUri(again as Library.BuildOtpauthUriOptions) === text,
    'building it again the text',
  );
  assert(
    lintOtpauthUri(text).every(({ code }) => faults.includes(code)),
    'a built URI has no fault that its fields have not',
  );
  return 'built';
}

/** The fields, without the second issuer: what is built has one. */
function describeUri({ labelIssuer: _, ...uri }: Library.OtpauthFields): string {
  const entries = Object.entries(uri).map(([name, value]) => [name, String(value)]);
  return JSON.stringify(entries.sort());
}

/** A key and a moment, and the codes around it by another implementation. */
export interface Moment {
  readonly keys: Readonly<Record<keyof Pair, Library.OtpKey>>;
  readonly timestamp: number;
  readonly step: number;
  readonly digits: number;
  /** Of the steps from `step - 3` to `step + 3`. */
  readonly codes: readonly string[];
}

/** What a value is to a part of the program that expects a typed code. */
export function checkCode(pair: Pair, moment: Moment, code: unknown, random: Random): string {
  const { timestamp, step, digits, codes } = moment;
  const window = random.below(4);
  const lastStep = random.below(3) === 0 ? step - 3 + random.below(7) : undefined;
  const options = { timestamp, digits, window, lastStep };
  const [result, other] = (['simd', 'portable'] as const).map((engine) =>
    pair[engine].verifyTotp(moment.keys[engine], code as string, options),
  ) as [Library.TotpResult, Library.TotpResult];
  assert(JSON.stringify(result) === JSON.stringify(other), 'both engines answer the same');
  const normalized = pair.simd.normalizeCode(code as string);
  // ASCII letters and digits stay, in their order; separators go.
  const kept = typeof code === 'string' && code.length <= 64 ? code : '';
  const plain = (text: string) => text.replace(/[^0-9A-Za-z]/g, '');
  const folded = kept.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) =>
    String(digit.charCodeAt(0) & 15),
  );
  assert(plain(normalized) === plain(folded), 'letters and digits stay as they are');
  assert(!/[\s\p{Pd}]/u.test(normalized), 'white space and dashes are stripped');
  const expected = expectedStep(moment, code, window);
  if (typeof code !== 'string' || !isDigits(code, digits)) {
    assert(!result.valid && result.reason === 'malformed', 'what is no code is malformed');
    return `malformed ${typeof code}`;
  }
  if (expected === undefined) {
    assert(!result.valid && result.reason === 'mismatch', 'no other code is accepted');
  } else if (lastStep !== undefined && expected <= lastStep) {
    assert(!result.valid && result.reason === 'reused', 'a used code is not accepted');
  } else {
    assert(result.valid && result.step === expected, 'the right code is of the highest step');
    assert(result.delta === expected - step, 'the delta is from the current step');
  }
  const counter = step - 1;
  const hotp = pair.simd.verifyHotp(moment.keys.simd, code, { counter, lookAhead: 2, digits });
  const index = codes.slice(2, 5).lastIndexOf(code);
  assert(hotp.valid === index >= 0, 'HOTP accepts the codes of its counters and no other');
  if (hotp.valid) assert(hotp.counter === counter + index, 'and the highest of them');
  return `${result.valid} ${expected === undefined} ${digits} ${window}`;
}

/** By going through the text: the library's own way is another. */
function isDigits(code: string, digits: number): boolean {
  return code.length === digits && [...code].every((character) => '0123456789'.includes(character));
}

function expectedStep({ codes, step }: Moment, code: unknown, window: number): number | undefined {
  for (let delta = window; delta >= -window; delta--) {
    if (codes[delta + 3] === code) return step + delta;
  }
  return undefined;
}

/** Options and parameters of any kind: an answer, or one of the programmer's errors. */
export function checkOptions(pair: Pair, moment: Moment, options: object): string {
  const code = moment.codes[3] as string;
  const calls = {
    verifyTotp: () => pair.simd.verifyTotp(moment.keys.simd, code, options).valid,
    verifyHotp: () => pair.simd.verifyHotp(moment.keys.simd, code, options as never).valid,
    resyncHotp: () => pair.simd.resyncHotp(moment.keys.simd, [code, code], options as never).valid,
    build: () => typeof pair.simd.buildOtpauthUri(options as never),
    lint: () => pair.simd.lintOtpauthUri(options as never).length,
  };
  return Object.values(calls).map(programmersOutcome).join();
}

function programmersOutcome(call: () => unknown): string {
  try {
    return String(call());
  } catch (error) {
    const { name } = error as Error;
    const isDocumented = error instanceof TypeError || error instanceof RangeError;
    assert(isDocumented || name === 'OtpError', 'a wrong argument is one of three errors');
    throws[name] = (throws[name] ?? 0) + 1;
    return name;
  }
}
