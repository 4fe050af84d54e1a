/** Different ids must stay distinct, even where a careless store would merge them. */
import { MAX_CLAIM_ID_LENGTH } from '../single-use/claim-id.js';
import {
  expectClaim,
  newDigits,
  newRun,
  prepare,
  requireBoolean,
  type Subject,
  shown,
  type Tests,
} from './claims.js';

/** Ids merged by a careless comparison, conversion or column. */
const LOOKALIKES: Readonly<Record<string, readonly string[]>> = {
  'upper and lower case': [
    ...['alice', 'ALICE', 'Alice', 'stra\u00dfe', 'strasse', '\u0131', 'i', 'I', '\u0130'],
    // Greek, with the final sigma; Cyrillic; Latin with an accent.
    ...['\u03c3', '\u03c2', '\u03a3', '\u0436', '\u0416', '\u00e9', '\u00c9'],
  ],
  'spaces at either end': [
    ...['alice', 'alice ', ' alice', 'alice  ', 'alice\t', 'alice\n', 'alice\r', 'alice\r\n'],
    // No-break, em and ideographic.
    ...['alice\u00a0', '\u00a0alice', 'alice\u2003', 'alice\u3000', '\u3000alice'],
  ],
  'accents, or how these are composed': ['e', '\u00e9', 'e\u0301', '\u00e8', '\ufb01', 'fi'],
  // Full-width, and a Cyrillic lookalike of a Latin letter.
  'width, or in the script of a letter': ['a', '\uff41', '\uff21', '1', '\uff11', '\u0430'],
  'what is not seen': ['alice', 'ali\u200dce', 'ali\u00adce', '\ufeffalice', 'alice\ufe0f'],
  emoji: ['', '?', '??', '????', '\ufffd', '\u{1f511}', '\u{1f512}', '\u{1f511}\u{1f511}'],
  'what a query language reads': ["'", "''", '"', '`', '\\', '\\\\', '%', '_', '?', '$1', ':a'],
  'an escape': [
    ...['A', '%41', '&#65;', '\\u0041', '\\x41', '&', '&amp;', '+', ' ', '%20', '%2B', '%', '%25'],
    ...['a\nb', 'a\r\nb', 'a\\nb'],
  ],
  'what separates words': [
    ...['ab', 'a/b', 'a_b', 'a-b', 'a.b', 'a:b', 'a b', 'a  b', 'a+b', 'a\\b', 'a//b'],
  ],
  'how a mail address is written': [
    ...['@example.com', '+tag@example.com', 'tag@example.com', '.tag@example.com'],
    ...['@EXAMPLE.COM', '@example.com.'],
  ],
};

/** Characters at which a careless store cuts an id. */
const SIGNS = '@#/|;,:.+-_=&?!~ \\%$*'.split('');
/** Brackets a careless store drops, or reads exclusively, as a Redis cluster reads its hash tags. */
const BRACKETS = ['{}', '[]', '()', '<>', '""', "''", '``'];
/** Property names inherited by every object. */
const INHERITED = ['__proto__', 'constructor', 'toString'];
/** The number of evenly spaced positions at which the longest ids differ. */
const MARKS = 5;

export function idTests(subject: Subject): Tests {
  const lookalikes: Tests = Object.entries(LOOKALIKES).map(([what, names]) => [
    `Ids are kept apart that differ in ${what}`,
    async () => {
      const [before, behind] = [newRun(), newRun()];
      await expectApart(
        subject,
        names.map((name) => name + behind),
      );
      await expectApart(
        subject,
        names.map((name) => before + name),
      );
    },
  ]);
  return [
    ...lookalikes,
    [
      'Ids are kept apart that differ in how a number is written',
      () => expectApart(subject, numberIds()),
    ],
    [
      'Ids are kept apart that differ in what a sign cuts off, or in brackets',
      () => expectApart(subject, cutIds(newRun())),
    ],
    [
      'Ids are kept apart that differ in the prefix of their kind',
      async () => {
        const run = newRun();
        const prefixes = ['', 'hotp:', 'totp:', 'totp:hotp:', 'totp:totp:', 'hotp:totp:', 'HOTP:'];
        await expectApart(
          subject,
          prefixes.map((prefix) => prefix + run),
        );
      },
    ],
    [
      `Ids of ${MAX_CLAIM_ID_LENGTH} characters are kept apart that differ in one, first to last`,
      async () => {
        const run = newRun();
        // One, four and three bytes in UTF-8.
        for (const filler of ['x', '\u{1f511}', '\u754c']) {
          await expectApart(subject, longIds(run, filler));
        }
      },
    ],
    [
      'Ids that every object inherits are remembered as others are',
      async () => {
        const run = newRun();
        await expectApart(
          subject,
          INHERITED.map((name) => `${run}.${name}`),
        );
        for (const id of INHERITED) {
          // An earlier run may have claimed it.
          requireBoolean(await subject.store.claim(await prepare(subject, id), 7));
          await expectClaim(subject, id, 7, false);
        }
      },
    ],
    [
      'Ids with NUL or half a surrogate pair are kept apart, or refused by an error',
      async () => {
        const run = newRun();
        for (const name of ['', '\0', '\0a', '\0b', '\ud83d', '\ud83e', '\udd11', '\ufffd']) {
          await expectGrantOrError(subject, run + name);
        }
      },
    ],
  ];
}

/** Spellings of one number, and numbers rounded or clamped to one in 64 bits, integer or floating. */
function numberIds(): string[] {
  const [few, many] = [`9${newDigits(14)}`, `9${newDigits(18)}`];
  const hex = Number(few).toString(16);
  return [
    ...[few, `0${few}`, `00${few}`, `+${few}`, `-${few}`, `${few}.`, `${few}.0`, `${few}e0`],
    ...[`${few}E0`, `${few}n`, `0x${hex}`, `0X${hex}`],
    // Above 2^64. Three, as two neighbours may be rounded to different sides.
    ...[`${many}1`, `${many}2`, `${many}3`],
  ];
}

/** Ids merged by cutting at a sign or dropping brackets. */
function cutIds(run: string): string[] {
  return [
    run,
    ...SIGNS.flatMap((sign) => [`${run}${sign}a`, `a${sign}${run}`]),
    ...BRACKETS.map(([open, close]) => `${open}${run}${close}`),
    ...[`{${run}}a`, `a{${run}}`],
  ];
}

/** Ids of maximum length, differing in one character. */
function longIds(run: string, filler: string): string[] {
  const room = MAX_CLAIM_ID_LENGTH - run.length - MARKS;
  const block = filler.repeat(Math.floor(room / (MARKS - 1) / filler.length));
  const start = run.padEnd(run.length + room - block.length * (MARKS - 1), 'x');
  return Array.from({ length: MARKS + 1 }, (_, changed) => {
    const marks = Array.from({ length: MARKS }, (_, place) => (place === changed ? 'b' : 'a'));
    // The first mark is the first character, so the random text comes after it.
    return marks[0] + start + block + marks.slice(1).join(block);
  });
}

/** Claims one step for each id, and then again: the first claims are granted, the second refused. */
async function expectApart(subject: Subject, ids: readonly string[]): Promise<void> {
  for (const id of ids) await expectClaim(subject, await prepare(subject, id), 7, true);
  for (const id of ids) await expectClaim(subject, id, 7, false);
}

/** Claims a step twice: it is granted and then refused, unless the store throws. */
async function expectGrantOrError(subject: Subject, id: string): Promise<void> {
  const answers: unknown[] = [];
  try {
    answers.push(await subject.store.claim(await prepare(subject, id), 7));
    answers.push(await subject.store.claim(id, 7));
  } catch {
    // Answers received before the error are still checked.
  }
  const [first = true, second = false] = answers;
  if (first !== true) throw new Error(`the first claim for ${shown(id)} was not granted`);
  if (second !== false) throw new Error(`the second claim for ${shown(id)} was not refused`);
}
