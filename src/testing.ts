/**
 * The conformance suite for a {@link SingleUseStore}: run it on a store of your own, under the test
 * runner that you have. It needs no assertion library; what fails throws a plain Error.
 *
 * Every id holds a text that is new in each run, but for `__proto__` and two like it, of which only
 * the second claim counts. So the store may hold other claims, and the suite may run any number of
 * times on one database. It leaves fewer than 400 ids behind.
 */
import { encodeBase32 } from './base32.js';
import { MAX_CLAIM_ID_LENGTH } from './single-use/claim-id.js';
import { given, POLLUTION, requireOptions, wrongKind } from './arguments/guards.js';
import { MAX_STEP, NO_OPTIONS } from './step/window.js';
import { generateSecret } from './secret.js';
import type { SingleUseStore } from './single-use.js';

/** What registers a test: `test` of vitest, jest and `node:test`, `it` of mocha. */
export type RegisterTest = (name: string, run: () => Promise<void>) => unknown;

/** Options of {@link testSingleUseStore}. */
export interface TestSingleUseStoreOptions {
  /**
   * Called with each id before its first claim, and waited for: makes the row of a store that claims
   * in rows that must be there, as in a table of users. Three ids are the same in every run: let it
   * do nothing for a row that is there. Default: nothing is called.
   */
  readonly prepareId?: ((id: string) => unknown) | undefined;
}

/** How many claims are made at once. */
const RACERS = 64;
/** How often each of them claims, one time after the other. */
const LAPS = 4;

/** Steps in the order of their claims. What answers wrongly compares texts, rounds, cuts or overflows. */
const SEQUENCES: Readonly<Record<string, readonly number[]>> = {
  'A step is granted if it is above every earlier one of its id': [5, 5, 4, 0, 6, 5, 6, 60, 7, 61],
  'Step 0 is granted once': [0, 0, 1, 0],
  'Steps compare as numbers, not as texts': [9, 10, 9, 99, 100, 11, 9_999_999, 59_000_000, 6e6],
  'Steps keep every digit, up to 2^53 - 1': [
    ...[2 ** 31 - 1, 2 ** 31, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32, 2 ** 53 - 4, 2 ** 53 - 3],
    ...[2 ** 53 - 3, MAX_STEP - 1, MAX_STEP - 1, MAX_STEP, MAX_STEP, MAX_STEP - 1, 0],
  ],
};

/** Ids that a careless comparison, conversion or column takes for one. */
const LOOKALIKES: Readonly<Record<string, readonly string[]>> = {
  'upper and lower case': [
    ...['alice', 'ALICE', 'Alice', 'stra\u00dfe', 'strasse', '\u0131', 'i', 'I', '\u0130'],
    // Greek, with the sigma that ends a word; Cyrillic; Latin with an accent.
    ...['\u03c3', '\u03c2', '\u03a3', '\u0436', '\u0416', '\u00e9', '\u00c9'],
  ],
  'spaces at either end': [
    ...['alice', 'alice ', ' alice', 'alice  ', 'alice\t', 'alice\n', 'alice\r', 'alice\r\n'],
    // No-break, em and ideographic.
    ...['alice\u00a0', '\u00a0alice', 'alice\u2003', 'alice\u3000', '\u3000alice'],
  ],
  'accents, or how these are composed': ['e', '\u00e9', 'e\u0301', '\u00e8', '\ufb01', 'fi'],
  // Full-width, and Cyrillic that looks Latin.
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

/** Where a careless store cuts an id. */
const SIGNS = '@#/|;,:.+-_=&?!~ \\%$*'.split('');
/** What a careless store drops, or takes for all that counts, as a Redis cluster does the braces. */
const BRACKETS = ['{}', '[]', '()', '<>', '""', "''", '``'];
/** What an object finds under its prototype. */
const INHERITED = ['__proto__', 'constructor', 'toString'];
/** At how many places, evenly spread, the longest ids differ. */
const MARKS = 5;

/**
 * Registers the tests that every single-use store has to pass: order, repetition, large steps,
 * independence of ids, and races of 64 claims.
 *
 * It makes fewer than 1,500 claims, at most 256 a test. A store may refuse an id that its database
 * cannot hold (one with NUL, or with half a surrogate pair) by an error; to take two such ids for one
 * is a failure.
 *
 * It sees one process and one client. What makes claims atomic there alone passes: reading and then
 * writing under a mutex of the process grants a step twice as soon as there are two processes. Nor
 * does it claim anything but whole steps from 0 to 2^53 - 1, as only these are ever claimed: what the
 * store makes of others is not looked at.
 *
 * @param store - the store under test, one for all tests and not emptied between them: the last asks
 *   for what the first ones claimed. To make it later, in a hook that runs once before all tests,
 *   pass `{ claim: (id, step) => store.claim(id, step) }`
 * @param test - the runner's function that registers a test
 * @throws {TypeError} if `store` has no claim method, or `test` or `prepareId` is no function
 *
 * @example
 * ```ts
 * import { memoryStore } from 'otpcore';
 * import { testSingleUseStore } from 'otpcore/testing';
 *
 * // Stands for `import { test } from 'vitest'`.
 * const tests: (() => Promise<void>)[] = [];
 * testSingleUseStore(memoryStore(), (_name, run) => tests.push(run));
 * for (const run of tests) await run(); // throws if the store is not right
 * console.log(tests.length > 10); // → true
 * ```
 */
export function testSingleUseStore(
  store: SingleUseStore,
  test: RegisterTest,
  options: TestSingleUseStoreOptions = NO_OPTIONS,
): void {
  if (typeof store?.claim !== 'function') wrongKind('store', 'a store with a claim method', store);
  if (typeof test !== 'function') wrongKind('test', 'a function', test);
  requireOptions(options);
  const prepareId = given(
    options,
    'prepareId',
    options.prepareId,
    POLLUTION.prepareId,
    () => undefined,
  );
  if (typeof prepareId !== 'function') wrongKind('prepareId', 'a function', prepareId);
  const subject: Subject = { store, prepareId, claimed: [] };
  const tests = [...orderTests(subject), ...idTests(subject), ...raceTests(subject)];
  for (const [name, run] of tests) test(name, run);
}

type Tests = readonly (readonly [name: string, run: () => Promise<void>])[];

interface Subject {
  readonly store: SingleUseStore;
  readonly prepareId: (id: string) => unknown;
  /** The highest step of each id that a test is done with. */
  readonly claimed: Claim[];
}

interface Claim {
  readonly id: string;
  readonly step: number;
}

function orderTests(subject: Subject): Tests {
  return Object.entries(SEQUENCES).map(([name, steps]) => [
    name,
    async () => {
      const id = await prepare(subject, newRun());
      let last = -1;
      for (const step of steps) {
        await expectClaim(subject, id, step, step > last);
        last = Math.max(last, step);
      }
      subject.claimed.push({ id, step: last });
    },
  ]);
}

// Ids ----------------------------------------------------------------------------------------------

function idTests(subject: Subject): Tests {
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

/** Texts that are one number, and those that are one in 64 bits, whole or floating. */
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

/** Ids of which one is left if they are cut at a sign, or brackets are dropped. */
function cutIds(run: string): string[] {
  return [
    run,
    ...SIGNS.flatMap((sign) => [`${run}${sign}a`, `a${sign}${run}`]),
    ...BRACKETS.map(([open, close]) => `${open}${run}${close}`),
    ...[`{${run}}a`, `a{${run}}`],
  ];
}

/** Ids of the greatest length that differ in one character. */
function longIds(run: string, filler: string): string[] {
  const room = MAX_CLAIM_ID_LENGTH - run.length - MARKS;
  const block = filler.repeat(Math.floor(room / (MARKS - 1) / filler.length));
  const start = run.padEnd(run.length + room - block.length * (MARKS - 1), 'x');
  return Array.from({ length: MARKS + 1 }, (_, changed) => {
    const marks = Array.from({ length: MARKS }, (_, place) => (place === changed ? 'b' : 'a'));
    // The first mark is the first character, so what is new in each run comes behind it.
    return marks[0] + start + block + marks.slice(1).join(block);
  });
}

/** Claims one step for each id, and then again: all are granted, and none a second time. */
async function expectApart(subject: Subject, ids: readonly string[]): Promise<void> {
  for (const id of ids) await expectClaim(subject, await prepare(subject, id), 7, true);
  for (const id of ids) await expectClaim(subject, id, 7, false);
}

/** Claims a step twice: it is granted and then refused, unless an error answers. */
async function expectGrantOrError(subject: Subject, id: string): Promise<void> {
  const answers: unknown[] = [];
  try {
    answers.push(await subject.store.claim(await prepare(subject, id), 7));
    answers.push(await subject.store.claim(id, 7));
  } catch {
    // What was answered before the error counts all the same.
  }
  const [first = true, second = false] = answers;
  if (first !== true) throw new Error(`the first claim for ${shown(id)} was not granted`);
  if (second !== false) throw new Error(`the second claim for ${shown(id)} was not refused`);
}

// Races --------------------------------------------------------------------------------------------

/** A claim in a race; `sent` and `answered` count all that is sent and answered. */
interface Lap {
  readonly step: number;
  readonly isGranted: boolean;
  readonly sent: number;
  readonly answered: number;
}

function raceTests(subject: Subject): Tests {
  return [
    [
      `Of ${RACERS} claims of one step at once, one is granted`,
      async () => {
        const id = await prepare(subject, newRun());
        // New, known, and new again twice: the first race may be slowed by connections being opened.
        const claims = [
          { id, step: 0 },
          { id, step: 1 },
          { id: await prepare(subject, newRun()), step: 0 },
          { id: await prepare(subject, newRun()), step: 7 },
        ];
        for (const claim of claims) {
          requireOneGranted(await race(subject, 1, () => claim), claim.step);
        }
      },
    ],
    [
      `Steps claimed ${RACERS} at a time rise as they are granted, to the highest`,
      async () => {
        const id = await prepare(subject, newRun());
        // The steps of a lap in no order, each of them twice, and half of them those of the lap before.
        const laps = await race(subject, LAPS, (racer, lap) => ({
          id,
          step: lap * (RACERS / 4) + Math.floor(((racer * 37) % RACERS) / 2),
        }));
        requireRising(laps);
        requireOneGranted(laps, Math.max(...laps.map(({ step }) => step)));
      },
    ],
    [
      `Of ${RACERS} ids at once, each is granted its step, and no claim so far is forgotten`,
      async () => {
        const run = newRun();
        const ids = Array.from({ length: RACERS }, (_, racer) => `${run}${racer}`);
        for (const id of ids) await prepare(subject, id);
        // One more than race, and before them, so that a cache of as many has no room for it.
        await expectClaim(subject, await prepare(subject, run), 0, true);
        const laps = await race(subject, 1, (racer) => ({ id: ids[racer] ?? run, step: racer }));
        for (const { step } of laps) requireOneGranted(laps, step);
        const claimed = [{ id: run, step: 0 }, ...ids.map((id, step) => ({ id, step }))];
        for (const { id, step } of [...subject.claimed, ...claimed]) {
          await expectClaim(subject, id, step, false);
        }
      },
    ],
  ];
}

/** Lets all racers claim at once, each as often as there are laps, one claim after the other. */
async function race(
  { store }: Subject,
  lapCount: number,
  claimOf: (racer: number, lap: number) => Claim,
): Promise<Lap[]> {
  const laps: Lap[] = [];
  let events = 0;
  const run = async (racer: number): Promise<void> => {
    for (let lap = 0; lap < lapCount; lap++) {
      const { id, step } = claimOf(racer, lap);
      const sent = events++;
      const isGranted = requireBoolean(await store.claim(id, step));
      laps.push({ step, isGranted, sent, answered: events++ });
    }
  };
  await Promise.all(Array.from({ length: RACERS }, (_, racer) => run(racer)));
  return laps;
}

function requireOneGranted(laps: readonly Lap[], step: number): void {
  const granted = laps.filter((lap) => lap.isGranted && lap.step === step).length;
  if (granted !== 1) throw new Error(`step ${step} was granted ${granted} times`);
}

/**
 * Whether there is an order that explains all answers: none granted after an answer that granted as
 * much or more, and none refused but for one that was on its way.
 */
function requireRising(laps: readonly Lap[]): void {
  const granted = laps.filter(({ isGranted }) => isGranted);
  for (const { step, isGranted, sent, answered } of laps) {
    if (isGranted) {
      requireOneGranted(granted, step);
      const above = granted.find((other) => other.answered < sent && other.step > step);
      if (above) throw new Error(`step ${step} was granted after step ${above.step}`);
    } else if (!granted.some((other) => other.sent < answered && other.step >= step)) {
      throw new Error(`step ${step} was refused before any as high was claimed`);
    }
  }
}

// Claims -------------------------------------------------------------------------------------------

/** What the ids of one test begin or end with. */
function newRun(): string {
  return encodeBase32(generateSecret(16));
}

/** As {@link newRun}, for ids that are numbers. */
function newDigits(count: number): string {
  return Array.from(generateSecret(20).subarray(0, count), (byte) => byte % 10).join('');
}

async function prepare({ prepareId }: Subject, id: string): Promise<string> {
  await prepareId(id);
  return id;
}

async function expectClaim(
  { store }: Subject,
  id: string,
  step: number,
  expected: boolean,
): Promise<void> {
  if (requireBoolean(await store.claim(id, step)) !== expected) {
    const wrong = expected ? 'refused' : 'granted';
    throw new Error(`step ${step} was ${wrong} for ${shown(id)}`);
  }
}

function requireBoolean(answer: unknown): boolean {
  if (typeof answer !== 'boolean') wrongKind('store.claim()', 'true or false', answer);
  return answer;
}

/** An id for a message, the longest ones cut. */
function shown(id: string): string {
  return JSON.stringify(id.length > 80 ? `${id.slice(0, 80)}…` : id);
}
