/** What the fuzzer begins with, and what it puts into texts and options. */
import { createHmac } from 'node:crypto';
import { base32Cases } from '../../vectors/base32-cases.js';
import { readableUris, refusedUris } from '../../vectors/otpauth-uris.js';
import { rfc4648 } from '../../vectors/rfc4648.js';
import type { Moment, Pair } from './fuzz-checks.js';
import type { Random } from './random.js';

/** What is worth putting anywhere into a text. */
const SPECIAL = [
  ...['', ' ', '-', '=', '======', '\0', '\n', '\t', '\u00a0', '\u0131', '\u017f', '\u212a'],
  ...['\ud83d', '\udd11', '\ufeff', '\u202e', 'ß', 'ﬁ', '０', '１', '٣', '𝟗', '__proto__'],
];

export const URI_BITS: readonly string[] = [
  ...SPECIAL,
  ...['%', '%3', '%3A', '%3a', '%25', '%2525', '%00', '%ff', '%c0%af', '%e2%80%ae', '%F0%9F%94%91'],
  ...['&', '?', '#', '/', '//', ':', ';', '+', '..', '/../', '@', 'otpauth://', 'OTPAUTH://'],
  ...['totp', 'hotp', 'TOTP', 'steam', '&&', '=&', '&=', 'SHA1', 'sha-256', 'HmacSHA512', 'MD5'],
  ...['6', '8', '9', '10', '06', '6.0', '-1', '1e3', '30', '86400', '86401', '9007199254740992'],
  ...['secret', 'issuer', 'algorithm', 'digits', 'period', 'counter', 'image', 'foo'].flatMap(
    (name) => [name, `&${name}=`, `&${name.toUpperCase()}=1`],
  ),
];
export const BASE32_BITS: readonly string[] = [
  ...SPECIAL,
  ...['A', 'a', 'Z', 'z', '2', '7', '0', '1', '8', '9', 'MZXW6YTB', 'mzxw6ytb', 'AAAAAAAA'],
  ...['77777777', '========', '- - - -', 'A'.repeat(64), '7'.repeat(129)],
];
export const CODE_BITS: readonly string[] = [...SPECIAL, ...'0123456789', '/', ':', '+', '.', 'e'];

export const URI_SEEDS: readonly string[] = [
  ...readableUris.map(({ uri }) => uri),
  ...refusedUris.map(({ uri }) => uri),
];
export const BASE32_SEEDS: readonly string[] = [
  ...base32Cases.map(({ input }) => input),
  ...rfc4648.flatMap(({ unpadded, padded }) => [unpadded, padded]),
  'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  'jbsw y3dp-ehpk 3pxp',
];

const ALGORITHMS = ['SHA1', 'SHA256', 'SHA512'] as const;

/** Keys and moments, with their codes by node:crypto. */
export function newMoments(pair: Pair, random: Random, count: number): Moment[] {
  return Array.from({ length: count }, () => {
    const secret = Uint8Array.from({ length: 1 + random.below(150) }, () => random.below(256));
    const algorithm = random.pick(ALGORITHMS);
    const digits = 6 + random.below(4);
    // Past 2^32 too, where a counter takes two words.
    const step = random.below(2 ** 32) * (1 + random.below(64)) + 3;
    const codes = Array.from({ length: 7 }, (_, i) => {
      const message = Buffer.alloc(8);
      message.writeBigUInt64BE(BigInt(step - 3 + i));
      const mac = createHmac(algorithm, secret).update(message).digest();
      const value = mac.readUInt32BE((mac.at(-1) as number) & 15) & 0x7fffffff;
      return String(value % 10 ** digits).padStart(digits, '0');
    });
    const keys = {
      simd: pair.simd.createKey(secret, { algorithm }),
      portable: pair.portable.createKey(secret, { algorithm }),
    };
    return { keys, timestamp: 30_000 * step + random.below(30_000), step, digits, codes };
  });
}

function refuse(): never {
  throw new Error('converted');
}

/** What is no text, and may bite. */
export const NO_TEXTS: readonly unknown[] = [
  ...[undefined, null, 287082, 287082n, Number.NaN, true, Symbol('287082'), refuse, ['287082']],
  ...[new String('287082'), { toString: refuse }, { length: 6, charCodeAt: () => 50 }],
  ...[Object.create(null), new Date(0), new Uint8Array(6)],
  new Proxy({}, { get: refuse }),
];

const OPTION_NAMES = [
  ...['timestamp', 'period', 'epoch', 'digits', 'window', 'drift', 'lastStep', 'counter'],
  ...['lookAhead', 'range', 'type', 'issuer', 'account', 'secret', 'algorithm', 'image'],
];
/**
 * None that is right for `range` and large: the calls would be right too, and take long. None that
 * throws by itself on being read: that error is whoever's object it is.
 */
const OPTION_VALUES: readonly unknown[] = [
  ...NO_TEXTS.slice(0, -1),
  ...[0, 1, 2, 6, 8, 9, 30, 59_000, -0, -1, 6.5, 1e9, 86_401, 2 ** 53, 2 ** 53 - 1, -(2 ** 52)],
  ...[
    Number.POSITIVE_INFINITY,
    '6',
    '',
    'totp',
    'hotp',
    'ACME',
    'a:b',
    'alice ',
    '\u202e',
    'SHA256',
  ],
  ...['GEZDGNBVGY3TQOJQ', 'x'.repeat(9000), '\ud800', { past: 1, future: 0 }, { past: Number.NaN }],
];

/** An object under some of the names of options, each with any value. */
export function newOptions(random: Random): object {
  const options: Record<string, unknown> = {
    ...{ issuer: 'ACME', account: 'alice', secret: 'GEZDGNBVGY3TQOJQ', counter: 0 },
  };
  for (let i = random.below(5); i >= 0; i--) {
    options[random.pick(OPTION_NAMES)] = random.pick(OPTION_VALUES);
  }
  return options;
}
