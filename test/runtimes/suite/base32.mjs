// Base32: RFC 4648's table, the cases that strict and lenient readers tell apart, and round trips.
import { base32Cases } from '../../vectors/base32-cases.ts';
import { rfc4648 } from '../../vectors/rfc4648.ts';
import { equal, throws } from './assert.mjs';
import { fromHex, toHex } from './bytes.mjs';

export function base32({ library, check }) {
  const { createKey, decodeBase32, decodeBase32Lenient, encodeBase32, generateHotp, OtpError } =
    library;

  for (const { bytesHex, text, padded, unpadded } of rfc4648) {
    check(`RFC 4648 §10, "${text}"`, () => {
      equal(encodeBase32(fromHex(bytesHex)), unpadded);
      for (const spelling of [padded, unpadded]) {
        equal(toHex(decodeBase32(spelling)), bytesHex);
        equal(toHex(decodeBase32Lenient(spelling.toLowerCase())), bytesHex);
      }
    });
  }

  for (const [reader, name] of [
    [decodeBase32, 'strict'],
    [decodeBase32Lenient, 'lenient'],
  ]) {
    for (let start = 0; start < base32Cases.length; start += 5) {
      const rows = base32Cases.slice(start, start + 5);
      check(`${name}: ${rows.map(({ why }) => why).join('; ')}`, () => {
        for (const { input, why, ...row } of rows) {
          if (row[name] === null) throws(() => reader(input), { type: OtpError }, why);
          else equal(toHex(reader(input)), row[name], why);
        }
      });
    }
  }

  for (const [text, code, position] of [
    ['MZXW6YT1', 'invalid-character', 7],
    ['mZXW6YTB', 'invalid-character', 0],
    ['MZXW6YTB\u{1f511}', 'invalid-character', 8],
    ['MZX', 'invalid-length', 3],
    ['MZXW6Y', 'invalid-length', 6],
    ['MY=', 'invalid-padding', 2],
    ['MY=======', 'invalid-padding', 2],
    ['MZ', 'trailing-bits', 1],
    ['MZXW6YTBOJ', 'trailing-bits', 9],
  ]) {
    check(`strict: ${JSON.stringify(text)} is ${code} at ${position}`, () => {
      throws(() => decodeBase32(text), { type: OtpError, code, position });
    });
  }

  for (const [text, code, position] of [
    ['mzxw 6yt0', 'invalid-character', 8],
    ['mz-xw\u00b76y', 'invalid-character', 5],
    ['\u017fYSY', 'invalid-character', 0],
    ['MZ==MZ', 'invalid-padding', 4],
    ['my= =y', 'invalid-padding', 5],
  ]) {
    check(`lenient: ${JSON.stringify(text)} is ${code} at ${position}`, () => {
      throws(() => decodeBase32Lenient(text), { type: OtpError, code, position });
      throws(() => createKey(text), { type: OtpError, code, position });
    });
  }

  check('every byte value and every length up to 70 comes back', () => {
    for (let length = 0; length <= 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length * 29) & 255);
      const text = encodeBase32(bytes);
      equal(text.length, Math.ceil((length * 8) / 5));
      equal(toHex(decodeBase32(text)), toHex(bytes));
      equal(toHex(decodeBase32Lenient(`${text.toLowerCase()}===`)), toHex(bytes));
    }
  });

  check('a text is read as a key just as it is read as bytes', () => {
    const text = encodeBase32(Uint8Array.from({ length: 41 }, (_, i) => i * 6));
    for (let length = 2; length <= text.length; length++) {
      const part = text.slice(0, length);
      const code = generateHotp(createKey(decodeBase32Lenient(part)), 9);
      for (const spelling of [part, part.toLowerCase(), `${part.slice(0, 1)} -${part.slice(1)}=`]) {
        equal(generateHotp(createKey(spelling), 9), code, `${length} characters`);
      }
    }
  });

  check(
    'only the 32 letters and digits are symbols, of ASCII, Latin and a sample of all else',
    () => {
      let strict = '';
      let lenient = '';
      for (let unit = 0; unit < 0x10000; unit++) {
        const character = String.fromCharCode(unit);
        const isRead = (reader) => {
          try {
            return reader(`A${character}AAAAAA`).length === 5;
          } catch {
            return false;
          }
        };
        // Nearly all are refused, and an error is dear: of those outside ASCII one in 61 will do.
        if (unit > 0x17f && unit % 61 !== 0 && unit !== 0x212a) continue;
        if (isRead(decodeBase32)) strict += character;
        if (isRead(decodeBase32Lenient)) lenient += character;
      }
      equal(strict, '234567ABCDEFGHIJKLMNOPQRSTUVWXYZ');
      equal(lenient, '234567ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
    },
  );

  check('what was handed in is not written to', () => {
    const bytes = Uint8Array.from([1, 2, 3, 250]);
    encodeBase32(bytes);
    createKey(bytes);
    equal(Array.from(bytes), [1, 2, 3, 250]);
    const [first, second] = [decodeBase32('MZXW6'), decodeBase32('MZXW6')];
    first.fill(0);
    equal(toHex(second), '666f6f', 'what a second call gave');
  });
}
