/**
 * The platform's part: WebCrypto, UTF-8 and base64, as Web standards have them. Only this file names
 * `globalThis`; `src` names no runtime's own types.
 */

/** The used part of WebCrypto. */
export interface Subtle {
  importKey(
    format: 'raw',
    bytes: unknown,
    algorithm: string,
    isExtractable: boolean,
    usages: readonly string[],
  ): Promise<unknown>;
  encrypt(cipher: object, key: unknown, bytes: Uint8Array): Promise<ArrayBuffer>;
  decrypt(cipher: object, key: unknown, bytes: Uint8Array): Promise<ArrayBuffer>;
}

interface Platform {
  readonly crypto?: { readonly subtle?: Subtle };
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly TextDecoder: new (
    label: string,
    options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
  ) => { decode(bytes: Uint8Array): string };
  btoa(binary: string): string;
  atob(text: string): string;
}

const platform = (): Platform => globalThis as unknown as Platform;

/** @throws {TypeError} if the runtime has no WebCrypto. */
export function requireSubtle(): Subtle {
  const subtle = platform().crypto?.subtle;
  if (typeof subtle?.encrypt !== 'function') {
    throw new TypeError(
      'aesGcmSealer needs WebCrypto (crypto.subtle), which this runtime lacks; pages have it over HTTPS',
    );
  }
  return subtle;
}

export function encodeUtf8(text: string): Uint8Array {
  return new (platform().TextEncoder)().encode(text);
}

/** @throws {TypeError} if the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new (platform().TextDecoder)('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

export function encodeBase64Url(bytes: readonly number[]): string {
  const text = platform().btoa(String.fromCharCode(...bytes));
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}

/** The bytes, or undefined if the text is no base64url. */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = platform().atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  const bytes = new Uint8Array(binary.length);
  // Measured: `Uint8Array.from` with a function takes seven times as long.
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
