/**
 * Recovery codes: for the day on which the phone is gone. NIST SP 800-63B-4 §3.1.2 (look-up
 * secrets).
 *
 * A code has 120 random bits, so a plain SHA-256 of it is as good as a slow hash. Left to the
 * caller: showing codes once, storing their hashes alone, and accepting each once.
 */
import { DASHES } from './arguments/dashes.js';
import { encodeBase32 } from './base32.js';
import { hashBytes } from './engine/hash.js';
import { sha256 } from './engine/sha256.js';
import { generateSecret } from './secret.js';

const CODE_BYTES = 15;
const SYMBOLS = 24;
/** Crockford's base32: without I, L, O and U, often misread. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RFC_4648 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const MAX_CODES = 100;
/** Far more than a code with any separators takes. */
const MAX_TYPED = 128;
const MAX_USER_ID = 1024;
/** White space, and invisible characters. Written out, because Hermes lacks \p{…}. */
const SEPARATORS = /[\s\u0085]|\u061c|\u180e|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u206f]/g;

/**
 * Makes recovery codes from the platform's cryptographic random source.
 *
 * @param count - how many, 1 to 100
 * @returns codes of 24 symbols in six groups, such as `7Q2D-M4XK-09GT-VB3N-5HRA-8WYE`
 * @throws {TypeError | RangeError} if `count` is not a whole number from 1 to 100, or the runtime has
 *   no `crypto.getRandomValues`
 * @see {@link https://pages.nist.gov/800-63-4/sp800-63b.html | NIST SP 800-63B-4 §3.1.2}
 *
 * @example
 * ```ts
 * import { generateRecoveryCodes } from 'otpcore/recovery-codes';
 *
 * const codes = generateRecoveryCodes();
 * console.log(codes.length, codes[0]?.length); // → 10 29
 * ```
 */
export function generateRecoveryCodes(count = 10): string[] {
  if (typeof count !== 'number') throw new TypeError('"count" must be a number');
  if (!Number.isSafeInteger(count) || count < 1 || count > MAX_CODES) {
    throw new RangeError(`"count" must be a whole number from 1 to ${MAX_CODES}`);
  }
  return Array.from({ length: count }, () => {
    // `generateSecret` makes at least 16 bytes.
    const text = encodeBase32(generateSecret(CODE_BYTES + 1).subarray(0, CODE_BYTES));
    const symbols = Array.from(text, (symbol) => CROCKFORD[RFC_4648.indexOf(symbol)]);
    return symbols.map((symbol, i) => (i > 0 && i % 4 === 0 ? `-${symbol}` : symbol)).join('');
  });
}

/**
 * Reads a recovery code as somebody typed it: either case, with white space and dashes of any kind,
 * O for 0, I and L for 1.
 *
 * @param typed - any value at all
 * @returns the one canonical text, 24 symbols without dashes; undefined if it is no recovery code
 *
 * @example
 * ```ts
 * import { readRecoveryCode } from 'otpcore/recovery-codes';
 *
 * console.log(readRecoveryCode('7q2d m4xk o9gt vb3n 5hra 8wye')); // → 7Q2DM4XK09GTVB3N5HRA8WYE
 * ```
 */
export function readRecoveryCode(typed: unknown): string | undefined {
  if (typeof typed !== 'string' || typed.length > MAX_TYPED) return undefined;
  const bare = typed.replace(SEPARATORS, '').replace(DASHES, '');
  // Letters outside ASCII are refused before they are raised: some have an ASCII capital.
  if (bare.length !== SYMBOLS || !/^[0-9A-Za-z]+$/.test(bare)) return undefined;
  const code = bare.toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1');
  return code.includes('U') ? undefined : code;
}

/**
 * The hash to store for a recovery code: SHA-256 of a JSON text of the user's id and the code, in
 * hex. The id is part of it: a hash copied to another user's row is useless.
 *
 * @param userId - 1 to 1,024 characters
 * @param code - a code as generated, or as `readRecoveryCode` gives it
 * @returns 64 hex digits
 * @throws {TypeError} if an argument is no string
 * @throws {RangeError} if `userId` is empty or too long, or `code` is no recovery code
 *
 * @example
 * ```ts
 * import { hashRecoveryCode } from 'otpcore/recovery-codes';
 *
 * const hash = hashRecoveryCode('user-1', '7Q2D-M4XK-09GT-VB3N-5HRA-8WYE');
 * console.log(hash.length); // → 64
 * ```
 */
export function hashRecoveryCode(userId: string, code: string): string {
  if (typeof userId !== 'string') throw new TypeError('"userId" must be a string');
  if (typeof code !== 'string') throw new TypeError('"code" must be a string');
  if (userId === '' || userId.length > MAX_USER_ID) {
    throw new RangeError(`"userId" must have 1 to ${MAX_USER_ID} characters`);
  }
  const canonical = readRecoveryCode(code);
  if (canonical === undefined) throw new RangeError('"code" must be a recovery code');
  // JSON spells every id differently, half surrogate pairs included.
  return hexOfSha256(JSON.stringify(['otpcore-recovery-1', userId, canonical]));
}

function hexOfSha256(text: string): string {
  const { TextEncoder: Encoder } = globalThis as unknown as { TextEncoder: Utf8Encoder };
  const bytes = new Encoder().encode(text);
  const words = hashBytes(sha256, bytes, bytes.length, new Int32Array(sha256.scheduleWords));
  return Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The used part of the Encoding standard. */
interface Utf8Encoder {
  new (): { encode(text: string): Uint8Array };
}
