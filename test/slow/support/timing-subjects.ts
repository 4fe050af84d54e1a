/** What is timed: the library's functions, functions that leak, and one pair of equal classes. */
import type * as Library from '../../../src/index.js';
import { freshText, type Subject } from './dudect.js';
import {
  decodeByBranches,
  decodeByIndexOf,
  decodeBySearch,
  decodeByTable,
  equalUpToFirstDifference,
} from './leaky.js';
import type { Random } from './random.js';

/** Why a subject is measured. */
export type Kind =
  /** Must stay under the threshold. */
  | 'held'
  /** Tells of nothing but the answer that the caller gets: shown, and not held to anything. */
  | 'shown'
  /** Must be found, else the measurement sees nothing. */
  | 'leaky'
  /** The same class twice: must stay under the threshold, else the measurement sees ghosts. */
  | 'null';

interface Entry {
  readonly kind: Kind;
  readonly make: (library: typeof Library, random: Random) => Subject<never, never>;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** 160 bits. */
const SECRET_LENGTH = 32;
/** The RFCs' own, in base32. */
const FIXED_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const PERIOD_MS = 30_000;
/** Keys and moments that attempts are drawn from, each with the codes around it. */
const SITUATIONS = 256;

function textOf(random: Random, symbols: string, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += random.pick(symbols);
  return text;
}

/** Texts of secrets: the classes by name, and how one of each is made. */
type Texts = readonly (readonly [string, (random: Random) => string])[];

const randomSecret = (random: Random) => textOf(random, ALPHABET, SECRET_LENGTH);
const fixedOrRandom: Texts = [
  ['random', randomSecret],
  ['fixed', () => FIXED_SECRET],
];
const allZeroOrRandom: Texts = [
  ['random', randomSecret],
  ['all A', () => 'A'.repeat(SECRET_LENGTH)],
];
const lettersOrDigits: Texts = [
  ['letters', (random) => textOf(random, ALPHABET.slice(0, 26), SECRET_LENGTH)],
  ['digits', (random) => textOf(random, ALPHABET.slice(26), SECRET_LENGTH)],
];

function ofTexts(texts: Texts, run: (library: typeof Library) => (text: string) => unknown) {
  return (library: typeof Library, random: Random): Subject<never, never> => ({
    classes: texts.map(([name]) => name),
    draw: (of) => (texts[of]?.[1](random) ?? '') as never,
    make: (text) => freshText(text) as never,
    run: run(library),
  });
}

function ofBytes(texts: Texts) {
  return (library: typeof Library, random: Random): Subject<never, never> => ({
    classes: texts.map(([name]) => name),
    draw: (of) => (texts[of]?.[1](random) ?? '') as never,
    make: (text) => library.decodeBase32(text) as never,
    run: (bytes: Uint8Array) => library.createKey(bytes),
  });
}

/** An attempt as it comes in. */
interface Attempt {
  readonly key: Library.OtpKey;
  readonly code: string;
  readonly options: Library.VerifyTotpOptions;
  /** The current step's code, for the leaky. */
  readonly expected: string;
}

interface Situation {
  readonly key: Library.OtpKey;
  readonly options: Library.VerifyTotpOptions;
  /** Codes from the window's first step to its last; no two are the same. */
  readonly codes: readonly string[];
}

function situationsOf(
  { createKey, generateTotp }: typeof Library,
  random: Random,
  window: number,
  algorithm: Library.Algorithm,
): Situation[] {
  return Array.from({ length: SITUATIONS }, () => {
    const key = createKey(randomSecret(random), { algorithm });
    for (;;) {
      const timestamp = 1_600_000_000_000 + random.below(2 ** 31) * 100;
      const codes = Array.from({ length: 2 * window + 1 }, (_, i) =>
        generateTotp(key, { timestamp: timestamp + (i - window) * PERIOD_MS }),
      );
      const options = { timestamp, window };
      if (new Set(codes).size === codes.length) return { key, options, codes };
    }
  });
}

/** Codes by class: its name, and a code of it in a situation. */
type Codes = readonly (readonly [string, (situation: Situation, random: Random) => string])[];

interface Verification {
  readonly codes: Codes;
  readonly window?: number;
  readonly algorithm?: Library.Algorithm;
  readonly options?: Library.VerifyTotpOptions;
  readonly verify?: (library: typeof Library) => (attempt: Attempt) => unknown;
}

const verifyTotp = (library: typeof Library) => {
  return ({ key, code, options }: Attempt) => library.verifyTotp(key, code, options);
};

function ofCodes({ codes, window = 1, algorithm = 'SHA1', ...rest }: Verification) {
  return (library: typeof Library, random: Random): Subject<never, never> => {
    const situations = situationsOf(library, random, window, algorithm);
    return {
      classes: codes.map(([name]) => name),
      draw: (of) => {
        const situation = random.pick(situations);
        return { situation, code: codes[of]?.[1](situation, random) ?? '' } as never;
      },
      make: ({ situation, code }: { situation: Situation; code: string }) => {
        return {
          key: situation.key,
          code: freshText(code),
          options: { ...situation.options, ...rest.options },
          expected: freshText(situation.codes[window] as string),
        } as never;
      },
      run: (rest.verify ?? verifyTotp)(library),
    };
  };
}

/** The code of the window's `index`-th step. */
function codeAt(index: number) {
  return ({ codes }: Situation) => codes.at(index) as string;
}

/** No code of the window; the first digits are the current step's, the next one is not. */
function agreeing(digits: number) {
  return ({ codes }: Situation, random: Random): string => {
    const right = codes[codes.length >> 1] as string;
    for (;;) {
      const next = (Number(right[digits]) + 1 + random.below(9)) % 10;
      const rest = textOf(random, '0123456789', 5 - digits);
      const code = `${right.slice(0, digits)}${next}${rest}`;
      if (!codes.includes(code)) return code;
    }
  };
}

const anyWrong = (situation: Situation, random: Random) => agreeing(0)(situation, random);
const whichStep: Codes = [
  ['current', codeAt(1)],
  ['past', codeAt(0)],
  ['future', codeAt(2)],
];
const agreement: Codes = Array.from({ length: 6 }, (_, n) => [`${n} agree`, agreeing(n)]);
const wideSteps: Codes = [
  ['current', codeAt(10)],
  ['first', codeAt(0)],
  ['last', codeAt(20)],
];

export const SUBJECTS: Readonly<Record<string, Entry>> = {
  'decodeBase32: fixed or random': {
    kind: 'held',
    make: ofTexts(
      fixedOrRandom,
      ({ decodeBase32 }) =>
        (text) =>
          decodeBase32(text),
    ),
  },
  'decodeBase32: all A or random': {
    kind: 'held',
    make: ofTexts(
      allZeroOrRandom,
      ({ decodeBase32 }) =>
        (text) =>
          decodeBase32(text),
    ),
  },
  'decodeBase32: letters or digits': {
    kind: 'held',
    make: ofTexts(
      lettersOrDigits,
      ({ decodeBase32 }) =>
        (text) =>
          decodeBase32(text),
    ),
  },
  'createKey of a text: fixed or random': {
    kind: 'held',
    make: ofTexts(
      fixedOrRandom,
      ({ createKey }) =>
        (text) =>
          createKey(text),
    ),
  },
  'createKey of a text: letters or digits': {
    kind: 'held',
    make: ofTexts(
      lettersOrDigits,
      ({ createKey }) =>
        (text) =>
          createKey(text),
    ),
  },
  'createKey of bytes: fixed or random': { kind: 'held', make: ofBytes(fixedOrRandom) },
  'createKey of bytes: all 0 or random': { kind: 'held', make: ofBytes(allZeroOrRandom) },
  'verifyTotp: which step matched': { kind: 'held', make: ofCodes({ codes: whichStep }) },
  'verifyTotp: which step matched, SHA256': {
    kind: 'held',
    make: ofCodes({ codes: whichStep, algorithm: 'SHA256' }),
  },
  'verifyTotp: which step matched, SHA512': {
    kind: 'held',
    make: ofCodes({ codes: whichStep, algorithm: 'SHA512' }),
  },
  'verifyTotp: which of 21 steps matched': {
    kind: 'held',
    make: ofCodes({ codes: wideSteps, window: 10 }),
  },
  'verifyTotp: how many leading digits agree': {
    kind: 'held',
    make: ofCodes({ codes: agreement }),
  },
  'verifyTotp: a wrong code, fixed or random': {
    kind: 'held',
    make: ofCodes({
      codes: [
        ['random', anyWrong],
        ['fixed', ({ codes }) => (codes.includes('314159') ? '271828' : '314159')],
      ],
    }),
  },
  'verifyTotp: which step was used before': {
    kind: 'held',
    make: ofCodes({ codes: whichStep, options: { lastStep: Number.MAX_SAFE_INTEGER } }),
  },
  'the same class twice': {
    kind: 'null',
    make: ofCodes({
      codes: [
        ['random', anyWrong],
        ['random again', anyWrong],
      ],
    }),
  },
  'verifyTotp: wrong or right': {
    kind: 'shown',
    make: ofCodes({
      codes: [
        ['wrong', anyWrong],
        ['right', codeAt(1)],
      ],
    }),
  },
  'verifyTotp: wrong or used before': {
    kind: 'shown',
    make: ofCodes({
      codes: [
        ['wrong', anyWrong],
        ['used', codeAt(1)],
      ],
      options: { lastStep: Number.MAX_SAFE_INTEGER },
    }),
  },
  'verifyTotp: wrong or malformed': {
    kind: 'shown',
    make: ofCodes({
      codes: [
        ['wrong', anyWrong],
        ['malformed', () => '31415x'],
      ],
    }),
  },
  'base32 by indexOf: letters or digits': {
    kind: 'shown',
    make: ofTexts(lettersOrDigits, () => decodeByIndexOf),
  },
  'base32 by a table: letters or digits': {
    kind: 'shown',
    make: ofTexts(lettersOrDigits, () => decodeByTable),
  },
  'base32 by searching the alphabet: fixed or random': {
    kind: 'leaky',
    make: ofTexts(fixedOrRandom, () => decodeBySearch),
  },
  'base32 by searching the alphabet: letters or digits': {
    kind: 'leaky',
    make: ofTexts(lettersOrDigits, () => decodeBySearch),
  },
  'base32 by branches: fixed or random': {
    kind: 'leaky',
    make: ofTexts(fixedOrRandom, () => decodeByBranches),
  },
  'createKey of what branches decoded: fixed or random': {
    kind: 'leaky',
    make: ofTexts(
      fixedOrRandom,
      ({ createKey }) =>
        (text) =>
          createKey(decodeByBranches(text)),
    ),
  },
  'codes compared up to the first difference': {
    kind: 'leaky',
    make: ofCodes({
      codes: agreement,
      verify: () => (attempt) => equalUpToFirstDifference(attempt.expected, attempt.code),
    }),
  },
  'verification, then a comparison up to the first difference': {
    kind: 'leaky',
    make: ofCodes({
      codes: agreement,
      verify: (library) => (attempt) => {
        const { valid } = library.verifyTotp(attempt.key, attempt.code, attempt.options);
        return equalUpToFirstDifference(attempt.expected, attempt.code) === valid;
      },
    }),
  },
  'verification up to the first step that matches': {
    kind: 'leaky',
    make: ofCodes({
      codes: whichStep,
      verify:
        ({ generateTotp }) =>
        ({ key, code, options: { timestamp = 0 } }) => {
          for (let delta = -1; delta <= 1; delta++) {
            const moment = { timestamp: timestamp + delta * PERIOD_MS };
            if (generateTotp(key, moment) === code) return delta;
          }
          return undefined;
        },
    }),
  },
};
