// Secrets and moments that both libraries are run on: those of the RFCs, and random ones from a fixed
// seed. The codes to type come from node:crypto, so that neither library is its own judge.
import { createHmac } from 'node:crypto';
import { encodeBase32 } from '../../../dist/node/index.js';

const HASHES = { SHA1: 20, SHA256: 32, SHA512: 64 };
const RFC_SECONDS = [59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000];
const PERIODS = [15, 30, 60, 90];

/** Numbers from 0 up to `below`, always the same ones. */
export function seededNumbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    mixed ^= mixed >>> 16;
    return (mixed >>> 0) % below;
  };
}

/** The code of a counter, by node:crypto. */
export function codeOf({ secret, algorithm, digits }, counter) {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt.asUintN(64, BigInt(counter)));
  const mac = createHmac(algorithm, secret).update(message).digest();
  const value = mac.readUInt32BE(mac[mac.length - 1] & 15) & 0x7fffffff;
  return String(value % 10 ** digits).padStart(digits, '0');
}

function complete(one) {
  const { secret, timestamp, period } = one;
  const current = Math.floor(timestamp / 1000 / period);
  return { ...one, current, base32: encodeBase32(secret), text: secret.toString('latin1') };
}

function rfcCases() {
  return Object.entries(HASHES).flatMap(([algorithm, length]) =>
    RFC_SECONDS.map((seconds) => {
      const secret = Buffer.from('1234567890'.repeat(7).slice(0, length));
      // Below 2^31, where two of the libraries cut counters off.
      const counter = seconds % 2 ** 31;
      const timestamp = seconds * 1000;
      return complete({ secret, algorithm, digits: 8, period: 30, timestamp, counter });
    }),
  );
}

function randomCase(random) {
  const isPrintable = random(2) === 1;
  const secret = Buffer.alloc(16 + random(49));
  for (let i = 0; i < secret.length; i++) {
    secret[i] = isPrintable ? 0x20 + random(0x5f) : random(256);
  }
  return complete({
    secret,
    algorithm: Object.keys(HASHES)[random(3)],
    digits: 6 + random(3),
    period: PERIODS[random(PERIODS.length)],
    timestamp: 200_000_000_000 + random(2 ** 31) * 800 + random(900),
    counter: 100 + random(2 ** 31 - 1000),
  });
}

/** The cases of the RFCs, and `count` random ones; secrets of 16 to 64 bytes, text or not. */
export function cases({ seed = 1, count = 60 } = {}) {
  const random = seededNumbers(seed);
  return [...rfcCases(), ...Array.from({ length: count }, () => randomCase(random))];
}

/** As {@link cases}, for a library that knows SHA-1, six digits and 30 seconds only. */
export function plainCases(options) {
  return cases(options).map((one) =>
    complete({ ...one, algorithm: 'SHA1', digits: 6, period: 30 }),
  );
}

/** Codes of the steps, or counters, around each case's own, and one that is of none of them. */
export function attempts(among, reach = 3, centre = ({ current }) => current) {
  return among.flatMap((one) => {
    const around = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
    const right = around
      .filter((offset) => centre(one) + offset >= 0)
      .map((offset) => ({ ...one, offset, code: codeOf(one, centre(one) + offset) }));
    return [...right, { ...one, offset: undefined, code: '0'.repeat(one.digits) }];
  });
}
