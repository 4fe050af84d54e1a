/**
 * Secrets at rest: AES-256-GCM by WebCrypto. NIST SP 800-38D.
 *
 * The key's id, the user and the authenticator are authenticated with each secret, so a sealed text
 * opens in its own place alone. Left to the caller: keeping the keys outside the database.
 */
import { OtpError } from '../errors.js';
import { generateSecret } from '../secret.js';
import { openOptions, wrongKind } from './arguments.js';
import type { SealedFor, Sealer } from './contract.js';
import { decodeBase64Url, encodeBase64Url, encodeUtf8, requireSubtle } from './platform.js';

/** Options of {@link aesGcmSealer}. */
export interface AesGcmSealerOptions {
  /** The id of the key for new secrets. */
  readonly current: string;
  /**
   * Keys of 32 bytes by their ids, each of 1 to 32 letters, digits, `-` and `_`. A former key stays
   * as long as a record names it in `sealedWith`.
   */
  readonly keys: Readonly<Record<string, Uint8Array>>;
}

const KEY_BYTES = 32;
/** NIST SP 800-38D §8.2: 96 bits, drawn at random for each secret. */
const NONCE_BYTES = 12;
const KEY_ID = /^[\w-]{1,32}$/;

/**
 * Makes a sealer with keys of your own. A text reads `k1.`, the key's id, and then base64url of the
 * nonce, the ciphertext and the tag.
 *
 * To rotate: add a key, name it `current`, and run `reseal` for each user, or wait for their next
 * sign-in. A random nonce is safe for 2^32 secrets a key.
 *
 * @returns a sealer whose `open` rejects with an OtpError `secret-unreadable` if the key is unknown,
 *   or the text was changed or moved
 * @throws {TypeError} if an option is of the wrong kind, or the runtime has no WebCrypto
 * @throws {RangeError} if an id or a key has the wrong length, or `current` names none of the keys
 * @see {@link https://csrc.nist.gov/pubs/sp/800/38/d/final | NIST SP 800-38D}
 *
 * @example
 * ```ts
 * import { aesGcmSealer } from 'otpcore/second-factor';
 *
 * const k1 = new Uint8Array(32).fill(7); // 32 random bytes, from the environment
 * const sealer = aesGcmSealer({ current: 'k1', keys: { k1 } });
 * const about = { userId: 'user-1', authenticatorId: 'a' };
 * const sealed = await sealer.seal(new Uint8Array(20), about);
 * console.log(sealed.slice(0, 3), (await sealer.open(sealed, about)).length); // → k1. 20
 * ```
 */
export function aesGcmSealer(options: AesGcmSealerOptions): Sealer {
  const { current, keys } = openOptions('options', options, ['current', 'keys']);
  const subtle = requireSubtle();
  const held = readKeys(keys);
  if (typeof current !== 'string') wrongKind('current', 'a string', current);
  if (!held.has(current)) throw new RangeError('"current" must be the id of one of the keys');
  const imported = new Map<string, Promise<unknown>>();
  const keyOf = (id: string): Promise<unknown> => {
    let key = imported.get(id);
    if (key === undefined) {
      key = subtle.importKey('raw', held.get(id), 'AES-GCM', false, ['encrypt', 'decrypt']);
      imported.set(id, key);
    }
    return key;
  };
  return {
    isCurrent: (sealed) => sealed.startsWith(`${current}.`),
    async seal(secret, about) {
      const iv = generateSecret(NONCE_BYTES + 4).subarray(0, NONCE_BYTES);
      const cipher = { name: 'AES-GCM', iv, additionalData: associated(current, about) };
      const text = await subtle.encrypt(cipher, await keyOf(current), secret);
      return `${current}.${encodeBase64Url([...iv, ...new Uint8Array(text)])}`;
    },
    async open(sealed, about) {
      const dot = sealed.indexOf('.');
      const id = sealed.slice(0, dot);
      if (!held.has(id)) refuse('is sealed with a key that the sealer does not have');
      const bytes = decodeBase64Url(sealed.slice(dot + 1)) ?? refuse('is no base64url');
      const iv = bytes.subarray(0, NONCE_BYTES);
      const cipher = { name: 'AES-GCM', iv, additionalData: associated(id, about) };
      const key = await keyOf(id);
      try {
        return new Uint8Array(await subtle.decrypt(cipher, key, bytes.subarray(NONCE_BYTES)));
      } catch {
        return refuse('was changed, moved, or sealed with another key of the same id');
      }
    },
  };
}

/** Copies of the keys: the caller may wipe the originals. */
function readKeys(keys: AesGcmSealerOptions['keys']): ReadonlyMap<string, Uint8Array> {
  if (typeof keys !== 'object' || keys === null) wrongKind('keys', 'an object with keys', keys);
  const held = new Map<string, Uint8Array>();
  for (const [id, bytes] of Object.entries(keys)) {
    if (!KEY_ID.test(id)) {
      throw new RangeError('"keys" must have ids of 1 to 32 letters, digits, "-" and "_"');
    }
    if (!(bytes instanceof Uint8Array))
      wrongKind(
        `keys.${id}`,
        `a Uint8Array of ${KEY_BYTES} bytes, such as Buffer.from(text, 'base64')`,
        bytes,
      );
    const copy = new Uint8Array(bytes);
    if (copy.length !== KEY_BYTES) {
      const advice = copy.length === 0 ? ': is the variable of the key set?' : '';
      throw new RangeError(
        `"keys.${id}" must have ${KEY_BYTES} bytes, got ${copy.length}${advice}`,
      );
    }
    held.set(id, copy);
  }
  return held;
}

/** JSON spells every pair of ids differently. */
function associated(keyId: string, { userId, authenticatorId }: SealedFor): Uint8Array {
  return encodeUtf8(JSON.stringify(['otpcore-sealed-1', keyId, userId, authenticatorId]));
}

function refuse(what: string): never {
  throw new OtpError('secret-unreadable', 0, `the sealed secret ${what}`);
}
