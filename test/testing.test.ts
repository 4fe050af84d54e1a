// The suite for stores of one's own: right ones pass it, and each of many wrong ones is caught, by
// the test that is there for it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { SingleUseStore } from '../src/single-use.js';
import { type TestSingleUseStoreOptions, testSingleUseStore } from '../src/testing.js';
import { brokenStores, gapStore, naiveStore, slowStore } from './support/naive-store.js';

/** What the suite says of a store: the error of each test that fails, by the test's name. */
async function verdictOn(
  store: SingleUseStore,
  options?: TestSingleUseStoreOptions,
): Promise<Record<string, Error>> {
  const tests: [name: string, run: () => Promise<void>][] = [];
  testSingleUseStore(store, (name, run) => tests.push([name, run]), options);
  expect(tests).toHaveLength(23);
  const failed: Record<string, Error> = {};
  for (const [name, run] of tests) {
    await run().catch((error: unknown) => {
      failed[name] = error as Error;
    });
  }
  return failed;
}

describe('Passes: a naive store', () => testSingleUseStore(naiveStore(), test));
describe('Passes: a store that takes its time, each time another', () => {
  let turns = 0;
  const wait = () => new Promise((resolve) => setTimeout(resolve, (turns++ * 7) % 5));
  testSingleUseStore(slowStore(naiveStore(), wait), test);
});
describe('Passes: a store that refuses by errors what it cannot keep', () => {
  const inner = naiveStore();
  const claim = async (id: string, step: number) => {
    if (/[\0\p{Surrogate}]/u.test(id)) throw new RangeError('not kept here');
    return inner.claim(id, step);
  };
  testSingleUseStore({ claim }, test);
});

test('A store passes again and again, though it holds the claims of earlier runs', async () => {
  const store = naiveStore();
  expect([await verdictOn(store), await verdictOn(store)]).toEqual([{}, {}]);
});

test('A run makes fewer than 1,500 claims, for fewer than 400 ids', async () => {
  const ids: string[] = [];
  const inner = naiveStore();
  await verdictOn({
    claim(id, step) {
      ids.push(id);
      return inner.claim(id, step);
    },
  });
  expect(ids.length).toBeLessThan(1500);
  expect(new Set(ids).size).toBeLessThan(400);
});

test('A store of rows that must be there passes when they are prepared, and else does not', async () => {
  const rows = new Map<string, number>();
  const store: SingleUseStore = {
    claim(id, step) {
      const last = rows.get(id);
      if (last === undefined || last >= step) return false;
      rows.set(id, step);
      return true;
    },
  };
  const prepareId = async (id: string) => rows.set(id, -1);
  expect(await verdictOn(store, { prepareId })).toEqual({});
  expect(Object.keys(await verdictOn(store))).toHaveLength(23);
});

// Wrong stores ---------------------------------------------------------------------------------------

/** Takes ids for one that are the same after `fold`. */
function folding(fold: (id: string) => string): SingleUseStore {
  const inner = naiveStore();
  return { claim: (id, step) => inner.claim(fold(id), step) };
}

/** Compares steps by what `read` makes of them. */
function reading(read: (step: number) => number | string): SingleUseStore {
  const last = new Map<string, number | string>();
  return {
    claim(id, step) {
      const before = last.get(id);
      if (before !== undefined && read(step) <= before) return false;
      last.set(id, read(step));
      return true;
    },
  };
}

/** Has no row and a step of 0 look alike. */
function falsyStore(): SingleUseStore {
  const last = new Map<string, number>();
  return {
    claim(id, step) {
      if (step <= (last.get(id) || -1)) return false;
      last.set(id, step);
      return true;
    },
  };
}

/** Answers what `answer` makes of the right answer. */
function answering(answer: (isGranted: boolean) => unknown): SingleUseStore {
  const inner = naiveStore();
  return { claim: (id, step) => answer(inner.claim(id, step)) as boolean };
}

/** Fails a claim while another is under way. */
function lonelyStore(): SingleUseStore {
  const inner = naiveStore();
  let isBusy = false;
  return {
    async claim(id, step) {
      if (isBusy) throw new Error('database is locked');
      isBusy = true;
      await Promise.resolve();
      isBusy = false;
      return inner.claim(id, step);
    },
  };
}

/** Inserts, and only after a pause sees that the id was there: one claim in a race is lost. */
function insertOnlyStore(): SingleUseStore {
  const last = new Map<string, number>();
  return {
    async claim(id, step) {
      const isNew = !last.has(id);
      if (isNew) last.set(id, -1);
      await Promise.resolve();
      if (step <= (last.get(id) ?? -1)) return false;
      last.set(id, step);
      // A step above one that was claimed while this waited is taken for a conflict.
      return isNew || step % 2 === 0;
    },
  };
}

/** Never grants a step twice, but while it is busy it looks for the last one in an old copy. */
function replicaStore(): SingleUseStore {
  const inner = naiveStore();
  const [last, copy] = [new Map<string, number>(), new Map<string, number>()];
  let underWay = 0;
  return {
    async claim(id, step) {
      underWay++;
      for (let ticks = 0; ticks <= step % 5; ticks++) await Promise.resolve();
      const isGranted = step > (copy.get(id) ?? -1) && inner.claim(JSON.stringify([id, step]), 0);
      if (isGranted) last.set(id, Math.max(step, last.get(id) ?? -1));
      if (--underWay === 0) for (const [id, step] of last) copy.set(id, step);
      return isGranted;
    },
  };
}

/** Grants without remembering what `isLost` picks. */
function losing(isLost: (id: string) => boolean): SingleUseStore {
  const inner = naiveStore();
  return { claim: (id, step) => isLost(id) || inner.claim(id, step) };
}

/** Keeps steps in a plain object, which has `__proto__` before anybody claims it. */
function objectStore(): SingleUseStore {
  const last: Record<string, number> = {};
  return {
    claim(id, step) {
      if (step <= (last[id] ?? -1)) return false;
      last[id] = step;
      return true;
    },
  };
}

/** Looks only for an own property, and so grants `__proto__` each time. */
function ownPropertyStore(): SingleUseStore {
  const last: Record<string, number> = {};
  return {
    claim(id, step) {
      if (Object.hasOwn(last, id) && step <= (last[id] ?? -1)) return false;
      last[id] = step;
      return true;
    },
  };
}

/** Forgets the id that was not claimed for the longest time when there are more than `maxIds`. */
function lruStore(maxIds: number): SingleUseStore {
  const last = new Map<string, number>();
  return {
    claim(id, step) {
      const before = last.get(id) ?? -1;
      last.delete(id);
      last.set(id, Math.max(step, before));
      if (last.size > maxIds) last.delete([...last.keys()][0] as string);
      return step > before;
    },
  };
}

/** Updates atomically, but leaves a gap between looking for an id and inserting it. */
function gapAtFirstStore(): SingleUseStore {
  const last = new Map<string, number>();
  return {
    async claim(id, step) {
      if (!last.has(id)) await Promise.resolve();
      else if (step <= (last.get(id) ?? -1)) return false;
      last.set(id, step);
      return true;
    },
  };
}

/** As {@link gapAtFirstStore}, once a race has made it open connections for all. */
function gapWhenWarmStore(): SingleUseStore {
  const [inner, gap] = [naiveStore(), gapAtFirstStore()];
  const cold = new Set<string>();
  let [underWay, met] = [0, 0];
  return {
    async claim(id, step) {
      underWay++;
      if (underWay > 1) met++;
      if (met < 64) cold.add(id);
      const isGranted = await (cold.has(id) ? inner : gap).claim(id, step);
      underWay--;
      return isGranted;
    },
  };
}

/** Remembers the step it refused, so that the next one above that is granted. */
function forgetfulOnRefusal(): SingleUseStore {
  const last = new Map<string, number>();
  return {
    claim(id, step) {
      const isGranted = step > (last.get(id) ?? -1);
      last.set(id, step);
      return isGranted;
    },
  };
}

/** Refuses what comes while it is busy, though it knows nothing of that id. */
function refusingWhenBusy(): SingleUseStore {
  const inner = naiveStore();
  let underWay = 0;
  return {
    async claim(id, step) {
      underWay++;
      await Promise.resolve();
      const isGranted = underWay < 3 && (await inner.claim(id, step));
      underWay--;
      return isGranted;
    },
  };
}

/** Grants what comes while it is busy, and does not write it down. */
function forgettingWhenBusy(): SingleUseStore {
  const inner = naiveStore();
  let underWay = 0;
  return {
    async claim(id, step) {
      underWay++;
      await Promise.resolve();
      const isGranted = underWay > 1 || (await inner.claim(id, step));
      underWay--;
      return isGranted;
    },
  };
}

/** Refuses step 47 at its first claim in a race, at once, while all that could explain it waits. */
function hastyStore(): SingleUseStore {
  const inner = naiveStore();
  const quick = new Set([31, 47]);
  return {
    async claim(id, step) {
      const isQuick = quick.delete(step);
      if (isQuick && step === 47) return false;
      if (!isQuick) await new Promise((resolve) => setTimeout(resolve, 2));
      return inner.claim(id, step);
    },
  };
}

const ORDER = 'A step is granted if it is above every earlier one of its id';
const LARGE = 'Steps keep every digit, up to 2^53 - 1';
const ODD = 'Ids with NUL or half a surrogate pair are kept apart, or refused by an error';
const LONGEST = 'Ids of 1029 characters are kept apart that differ in one, first to last';
const EQUAL = 'Of 64 claims of one step at once, one is granted';
const RISING = 'Steps claimed 64 at a time rise as they are granted, to the highest';
const MANY = 'Of 64 ids at once, each is granted its step, and no claim so far is forgotten';
const INHERITED = 'Ids that every object inherits are remembered as others are';
const apart = (what: string) => `Ids are kept apart that differ in ${what}`;
const CASE = apart('upper and lower case');
const SPACES = apart('spaces at either end');
const WIDTH = apart('width, or in the script of a letter');
const ESCAPE = apart('an escape');
const WORDS = apart('what separates words');
const MAIL = apart('how a mail address is written');
const NUMBER = apart('how a number is written');
const CUT = apart('what a sign cuts off, or in brackets');
const PREFIX = apart('the prefix of their kind');

/** Each with a test that has to catch it. */
const wrongStores: [what: string, store: SingleUseStore, caughtBy: string][] = [
  ['remembers a step that it refused', forgetfulOnRefusal(), ORDER],
  ['takes a last step of 0 for none', falsyStore(), 'Step 0 is granted once'],
  ['cannot tell step 0 from none', reading((step) => Math.max(step, 1)), 'Step 0 is granted once'],
  ['compares steps as texts', reading(String), 'Steps compare as numbers, not as texts'],
  ['keeps steps in 32 bits', reading((step) => step | 0), LARGE],
  ['keeps steps in 32 bits without a sign', reading((step) => step >>> 0), LARGE],
  ['cuts steps at 2^31 - 1', reading((step) => Math.min(step, 2 ** 31 - 1)), LARGE],
  ['keeps steps as floats', reading(Math.fround), LARGE],
  ['rounds the last digit', reading((step) => Number(step.toPrecision(15))), LARGE],
  ['answers 1 and 0', answering(Number), ORDER],
  ['answers texts', answering(String), ORDER],
  ['answers rows', answering((isGranted) => (isGranted ? [1] : [])), ORDER],
  ['answers nothing when it refuses', answering((isGranted) => isGranted || undefined), ORDER],
  ['folds case', folding((id) => id.toLowerCase()), CASE],
  ['folds case by halves', folding((id) => id.toUpperCase()), CASE],
  ['trims', folding((id) => id.trim()), SPACES],
  ['pads', folding((id) => id.replace(/ +$/, '')), SPACES],
  ['composes', folding((id) => id.normalize('NFC')), apart('accents, or how these are composed')],
  [
    'decomposes',
    folding((id) => id.normalize('NFKD')),
    apart('accents, or how these are composed'),
  ],
  [
    'drops accents',
    folding((id) => id.normalize('NFD').replace(/\p{M}/gu, '')),
    apart('accents, or how these are composed'),
  ],
  [
    'drops what is not seen',
    folding((id) => id.replace(/\p{Cf}/gu, '')),
    apart('what is not seen'),
  ],
  [
    'has three bytes for a character',
    folding((id) => id.replace(/[\u{10000}-\u{10ffff}]/gu, '?')),
    apart('emoji'),
  ],
  [
    'has four bytes of ? for an emoji',
    folding((id) => id.replace(/[\u{10000}-\u{10ffff}]/gu, '????')),
    apart('emoji'),
  ],
  ['takes emoji for one', folding((id) => id.replace(/\p{So}/gu, '\ufffd')), apart('emoji')],
  [
    'unescapes quotes',
    folding((id) => id.replace(/''/g, "'")),
    apart('what a query language reads'),
  ],
  [
    'unescapes backslashes',
    folding((id) => id.replace(/\\(.)/g, '$1')),
    apart('what a query language reads'),
  ],
  [
    'reads wildcards',
    folding((id) => id.replace(/[%_?]/g, '*')),
    apart('what a query language reads'),
  ],
  [
    'folds the case of Greek',
    folding((id) => id.replace(/\p{Script=Greek}/gu, (letter) => letter.toUpperCase())),
    CASE,
  ],
  ['takes one sigma for the other', folding((id) => id.replace(/\u03c2/g, '\u03c3')), CASE],
  [
    'folds the case of Cyrillic',
    folding((id) => id.replace(/\p{Script=Cyrillic}/gu, (letter) => letter.toLowerCase())),
    CASE,
  ],
  ['drops no-break spaces behind', folding((id) => id.replace(/\xa0+$/, '')), SPACES],
  ['has one space for all', folding((id) => id.replace(/[\xa0\u2003\u3000]/g, ' ')), SPACES],
  ['drops ideographic spaces', folding((id) => id.replace(/\u3000/g, '')), SPACES],
  ['drops carriage returns', folding((id) => id.replace(/\r/g, '')), SPACES],
  ['drops a carriage return behind', folding((id) => id.replace(/\r$/, '')), SPACES],
  ['has one line break for all', folding((id) => id.replace(/\r\n/g, '\n')), ESCAPE],
  ['narrows letters', folding((id) => id.normalize('NFKC')), WIDTH],
  [
    'narrows capitals alone',
    folding((id) => id.replace(/\uff21/g, 'A').replace(/\uff41/g, 'a')),
    WIDTH,
  ],
  ['takes letters that look alike for one', folding((id) => id.replace(/\u0430/g, 'a')), WIDTH],
  [
    'decodes URLs',
    folding((id) => id.replace(/%([2-7][\dA-F])/g, (_, hex) => String.fromCharCode(+`0x${hex}`))),
    ESCAPE,
  ],
  ['decodes a + of forms', folding((id) => id.replace(/\+/g, ' ')), ESCAPE],
  ['decodes HTML', folding((id) => id.replace(/&amp;/g, '&')), ESCAPE],
  ['makes file names', folding((id) => id.replace(/\//g, '_')), WORDS],
  ['makes slugs', folding((id) => id.replace(/[^\p{L}\p{N}]+/gu, '-')), WORDS],
  ['drops dots', folding((id) => id.replace(/\./g, '')), WORDS],
  ['drops dots of mail addresses', folding((id) => id.replace(/\.(?=.*@)/g, '')), MAIL],
  ['drops tags of mail addresses', folding((id) => id.replace(/\+[^@]*(?=@)/, '')), MAIL],
  ['drops tags', folding((id) => id.replace(/\+.*$/, '')), CUT],
  ...'@#/|;,:'
    .split('')
    .map((sign): [string, SingleUseStore, string] => [
      `cuts at ${sign}`,
      folding((id) => id.split(sign)[0] as string),
      CUT,
    ]),
  ['keeps what is behind a slash', folding((id) => id.split('/').at(-1) as string), CUT],
  ['reads braces as a cluster', folding((id) => /\{(.+?)\}/.exec(id)?.[1] ?? id), CUT],
  ['drops quotes', folding((id) => id.replace(/^"(.*)"$/, '$1')), CUT],
  ['drops zeros in front', folding((id) => id.replace(/^0+(?=\d+$)/, '')), NUMBER],
  ['drops a fraction of zero', folding((id) => id.replace(/^(\d+)\.0$/, '$1')), NUMBER],
  ['drops a plus', folding((id) => id.replace(/^\+(?=\d+$)/, '')), NUMBER],
  ['drops an exponent of zero', folding((id) => id.replace(/^(\d+)e0$/, '$1')), NUMBER],
  ['parses ids', folding((id) => (Number.isFinite(+id) ? `${+id}` : id)), NUMBER],
  [
    'keeps long numbers as floats',
    folding((id) => (/^\d{20}$/.test(id) ? `${Number(id)}` : id)),
    NUMBER,
  ],
  [
    'cuts long numbers at 2^63 - 1',
    folding((id) => (/^\d{20}$/.test(id) ? `${2n ** 63n - 1n}` : id)),
    NUMBER,
  ],
  ['drops the prefix of the kind', folding((id) => id.replace(/^hotp:/, '')), PREFIX],
  ['has one prefix of TOTP', folding((id) => id.replace(/^(?:totp:)+/, 'totp:')), PREFIX],
  ['cuts ids at 255 characters', folding((id) => id.slice(0, 255)), LONGEST],
  ['cuts ids at 1,024 characters', folding((id) => id.slice(0, 1024)), LONGEST],
  [
    'cuts ids at 3,000 bytes',
    folding((id) => Buffer.from(id).subarray(0, 3000).toString('hex')),
    LONGEST,
  ],
  [
    'drops the middle of long ids',
    folding((id) => (id.length > 510 ? id.slice(0, 255) + id.slice(-255) : id)),
    LONGEST,
  ],
  ['keeps the end of long ids', folding((id) => id.slice(-1028)), LONGEST],
  ['keeps a plain object', objectStore(), INHERITED],
  ['keeps own properties of a plain object', ownPropertyStore(), INHERITED],
  [
    'claims by a path',
    losing((id) => /(?:^|\.)(?:__proto__|constructor)(?:\.|$)/.test(id)),
    INHERITED,
  ],
  ['grants what it cannot keep', losing((id) => /[\0\p{Surrogate}]/u.test(id)), ODD],
  ['ends an id at NUL', folding((id) => id.replace(/\0.*$/, '')), ODD],
  ['writes ids as UTF-8', folding((id) => Buffer.from(id).toString('hex')), ODD],
  ['leaves a gap between reading and writing', gapStore(() => Promise.resolve()), EQUAL],
  ['leaves a gap as wide as a query', gapStore(() => new Promise((r) => setTimeout(r, 1))), RISING],
  ['leaves a gap before it inserts', gapAtFirstStore(), EQUAL],
  ['leaves a gap before it inserts, but for the first race', gapWhenWarmStore(), EQUAL],
  ['reads from a copy while it is busy', replicaStore(), RISING],
  ['loses claims in a race', insertOnlyStore(), RISING],
  ['has no room for two at once', lonelyStore(), MANY],
  ['refuses what comes while it is busy', refusingWhenBusy(), MANY],
  ['forgets what it grants while it is busy', forgettingWhenBusy(), MANY],
  ['forgets all but 40 ids', lruStore(40), MANY],
  ['forgets all but 64 ids', lruStore(64), MANY],
  ['forgets all but 200 ids', lruStore(200), MANY],
];

test.each(wrongStores)('Caught: a store that %s', async (_, store, caughtBy) => {
  const failed = await verdictOn(store);
  expect(Object.keys(failed)).toContain(caughtBy);
  for (const error of Object.values(failed)) expect(error).toBeInstanceOf(Error);
});

test.each(brokenStores)('Caught: a store that %s', async (_, create) => {
  expect(Object.keys(await verdictOn(create(3)))).not.toEqual([]);
});

test('Every test catches a store that no other test is there for', () => {
  const tests: string[] = [];
  testSingleUseStore(naiveStore(), (name) => tests.push(name));
  const catching = new Set(wrongStores.map(([, , caughtBy]) => caughtBy));
  expect([...catching].sort()).toEqual(tests.sort());
});

test('A store that fails has its error reach the runner', async () => {
  const lost = new Error('connection lost');
  const failed = await verdictOn({ claim: () => Promise.reject(lost) });
  // An error may well be the answer to an id that cannot be kept.
  const { [ODD]: _, ...others } = failed;
  expect(Object.keys(others)).toHaveLength(22);
  for (const error of Object.values(others)) expect(error).toBe(lost);
});

test('What fails says so in a sentence', async () => {
  const failed = await verdictOn(folding((id) => id.toLowerCase()));
  const { message } = failed[apart('upper and lower case')] ?? {};
  expect(message).toMatch(/^step 7 was refused for "[A-Z2-7aliceALICE]+"$/);
});

test.each([
  ['twice', gapStore(() => Promise.resolve()), /^step \d+ was granted \d+ times$/],
  ['too late', replicaStore(), /^step \d+ was granted after step \d+$/],
  ['not at all', insertOnlyStore(), /^step \d+ was refused before any as high was claimed$/],
])('A step that a race grants %s is named', async (_, store, sentence) => {
  const failed = await verdictOn(store);
  expect(failed[RISING]?.message).toMatch(sentence);
});

test('A refusal that is answered before anything explains it is caught, whatever is granted later', async () => {
  const tests = new Map<string, () => Promise<void>>();
  testSingleUseStore(hastyStore(), (name, run) => tests.set(name, run));
  await expect(tests.get(RISING)?.()).rejects.toThrow(
    'step 47 was refused before any as high was claimed',
  );
});

test('A claim that is granted or refused against the rules is named, the longest ids cut', async () => {
  const granting = await verdictOn({ claim: () => true });
  expect(granting[ORDER]?.message).toMatch(/^step 5 was granted for "[A-Z2-7]{26}"$/);
  expect(granting[ODD]?.message).toMatch(/^the second claim for "[A-Z2-7]{26}" was not refused$/);
  const cut = /^step 7 was granted for "b[A-Z2-7]{26}x{53}…"$/;
  expect(granting[LONGEST]?.message).toMatch(cut);
  const refusing = await verdictOn({ claim: () => false });
  expect(refusing[ORDER]?.message).toMatch(/^step 5 was refused for "[A-Z2-7]{26}"$/);
  expect(refusing[ODD]?.message).toMatch(/^the first claim for "[A-Z2-7]{26}" was not granted$/);
});

test('An answer that is neither true nor false is named by its kind', async () => {
  for (const [answer, kind] of [
    [1, 'a number'],
    ['true', 'a string'],
    [undefined, 'undefined'],
  ]) {
    const { [ODD]: _, ...failed } = await verdictOn({ claim: () => answer as never });
    const messages = Object.values(failed).map(({ message }) => message);
    const expected = `"store.claim()" must be true or false, got ${kind}`;
    expect(new Set(messages)).toEqual(new Set([expected]));
  }
});

test('A store that is right but while it is busy is caught by races alone', async () => {
  expect(Object.keys(await verdictOn(replicaStore()))).toEqual([RISING]);
});

test.each([
  [undefined, test],
  [null, test],
  [{}, test],
  [{ claim: true }, test],
  [naiveStore(), undefined],
  [naiveStore(), 'test'],
])('Of the store %o and the runner %o nothing is registered', (store, runner) => {
  expect(() => testSingleUseStore(store as never, runner as never)).toThrow(TypeError);
});

test.each([[null], [7], [[]], [{ prepareId: true }], [{ prepareId: 'insert' }]])(
  'Of the options %o nothing is registered',
  (options) => {
    const register = () => expect.unreachable();
    expect(() => testSingleUseStore(naiveStore(), register, options as never)).toThrow(TypeError);
  },
);

// The built package is not what a tool changes that tries the tests.
test.skipIf(process.env.MUTATION)(
  'It runs under node:test, which tells a right store from a wrong one',
  () => {
    const run = (claim: string) => {
      const script = `
      import { test } from 'node:test';
      import { testSingleUseStore } from 'otpcore/testing';
      const last = new Map();
      testSingleUseStore({ claim(id, step) { ${claim} } }, test);`;
      const cwd = fileURLToPath(new URL('../', import.meta.url));
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const args = ['--input-type=module', '--eval', script];
      return spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
    };
    const right = run(
      'if (step <= (last.get(id) ?? -1)) return false; last.set(id, step); return true;',
    );
    expect(right.stdout).toMatch(/pass 23\n/);
    expect(right.status).toBe(0);
    const wrong = run('return true;');
    expect(wrong.stdout).toMatch(/fail 2\d\n/);
    expect(wrong.status).not.toBe(0);
  },
);
