// Claims that wait together, over a `send` that the test answers by hand.
import { beforeEach, describe, expect, test } from 'vitest';
import { type Claim, claimTogether } from '../../src/single-use/claims-together.js';
import { naiveStore } from '../support/naive-store.js';

interface Sent {
  readonly claims: readonly Claim[];
  answer(...granted: string[]): void;
  fail(error: unknown): void;
}

let sent: Sent[];
let claim: (id: string, step: number) => Promise<boolean>;

beforeEach(() => {
  sent = [];
  claim = claimTogether(
    (claims) =>
      new Promise((resolve, reject) => {
        const answer = (...granted: string[]) => resolve(new Set(granted));
        sent.push({ claims: claims.map(({ id, step }) => ({ id, step })), answer, fail: reject });
      }),
  );
});

const idsOf = ({ claims }: Sent) => claims.map(({ id }) => id);
/** Lets all promises that can settle do so. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const nth = (index: number) => sent[index] as Sent;
const lost = new Error('connection terminated');

describe('Claims made at once', () => {
  test('are one batch, in ascending order of ids', async () => {
    const answers = Promise.all([claim('b', 7), claim('c', 5), claim('a', 9)]);
    await settle();
    expect(sent.map(({ claims }) => claims)).toEqual([
      [
        { id: 'a', step: 9 },
        { id: 'b', step: 7 },
        { id: 'c', step: 5 },
      ],
    ]);
    nth(0).answer('a', 'c');
    expect(await answers).toEqual([false, true, true]);
  });

  test('are at most 1,000 a batch and four batches, and the rest follows', async () => {
    const answers = Promise.all(Array.from({ length: 4500 }, (_, i) => claim(`${i}`, 7)));
    await settle();
    expect(sent.map(({ claims }) => claims.length)).toEqual([1000, 1000, 1000, 1000]);
    nth(2).answer();
    await settle();
    expect(nth(4).claims).toHaveLength(500);
    for (const one of sent) one.answer(...idsOf(one));
    expect((await answers).filter(Boolean)).toHaveLength(3500);
  });

  test('go alone where an id has more than 800 characters', async () => {
    const long = 'x'.repeat(801);
    void Promise.all(['a', 'b', long, 'x'.repeat(800), 'c'].map((id) => claim(id, 7)));
    await settle();
    expect(sent.map(idsOf)).toEqual([['a', 'b'], [long], ['c', 'x'.repeat(800)]]);
  });
});

describe('Two claims of one id', () => {
  test('are decided in order: the second is sent once the first is answered', async () => {
    const [first, second] = [claim('alice', 7), claim('alice', 8)];
    await settle();
    expect(sent.map(idsOf)).toEqual([['alice']]);
    nth(0).answer('alice');
    expect(await first).toBe(true);
    await settle();
    expect(nth(1).claims).toEqual([{ id: 'alice', step: 8 }]);
    nth(1).answer('alice');
    expect(await second).toBe(true);
  });

  test.each([true, false])(
    'need one answer if the second is not higher (granted: %s)',
    async (isGranted) => {
      const claims = [claim('alice', 7), claim('alice', 7), claim('alice', 6), claim('alice', 8)];
      await settle();
      nth(0).answer(...(isGranted ? ['alice'] : []));
      expect(await Promise.all(claims.slice(0, 3))).toEqual([isGranted, false, false]);
      await settle();
      expect(nth(1).claims).toEqual([{ id: 'alice', step: 8 }]);
    },
  );

  test('are each asked after the first one failed, since its outcome is unknown', async () => {
    const [first, second] = [claim('alice', 7), claim('alice', 7)];
    await settle();
    nth(0).fail(lost);
    await expect(first).rejects.toBe(lost);
    await settle();
    expect(nth(1).claims).toEqual([{ id: 'alice', step: 7 }]);
    nth(1).answer();
    expect(await second).toBe(false);
  });
});

test('A batch that fails rejects each of its claims, and a later claim is sent anew', async () => {
  const answers = Promise.allSettled([claim('a', 7), claim('b', 7)]);
  await settle();
  nth(0).fail(lost);
  expect(await answers).toEqual([
    { status: 'rejected', reason: lost },
    { status: 'rejected', reason: lost },
  ]);
  const again = claim('a', 7);
  await settle();
  nth(1).answer('a');
  expect(await again).toBe(true);
});

test('A batch that is not answered leaves room for others', async () => {
  void claim('slow', 7);
  await settle();
  const other = claim('other', 7);
  await settle();
  nth(1).answer('other');
  expect(await other).toBe(true);
});

test('A `send` that throws rejects the claim', async () => {
  const broken = claimTogether(() => {
    throw lost;
  });
  await expect(broken('alice', 7)).rejects.toBe(lost);
  await expect(broken('alice', 7)).rejects.toBe(lost);
});

test('Claims of few ids and random steps are decided as one after the other', async () => {
  const store = naiveStore();
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const together = claimTogether(async (claims) => {
    await new Promise((resolve) => setTimeout(resolve, random(3)));
    return new Set(claims.filter(({ id, step }) => store.claim(id, step)).map(({ id }) => id));
  });
  const expected = naiveStore();
  for (let round = 0; round < 20; round++) {
    const claims = Array.from({ length: 50 }, () => [`${random(6)}`, random(100)] as const);
    const answers = await Promise.all(claims.map(([id, step]) => together(id, step)));
    expect(answers).toEqual(claims.map(([id, step]) => expected.claim(id, step)));
  }
});
