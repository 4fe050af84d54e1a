// Bytes from hex and from ASCII: not every runtime has Buffer or TextEncoder.

/** The bytes that a hex text spells. */
export function fromHex(hex) {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** The bytes of an ASCII text. */
export function fromAscii(text) {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** A text as hex. */
export function toHex(bytes) {
  let hex = '';
  for (let i = 0; i < bytes.length; i++) hex += (bytes[i] + 256).toString(16).slice(1);
  return hex;
}

/** RFC 4226's key, which is RFC 6238's 20-byte key too. */
export const RFC_SECRET = fromAscii('12345678901234567890');
/** Its base32. */
export const RFC_SECRET_TEXT = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
export const ALGORITHMS = ['SHA1', 'SHA256', 'SHA512'];
export const MAX_COUNTER = Number.MAX_SAFE_INTEGER;
