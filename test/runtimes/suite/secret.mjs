// New secrets: random ones where the runtime has a cryptographic random source, and where it has
// none an error that says what is missing, never a secret that can be guessed.
import { equal, holds, throws } from './assert.mjs';
import { toHex } from './bytes.mjs';

export function secret({ library, check }) {
  const { createKey, generateHotp, generateSecret, verifyHotp } = library;

  check('the length is a whole number from 16 to 4,096', () => {
    for (const length of [15, 0, -1, 4097, 16.5, Number.NaN]) {
      throws(() => generateSecret(length), { type: RangeError, message: /"byteLength"/ });
    }
    for (const length of ['20', null, [20]])
      throws(() => generateSecret(length), { type: TypeError });
  });

  if (typeof globalThis.crypto?.getRandomValues !== 'function') {
    check('without a random source the error names what is missing', () => {
      const expected = { type: TypeError, message: /crypto\.getRandomValues.* lacks/ };
      for (const length of [undefined, 16, 20, 4096])
        throws(() => generateSecret(length), expected);
    });
    return;
  }

  check('a secret has the length asked for, 20 bytes if none is', () => {
    equal(generateSecret().length, 20);
    for (const length of [16, 20, 32, 64, 4096]) {
      const bytes = generateSecret(length);
      holds(bytes instanceof Uint8Array, 'that it is a Uint8Array');
      equal(bytes.length, length);
    }
  });

  check('no two of 500 secrets are the same', () => {
    const seen = new Set(Array.from({ length: 500 }, () => toHex(generateSecret(16))));
    equal(seen.size, 500);
  });

  check('all byte values come up, each about as often', () => {
    // Of 65,536 bytes each value is expected 256 times, give or take 16: 8 of these either way.
    const counts = new Array(256).fill(0);
    for (let i = 0; i < 16; i++) for (const byte of generateSecret(4096)) counts[byte]++;
    holds(Math.min(...counts) > 128, 'that none is rare');
    holds(Math.max(...counts) < 384, 'that none is frequent');
  });

  check('a new secret makes codes that verify', () => {
    const key = createKey(generateSecret());
    const code = generateHotp(key, 1, { digits: 9 });
    equal(verifyHotp(key, code, { counter: 1, digits: 9 }).valid, true);
  });
}
