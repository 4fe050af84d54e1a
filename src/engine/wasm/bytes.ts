/** Bytes under construction, and numbers as WebAssembly's binary format has them (§5.2). */

/** Bytes in an array that is large enough; what goes beyond it is lost, and whoever made it asks. */
export interface Writer {
  readonly bytes: Uint8Array;
  length: number;
}

/** The longest module or function, in bytes; the longest module there is, SHA-512's, has 21,000. */
export const CAPACITY: number = 1 << 15;
/** Indices and the like below this take one byte. */
export const ONE_BYTE = 0x80;

export function newWriter(capacity: number): Writer {
  return { bytes: new Uint8Array(capacity), length: 0 };
}

export function writeByte(writer: Writer, byte: number): void {
  writer.bytes[writer.length++] = byte;
}

/** Unsigned LEB128 (§5.2.2). */
export function writeUnsigned(writer: Writer, value: number): void {
  let rest = value;
  while (rest >= ONE_BYTE) {
    writeByte(writer, (rest % ONE_BYTE) | ONE_BYTE);
    rest >>>= 7;
  }
  writeByte(writer, rest);
}

/** 32 bits, the lowest byte first. */
export function writeWord(writer: Writer, word: number): void {
  const { bytes, length } = writer;
  bytes[length] = word;
  bytes[length + 1] = word >>> 8;
  bytes[length + 2] = word >>> 16;
  bytes[length + 3] = word >>> 24;
  writer.length = length + 4;
}

export function writeContent(writer: Writer, part: Writer): void {
  writer.bytes.set(part.bytes.subarray(0, part.length), writer.length);
  writer.length += part.length;
}

export function writeWithLength(writer: Writer, part: Writer): void {
  writeUnsigned(writer, part.length);
  writeContent(writer, part);
}
