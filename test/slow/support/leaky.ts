/**
 * What this library must not be: code whose time tells of what it works on. Each is a way in which
 * released libraries do it, and each must be found by the measurement that finds nothing here.
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const TABLE = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = ALPHABET.indexOf(String.fromCharCode(code));
  return value < 0 ? 255 : value;
});

/** Compares character by character up to the first that differs. */
export function equalUpToFirstDifference(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return false;
  }
  return true;
}

/** Finds each symbol by going through the alphabet. */
export function decodeBySearch(text: string): Uint8Array {
  return decodeBy(text, (code) => {
    let value = 0;
    while (value < 32 && ALPHABET.charCodeAt(value) !== code) value++;
    return value;
  });
}

/** The same by the platform's own search, which looks at many characters at once. */
export function decodeByIndexOf(text: string): Uint8Array {
  return decodeBy(text, (code) => ALPHABET.indexOf(String.fromCharCode(code)));
}

/** Looks each symbol up, at an address that is the secret's. */
export function decodeByTable(text: string): Uint8Array {
  return decodeBy(text, (code) => TABLE[code] as number);
}

/** Branches on what kind of symbol it is. */
export function decodeByBranches(text: string): Uint8Array {
  return decodeBy(text, (code) => {
    if (code >= 0x41 && code <= 0x5a) return code - 0x41;
    if (code >= 0x32 && code <= 0x37) return code - 0x32 + 26;
    return 32;
  });
}

function decodeBy(text: string, symbolValue: (code: number) => number): Uint8Array {
  const bytes = new Uint8Array((text.length * 5) >> 3);
  let buffer = 0;
  let bits = 0;
  let written = 0;
  for (let i = 0; i < text.length; i++) {
    const value = symbolValue(text.charCodeAt(i));
    if (value < 0 || value > 31) throw new Error('not base32');
    buffer = (buffer << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[written++] = buffer >>> bits;
    }
  }
  return bytes;
}
