/** Dynamic truncation against the byte-wise formula of RFC 4226 §5.3 and §5.4. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { truncate } from '../../src/engine/truncate.js';
import { rfc4226 } from '../vectors/rfc4226.js';
import { rfc6238 } from '../vectors/rfc6238.js';

function wordsOf(mac: Buffer): Int32Array {
  return Int32Array.from({ length: mac.length / 4 }, (_, i) => mac.readInt32BE(4 * i));
}

/** The Java of §5.4, which masks the first byte so that the sign bit never shows. */
function truncateBytes(mac: Uint8Array): number {
  const offset = (mac.at(-1) as number) & 0xf;
  const [b0, b1, b2, b3] = mac.subarray(offset) as unknown as [number, number, number, number];
  return ((b0 & 0x7f) << 24) | (b1 << 16) | (b2 << 8) | b3;
}

test('The example of RFC 4226 §5.4 gives 1357872921', () => {
  const mac = Buffer.from('1f8698690e02ca16618550ef7f19da8e945b555a', 'hex');
  expect(truncate(wordsOf(mac), 5)).toBe(1357872921);
  expect(truncateBytes(mac)).toBe(1357872921);
});

test.each(rfc4226.cases)(
  'RFC 4226 Appendix D truncates counter $counter to $truncated',
  (vector) => {
    expect(truncate(wordsOf(Buffer.from(vector.hmacHex, 'hex')), 5)).toBe(vector.truncated);
  },
);

test.each(rfc6238.cases)(
  'RFC 6238 $algorithm at $timeSeconds s truncates to $truncated',
  (vector) => {
    const words = wordsOf(Buffer.from(vector.hmacHex, 'hex'));
    expect(truncate(words, words.length)).toBe(vector.truncated);
  },
);

describe.each([5, 8, 16])('An HMAC of %i words', (words) => {
  const offsets = Array.from({ length: 16 }, (_, offset) => ({ offset }));
  const anyMac = fc.uint8Array({ minLength: 4 * words, maxLength: 4 * words });

  /** The bytes with their last four bits replaced. */
  function pointingAt(offset: number, bytes: Uint8Array): Buffer {
    const mac = Buffer.from(bytes);
    mac[mac.length - 1] = ((mac.at(-1) as number) & 0xf0) | offset;
    return mac;
  }

  test.each(offsets)(
    'is truncated at offset $offset as the RFC does byte by byte',
    ({ offset }) => {
      fc.assert(
        fc.property(anyMac, (bytes) => {
          const mac = pointingAt(offset, bytes);
          expect(truncate(wordsOf(mac), words)).toBe(truncateBytes(mac));
        }),
      );
    },
  );

  test.each(offsets)(
    'whose bits are all one gives 31 of them from offset $offset',
    ({ offset }) => {
      const mac = pointingAt(offset, Buffer.alloc(4 * words, 0xff));
      // Offset 15 ends at byte 18, one before the last of the shortest HMAC.
      expect(truncate(wordsOf(mac), words)).toBe(0x7fffffff);
    },
  );

  test('may be followed by other words, which do not count', () => {
    const mac = pointingAt(
      15,
      Uint8Array.from({ length: 4 * words }, (_, i) => i + 1),
    );
    const longer = Int32Array.of(...wordsOf(mac), -1, -1, -1);
    expect(truncate(longer, words)).toBe(truncateBytes(mac));
  });
});
