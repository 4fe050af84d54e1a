/** HMACs and codes against the platform's own HMAC, over keys of every length and all counters. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hmacOfCounter, newWorkspace, prepareHmac } from '../../src/engine/hmac.js';
import { sha1 } from '../../src/engine/sha1.js';
import { sha256 } from '../../src/engine/sha256.js';
import { sha512 } from '../../src/engine/sha512.js';
import { generateHotp } from '../../src/hotp.js';
import { createKey } from '../../src/key.js';

const LONGEST_DENSE = 200;
const LONGEST = 4096;

/** Near both ends, around 2^32, and anywhere between. */
const counter = fc.oneof(
  fc.maxSafeNat(),
  fc.integer({ min: 2 ** 32 - 3, max: 2 ** 32 + 3 }),
  fc.constantFrom(0, 1, 2 ** 31, 2 ** 53 - 1),
);
const digitsOption = fc.integer({ min: 6, max: 9 });

function bytesOfLength(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

function messageOf(counterValue: number): Buffer {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counterValue));
  return message;
}

/** RFC 4226 §5.3. */
function codeOf(mac: Buffer, digits: number): string {
  const truncated = mac.readUInt32BE((mac.at(-1) as number) & 15) & 0x7fffffff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

describe.each([
  { algorithm: 'SHA1', hash: sha1 },
  { algorithm: 'SHA256', hash: sha256 },
  { algorithm: 'SHA512', hash: sha512 },
] as const)('With $algorithm', ({ algorithm, hash }) => {
  const work = newWorkspace(hash);

  test(`the HMAC is that of createHmac for keys of 1 to ${LONGEST_DENSE} bytes`, () => {
    for (let length = 1; length <= LONGEST_DENSE; length++) {
      fc.assert(
        fc.property(bytesOfLength(length), counter, (secret, value) => {
          const message = messageOf(value);
          const midstates = prepareHmac(hash, secret, secret.length);
          const [high, low] = [message.readUInt32BE(0), message.readUInt32BE(4)];
          hmacOfCounter(hash, midstates, high, low, work);
          const words = Array.from(work.state, (word) =>
            (word >>> 0).toString(16).padStart(8, '0'),
          );
          const expected = createHmac(algorithm, secret).update(message).digest('hex');
          expect(words.join('')).toBe(expected);
        }),
        { numRuns: 10 },
      );
    }
  });

  test(`the code is that of createHmac for keys of 1 to ${LONGEST_DENSE} bytes`, () => {
    for (let length = 1; length <= LONGEST_DENSE; length++) {
      fc.assert(
        fc.property(bytesOfLength(length), counter, digitsOption, (secret, value, digits) => {
          const mac = createHmac(algorithm, secret).update(messageOf(value)).digest();
          const code = generateHotp(createKey(secret, { algorithm }), value, { digits });
          expect(code).toBe(codeOf(mac, digits));
        }),
        { numRuns: 10 },
      );
    }
  });

  test(`the code is that of createHmac for keys of every length up to ${LONGEST} bytes`, () => {
    const bytes = Uint8Array.from({ length: LONGEST }, (_, i) => (i * 151 + (i >> 8)) & 0xff);
    const wrong: number[] = [];
    for (let length = LONGEST_DENSE; length <= LONGEST; length++) {
      const secret = bytes.subarray(0, length);
      const mac = createHmac(algorithm, secret).update(messageOf(length)).digest();
      const code = generateHotp(createKey(secret, { algorithm }), length, { digits: 9 });
      if (code !== codeOf(mac, 9)) wrong.push(length);
    }
    expect(wrong).toEqual([]);
  });
});
