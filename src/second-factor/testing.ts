/**
 * The conformance suite for a {@link FactorStore}: run it on a store of your own, under your test
 * runner. A failure throws a plain Error.
 *
 * Every user id is new in each run, so the store may hold other users. It leaves about 300 rows.
 */
import { encodeBase32 } from '../base32.js';
import { generateSecret } from '../secret.js';
import { openOptions, requireFunction, wrongKind } from './arguments.js';
import type { FactorEvent, FactorStore, StoredFactor, WriteDetails } from './contract.js';

/** Registers a test: `test` of vitest, jest and `node:test`, `it` of mocha. */
export type RegisterFactorTest = (name: string, run: () => Promise<void>) => unknown;

/** Options of {@link testFactorStore}. */
export interface TestFactorStoreOptions {
  /**
   * A store on the same table over another connection. With it the suite finds a client
   * inside a transaction: its writes are not there for others yet, and a rollback would undo them.
   */
  readonly other?: FactorStore | undefined;
  /** Deletes a user's row, as the application does when an account is closed. */
  readonly erase?: ((userId: string) => unknown) | undefined;
}

type Tests = readonly (readonly [name: string, run: () => Promise<void>])[];

interface Subject extends TestFactorStoreOptions {
  readonly store: FactorStore;
}

const RACERS = 64;
const MAX_USER_ID = 1024;
const MAX_RECORD = 16_384;

/** Texts changed by careless columns, drivers or parsers. All are JSON, as records are. */
const TEXTS: Readonly<Record<string, string>> = {
  'empty JSON': '{}',
  'JSON in which order, spaces and repeated names count': '{ "b":1, "a":2,"b": 3 }',
  'numbers beyond doubles': '{"n":9007199254740993.000,"e":1e400}',
  'quotes, backslashes and escapes': JSON.stringify(`'"\\\`$1 $$ ? :a @b %s \0 \x7f \ud83d`),
  'emoji, accents and ideographs': JSON.stringify('🔑é\u0301ßİ漢字\u202e\ufeff\uffff\u2028'),
  'spaces at both ends': ' {} \n',
};

/** Ends of ids, alike to a careless comparison. */
const LOOKALIKES = [
  ...['a', 'A', 'a ', ' a', 'á', 'a\u0301', 'ａ', 'а', 'a\u200b', 'ß', 'ss', '🔑', '🔒', '?', '??'],
  ...["'", '"', '\\', '%', '_', '0', '00', '1e3', '1000', ':', 'a:b', '\ufffd', '\u{1f511}\u200d'],
];

/**
 * Registers the tests of a factor store: unchanged texts, one winner of 64 writers at once, versions
 * without repetition, and users kept apart.
 *
 * It sees one process. Durability after a power cut is left to the database.
 *
 * @param store - the store under test
 * @param test - the runner's function to register a test
 * @throws {TypeError} if `store` lacks a method, `test` is no function, or an option is unknown
 *
 * @example
 * ```ts
 * import { memoryFactorStore } from 'otpcore/second-factor/memory';
 * import { testFactorStore } from 'otpcore/second-factor/testing';
 *
 * // Stands for `import { test } from 'vitest'`.
 * const tests: (() => Promise<void>)[] = [];
 * testFactorStore(memoryFactorStore(), (_name, run) => tests.push(run));
 * for (const run of tests) await run(); // throws if the store is not right
 * console.log(tests.length > 10); // → true
 * ```
 */
export function testFactorStore(
  store: FactorStore,
  test: RegisterFactorTest,
  options: TestFactorStoreOptions = {},
): void {
  if (typeof store?.read !== 'function' || typeof store.write !== 'function') {
    wrongKind('store', 'a store with read and write', store);
  }
  requireFunction('test', test);
  const { other, erase } = openOptions('options', options, ['other', 'erase']);
  const subject: Subject = { store, other, erase };
  const tests = [
    ...textTests(subject),
    ...versionTests(subject),
    ...raceTests(subject),
    ...userTests(subject),
    ...connectionTests(subject),
  ];
  for (const [name, run] of tests) test(name, run);
}

// Texts ----------------------------------------------------------------------------------------------

function textTests(subject: Subject): Tests {
  const small: Tests = Object.entries(TEXTS).map(([what, text]) => [
    `A record of ${what} comes back unchanged`,
    () => expectKept(subject, text),
  ]);
  const fillers = { ASCII: 'x', 'three bytes each': '界', 'four bytes each': '🔑' };
  const long: Tests = Object.entries(fillers).map(([what, filler]) => [
    `A record of 16,384 characters, ${what}, comes back unchanged`,
    async () => {
      const room = MAX_RECORD - '{"a":""}'.length;
      const text = `{"a":"${filler.repeat(room / filler.length)}"}`;
      await expectKept(subject, text.padEnd(MAX_RECORD, ' '));
    },
  ]);
  return [...small, ...long];
}

/** Creates and updates a row with a text, and reads it after each. */
async function expectKept({ store }: Subject, text: string): Promise<void> {
  const userId = newUser();
  expectAnswer(await write(store, userId, text, undefined), true, 'the first write');
  expectText(await store.read(userId), text);
  const between = await update(store, userId, '{}');
  expectText(between, '{}');
  expectText(await update(store, userId, text), text);
}

// Versions -------------------------------------------------------------------------------------------

function versionTests(subject: Subject): Tests {
  const { store, erase } = subject;
  const tests: Tests = [
    [
      'A user without a row reads as undefined',
      async () => {
        const stored = await store.read(newUser());
        if (stored !== undefined) throw new Error('a user without a row must read as undefined');
      },
    ],
    [
      'A row is created once, and not over an older one',
      async () => {
        const userId = newUser();
        expectAnswer(await write(store, userId, '{"n":1}', undefined), true, 'the first write');
        expectAnswer(
          await write(store, userId, '{"n":2}', undefined),
          false,
          'the second creation',
        );
        expectText(await store.read(userId), '{"n":1}');
      },
    ],
    [
      'A stale version changes nothing, however often the row was written since',
      async () => {
        const userId = newUser();
        await write(store, userId, '{"n":0}', undefined);
        const seen: string[] = [];
        for (let n = 1; n <= 12; n++) {
          const { version } = await present(store, userId);
          for (const stale of seen) {
            expectAnswer(await write(store, userId, '{"n":-1}', stale), false, 'a stale version');
          }
          seen.push(version);
          expectText(await update(store, userId, `{"n":${n}}`), `{"n":${n}}`);
        }
        if (new Set(seen).size !== seen.length) throw new Error('a version came back');
      },
    ],
    [
      'The same record written again gets a new version',
      async () => {
        const userId = newUser();
        await write(store, userId, '{}', undefined);
        const { version } = await present(store, userId);
        const after = await update(store, userId, '{}');
        if (after.version === version) throw new Error('the version must change with each write');
        expectAnswer(await write(store, userId, '{}', version), false, 'the former version');
      },
    ],
    [
      'A version of a row that is not there changes nothing, and makes no row',
      async () => {
        const [held, missing] = [newUser(), newUser()];
        await write(store, held, '{}', undefined);
        const { version } = await present(store, held);
        expectAnswer(await write(store, missing, '{}', version), false, 'a version without a row');
        if ((await store.read(missing)) !== undefined) throw new Error('a row was made');
      },
    ],
    [
      'Events and details of every kind are taken along with a record',
      async () => {
        const userId = newUser();
        const events = [eventOf(userId, 'enrollment-started'), eventOf(userId, 'reset')];
        for (const state of ['none', 'pending', 'active', 'locked'] as const) {
          const more = { state, sealedWith: ['k1', 'k_2-x'], events };
          const stored = await store.read(userId);
          const answer = await store.write(userId, `"${state}"`, stored?.version, more);
          expectAnswer(answer, true, `a write with state ${state}`);
          expectText(await store.read(userId), `"${state}"`);
        }
      },
    ],
  ];
  if (erase === undefined) return tests;
  const erased: Tests = [
    [
      'A row that was deleted and made anew has no version that it had before',
      async () => {
        const userId = newUser();
        const former: string[] = [];
        for (let life = 0; life < 3; life++) {
          await write(store, userId, '{}', undefined);
          for (let n = 0; n < 5; n++) {
            former.push((await present(store, userId)).version);
            await update(store, userId, '{}');
          }
          former.push((await present(store, userId)).version);
          await erase(userId);
          const slow = await write(store, userId, '{}', former.at(-1));
          expectAnswer(slow, false, 'a slow writer, after the deletion');
          if ((await store.read(userId)) !== undefined) throw new Error('a row came back');
        }
        await write(store, userId, '{}', undefined);
        for (const version of former) {
          expectAnswer(await write(store, userId, '[]', version), false, 'a slow writer');
        }
      },
    ],
  ];
  return [...tests, ...erased];
}

// Races ----------------------------------------------------------------------------------------------

function raceTests({ store, other = store }: Subject): Tests {
  const racers = Array.from({ length: RACERS }, (_, racer) => racer);
  const storeOf = (racer: number): FactorStore => (racer % 2 === 0 ? store : other);
  return [
    [
      `Of ${RACERS} that create a row at once, one wins, and its record is kept`,
      async () => {
        const userId = newUser();
        const answers = await Promise.all(
          racers.map((racer) => write(storeOf(racer), userId, `{"n":${racer}}`, undefined)),
        );
        expectText(await store.read(userId), `{"n":${winnerOf(answers)}}`);
      },
    ],
    [
      `Of ${RACERS} that write over one version at once, one wins, and its record is kept`,
      async () => {
        const userId = newUser();
        await write(store, userId, '{}', undefined);
        for (let lap = 0; lap < 4; lap++) {
          const { version } = await present(store, userId);
          const answers = await Promise.all(
            racers.map((racer) => write(storeOf(racer), userId, `{"n":${racer}}`, version)),
          );
          expectText(await store.read(userId), `{"n":${winnerOf(answers)}}`);
        }
      },
    ],
    [
      `${RACERS} that count at once, each until it wins, lose no count`,
      async () => {
        const userId = newUser();
        await write(store, userId, '0', undefined);
        await Promise.all(racers.map((racer) => countUp(storeOf(racer), userId)));
        expectText(await store.read(userId), String(RACERS));
      },
    ],
  ];
}

async function countUp(store: FactorStore, userId: string): Promise<void> {
  for (let tries = 0; tries < 10 * RACERS; tries++) {
    const { record, version } = await present(store, userId);
    if (await write(store, userId, String(Number(record) + 1), version)) return;
  }
  throw new Error('a write was refused although others did not win');
}

/** The index of the winner. */
function winnerOf(answers: readonly boolean[]): number {
  const winners = answers.flatMap((isKept, racer) => (isKept ? [racer] : []));
  if (winners.length !== 1) throw new Error(`of ${RACERS} at once ${winners.length} won`);
  return winners[0] as number;
}

// Users and connections ------------------------------------------------------------------------------

function userTests({ store }: Subject): Tests {
  return [
    [
      'Users whose ids look alike do not meet',
      async () => {
        const run = newUser();
        await expectApart(
          store,
          LOOKALIKES.map((end) => run + end),
        );
        await expectApart(
          store,
          LOOKALIKES.map((start) => start + run),
        );
        await expectApart(
          store,
          ['__proto__', 'constructor'].map((name) => `${name}.${run}`),
        );
      },
    ],
    [
      `Users whose ids of ${MAX_USER_ID} characters differ in one, the first or the last, do not meet`,
      async () => {
        const run = newUser();
        for (const filler of ['x', '界', '🔑']) {
          const room = MAX_USER_ID - run.length - 2;
          const middle = run + filler.repeat(Math.floor(room / filler.length));
          await expectApart(store, [`a${middle}a`, `b${middle}a`, `a${middle}b`]);
        }
      },
    ],
    [
      'Users whose ids hold NUL or half a surrogate pair do not meet, or are refused by an error',
      async () => {
        const run = newUser();
        for (const end of ['\0', '\0a', '\ud83d', '\ud83e', '\udd11', '\ufffd']) {
          const userId = run + end;
          const answer = await failing(() => write(store, userId, JSON.stringify(end), undefined));
          if (answer !== undefined && !answer) throw new Error('two users met');
          if (answer) expectText(await store.read(userId), JSON.stringify(end));
        }
      },
    ],
    [
      'A user id that is no text of 1 to 1,024 characters is an error',
      async () => {
        for (const wrong of [undefined, null, 7, '', 'x'.repeat(MAX_USER_ID + 1)]) {
          const userId = wrong as string;
          const read = await failing(async () => (await store.read(userId)) ?? 'undefined');
          const answer = await failing(() => write(store, userId, '{}', undefined));
          if (read !== undefined || answer !== undefined) throw new Error('a wrong id was taken');
        }
      },
    ],
  ];
}

async function expectApart(store: FactorStore, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    expectAnswer(await write(store, id, JSON.stringify(id), undefined), true, 'the write of an id');
  }
  for (const id of ids) expectText(await store.read(id), JSON.stringify(id));
}

/** The answer, or undefined for an error. */
async function failing<Answer>(call: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call();
  } catch {
    return undefined;
  }
}

function connectionTests({ store, other }: Subject): Tests {
  if (other === undefined) return [];
  return [
    [
      'What one connection wrote is there for another at once: no transaction is open around it',
      async () => {
        const userId = newUser();
        await write(store, userId, '{"n":1}', undefined);
        expectText(await other.read(userId), '{"n":1}');
        await update(other, userId, '{"n":2}');
        expectText(await store.read(userId), '{"n":2}');
      },
    ],
  ];
}

// Steps ----------------------------------------------------------------------------------------------

function newUser(): string {
  return `test-${encodeBase32(generateSecret(16))}`;
}

function eventOf(userId: string, type: FactorEvent['type']): FactorEvent {
  const more = {
    authenticatorId: 'a',
    by: `it's "me" \\ 🔑`,
    replaced: ['b'],
    failures: 3,
    left: 9,
  };
  return { type, userId, at: 1_800_000_000_000, notify: true, reason: 'code', ...more };
}

async function write(
  store: FactorStore,
  userId: string,
  record: string,
  version: string | undefined,
): Promise<boolean> {
  const more: WriteDetails = { state: 'active', sealedWith: ['k1'], events: [] };
  const answer: unknown = await store.write(userId, record, version, more);
  if (typeof answer !== 'boolean') throw new Error(`a write answered with a ${typeof answer}`);
  return answer;
}

async function present(store: FactorStore, userId: string): Promise<StoredFactor> {
  const stored = await store.read(userId);
  if (typeof stored?.record !== 'string' || typeof stored.version !== 'string') {
    throw new Error('a row must read as a record and a version, both strings');
  }
  return stored;
}

/** Writes over the present version, and reads again. */
async function update(store: FactorStore, userId: string, record: string): Promise<StoredFactor> {
  const { version } = await present(store, userId);
  expectAnswer(
    await write(store, userId, record, version),
    true,
    'a write over the present version',
  );
  return present(store, userId);
}

function expectAnswer(answer: boolean, expected: boolean, what: string): void {
  if (answer !== expected)
    throw new Error(`${what} must answer ${expected}, and answered ${answer}`);
}

function expectText(stored: StoredFactor | undefined, text: string): void {
  if (stored?.record !== text) throw new Error('a record came back changed, or not at all');
}
