// The hashes, seen through HMAC: the RFCs' and node:crypto's values, keys around every block size,
// and keys longer than a block, which are hashed first and so show the hash itself.
import { fips180 } from '../../vectors/fips180.ts';
import { derivedHmac, rfcHmac } from '../../vectors/hmac.ts';
import { equal } from './assert.mjs';
import { fromAscii, fromHex } from './bytes.mjs';

const BLOCK_BYTES = { SHA1: 64, SHA256: 64, SHA512: 128 };

export function digests({ library, check }) {
  const { createKey, generateHotp, verifyHotp, encodeBase32 } = library;

  /** HMAC's last step done here: RFC 4226 §5.3 on the expected digest. */
  function codeOf(hmacHex) {
    const hmac = fromHex(hmacHex);
    const at = hmac[hmac.length - 1] & 15;
    const word = [0, 1, 2, 3].reduce((sum, i) => sum * 256 + hmac[at + i], 0) % 2 ** 31;
    return String(word % 10 ** 9).padStart(9, '0');
  }

  const counterOf = (messageHex) => Number.parseInt(messageHex, 16);

  function checkKey(secret, algorithm, { messageHex, hmacHex }) {
    const counter = counterOf(messageHex);
    const code = codeOf(hmacHex);
    for (const form of [secret, encodeBase32(secret)]) {
      const key = createKey(form, { algorithm });
      equal(generateHotp(key, counter, { digits: 9 }), code);
      equal(verifyHotp(key, code, { counter, digits: 9 }).valid, true);
    }
  }

  for (const length of [...new Set(derivedHmac.map(({ keyLength }) => keyLength))]) {
    check(`HMAC under each hash with a key of ${length} bytes`, () => {
      for (const row of derivedHmac.filter(({ keyLength }) => keyLength === length)) {
        const unit = fromHex(row.keyUnitHex);
        const secret = Uint8Array.from({ length }, (_, i) => unit[i % unit.length]);
        checkKey(secret, row.algorithm, row);
      }
    });
  }

  for (const row of rfcHmac) {
    // 'Hi There' is a counter above 2^53, so the public functions cannot be asked; its key can, for
    // the key of all zeros behind it is another one.
    check(`the key of ${row.source} is not one that is shorter or longer`, () => {
      const code = (secret) =>
        generateHotp(createKey(secret, { algorithm: row.algorithm }), 1, { digits: 9 });
      const secret = fromHex(row.keyHex);
      const padded = new Uint8Array(BLOCK_BYTES[row.algorithm]);
      padded.set(secret);
      // RFC 2104 §2: zeros to the block's end are the padding itself, and one fewer is not.
      equal(code(padded), code(secret));
      equal(code(secret.slice(1)) === code(secret), false);
    });
  }

  for (const { source, algorithm, unit, repeat, digestHex } of fips180) {
    const length = unit.length * repeat;
    if (length <= BLOCK_BYTES[algorithm] || length > 100_000) continue;
    check(`a key of ${length} bytes counts as its ${algorithm} digest, ${source}`, () => {
      const long = createKey(fromAscii(unit.repeat(repeat)), { algorithm });
      const hashed = createKey(fromHex(digestHex), { algorithm });
      for (const counter of [0, 1, 2 ** 40]) {
        equal(
          generateHotp(long, counter, { digits: 9 }),
          generateHotp(hashed, counter, { digits: 9 }),
        );
      }
    });
  }
}
