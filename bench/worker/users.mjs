// The thousand users that every row turns over, so that no call repeats the one before it, and their
// codes by node:crypto, which is not what any row of otpcore computes with.
import { createHash, createHmac } from 'node:crypto';

/** The moment at which everything happens: 20 seconds into a step. */
export const TIMESTAMP = 1_700_000_000_000;
export const PERIOD_SECONDS = 30;
export const USER_COUNT = 1000;
/** Codes are known this many steps to either side: the widest window timed, and one more. */
export const SIDE_STEPS = 6;
/** As long as the hash, as in RFC 6238's appendix B: what RFC 4226 §4 recommends for SHA-1. */
const SECRET_BYTES = { SHA1: 20, SHA256: 32, SHA512: 64 };

/** RFC 6238, appendix B: eight digits, of which the last six are the six-digit code. */
const VECTOR_SECONDS = [59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000];
const VECTOR_CODES = {
  SHA1: ['94287082', '07081804', '14050471', '89005924', '69279037', '65353130'],
  SHA256: ['46119246', '68084774', '67062674', '91819424', '90698825', '77737706'],
  SHA512: ['90693936', '25091201', '99943326', '93441116', '38618901', '47863826'],
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 §6 without padding, by bits: slow and plain. */
function base32(bytes) {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => ALPHABET[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

/** RFC 4226 §5.3 with the platform's HMAC: six digits. */
export function codeAt(algorithm, secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(algorithm, secret).update(counter).digest();
  const offset = mac[mac.length - 1] & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A secret and what belongs to it, or undefined if two of its codes are the same. */
function makeUser(algorithm, seed) {
  const secret = new Uint8Array(SECRET_BYTES[algorithm]);
  secret.set(createHash('sha512').update(seed).digest().subarray(0, secret.length));
  const step = Math.floor(TIMESTAMP / 1000 / PERIOD_SECONDS);
  const codes = Array.from({ length: 2 * SIDE_STEPS + 1 }, (_, i) =>
    codeAt(algorithm, secret, step - SIDE_STEPS + i),
  );
  // Any other code would do; this one is as likely as all others and differs from user to user.
  const wrong = codeAt(algorithm, secret, step + 1000);
  if (new Set([...codes, wrong]).size <= codes.length) return undefined;
  const user = { secret, text: base32(secret), wrong, codes, right: codes[SIDE_STEPS] };
  return { ...user, issuer: 'ACME Co', account: `${seed}@example.com` };
}

/** The users of an algorithm: the same ones in every process and every run. */
export function makeUsers(algorithm) {
  const users = [];
  for (let i = 0; users.length < USER_COUNT; i++) {
    const user = makeUser(algorithm, `user${i}`);
    if (user !== undefined) users.push(user);
  }
  return users;
}

/** RFC 6238's user, and codes at moments: `{ user, vectors: [{ timestamp, step, code }] }`. */
export function rfcVectors(algorithm) {
  const secret = new Uint8Array(SECRET_BYTES[algorithm]);
  secret.forEach((_, i) => {
    secret[i] = 48 + ((i + 1) % 10);
  });
  const vectors = VECTOR_SECONDS.map((seconds, i) => ({
    timestamp: 1000 * seconds,
    step: Math.floor(seconds / PERIOD_SECONDS),
    code: VECTOR_CODES[algorithm][i].slice(-6),
  }));
  return { user: { secret, text: base32(secret) }, vectors };
}
