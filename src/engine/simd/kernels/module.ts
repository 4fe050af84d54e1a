/** Functions and data as one module. WebAssembly Core Specification 2.0, §5.5 "Modules". */
import {
  type Code,
  END,
  I32,
  integer,
  leb128,
  littleEndian,
  type Part,
  V128,
  type Writer,
  write,
} from './assembler.js';

/** The longest module, in bytes; the longest there is, SHA-512's, has 21,000. */
const CAPACITY = 1 << 15;

/**
 * Assembles a module with one page of memory.
 *
 * @param functions - in the order of their indices
 * @param exported - indices by name; the memory is exported as `memory`
 * @param address - where the memory holds `words` from the start, in bytes
 */
export function assemble(
  functions: readonly Code[],
  exported: Readonly<Record<string, number>>,
  address: number,
  words: readonly number[],
): Uint8Array {
  const module = { bytes: new Uint8Array(CAPACITY), length: 0 };
  const exports = Object.entries(exported).map(([name, index]) => [nameOf(name), 0, index]);
  // Of memory 0, its address as an expression (§5.5.14).
  const data = [0, integer(address), END, leb128(4 * words.length), littleEndian(words)];
  write(module, 0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  writeSection(module, 1, functions, (_, { type }) => write(module, type));
  writeSection(module, 3, [...functions.keys()], write);
  writeSection(module, 5, [[1, 1, 1]], write);
  writeSection(module, 7, [[nameOf('memory'), 2, 0], ...exports], write);
  writeSection(module, 10, functions, writeBody);
  writeSection(module, 11, [data], write);
  return module.bytes.subarray(0, module.length);
}

/** A section: its number, its length, how many entries, the entries. */
function writeSection<Entry>(
  module: Writer,
  number: number,
  entries: readonly Entry[],
  writeEntry: (module: Writer, entry: Entry) => void,
): void {
  write(module, number);
  writeSized(module, () => {
    write(module, entries.length);
    for (const entry of entries) writeEntry(module, entry);
  });
}

/** Writes what has its length before it, which is known only afterwards: three bytes of LEB128. */
function writeSized(module: Writer, writeContent: () => void): void {
  const start = module.length + 3;
  module.length = start;
  writeContent();
  const length = module.length - start;
  module.bytes.set([length | 0x80, (length >> 7) | 0x80, length >> 14], start - 3);
}

/** Its length, two declarations of locals, the code, the end mark. */
function writeBody(module: Writer, { vectors, bytes, length }: Code): void {
  writeSized(module, () => {
    write(module, 2, 1, I32, vectors, V128);
    module.bytes.set(bytes.subarray(0, length), module.length);
    module.length += length;
    write(module, END);
  });
}

function nameOf(name: string): Part {
  return [name.length, Array.from(name, (character) => character.charCodeAt(0))];
}
