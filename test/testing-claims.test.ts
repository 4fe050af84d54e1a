/**
 * What the suite for stores claims: which steps, and ids of which kinds. A store that is wrong in some
 * way is caught by a few of them (`testing.test.ts`); here, that all the others are there too.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { encodeBase32 } from '../src/base32.js';
import { testSingleUseStore } from '../src/testing.js';
import { naiveStore } from './support/naive-store.js';

interface Claim {
  readonly id: string;
  readonly step: number;
}

/** The claims of each test, by its name; what is new in each run is `<0>`, `<1>` and so on. */
async function claimsByTest(): Promise<Map<string, Claim[]>> {
  const inner = naiveStore();
  const claims: Claim[] = [];
  const store = {
    claim(id: string, step: number) {
      claims.push({ id: withoutRuns(id), step });
      return inner.claim(id, step);
    },
  };
  const tests: [name: string, run: () => Promise<void>][] = [];
  testSingleUseStore(store, (name, run) => tests.push([name, run]));
  const byTest = new Map<string, Claim[]>();
  for (const [name, run] of tests) {
    await run();
    byTest.set(name, claims.splice(0));
  }
  return byTest;
}

let runs: string[] = [];

function withoutRuns(id: string): string {
  return runs.reduce((text, run, i) => text.replace(run, `<${i}>`), id);
}

beforeEach(() => {
  vi.stubGlobal('crypto', {
    // Other bytes each time, but no random ones.
    getRandomValues(bytes: Uint8Array) {
      bytes.fill(runs.length + 1);
      runs.push(encodeBase32(bytes));
      return bytes;
    },
  });
  return () => {
    runs = [];
  };
});
afterEach(() => vi.unstubAllGlobals());

const apart = (what: string) => `Ids are kept apart that differ in ${what}`;

async function idsOf(name: string): Promise<string[]> {
  const claims = (await claimsByTest()).get(name) ?? [];
  return [...new Set(claims.map(({ id }) => id))];
}

test('Its steps are those where texts, 32 bits and doubles end', async () => {
  const claims = await claimsByTest();
  const stepsOf = (name: string) => claims.get(name)?.map(({ step }) => step);
  expect(stepsOf('A step is granted if it is above every earlier one of its id')).toEqual([
    5, 5, 4, 0, 6, 5, 6, 60, 7, 61,
  ]);
  expect(stepsOf('Step 0 is granted once')).toEqual([0, 0, 1, 0]);
  expect(stepsOf('Steps compare as numbers, not as texts')).toEqual([
    9, 10, 9, 99, 100, 11, 9_999_999, 59_000_000, 6_000_000,
  ]);
  expect(stepsOf('Steps keep every digit, up to 2^53 - 1')).toEqual([
    ...[2147483647, 2147483648, 2147483648, 4294967295, 4294967296, 4294967296],
    ...[9007199254740988, 9007199254740989, 9007199254740989],
    ...[9007199254740990, 9007199254740990, 9007199254740991, 9007199254740991],
    ...[9007199254740990, 0],
  ]);
});

describe('Its ids', () => {
  // How many different ones there are, and how many of them are the text of the run alone.
  test.each([
    ['upper and lower case', 32, 0],
    ['spaces at either end', 26, 0],
    ['accents, or how these are composed', 12, 0],
    ['width, or in the script of a letter', 12, 0],
    ['what is not seen', 10, 0],
    ['emoji', 16, 2],
    ['what a query language reads', 22, 0],
    ['an escape', 32, 0],
    ['what separates words', 22, 0],
    ['how a mail address is written', 12, 0],
    ['what a sign cuts off, or in brackets', 52, 1],
  ])('that differ in %s are %i, of which %i bare', async (what, count, bare) => {
    const ids = await idsOf(apart(what));
    expect(ids).toHaveLength(count);
    expect(ids.filter((id) => /^<\d+>$/.test(id))).toHaveLength(bare);
    expect(ids.join()).not.toContain('undefined');
  });

  test('that differ in how a number is written are one number for a careless reader', async () => {
    const few = '955555555555555';
    const many = '9666666666666666666';
    const ids = await idsOf(apart('how a number is written'));
    expect(ids).toEqual([
      ...[few, `0${few}`, `00${few}`, `+${few}`, `-${few}`, `${few}.`, `${few}.0`, `${few}e0`],
      ...[`${few}E0`, `${few}n`, '0x365129d73b8e3', '0X365129d73b8e3'],
      ...[`${many}1`, `${many}2`, `${many}3`],
    ]);
    expect(Number('0x365129d73b8e3')).toBe(Number(few));
    expect(BigInt(many)).toBeGreaterThan(2n ** 62n);
  });

  test('that differ in a sign have it before and behind what is new', async () => {
    const ids = await idsOf(apart('what a sign cuts off, or in brackets'));
    for (const sign of '@#/|;,:.+-_=&?!~ \\%$*') {
      expect(ids.map((id) => id.replace(/<\d+>/, ''))).toContain(`${sign}a`);
      expect(ids.map((id) => id.replace(/<\d+>/, ''))).toContain(`a${sign}`);
    }
  });

  test('that differ in the prefix of their kind have each kind of it', async () => {
    const ids = await idsOf(apart('the prefix of their kind'));
    const prefixes = ['', 'hotp:', 'totp:', 'totp:hotp:', 'totp:totp:', 'hotp:totp:', 'HOTP:'];
    expect(ids.map((id) => id.replace(/<\d+>$/, ''))).toEqual(prefixes);
  });

  test('that every object inherits are there bare and behind a dot', async () => {
    const ids = await idsOf('Ids that every object inherits are remembered as others are');
    const names = ['__proto__', 'constructor', 'toString'];
    expect(ids.map((id) => id.replace(/<\d+>/, ''))).toEqual([
      ...names.map((name) => `.${name}`),
      ...names,
    ]);
  });

  test('with NUL or half a surrogate pair end in each', async () => {
    const ids = await idsOf(
      'Ids with NUL or half a surrogate pair are kept apart, or refused by an error',
    );
    const ends = ['', '\0', '\0a', '\0b', '\ud83d', '\ud83e', '\udd11', '\ufffd'];
    expect(ids.map((id) => id.replace(/<\d+>/, ''))).toEqual(ends);
  });
});

test('The longest ids have 1,029 characters and differ at five places from first to last', async () => {
  const name = 'Ids of 1029 characters are kept apart that differ in one, first to last';
  const ids = (await idsOf(name)).map((id) => id.replace(/<\d+>/, 'R'.repeat(26)));
  expect(ids).toHaveLength(18);
  for (const filler of ['x', '\u{1f511}', '\u754c']) {
    const own = ids.splice(0, 6);
    const unmarked = own.pop() ?? '';
    expect(unmarked).toMatch(new RegExp(`^a[Rx]+(?:(?:${filler})+a){4}$`, 'u'));
    const places = own.map((id) =>
      [...id].findIndex((character, i) => [...unmarked][i] !== character),
    );
    const last = [...unmarked].length - 1;
    expect(own.map((id) => id.length)).toEqual([1029, 1029, 1029, 1029, 1029]);
    expect([places[0], places[4]]).toEqual([0, last]);
    own.forEach((id, i) => {
      const expected = [...unmarked].with(places[i] ?? 0, 'b').join('');
      expect(id).toBe(expected);
    });
    const gaps = places.slice(1).map((place, i) => place - (places[i] ?? 0));
    expect(new Set(gaps.slice(1)).size).toBe(1);
  }
});

test('In a race of laps each step is claimed twice a lap, in no order', async () => {
  const name = 'Steps claimed 64 at a time rise as they are granted, to the highest';
  const claims = (await claimsByTest()).get(name)?.map(({ step }) => step) ?? [];
  expect(claims).toHaveLength(256);
  for (let lap = 0; lap < 4; lap++) {
    const steps = claims.slice(64 * lap, 64 * lap + 64);
    const rising = Array.from({ length: 64 }, (_, i) => 16 * lap + Math.floor(i / 2));
    expect(steps).not.toEqual(rising);
    expect(steps.toSorted((one, other) => one - other)).toEqual(rising);
  }
});

test('In a race of one step all claim it, for new ids and for a known one', async () => {
  const claims =
    (await claimsByTest()).get('Of 64 claims of one step at once, one is granted') ?? [];
  const byRace = [0, 64, 128, 192].map((start) => claims.slice(start, start + 64));
  const [fresh, known, second, third] = byRace.map((race) => {
    expect(new Set(race.map(({ id, step }) => `${id} ${step}`)).size).toBe(1);
    return race[0];
  });
  expect(known?.id).toBe(fresh?.id);
  expect(new Set([fresh, second, third].map((claim) => claim?.id)).size).toBe(3);
  expect([fresh, known, second, third].map((claim) => claim?.step)).toEqual([0, 1, 0, 7]);
});
