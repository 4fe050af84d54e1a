/** HMAC of a counter under a prepared key: RFC 2104, and the RFCs' vectors whose message fits. */
import { describe, expect, test, vi } from 'vitest';
import type { Midstates } from '../../src/engine/engine.js';
import { type HashFunction, hashBytes } from '../../src/engine/hash.js';
import { hmacOfCounter, newWorkspace, prepareHmac } from '../../src/engine/hmac.js';
import { sha1 } from '../../src/engine/sha1.js';
import { sha256 } from '../../src/engine/sha256.js';
import { sha512 } from '../../src/engine/sha512.js';
import type { Algorithm } from '../../src/key/algorithm.js';
import { derivedHmac, rfcHmac } from '../vectors/hmac.js';
import published from '../vectors/hmac.json' with { type: 'json' };
import { rfc4226 } from '../vectors/rfc4226.js';
import { rfc6238 } from '../vectors/rfc6238.js';

const hashes: Readonly<Record<Algorithm, HashFunction>> = {
  SHA1: sha1,
  SHA256: sha256,
  SHA512: sha512,
};

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

function hexOf(words: Int32Array): string {
  return Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** A key prepared of all bytes of a secret. */
function prepare(hash: HashFunction, secret: Uint8Array): Midstates {
  return prepareHmac(hash, secret, secret.length);
}

/** The HMAC of eight bytes, in a workspace whose words before the padding and behind the blocks are used. */
function hmac(hash: HashFunction, secret: Uint8Array, messageHex: string): string {
  const work = newWorkspace(hash);
  work.inner.fill(-1, 0, 2).fill(-1, hash.blockWords);
  work.outer.fill(-1, 0, hash.stateWords).fill(-1, hash.blockWords);
  work.state.fill(-1);
  const high = Number.parseInt(messageHex.slice(0, 8), 16);
  const low = Number.parseInt(messageHex.slice(8), 16);
  hmacOfCounter(hash, prepare(hash, secret), high, low, work);
  return hexOf(work.state);
}

test.each(rfcHmac)('$source: $algorithm of "Hi There"', (vector) => {
  const hash = hashes[vector.algorithm];
  expect(hmac(hash, bytesOf(vector.keyHex), vector.messageHex)).toBe(vector.hmacHex);
});

const ofCounterLength = published.filter(({ messageHex }) => messageHex.length === 16);

test.each(ofCounterLength)('$id has a message as long as a counter, and this HMAC', (vector) => {
  const hash = hashes[vector.algorithm as Algorithm];
  expect(hmac(hash, bytesOf(vector.keyHex), vector.messageHex)).toBe(vector.hmacHex);
});

test.each(derivedHmac)('$algorithm under a key of $keyLength bytes', (vector) => {
  const unit = bytesOf(vector.keyUnitHex);
  const secret = Uint8Array.from(
    { length: vector.keyLength },
    (_, i) => unit[i % unit.length] as number,
  );
  expect(hmac(hashes[vector.algorithm], secret, vector.messageHex)).toBe(vector.hmacHex);
});

test.each(rfc4226.cases)('RFC 4226 Appendix D: HMAC of counter $counter', (vector) => {
  const messageHex = vector.counter.toString(16).padStart(16, '0');
  expect(hmac(sha1, bytesOf(rfc4226.secretHex), messageHex)).toBe(vector.hmacHex);
});

test.each(rfc6238.cases)('RFC 6238 Appendix B: HMAC of $algorithm at $timeSeconds s', (vector) => {
  const hash = hashes[vector.algorithm];
  expect(hmac(hash, bytesOf(vector.secretHex), vector.stepHex)).toBe(vector.hmacHex);
});

describe.each(Object.entries(hashes))('A key prepared for %s', (_, hash) => {
  const blockBytes = 4 * hash.blockWords;
  const longSecret = Uint8Array.from({ length: 2 * blockBytes }, (_, i) => i);

  test('is the hash state after key ^ ipad, then that after key ^ opad', () => {
    const word = 0x01020304;
    const afterBlock = (pad: number) => {
      const schedule = new Int32Array(hash.scheduleWords).fill(pad, 0, hash.blockWords);
      schedule[0] = word ^ pad;
      const state = Int32Array.from(hash.initialState);
      hash.compress(state, schedule);
      return state;
    };
    const expected = Array.of(...afterBlock(0x36363636), ...afterBlock(0x5c5c5c5c));
    expect(prepare(hash, Uint8Array.of(1, 2, 3, 4))).toEqual(expected);
  });

  test('is that of its hash if the secret is longer than a block, and not before', () => {
    const digestOf = (secret: Uint8Array) => {
      const words = hashBytes(hash, secret, secret.length, new Int32Array(hash.scheduleWords));
      return bytesOf(hexOf(words));
    };
    const longer = longSecret.subarray(0, blockBytes + 1);
    const whole = longSecret.subarray(0, blockBytes);
    expect(prepare(hash, longer)).toEqual(prepare(hash, digestOf(longer)));
    expect(prepare(hash, whole)).not.toEqual(prepare(hash, digestOf(whole)));
  });

  test('is the same with zeros behind the secret, up to a whole block', () => {
    const short = Uint8Array.of(7);
    const padded = Uint8Array.from({ length: blockBytes }, (_, i) => (i === 0 ? 7 : 0));
    expect(prepare(hash, padded)).toEqual(prepare(hash, short));
  });

  test('may be that of the beginning of longer bytes, a block or more of them too', () => {
    for (const length of [1, 3, 20, blockBytes - 1, blockBytes, blockBytes + 1]) {
      const expected = prepare(hash, longSecret.slice(0, length));
      expect(prepareHmac(hash, longSecret, length)).toEqual(expected);
      expect(prepareHmac(hash, longSecret.subarray(0, length + 1), length)).toEqual(expected);
    }
  });

  test('is a plain array of int32', () => {
    const midstates = prepare(hash, longSecret);
    expect(Array.isArray(midstates)).toBe(true);
    expect(midstates).toEqual([...Int32Array.from(midstates)]);
    expect(midstates).toHaveLength(2 * hash.stateWords);
  });

  test('leaves the secret as it is', () => {
    const secret = longSecret.slice();
    prepare(hash, secret);
    prepare(hash, secret.subarray(0, 20));
    expect(secret).toEqual(longSecret);
  });

  test('serves any number of counters and stays the same', () => {
    const midstates = prepare(hash, longSecret);
    const before = midstates.slice();
    const work = newWorkspace(hash);
    const states = [1, 2, 1].map((counter) => {
      hmacOfCounter(hash, midstates, 0, counter, work);
      return [...work.state];
    });
    expect(midstates).toEqual(before);
    expect(states[2]).toEqual(states[0]);
    expect(states[1]).not.toEqual(states[0]);
  });
});

describe.each(Object.entries(hashes))('What prepares a key, under %s,', (_, hash) => {
  test.each([
    ['a short secret', 20],
    ['a secret that is hashed first', 200],
  ])('leaves nothing of %s in its working space', (_, length) => {
    const made: Int32Array[] = [];
    const Original = Int32Array;
    class Recorded extends Original<ArrayBuffer> {
      constructor(...input: unknown[]) {
        super(...(input as [ArrayBuffer]));
        made.push(this);
      }
    }
    vi.stubGlobal('Int32Array', Recorded);
    const midstates = prepare(hash, new Uint8Array(length).fill(0xa5));
    vi.unstubAllGlobals();
    const held = made.filter((words) => words.some((word) => word !== 0));
    // Both states, which are the result, and nothing else.
    expect(made.length).toBeGreaterThan(3);
    expect(held.flatMap((words) => [...words])).toEqual(midstates);
  });
});
