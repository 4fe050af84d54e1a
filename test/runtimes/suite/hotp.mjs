// HOTP: RFC 4226's table, look-ahead, and counters up to the last whole number that is exact.
import { collisions } from '../../vectors/collisions.ts';
import { rfc4226 } from '../../vectors/rfc4226.ts';
import { equal } from './assert.mjs';
import { ALGORITHMS, fromHex, MAX_COUNTER, RFC_SECRET } from './bytes.mjs';

const MISMATCH = { valid: false, reason: 'mismatch' };

/** Computed with node:crypto: codes of nine digits where a counter's high half counts, and at its end. */
const LARGE_COUNTERS = [
  { counter: 2 ** 31, SHA1: '404197202', SHA256: '337431985', SHA512: '501176053' },
  { counter: 2 ** 32 - 1, SHA1: '257117190', SHA256: '915864850', SHA512: '725221314' },
  { counter: 2 ** 32, SHA1: '255999456', SHA256: '717111431', SHA512: '843669221' },
  { counter: 2 ** 32 + 1, SHA1: '839108930', SHA256: '831050204', SHA512: '587830108' },
  { counter: 2 ** 52, SHA1: '013033710', SHA256: '935141776', SHA512: '278179872' },
  { counter: MAX_COUNTER - 1, SHA1: '424897817', SHA256: '083895521', SHA512: '642839478' },
  { counter: MAX_COUNTER, SHA1: '841891307', SHA256: '489595254', SHA512: '868989062' },
];

export function hotp({ library, check }) {
  const { createKey, generateHotp, verifyHotp } = library;
  const key = createKey(fromHex(rfc4226.secretHex));

  for (const { counter, truncated, code } of rfc4226.cases) {
    check(`${rfc4226.source}, counter ${counter}`, () => {
      equal(generateHotp(key, counter), code);
      equal(verifyHotp(key, code, { counter }), {
        valid: true,
        counter,
        nextCounter: counter + 1,
      });
      for (const digits of [7, 8, 9]) {
        const expected = String(truncated).padStart(digits, '0').slice(-digits);
        equal(generateHotp(key, counter, { digits }), expected, `${digits} digits`);
      }
    });
  }

  for (const { counter, ...codes } of LARGE_COUNTERS) {
    check(`the counter ${counter}, under each hash`, () => {
      for (const algorithm of ALGORITHMS) {
        const large = createKey(RFC_SECRET, { algorithm });
        equal(generateHotp(large, counter, { digits: 9 }), codes[algorithm], algorithm);
        // The last counter has a code, and no counter after it.
        if (counter === MAX_COUNTER) continue;
        equal(
          verifyHotp(large, codes[algorithm], { counter, digits: 9 }),
          { valid: true, counter, nextCounter: counter + 1 },
          algorithm,
        );
      }
    });
  }

  check('look-ahead reaches as far as it says, and no further', () => {
    for (const lookAhead of [0, 1, 2, 3, 4, 5, 8]) {
      const last = generateHotp(key, 20 + lookAhead, { digits: 9 });
      const found = { valid: true, counter: 20 + lookAhead, nextCounter: 21 + lookAhead };
      equal(verifyHotp(key, last, { counter: 20, lookAhead, digits: 9 }), found);
      const beyond = generateHotp(key, 21 + lookAhead, { digits: 9 });
      equal(verifyHotp(key, beyond, { counter: 20, lookAhead, digits: 9 }), MISMATCH);
    }
  });

  check('a look-ahead of 100 finds its last counter', () => {
    const code = generateHotp(key, 1234 + 100, { digits: 9 });
    equal(verifyHotp(key, code, { counter: 1234, lookAhead: 100, digits: 9 }), {
      valid: true,
      counter: 1334,
      nextCounter: 1335,
    });
  });

  check('look-ahead ends at 2^53 - 1', () => {
    const code = generateHotp(key, MAX_COUNTER - 1, { digits: 9 });
    const options = { counter: MAX_COUNTER - 2, lookAhead: 100, digits: 9 };
    equal(verifyHotp(key, code, options).nextCounter, MAX_COUNTER);
    equal(verifyHotp(key, generateHotp(key, 0, { digits: 9 }), options), MISMATCH);
  });

  check('a counter gone by does not count', () => {
    for (const counter of [1, 5, 2 ** 40]) {
      equal(verifyHotp(key, generateHotp(key, counter - 1), { counter, lookAhead: 3 }), MISMATCH);
    }
  });

  for (const { lower, higher, code } of collisions) {
    check(`of the counters ${lower} and ${higher}, which share a code, the higher counts`, () => {
      equal(generateHotp(key, lower), code);
      equal(generateHotp(key, higher), code);
      equal(verifyHotp(key, code, { counter: lower, lookAhead: higher - lower }), {
        valid: true,
        counter: higher,
        nextCounter: higher + 1,
      });
    });
  }

  check('leading zeros are kept', () => {
    const padded = [];
    for (let counter = 0; counter < 300; counter++) {
      const code = generateHotp(key, counter);
      equal(code.length, 6);
      if (code.charAt(0) === '0') padded.push(counter);
    }
    equal(padded.length > 10, true, 'that a tenth of the codes begin with 0');
    for (const counter of padded)
      equal(verifyHotp(key, generateHotp(key, counter), { counter }).valid, true);
  });
}
